#include "src/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

void buf_init(struct buf *buf, size_t cap) { *buf = (struct buf)BUF_INIT(cap); }

void buf_release(struct buf *buf) {
  free(buf->data);
  *buf = (struct buf)BUF_INIT(buf->cap);
}

void buf_clear(struct buf *buf) {
  buf->length = 0;
  buf->overflowed = false;
  if (buf->data) buf->data[0] = '\0';
}

static bool make_room(struct buf *buf, size_t more) {
  if (more > buf->cap - buf->length) {
    buf->overflowed = true;
    return false;
  }
  size_t need = buf->length + more + 1;
  if (need <= buf->room) return true;
  size_t room = buf->room ? buf->room : 64;
  while (room < need) room *= 2;
  buf->data = mem_realloc(buf->data, room, 1);
  buf->room = room;
  return true;
}

void buf_bytes(struct buf *buf, const void *bytes, size_t length) {
  if (length == 0) return;
  if (!make_room(buf, length)) {
    length = buf->cap - buf->length;
    if (length == 0 || !make_room(buf, length)) return;
    buf->overflowed = true;
  }
  memcpy(buf->data + buf->length, bytes, length);
  buf->length += length;
  buf->data[buf->length] = '\0';
}

void buf_text(struct buf *buf, const char *text) { buf_bytes(buf, text, strlen(text)); }

void buf_printf(struct buf *buf, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  buf_vprintf(buf, format, arguments);
  va_end(arguments);
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments) {
  char near[512];
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(near, sizeof near, format, arguments);
  if (length >= 0 && (size_t)length < sizeof near) {
    buf_bytes(buf, near, (size_t)length);
  } else if (length >= 0) {
    char *far = mem_alloc((size_t)length + 1);
    vsnprintf(far, (size_t)length + 1, format, again);
    buf_bytes(buf, far, (size_t)length);
    free(far);
  }
  va_end(again);
}

void buf_pad(struct buf *buf, char character, size_t count) {
  while (count-- > 0 && !buf->overflowed) buf_char(buf, character);
}

const char *buf_string(const struct buf *buf) { return buf->data ? buf->data : ""; }

char *buf_take(struct buf *buf) {
  char *data = buf->data ? buf->data : mem_strdup("");
  *buf = (struct buf)BUF_INIT(buf->cap);
  return data;
}
