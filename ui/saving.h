#ifndef UI_SAVING_H
#define UI_SAVING_H
#include "ui/wizard.h"

/* Answers that could not be saved (a full disk, a folder that went away) stay in memory and are saved as soon as that can be done. What is half
 * typed goes to the drafts every few seconds, so that even a kill loses next to nothing. */
void saving_start(struct wizard *wizard);
void saving_stop(struct wizard *wizard);
/* Tries again what has failed. True: everything is saved. */
bool saving_try(struct wizard *wizard);
/* Why something is not saved, as a sentence; null: everything is. Borrowed. */
const char *saving_trouble(const struct wizard *wizard);
/* A copy of the case where it can be written still: in $TMPDIR. False and a fault: there neither. */
bool saving_copy(struct wizard *wizard, struct fault *fault);
/* The last words of the program: where the work is, and what was not saved. Lines, in the arena; "" without a case. */
const char *saving_goodbye(const struct wizard *wizard, struct arena *arena);
#endif
