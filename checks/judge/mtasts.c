#include "checks/judge/mtasts.h"

#include <openssl/x509_vfy.h>
#include <string.h>

#include "checks/record/certificate.h"

enum { DAY_MS = 86400000 };

/* ---- fetching ---- */

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

static bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

/* A name in the SAN, exact or by a whole left-most wildcard; the CN does not count here (RFC 8461 section 3.3). */
static bool is_for_host(const struct certificate *leaf, const char *host) {
  return certificate_matches(leaf, host, NULL) <= CERTIFICATE_MATCH_WILDCARD;
}

static bool judge_certificate(struct judgement *j, const struct https_reply *reply) {
  const struct certificate *leaf = reply->tls.certificates ? reply->tls.chain[0] : NULL;
  const char *host = reply->seen.question.name;
  bool good = true;
  if (!leaf) return true;
  if (!is_for_host(leaf, host)) {
    tell(j, "mtasts-cert-name", host);
    good = false;
  }
  if (reply->seen.time > leaf->not_after || reply->seen.time < leaf->not_before) {
    find(j, "mtasts-cert-expired", NULL);
    good = false;
  }
  if (reply->tls.verify != X509_V_OK) {
    tell(j, "mtasts-cert-untrusted", reply->tls.verify_text);
    good = false;
  }
  int64_t left = leaf->not_after - reply->seen.time, lifetime = leaf->not_after - leaf->not_before;
  int64_t soon = lifetime <= (int64_t)15 * DAY_MS ? lifetime / 3 : (int64_t)14 * DAY_MS;
  if (good && left <= soon) find_argument(j, find(j, "mtasts-cert-expires-soon", NULL), "days", "%d", (int)(left / DAY_MS));
  return good;
}

static bool judge_ending(struct judgement *j, const struct https_reply *reply) {
  switch (reply->ending) {
  case HTTPS_DONE: return true;
  case HTTPS_NO_ADDRESS: find(j, "mtasts-host-missing", NULL); break;
  case HTTPS_CONNECT_FAILED:
    if (reply->connect == CONNECT_REFUSED) find(j, "mtasts-fetch-refused", NULL);
    else if (reply->connect == CONNECT_TIMEOUT) find_as(j, "mtasts-fetch-timeout", j->inquiry->https_reachable ? SEVERITY_FAIL : SEVERITY_UNKNOWN, NULL);
    else tell(j, "mtasts-fetch-unreachable", reply->error);
    break;
  case HTTPS_TLS_FAILED: tell(j, "mtasts-tls-failed", reply->tls.alert && *reply->tls.alert ? reply->tls.alert : reply->error); break;
  case HTTPS_TIMED_OUT:
    find_as(j, "mtasts-fetch-timeout", reply->connect == CONNECT_OK || j->inquiry->https_reachable ? SEVERITY_FAIL : SEVERITY_UNKNOWN, NULL);
    break;
  case HTTPS_TOO_LARGE: find(j, "mtasts-policy-too-large", NULL); break;
  case HTTPS_BROKEN: tell(j, "mtasts-fetch-status", reply->error); break;
  }
  return false;
}

static bool is_type(const char *content_type, const char *type) {
  size_t length = strlen(type);
  return text_starts(content_type, type) && (!content_type[length] || content_type[length] == ';' || is_space(content_type[length]));
}

static const struct mtasts_policy *judge_fetch(struct judgement *j, const struct https_reply *reply) {
  if (reply->ending != HTTPS_DONE && reply->ending != HTTPS_TOO_LARGE) {
    judge_ending(j, reply);
    return NULL;
  }
  bool trusted = judge_certificate(j, reply);
  if (!trusted || !judge_ending(j, reply)) return NULL;
  if (is_redirect(reply->status)) {
    tell(j, "mtasts-fetch-redirect", reply->location);
    return NULL;
  }
  if (reply->status != 200) {
    tell(j, "mtasts-fetch-status", arena_printf(j->arena, "%d", reply->status));
    return NULL;
  }
  const struct mtasts_policy *policy = mtasts_policy_parse(j->arena, reply->body, reply->body_length);
  if (is_type(reply->content_type, "text/html") && !mtasts_policy_sound(policy)) {
    tell(j, "mtasts-content-type", reply->content_type);
    return NULL;
  }
  if (!is_type(reply->content_type, "text/plain")) find_argument(j, find_as(j, "mtasts-content-type", SEVERITY_WARN, NULL), "value", "%s", reply->content_type);
  return policy;
}

