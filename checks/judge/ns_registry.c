#include <string.h>

#include "checks/judge/ns_private.h"
#include "checks/judge/registry.h"

/* 1.2: the registration. */

#define DAY_MS ((int64_t)86400 * 1000)
enum { WARN_DAYS = 60, FAIL_DAYS = 14 };

static struct finding *tell(struct judgement *j, const char *rule, enum severity severity, const struct registry *registry) {
  struct finding *finding = find_as(j, rule, severity, NULL);
  find_argument(j, finding, "domain", "%s", registry->domain);
  if (registry->reply) find_seen(j, finding, &registry->reply->seen);
  return finding;
}

static void judge_expiry(struct judgement *j, const struct registry *registry) {
  int64_t ends = registry->rdap->expiration, left = ends - registry->reply->seen.time;
  char when[32];
  if (!ends || left > WARN_DAYS * DAY_MS) return;
  clock_format_utc(ends, when);
  struct finding *finding = tell(j, "ns-registry-expiry-soon", left <= FAIL_DAYS * DAY_MS ? SEVERITY_FAIL : SEVERITY_WARN, registry);
  find_argument(j, finding, "time", "%s", when);
  find_argument(j, finding, "registrar", "%s", *registry->rdap->registrar ? registry->rdap->registrar : _("not told"));
}

static void judge_holds(struct judgement *j, const struct registry *registry) {
  static const char *const holds[] = { "client hold", "server hold", "redemption period", "pending delete" };
  struct buf held = BUF_INIT(256);
  for (size_t i = 0; i < registry->rdap->status_count; i++)
    for (size_t n = 0; n < MEM_COUNT(holds); n++)
      if (text_equal(registry->rdap->statuses[i], holds[n])) buf_printf(&held, held.length ? ", %s" : "%s", holds[n]);
  if (held.length) {
    struct finding *finding = tell(j, "ns-registry-hold", SEVERITY_FAIL, registry);
    find_argument(j, finding, "status", "%s", buf_string(&held));
    find_argument(j, finding, "registrar", "%s", *registry->rdap->registrar ? registry->rdap->registrar : _("not told"));
  }
  buf_release(&held);
}

static bool delegates_to(const struct dns_answer *referral, const char *name) {
  for (size_t i = 0; i < referral->authorities; i++)
    if (referral->authority[i].type == DNS_TYPE_NS && name_equal(referral->authority[i].target, name)) return true;
  return false;
}

static void judge_name_servers(struct judgement *j, const struct registry *registry, const struct ns_view *view) {
  const struct dns_answer *referral = view->referral;
  size_t delegated = 0, common = 0;
  struct buf told = BUF_INIT(2048);
  if (!referral || !registry->rdap->name_server_count || !view->zone || !name_equal(view->zone, registry->domain)) return;
  for (size_t i = 0; i < referral->authorities; i++) delegated += referral->authority[i].type == DNS_TYPE_NS;
  for (size_t i = 0; i < registry->rdap->name_server_count; i++) {
    common += delegates_to(referral, registry->rdap->name_servers[i]);
    buf_printf(&told, told.length ? ", %s" : "%s", registry->rdap->name_servers[i]);
  }
  if (common != delegated || common != registry->rdap->name_server_count) {
    struct finding *finding = tell(j, "ns-registry-nameservers-differ", SEVERITY_WARN, registry);
    find_seen(j, finding, &referral->seen);
    find_argument(j, finding, "servers", "%s", buf_string(&told));
  }
  buf_release(&told);
}

void ns_judge_registry(struct judgement *j, const struct ns_view *view) {
  struct registry registry;
  if (!registry_find(j, &registry)) return;
  if (!registry.rdap) {
    find_argument(j, tell(j, "ns-registry-unavailable", SEVERITY_INFO, &registry), "reason", "%s", registry.reason);
    return;
  }
  judge_expiry(j, &registry);
  judge_holds(j, &registry);
  judge_name_servers(j, &registry, view);
}
