#ifndef UI_FIELD_H
#define UI_FIELD_H
#include <stdbool.h>
#include <stddef.h>

/* A line of text being typed, edited by grapheme. At most FIELD_MOST bytes. */
enum { FIELD_MOST = 32000 };
struct field {
  char text[FIELD_MOST + 1];
  size_t length, cursor; /* in bytes */
};

enum field_edit { FIELD_LEFT, FIELD_RIGHT, FIELD_START, FIELD_END, FIELD_ERASE /* before the cursor */, FIELD_DELETE, FIELD_CLEAR };

void field_set(struct field *field, const char *text); /* cursor at the end; what cannot be shown, or has no room, is left out */
bool field_insert(struct field *field, const char *text, size_t length); /* line ends and tabs become spaces, control characters are dropped. False: it has not all room, and nothing of it was put in */
/* Where to begin, in bytes, so that the cursor is in sight with fewer than `room` columns before it. */
size_t field_start(const struct field *field, size_t room);
void field_edit(struct field *field, enum field_edit edit);
#endif
