#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H
#include "checks/examine.h"
#include "tests/conformance/sessions.h"

/* A closed world of records for tests, and a store that is filled from it until nobody asks anything new. */
#define WORLD_NOW ((int64_t)1795428000 * 1000) /* 2026-11-23T10:00:00Z */

struct world;
struct world *world_new(void);
void world_free(struct world **world);
/* "NAME TYPE DATA…", "NAME nxdomain", "NAME nodata", "NAME TYPE timeout|servfail|refused|…"; TYPE may be followed by ad and ttl N. */
bool world_dns(struct world *world, char **words, size_t count, struct fault *fault);
bool world_line(struct world *world, const char *line); /* one such line, split at spaces; quotes keep them */
/* A whole line of a table that begins with one of these words: dns, at, cd, referral, glue (see tests/conformance/README.md). */
bool world_knows(const char *word);
bool world_read(struct world *world, char **words, size_t count, struct fault *fault);
struct session_world *world_sessions(struct world *world);
struct observation *world_observe(struct world *world, const struct question *question);
/* The judges of the inquiry's topics, once, over what is there; with no topic, the partner's judge. */
struct verdict *world_judge(struct arena *arena, struct store *store, const struct inquiry *inquiry);
/* Runs the judges of the inquiry over the store, answering from the world until they are done. `shuffle` orders the answers. */
struct verdict *world_examine(struct world *world, struct store *store, const struct inquiry *inquiry, struct arena *arena, unsigned shuffle);
/* Answers every open question; false when there was none. */
bool world_answer(struct world *world, struct store *store, unsigned shuffle);
/* Splits a line into words in place: quoted ones keep spaces, \" and \DDD. */
size_t world_split(char *line, char **words, size_t room);
#endif
