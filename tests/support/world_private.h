#ifndef TESTS_WORLD_PRIVATE_H
#define TESTS_WORLD_PRIVATE_H
#include "tests/support/world.h"

/* What stands for \000 in a word, which ends at a NUL: an octet pair that no text has. */
#define WORLD_NUL "\xc0\x80"

/* Reads the data of a record from words in zone-file form; owner and type are there already. The README of the tables lists the forms. */
bool world_read_data(struct arena *arena, struct dns_rr *rr, char **words, size_t count);
#endif
