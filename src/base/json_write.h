#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H
#include <jansson.h>
#include <stddef.h>
#include "src/base/buf.h"

/* JSON written straight into a buffer, in ASCII: for the lines of a batch, where a tree for each would cost more than the examination. The caller
 * writes braces, commas and colons. */
void json_put_text(struct buf *out, const char *utf8);                    /* quoted and escaped; what is not UTF-8 octet by octet, as json_put_bytes */
void json_put_bytes(struct buf *out, const void *bytes, size_t length);   /* each octet stands for the character of its number */
void json_put_value(struct buf *out, const json_t *value);                /* compact */
#endif
