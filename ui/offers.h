#ifndef UI_OFFERS_H
#define UI_OFFERS_H
#include "ui/wizard.h"

/* The further pages and messages that a step names: as links with ids "offer:WORD" and "letter:KIND". */
void offers_put(struct wizard *wizard, struct page *page, const struct guidance_step *step);
/* Where one leads. False: no such id. */
bool offers_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument);
#endif
