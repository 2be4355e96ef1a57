#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"

#include <string.h>

#include "checks/key_book.h"

#define YEAR_MS ((int64_t)366 * 86400 * 1000)
enum { NAMED_FAILURES = 3 };

/* What was found at the selectors, for the rules that look at them together. */
struct keys {
  struct dkim_selector_list selectors;
  const struct dns_answer *wildcard; /* what any selector is answered with; null: nothing, or not known */
  bool wildcard_live;
  size_t found, usable, rsa, ed25519, live;
  const char *values[DKIM_SELECTORS_MOST], *names[DKIM_SELECTORS_MOST]; /* key data without white space, and whose */
  size_t count;
  const struct dns_answer *failed[DKIM_SELECTORS_MOST + 2];
  const char *failed_names[DKIM_SELECTORS_MOST + 2];
  size_t failures;
};

static void attach(struct judgement *j, size_t from, const struct dns_answer *answer) {
  for (size_t i = from; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}

static void note_failure(struct keys *keys, const char *name, const struct dns_answer *answer) {
  keys->failed[keys->failures] = answer;
  keys->failed_names[keys->failures++] = name;
}

/* ---- one selector ---- */

static void judge_absent(struct judgement *j, struct dkim_selector *selector) {
  if (selector->answer->links) {
    selector->found = true;
    find_argument(j, find(j, "dkim-cname-broken", selector->name), "target", "%s", selector->answer->final_name);
  } else if (selector->source == DKIM_SOURCE_GIVEN) {
    find(j, "dkim-selector-missing", selector->name);
  }
}

/* Folding white space inside a key means nothing. */
static const char *without_spaces(struct arena *arena, const char *text) {
  if (!strpbrk(text, " \t\r\n")) return text;
  char *bare = arena_strdup(arena, text), *put = bare;
  for (const char *at = text; *at; at++)
    if (!is_space(*at)) *put++ = *at;
  *put = '\0';
  return bare;
}

static void judge_shared(struct judgement *j, struct keys *keys, const char *selector, const char *p, bool own) {
  const char *bare = without_spaces(j->arena, p), *other = own ? key_book_find(j->inquiry->keys, p, j->inquiry->domain) : NULL;
  if (other) find_argument(j, find(j, "dkim-key-shared-domains", selector), "other", "%s", other);
  for (size_t i = 0; i < keys->count; i++)
    if (strcmp(keys->values[i], bare) == 0) {
      find_argument(j, find(j, "dkim-key-shared", selector), "other", "%s", keys->names[i]);
      return;
    }
  keys->values[keys->count] = bare;
  keys->names[keys->count++] = selector;
}

/* The same key stood here in a look that is more than a year older. */
static void judge_age(struct judgement *j, const struct dkim_selector *selector, const struct dkim_record *record) {
  if (!j->inquiry->earlier || record->key != DKIM_KEY_GOOD) return;
  const struct dns_answer *before = store_dns(j->inquiry->earlier, selector->answer->seen.question.name, DNS_TYPE_TXT);
  if (!before || before->count != 1 || selector->answer->seen.time - before->seen.time <= YEAR_MS) return;
  const struct dns_rr *rr = &before->records[0];
  const struct dkim_record *old = dkim_parse(j->arena, rr->txt.bytes, rr->txt.length);
  if (!old->p || strcmp(without_spaces(j->arena, old->p), without_spaces(j->arena, record->p)) != 0) return;
  char since[32];
  clock_format_utc(before->seen.time, since);
  since[10] = '\0'; /* the day is enough */
  struct finding *finding = find(j, "dkim-key-old", selector->name);
  find_argument(j, finding, "since", "%s", since);
  find_seen(j, finding, &before->seen);
}

static void judge_record(struct judgement *j, struct keys *keys, const struct dkim_selector *selector) {
  const struct dns_answer *answer = selector->answer;
  const struct dns_rr *rr = &answer->records[0];
  if (answer->links) find_argument(j, find(j, "dkim-cname", selector->name), "target", "%s", answer->final_name);
  if (answer->count > 1) {
    find_argument(j, find(j, "dkim-multiple-records", selector->name), "count", "%zu", answer->count);
    return;
  }
  const struct dkim_record *record = dkim_parse(j->arena, rr->txt.bytes, rr->txt.length);
  bool good = dkim_judge_record(j, selector->name, record);
  if (record->key == DKIM_KEY_REVOKED && !record->discarded) find_as(j, "dkim-key-revoked", selector->source == DKIM_SOURCE_GIVEN ? SEVERITY_FAIL : SEVERITY_INFO, selector->name);
  judge_age(j, selector, record);
  keys->live += record->key == DKIM_KEY_GOOD;
  if (!good || !dkim_usable(record)) return;
  keys->usable++;
  keys->rsa += record->actual == DKIM_RSA && record->bits >= 2048 && !record->testing;
  keys->ed25519 += record->actual == DKIM_ED25519;
  judge_shared(j, keys, selector->name, record->p, !answer->links);
}

static bool same_records(const struct dns_answer *a, const struct dns_answer *b) {
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    bool there = false;
    for (size_t n = 0; n < b->count && !there; n++)
      there = a->records[i].txt.length == b->records[n].txt.length && memcmp(a->records[i].txt.bytes, b->records[n].txt.bytes, a->records[i].txt.length) == 0;
    if (!there) return false;
  }
  return true;
}

