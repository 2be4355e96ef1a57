#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads bytes from a block that somebody else owns. It knows its position and remembers its first error: after one, every read
 * returns zero or null and `failed` stays set, so a caller may check once at the end. */
struct cursor {
  const uint8_t *start, *at, *end;
  bool failed;
};

void cursor_init(struct cursor *cursor, const void *bytes, size_t length);
size_t cursor_left(const struct cursor *cursor);
size_t cursor_position(const struct cursor *cursor);
bool cursor_at_end(const struct cursor *cursor);
uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor); /* network order */
uint32_t cursor_u32(struct cursor *cursor);
const uint8_t *cursor_bytes(struct cursor *cursor, size_t length); /* null on error */
void cursor_skip(struct cursor *cursor, size_t length);
#endif
