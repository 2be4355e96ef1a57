#include "src/base/json.h"

#include <string.h>
#include <unistr.h>

#include "src/base/intl.h"
#include "src/base/json_read.h"

json_t *json_bytes(const void *bytes, size_t length) {
  struct buf out = BUF_INIT(length * 2 + 1);
  const uint8_t *at = bytes;
  for (size_t i = 0; i < length; i++) {
    if (at[i] < 0x80) {
      buf_char(&out, (char)at[i]);
    } else {
      buf_char(&out, (char)(0xc0 | at[i] >> 6));
      buf_char(&out, (char)(0x80 | (at[i] & 0x3f)));
    }
  }
  json_t *value = json_stringn(buf_string(&out), out.length);
  buf_release(&out);
  return value;
}

bool json_get_bytes(const json_t *value, struct buf *out) {
  if (!json_is_string(value)) return false;
  const uint8_t *at = (const uint8_t *)json_string_value(value), *end = at + json_string_length(value);
  while (at < end) {
    ucs4_t c;
    int size = u8_mbtoucr(&c, at, (size_t)(end - at));
    if (size <= 0 || c > 0xff) return false;
    buf_char(out, (char)(unsigned char)c);
    at += size;
  }
  return true;
}

const char *json_text(const json_t *object, const char *key, const char *otherwise) {
  const json_t *value = json_object_get(object, key);
  return json_is_string(value) ? json_string_value(value) : otherwise;
}

int64_t json_number(const json_t *object, const char *key, int64_t otherwise) {
  const json_t *value = json_object_get(object, key);
  return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool json_flag(const json_t *object, const char *key, bool otherwise) {
  const json_t *value = json_object_get(object, key);
  return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

static json_t *to_tree(const struct value *value);

static json_t *to_list(const struct value *list) {
  json_t *array = json_array();
  VALUE_EACH(member, list) json_array_append_new(array, to_tree(member));
  return array;
}

static json_t *to_members(const struct value *list) {
  json_t *object = json_object();
  VALUE_EACH(member, list) json_object_set_new_nocheck(object, member->key, to_tree(member));
  return object;
}

static json_t *to_tree(const struct value *value) {
  switch ((enum value_kind)value->kind) {
  case VALUE_NULL: break;
  case VALUE_FALSE: return json_false();
  case VALUE_TRUE: return json_true();
  case VALUE_INTEGER: return json_integer(value->integer);
  case VALUE_REAL: return json_real(value->real);
  case VALUE_STRING: return json_stringn_nocheck(value->text, value->count);
  case VALUE_ARRAY: return to_list(value);
  case VALUE_OBJECT: return to_members(value);
  }
  return json_null();
}

/* What is edited is read with C strings: none may hide something behind a NUL. */
static const struct value *find_nul(const struct value *value) {
  const struct value *found = value->kind == VALUE_STRING && value->holds_nul ? value : NULL;
  VALUE_EACH(member, value)
    if (!found) found = find_nul(member);
  return found;
}

json_t *json_parse(const char *text, size_t length, struct fault *fault) {
  struct arena *arena = arena_new_sized(length * 2);
  const struct value *value = json_read(arena, text, length, fault), *nul = value ? find_nul(value) : NULL;
  if (nul) fault_set(fault, _("its JSON cannot be used: the text at line %u, column %u holds a NUL"), (unsigned)nul->line, (unsigned)nul->column);
  json_t *tree = value && !nul ? to_tree(value) : NULL;
  arena_free(&arena);
  return tree;
}
