#ifndef GUIDANCE_CHANGES_H
#define GUIDANCE_CHANGES_H
#include "checks/finding.h"

/* What changed between two examinations of a domain, worst first. Passes and notes are no changes of their own; what could not be looked at
 * now is not called mended. Pure. */

enum change_kind { CHANGED_NEW, CHANGED_WORSE, CHANGED_BETTER, CHANGED_MENDED };
struct change_line { enum change_kind kind; const struct finding *finding; enum severity before, now; };

/* Borrowed findings; in the arena. */
struct change_line *changes_between(struct arena *arena, const struct verdict *before, const struct verdict *now, size_t *out_count);
const char *change_kind_word(enum change_kind kind); /* "New", "Mended": translated */
#endif