/* An answer like the wildcard's says nothing of the selector, unless the user says that it is in use. */
static bool is_wildcards(const struct keys *keys, const struct dkim_selector *selector) {
  const struct dns_answer *wildcard = keys->wildcard;
  if (!wildcard || selector->source == DKIM_SOURCE_GIVEN) return false;
  if (wildcard->outcome != DNS_ANSWER) return selector->answer->outcome != DNS_ANSWER && strcmp(wildcard->final_name, selector->answer->final_name) == 0;
  return same_records(wildcard, selector->answer);
}

static void judge_selector(struct judgement *j, struct keys *keys, struct dkim_selector *selector) {
  size_t before = j->count;
  if (!selector->answer || is_wildcards(keys, selector)) return;
  if (selector->answer->outcome == DNS_FAILED) {
    note_failure(keys, selector->name, selector->answer);
    return;
  }
  selector->found = selector->answer->outcome == DNS_ANSWER;
  if (selector->found) judge_record(j, keys, selector);
  else judge_absent(j, selector);
  keys->found += selector->found;
  attach(j, before, selector->answer);
}

/* ---- all of them ---- */

static void judge_wildcard(struct judgement *j, struct keys *keys, const struct dns_answer *answer) {
  if (answer->outcome != DNS_ANSWER && !answer->links) return;
  keys->wildcard = answer;
  if (answer->count == 0) return;
  enum dkim_key_state key = dkim_parse(j->arena, answer->records[0].txt.bytes, answer->records[0].txt.length)->key;
  keys->wildcard_live = key == DKIM_KEY_GOOD;
  if (key == DKIM_KEY_GOOD || key == DKIM_KEY_REVOKED)
    find_seen(j, find_as(j, "dkim-wildcard", keys->wildcard_live ? SEVERITY_WARN : SEVERITY_INFO, NULL), &answer->seen);
}

static void judge_obsolete(struct judgement *j, const struct dns_answer *answer, const char *tag) {
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (!taglist_find(taglist_parse(j->arena, rr->txt.bytes, rr->txt.length), tag)) continue;
    struct finding *finding = find(j, "dkim-policy-record-obsolete", NULL);
    find_bytes(j, finding, "value", rr->txt.bytes, rr->txt.length);
    find_argument(j, finding, "name", "%s", answer->seen.question.name);
    find_seen(j, finding, &answer->seen);
  }
}

/* One cause, one finding: a server that does not answer is told once, with the names that it did not answer for. */
static void judge_failures(struct judgement *j, const struct keys *keys) {
  if (keys->failures == 0) return;
  const char *subject = keys->failed_names[0];
  for (size_t i = 1; i < keys->failures && keys->failures <= NAMED_FAILURES; i++) subject = arena_printf(j->arena, "%s, %s", subject, keys->failed_names[i]);
  struct finding *finding = find_lookup_failed(j, "dkim-lookup-failed", keys->failures > NAMED_FAILURES ? "_domainkey" : subject, keys->failed[0]);
  for (size_t i = 1; i < keys->failures; i++) find_seen(j, finding, &keys->failed[i]->seen);
}

/* Revoked is a fact while another key is in use, and a fault when nothing is. */
static void weigh_revoked(struct judgement *j, const struct keys *keys) {
  for (size_t i = 0; i < j->count; i++)
    if (keys->live == 0 && strcmp(j->findings[i]->rule->id, "dkim-key-revoked") == 0) j->findings[i]->severity = SEVERITY_FAIL;
}

static void judge_together(struct judgement *j, const struct keys *keys, const struct dns_answer *apex) {
  judge_failures(j, keys);
  weigh_revoked(j, keys);
  if (keys->found == 0 && keys->failures == 0 && !keys->wildcard_live)
    find_seen(j, find(j, answer_nothing_below(apex) ? "dkim-none-published" : "dkim-selector-unknown", NULL), &apex->seen);
  if (keys->usable == 1) find(j, "dkim-single-selector", NULL);
  if (keys->usable > 0 && keys->usable == keys->ed25519) find(j, "dkim-ed25519-only", NULL);
  dkim_judge_services(j, &keys->selectors);
  dkim_judge_misplaced(j, &keys->selectors, keys->found > 0, keys->wildcard);
  if (keys->rsa > 0 && !found_above_info(j)) find_argument(j, find(j, "dkim-ok", NULL), "count", "%zu", keys->rsa);
}

static void judge_keys(struct judgement *j) {
  enum profile profile;
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT), *adsp = NULL, *any = NULL;
  bool known = judge_profile(j, &profile);
  if (known && profile == PROFILE_PARKED) {
    judge_parked_dkim(j);
    return;
  }
  if (known && profile == PROFILE_RECEIVE_ONLY) return;
  struct keys *keys = ARENA_NEW(j->arena, struct keys);
  dkim_selectors_find(j, &keys->selectors);
  dkim_selectors_ask(j, &keys->selectors, apex);
  if (apex && !answer_nothing_below(apex)) {
    any = dkim_ask_unused(j);
    adsp = ask_dns(j, ask_name(j, "_adsp._domainkey"), DNS_TYPE_TXT);
  }
  if (j->waiting || !apex) return;
  if (apex->outcome == DNS_FAILED) note_failure(keys, "_domainkey", apex);
  if (any) judge_wildcard(j, keys, any);
  for (size_t i = 0; i < keys->selectors.count; i++) judge_selector(j, keys, &keys->selectors.all[i]);
  judge_obsolete(j, apex, "o");
  if (adsp) judge_obsolete(j, adsp, "dkim");
  judge_together(j, keys, apex);
}

void judge_dkim(struct judgement *j) {
  if (!judge_domain_exists(j)) return;
  const struct dkim_pasted *pasted = dkim_message_look(j);
  judge_keys(j);
  if (pasted && !j->waiting) dkim_judge_message(j, pasted);
}
