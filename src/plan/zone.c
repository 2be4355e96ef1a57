#include <stdlib.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/plan/private.h"

/* The zone is found by SOA: in the answer, or in the authority section of a negative one (RFC 2308 section 2). Where the name cannot be
 * looked up, and where a server sends no SOA, its parent tells. */
const char *plan_zone_of(struct planning *p, const char *name) {
  const char *domain = p->inquiry->domain;
  for (const char *at = name; *at; at = name_parent(at)) {
    const struct dns_answer *soa = ask_dns(&p->j, at, DNS_TYPE_SOA);
    if (!soa) return domain;
    if (soa->outcome == DNS_ANSWER && !soa->links) return soa->records[0].owner;
    for (size_t i = 0; i < soa->authorities && !soa->links; i++)
      if (soa->authority[i].type == DNS_TYPE_SOA && name_is_under(name, soa->authority[i].owner)) return soa->authority[i].owner;
  }
  return domain;
}

bool plan_own_name(struct planning *p, const char *name) {
  const struct inquiry *inquiry = p->inquiry;
  if (name_is_under(name, inquiry->domain) || (inquiry->replacement && name_is_under(name, inquiry->replacement))) return true;
  for (size_t i = 0; i < inquiry->old_domain_count; i++)
    if (name_is_under(name, inquiry->old_domains[i].name)) return true;
  for (size_t i = 0; i < inquiry->digital_service_count; i++)
    if (name_is_under(name, inquiry->digital_services[i])) return true;
  for (size_t i = 0; i < p->options->own_domain_count; i++)
    if (name_is_under(name, p->options->own_domains[i])) return true;
  return false;
}
