#ifndef UI_HELPS_H
#define UI_HELPS_H
#include "ui/wizard.h"

/* What the screens of the help browser share: the page, the index and the search. */
const char *helps_topic(struct wizard *wizard); /* the page that explains what is on the screen */
/* The actions of every help screen. */
void helps_put_actions(struct page *page);
/* Esc leaves the help for the work below, however far one has read. False: not taken. */
bool helps_act(struct wizard *wizard, enum action action);
/* Links "topic:NAME". */
bool helps_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument);
/* "Help   Contents > SPF" */
const char *helps_where(struct arena *arena, const char *title);
#endif
