#include "checks/judge/mtasts.h"

#include <string.h>

#include "checks/judge/mail_hosts.h"

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

/* ---- policy against MX ---- */

static bool fits_but_for_depth(const char *pattern, const char *host) {
  return strncmp(pattern, "*.", 2) == 0 && name_is_below(host, pattern + 2) && !mtasts_pattern_matches(pattern, host);
}

static bool listed(const struct mtasts_policy *policy, const char *host, bool *out_depth) {
  *out_depth = false;
  for (size_t i = 0; i < policy->mx_count; i++) {
    if (mtasts_pattern_matches(policy->mx[i], host)) return true;
    *out_depth |= fits_but_for_depth(policy->mx[i], host);
  }
  return false;
}

/* The hosts that senders try: those of MX or, without any, the domain itself (RFC 5321 section 5.1). */
static size_t hosts_of(struct judgement *j, const struct dns_answer *mx, const char ***out) {
  const char **hosts = ARENA_ARRAY(j->arena, const char *, mx->count + 1);
  size_t count = 0;
  *out = hosts;
  if (mx->count == 0) hosts[count++] = j->inquiry->domain;
  for (size_t i = 0; i < mx->count; i++) {
    bool again = false;
    for (size_t n = 0; n < count; n++) again = again || name_equal(hosts[n], mx->records[i].mx.host);
    if (!again && *mx->records[i].mx.host) hosts[count++] = mx->records[i].mx.host;
  }
  return count;
}

static void judge_hosts(struct judgement *j, const struct mtasts_policy *policy) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (!mx) return;
  if (mx->outcome == DNS_FAILED) { /* whether policy and MX agree cannot be said */
    find_lookup_failed(j, "mtasts-lookup-failed", NULL, mx);
    return;
  }
  const char **hosts;
  size_t count = hosts_of(j, mx, &hosts);
  for (size_t i = 0; i < count; i++) {
    bool depth;
    if (policy->mode == MTASTS_NONE || listed(policy, hosts[i], &depth)) continue;
    struct finding *finding = find_as(j, "mtasts-mx-not-listed", policy->mode == MTASTS_TESTING ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    find_argument(j, finding, "value", "%s", hosts[i]);
    find_argument(j, finding, "note", "%s", depth ? _(" A pattern would fit, but *. stands for exactly one label.") : "");
    find_seen(j, finding, &mx->seen);
  }
  for (size_t n = 0; n < policy->mx_count; n++) {
    bool used = false;
    for (size_t i = 0; i < count; i++) used = used || mtasts_pattern_matches(policy->mx[n], hosts[i]);
    if (!used) tell(j, "mtasts-mx-unused", policy->mx[n]);
  }
}

/* ---- what stands beside the policy ---- */

static bool has_reports(const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count; i++)
    if (strncmp(answer->records[i].txt.bytes, "v=TLSRPTv1;", 11) == 0) return true;
  return false;
}

static bool has_other_fault(const struct judgement *j) {
  for (size_t i = 0; i < j->count; i++)
    if (j->findings[i]->severity > SEVERITY_INFO && strcmp(j->findings[i]->rule->id, "mtasts-mode-testing") != 0) return true;
  return false;
}

/* Every address of every host shows a certificate that a sender under an enforced policy would take. What could not be seen is no. */
static bool certificates_hold(struct judgement *j) {
  struct mail_hosts *hosts = ARENA_NEW(j->arena, struct mail_hosts);
  if (!mail_hosts_find(j, j->inquiry->domain, true, hosts) || hosts->count == 0) return false;
  for (size_t i = 0; i < hosts->count; i++) {
    const struct mail_host *host = &hosts->hosts[i];
    if (host->address_count == 0) return false;
    for (size_t k = 0; k < host->address_count; k++)
      if (!session_serves_sts(host->addresses[k].session, host->name)) return false;
  }
  return true;
}

static void judge_neighbours(struct judgement *j, const struct mtasts_policy *policy) {
  const struct dns_answer *reports = ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT);
  if (!reports || reports->outcome == DNS_FAILED) return;
  if (!has_reports(reports)) find_seen(j, find(j, "mtasts-without-tlsrpt", NULL), &reports->seen);
  else if (policy->mode == MTASTS_TESTING && !has_other_fault(j) && certificates_hold(j)) find(j, "mtasts-ready-for-enforce", NULL);
}

/* ---- against an earlier look ---- */

static bool lists_same(const struct mtasts_policy *a, const struct mtasts_policy *b) {
  for (size_t i = 0; i < a->mx_count; i++) {
    bool there = false;
    for (size_t n = 0; n < b->mx_count; n++) there = there || strcmp(a->mx[i], b->mx[n]) == 0;
    if (!there) return false;
  }
  return true;
}

static bool policies_same(const struct mtasts_policy *a, const struct mtasts_policy *b) {
  return a->mode == b->mode && a->max_age == b->max_age && lists_same(a, b) && lists_same(b, a);
}

