#include "ui/field.h"

#include <string.h>

#include "src/base/text.h"

void field_set(struct field *field, const char *text) {
  field->length = field->cursor = 0;
  field->text[0] = '\0';
  field_insert(field, text, strlen(text));
}

static bool insert_one(struct field *field, const char *bytes, size_t size) {
  if (field->length + size > FIELD_MOST) return false;
  memmove(field->text + field->cursor + size, field->text + field->cursor, field->length - field->cursor + 1);
  memcpy(field->text + field->cursor, bytes, size);
  field->length += size;
  field->cursor += size;
  return true;
}

bool field_insert(struct field *field, const char *text, size_t length) {
  bool all = true;
  for (size_t at = 0; at < length;) {
    size_t columns, size = text_grapheme(text + at, length - at, &columns);
    char whole[64];
    if (text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
      all &= insert_one(field, " ", 1);
    } else if (size < sizeof whole) {
      memcpy(whole, text + at, size);
      whole[size] = '\0';
      if (text_is_safe(whole)) all &= insert_one(field, whole, size);
    }
    at += size;
  }
  return all;
}

/* Where the grapheme before the cursor begins. */
static size_t before(const struct field *field) {
  size_t at = 0, last = 0;
  while (at < field->cursor) {
    size_t columns;
    last = at;
    at += text_grapheme(field->text + at, field->length - at, &columns);
  }
  return last;
}

static void cut(struct field *field, size_t from, size_t to) {
  memmove(field->text + from, field->text + to, field->length - to + 1);
  field->length -= to - from;
  field->cursor = from;
}

void field_edit(struct field *field, enum field_edit edit) {
  size_t columns, next = field->cursor + text_grapheme(field->text + field->cursor, field->length - field->cursor, &columns);
  switch (edit) {
  case FIELD_LEFT: field->cursor = before(field); break;
  case FIELD_RIGHT: field->cursor = next; break;
  case FIELD_START: field->cursor = 0; break;
  case FIELD_END: field->cursor = field->length; break;
  case FIELD_ERASE:
    if (field->cursor) cut(field, before(field), field->cursor);
    break;
  case FIELD_DELETE:
    if (field->cursor < field->length) cut(field, field->cursor, next);
    break;
  case FIELD_CLEAR: cut(field, 0, field->length); break;
  }
}

size_t field_start(const struct field *field, size_t room) {
  size_t start = 0, columns, width = text_width_n(field->text, field->cursor);
  while (start < field->cursor && width >= room) {
    start += text_grapheme(field->text + start, field->length - start, &columns);
    width -= columns;
  }
  return start;
}
