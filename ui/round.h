#ifndef UI_ROUND_H
#define UI_ROUND_H
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>
#include "src/base/arena.h"

/* Checking every domain of the case, one after the other: those that are not worked on first, so that the one that is keeps its evidence. */
struct wizard;

struct round {
  bool on;
  uv_timer_t timer;      /* an examination is not replaced from within its own end */
  char **names;          /* of the domains, in the order in which they are checked */
  size_t count, next;
};

void round_init(struct wizard *wizard);
void round_release(struct wizard *wizard);
void round_start(struct wizard *wizard);
void round_stop(struct wizard *wizard);          /* what has been checked stays; before the examination that runs is stopped */
void round_go_on(struct wizard *wizard);         /* an examination has ended */
const char *round_words(const struct wizard *wizard, struct arena *arena); /* "Checking 12 of 30: council11.gov.uk" */
bool round_waits(const struct wizard *wizard, const char *domain); /* its turn is still to come */
#endif
