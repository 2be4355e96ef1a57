#ifndef CLI_NAME_SET_H
#define CLI_NAME_SET_H
#include <stdbool.h>
#include <stddef.h>

/* The domains that a batch has met. It keeps a digest of each name, 16 octets whatever the length, since lists have a hundred thousand of them. */
struct name_set;

struct name_set *name_set_new(void);
bool name_set_add(struct name_set *set, const char *name, size_t length); /* false: it was there already */
bool name_set_holds(const struct name_set *set, const char *name, size_t length);
void name_set_free(struct name_set **set);
#endif