static const struct dns_rr *kept_record(const struct dns_answer *answer, size_t *out_count) {
  const struct dns_rr *kept = NULL;
  *out_count = 0;
  for (size_t i = 0; i < answer->count; i++) {
    if (!mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    kept = &answer->records[i];
    ++*out_count;
  }
  return kept;
}

static void judge_id(struct judgement *j, const struct mtasts_policy *policy, const char *id) {
  if (!j->inquiry->earlier || !id) return;
  size_t count;
  const struct dns_answer *answer = store_dns(j->inquiry->earlier, ask_name(j, "_mta-sts"), DNS_TYPE_TXT);
  const struct https_reply *reply = store_https(j->inquiry->earlier, ask_name(j, "mta-sts"), MTASTS_PATH);
  const struct dns_rr *record = answer ? kept_record(answer, &count) : NULL;
  if (!record || count != 1 || !reply || reply->ending != HTTPS_DONE || reply->status != 200) return;
  const struct mtasts_policy *before = mtasts_policy_parse(j->arena, reply->body, reply->body_length);
  const char *old = mtasts_parse(j->arena, record->txt.bytes, record->txt.length).id;
  if (!old || strcmp(old, id) != 0 || policies_same(before, policy)) return;
  find_seen(j, tell(j, "mtasts-id-unchanged", id), &reply->seen);
}

/* ---- with and without a record ---- */

/* No address, and not for lack of one. */
static bool host_is_unknown(const struct dns_answer *a, const struct dns_answer *aaaa) {
  return !a->count && !aaaa->count && (a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED);
}

static void judge_policy(struct judgement *j, const char *id) {
  const char *host = ask_name(j, "mta-sts");
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  const struct https_reply *reply = ask_https(j, host, MTASTS_PATH);
  if (!a || !aaaa || !reply) return;
  if (a->links || aaaa->links) find_argument(j, find(j, "mtasts-cname", host), "value", "%s", (a->links ? a : aaaa)->final_name);
  if (host_is_unknown(a, aaaa)) {
    find_lookup_failed(j, "mtasts-lookup-failed", host, a->outcome == DNS_FAILED ? a : aaaa);
    return;
  }
  if (!a->count && !aaaa->count) {
    find_seen(j, find(j, "mtasts-host-missing", NULL), &a->seen);
    return;
  }
  const struct mtasts_policy *policy = mtasts_judge_fetch(j, a, aaaa);
  if (!policy) return;
  size_t before = j->count;
  mtasts_judge_policy_text(j, policy);
  judge_id(j, policy, id);
  for (size_t i = before; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &reply->seen);
  if (mtasts_policy_sound(policy)) {
    judge_hosts(j, policy);
    judge_neighbours(j, policy);
  }
  if (policy->mode == MTASTS_ENFORCE && !found_above_info(j)) find_seen(j, find(j, "mtasts-ok", NULL), &reply->seen);
}

/* Without a record nobody fetches the policy; it is looked for only where its host exists. */
static void judge_orphan(struct judgement *j, const struct dns_answer *answer) {
  const char *host = ask_name(j, "mta-sts");
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A);
  if (!a) return;
  const struct dns_answer *aaaa = a->outcome == DNS_NXDOMAIN ? a : ask_dns(j, host, DNS_TYPE_AAAA); /* no name, no address: RFC 8020 section 2 */
  if (!aaaa) return;
  if (host_is_unknown(a, aaaa)) { /* whether a policy is there cannot be said */
    find_lookup_failed(j, "mtasts-lookup-failed", host, a->outcome == DNS_FAILED ? a : aaaa);
    return;
  }
  const struct https_reply *reply = a->count || aaaa->count ? ask_https(j, host, MTASTS_PATH) : NULL;
  const struct mtasts_policy *policy = reply && reply->ending == HTTPS_DONE && reply->status == 200 ? mtasts_policy_parse(j->arena, reply->body, reply->body_length) : NULL;
  if (policy && policy->any_known_key) find_seen(j, find(j, "mtasts-policy-without-record", NULL), &reply->seen);
  else find_seen(j, find(j, "mtasts-missing", NULL), &answer->seen);
}

static bool judge_near_misses(struct judgement *j, const struct dns_answer *answer) {
  bool any = false;
  for (size_t i = 0; i < answer->count; i++) {
    const char *rule = mtasts_near_miss(answer->records[i].txt.bytes);
    if (!rule) continue;
    tell(j, rule, answer->records[i].txt.bytes);
    any = true;
  }
  return any;
}

/* Nothing is inherited: each name that receives mail needs its own (RFC 8461 section 3.4). */
static void judge_subdomains(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->subdomain_count; i++) {
    const char *name = j->inquiry->subdomains[i];
    size_t count;
    const struct dns_answer *mx = ask_dns(j, name, DNS_TYPE_MX), *answer = ask_dns(j, name_join(j->arena, "_mta-sts", name), DNS_TYPE_TXT);
    if (!mx || !answer || answer->outcome == DNS_FAILED || mx->count == 0 || !*mx->records[0].mx.host || kept_record(answer, &count)) continue;
    find_seen(j, find(j, "mtasts-subdomain-not-covered", name), &answer->seen);
  }
}

void judge_mtasts(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *answer = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT), *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  bool known = judge_profile(j, &profile);
  judge_subdomains(j);
  if (!answer || !mx || !known) return;
  size_t count;
  const struct dns_rr *kept = kept_record(answer, &count);
  bool null_mx = mx->count == 1 && !*mx->records[0].mx.host;
  if (answer->outcome == DNS_FAILED) {
    find_lookup_failed(j, "mtasts-lookup-failed", NULL, answer);
  } else if (null_mx || profile == PROFILE_PARKED || profile == PROFILE_SEND_ONLY) {
    if (!count) find(j, "mtasts-not-needed", NULL);
    else if (profile == PROFILE_PARKED) find(j, "parked-tlsrpt-unneeded", NULL);
  } else if (count > 1) {
    find_argument(j, find(j, "mtasts-multiple", NULL), "count", "%zu", count);
  } else if (count == 1) {
    if (answer->links) tell(j, "mtasts-cname", answer->final_name);
    mtasts_judge_record_text(j, kept->txt.bytes, kept->txt.length);
    for (size_t i = 0; i < j->count; i++)
      if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
    judge_policy(j, mtasts_parse(j->arena, kept->txt.bytes, kept->txt.length).id);
  } else if (!judge_near_misses(j, answer)) {
    judge_orphan(j, answer);
  }
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}
