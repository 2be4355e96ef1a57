#ifndef UI_DRAFTS_H
#define UI_DRAFTS_H

/* Small things that are worth keeping and are no part of a case: what was typed and not yet taken, by place, and how far a case has come. In $XDG_STATE_HOME/mailstead/drafts.json (0600). Trouble with that file loses a draft and
 * nothing else, so it is not reported. */
char *drafts_get(const char *key);                    /* the caller frees; null: none */
void drafts_set(const char *key, const char *text);   /* null: forget it */
#endif
