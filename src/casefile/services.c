#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* The list of services that send or receive email for the organisation, as the administrator confirmed it. */

static const struct { const char *name, *title; } kinds[] = {
  { "mailboxes", N_("Mailboxes") }, { "relay", N_("Own relay or gateway") }, { "filtering", N_("Filtering service") }, { "own", N_("Own application or script") },
  { "cloud", N_("Cloud application") }, { "delivery", N_("Bulk or transactional sender") }, { "business", N_("Line-of-business application") },
};

const char *casefile_kind_title(const char *kind) {
  for (size_t i = 0; i < MEM_COUNT(kinds); i++)
    if (strcmp(kinds[i].name, kind) == 0) return _(kinds[i].title);
  return _("Not known");
}

const char *casefile_kind_at(size_t index) { return index < MEM_COUNT(kinds) ? kinds[index].name : NULL; }

const char *casefile_tri_word(enum tri tri) { return tri == TRI_YES ? "yes" : tri == TRI_NO ? "no" : "unknown"; }

enum tri casefile_tri(const char *answer) {
  if (!answer || !*answer || strcmp(answer, "unknown") == 0) return TRI_UNKNOWN;
  return strcmp(answer, "yes") == 0 ? TRI_YES : TRI_NO;
}

static enum tri tri_member(const json_t *one, const char *key) { return casefile_tri(json_text(one, key, NULL)); }

size_t casefile_service_count(const struct casefile *casefile) { return json_array_size(casefile_member(casefile, "services", true)); }

bool casefile_service_answered(const struct casefile *casefile, size_t index, const char *key) {
  return json_is_string(json_object_get(json_array_get(casefile_member(casefile, "services", true), index), key));
}

struct casefile_service casefile_service_at(const struct casefile *casefile, size_t index) {
  const json_t *one = json_array_get(casefile_member(casefile, "services", true), index);
  const char *kind = json_text(one, "kind", "");
  bool boxes = strcmp(kind, "mailboxes") == 0, filter = strcmp(kind, "filtering") == 0;
  struct casefile_service service = {
    .id = json_text(one, "id", ""), .name = json_text(one, "name", ""), .kind = kind, .domain = json_text(one, "domain", ""), .addresses = json_text(one, "addresses", ""),
    .selectors = json_text(one, "selectors", ""), .spf = json_text(one, "spf", ""), .contact = json_text(one, "contact", ""), .changes = json_text(one, "changes", ""), .seen = json_text(one, "seen", ""),
    .sends = tri_member(one, "sends"), .receives = tri_member(one, "receives"), .filters = tri_member(one, "filters"), .footers = tri_member(one, "footers"), .signs = tri_member(one, "signs"),
    .can_sign = tri_member(one, "can-sign"), .tls12 = tri_member(one, "tls12"), .inbound_dmarc = tri_member(one, "inbound-dmarc"),
    .state = strcmp(json_text(one, "state", "confirmed"), "not-ours") == 0 ? CASEFILE_NOT_OURS : CASEFILE_CONFIRMED,
  };
  if (service.sends == TRI_UNKNOWN) service.sends = TRI_YES;
  if (service.receives == TRI_UNKNOWN) service.receives = boxes || filter ? TRI_YES : TRI_NO;
  if (service.filters == TRI_UNKNOWN) service.filters = filter ? TRI_YES : TRI_NO;
  return service;
}

static void put_text(json_t *object, const char *key, const char *value) {
  if (value && *value) json_object_set_new(object, key, json_string(value));
  else json_object_del(object, key);
}

static json_t *service_json(const struct casefile_service *service, const json_t *before) {
  json_t *one = json_is_object(before) ? json_deep_copy(before) : json_object();
  const struct { const char *key, *value; } texts[] = {
    { "id", service->id }, { "name", service->name }, { "kind", service->kind }, { "domain", service->domain }, { "addresses", service->addresses }, { "selectors", service->selectors },
    { "spf", service->spf }, { "contact", service->contact }, { "changes", service->changes }, { "seen", service->seen },
  };
  const struct { const char *key; enum tri value; } tris[] = {
    { "sends", service->sends }, { "receives", service->receives }, { "filters", service->filters }, { "footers", service->footers }, { "signs", service->signs },
    { "can-sign", service->can_sign }, { "tls12", service->tls12 }, { "inbound-dmarc", service->inbound_dmarc },
  };
  for (size_t i = 0; i < MEM_COUNT(texts); i++) put_text(one, texts[i].key, texts[i].value);
  for (size_t i = 0; i < MEM_COUNT(tris); i++)
    if (tris[i].value != TRI_UNKNOWN) json_object_set_new(one, tris[i].key, json_string(casefile_tri_word(tris[i].value)));
  json_object_set_new(one, "state", json_string(service->state == CASEFILE_NOT_OURS ? "not-ours" : "confirmed"));
  return one;
}

bool casefile_put_service(struct casefile *casefile, size_t index, const struct casefile_service *service, struct fault *fault) {
  casefile_note_undo(casefile, "services", NULL, NULL);
  json_t *all = casefile_member(casefile, "services", true), *before = json_array_get(all, index), *one = service_json(service, before);
  if (before) json_array_set_new(all, index, one);
  else json_array_append_new(all, one);
  return casefile_save(casefile, fault);
}

bool casefile_set_service_answer(struct casefile *casefile, size_t index, const char *key, const char *value, struct fault *fault) {
  casefile_note_undo(casefile, "services", NULL, NULL);
  json_t *one = json_array_get(casefile_member(casefile, "services", true), index);
  if (!one) return false;
  if (value) json_object_set_new(one, key, json_string(value));
  else json_object_del(one, key);
  return casefile_save(casefile, fault);
}

bool casefile_remove_service(struct casefile *casefile, size_t index, struct fault *fault) {
  casefile_note_undo(casefile, "services", NULL, NULL);
  json_array_remove(casefile_member(casefile, "services", true), index);
  return casefile_save(casefile, fault);
}