const struct mtasts_policy *mtasts_policy_of(struct judgement *j, const char *domain) {
  const struct dns_answer *answer = ask_dns(j, name_join(j->arena, "_mta-sts", domain), DNS_TYPE_TXT);
  size_t kept = 0;
  for (size_t i = 0; answer && i < answer->count; i++) kept += mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length);
  if (kept != 1) return NULL;
  const struct https_reply *reply = ask_https(j, name_join(j->arena, "mta-sts", domain), MTASTS_PATH);
  if (!reply || reply->ending != HTTPS_DONE || reply->status != 200 || reply->tls.verify != X509_V_OK || !reply->tls.certificates) return NULL;
  const struct certificate *leaf = reply->tls.chain[0];
  if (!is_for_host(leaf, reply->seen.question.name) || reply->seen.time > leaf->not_after || reply->seen.time < leaf->not_before) return NULL;
  const struct mtasts_policy *policy = mtasts_policy_parse(j->arena, reply->body, reply->body_length);
  return mtasts_policy_sound(policy) ? policy : NULL;
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

static void judge_hosts(struct judgement *j, const struct mtasts_policy *policy) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (!mx || mx->outcome == DNS_FAILED) return;
  for (size_t i = 0; i < mx->count; i++) {
    bool depth;
    const char *host = mx->records[i].mx.host;
    if (!*host || policy->mode == MTASTS_NONE || listed(policy, host, &depth)) continue;
    struct finding *finding = find_as(j, "mtasts-mx-not-listed", policy->mode == MTASTS_TESTING ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    find_argument(j, finding, "value", "%s", host);
    find_argument(j, finding, "note", "%s", depth ? _("A pattern would fit, but *. stands for exactly one label.") : "");
  }
  for (size_t n = 0; n < policy->mx_count; n++) {
    bool used = false;
    for (size_t i = 0; i < mx->count; i++) used = used || mtasts_pattern_matches(policy->mx[n], mx->records[i].mx.host);
    if (!used) tell(j, "mtasts-mx-unused", policy->mx[n]);
  }
}

static void judge_neighbours(struct judgement *j, const struct mtasts_policy *policy) {
  const struct dns_answer *reports = ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT);
  if (!reports || reports->outcome == DNS_FAILED) return;
  if (!reports->count) find(j, "mtasts-without-tlsrpt", NULL);
  bool fault = false;
  for (size_t i = 0; i < j->count; i++) fault |= j->findings[i]->severity > SEVERITY_INFO && strcmp(j->findings[i]->rule->id, "mtasts-mode-testing") != 0;
  if (policy->mode == MTASTS_TESTING && reports->count && !fault) find(j, "mtasts-ready-for-enforce", NULL);
}

static void judge_policy(struct judgement *j, bool has_record) {
  const struct https_reply *reply = ask_https(j, ask_name(j, "mta-sts"), MTASTS_PATH);
  if (!reply) return;
  size_t before = j->count;
  const struct mtasts_policy *policy = judge_fetch(j, reply);
  if (policy) {
    mtasts_judge_policy_text(j, policy);
    if (mtasts_policy_sound(policy)) judge_hosts(j, policy);
    judge_neighbours(j, policy);
  }
  for (size_t i = before; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &reply->seen);
  if (has_record && policy && policy->mode == MTASTS_ENFORCE && !found_above_info(j)) find(j, "mtasts-ok", NULL);
}

/* Without a record nobody fetches the policy; it is looked for only where its host exists. */
static void judge_orphan(struct judgement *j) {
  const char *host = ask_name(j, "mta-sts");
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  if (!a || !aaaa) return;
  if (a->count || aaaa->count) {
    const struct https_reply *reply = ask_https(j, host, MTASTS_PATH);
    if (!reply) return;
    const struct mtasts_policy *policy = reply->ending == HTTPS_DONE && reply->status == 200 ? mtasts_policy_parse(j->arena, reply->body, reply->body_length) : NULL;
    if (policy && !(policy->faults & MTASTS_FAULT_EMPTY) && policy->mode != MTASTS_MODE_MISSING) {
      find_seen(j, find(j, "mtasts-policy-without-record", NULL), &reply->seen);
      return;
    }
  }
  find(j, "mtasts-missing", NULL);
}

/* ---- the record ---- */

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

void judge_mtasts(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *answer = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT);
  bool known = judge_profile(j, &profile);
  if (!answer || !known) return;
  const struct dns_rr *kept = NULL;
  size_t count = 0;
  for (size_t i = 0; i < answer->count; i++) {
    if (!mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    kept = &answer->records[i];
    count++;
  }
  bool no_mail = profile == PROFILE_PARKED || profile == PROFILE_SEND_ONLY;
  if (answer->outcome == DNS_FAILED) {
    find_lookup_failed(j, "mtasts-lookup-failed", NULL, answer);
  } else if (no_mail) {
    find(j, count ? "parked-tlsrpt-unneeded" : "mtasts-not-needed", NULL);
  } else if (count > 1) {
    find_argument(j, find(j, "mtasts-multiple", NULL), "count", "%zu", count);
  } else if (count == 1) {
    if (answer->links) tell(j, "mtasts-cname", answer->final_name);
    mtasts_judge_record_text(j, kept->txt.bytes, kept->txt.length);
    judge_policy(j, true);
  } else if (!judge_near_misses(j, answer)) {
    judge_orphan(j);
  }
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}
