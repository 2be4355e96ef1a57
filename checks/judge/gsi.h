#ifndef CHECKS_JUDGE_GSI_H
#define CHECKS_JUDGE_GSI_H
#include <stdbool.h>

/* Is the name of the gsi family: gsi.gov.uk, gse.gov.uk, gcsx.gov.uk, gsx.gov.uk and everything under them? Canonical name. */
bool gsi_is_family(const char *name);
/* Does it end in one of the four suffixes that replace the family, and is not itself of the family? */
bool gsi_is_replacement(const char *name);
#endif
