#include <stdlib.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/plan/private.h"

#define MX_WHY "mx-target- mx-verification mx-duplicate mx-null-with gsi-mx"
#define MX_ORDER_WHY N_("It waits for nothing more: whatever else names the mail servers (an MTA-STS policy) agrees with it already.")

static const struct plan_kind dead_kind = { "check-mx", ORDER_MX, N_("Mail server: this one no longer exists. The others stay as they are."), MX_ORDER_WHY, MX_WHY };
static const struct plan_kind mended_kind = { "check-mx", ORDER_MX, N_("Mail server: the name is mistyped. This is the one that was meant."), MX_ORDER_WHY, MX_WHY };
static const struct plan_kind double_kind = { "check-mx", ORDER_MX, N_("Mail server: the same one is listed twice. One entry is enough."), MX_ORDER_WHY, MX_WHY };
static const struct plan_kind null_kind = {
  "check-nonsending", ORDER_NULL_MX, N_("Null MX: says that this domain takes no email. If your system does not accept it, leave it out and tell us."),
  N_("It comes last: from then on email to the domain is refused."), "parked-null parked-mx parked-looks mx- gsi-mx",
};
static const struct plan_kind no_null_kind = { "check-mx", ORDER_MX, N_("Null MX: it says that the domain takes no email, which is not so. The mail servers stay as they are."), MX_ORDER_WHY, MX_WHY };

static const struct plan_kind closed_kind = { "check-mx", ORDER_MX, N_("Mail server: the domain takes no email, as its null MX says, and the two contradict each other. The null MX stays."), MX_ORDER_WHY, MX_WHY };

enum { MOST_HOSTS = 100 };

/* ---- what is wrong with a host ---- */

static bool is_told(struct planning *p, const char *const *rules, size_t count, const char *host) {
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    const char *named = finding_argument(finding, "host");
    for (size_t n = 0; named && n < count; n++)
      if (strcmp(finding->rule->id, rules[n]) == 0 && strcmp(named, host) == 0) return true;
  }
  return false;
}

static bool is_dead(struct planning *p, const char *host) {
  static const char *const rules[] = { "mx-target-not-found", "mx-target-unregistered", "mx-verification-leftover", "mx-target-doubled", "mx-target-single-label", "mx-target-ip-literal", "mx-target-no-address" };
  return is_told(p, rules, MEM_COUNT(rules), host) || (gsi_is_family(host) && !gsi_is_family(p->inquiry->domain)) || name_is_under(host, "gsi.messagelabs.com");
}

static bool has_address(struct planning *p, const char *host) {
  if (!name_is_host(host) || name_labels(host) < 2) return false;
  const struct dns_answer *a = ask_dns(&p->j, host, DNS_TYPE_A), *aaaa = ask_dns(&p->j, host, DNS_TYPE_AAAA);
  return a && aaaa && !a->links && !aaaa->links && (a->count || aaaa->count);
}

/* ---- what was meant ---- */

/* The pattern of a service with the domain put in; null when part of it is known to the account only. */
static const char *filled(struct arena *arena, const char *pattern, const char *domain) {
  const char *hole = strstr(pattern, "<d-dash>");
  if (!hole) return strpbrk(pattern, "<*") ? NULL : pattern;
  char *dashed = arena_strdup(arena, domain);
  for (char *at = dashed; *at; at++)
    if (*at == '.') *at = '-';
  const char *name = arena_printf(arena, "%.*s%s%s", (int)(hole - pattern), pattern, dashed, hole + 8);
  return strpbrk(name, "<*") ? NULL : name;
}

/* The service host that is one or two letters away. */
static const char *near_service(struct planning *p, const char *host) {
  const struct facts *facts = p->inquiry->facts;
  for (size_t i = 0; facts && i < facts->service_count; i++)
    for (size_t n = 0; n < facts->services[i].mx_count; n++) {
      const char *name = facts->services[i].mx[n].old ? NULL : filled(p->j.arena, facts->services[i].mx[n].text, p->inquiry->domain);
      if (name && text_distance(host, name, 2) <= 2) return name;
    }
  return NULL;
}

/* The name that was meant: without the zone that a form appended, with it where a form did not, or without the slip. Null: none that has
 * an address. */
static const char *meant_host(struct planning *p, const char *host) {
  const char *domain = p->inquiry->domain, *candidates[3] = { NULL };
  if (name_is_below(host, domain)) candidates[0] = arena_strndup(p->j.arena, host, strlen(host) - strlen(domain) - 1);
  if (name_labels(host) == 1) candidates[1] = name_join(p->j.arena, host, domain);
  candidates[2] = near_service(p, host);
  for (size_t i = 0; i < MEM_COUNT(candidates); i++)
    if (candidates[i] && strcmp(candidates[i], host) != 0 && has_address(p, candidates[i])) return candidates[i];
  return NULL;
}

/* ---- changes ---- */

