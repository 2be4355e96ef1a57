/* The planner: what each name of a domain's case needs, in the order in which it is safe to ask. */
#include <stdlib.h>
#include <string.h>

#include "checks/examine.h"
#include "checks/judge/gsi.h"
#include "src/plan/private.h"

enum { RECORD_TOPICS = 1u << TOPIC_SPF | 1u << TOPIC_DMARC | 1u << TOPIC_DKIM | 1u << TOPIC_MX | 1u << TOPIC_TLSRPT };

/* ---- order ---- */

static int by_order(const void *a, const void *b) {
  const struct plan_change *left = a, *right = b;
  if (left->order != right->order) return left->order - right->order;
  int names = strcmp(left->name, right->name);
  if (names) return names;
  if (left->type != right->type) return (int)left->type - (int)right->type;
  if (left->action != right->action) return left->action == PLAN_ADD ? -1 : right->action == PLAN_ADD ? 1 : (int)left->action - (int)right->action; /* add before remove */
  const char *one = left->now_count ? left->now[0] : left->wanted[0], *other = right->now_count ? right->now[0] : right->wanted[0];
  return strcmp(one, other);
}

/* ---- names beneath, and old ones ---- */

/* Which part of a domain's records is planned for a name that the case lists with it. */
enum beneath { BENEATH_SENDER, BENEATH_PARKED, BENEATH_TAKES_MAIL /* sends nothing, and its mail servers stay */, BENEATH_DIGITAL };

static bool sends_nothing(enum beneath part) { return part == BENEATH_PARKED || part == BENEATH_TAKES_MAIL; }

static bool is_for(const struct inquiry_service *service, const char *name) { return service->sends && service->domain && name_equal(service->domain, name); }

static void narrow(struct arena *arena, const struct inquiry *from, const char *name, struct inquiry *out) {
  struct inquiry_service *services = ARENA_ARRAY(arena, struct inquiry_service, from->service_count + 1);
  struct ip *sending = NULL;
  *out = *from;
  out->domain = name;
  out->topics = from->topics & RECORD_TOPICS;
  out->services = services;
  out->service_count = out->sending_count = out->selector_count = out->subdomain_count = out->digital_service_count = out->old_domain_count = 0;
  for (size_t i = 0; i < from->service_count; i++) {
    if (!is_for(&from->services[i], name)) continue;
    services[out->service_count++] = from->services[i];
    for (size_t n = 0; n < from->services[i].address_count; n++) {
      sending = arena_grow(arena, sending, out->sending_count, sizeof *sending);
      sending[out->sending_count++] = from->services[i].addresses[n];
    }
  }
  out->sending = sending;
}

static void plan_name(struct planning *parent, const char *name, enum beneath part) {
  struct planning p = *parent;
  struct plan_options options = *parent->options;
  struct inquiry inquiry;
  narrow(p.j.arena, parent->inquiry, name, &inquiry);
  inquiry.profile = sends_nothing(part) ? PROFILE_PARKED : part == BENEATH_SENDER ? PROFILE_MAIL : PROFILE_INFERRED;
  options.spf_term_count = 0;
  options.mtasts_enforce = options.mtasts_file_changed = false;
  options.dmarc_step = PLAN_DMARC_KEEP;
  p.inquiry = p.j.inquiry = &inquiry;
  p.options = &options;
  p.digital = part == BENEATH_DIGITAL;
  p.verdict = examine_store(p.j.arena, p.j.store, &inquiry);
  p.j.waiting = false;
  p.profile = inquiry.profile;
  const struct dns_answer *soa = ask_dns(&p.j, name, DNS_TYPE_SOA);
  bool known = judge_profile(&p.j, &p.profile) && soa;
  if (known && soa->outcome != DNS_FAILED) {
    if (part != BENEATH_DIGITAL || inquiry.service_count || p.profile == PROFILE_PARKED) plan_spf(&p);
    if (part != BENEATH_SENDER) plan_dmarc(&p);
    plan_dkim(&p);
    if (part == BENEATH_PARKED) plan_mx(&p);
  }
  parent->j.waiting |= p.j.waiting || !known;
}

static bool sends_by_list(const struct inquiry *inquiry, const char *name) {
  for (size_t i = 0; i < inquiry->service_count; i++)
    if (is_for(&inquiry->services[i], name)) return true;
  return false;
}

static bool has_mail_servers(struct planning *p, const char *name) {
  const struct dns_answer *mx = ask_dns(&p->j, name, DNS_TYPE_MX);
  return mx && mx->count && *mx->records[0].mx.host;
}

static bool is_listed(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (name_equal(names[i], name)) return true;
  return false;
}

