#ifndef UI_DIFFERS_H
#define UI_DIFFERS_H
#include "src/guidance/differences.h"
#include "ui/wizard.h"

/* Where the guidance of 2020 and today's advice differ, side by side, with what the user has chosen. */

/* Those of a step, of a record or of a question (null: not asked for), under a heading; ids "difference:ID". Nothing when there is none. */
void differs_put(struct wizard *wizard, struct page *page, const struct guidance_step *step, const char *record, const char *question);
/* One: its title with the choice, and what each of the two says. */
void differs_put_one(struct wizard *wizard, struct page *page, const struct guidance_difference *difference);
/* What is chosen, for people: "today's advice"; "" where there is nothing to choose between. */
const char *differs_chosen(struct wizard *wizard, const struct guidance_difference *difference);
/* Takes one or the other of the values that go into a kind of record ("": all), and says so. */
void differs_choose_all(struct wizard *wizard, const char *record, bool as_2020);
bool differs_choose(struct wizard *wizard, const struct guidance_difference *difference, bool as_2020);
bool differs_as_2020(struct wizard *wizard, const struct guidance_difference *difference);
bool differs_any_2020(struct wizard *wizard, const char *record); /* is one of them as in 2020? */
/* Where "difference:ID" leads; false: it is something else. */
bool differs_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument);
#endif
