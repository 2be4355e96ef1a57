#include "tests/conformance/answers.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "tests/support/world.h"

static void add_name(struct arena *arena, const char *const **list, size_t *count, const char *name) {
  const char **grown = ARENA_ARRAY(arena, const char *, *count + 1);
  for (size_t i = 0; i < *count; i++) grown[i] = (*list)[i];
  grown[(*count)++] = name_lower(arena, name);
  *list = grown;
}

static bool add_address(struct arena *arena, const struct ip **list, size_t *count, const char *text) {
  struct ip *grown = ARENA_ARRAY(arena, struct ip, *count + 1);
  if (*count) memcpy(grown, *list, *count * sizeof *grown);
  *list = grown;
  return ip_parse(text, &grown[(*count)++]);
}

static enum tri tri_of(const char *word) { return strcmp(word, "yes") == 0 ? TRI_YES : strcmp(word, "no") == 0 ? TRI_NO : TRI_UNKNOWN; }

static bool profile_of(const char *word, enum profile *out) {
  static const char *const words[] = { "inferred", "mail", "send-only", "receive-only", "parked" };
  for (unsigned i = 0; i < MEM_COUNT(words); i++)
    if (strcmp(words[i], word) == 0) return *out = (enum profile)i, true;
  return false;
}

/* ---- services ---- */

static bool read_flag(struct inquiry_service *service, const char *word) {
  if (strcmp(word, "sends") == 0) service->sends = true;
  else if (strcmp(word, "receives") == 0) service->receives = true;
  else if (strcmp(word, "filters") == 0) service->filters = true;
  else if (strcmp(word, "footers") == 0) service->footers = true;
  else return false;
  return true;
}

static bool read_pair(struct arena *arena, struct inquiry_service *service, const char *key, const char *value) {
  if (strcmp(key, "signs") == 0) service->signs = tri_of(value);
  else if (strcmp(key, "can-sign") == 0) service->can_sign = tri_of(value);
  else if (strcmp(key, "tls12") == 0) service->tls12 = tri_of(value);
  else if (strcmp(key, "selector") == 0) add_name(arena, &service->selectors, &service->selector_count, value);
  else if (strcmp(key, "address") == 0) return add_address(arena, &service->addresses, &service->address_count, value);
  else return false;
  return true;
}

static bool read_service(struct arena *arena, struct inquiry *inquiry, char **words, size_t count) {
  if (count < 4) return false;
  struct inquiry_service *grown = ARENA_ARRAY(arena, struct inquiry_service, inquiry->service_count + 1);
  if (inquiry->service_count) memcpy(grown, inquiry->services, inquiry->service_count * sizeof *grown);
  struct inquiry_service *service = &grown[inquiry->service_count++];
  inquiry->services = grown;
  *service = (struct inquiry_service){ .id = strcmp(words[1], "-") == 0 ? "" : arena_strdup(arena, words[1]), .name = arena_strdup(arena, words[2]), .domain = name_lower(arena, words[3]) };
  bool good = true;
  for (size_t i = 4; i < count; i++) {
    char *equals = strchr(words[i], '=');
    const char *key = equals ? arena_strndup(arena, words[i], (size_t)(equals - words[i])) : words[i];
    good = good && (equals ? read_pair(arena, service, key, equals + 1) : read_flag(service, key));
  }
  return good;
}

static bool read_answer(struct inquiry *inquiry, const char *key, const char *value) {
  const struct { const char *key; enum tri *answer; } rows[] = {
    { "require-tls-govuk", &inquiry->require_tls_govuk }, { "opportunistic-tls", &inquiry->opportunistic_tls }, { "inbound-tls-required", &inquiry->inbound_tls_required },
    { "inbound-dmarc", &inquiry->inbound_dmarc },         { "inbound-spf", &inquiry->inbound_spf },
    { "old-domain-sends", &inquiry->old_itself.sends },
  };
  const struct { const char *key; bool *answer; } flags[] = {
    { "old-domain-forwards", &inquiry->old_itself.forwards }, { "old-domain-aliases", &inquiry->old_itself.aliases }, { "switch-planned", &inquiry->old_itself.switch_planned },
  };
  for (size_t i = 0; i < MEM_COUNT(flags); i++)
    if (strcmp(flags[i].key, key) == 0) return *flags[i].answer = tri_of(value) == TRI_YES, true;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].key, key) == 0) return *rows[i].answer = tri_of(value), true;
  return false;
}

