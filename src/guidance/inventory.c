#include "src/guidance/inventory.h"

#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/record/spf.h"
#include "src/base/lib.h"

struct taking {
  struct arena *arena;
  struct store *store;
  const struct inquiry *inquiry;
  struct inventory *out;
};

/* ---- joining what was seen ---- */

static bool has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; *at;) {
    size_t size = strcspn(at, " ");
    if (size == length && text_equal_n(at, word, size)) return true;
    at += size;
    while (*at == ' ') at++;
  }
  return false;
}

static const char *with_word(struct arena *arena, const char *list, const char *word) {
  if (!*word || has_word(list, word)) return list;
  return *list ? arena_printf(arena, "%s %s", list, word) : arena_strdup(arena, word);
}

static const char *with_seen(struct arena *arena, const char *seen, const char *what) {
  if (strstr(seen, what)) return seen;
  return *seen ? arena_printf(arena, "%s, %s", seen, what) : arena_strdup(arena, what);
}

static struct inventory_entry *entry_new(struct taking *t, enum inventory_state state, size_t index) {
  struct inventory *out = t->out;
  out->entries = arena_grow(t->arena, out->entries, out->count, sizeof *out->entries);
  struct inventory_entry *entry = &out->entries[out->count++];
  *entry = (struct inventory_entry){ .state = state, .index = index, .seen = "" };
  return entry;
}

/* The one of the list that this belongs to: the same service of the facts, the same name, or one that holds the term, selector or address. */
static struct inventory_entry *entry_of(struct taking *t, const struct casefile_service *what) {
  for (size_t i = 0; i < t->out->count; i++) {
    struct inventory_entry *entry = &t->out->entries[i];
    const struct casefile_service *one = &entry->service;
    if (!name_is_under(*one->domain ? one->domain : t->inquiry->domain, t->inquiry->domain)) continue;
    if ((*what->id && strcmp(one->id, what->id) == 0) || text_equal(one->name, what->name)) return entry;
    if ((*what->spf && has_word(one->spf, what->spf)) || (*what->selectors && has_word(one->selectors, what->selectors)) || (*what->addresses && has_word(one->addresses, what->addresses))) return entry;
  }
  return NULL;
}

static struct casefile_service proposal(const struct taking *t, const struct service_facts *facts, const char *name) {
  struct casefile_service service = { .id = "", .name = name, .kind = "", .domain = t->inquiry->domain, .addresses = "", .selectors = "", .spf = "", .contact = "", .changes = "", .seen = "", .sends = TRI_YES };
  if (!facts) return service;
  service.id = facts->id;
  service.name = facts->name;
  service.kind = service_kind_name(facts->kind);
  if (facts->kind == SERVICE_FILTERING) service.filters = TRI_YES;
  if (facts->kind == SERVICE_MAILBOXES) service.receives = TRI_YES;
  return service;
}

/* Adds a sighting to the list: to the entry that it belongs to, else as a proposal. What the case holds is not changed by it. */
static void sight(struct taking *t, const struct casefile_service *what, bool known, const char *seen) {
  struct inventory_entry *entry = entry_of(t, what);
  if (!entry) {
    entry = entry_new(t, INVENTORY_FOUND, SIZE_MAX);
    entry->service = *what;
    entry->known = known;
    t->out->found++;
  } else if (entry->state == INVENTORY_FOUND) {
    struct casefile_service *service = &entry->service;
    service->spf = with_word(t->arena, service->spf, what->spf);
    service->selectors = with_word(t->arena, service->selectors, what->selectors);
    service->addresses = with_word(t->arena, service->addresses, what->addresses);
    if (what->receives == TRI_YES) service->receives = TRI_YES;
    if (what->signs == TRI_YES) service->signs = TRI_YES;
  }
  entry->seen = with_seen(t->arena, entry->seen, seen);
  if (entry->state == INVENTORY_FOUND) entry->service.seen = entry->seen;
}

/* ---- where to look ---- */

static const char *addresses_of(struct taking *t, const char *host) {
  const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
  const char *list = "";
  for (size_t n = 0; n < MEM_COUNT(types); n++) {
    const struct dns_answer *answer = store_peek_dns(t->store, host, types[n]);
    for (size_t i = 0; answer && i < answer->count && i < 8; i++) {
      char text[IP_TEXT];
      ip_format(&answer->records[i].address, text);
      list = with_word(t->arena, list, text);
    }
  }
  return list;
}

static void look_at_mx(struct taking *t) {
  const struct dns_answer *mx = store_peek_dns(t->store, t->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    if (!*host) continue;
    const struct service_facts *facts = t->inquiry->facts ? facts_service_of_mx(t->inquiry->facts, host, t->inquiry->domain) : NULL;
    bool own = !facts && name_is_under(host, t->inquiry->domain);
    struct casefile_service service = proposal(t, facts, own ? _("Own mail servers") : text_safe_string(t->arena, suffix_registrable(host)));
    if (own) {
      service.kind = "relay";
      service.addresses = addresses_of(t, host);
    }
    service.receives = TRI_YES;
    if (facts && facts->inbound_only) service.sends = TRI_NO;
    sight(t, &service, facts != NULL, arena_printf(t->arena, "MX %s", text_safe_string(t->arena, host)));
  }
}

