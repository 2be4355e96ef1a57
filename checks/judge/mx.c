#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/mx_private.h"

enum { SPF_MX_MOST = 10 };

struct finding *mx_tell(struct judgement *j, const char *rule, const char *host, const struct dns_answer *seen) {
  struct finding *finding = find(j, rule, NULL);
  if (host) find_argument(j, finding, "host", "%s", host);
  if (seen) find_seen(j, finding, &seen->seen);
  return finding;
}

size_t mx_count(const struct dns_answer *mx) { return mx->count < MX_MOST ? mx->count : MX_MOST; }

/* ---- the form of a target ---- */

static bool is_ip_literal(const char *host) {
  struct ip ip;
  size_t length = strlen(host);
  if (length > 2 && host[0] == '[' && host[length - 1] == ']') return ip_parse_n(host + 1, length - 2, &ip);
  return ip_parse(host, &ip);
}

static bool is_leftover(const char *host) { return name_is_under(host, "invalid") || name_is_below(host, "mx-verification.google.com"); }

static const char *form_rule(const char *host) {
  if (is_ip_literal(host)) return "mx-target-ip-literal";
  if (name_labels(host) == 1) return "mx-target-single-label";
  if (is_leftover(host)) return "mx-verification-leftover";
  return name_is_host(host) ? NULL : "mx-target-syntax";
}

/* ---- where a target leads ---- */

struct reach { size_t good, ipv6, unknown; };

/* "mx.provider.net.example.gov.uk": the final dot was forgotten, when the part before the domain is a host of its own. A name that exists here
 * is doubted only when the part is more than a registrable domain: "mail.com" before the domain is a likely name for a host. */
static bool is_doubled(struct judgement *j, const char *host, bool exists) {
  const char *inner = name_relative(j->arena, host, j->inquiry->domain);
  if (!inner || name_labels(inner) < 2 || !name_is_host(inner) || (exists && strcmp(suffix_registrable(inner), inner) == 0)) return false;
  const struct dns_answer *a = ask_dns(j, inner, DNS_TYPE_A), *aaaa = ask_dns(j, inner, DNS_TYPE_AAAA);
  return a && aaaa && (a->count || aaaa->count);
}

static void judge_missing(struct judgement *j, const char *host, const struct dns_answer *seen) {
  const struct dns_answer *owner;
  enum tri is_free = domain_is_free(j->store, host, &owner);
  if (is_free == TRI_UNKNOWN) j->waiting = true;
  if (is_doubled(j, host, false)) mx_tell(j, "mx-target-doubled", host, seen);
  else if (is_free != TRI_UNKNOWN) find_seen(j, mx_tell(j, is_free == TRI_YES ? "mx-target-unregistered" : "mx-target-not-found", host, seen), &owner->seen);
}

static size_t count_private(const struct dns_answer *answer) {
  size_t count = 0;
  for (size_t i = 0; i < answer->count; i++) count += ip_is_private(&answer->records[i].address);
  return count;
}

static void judge_private(struct judgement *j, const char *host, const struct dns_answer *a, const struct dns_answer *aaaa) {
  size_t hidden = count_private(a) + count_private(aaaa), all = a->count + aaaa->count;
  if (!hidden || j->inquiry->test_network) return;
  struct finding *finding = find_as(j, "mx-target-private-address", hidden == all ? SEVERITY_FAIL : SEVERITY_WARN, NULL);
  find_argument(j, finding, "host", "%s", host);
  if (a->count) find_seen(j, finding, &a->seen);
  if (aaaa->count) find_seen(j, finding, &aaaa->seen);
}

static const struct dns_answer *judge_alias(struct judgement *j, const char *host, const struct dns_answer *a, const struct dns_answer *aaaa) {
  const struct dns_answer *alias = a->links ? a : aaaa->links ? aaaa : NULL;
  if (alias) find_argument(j, mx_tell(j, "mx-target-cname", host, alias), "target", "%s", alias->final_name);
  return alias;
}

