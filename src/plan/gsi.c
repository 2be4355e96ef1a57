#include <string.h>

#include "src/plan/private.h"

/* What is left of the gsi family where no record of the domain can mend it: someone else has to act. */

static const struct { const char *rule, *task, *section, *sentence; } tasks[] = {
  { "gsi-dkim-cname-leftover", "gsi-dkim-signer", "dns-dkim", N_("{subject} is an alias of {value}, an old name: ask the service that signs now for its record, and whether anything still signs with this one") },
  { "gsi-soa-contact-leftover", "gsi-zone-contact", "prep-gsi", N_("The contact of the zone of {subject} is {value}: ask the DNS provider to put a present mailbox there") },
  { "gsi-ns-leftover", "gsi-name-server", "dns-contact", N_("The name server {value} of {subject} has an old name: ask the DNS provider to move the zone, or to rename the server") },
  { "gsi-registry-contact-leftover", "gsi-registration", "dns-whois", N_("The registration of {subject} has the contact {value}: tell the registrar a present address") },
};

void plan_gsi(struct planning *p) {
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    for (size_t n = 0; n < MEM_COUNT(tasks); n++)
      if (strcmp(finding->rule->id, tasks[n].rule) == 0)
        plan_task(p, tasks[n].task, tasks[n].section, "", _(tasks[n].sentence), "subject", finding->subject, "value", finding_argument(finding, "value"), NULL);
  }
}
