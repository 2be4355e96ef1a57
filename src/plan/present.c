#include <string.h>

#include "src/plan/private.h"

/* What is published beside a change: for interfaces that take whole record sets only, for prerequisites, and for going back. */

const char *plan_value_of(struct arena *arena, const struct dns_rr *rr) {
  char address[IP_TEXT];
  switch (rr->type) {
  case DNS_TYPE_TXT: return rr->txt.bytes;
  case DNS_TYPE_MX: return arena_printf(arena, "%u %s.", rr->mx.preference, rr->mx.host);
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: return arena_printf(arena, "%s.", rr->target);
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: ip_format(&rr->address, address); return arena_strdup(arena, address);
  default: return zone_text_of(arena, rr);
  }
}

/* Two records may hold the same text with other borders between its strings: each takes one place of `now`. */
static bool goes(struct arena *arena, struct plan_change *change, const struct dns_rr *rr) {
  const char *value = plan_value_of(arena, rr);
  for (size_t i = 0; i < change->now_count; i++) {
    if (change->now_data[i] || strcmp(change->now[i], value) != 0) continue;
    change->now_data[i] = zone_text_of(arena, rr);
    return true;
  }
  return false;
}

static void fill_change(struct planning *p, struct plan_change *change) {
  const struct dns_answer *answer = ask_dns(&p->j, change->name, change->type);
  change->now_data = ARENA_ARRAY(p->j.arena, const char *, change->now_count + 1);
  if (!answer || answer->outcome == DNS_FAILED) return;
  change->present_known = true;
  change->from_wildcard = change->action == PLAN_ADD && answer->count && !plan_is_own(p, answer) && !answer->links;
  if (change->from_wildcard) return;
  for (size_t i = 0; answer->links == 0 && i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (rr->ttl > change->set_ttl) change->set_ttl = rr->ttl;
    if (goes(p->j.arena, change, rr)) continue;
    change->kept_data = arena_grow(p->j.arena, change->kept_data, change->kept_count, sizeof *change->kept_data);
    change->kept_data[change->kept_count++] = zone_text_of(p->j.arena, rr);
  }
}

static void fill_zone(struct planning *p, const char *name) {
  struct plan *plan = p->plan;
  if (plan_zone_find(plan, name)) return;
  plan->zones = arena_grow(p->j.arena, plan->zones, plan->zone_count, sizeof *plan->zones);
  struct plan_zone *zone = &plan->zones[plan->zone_count++];
  const struct dns_answer *ns = ask_dns(&p->j, name, DNS_TYPE_NS);
  *zone = (struct plan_zone){ .name = name };
  if (!ns || !ns->count) return;
  const char **servers = ARENA_ARRAY(p->j.arena, const char *, ns->count);
  for (size_t i = 0; i < ns->count; i++) servers[i] = arena_strdup(p->j.arena, ns->records[i].target);
  zone->servers = servers;
  zone->server_count = ns->count;
}

const struct plan_zone *plan_zone_find(const struct plan *plan, const char *name) {
  for (size_t i = 0; i < plan->zone_count; i++)
    if (strcmp(plan->zones[i].name, name) == 0) return &plan->zones[i];
  return NULL;
}

void plan_fill_present(struct planning *p) {
  for (size_t i = 0; i < p->plan->change_count; i++) {
    fill_change(p, &p->plan->changes[i]);
    fill_zone(p, p->plan->changes[i].zone);
  }
}
