#include <string.h>

#include "src/plan/private.h"

/* Sending addresses and their reverse names: asked of the owner of the address, but for the name's own address, which is asked of the
 * domain's provider. */

static const struct plan_kind pointer_kind = {
  "cloud-ptr", ORDER_PTR, N_("Reverse name: the sending host's address must lead back to its name."), N_("It is asked of the owner of the address, and may be done at any time."), "address-ptr-m address-ptr-syntax address-ipv6 gsi-ptr",
};
static const struct plan_kind address_kind = {
  "cloud-ptr", ORDER_ADDRESS, N_("Address of the sending host: the reverse name of the address leads to it, and it must lead back."), N_("It comes before SPF, which may name the host."), "address-ptr-mismatch",
};

/* The name that the address should have: that of the mail server which has it. */
static const char *host_of(struct planning *p, const struct ip *ip) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  for (size_t n = 0; mx && n < mx->count; n++) {
    const char *host = mx->records[n].mx.host;
    const struct dns_answer *a = *host ? ask_dns(&p->j, host, ip->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A) : NULL;
    for (size_t k = 0; a && k < a->count; k++)
      if (ip_equal(&a->records[k].address, ip)) return host;
  }
  return NULL;
}

/* A reverse name of the organisation's own that has no address of this kind: the address is what is missing. */
static const char *own_name_without_address(struct planning *p, const struct ip *ip, const struct dns_answer *pointers) {
  for (size_t i = 0; i < pointers->count; i++) {
    const char *name = pointers->records[i].target;
    if (!name_is_host(name) || !name_is_under(name, p->inquiry->domain)) continue;
    const struct dns_answer *a = ask_dns(&p->j, name, ip->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A);
    if (a && !a->count && !a->links && (a->outcome == DNS_NODATA || a->outcome == DNS_NXDOMAIN)) return name;
  }
  return NULL;
}

static void ask_for_address(struct planning *p, const struct ip *ip, const char *name) {
  char text[IP_TEXT];
  ip_format(ip, text);
  plan_change_wanted(p, plan_change_new(p, PLAN_ADD, name, ip->family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A, &address_kind), text);
}

static void ask_for_pointer(struct planning *p, const char *name, const struct dns_answer *pointers, const char *host) {
  struct plan_change *change = plan_change_new(p, pointers->count ? PLAN_REPLACE : PLAN_ADD, name, DNS_TYPE_PTR, &pointer_kind);
  for (size_t k = 0; k < pointers->count; k++) plan_change_now(p, change, &pointers->records[k]);
  plan_change_wanted(p, change, arena_printf(p->j.arena, "%s.", host));
  change->contact = CONTACT_ADDRESS_OWNER;
}

static void plan_address(struct planning *p, const char *rule, const char *address) {
  struct ip ip;
  char reverse[80];
  if (!ip_parse(address, &ip)) return;
  ip_reverse_name(&ip, reverse);
  const struct dns_answer *pointers = ask_dns(&p->j, reverse, DNS_TYPE_PTR);
  if (!pointers || pointers->outcome == DNS_FAILED) return;
  const char *own = own_name_without_address(p, &ip, pointers), *host = host_of(p, &ip);
  /* A reverse name may be an alias into a zone of the customer's (RFC 2317 section 4): the pointer stands there. */
  const char *name = pointers->links ? pointers->final_name : arena_strdup(p->j.arena, reverse);
  if (own) ask_for_address(p, &ip, own);
  else if (host && name_is_host(host)) ask_for_pointer(p, name, pointers, host);
  else
    plan_task(p, rule, "cloud-ptr", "", _("Ask the owner of the address {address} for a reverse name (PTR) that is the name of the sending host, and give that name the address"), "address", address, NULL);
}

void plan_pointers(struct planning *p) {
  static const char *const rules[] = { "address-ptr-missing", "address-ipv6-sending-no-ptr", "address-ptr-mismatch", "address-ptr-syntax", "gsi-ptr-leftover" };
  const char *seen = "";
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    bool is = false;
    for (size_t n = 0; n < MEM_COUNT(rules); n++) is |= strcmp(finding->rule->id, rules[n]) == 0;
    bool asks = finding->severity == SEVERITY_FAIL || strcmp(finding->rule->id, "gsi-ptr-leftover") == 0;
    if (!is || !asks || strstr(seen, arena_printf(p->j.arena, " %s ", finding->subject))) continue;
    seen = arena_printf(p->j.arena, "%s %s ", seen, finding->subject);
    plan_address(p, finding->rule->id, finding->subject);
  }
}