static void remove_one(struct planning *p, const struct dns_rr *rr, const struct plan_kind *kind) {
  plan_change_now(p, plan_change_new(p, PLAN_REMOVE, p->inquiry->domain, DNS_TYPE_MX, kind), rr);
}

static bool is_listed(const struct dns_answer *mx, const char *host) {
  for (size_t i = 0; i < mx->count; i++)
    if (strcmp(mx->records[i].mx.host, host) == 0) return true;
  return false;
}

static void mend_one(struct planning *p, const struct dns_rr *rr, const char *meant) {
  struct plan_change *change = plan_change_new(p, PLAN_REPLACE, p->inquiry->domain, DNS_TYPE_MX, &mended_kind);
  plan_change_now(p, change, rr);
  plan_change_wanted(p, change, arena_printf(p->j.arena, "%u %s.", rr->mx.preference, meant));
}

static void plan_null_mx(struct planning *p, const struct dns_answer *mx) {
  if (mx->count == 1 && !*mx->records[0].mx.host) return;
  bool has = plan_is_own(p, mx);
  struct plan_change *change = plan_change_new(p, has ? PLAN_REPLACE : PLAN_ADD, p->inquiry->domain, DNS_TYPE_MX, &null_kind);
  for (size_t i = 0; has && i < mx->count; i++) plan_change_now(p, change, &mx->records[i]);
  plan_change_wanted(p, change, "0 .");
}

/* The same host twice: the entry that is tried later goes. */
static bool is_second_entry(const struct dns_answer *mx, size_t i) {
  for (size_t n = 0; n < mx->count; n++) {
    if (n == i || strcmp(mx->records[n].mx.host, mx->records[i].mx.host) != 0) continue;
    if (mx->records[n].mx.preference < mx->records[i].mx.preference || (mx->records[n].mx.preference == mx->records[i].mx.preference && n < i)) return true;
  }
  return false;
}

/* Which fate each entry has: null stays, else the kind of its change; `meant` for a replacement. */
struct fates { const struct plan_kind *kind[MOST_HOSTS]; const char *meant[MOST_HOSTS]; size_t staying; };

static void judge_hosts(struct planning *p, const struct dns_answer *mx, struct fates *out) {
  bool mail = p->profile == PROFILE_MAIL || p->profile == PROFILE_RECEIVE_ONLY, null = is_listed(mx, "");
  *out = (struct fates){ .staying = !mail && null };
  for (size_t i = 0; i < mx->count && i < MOST_HOSTS; i++) {
    const char *host = mx->records[i].mx.host;
    if (!*host) {
      if (mail && mx->count > 1) out->kind[i] = &no_null_kind;
    } else if (!mail && null) {
      out->kind[i] = &closed_kind;
    } else if (is_dead(p, host)) {
      const char *meant = meant_host(p, host);
      bool again = meant && is_listed(mx, meant);
      for (size_t n = 0; meant && n < i; n++) again |= out->meant[n] && strcmp(out->meant[n], meant) == 0;
      out->kind[i] = meant && !again ? &mended_kind : &dead_kind;
      out->meant[i] = again ? NULL : meant;
    } else if (is_second_entry(mx, i)) {
      out->kind[i] = &double_kind;
    }
    out->staying += (!out->kind[i] && *host) || out->meant[i];
  }
}

static void plan_hosts(struct planning *p, const struct dns_answer *mx) {
  struct fates fates;
  judge_hosts(p, mx, &fates);
  if (!fates.staying) { /* the last mail server is not taken away */
    for (size_t i = 0; i < mx->count && i < MOST_HOSTS; i++)
      if (fates.kind[i])
        plan_task(p, "mx-name-server", "check-mx", "", _("No mail server of {domain} exists. Ask your mail service for the MX records that belong to the domain; {host} is to be replaced by them"), "domain", p->inquiry->domain, "host",
                  mx->records[i].mx.host, NULL);
    return;
  }
  for (size_t i = 0; i < mx->count && i < MOST_HOSTS; i++) {
    if (!fates.kind[i]) continue;
    if (fates.meant[i]) mend_one(p, &mx->records[i], fates.meant[i]);
    else remove_one(p, &mx->records[i], fates.kind[i]);
  }
}

void plan_mx(struct planning *p) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  if (!mx || mx->links) return;
  if (mx->outcome == DNS_FAILED) plan_unknown(p, p->inquiry->domain, _("The MX records of {name} could not be looked up, so they are left out of the plan."));
  else if (p->profile == PROFILE_PARKED) plan_null_mx(p, mx);
  else if (plan_is_own(p, mx)) plan_hosts(p, mx);
  for (size_t i = 0; i < p->verdict->count; i++)
    if (strcmp(p->verdict->findings[i]->rule->id, "mx-target-cname") == 0)
      plan_task(p, "mx-canonical-name", "check-mx", "", _("Ask your mail service for the name to put in place of {host}, which is an alias: an MX record must name a host directly"), "host",
                finding_argument(p->verdict->findings[i], "host"), NULL);
}
