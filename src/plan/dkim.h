#ifndef PLAN_DKIM_H
#define PLAN_DKIM_H
#include "checks/judge/dkim.h"
#include "src/plan/private.h"

/* The record that was meant by a mangled one, with the same key: quotation marks and blanks taken out, the version put first, tags that cannot
 * be left out. Null: what the key was cannot be known from the text. */
const char *dkim_repair(struct arena *arena, const char *text);
/* Would a verifier use the text, and is nothing wrong around the key? */
bool dkim_is_sound(struct arena *arena, const char *text);
/* The records that the user pasted from a service or from the command dkim-key. */
void dkim_plan_given(struct planning *p);

extern const struct plan_kind dkim_kind;
#endif
