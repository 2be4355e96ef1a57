#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

static enum profile profile_of(const struct casefile *casefile, const char *domain) {
  enum tri sends = casefile_tri(casefile_answer(casefile, domain, "sends")), receives = casefile_tri(casefile_answer(casefile, domain, "receives"));
  if (sends == TRI_UNKNOWN || receives == TRI_UNKNOWN) return PROFILE_INFERRED;
  if (sends == TRI_YES) return receives == TRI_YES ? PROFILE_MAIL : PROFILE_SEND_ONLY;
  return receives == TRI_YES ? PROFILE_RECEIVE_ONLY : PROFILE_PARKED;
}

/* Words of a list as it was typed: parted by spaces, commas or lines. */
static size_t split(struct arena *arena, const char *text, const char ***out) {
  size_t count = 0;
  *out = NULL;
  while (text && *text) {
    size_t length = strcspn(text, " ,;\n\t");
    if (length) {
      *out = arena_grow(arena, *out, count, sizeof(const char *));
      (*out)[count++] = arena_strndup(arena, text, length);
    }
    text += length;
    text += strspn(text, " ,;\n\t");
  }
  return count;
}

/* Is this the tag s of a DKIM-Signature, and not the end of another word or of base64? */
static bool begins_tag(const char *text, const char *at) { return at == text || is_space(at[-1]) || at[-1] == ';'; }

/* Selectors as they were typed: names, or whole DKIM-Signature headers, whose s= they are. "none" says that there are none. */
static size_t split_selectors(struct arena *arena, const char *text, const char ***out) {
  const char **words;
  size_t count = 0, kept = 0;
  *out = NULL;
  for (const char *at = text ? strstr(text, "s=") : NULL; at; at = strstr(at + 2, "s=")) {
    size_t length = begins_tag(text, at) ? strcspn(at + 2, " ,;\n\t") : 0;
    if (!length) continue;
    *out = arena_grow(arena, *out, count, sizeof(const char *));
    (*out)[count++] = name_lower(arena, arena_strndup(arena, at + 2, length));
  }
  if (count) return count;
  size_t word_count = split(arena, text, &words);
  for (size_t i = 0; i < word_count; i++)
    if (!text_equal(words[i], "none")) words[kept++] = name_lower(arena, words[i]);
  *out = words;
  return kept;
}

static void add_addresses(struct arena *arena, const char *typed, const struct ip **out, size_t *count) {
  const char **words;
  size_t words_count = split(arena, typed, &words);
  struct ip *list = ARENA_ARRAY(arena, struct ip, *count + words_count + 1);
  if (*count) memcpy(list, *out, *count * sizeof *list);
  for (size_t i = 0; i < words_count; i++)
    if (ip_parse(words[i], &list[*count])) ++*count;
  *out = list;
}

static struct inquiry_service service_of(struct arena *arena, const struct casefile_service *from, const char *domain) {
  struct inquiry_service service = { .id = arena_strdup(arena, from->id), .name = arena_strdup(arena, from->name), .domain = arena_strdup(arena, *from->domain ? from->domain : domain),
                                     .sends = from->sends == TRI_YES, .receives = from->receives == TRI_YES, .filters = from->filters == TRI_YES, .footers = from->footers == TRI_YES,
                                     .signs = from->signs, .can_sign = from->can_sign, .tls12 = from->tls12 };
  service.selector_count = split_selectors(arena, from->selectors, (const char ***)(void *)&service.selectors);
  add_addresses(arena, from->addresses, &service.addresses, &service.address_count);
  return service;
}

static void add_services(struct arena *arena, const struct casefile *casefile, const char *domain, struct inquiry *inquiry) {
  size_t count = casefile_service_count(casefile);
  struct inquiry_service *list = ARENA_ARRAY(arena, struct inquiry_service, count + 1);
  for (size_t i = 0; i < count; i++) {
    struct casefile_service one = casefile_service_at(casefile, i);
    if (one.state != CASEFILE_CONFIRMED || !name_is_under(*one.domain ? one.domain : domain, domain)) continue;
    if (one.footers == TRI_UNKNOWN && one.filters == TRI_YES) one.footers = casefile_tri(casefile_answer(casefile, domain, "footers"));
    list[inquiry->service_count++] = service_of(arena, &one, domain);
    bool as_domain = !*one.domain || name_equal(one.domain, domain); /* what sends as a name below is no sender of the domain itself */
    if (one.sends == TRI_YES && as_domain) add_addresses(arena, one.addresses, &inquiry->sending, &inquiry->sending_count);
  }
  inquiry->services = list;
}

