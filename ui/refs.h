#ifndef UI_REFS_H
#define UI_REFS_H
#include "checks/finding.h"

/* How places and focus name a finding: by what it is about, so that they outlive another check. */
const char *finding_ref(struct arena *arena, const struct verdict *verdict, size_t index);  /* "rule subject", and " #2" for a second one */
const struct finding *finding_of_ref(const struct verdict *verdict, const char *ref);        /* null: no longer there */
/* Indexes of the findings of a topic (its name; "": of all), worst first. How many. */
size_t findings_in_order(struct arena *arena, const struct verdict *verdict, const char *topic, size_t **out);
#endif