static void plan_subdomains(struct planning *p) {
  const struct inquiry *inquiry = p->inquiry;
  for (size_t i = 0; i < inquiry->subdomain_count; i++) {
    const char *name = name_lower(p->j.arena, inquiry->subdomains[i]);
    if (!name_is_below(name, inquiry->domain) || is_listed(inquiry->subdomains, i, name) || is_listed(inquiry->digital_services, inquiry->digital_service_count, name)) continue;
    if (sends_by_list(inquiry, name) || has_mail_servers(p, name)) plan_name(p, name, BENEATH_SENDER);
    else if (p->profile == PROFILE_PARKED) plan_name(p, name, BENEATH_PARKED);
  }
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const char *name = inquiry->services[i].domain ? name_lower(p->j.arena, inquiry->services[i].domain) : "";
    bool seen = !inquiry->services[i].sends || is_listed(inquiry->subdomains, inquiry->subdomain_count, name) || is_listed(inquiry->digital_services, inquiry->digital_service_count, name);
    for (size_t n = 0; n < i; n++) seen |= inquiry->services[n].domain && name_equal(inquiry->services[n].domain, name) && inquiry->services[n].sends;
    if (!seen && name_is_below(name, inquiry->domain)) plan_name(p, name, BENEATH_SENDER);
  }
  for (size_t i = 0; i < inquiry->digital_service_count; i++) {
    const char *name = name_lower(p->j.arena, inquiry->digital_services[i]);
    if (!name_equal(name, inquiry->domain) && !is_listed(inquiry->digital_services, i, name) && name_labels(name) > 1) plan_name(p, name, BENEATH_DIGITAL);
  }
}

/* What is planned for an old name. Nothing while something sends as it, or before its mail has moved: the new domain comes first. */
static bool part_of_old(const struct inquiry_old_domain *old, enum beneath *out) {
  *out = old->forwards || old->aliases ? BENEATH_TAKES_MAIL : BENEATH_PARKED;
  return old->sends != TRI_YES && !old->switch_planned;
}

/* An old name sends nothing: its request goes to the operator of the gsi family. Its mail servers stay while mail to it is of use. */
static void plan_old_domains(struct planning *p) {
  const struct inquiry *inquiry = p->inquiry;
  for (size_t i = 0; i < inquiry->old_domain_count; i++) {
    const char *name = inquiry->old_domains[i].name;
    enum beneath part;
    const struct dns_answer *soa = ask_dns(&p->j, name, DNS_TYPE_SOA);
    if (!part_of_old(&inquiry->old_domains[i], &part) || name_equal(name, inquiry->domain) || !soa || soa->outcome == DNS_NXDOMAIN || soa->outcome == DNS_FAILED) continue;
    struct planning old = *p;
    struct inquiry with = *inquiry;
    with.replacement = inquiry->domain; /* where the reports go */
    old.inquiry = old.j.inquiry = &with;
    plan_name(&old, name, part);
    p->j.waiting |= old.j.waiting;
  }
}

/* ---- ---- */

/* SPF and MTA-STS name mail servers and hosts: they are planned on what will be there when the changes of those are made. */
static void plan_over(struct planning *p) {
  struct planning later = *p;
  later.j.store = store_overlay(p->j.store);
  plan_apply(p->plan, later.j.store);
  plan_spf(&later);
  plan_mtasts(&later);
  p->j.waiting |= later.j.waiting;
  store_free(&later.j.store);
}

static void plan_all(struct planning *p) {
  plan_mx(p);
  plan_pointers(p);
  plan_gsi(p);
  plan_over(p);
  plan_dkim(p);
  plan_dmarc(p);
  plan_tlsrpt(p);
  plan_secure(p);
  plan_stray(p);
  plan_subdomains(p);
  plan_old_domains(p);
}

struct plan *plan_make(struct arena *arena, struct store *store, const struct verdict *verdict, const struct inquiry *inquiry, const struct plan_options *options) {
  struct plan *plan = ARENA_NEW(arena, struct plan);
  struct planning p = { .j = { .store = store, .inquiry = inquiry, .arena = arena, .topic = TOPIC_SPF }, .plan = plan, .verdict = verdict, .inquiry = inquiry, .options = options };
  plan->domain = inquiry->domain;
  if (verdict_has(verdict, "ns-domain-not-found") || verdict_has(verdict, "ns-lookup-failed")) {
    plan_unknown(&p, inquiry->domain, _("{name} could not be looked at, so nothing can be asked for."));
    return plan;
  }
  if (!judge_profile(&p.j, &p.profile)) {
    plan->waiting = true;
    return plan;
  }
  plan_all(&p);
  if (plan->change_count) qsort(plan->changes, plan->change_count, sizeof *plan->changes, by_order);
  plan_fill_present(&p);
  plan->waiting |= p.j.waiting;
  if (plan->waiting) return plan;
  plan_choose(&p);
  plan_prove(&p);
  return plan;
}
