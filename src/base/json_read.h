#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/fault.h"

/* The one reader of JSON text (RFC 8259): strict, in one pass, all memory the arena's. Values are never changed; what is edited or written is
 * a json_t (src/base/json.h). Texts from an enemy cost no more than their size: 64 levels, JSON_MOST_VALUES values. */
enum { JSON_DEEPEST = 64, JSON_MOST_VALUES = 3000000 };

enum value_kind { VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_INTEGER, VALUE_REAL, VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT };

struct value {
  const char *key;               /* of a member of an object, else ""; UTF-8 without NUL */
  union {
    const char *text;            /* string: UTF-8, with a NUL behind its end */
    const struct value *first;   /* array, object: its members in the order of the text, linked by `next`; null when empty */
    int64_t integer;
    double real;
  };
  const struct value *next;
  uint32_t count;                /* octets of the string, members of the array or object */
  uint32_t line, column;         /* where it begins in the text, counted from 1, columns in characters */
  uint16_t key_length;
  uint8_t kind;                  /* enum value_kind */
  bool holds_nul;                /* string: a NUL is part of it (\u0000) */
};

/* An array or object; null, and a fault that says what is wrong at which line and column, when the text is not JSON, is nested more than
 * JSON_DEEPEST levels, names a member of an object twice, or holds a number beyond 64 bits. */
const struct value *json_read(struct arena *arena, const char *text, size_t length, struct fault *fault);

/* All accept null and values of another kind, which is as if there were nothing. */
const struct value *value_get(const struct value *object, const char *key);
/* Many members at once, in one pass: out[i] is the one named keys[i], or null. */
void value_pick(const struct value *object, const char *const *keys, size_t count, const struct value **out);
const struct value *value_at(const struct value *array, size_t index);
size_t value_count(const struct value *array); /* of an array; 0 for anything else */
bool value_is(const struct value *value, enum value_kind kind);
const char *value_string(const struct value *value, const char *otherwise); /* `otherwise` also when a NUL is part of it */
int64_t value_integer(const struct value *value, int64_t otherwise);
const char *value_text(const struct value *object, const char *key, const char *otherwise);
int64_t value_number(const struct value *object, const char *key, int64_t otherwise);
bool value_flag(const struct value *object, const char *key, bool otherwise);
/* What json_bytes wrote: an octet for each character. With a NUL behind its end. Null: no string, or a character above 0xFF. */
const char *value_bytes(struct arena *arena, const struct value *value, size_t *out_length);

/* for (member of an array or object) */
#define VALUE_EACH(member, list) \
  for (const struct value *member = (list) && (list)->kind >= VALUE_ARRAY ? (list)->first : NULL; member; member = member->next)
#endif
