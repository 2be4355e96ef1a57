#ifndef BASE_ZONETEXT_H
#define BASE_ZONETEXT_H
#include <stddef.h>
#include <stdint.h>
#include "src/base/buf.h"
#include "src/base/dnswire.h"

/* Records in master-file form, RFC 1035 section 5.1. What comes out holds printable ASCII only, on one line. */

/* Character-strings in quotation marks, parted by a space, with the borders that `lengths` gives. No string at all is written as "". */
void zone_text_strings(struct buf *out, const void *bytes, const uint8_t *lengths, size_t count);
/* The same, cut after every 255 octets: the octets are split first, then escaped, so that no border falls inside an escape. */
void zone_text_split(struct buf *out, const void *bytes, size_t length);
/* An absolute name with its final dot, from the text form of src/base/name.h. */
void zone_text_name(struct buf *out, const char *name);
/* The data of a record as it was received. Types without a form here are written as RFC 3597 has it. */
void zone_text_data(struct buf *out, const struct dns_rr *rr);
const char *zone_text_of(struct arena *arena, const struct dns_rr *rr); /* the same, in the arena */
#endif
