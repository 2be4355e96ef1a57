#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"

/* DKIM and DMARC of domains that send nothing. */

/* ---- dkim ---- */

static void judge_live(struct judgement *j, const char *selector, const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count; i++)
    if (dkim_parse(j->arena, answer->records[i].txt.bytes, answer->records[i].txt.length)->key == DKIM_KEY_GOOD) {
      find_seen(j, find(j, "parked-dkim-live-key", selector), &answer->seen);
      return;
    }
}

void judge_parked_dkim(struct judgement *j) {
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT);
  const struct dns_answer *any = dkim_ask_unused(j);
  if (!apex || !any) return;
  if (any->outcome == DNS_FAILED) {
    find_lookup_failed(j, "dkim-lookup-failed", apex->outcome == DNS_FAILED ? "_domainkey" : "*._domainkey", any);
    return;
  }
  bool revoked = any->count == 1 && dkim_parse(j->arena, any->records[0].txt.bytes, any->records[0].txt.length)->key == DKIM_KEY_REVOKED;
  if (!revoked) {
    judge_live(j, "*", any);
    if (!j->count) find_seen(j, find(j, "parked-dkim-not-revoked", NULL), &any->seen);
  }
  struct dkim_selector_list *selectors = ARENA_NEW(j->arena, struct dkim_selector_list);
  dkim_selectors_find(j, selectors);
  for (size_t i = 0; i < selectors->count && !answer_nothing_below(apex); i++) {
    const struct dns_answer *answer = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", selectors->all[i].name)), DNS_TYPE_TXT);
    if (answer && !answers_same(j->arena, answer, any)) judge_live(j, selectors->all[i].name, answer);
  }
  if (revoked && !j->count && !j->waiting) find_seen(j, find(j, "dkim-wildcard", NULL), &any->seen);
}

/* ---- dmarc ---- */

/* Of a domain that sends nothing: the policy that receivers of any age act by. With pct below 100 old ones go one step down for the rest
 * (RFC 7489 section 6.6.4). */
static enum dmarc_policy weakest_of(const struct dmarc_policy_found *policy) {
  bool partly = policy->applies && policy->applies->t != 'y' && policy->applies->pct >= 0 && policy->applies->pct < 100;
  return partly ? dmarc_step_below(policy->effective) : policy->effective;
}

/* A tag that stands twice makes the whole list invalid: RFC 6376 section 3.2. */
static const struct tag *find_duplicate(const struct dmarc_record *record) {
  for (size_t i = 0; i < record->tags->count; i++)
    if (record->tags->tags[i].duplicate) return &record->tags->tags[i];
  return NULL;
}

bool dmarc_is_closed(const struct dmarc_policy_found *policy) {
  return policy->applies && weakest_of(policy) == DMARC_REJECT && dmarc_effective_sp(policy->applies) == DMARC_REJECT && !find_duplicate(policy->applies);
}

static void judge_duplicate(struct judgement *j, const struct dmarc_policy_found *policy) {
  const struct tag *twice = policy->own ? find_duplicate(policy->own) : NULL;
  if (!twice) return;
  struct finding *finding = find(j, "dmarc-duplicate-tag", NULL);
  find_argument(j, finding, "value", "%s", twice->name);
  find_argument(j, finding, "position", "%zu", twice->position + 1);
}

/* What a domain inherits is not weaker or stronger than its owner made it: only a record of its own is judged in its details. */
static void judge_parked_policy(struct judgement *j, const struct dmarc_policy_found *policy) {
  enum dmarc_policy weakest = weakest_of(policy);
  judge_duplicate(j, policy);
  if (weakest != DMARC_REJECT) {
    struct finding *finding = find_as(j, "parked-dmarc-not-reject", weakest == DMARC_QUARANTINE ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    find_argument(j, finding, "policy", "%s", dmarc_policy_name(weakest));
    return;
  }
  if (!policy->own) return;
  enum dmarc_policy sp = dmarc_effective_sp(policy->applies), np = dmarc_effective_np(policy->applies);
  if (sp != DMARC_REJECT || np != DMARC_REJECT) {
    struct finding *finding = find_as(j, "parked-dmarc-sp-not-reject", sp == DMARC_NONE ? SEVERITY_FAIL : SEVERITY_WARN, NULL);
    find_argument(j, finding, "policy", "%s", dmarc_policy_name(sp != DMARC_REJECT ? sp : np));
  }
  if (policy->applies->adkim != 's' || policy->applies->aspf != 's') find(j, "parked-dmarc-relaxed", NULL);
}

void judge_parked_dmarc(struct judgement *j) {
  struct dmarc_policy_found policy;
  if (!dmarc_policy_for(j, j->inquiry->domain, &policy)) {
    j->waiting = true;
    return;
  }
  if (policy.failed) find_lookup_failed(j, "dmarc-lookup-failed", NULL, policy.failed);
  else if (policy.own_count > 1) find_argument(j, find(j, "dmarc-multiple", NULL), "count", "%zu", policy.own_count);
  else if (!policy.applies || policy.effective == DMARC_ABSENT || (!policy.own && policy.effective != DMARC_REJECT)) find(j, "parked-dmarc-missing", NULL);
  else judge_parked_policy(j, &policy);
  if (!found_above_info(j) && policy.effective == DMARC_REJECT) find(j, "dmarc-policy-reject", NULL);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &policy.own_answer->seen);
}
