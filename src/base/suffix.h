#ifndef BASE_SUFFIX_H
#define BASE_SUFFIX_H
#include <stdbool.h>

/* Public suffix list (libpsl, RFC 7489 section 3.2). Names in canonical form; results point into the argument. */
bool suffix_is_public(const char *name);
bool suffix_is_registry(const char *name);        /* of those only the registries' own: below a private one, as service.gov.uk, authorities issue wildcards */
bool suffix_is_listed(const char *name);          /* by a line of its own: top-level domains that nobody made are suffixes too, by the list's "*" */
const char *suffix_registrable(const char *name); /* public suffix plus one label: the organizational domain by the list; the name itself when it is a suffix */
bool suffix_same(const char *a, const char *b); /* both have the same registrable domain */
#endif
