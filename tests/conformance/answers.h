#ifndef CONFORMANCE_ANSWERS_H
#define CONFORMANCE_ANSWERS_H
#include "checks/inquiry.h"

/* Lines of a scenario that stand for what the administrator has answered: see README.md. False: not such a line, or words are missing. */
bool answers_read(struct arena *arena, struct inquiry *inquiry, char **words, size_t count);
#endif
