#ifndef CHECKS_PARSED_H
#define CHECKS_PARSED_H
#include "checks/record/dmarc.h"
#include "checks/record/spf.h"
#include "checks/store.h"

/* The records of a TXT answer, parsed: once, when the first judge needs it, for all that come later, and in a batch for all the domains that share
 * the answer. `rr` is one of answer->records. They live as long as the answer. */
const struct spf_record *parsed_spf(const struct dns_answer *answer, const struct dns_rr *rr);
const struct dmarc_record *parsed_dmarc(const struct dns_answer *answer, const struct dns_rr *rr);
#endif