static const char *term_name(struct taking *t, const struct spf_term *term) {
  if (term->domain && *term->domain && !spf_has_macro(term->domain)) return text_safe_string(t->arena, suffix_registrable(name_lower(t->arena, term->domain)));
  struct text_argument argument = { "term", text_safe_string(t->arena, term->text) };
  return text_fill(t->arena, _("Unknown sender {term}"), &argument, 1);
}

static void look_at_term(struct taking *t, const struct spf_term *term) {
  if (term->fault || (term->kind != SPF_MECHANISM && term->kind != SPF_REDIRECT)) return;
  bool mechanism = term->kind == SPF_MECHANISM;
  if (mechanism && (term->mechanism == SPF_ALL || term->mechanism == SPF_MX || term->mechanism == SPF_PTR || term->qualifier != '+')) return;
  const char *text = term->qualifier_written ? term->text + 1 : term->text;
  const struct service_facts *facts = t->inquiry->facts ? facts_service_of_spf(t->inquiry->facts, text, t->inquiry->domain, NULL) : NULL;
  struct casefile_service service = proposal(t, facts, term_name(t, term));
  service.spf = text_safe_string(t->arena, text);
  if (mechanism && (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6) && strchr(text, ':')) service.addresses = text_safe_string(t->arena, strchr(text, ':') + 1);
  if (mechanism && term->mechanism == SPF_A && (!term->domain || name_is_under(term->domain, t->inquiry->domain))) {
    service.name = _("Own servers named in SPF");
    service.kind = "relay";
  }
  sight(t, &service, facts != NULL, service.spf);
}

static void look_at_spf(struct taking *t) {
  const struct dns_answer *txt = store_peek_dns(t->store, t->inquiry->domain, DNS_TYPE_TXT);
  for (size_t i = 0; txt && i < txt->count; i++) {
    const struct dns_rr *rr = &txt->records[i];
    if (!spf_is_record(rr->txt.bytes, rr->txt.length)) continue;
    const struct spf_record *record = spf_parse(t->arena, rr->txt.bytes, rr->txt.length);
    for (size_t n = 0; n < record->count; n++) look_at_term(t, &record->terms[n]);
    return;
  }
}

/* What a wildcard answers for every selector belongs to nobody. */
static bool same_answer(const struct dns_answer *a, const struct dns_answer *b) {
  return a->count && b && b->count && a->records[0].data_length == b->records[0].data_length && memcmp(a->records[0].data, b->records[0].data, a->records[0].data_length) == 0;
}

static const struct dns_answer *key_of(struct taking *t, const char *selector) {
  return store_peek_dns(t->store, name_join(t->arena, name_join(t->arena, selector, "_domainkey"), t->inquiry->domain), DNS_TYPE_TXT);
}

/* A selector without an alias may be anybody's: it is a service's only where that service shows elsewhere too. */
static bool is_listed(const struct taking *t, const char *id) {
  for (size_t i = 0; i < t->out->count; i++)
    if (strcmp(t->out->entries[i].service.id, id) == 0) return true;
  return false;
}

static void look_at_selector(struct taking *t, const char *selector, const struct dns_answer *wildcard) {
  const struct dns_answer *answer = key_of(t, selector);
  if (!answer || (!answer->count && !answer->links) || same_answer(answer, wildcard)) return;
  const char *target = answer->links ? answer->chain[0].target : NULL;
  const struct service_facts *facts = t->inquiry->facts ? facts_service_of_dkim(t->inquiry->facts, selector, target, t->inquiry->domain) : NULL;
  if (facts && !target && !is_listed(t, facts->id)) facts = NULL;
  struct text_argument argument = { "selector", text_safe_string(t->arena, selector) };
  const char *unknown = target ? text_safe_string(t->arena, suffix_registrable(target)) : text_fill(t->arena, _("Unknown signer with selector {selector}"), &argument, 1);
  struct casefile_service service = proposal(t, facts, unknown);
  service.selectors = argument.value;
  service.signs = answer->count ? TRI_YES : TRI_UNKNOWN;
  sight(t, &service, facts != NULL, arena_printf(t->arena, "DKIM %s", argument.value));
}

static void look_at_dkim(struct taking *t) {
  struct judgement judgement = { .store = t->store, .inquiry = t->inquiry, .arena = t->arena, .topic = TOPIC_DKIM };
  struct dkim_selector_list *selectors = ARENA_NEW(t->arena, struct dkim_selector_list);
  const struct dns_answer *wildcard = key_of(t, unused_label(t->arena, t->inquiry->domain));
  dkim_selectors_find(&judgement, selectors);
  for (size_t i = 0; i < selectors->count; i++) look_at_selector(t, selectors->all[i].name, wildcard);
}

/* ---- the list ---- */

static void take_case(struct taking *t, const struct casefile *casefile) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    struct inventory_entry *entry = entry_new(t, service.state == CASEFILE_NOT_OURS ? INVENTORY_NOT_OURS : INVENTORY_CONFIRMED, i);
    entry->service = service;
    entry->known = *service.id != '\0';
  }
}

struct inventory *inventory_make(struct arena *arena, struct store *store, const struct casefile *casefile, const struct inquiry *inquiry) {
  struct taking t = { .arena = arena, .store = store, .inquiry = inquiry, .out = ARENA_NEW(arena, struct inventory) };
  take_case(&t, casefile);
  if (store) {
    look_at_mx(&t);
    look_at_spf(&t);
    look_at_dkim(&t);
  }
  return t.out;
}
