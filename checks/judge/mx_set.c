#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/mx_private.h"

/* Rules about the MX records together. */

enum { NAMED_MOST = 5 }; /* hosts that one finding names */

/* ---- doubles ---- */

static bool holds_all(const struct dns_answer *of, const struct dns_answer *in) {
  for (size_t i = 0; i < of->count; i++) {
    bool there = false;
    for (size_t n = 0; n < in->count && !there; n++) there = ip_equal(&of->records[i].address, &in->records[n].address);
    if (!there) return false;
  }
  return of->count == in->count;
}

static bool same_addresses(struct judgement *j, const char *host, const char *other) {
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *a6 = ask_dns(j, host, DNS_TYPE_AAAA);
  const struct dns_answer *b = ask_dns(j, other, DNS_TYPE_A), *b6 = ask_dns(j, other, DNS_TYPE_AAAA);
  if (answer_failed(a) || answer_failed(a6) || answer_failed(b) || answer_failed(b6) || (!a->count && !a6->count)) return false;
  return holds_all(a, b) && holds_all(a6, b6);
}

/* How often the host stands before this place. */
static size_t times_before(const struct dns_answer *mx, size_t at) {
  size_t times = 0;
  for (size_t i = 0; i < at; i++) times += strcmp(mx->records[i].mx.host, mx->records[at].mx.host) == 0;
  return times;
}

static bool shares_addresses(struct judgement *j, const struct dns_answer *mx, size_t at, size_t other) {
  const char *host = mx->records[at].mx.host, *second = mx->records[other].mx.host;
  return !times_before(mx, other) && name_is_host(host) && name_is_host(second) && same_addresses(j, host, second);
}

/* One finding for all that share: told of the first of them, which `at` must be. */
static void judge_shared(struct judgement *j, const struct dns_answer *mx, size_t at) {
  const char *hosts = mx->records[at].mx.host, *last = NULL;
  struct finding *finding = NULL;
  for (size_t n = 0, named = 1; n < mx_count(mx); n++) {
    if (n == at || !shares_addresses(j, mx, at, n)) continue;
    if (n < at) return;
    if (!finding) finding = mx_tell(j, "mx-same-address", NULL, ask_dns(j, mx->records[at].mx.host, DNS_TYPE_A));
    find_seen(j, finding, &ask_dns(j, mx->records[n].mx.host, DNS_TYPE_A)->seen);
    if (last && ++named <= NAMED_MOST) hosts = arena_printf(j->arena, named < NAMED_MOST ? "%s, %s" : "%s, %s …", hosts, last);
    last = mx->records[n].mx.host;
  }
  if (!finding) return;
  find_argument(j, finding, "host", "%s", hosts);
  find_argument(j, finding, "other", "%s", last);
}

static void judge_doubles(struct judgement *j, const struct dns_answer *mx) {
  for (size_t i = 0; i < mx_count(mx); i++) {
    size_t times = times_before(mx, i);
    if (times == 0) judge_shared(j, mx, i);
    else if (times == 1 && *mx->records[i].mx.host) mx_tell(j, "mx-duplicate-host", mx->records[i].mx.host, mx);
  }
}

static const struct service_facts *service_of(struct judgement *j, const char *host) {
  return j->inquiry->facts ? facts_service_of_mx(j->inquiry->facts, host, j->inquiry->domain) : NULL;
}

static void judge_single(struct judgement *j, const struct dns_answer *mx) {
  const char *host = mx->records[0].mx.host;
  if (mx->count != 1 || !name_is_host(host)) return;
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  const struct service_facts *service = service_of(j, host);
  if (answer_failed(a) || answer_failed(aaaa) || a->links || aaaa->links || a->count + aaaa->count != 1 || (service && service->clustered)) return;
  mx_tell(j, "mx-single-host", host, a->count ? a : aaaa);
}

/* ---- providers ---- */

static bool is_own(struct judgement *j, const char *host) { return suffix_same(host, j->inquiry->domain); }

/* Two hosts of different services, or of a service and of the organisation itself: what is sent to one goes past the other. */
static void judge_mixed(struct judgement *j, const struct dns_answer *mx) {
  const struct service_facts *first = NULL;
  const char *first_host = NULL, *own = NULL, *other_host = NULL, *other = NULL;
  for (size_t i = 0; i < mx_count(mx); i++) {
    const char *host = mx->records[i].mx.host;
    const struct service_facts *service = service_of(j, host);
    if (service && !first) first = service, first_host = host;
    else if (service && strcmp(service->id, first->id) != 0 && !other) other = service->name, other_host = host;
    else if (!service && !own && name_is_host(host) && is_own(j, host)) own = host;
  }
  if (!first || (!other && !own)) return;
  struct finding *finding = mx_tell(j, "mx-mixed-providers", first_host, mx);
  find_argument(j, finding, "provider", "%s", first->name);
  find_argument(j, finding, "other_host", "%s", other ? other_host : own);
  find_argument(j, finding, "other", "%s", other ? other : _("the organisation itself"));
}

/* A service of no known provider may own any host: then nothing is said. */
static bool is_listed(struct judgement *j, const char *host) {
  const struct service_facts *service = service_of(j, host);
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const char *id = j->inquiry->services[i].id;
    if (!*id || (service && strcmp(id, service->id) == 0)) return true;
  }
  return false;
}

static void judge_inventory(struct judgement *j, const struct dns_answer *mx) {
  if (!j->inquiry->services_complete || !j->inquiry->facts) return;
  for (size_t i = 0; i < mx_count(mx); i++) {
    const char *host = mx->records[i].mx.host;
    if (!name_is_host(host) || is_listed(j, host)) continue;
    const struct service_facts *service = service_of(j, host);
    find_argument(j, mx_tell(j, "mx-not-in-inventory", host, mx), "provider", "%s", service ? service->name : _("not known"));
  }
}

/* ---- wildcard ---- */

/* Only a name that is no zone of its own can be answered by a wildcard of the zone above (RFC 4592 section 2). */
static void judge_wildcard(struct judgement *j, const struct dns_answer *mx) {
  const char *domain = j->inquiry->domain, *parent = name_parent(domain);
  const struct dns_answer *soa = ask_dns(j, domain, DNS_TYPE_SOA);
  if (answer_failed(soa) || soa->outcome == DNS_ANSWER || suffix_is_public(parent)) return;
  const struct dns_answer *any = ask_dns(j, name_join(j->arena, unused_label(j->arena, domain), parent), DNS_TYPE_MX);
  if (!any || !any->count || !answers_same(j->arena, any, mx)) return;
  struct finding *finding = mx_tell(j, "mx-from-wildcard", domain, mx);
  find_seen(j, finding, &any->seen);
  find_argument(j, finding, "wildcard", "*.%s", parent);
}

void mx_judge_set(struct judgement *j, const struct dns_answer *mx) {
  judge_doubles(j, mx);
  judge_single(j, mx);
  judge_mixed(j, mx);
  judge_inventory(j, mx);
  judge_wildcard(j, mx);
}
