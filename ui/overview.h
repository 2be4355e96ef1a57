#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H
#include "src/guidance/lib.h"

/* What the steps of each domain of the case come to, worked out once and kept until the case changes: a case may have hundreds of domains. */
struct wizard;
struct overview;

struct overview_of { struct section_status all; int64_t checked; /* wall ms; 0: never */ };
struct overview_of overview_of(struct wizard *wizard, const char *domain);
void overview_free(struct overview **overview); /* also when another case is opened */
#endif
