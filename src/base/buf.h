#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>

/* Growing text or bytes with a cap given at creation. What would pass the cap is left out and `overflowed` set; the content stays
 * valid and ends in a NUL that `length` does not count. */
struct buf {
  char *data;
  size_t length, room, cap;
  bool overflowed;
};

#define BUF_INIT(limit) { .cap = (limit) }
void buf_init(struct buf *buf, size_t cap);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);
void buf_bytes(struct buf *buf, const void *bytes, size_t length);
void buf_text(struct buf *buf, const char *text);
static inline void buf_char(struct buf *buf, char character) {
  if (buf->length + 2 > buf->room || buf->length >= buf->cap) {
    buf_bytes(buf, &character, 1);
    return;
  }
  buf->data[buf->length++] = character;
  buf->data[buf->length] = '\0';
}
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list arguments);
void buf_pad(struct buf *buf, char character, size_t count);
const char *buf_string(const struct buf *buf);  /* never null; borrowed until the next change */
char *buf_take(struct buf *buf);                /* the caller frees with free(); the buffer is empty again */
#endif