static bool listed(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

/* Names below the domain: those that were typed, those that services send as, and digital services. */
static void add_subdomains(struct arena *arena, const struct casefile *casefile, const char *domain, struct inquiry *inquiry) {
  const char **typed;
  size_t count = split(arena, casefile_answer(casefile, domain, "subdomains"), &typed), all = count + inquiry->service_count + inquiry->digital_service_count, kept = 0;
  const char **names = ARENA_ARRAY(arena, const char *, all + 1);
  for (size_t i = 0; i < all; i++) {
    const char *name = i < count ? typed[i] : i < count + inquiry->service_count ? inquiry->services[i - count].domain : inquiry->digital_services[i - count - inquiry->service_count];
    if (name_is_below(name, domain) && !listed(names, kept, name)) names[kept++] = name;
  }
  inquiry->subdomains = names;
  inquiry->subdomain_count = kept;
}

static void add_old_domains(struct arena *arena, const struct casefile *casefile, const char *domain, struct inquiry *inquiry) {
  const char *const *names;
  size_t count = casefile_old_domains(arena, casefile, domain, &names);
  struct inquiry_old_domain *list = ARENA_ARRAY(arena, struct inquiry_old_domain, count + 1);
  for (size_t i = 0; i < count; i++) list[i] = casefile_old_domain(casefile, names[i]);
  inquiry->old_domains = list;
  inquiry->old_domain_count = count;
  inquiry->replacement = casefile_replacement(arena, casefile, domain);
  inquiry->old_itself = casefile_old_domain(casefile, domain);
}

/* Partners that were given are those that the lists of the mail system are made for. */
static void add_partners(struct arena *arena, const struct casefile *casefile, struct inquiry *inquiry) {
  const json_t *all = casefile_partners(casefile);
  const char **names = ARENA_ARRAY(arena, const char *, json_array_size(all) + 1);
  for (size_t i = 0; i < json_array_size(all); i++) names[i] = name_lower(arena, json_text(json_array_get(all, i), "domain", ""));
  inquiry->partner_names = names;
  inquiry->partner_name_count = json_array_size(all);
}

/* What was asked for last, unless all of it has been seen live. */
static void add_changing(struct arena *arena, const struct casefile *casefile, const char *domain, struct inquiry *inquiry) {
  if (!casefile_waits_for_changes(casefile, domain)) return;
  const json_t *changes = json_object_get(casefile_last_changes(casefile, domain), "changes");
  struct inquiry_record *list = ARENA_ARRAY(arena, struct inquiry_record, json_array_size(changes) + 1);
  for (size_t i = 0; i < json_array_size(changes); i++) {
    const json_t *change = json_array_get(changes, i);
    struct inquiry_record record = { name_lower(arena, json_text(change, "name", "")), dns_type_from_name(json_text(change, "type", "")) };
    if (*record.name && record.type) list[inquiry->changing_count++] = record;
  }
  inquiry->changing = list;
}

struct inquiry casefile_inquiry(struct arena *arena, const struct casefile *casefile, const char *domain) {
  struct inquiry inquiry = { .domain = arena_strdup(arena, domain), .topics = TOPICS_ALL, .profile = profile_of(casefile, domain) };
  inquiry.selector_count = split_selectors(arena, casefile_answer(casefile, domain, "selectors"), (const char ***)(void *)&inquiry.selectors);
  add_addresses(arena, casefile_answer(casefile, domain, "sending"), &inquiry.sending, &inquiry.sending_count);
  inquiry.digital_service_count = split(arena, casefile_answer(casefile, domain, "digital-services"), (const char ***)(void *)&inquiry.digital_services);
  inquiry.serials_differ_since = casefile_serials_differ_since(casefile, domain);
  inquiry.require_tls_govuk = casefile_tri(casefile_answer(casefile, "", "require-tls"));
  inquiry.opportunistic_tls = casefile_tri(casefile_answer(casefile, "", "opportunistic"));
  inquiry.inbound_tls_required = casefile_tri(casefile_answer(casefile, "", "inbound-tls"));
  inquiry.inbound_dmarc = casefile_tri(casefile_answer(casefile, "", "inbound-dmarc"));
  inquiry.inbound_spf = casefile_tri(casefile_answer(casefile, "", "inbound-spf"));
  inquiry.services_complete = casefile_tri(casefile_answer(casefile, "", "services-complete")) == TRI_YES;
  if (casefile_tri(casefile_answer(casefile, domain, "reports-clean")) == TRI_YES) inquiry.reports_reviewed_since = casefile_answered_at(casefile, domain, "reports-clean");
  add_services(arena, casefile, domain, &inquiry);
  add_subdomains(arena, casefile, domain, &inquiry);
  add_old_domains(arena, casefile, domain, &inquiry);
  add_partners(arena, casefile, &inquiry);
  add_changing(arena, casefile, domain, &inquiry);
  return inquiry;
}
