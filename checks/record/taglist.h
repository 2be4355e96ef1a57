#ifndef CHECKS_RECORD_TAGLIST_H
#define CHECKS_RECORD_TAGLIST_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"

/* "tag=value;" lists as in DKIM (RFC 6376 section 3.2), DMARC (RFC 9989 section 4.8), TLS-RPT and MTA-STS. Splits only: what is allowed
 * is each standard's own affair. */
struct tag {
  const char *name, *value;       /* without the white space around them; name "" and value the whole part when there is no '=' */
  size_t position, length;        /* of the part between its semicolons, white space left off */
  size_t value_position;          /* where the value begins */
  bool has_equals, space_at_equals, duplicate, empty;
};

struct taglist {
  struct tag *tags;
  size_t count;
  bool space_before_separator;    /* "v=X1 ;" */
};

struct taglist *taglist_parse(struct arena *arena, const char *text, size_t length);
/* A NUL cuts name or value short: such a tag is not what it seems. */
bool tag_holds_nul(const struct tag *tag);
bool tag_name_is_good(const char *name); /* tag-name = ALPHA *ALNUMPUNC (RFC 6376 section 3.2) */
const struct tag *taglist_find(const struct taglist *list, const char *name); /* exact case; the first; null: none */
#endif
