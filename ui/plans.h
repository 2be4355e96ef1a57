#ifndef UI_PLANS_H
#define UI_PLANS_H
#include "src/request/lib.h"
#include "ui/wizard.h"

/* What the screens about wanted records and the change request share. */

/* Puts why there is no plan yet on the page, with a way on, and returns true; false when there is one. */
bool plans_not_ready(struct wizard *wizard, struct page *page);
/* The table of records, with ids "record:REF". `chosen` null: rows that open; else boxes. */
void plans_put_records(struct wizard *wizard, struct page *page, const struct plan *plan, bool (*chosen)(struct wizard *wizard, const char *ref));
/* What stands against the plan, and what is to be done elsewhere. */
void plans_put_rest(struct page *page, const struct plan *plan);
const char *plans_subject(struct arena *arena, const struct plan_change *change); /* "SPF", "DKIM, selector1": what the record is for */
const char *plans_contact(const struct plan_change *change);                      /* who acts, for people */
const char *plans_action(enum plan_action action);                                /* "add": for people */

/* The request as it would be saved now; all in the arena. False: no plan. */
bool plans_request(struct wizard *wizard, struct arena *arena, struct request *out);
const char *plans_format(struct wizard *wizard);                                  /* name of the chosen format */
const char *plans_proposed_file(struct wizard *wizard, struct arena *arena, const char *reference); /* a path that is free */
#endif
