#ifndef CHECKS_JUDGE_DKIM_H
#define CHECKS_JUDGE_DKIM_H
#include "checks/judge/lib.h"
#include "checks/record/dkim.h"

/* The selectors that are looked up: those of the user and of the services, then the well-known ones. At most `room`; how many. */
size_t dkim_selectors(const struct inquiry *inquiry, const char **out, size_t room);
bool dkim_selector_is_given(const struct inquiry *inquiry, const char *selector); /* named by the user, not merely well known */
/* A selector that nobody uses, the same each time for a domain: shows a wildcard. In the arena. */
const char *dkim_unused_selector(struct arena *arena, const char *domain);
/* Judges the text of one key record by itself; asks nothing. False: it has a fault that makes it unusable. */
bool dkim_judge_text(struct judgement *judgement, const char *subject, const char *text, size_t length);
#endif
