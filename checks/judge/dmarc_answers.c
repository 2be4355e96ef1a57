#include <string.h>

#include "checks/judge/dmarc.h"

/* ---- services ---- */

static void judge_spf_only(struct judgement *j, const struct dmarc_policy_found *policy) {
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const struct inquiry_service *service = &j->inquiry->services[i];
    if (policy->effective != DMARC_REJECT || !service->sends || service->signs != TRI_NO || !name_equal(service->domain, j->inquiry->domain)) continue;
    find_argument(j, find(j, "dmarc-reject-spf-only", NULL), "service", "%s", service->name);
  }
}

static void judge_elsewhere(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const struct inquiry_service *service = &j->inquiry->services[i];
    struct dmarc_policy_found policy;
    bool again = !service->sends || !name_is_below(service->domain, j->inquiry->domain);
    for (size_t n = 0; n < i && !again; n++) again = j->inquiry->services[n].sends && name_equal(j->inquiry->services[n].domain, service->domain);
    if (again || !dmarc_policy_for(j, service->domain, &policy) || policy.failed) continue;
    struct finding *finding = find(j, "dmarc-mail-with-record-elsewhere", service->domain);
    find_argument(j, finding, "service", "%s", service->name);
    find_argument(j, finding, "policy", "%s", policy.applies ? dmarc_policy_name(policy.effective) : "none");
    find_argument(j, finding, "from", "%s", policy.applies ? policy.from : "-");
    find_seen(j, finding, &policy.own_answer->seen);
  }
}

static void judge_digital_services(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->digital_service_count; i++) {
    struct dmarc_policy_found policy;
    const char *name = j->inquiry->digital_services[i];
    if (!dmarc_policy_for(j, name, &policy)) continue;
    if (policy.failed) find_lookup_failed(j, "dmarc-lookup-failed", name, policy.failed);
    else if (policy.effective == DMARC_ABSENT || policy.effective == DMARC_NONE) find_seen(j, find(j, "dmarc-digital-service-uncovered", name), &policy.own_answer->seen);
  }
}

/* ---- the next step ---- */

/* No problem of that topic now. False also while it is not known. */
static bool topic_is_sound(struct judgement *j, enum topic topic) {
  struct judgement other;
  judge_run(topic, j->store, j->inquiry, j->arena, &other);
  j->waiting |= other.waiting;
  for (size_t i = 0; i < other.count; i++)
    if (other.findings[i]->severity == SEVERITY_FAIL || other.findings[i]->severity == SEVERITY_UNKNOWN) return false;
  return !other.waiting;
}

static bool reports_arrive(const struct judgement *j) {
  for (size_t i = 0; i < j->count; i++)
    if (text_starts(j->findings[i]->rule->id, "dmarc-rua-") && j->findings[i]->severity > SEVERITY_INFO) return false;
  return true;
}

static void judge_ready(struct judgement *j, const struct dmarc_policy_found *policy) {
  static const int64_t fortnight = (int64_t)14 * 24 * 3600 * 1000;
  int64_t since = j->inquiry->reports_reviewed_since;
  enum dmarc_policy p = policy->own ? dmarc_effective_p(policy->own) : DMARC_ABSENT;
  if (!since || policy->own_answer->seen.time - since < fortnight || (p != DMARC_NONE && p != DMARC_QUARANTINE)) return;
  if (!policy->own->rua_usable || !reports_arrive(j)) return;
  bool spf = topic_is_sound(j, TOPIC_SPF), dkim = topic_is_sound(j, TOPIC_DKIM);
  if (!spf || !dkim) return;
  find_argument(j, find(j, "dmarc-ready-to-tighten", NULL), "next", "%s", dmarc_policy_name(p == DMARC_NONE ? DMARC_QUARANTINE : DMARC_REJECT));
}

void dmarc_judge_answers(struct judgement *j, const struct dmarc_policy_found *policy) {
  judge_spf_only(j, policy);
  judge_elsewhere(j);
  judge_digital_services(j);
  judge_ready(j, policy);
}
