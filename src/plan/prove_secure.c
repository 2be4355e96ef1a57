/* The order of keys and the records that vouch for them: record first for TLSA, key first for DS. */
#include <string.h>

#include "checks/record/dnssec.h"
#include "src/plan/prove.h"
#include "src/plan/secure.h"

/* ---- TLSA: RFC 7671 section 8.1 ---- */

enum fit { FIT_NONE, FIT_MATCH, FIT_UNSURE /* an issuer is named: that is not told by the key alone */ };

static enum fit fit_of(const struct dns_answer *answer, const struct certificate *leaf) {
  bool usable = false, unsure = false;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    struct tlsa tlsa = { rr->tlsa.usage, rr->tlsa.selector, rr->tlsa.matching, rr->tlsa.data, rr->tlsa.length };
    if (!tlsa_usable(&tlsa)) continue;
    usable = true;
    unsure |= tlsa.usage == TLSA_DANE_TA;
    if (tlsa.usage == TLSA_DANE_EE && tlsa_matches(&tlsa, leaf)) return FIT_MATCH;
  }
  return usable && !unsure ? FIT_NONE : FIT_UNSURE;
}

/* With only the records of another key there, that key would have to be installed at once: senders that still have the old records in their
 * caches, or have the new ones before the key is changed, would hold their email back. */
static void prove_tlsa(struct proof *proof, const struct plan_change *change) {
  struct planning *p = proof->p;
  if (!text_starts(change->name, "_25._tcp.")) return;
  const char *host = change->name + strlen("_25._tcp.");
  const struct dns_answer *after = store_dns(proof->after, change->name, DNS_TYPE_TLSA);
  const struct certificate *leaf = plan_key_in_use(p, host);
  if (!after) p->j.waiting = true;
  if (after && after->count && leaf && fit_of(after, leaf) == FIT_NONE)
    plan_problem(p, "plan-tlsa-order", change->name, _("The records of {name} would be those of a key that the mail server does not use yet. Publish them beside the present ones, wait for twice their TTL, and change the key then."), "name", change->name,
                 NULL);
}

/* ---- DS: RFC 6781 section 4.1.2 ---- */

static bool key_is_there(struct planning *p, const struct plan_change *change, const struct dns_rr *ds, const char *server) {
  const struct dns_answer *keys = ask_dns_with(&p->j, server, change->name, DNS_TYPE_DNSKEY, 0);
  if (!keys || keys->outcome == DNS_FAILED) return true; /* it could not be asked: nothing is known against it */
  for (size_t i = 0; i < keys->count; i++)
    if (ds_matches(change->name, ds, &keys->records[i])) return true;
  return false;
}

/* The name servers of the zone that do not give the key; "" when all do that answer. */
static const char *servers_without(struct planning *p, const struct plan_change *change, const struct dns_rr *ds) {
  static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
  const struct dns_answer *ns = ask_dns(&p->j, change->name, DNS_TYPE_NS);
  const char *list = "";
  for (size_t i = 0; ns && i < ns->count; i++)
    for (size_t t = 0; t < MEM_COUNT(types); t++) {
      const struct dns_answer *answer = ask_dns(&p->j, ns->records[i].target, types[t]);
      for (size_t n = 0; answer && n < answer->count; n++) {
        char address[IP_TEXT];
        ip_format(&answer->records[n].address, address);
        if (!key_is_there(p, change, ds, address)) list = arena_printf(p->j.arena, "%s%s%s", list, *list ? ", " : "", ns->records[i].target);
      }
    }
  return list;
}

static bool is_wanted(const struct plan_change *change, struct arena *arena, const struct dns_rr *rr) {
  for (size_t i = 0; i < change->wanted_count; i++)
    if (text_equal(change->wanted[i], plan_value_of(arena, rr))) return true;
  return false;
}

static void prove_ds(struct proof *proof, const struct plan_change *change) {
  struct planning *p = proof->p;
  const struct dns_answer *after = store_dns(proof->after, change->name, DNS_TYPE_DS);
  if (!after) p->j.waiting = true;
  for (size_t i = 0; after && i < after->count; i++) {
    if (!is_wanted(change, p->j.arena, &after->records[i])) continue;
    const char *without = servers_without(p, change, &after->records[i]);
    if (*without)
      plan_problem(p, "plan-ds-order", change->name, _("The wanted DS record of {name} names a key that these servers do not give: {servers}. Publish the key on all of them first."), "name", change->name, "servers", without, NULL);
  }
}

void prove_secure(struct proof *proof) {
  const struct plan *plan = proof->p->plan;
  for (size_t i = 0; i < plan->change_count; i++) {
    if (plan->changes[i].type == DNS_TYPE_TLSA) prove_tlsa(proof, &plan->changes[i]);
    if (plan->changes[i].type == DNS_TYPE_DS) prove_ds(proof, &plan->changes[i]);
  }
}