/* ---- lines ---- */

static bool add_changing(struct arena *arena, struct inquiry *inquiry, const char *name, const char *type) {
  struct inquiry_record *grown = ARENA_ARRAY(arena, struct inquiry_record, inquiry->changing_count + 1);
  if (inquiry->changing_count) memcpy(grown, inquiry->changing, inquiry->changing_count * sizeof *grown);
  inquiry->changing = grown;
  grown[inquiry->changing_count] = (struct inquiry_record){ name_lower(arena, name), dns_type_from_name(type) };
  return grown[inquiry->changing_count++].type != 0;
}

/* old-domain NAME [forwards] [aliases] [moving] [sends=yes|no] */
static bool add_old_domain(struct arena *arena, struct inquiry *inquiry, char **words, size_t count) {
  struct inquiry_old_domain *grown = ARENA_ARRAY(arena, struct inquiry_old_domain, inquiry->old_domain_count + 1), *old = &grown[inquiry->old_domain_count];
  if (inquiry->old_domain_count) memcpy(grown, inquiry->old_domains, inquiry->old_domain_count * sizeof *grown);
  *old = (struct inquiry_old_domain){ .name = name_lower(arena, words[1]) };
  inquiry->old_domains = grown;
  inquiry->old_domain_count++;
  for (size_t i = 2; i < count; i++) {
    if (strcmp(words[i], "forwards") == 0) old->forwards = true;
    else if (strcmp(words[i], "aliases") == 0) old->aliases = true;
    else if (strcmp(words[i], "moving") == 0) old->switch_planned = true;
    else if (strncmp(words[i], "sends=", 6) == 0) old->sends = tri_of(words[i] + 6);
    else return false;
  }
  return true;
}

static bool read_bare(struct inquiry *inquiry, const char *word) {
  bool *const flags[] = { &inquiry->test_network, &inquiry->smtp_reachable, &inquiry->https_reachable, &inquiry->deep, &inquiry->services_complete, &inquiry->ask_registry };
  static const char *const words[] = { "test-network", "smtp-reachable", "https-reachable", "deep", "services-complete", "ask-registry" };
  for (size_t i = 0; i < MEM_COUNT(words); i++)
    if (strcmp(words[i], word) == 0) return *flags[i] = true;
  return false;
}

bool answers_read(struct arena *arena, struct inquiry *q, char **words, size_t count) {
  if (count == 1) return read_bare(q, words[0]);
  if (count < 2) return false;
  if (strcmp(words[0], "profile") == 0) return profile_of(words[1], &q->profile);
  if (strcmp(words[0], "service") == 0) return read_service(arena, q, words, count);
  if (strcmp(words[0], "answer") == 0) return count == 3 && read_answer(q, words[1], words[2]);
  if (strcmp(words[0], "sending") == 0) return add_address(arena, &q->sending, &q->sending_count, words[1]);
  if (strcmp(words[0], "changing") == 0) return count == 3 && add_changing(arena, q, words[1], words[2]);
  if (strcmp(words[0], "old-domain") == 0) return add_old_domain(arena, q, words, count);
  if (strcmp(words[0], "reports-reviewed") == 0) return q->reports_reviewed_since = WORLD_NOW - strtoll(words[1], NULL, 10) * 24 * 3600 * 1000, true;
  if (strcmp(words[0], "serials-differ-since") == 0) return q->serials_differ_since = WORLD_NOW + strtoll(words[1], NULL, 10) * 1000, true;
  if (strcmp(words[0], "domain") == 0) q->domain = name_lower(arena, words[1]);
  else if (strcmp(words[0], "replacement") == 0) q->replacement = name_lower(arena, words[1]);
  else if (strcmp(words[0], "selector") == 0) add_name(arena, &q->selectors, &q->selector_count, words[1]);
  else if (strcmp(words[0], "subdomain") == 0) add_name(arena, &q->subdomains, &q->subdomain_count, words[1]);
  else if (strcmp(words[0], "partner-name") == 0) add_name(arena, &q->partner_names, &q->partner_name_count, words[1]);
  else if (strcmp(words[0], "digital-service") == 0) add_name(arena, &q->digital_services, &q->digital_service_count, words[1]);
  else return false;
  return true;
}
