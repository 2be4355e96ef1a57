#include <string.h>

#include "checks/judge/ns_private.h"

/* A domain that no resolver can look up, though its resolver works: who is to answer for it, by the parent, and what each says when it is asked. */

enum { SERVERS_MOST = 8 };

/* An address from the parent's own answer, else looked up: a name within the zone cannot be. Null: not yet, none, or not to be looked up. */
static const char *address_of(struct judgement *j, const struct dns_answer *referral, const char *name, bool *out_failed) {
  char text[IP_TEXT];
  const struct dns_rr *rr = NULL;
  for (size_t i = 0; i < referral->additionals && !rr; i++)
    if (referral->additional[i].type == DNS_TYPE_A && name_equal(referral->additional[i].owner, name)) rr = &referral->additional[i];
  const struct dns_answer *a = rr ? NULL : ask_dns(j, name, DNS_TYPE_A);
  *out_failed = answer_failed(a);
  if (a && a->count) rr = &a->records[0];
  if (!rr) return NULL;
  ip_format(&rr->address, text);
  return arena_strdup(j->arena, text);
}

static void add_server(struct judgement *j, struct finding *finding, const struct dns_answer *referral, const char *name, struct buf *out) {
  bool failed;
  const char *address = address_of(j, referral, name, &failed);
  const struct dns_answer *soa = address ? ask_dns_with(j, address, j->inquiry->domain, DNS_TYPE_SOA, 0) : NULL;
  bool speaks = soa && soa->outcome == DNS_ANSWER && soa->authoritative;
  buf_text(out, out->length ? "; " : "");
  if (!address) buf_printf(out, failed ? _("the address of %s could not be looked up") : _("%s has no address"), name);
  else if (soa) buf_printf(out, "%s [%s]: %s", name, address, speaks ? _("answers") : ns_lame_reason(soa));
  if (soa) find_seen(j, finding, &soa->seen);
}

/* A resolver that is silent itself tells nothing of the domain, and is asked no more. */
static bool resolver_speaks(const struct finding *finding) {
  const struct dns_answer *soa = (const struct dns_answer *)(const void *)finding->seen[0];
  return soa->failure == DNS_FAILURE_SERVFAIL || soa->failure == DNS_FAILURE_REFUSED;
}

void ns_explain_failure(struct judgement *j) {
  struct finding *finding = NULL;
  struct buf servers = BUF_INIT(4096);
  for (size_t i = 0; i < j->count; i++)
    if (strcmp(j->findings[i]->rule->id, "ns-lookup-failed") == 0) finding = j->findings[i];
  if (!finding) return;
  const struct dns_answer *referral = resolver_speaks(finding) ? ns_find_referral(j, j->inquiry->domain) : NULL;
  for (size_t i = 0, count = 0; referral && i < referral->authorities && count < SERVERS_MOST; i++) {
    if (referral->authority[i].type != DNS_TYPE_NS || !name_equal(referral->authority[i].owner, j->inquiry->domain)) continue;
    add_server(j, finding, referral, referral->authority[i].target, &servers);
    count++;
  }
  const char *why = servers.length ? text_fill(j->arena, _(" Its name servers, asked one by one: {servers}."), &(struct text_argument){ "servers", buf_string(&servers) }, 1) : "";
  find_argument(j, finding, "why", "%s", why);
  buf_release(&servers);
}