/* An alias is a fault of its own: what is at its end, or is not, is told besides. */
static void judge_addresses(struct judgement *j, const char *host, const struct dns_answer *a, const struct dns_answer *aaaa, struct reach *reach) {
  const struct dns_answer *alias = judge_alias(j, host, a, aaaa);
  const char *end = alias ? alias->final_name : host;
  reach->unknown += answer_failed(a) || answer_failed(aaaa);
  if (a->outcome == DNS_NXDOMAIN || aaaa->outcome == DNS_NXDOMAIN) {
    judge_missing(j, end, a->outcome == DNS_NXDOMAIN ? a : aaaa);
  } else if (!a->count && !aaaa->count) {
    if (answer_failed(a) || answer_failed(aaaa)) find_argument(j, find_lookup_failed(j, "mx-lookup-failed", host, answer_failed(a) ? a : aaaa), "host", "%s", host);
    else find_seen(j, mx_tell(j, "mx-target-no-address", end, a), &aaaa->seen);
  } else if (!alias && is_doubled(j, host, true)) {
    mx_tell(j, "mx-target-doubled", host, a);
  } else {
    judge_private(j, end, a, aaaa);
    if (alias) return;
    reach->good++;
    reach->ipv6 += aaaa->count > 0;
  }
}

static void judge_target(struct judgement *j, const char *host, const struct dns_answer *mx, struct reach *reach) {
  const char *rule = form_rule(host);
  if (rule) {
    mx_tell(j, rule, host, mx);
    return;
  }
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  if (a && aaaa) judge_addresses(j, host, a, aaaa, reach);
}

/* ---- the set ---- */

static bool named_before(const struct dns_answer *mx, size_t at) {
  for (size_t i = 0; i < at; i++)
    if (strcmp(mx->records[i].mx.host, mx->records[at].mx.host) == 0) return true;
  return false;
}

static void judge_records(struct judgement *j, const struct dns_answer *mx) {
  struct reach reach = { 0 };
  bool null_target = false;
  for (size_t i = 0; i < mx_count(mx); i++) {
    const char *host = mx->records[i].mx.host;
    null_target = null_target || !*host;
    if (*host && !named_before(mx, i)) judge_target(j, host, mx, &reach);
  }
  if (null_target) mx_tell(j, "mx-null-with-other", "", mx);
  mx_judge_set(j, mx);
  if (mx->count > SPF_MX_MOST) find_argument(j, mx_tell(j, "mx-too-many", "", mx), "count", "%zu", mx->count);
  if (j->waiting) return;
  if (reach.good && !reach.ipv6 && !reach.unknown) mx_tell(j, "mx-no-ipv6", "", mx);
  if (reach.good && !found_above_info(j)) find_argument(j, mx_tell(j, "mx-ok", "", mx), "count", "%zu", reach.good);
}

/* One MX with the root as its target: RFC 7505. */
static void judge_null(struct judgement *j, const struct dns_answer *mx) {
  enum sending sending;
  if (!judge_sending(j, &sending)) return;
  bool receives = j->inquiry->profile == PROFILE_MAIL || j->inquiry->profile == PROFILE_RECEIVE_ONLY;
  mx_tell(j, receives ? "mx-null-for-mail-domain" : sending == SENDING_SOMEBODY ? "mx-null-with-sending" : "mx-null", "", mx);
  if (mx->records[0].mx.preference) find_argument(j, mx_tell(j, "mx-null-preference", "", mx), "preference", "%u", mx->records[0].mx.preference);
}

static void judge_none(struct judgement *j, const struct dns_answer *mx, enum profile profile) {
  const char *domain = j->inquiry->domain;
  const struct dns_answer *a = ask_dns(j, domain, DNS_TYPE_A), *aaaa = ask_dns(j, domain, DNS_TYPE_AAAA);
  if (!a || !aaaa || profile == PROFILE_SEND_ONLY) return;
  if (!a->count && !aaaa->count && (answer_failed(a) || answer_failed(aaaa))) {
    find_argument(j, find_lookup_failed(j, "mx-lookup-failed", NULL, answer_failed(a) ? a : aaaa), "host", "%s", domain);
    return;
  }
  struct finding *finding = mx_tell(j, a->count || aaaa->count ? "mx-implicit" : "mx-missing", domain, mx);
  find_seen(j, finding, &a->seen);
  find_seen(j, finding, &aaaa->seen);
}

void judge_mx(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  bool known = judge_profile(j, &profile);
  if (!mx || !known) return;
  if (profile == PROFILE_PARKED) judge_parked_mx(j);
  else if (answer_failed(mx)) find_argument(j, find_lookup_failed(j, "mx-lookup-failed", NULL, mx), "host", "%s", j->inquiry->domain);
  else if (answer_is_null_mx(mx)) judge_null(j, mx);
  else if (mx->count == 0) judge_none(j, mx, profile);
  else if (profile != PROFILE_SEND_ONLY) judge_records(j, mx);
}
