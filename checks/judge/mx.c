#include <string.h>

#include "checks/judge/lib.h"

static struct finding *tell(struct judgement *j, const char *rule, const char *host, const struct dns_answer *seen) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "host", "%s", host);
  if (seen) find_seen(j, finding, &seen->seen);
  return finding;
}

/* ---- the form of a target ---- */

static bool is_ip_literal(const char *host) {
  struct ip ip;
  size_t length = strlen(host);
  if (length > 2 && host[0] == '[' && host[length - 1] == ']') return ip_parse_n(host + 1, length - 2, &ip);
  return ip_parse(host, &ip);
}

static bool is_leftover(const char *host) { return text_ends(host, ".invalid") || text_ends(host, ".mx-verification.google.com"); }

/* "mx.provider.net.example.gov.uk": the final dot was forgotten, when the part before the domain is a host of its own. */
static bool is_doubled(struct judgement *j, const char *host) {
  const char *inner = name_relative(j->arena, host, j->inquiry->domain);
  if (!inner || strcmp(inner, "@") == 0 || name_labels(inner) < 2 || strcmp(suffix_registrable(inner), inner) == 0) return false;
  const struct dns_answer *answer = ask_dns(j, inner, DNS_TYPE_A);
  return answer && answer->count > 0;
}

static bool judge_form(struct judgement *j, const char *host) {
  if (is_ip_literal(host)) tell(j, "mx-target-ip-literal", host, NULL);
  else if (name_labels(host) == 1) tell(j, "mx-target-single-label", host, NULL);
  else if (is_leftover(host)) tell(j, "mx-verification-leftover", host, NULL);
  else if (!name_is_host(host)) tell(j, "mx-target-syntax", host, NULL);
  else return true;
  return false;
}

/* ---- where a target leads ---- */

struct reach { size_t good, ipv6; };

static void judge_missing(struct judgement *j, const char *host, const struct dns_answer *a) {
  const char *registrable = suffix_registrable(host);
  const struct dns_answer *owner = ask_dns(j, registrable, DNS_TYPE_SOA);
  if (is_doubled(j, host)) {
    tell(j, "mx-target-doubled", host, a);
    return;
  }
  if (!owner) return;
  tell(j, owner->outcome == DNS_NXDOMAIN && strcmp(registrable, j->inquiry->domain) != 0 ? "mx-target-unregistered" : "mx-target-not-found", host, a);
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
}

static void judge_target(struct judgement *j, const char *host, struct reach *reach) {
  if (!judge_form(j, host)) return;
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  if (!a || !aaaa) return;
  if (a->outcome == DNS_FAILED && aaaa->outcome == DNS_FAILED) {
    struct finding *finding = find_lookup_failed(j, "mx-lookup-failed", host, a);
    find_argument(j, finding, "host", "%s", host);
    return;
  }
  if (a->links || aaaa->links) {
    find_argument(j, tell(j, "mx-target-cname", host, a), "target", "%s", a->links ? a->final_name : aaaa->final_name);
    return;
  }
  if (a->outcome == DNS_NXDOMAIN || aaaa->outcome == DNS_NXDOMAIN) judge_missing(j, host, a);
  else if (!a->count && !aaaa->count && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED) tell(j, "mx-target-no-address", host, a);
  else {
    judge_private(j, host, a, aaaa);
    reach->good++;
    reach->ipv6 += aaaa->count > 0;
  }
}

/* ---- the set ---- */

static void judge_duplicates(struct judgement *j, const struct dns_answer *mx) {
  for (size_t i = 0; i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    for (size_t n = 0; n < i; n++) {
      const char *other = mx->records[n].mx.host;
      if (strcmp(host, other) == 0) {
        tell(j, "mx-duplicate-host", host, NULL);
        break;
      }
      const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *b = ask_dns(j, other, DNS_TYPE_A);
      if (a && b && a->count == 1 && b->count == 1 && ip_equal(&a->records[0].address, &b->records[0].address)) {
        find_argument(j, tell(j, "mx-same-address", host, NULL), "other", "%s", other);
        break;
      }
    }
  }
}

static void judge_set(struct judgement *j, const struct dns_answer *mx) {
  struct reach reach = { 0 };
  size_t null_targets = 0;
  for (size_t i = 0; i < mx->count; i++) null_targets += !*mx->records[i].mx.host;
  if (null_targets) find(j, "mx-null-with-other", NULL);
  for (size_t i = 0; i < mx->count; i++)
    if (*mx->records[i].mx.host) judge_target(j, mx->records[i].mx.host, &reach);
  judge_duplicates(j, mx);
  if (mx->count > 10) find_argument(j, find(j, "mx-too-many", NULL), "count", "%zu", mx->count);
  if (j->waiting) return;
  if (mx->count == 1 && reach.good == 1) {
    const struct dns_answer *a = ask_dns(j, mx->records[0].mx.host, DNS_TYPE_A), *aaaa = ask_dns(j, mx->records[0].mx.host, DNS_TYPE_AAAA);
    if (a && aaaa && a->count <= 1 && aaaa->count <= 1) tell(j, "mx-single-host", mx->records[0].mx.host, NULL);
  }
  if (reach.good && !reach.ipv6) find(j, "mx-no-ipv6", NULL);
  if (reach.good && !found_above_info(j)) find_argument(j, find(j, "mx-ok", NULL), "count", "%zu", reach.good);
}

static void judge_null(struct judgement *j, const struct dns_answer *mx, enum profile profile) {
  if (j->inquiry->profile == PROFILE_MAIL || j->inquiry->profile == PROFILE_RECEIVE_ONLY) find(j, "mx-null-for-mail-domain", NULL);
  else if (profile == PROFILE_SEND_ONLY) find(j, "mx-null-with-sending", NULL);
  else find(j, "mx-null", NULL);
  if (mx->records[0].mx.preference) find(j, "mx-null-preference", NULL);
}

void judge_mx(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const char *domain = j->inquiry->domain;
  const struct dns_answer *mx = ask_dns(j, domain, DNS_TYPE_MX), *a = ask_dns(j, domain, DNS_TYPE_A), *aaaa = ask_dns(j, domain, DNS_TYPE_AAAA);
  bool known = judge_profile(j, &profile);
  if (!mx || !known) return;
  if (profile == PROFILE_PARKED) {
    judge_parked_mx(j);
    return;
  }
  if (mx->outcome == DNS_FAILED) {
    find_argument(j, find_lookup_failed(j, "mx-lookup-failed", NULL, mx), "host", "%s", domain);
  } else if (mx->count == 1 && !*mx->records[0].mx.host) {
    judge_null(j, mx, profile);
  } else if (mx->count > 0) {
    judge_set(j, mx);
  } else if (a && aaaa && (a->count || aaaa->count)) {
    find(j, "mx-implicit", NULL);
  } else if (a && aaaa && profile != PROFILE_SEND_ONLY && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED) {
    find(j, "mx-missing", NULL);
  }
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &mx->seen);
}
