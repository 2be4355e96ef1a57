#ifndef UI_PLANS_H
#define UI_PLANS_H
#include "src/request/lib.h"
#include "ui/wizard.h"

/* What the screens about wanted records and the change request share. */

/* Puts why there is no plan yet on the page, with a way on, and returns true; false when there is one. */
bool plans_not_ready(struct wizard *wizard, struct page *page);
/* The table of records, with ids "record:REF". `boxes`: with a box each, ticked for those that are not left out. */
void plans_put_records(struct page *page, const struct plan *plan, bool boxes);
/* How many are left out, and what of the rest needs them. */
void plans_put_left_out(struct page *page, const struct plan *plan);
/* Takes the record into the request or leaves it out; kept in the case. */
void plans_toggle(struct wizard *wizard, const char *ref);
/* What stands against a plan or request, under a heading when it is the `first` of the page; and what is to be done elsewhere than in DNS. */
void plans_put_problems(struct page *page, const struct plan_problem *problems, size_t count, bool first);
void plans_put_tasks(struct page *page, const struct plan *plan);
const char *plans_subject(struct arena *arena, const struct plan_change *change); /* "SPF", "DKIM, selector1": what the record is for */
const char *plans_contact(const struct plan_change *change);                      /* who acts, for people */
const char *plans_action(enum plan_action action);                                /* "add": for people */

/* The request as it would be saved now, of one zone or (null) of all; all in the arena, in the words of the screen. False: no plan. */
bool plans_request(struct wizard *wizard, struct arena *arena, const char *zone, struct request *out);
/* The files that the request is saved as: each with a path that is free, its zone (null: all) and its text, in the
 * language of the request. Null: no plan. In the arena. */
struct plans_file { const char *path, *zone, *text; };
struct plans_file *plans_files(struct wizard *wizard, struct arena *arena, size_t *out_count);
#endif
