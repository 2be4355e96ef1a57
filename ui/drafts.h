#ifndef UI_DRAFTS_H
#define UI_DRAFTS_H

/* What was typed and not yet taken, by place, in $XDG_STATE_HOME/mailstead/drafts.json (0600). Trouble with that file loses a draft and
 * nothing else, so it is not reported. */
char *drafts_get(const char *key);                    /* the caller frees; null: none */
void drafts_set(const char *key, const char *text);   /* null: forget it */
#endif
