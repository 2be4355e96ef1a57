#include "ui/field.h"

#include <string.h>

#include "src/base/text.h"

void field_set(struct field *field, const char *text) {
  size_t length = strlen(text);
  field->length = field->cursor = 0;
  field->text[0] = '\0';
  if (field_insert(field, text, length)) return;
  while (length > FIELD_MOST || !field_insert(field, text, length)) length--; /* whoever sets more has a text of his own beside it */
}

/* What a grapheme of outside text becomes in a field: itself, a space for what ends lines, nothing for what cannot be shown. */
static size_t shown_as(const char *text, size_t size, char out[64]) {
  if (*text == '\n' || *text == '\t' || *text == '\r') {
    memcpy(out, " ", 2);
    return 1;
  }
  if (size >= 64) return 0;
  memcpy(out, text, size);
  out[size] = '\0';
  return text_is_safe(out) ? size : 0;
}

/* Calls for each grapheme; with a field they are put in. How many octets they take. */
static size_t walk(struct field *field, const char *text, size_t length) {
  size_t total = 0;
  for (size_t at = 0; at < length;) {
    char one[64];
    size_t columns, size = text_grapheme(text + at, length - at, &columns), put = shown_as(text + at, size, one);
    if (field && put) {
      memcpy(field->text + field->cursor, one, put);
      field->cursor += put;
    }
    total += put;
    at += size;
  }
  return total;
}

bool field_insert(struct field *field, const char *text, size_t length) {
  size_t total = walk(NULL, text, length);
  if (field->length + total > FIELD_MOST) return false;
  memmove(field->text + field->cursor + total, field->text + field->cursor, field->length - field->cursor + 1);
  field->length += total;
  walk(field, text, length);
  return true;
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
