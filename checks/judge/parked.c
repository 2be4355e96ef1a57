#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/spf_evaluate.h"

/* ---- mx ---- */

void judge_parked_mx(struct judgement *j) {
  const char *domain = j->inquiry->domain;
  const struct dns_answer *mx = ask_dns(j, domain, DNS_TYPE_MX), *a = ask_dns(j, domain, DNS_TYPE_A), *aaaa = ask_dns(j, domain, DNS_TYPE_AAAA);
  if (!mx || !a || !aaaa) return;
  if (mx->outcome == DNS_FAILED) {
    find_argument(j, find_lookup_failed(j, "mx-lookup-failed", NULL, mx), "host", "%s", domain);
    return;
  }
  bool null = mx->count == 1 && !*mx->records[0].mx.host;
  if (null) find(j, "mx-null", NULL);
  else if (mx->count) find_argument(j, find(j, "parked-mx-present", NULL), "host", "%s", mx->records[0].mx.host);
  else if (a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED)
    find_as(j, "parked-null-mx-missing", a->count || aaaa->count ? SEVERITY_WARN : SEVERITY_INFO, NULL);
  for (size_t i = 0; i < j->count; i++) find_seen(j, j->findings[i], &mx->seen);
}

/* ---- spf ---- */

/* All four records of a domain that sends nothing are there. */
static bool is_whole(struct judgement *j) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  const struct dns_answer *key = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", dkim_unused_selector(j->arena, j->inquiry->domain))), DNS_TYPE_TXT);
  struct dmarc_policy_found policy;
  bool found_policy = dmarc_policy_for(j, j->inquiry->domain, &policy);
  if (!mx || !key || !found_policy) return false;
  bool null = mx->count == 1 && !*mx->records[0].mx.host;
  bool revoked = key->count == 1 && dkim_parse(j->arena, key->records[0].txt.bytes, key->records[0].txt.length)->key == DKIM_KEY_REVOKED;
  return null && revoked && policy.effective == DMARC_REJECT && dmarc_effective_sp(policy.applies) == DMARC_REJECT;
}

static void judge_used(struct judgement *j) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (j->inquiry->profile != PROFILE_PARKED || !mx) return;
  for (size_t i = 0; i < mx->count; i++)
    if (*mx->records[i].mx.host) {
      find_argument(j, find(j, "parked-looks-used", NULL), "host", "%s", mx->records[i].mx.host);
      return;
    }
}

void judge_parked_spf(struct judgement *j) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  switch (spf_select(j->store, j->inquiry->domain, &record, &answer)) {
  case SPF_SELECT_WAITING: j->waiting = true; return;
  case SPF_SELECT_ERROR: find_lookup_failed(j, "spf-lookup-failed", NULL, answer); return;
  case SPF_SELECT_NONE: find(j, "parked-spf-missing", NULL); break;
  case SPF_SELECT_SEVERAL: find_argument(j, find(j, "spf-multiple", NULL), "count", "%s", "2+"); break;
  case SPF_SELECT_ONE: {
    const struct spf_record *spf = spf_parse(j->arena, record->txt.bytes, record->txt.length);
    bool bare = spf->valid && spf->count == 1 && spf->all;
    if (bare && spf->all->qualifier == '-') {
      if (is_whole(j)) find(j, "parked-ok", NULL);
      else find(j, "spf-all-fail", NULL);
    } else {
      find_bytes(j, find(j, bare && spf->all->qualifier == '~' ? "parked-spf-softfail" : "parked-spf-not-deny-all", NULL), "value", record->txt.bytes, record->txt.length);
    }
  } break;
  }
  judge_used(j);
  for (size_t i = 0; i < j->count; i++) find_seen(j, j->findings[i], &answer->seen);
}

/* ---- dkim ---- */

static void judge_live(struct judgement *j, const char *selector, const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count; i++)
    if (dkim_parse(j->arena, answer->records[i].txt.bytes, answer->records[i].txt.length)->key == DKIM_KEY_GOOD) {
      find_seen(j, find(j, "parked-dkim-live-key", selector), &answer->seen);
      return;
    }
}

void judge_parked_dkim(struct judgement *j) {
  const char *unused = dkim_unused_selector(j->arena, j->inquiry->domain);
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT);
  const struct dns_answer *any = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", unused)), DNS_TYPE_TXT);
  if (!apex || !any) return;
  if (any->outcome == DNS_FAILED) {
    find_lookup_failed(j, "dkim-lookup-failed", unused, any);
    return;
  }
  bool revoked = any->count == 1 && dkim_parse(j->arena, any->records[0].txt.bytes, any->records[0].txt.length)->key == DKIM_KEY_REVOKED;
  if (!revoked) {
    judge_live(j, unused, any);
    if (!j->count) find_seen(j, find(j, "parked-dkim-not-revoked", NULL), &any->seen);
  }
  struct dkim_selector_list *selectors = ARENA_NEW(j->arena, struct dkim_selector_list);
  dkim_selectors_find(j, selectors);
  for (size_t i = 0; i < selectors->count && apex->outcome != DNS_NXDOMAIN; i++) {
    const struct dns_answer *answer = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", selectors->all[i].name)), DNS_TYPE_TXT);
    if (answer) judge_live(j, selectors->all[i].name, answer);
  }
  if (revoked && !j->count && !j->waiting) find_seen(j, find(j, "dkim-wildcard", NULL), &any->seen);
}

/* ---- dmarc ---- */

static void judge_parked_policy(struct judgement *j, const struct dmarc_policy_found *policy) {
  if (policy->effective != DMARC_REJECT) {
    struct finding *finding = find_as(j, "parked-dmarc-not-reject", policy->effective == DMARC_QUARANTINE ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    find_argument(j, finding, "policy", "%s", dmarc_policy_name(policy->effective));
    return;
  }
  enum dmarc_policy sp = dmarc_effective_sp(policy->applies), np = dmarc_effective_np(policy->applies);
  if (sp == DMARC_NONE) find_as(j, "parked-dmarc-sp-not-reject", SEVERITY_FAIL, NULL);
  else if (sp == DMARC_QUARANTINE || np != DMARC_REJECT) find_as(j, "parked-dmarc-sp-not-reject", SEVERITY_WARN, NULL);
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
  else if (!policy.applies || policy.effective == DMARC_ABSENT) find(j, "parked-dmarc-missing", NULL);
  else judge_parked_policy(j, &policy);
  if (!found_above_info(j) && policy.effective == DMARC_REJECT) find(j, "dmarc-policy-reject", NULL);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &policy.own_answer->seen);
}
