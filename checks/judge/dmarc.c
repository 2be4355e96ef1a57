#include "checks/judge/dmarc.h"

#include <string.h>

/* ---- where reports go ---- */

static bool is_own(const struct judgement *j, const char *host) { return suffix_same(host, j->inquiry->domain); }

static void judge_destination(struct judgement *j, const struct report_uri *uri, const char *rule_prefix) {
  enum report_permission permission;
  const char *name;
  bool failure_reports = strcmp(rule_prefix, "ruf") == 0;
  if (uri->scheme != REPORT_MAILTO || uri->fault || !dmarc_report_permission(j, j->inquiry->domain, uri->host, &permission, &name)) return;
  const char *rule = NULL;
  if (permission == REPORT_AUTHORISED && !failure_reports) rule = "dmarc-rua-external-authorised";
  if (permission == REPORT_UNAUTHORISED) rule = failure_reports ? "dmarc-ruf-external-unauthorised" : name_is_valid(name) ? "dmarc-rua-external-unauthorised" : "dmarc-rua-external-name-too-long";
  if (permission == REPORT_UNKNOWN && !failure_reports) rule = "dmarc-rua-external-lookup-failed";
  if (rule) {
    struct finding *finding = find(j, rule, NULL);
    find_argument(j, finding, "address", "%s", uri->address);
    find_argument(j, finding, "name", "%s", name);
  }
  if (!failure_reports && mail_host_accepts(j, uri->host) == TRI_NO && !name_equal(uri->host, j->inquiry->domain))
    find_argument(j, find(j, "dmarc-rua-no-mx", NULL), "address", "%s", uri->address);
}

static void judge_destinations(struct judgement *j, const struct dmarc_record *record) {
  size_t mailcheck = 0, own = 0, usable = 0;
  for (size_t i = 0; record->rua && i < record->rua->count; i++) {
    const struct report_uri *uri = &record->rua->all[i];
    judge_destination(j, uri, "rua");
    if (uri->scheme != REPORT_MAILTO || uri->fault) continue;
    usable++;
    mailcheck += mailcheck_is_dmarc_address(uri->address);
    own += is_own(j, uri->host);
  }
  if (usable && mailcheck == usable) find(j, "dmarc-rua-mailcheck-only", NULL);
  else if (mailcheck) find(j, "dmarc-rua-mailcheck", NULL);
  if (usable && !own && mailcheck != usable) find(j, "dmarc-rua-own-missing", NULL);
  for (size_t i = 0; record->ruf && i < record->ruf->count; i++) {
    judge_destination(j, &record->ruf->all[i], "ruf");
    if (mailcheck_is_dmarc_address(record->ruf->all[i].address)) find(j, "dmarc-ruf-mailcheck", NULL);
  }
}

/* ---- presence ---- */

static void judge_organizational(struct judgement *j, const struct dmarc_policy_found *policy) {
  const struct dmarc_record *own = policy->own;
  bool relaxed = own->adkim != 's' || own->aspf != 's';
  if (own->psd == 'y' && !suffix_is_public(j->inquiry->domain)) find(j, "dmarc-psd-yes-on-ordinary", NULL);
  if (strcmp(policy->org_by_walk, policy->org_by_list) == 0 || own->psd == 'n') return;
  const char *rule = suffix_is_public(policy->org_by_walk) ? relaxed ? "dmarc-orgdomain-is-suffix" : NULL : "dmarc-orgdomain-differs";
  if (!rule || suffix_is_public(j->inquiry->domain)) return;
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "walk", "%s", policy->org_by_walk);
  find_argument(j, finding, "list", "%s", policy->org_by_list);
}

static void judge_own(struct judgement *j, const struct dmarc_policy_found *policy) {
  const struct dns_answer *answer = policy->own_answer;
  if (answer->links) find_argument(j, find(j, "dmarc-cname", NULL), "target", "%s", answer->final_name);
  dmarc_judge_text(j, NULL, policy->own);
  if (strcmp(policy->org_by_list, j->inquiry->domain) != 0 && policy->own->sp != DMARC_ABSENT) find(j, "dmarc-subdomain-policy-on-subdomain", NULL);
  judge_organizational(j, policy);
  judge_destinations(j, policy->own);
  bool enforced = dmarc_effective_p(policy->own) >= DMARC_QUARANTINE;
  if (enforced && policy->own->rua_usable && !found_above_info(j)) find_bytes(j, find(j, "dmarc-ok", NULL), "value", policy->own->text, strlen(policy->own->text));
}

static bool judge_near_misses(struct judgement *j, const struct dns_answer *answer, bool has_record) {
  bool any = false;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (dmarc_is_record(rr->txt.bytes, rr->txt.length)) continue;
    const char *rule = dmarc_near_miss(rr->txt.bytes, rr->txt.length);
    if (rule && has_record) continue;
    find_bytes(j, find(j, rule ? rule : "dmarc-unrelated-txt", NULL), "value", rr->txt.bytes, rr->txt.length);
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
  judge_apex(j, false);
  if (near) return;
  if (!policy->applies || policy->effective == DMARC_ABSENT) {
    find(j, "dmarc-missing", NULL);
    if (policy->suffix) {
      struct finding *finding = find(j, "dmarc-inherited-from-suffix", NULL);
      find_argument(j, finding, "from", "%s", suffix_of(j->inquiry->domain));
      find_argument(j, finding, "policy", "%s", dmarc_policy_name(dmarc_effective_sp(policy->suffix)));
    }
    return;
  }
  struct finding *finding = find(j, policy->effective == DMARC_NONE ? "dmarc-inherited-none" : "dmarc-inherited", NULL);
  find_argument(j, finding, "from", "%s", policy->from);
  find_argument(j, finding, "policy", "%s", dmarc_policy_name(policy->effective));
}

static void judge_digital_services(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->digital_service_count; i++) {
    struct dmarc_policy_found policy;
    const char *name = j->inquiry->digital_services[i];
    if (!dmarc_policy_for(j, name, &policy) || policy.failed) continue;
    if (policy.effective == DMARC_ABSENT || policy.effective == DMARC_NONE) find(j, "dmarc-digital-service-uncovered", name);
  }
}

void judge_dmarc(struct judgement *j) {
  enum profile profile;
  struct dmarc_policy_found policy;
  if (!judge_domain_exists(j)) return;
  bool known = judge_profile(j, &profile);
  if (!dmarc_policy_for(j, j->inquiry->domain, &policy) || !known) {
    if (policy.own) judge_destinations(j, policy.own);
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
  judge_digital_services(j);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &policy.own_answer->seen);
}
