#include "src/guidance/options.h"

#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/differences.h"

static const char *answer_text(struct arena *arena, const struct casefile *casefile, const char *domain, const char *key) {
  const char *answer = casefile_known_answer(casefile, domain, key);
  return answer ? arena_strdup(arena, answer) : NULL;
}

/* ---- SPF terms of the services ---- */

struct terms { const char **list; size_t count; };

static void add_term(struct arena *arena, struct terms *terms, const char *term, size_t length) {
  const char *copy = arena_strndup(arena, term, length);
  for (size_t i = 0; i < terms->count; i++)
    if (text_equal(terms->list[i], copy)) return;
  terms->list = arena_grow(arena, terms->list, terms->count, sizeof *terms->list);
  terms->list[terms->count++] = copy;
}

static bool is_gsi_term(struct arena *arena, const char *term, size_t length) {
  const char *colon = memchr(term, ':', length);
  return colon && gsi_is_family(name_lower(arena, arena_strndup(arena, colon + 1, length - (size_t)(colon + 1 - term))));
}

/* Terms that the administrator gave or confirmed. Where there are none, planning takes the one of the facts, or asks. */
static void add_service_terms(struct arena *arena, const struct casefile_service *service, const struct facts *facts, struct terms *terms) {
  const struct service_facts *known = facts && *service->id ? facts_service_find(facts, service->id) : NULL;
  if (known && !known->spf_wanted) return;
  for (const char *at = service->spf; *at; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    if (!is_gsi_term(arena, at, length)) add_term(arena, terms, at, length);
    at += length;
  }
}

/* "ip4:…" and "ip6:…" of the addresses that were given. */
static void add_address_terms(struct arena *arena, const struct casefile_service *service, struct terms *terms) {
  for (const char *at = service->addresses; *at;) {
    size_t length = strcspn(at, " ,;");
    struct ip ip;
    const char *text = arena_strndup(arena, at, length);
    if (ip_parse(text, &ip)) {
      const char *term = arena_printf(arena, ip.family == 4 ? "ip4:%s" : "ip6:%s", text);
      add_term(arena, terms, term, strlen(term));
    }
    at += length;
    at += strspn(at, " ,;");
  }
}

static void add_services(struct arena *arena, const struct casefile *casefile, const char *domain, const struct facts *facts, struct terms *terms) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state != CASEFILE_CONFIRMED || service.sends != TRI_YES || !name_equal(*service.domain ? service.domain : domain, domain)) continue;
    add_service_terms(arena, &service, facts, terms);
    if (!*service.spf && strcmp(service.kind, "mailboxes") != 0) add_address_terms(arena, &service, terms);
  }
}

/* ---- services that are not theirs ---- */

static void add_words(struct arena *arena, const char *words, struct terms *terms) {
  for (const char *at = words; *at; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    add_term(arena, terms, at, length);
    at += length;
  }
}

static bool has_term(const struct terms *terms, const char *term) {
  for (size_t i = 0; i < terms->count; i++)
    if (text_equal(terms->list[i], term)) return true;
  return false;
}

/* What the administrator has confirmed of the same domain: it stays, whatever else was said. */
struct confirmed { struct terms terms, ids; };

static struct confirmed confirmed_at(struct arena *arena, const struct casefile *casefile, const char *domain, const char *main, const struct facts *facts) {
  struct confirmed all = { .terms = { 0 } };
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state != CASEFILE_CONFIRMED || !name_equal(*service.domain ? service.domain : main, domain)) continue;
    add_words(arena, service.spf, &all.terms);
    add_address_terms(arena, &service, &all.terms);
    add_words(arena, service.id, &all.ids);
  }
  for (size_t i = 0; facts && i < all.terms.count; i++) {
    const struct service_facts *known = facts_service_of_spf(facts, all.terms.list[i], domain, NULL);
    if (known) add_words(arena, known->id, &all.ids);
  }
  return all;
}

static void add_one_not_ours(struct arena *arena, const struct casefile *casefile, const struct casefile_service *service, const char *main, const struct facts *facts, struct plan_not_ours **list,
                             size_t *count) {
  const char *domain = arena_strdup(arena, *service->domain ? service->domain : main);
  struct confirmed confirmed = confirmed_at(arena, casefile, domain, main, facts);
  struct terms terms = { 0 };
  const char *id = has_term(&confirmed.ids, service->id) ? "" : arena_strdup(arena, service->id);
  add_words(arena, service->spf, &terms);
  add_address_terms(arena, service, &terms);
  if (!terms.count) add_term(arena, &terms, "", 0);
  for (size_t i = 0; i < terms.count; i++) {
    bool stays = has_term(&confirmed.terms, terms.list[i]);
    if (stays && !*id) continue;
    *list = arena_grow(arena, *list, *count, sizeof **list);
    (*list)[(*count)++] = (struct plan_not_ours){ .domain = domain, .term = stays ? "" : terms.list[i], .service = id };
  }
}

