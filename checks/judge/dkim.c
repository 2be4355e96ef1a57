#include "checks/judge/dkim.h"

#include <string.h>

enum { MOST_SELECTORS = 64 };

/* In order of likelihood for a public body in the United Kingdom. */
static const char *const well_known[] = {
  "selector1", "selector2", "google", "k1", "k2", "k3", "s1", "s2", "mte1", "mte2", "zendesk1", "zendesk2", "brevo1", "brevo2", "mail", "dkim", "default",
  "smtpapi", "zmail", "cm", "fd", "fs2", "hs1", "hs2", "pm", "eshot", "eshot2", "litesrv", "ml", "mandrill", "mimecast", "proofpoint", "fp01", "poppulo",
  "selector1-azurecomm-prod-net",
};

static void add(const char **list, size_t *count, size_t room, const char *selector) {
  for (size_t i = 0; i < *count; i++)
    if (text_equal(list[i], selector)) return;
  if (*count < room && *selector) list[(*count)++] = selector;
}

size_t dkim_selectors(const struct inquiry *inquiry, const char **out, size_t room) {
  size_t count = 0;
  for (size_t i = 0; i < inquiry->selector_count; i++) add(out, &count, room, inquiry->selectors[i]);
  for (size_t i = 0; i < inquiry->service_count; i++)
    for (size_t n = 0; n < inquiry->services[i].selector_count; n++) add(out, &count, room, inquiry->services[i].selectors[n]);
  for (size_t i = 0; i < MEM_COUNT(well_known); i++) add(out, &count, room, well_known[i]);
  return count;
}

bool dkim_selector_is_given(const struct inquiry *inquiry, const char *selector) {
  for (size_t i = 0; i < inquiry->selector_count; i++)
    if (text_equal(inquiry->selectors[i], selector)) return true;
  for (size_t i = 0; i < inquiry->service_count; i++)
    for (size_t n = 0; n < inquiry->services[i].selector_count; n++)
      if (text_equal(inquiry->services[i].selectors[n], selector)) return true;
  return false;
}

const char *dkim_unused_selector(struct arena *arena, const char *domain) {
  uint32_t hash = 2166136261u;
  for (; *domain; domain++) hash = (hash ^ (unsigned char)*domain) * 16777619u;
  return arena_printf(arena, "unused-%08x", hash);
}

/* What was found at the selectors, for the rules that look at them together. */
struct keys {
  size_t usable, rsa, ed25519, live, revoked;
  const char *wildcard;  /* value that any selector is answered with; null: none */
  const char *values[MOST_SELECTORS], *names[MOST_SELECTORS];
  size_t count;
};

static void judge_absent(struct judgement *j, const char *selector, const struct dns_answer *answer, bool given) {
  if (answer->links) {
    struct finding *finding = find(j, "dkim-cname-broken", selector);
    find_argument(j, finding, "target", "%s", answer->final_name);
    find_seen(j, finding, &answer->seen);
  } else if (given) {
    find_seen(j, find(j, "dkim-selector-missing", selector), &answer->seen);
  }
}

static void judge_shared(struct judgement *j, struct keys *keys, const char *selector, const char *p) {
  for (size_t i = 0; i < keys->count; i++)
    if (strcmp(keys->values[i], p) == 0) {
      find_argument(j, find(j, "dkim-key-shared", selector), "other", "%s", keys->names[i]);
      return;
    }
  if (keys->count == MOST_SELECTORS) return;
  keys->values[keys->count] = p;
  keys->names[keys->count++] = selector;
}

static void judge_found(struct judgement *j, struct keys *keys, const char *selector, const struct dns_answer *answer, bool given) {
  const struct dns_rr *rr = &answer->records[0];
  if (answer->count > 1) {
    find_argument(j, find(j, "dkim-multiple-records", selector), "count", "%zu", answer->count);
    return;
  }
  if (answer->links) find_argument(j, find(j, "dkim-cname", selector), "target", "%s", answer->final_name);
  const struct dkim_record *record = dkim_parse(j->arena, rr->txt.bytes, rr->txt.length);
  bool good = dkim_judge_text(j, selector, rr->txt.bytes, rr->txt.length);
  if (record->key == DKIM_KEY_REVOKED) {
    keys->revoked++;
    find_as(j, "dkim-key-revoked", given ? SEVERITY_FAIL : SEVERITY_INFO, selector);
    return;
  }
  if (record->key == DKIM_KEY_GOOD) keys->live++;
  if (!good || !dkim_usable(record)) return;
  keys->usable++;
  keys->rsa += record->actual == DKIM_RSA && record->bits >= 2048 && !record->testing;
  keys->ed25519 += record->actual == DKIM_ED25519;
  if (!answer->links && record->p) judge_shared(j, keys, selector, record->p);
}

