#ifndef UI_OFFERS_H
#define UI_OFFERS_H
#include "ui/wizard.h"

/* The further pages and messages that a step names: as links with ids "offer:WORD" and "letter:KIND". */
void offers_put(struct wizard *wizard, struct page *page, const struct guidance_step *step);
/* Goes to one. False: no such id. */
bool offers_open(struct wizard *wizard, const char *focus);
#endif
