#ifndef GUIDANCE_OPTIONS_H
#define GUIDANCE_OPTIONS_H
#include "checks/facts.h"
#include "src/casefile/casefile.h"
#include "src/plan/lib.h"

/* The answers "left-out:TXT _dmarc.example.gov.uk", by plan_ref: "yes" for a change that the user leaves out of the request. */
#define GUIDANCE_LEFT_OUT "left-out:"

/* What the answers of a case mean for planning the records of one of its domains: the end of SPF, the terms of the listed services and those of
 * services that are not theirs, pasted DKIM records, report mailboxes, the step of DMARC that was chosen, and the
 * changes that are left out, and the values that are to be as in 2020: where nothing is chosen, those of `guidance_2020`. In the arena. */
struct plan_options guidance_plan_options(struct arena *arena, const struct casefile *casefile, const char *domain, const struct facts *facts, bool guidance_2020);
#endif
