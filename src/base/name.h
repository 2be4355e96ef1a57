#ifndef BASE_NAME_H
#define BASE_NAME_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "src/base/fault.h"

/* Domain names as text: lower case, no final dot, "" is the root. Odd bytes in a label stand as \DDD, and a dot inside one as "\." (RFC
 * 1035 section 5.1), so that text and wire form map one to one. */

#define NAME_TEXT 1016 /* room for any name in this form with its NUL */

/* What the user typed into a name that can be asked for: strips spaces, a scheme, a path, "user@", a port, a final dot and what makes the name of a
 * record of it ("_dmarc."), makes lower
 * case, converts international names to A-labels (IDNA2008). At least two labels. Returns a name in the arena; null and a fault
 * ("Domain … must have at least 2 parts separated by a dot") when it cannot be a domain. */
const char *name_from_user(struct arena *arena, const char *typed, struct fault *fault);

/* International labels become A-labels (IDNA2008); null when one cannot. */
char *name_to_ascii(struct arena *arena, const char *name);
char *name_lower(struct arena *arena, const char *name);         /* canonical form: lower case, final dot removed */
/* Bytes that were never in this form (a mail address, the expansion of a macro) as a name: dots part the labels, all else that has a
 * meaning in text stands escaped, so that it cannot forge labels. Lower case; a final dot is removed. */
const char *name_from_bytes(struct arena *arena, const char *bytes);
bool name_is_valid(const char *name);                            /* labels 1 to 63, whole at most 253 octets */
bool name_is_host(const char *name);                             /* and letters, digits, hyphens only, not at label ends; last label not all digits */
size_t name_labels(const char *name);                            /* "" has 0 */
const char *name_parent(const char *name);                       /* points into name; "" for one label and for "" */
const char *name_last_labels(const char *name, size_t count);    /* points into name */
const char *name_without_star(const char *name);                  /* points into name, behind a "*." at its start */
bool name_is_under(const char *name, const char *ancestor);      /* equal or below, by whole labels; both canonical; "" is above all */
bool name_is_below(const char *name, const char *ancestor);      /* below, not equal */
bool name_equal(const char *a, const char *b);                   /* without case, final dots ignored */
const char *name_join(struct arena *arena, const char *prefix, const char *name); /* "_dmarc", "x.y" -> "_dmarc.x.y"; either may be "" */
/* The part of `name` that stands before `.zone`: "_dmarc"; "@" for the zone itself; null when it does not lie in the zone. */
const char *name_relative(struct arena *arena, const char *name, const char *zone);
#endif
