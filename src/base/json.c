#include "src/base/json.h"

#include <string.h>
#include <unistr.h>

#include "src/base/intl.h"

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

/* jansson itself limits the depth (JSON_PARSER_MAX_DEPTH); 64 is what our own files need at most. */
static bool too_deep(const char *text, size_t length) {
  size_t depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < length; i++) {
    if (quoted && text[i] == '\\') i++;
    else if (text[i] == '"') quoted = !quoted;
    else if (!quoted && (text[i] == '[' || text[i] == '{')) depth++;
    else if (!quoted && (text[i] == ']' || text[i] == '}') && depth) depth--;
    if (depth > 64) return true;
  }
  return false;
}

json_t *json_parse(const char *text, size_t length, struct fault *fault) {
  if (too_deep(text, length)) {
    fault_set(fault, _("its JSON is nested more than 64 levels deep"));
    return NULL;
  }
  json_error_t error;
  json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (!value) fault_set(fault, _("its JSON cannot be read at line %d, column %d: %s"), error.line, error.column, error.text);
  return value;
}
