#ifndef TESTS_REQUEST_HOSTILE_H
#define TESTS_REQUEST_HOSTILE_H
#include "src/request/lib.h"

/* A plan whose values, names and people do what they can to break out of every format. */
struct hostile_value { const char *bytes; size_t length; };
size_t hostile_count(void);
struct hostile_value hostile_at(struct arena *arena, size_t index);
struct plan *hostile_plan(struct arena *arena);
extern const char hostile_requester[];
#endif
