#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "src/base/buf.h"
#include "src/base/fault.h"

/* jansson speaks UTF-8 only; bytes from outside need not be. A byte string is written as a JSON string in which each byte above 0x7E or
 * below 0x20 stands as the code point of the same number, so that it comes back byte for byte. */
json_t *json_bytes(const void *bytes, size_t length);
bool json_get_bytes(const json_t *value, struct buf *out); /* false: no string, or a code point above 0xFF */

const char *json_text(const json_t *object, const char *key, const char *otherwise); /* borrowed */
int64_t json_number(const json_t *object, const char *key, int64_t otherwise);
bool json_flag(const json_t *object, const char *key, bool otherwise);
/* json_read (src/base/json_read.h), as a tree that can be edited; a text in it that holds a NUL is refused. */
json_t *json_parse(const char *text, size_t length, struct fault *fault);
#endif
