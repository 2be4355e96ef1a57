#include "src/base/cursor.h"

void cursor_init(struct cursor *cursor, const void *bytes, size_t length) {
  cursor->start = cursor->at = bytes;
  cursor->end = cursor->start + length;
  cursor->failed = false;
}

size_t cursor_left(const struct cursor *cursor) { return cursor->failed ? 0 : (size_t)(cursor->end - cursor->at); }
size_t cursor_position(const struct cursor *cursor) { return (size_t)(cursor->at - cursor->start); }
bool cursor_at_end(const struct cursor *cursor) { return cursor_left(cursor) == 0; }

const uint8_t *cursor_bytes(struct cursor *cursor, size_t length) {
  if (cursor->failed || length > cursor_left(cursor)) {
    cursor->failed = true;
    return NULL;
  }
  const uint8_t *bytes = cursor->at;
  cursor->at += length;
  return bytes;
}

uint8_t cursor_u8(struct cursor *cursor) {
  const uint8_t *b = cursor_bytes(cursor, 1);
  return b ? b[0] : 0;
}

uint16_t cursor_u16(struct cursor *cursor) {
  const uint8_t *b = cursor_bytes(cursor, 2);
  if (!b) return 0;
  return (uint16_t)(b[0] << 8 | b[1]);
}

uint32_t cursor_u32(struct cursor *cursor) {
  const uint8_t *b = cursor_bytes(cursor, 4);
  return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

void cursor_skip(struct cursor *cursor, size_t length) { (void)cursor_bytes(cursor, length); }
