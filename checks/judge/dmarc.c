#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"

/* ---- presence ---- */

static void judge_organizational(struct judgement *j, const struct dmarc_policy_found *policy) {
  const struct dmarc_record *own = policy->own;
  bool relaxed = own->adkim != 's' || own->aspf != 's';
  if (own->psd == 'y' && !suffix_is_public(j->inquiry->domain)) find(j, "dmarc-psd-yes-on-ordinary", NULL);
  if (!policy->walk_known || strcmp(policy->org_by_walk, policy->org_by_list) == 0 || own->psd == 'n') return; /* psd=n was chosen */
  const char *rule = suffix_is_public(policy->org_by_walk) ? relaxed ? "dmarc-orgdomain-is-suffix" : NULL : "dmarc-orgdomain-differs";
  if (!rule || suffix_is_public(j->inquiry->domain)) return;
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "walk", "%s", policy->org_by_walk);
  find_argument(j, finding, "list", "%s", policy->org_by_list);
}

/* A name beside _dmarc that nobody made answers the same (RFC 4592 section 2). */
static void judge_wildcard(struct judgement *j, const struct dns_answer *own) {
  const char *beside = ask_name(j, arena_printf(j->arena, "_%s", unused_label(j->arena, j->inquiry->domain)));
  const struct dns_answer *other = ask_dns(j, beside, DNS_TYPE_TXT);
  if (!other || other->outcome != DNS_ANSWER || other->links || own->links || other->count != own->count || !own->count) return;
  for (size_t i = 0; i < own->count; i++) {
    bool met = false;
    for (size_t n = 0; n < other->count; n++) met = met || (own->records[i].data_length == other->records[n].data_length && !memcmp(own->records[i].data, other->records[n].data, own->records[i].data_length));
    if (!met) return;
  }
  find_seen(j, find(j, "dmarc-wildcard", NULL), &other->seen);
}

static void judge_own(struct judgement *j, const struct dmarc_policy_found *policy) {
  const struct dns_answer *answer = policy->own_answer;
  if (answer->links) find_argument(j, find(j, "dmarc-cname", NULL), "target", "%s", answer->final_name);
  bool organizational = strcmp(policy->org_by_list, j->inquiry->domain) == 0 || (policy->walk_known && strcmp(policy->org_by_walk, j->inquiry->domain) == 0);
  dmarc_judge_text(j, NULL, policy->own, organizational);
  if (!organizational && policy->own->sp != DMARC_ABSENT) find(j, "dmarc-subdomain-policy-on-subdomain", NULL);
  judge_organizational(j, policy);
  judge_wildcard(j, policy->own_answer);
  dmarc_judge_destinations(j, policy->own);
  bool enforced = dmarc_effective_p(policy->own) >= DMARC_QUARANTINE;
  if (enforced && policy->own->rua_usable && !found_above_info(j)) find_bytes(j, find(j, "dmarc-ok", NULL), "value", policy->own->text, strlen(policy->own->text));
}

static bool judge_near_misses(struct judgement *j, const struct dns_answer *answer, bool has_record) {
  bool any = false;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (dmarc_is_record(rr->txt.bytes, rr->txt.length)) continue;
    const char *rule = dmarc_near_miss(rr->txt.bytes, rr->txt.length);
    if (has_record || !dmarc_judge_near_miss(j, rr->txt.bytes, rr->txt.length)) find_bytes(j, find(j, "dmarc-unrelated-txt", NULL), "value", rr->txt.bytes, rr->txt.length);
    any |= rule != NULL;
  }
  return any;
}

static bool judge_apex(struct judgement *j, bool has_record) {
  const struct dns_answer *apex = ask_dns(j, j->inquiry->domain, DNS_TYPE_TXT);
  for (size_t i = 0; apex && i < apex->count; i++) {
    if (!dmarc_is_record(apex->records[i].txt.bytes, apex->records[i].txt.length)) continue;
    find_seen(j, find_as(j, "dmarc-record-at-apex", has_record ? SEVERITY_INFO : SEVERITY_FAIL, NULL), &apex->seen);
    return true;
  }
  return false;
}

static void judge_absent(struct judgement *j, const struct dmarc_policy_found *policy) {
  bool near = judge_near_misses(j, policy->own_answer, false);
  if (policy->own_answer->count) judge_wildcard(j, policy->own_answer);
  judge_apex(j, false);
  if (near) return;
  if (!policy->applies || policy->effective == DMARC_ABSENT) {
    find(j, "dmarc-missing", NULL);
    if (policy->suffix) {
      struct finding *finding = find(j, "dmarc-inherited-from-suffix", NULL);
      find_argument(j, finding, "from", "%s", policy->suffix_from);
      find_argument(j, finding, "policy", "%s", dmarc_policy_name(dmarc_in_force(policy->suffix, dmarc_effective_sp(policy->suffix))));
    }
    return;
  }
  struct finding *finding = find(j, policy->effective == DMARC_NONE ? "dmarc-inherited-none" : "dmarc-inherited", NULL);
  find_argument(j, finding, "from", "%s", policy->from);
  find_argument(j, finding, "policy", "%s", dmarc_policy_name(policy->effective));
}

void judge_dmarc(struct judgement *j) {
  enum profile profile;
  struct dmarc_policy_found policy;
  if (!judge_domain_exists(j)) return;
  bool known = judge_profile(j, &profile);
  if (!dmarc_policy_for(j, j->inquiry->domain, &policy) || !known) {
    if (policy.own) dmarc_judge_destinations(j, policy.own);
    if (policy.own_answer) judge_wildcard(j, policy.own_answer);
    j->waiting = true;
    return;
  }
  if (profile == PROFILE_PARKED) {
    judge_parked_dmarc(j);
    return;
  }
  if (policy.failed) {
    find_lookup_failed(j, "dmarc-lookup-failed", NULL, policy.failed);
    return;
  }
  if (policy.own_count > 1) {
    struct finding *finding = find(j, "dmarc-multiple", NULL);
    find_argument(j, finding, "count", "%zu", policy.own_count);
  } else if (policy.own) {
    judge_near_misses(j, policy.own_answer, true);
    judge_apex(j, true);
    judge_own(j, &policy);
  } else {
    judge_absent(j, &policy);
  }
  dmarc_judge_answers(j, &policy);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &policy.own_answer->seen);
}
