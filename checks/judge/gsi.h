#ifndef CHECKS_JUDGE_GSI_H
#define CHECKS_JUDGE_GSI_H
#include <stdbool.h>
#include "src/base/arena.h"

/* Is the name of the gsi family: gsi.gov.uk, gse.gov.uk, gcsx.gov.uk, gsx.gov.uk and everything under them? Canonical name. */
bool gsi_is_family(const char *name);
/* Does it end in one of the four suffixes that replace the family, and is not itself of the family? */
bool gsi_is_replacement(const char *name);
/* The next name of the family in free text (a greeting, the value of a record), canonical, in the arena; null: there is none further on. `at`
 * moves behind it. */
const char *gsi_next_name(struct arena *arena, const char **at);
#endif
