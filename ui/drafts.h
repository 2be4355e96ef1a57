#ifndef UI_DRAFTS_H
#define UI_DRAFTS_H
#include <stdbool.h>

/* Small things that are worth keeping and are no part of a case: what was typed and not yet taken, by place, and how far a case has come. In $XDG_STATE_HOME/mailstead/drafts.json (0600). Trouble with that file loses a
 * draft when the program ends, so the wizard says so and tries again. */
char *drafts_get(const char *key);                    /* the caller frees; null: none */
bool drafts_set(const char *key, const char *text);   /* null: forget it. False: the file could not be written */
#endif