static bool is_wildcard_answer(const struct keys *keys, const struct dns_answer *answer) {
  return keys->wildcard && answer->count == 1 && strcmp(answer->records[0].txt.bytes, keys->wildcard) == 0;
}

static void attach(struct judgement *j, size_t from, const struct dns_answer *answer) {
  for (size_t i = from; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}

static void judge_selector(struct judgement *j, struct keys *keys, const char *selector, bool nothing_below) {
  bool given = dkim_selector_is_given(j->inquiry, selector);
  if (nothing_below && !given) return;
  const struct dns_answer *answer = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", selector)), DNS_TYPE_TXT);
  size_t before = j->count;
  if (!answer || (is_wildcard_answer(keys, answer) && !given)) return;
  if (answer->outcome == DNS_FAILED) find_lookup_failed(j, "dkim-lookup-failed", selector, answer);
  else if (answer->outcome != DNS_ANSWER) judge_absent(j, selector, answer, given);
  else if (given || dkim_looks_like_key(answer->records[0].txt.bytes) || answer->links || answer->records[0].txt.length) judge_found(j, keys, selector, answer, given);
  attach(j, before, answer);
}

static void judge_wildcard(struct judgement *j, struct keys *keys) {
  const char *name = ask_name(j, arena_printf(j->arena, "%s._domainkey", dkim_unused_selector(j->arena, j->inquiry->domain)));
  const struct dns_answer *answer = ask_dns(j, name, DNS_TYPE_TXT);
  if (!answer || answer->count != 1) return;
  const struct dkim_record *record = dkim_parse(j->arena, answer->records[0].txt.bytes, answer->records[0].txt.length);
  keys->wildcard = answer->records[0].txt.bytes;
  find_seen(j, find_as(j, "dkim-wildcard", record->key == DKIM_KEY_GOOD ? SEVERITY_WARN : SEVERITY_INFO, NULL), &answer->seen);
}

static void judge_obsolete(struct judgement *j, const struct dns_answer *apex) {
  for (size_t i = 0; i < apex->count; i++)
    if (strstr(apex->records[i].txt.bytes, "o=")) find_bytes(j, find(j, "dkim-policy-record-obsolete", NULL), "value", apex->records[i].txt.bytes, apex->records[i].txt.length);
}

static void judge_services(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const struct inquiry_service *service = &j->inquiry->services[i];
    if (!service->sends) continue;
    if (service->can_sign == TRI_NO) find(j, "dkim-service-cannot-sign", service->name);
    else if (service->signs == TRI_NO) find(j, "dkim-service-unsigned", service->name);
    if (service->filters && service->footers) find(j, "dkim-footer-after-signing", service->name);
  }
}

static void judge_together(struct judgement *j, const struct keys *keys, const struct dns_answer *apex) {
  if (keys->usable == 0 && keys->live == 0 && !found_above_info(j)) {
    if (apex->outcome == DNS_NXDOMAIN) find_seen(j, find(j, "dkim-none-published", NULL), &apex->seen);
    else if (apex->outcome == DNS_FAILED) find_lookup_failed(j, "dkim-lookup-failed", NULL, apex);
    else if (!keys->revoked) find_seen(j, find(j, "dkim-selector-unknown", NULL), &apex->seen);
    else find(j, "dkim-selector-unknown", NULL);
  }
  if (keys->usable == 1) find(j, "dkim-single-selector", NULL);
  if (keys->usable > 0 && keys->usable == keys->ed25519) find(j, "dkim-ed25519-only", NULL);
  judge_services(j);
  if (keys->rsa > 0 && !found_above_info(j)) find_argument(j, find(j, "dkim-ok", NULL), "count", "%zu", keys->rsa);
}

void judge_dkim(struct judgement *j) {
  enum profile profile;
  const char *selectors[MOST_SELECTORS];
  struct keys keys = { .usable = 0 };
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT);
  if (!judge_profile(j, &profile)) return;
  if (profile == PROFILE_PARKED) {
    judge_parked_dkim(j);
    return;
  }
  if (profile == PROFILE_RECEIVE_ONLY || !apex) return;
  bool nothing_below = apex->outcome == DNS_NXDOMAIN;
  if (!nothing_below) judge_wildcard(j, &keys);
  size_t count = dkim_selectors(j->inquiry, selectors, MOST_SELECTORS);
  for (size_t i = 0; i < count; i++) judge_selector(j, &keys, selectors[i], nothing_below);
  if (j->waiting) return;
  judge_obsolete(j, apex);
  judge_together(j, &keys, apex);
}
