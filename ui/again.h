#ifndef UI_AGAIN_H
#define UI_AGAIN_H
#include "ui/live.h"

/* Looking at a part of a domain anew. Its topics are judged over a store of their own, so that everything they rest on is asked again; what it
 * saw then takes the place of what was seen before, and the whole is judged over both. */
void again_start(struct wizard *wizard, unsigned topics); /* of live.domain, whose examination has finished */
void again_stop(struct again *again);                     /* what was seen before stays */
bool again_is_stopped(const struct again *again);
unsigned again_topics(const struct again *again);         /* 0: null */
void again_free(struct again **again);
#endif