static void add_not_ours(struct arena *arena, const struct casefile *casefile, const char *domain, const struct facts *facts, struct plan_options *options) {
  struct plan_not_ours *list = NULL;
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state == CASEFILE_NOT_OURS) add_one_not_ours(arena, casefile, &service, domain, facts, &list, &options->not_ours_count);
  }
  options->not_ours = list;
}

/* ---- pasted DKIM records: answers "dkim-key:SELECTOR" ---- */

static void add_keys(struct arena *arena, const struct casefile *casefile, const char *domain, struct plan_options *options) {
  const json_t *own = json_object_get(json_object_get(casefile_root(casefile), "answers"), domain);
  struct plan_given_key *keys = ARENA_ARRAY(arena, struct plan_given_key, json_object_size(own) + 1);
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)own, key, value) {
    const char *text = json_string_value(value);
    if (strncmp(key, "dkim-key:", 9) != 0 || !text || !*text) continue;
    keys[options->key_count++] = (struct plan_given_key){ .selector = arena_strdup(arena, key + 9), .value = arena_strdup(arena, text), .domain = arena_strdup(arena, domain) };
  }
  options->keys = keys;
}

/* ---- changes that are left out ---- */

static void add_left_out(struct arena *arena, const struct casefile *casefile, const char *domain, struct plan_options *options) {
  const json_t *own = json_object_get(json_object_get(casefile_root(casefile), "answers"), domain);
  const char **list = ARENA_ARRAY(arena, const char *, json_object_size(own) + 1), *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)own, key, value)
    if (strncmp(key, GUIDANCE_LEFT_OUT, strlen(GUIDANCE_LEFT_OUT)) == 0 && casefile_tri(json_string_value(value)) == TRI_YES) list[options->left_out_count++] = arena_strdup(arena, key + strlen(GUIDANCE_LEFT_OUT));
  options->left_out = list;
}

static void add_own_domains(struct arena *arena, const struct casefile *casefile, struct plan_options *options) {
  size_t count = casefile_domain_count(casefile);
  const char **names = ARENA_ARRAY(arena, const char *, count + 1);
  for (size_t i = 0; i < count; i++) names[i] = arena_strdup(arena, casefile_domain_at(casefile, i));
  options->own_domains = names;
  options->own_domain_count = count;
}

static bool says_yes(const struct casefile *casefile, const char *domain, const char *key) { return casefile_tri(casefile_answer(casefile, domain, key)) == TRI_YES; }

struct plan_options guidance_plan_options(struct arena *arena, const struct casefile *casefile, const char *domain, const struct facts *facts, bool guidance_2020) {
  struct plan_options options = { .as_2020 = guidance_values_of_2020(casefile, domain, guidance_2020) };
  struct terms terms = { 0 };
  const char *ending = casefile_answer(casefile, domain, "spf-ending"), *step = casefile_answer(casefile, domain, "dmarc-step");
  if (ending && strcmp(ending, "softfail") == 0) options.spf_ending = '~';
  if (ending && strcmp(ending, "fail") == 0) options.spf_ending = '-';
  if (step && strcmp(step, "quarantine") == 0) options.dmarc_step = PLAN_DMARC_QUARANTINE;
  if (step && strcmp(step, "reject") == 0) options.dmarc_step = PLAN_DMARC_REJECT;
  options.dmarc_mailbox = answer_text(arena, casefile, domain, "dmarc-mailbox");
  options.tls_mailbox = answer_text(arena, casefile, domain, "tls-mailbox");
  options.mtasts_enforce = says_yes(casefile, domain, "mtasts-enforce");
  options.mtasts_file_changed = says_yes(casefile, domain, "mtasts-file-changed");
  add_own_domains(arena, casefile, &options);
  add_services(arena, casefile, domain, facts, &terms);
  options.spf_terms = terms.list;
  options.spf_term_count = terms.count;
  add_not_ours(arena, casefile, domain, facts, &options);
  add_keys(arena, casefile, domain, &options);
  add_left_out(arena, casefile, domain, &options);
  return options;
}
