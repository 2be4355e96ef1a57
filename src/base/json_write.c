#include "src/base/json_write.h"

#include <string.h>
#include <unistr.h>

static void put_escaped(struct buf *out, ucs4_t c) {
  static const char letters[] = "btn\0fr"; /* of 8 to 13 */
  if (c == '"' || c == '\\') buf_printf(out, "\\%c", (char)c);
  else if (c >= 8 && c <= 13 && letters[c - 8]) buf_printf(out, "\\%c", letters[c - 8]);
  else if (c < 0x10000) buf_printf(out, "\\u%04X", (unsigned)c);
  else buf_printf(out, "\\u%04X\\u%04X", (unsigned)(0xd800 + ((c - 0x10000) >> 10)), (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
}

static size_t plain_length(const uint8_t *at, const uint8_t *end) {
  const uint8_t *start = at;
  while (at < end && *at >= 0x20 && *at < 0x7f && *at != '"' && *at != '\\') at++;
  return (size_t)(at - start);
}

static void put(struct buf *out, const uint8_t *at, size_t length, bool utf8) {
  const uint8_t *end = at + length;
  buf_char(out, '"');
  while (at < end) {
    size_t plain = plain_length(at, end);
    buf_bytes(out, at, plain);
    at += plain;
    if (at == end) break;
    ucs4_t c = *at;
    int size = utf8 ? u8_mbtoucr(&c, at, (size_t)(end - at)) : 1;
    if (size <= 0) c = *at;
    put_escaped(out, c);
    at += size > 0 ? size : 1;
  }
  buf_char(out, '"');
}

void json_put_text(struct buf *out, const char *utf8) { put(out, (const uint8_t *)utf8, strlen(utf8), true); }
void json_put_bytes(struct buf *out, const void *bytes, size_t length) { put(out, bytes, length, false); }

static int append(const char *bytes, size_t length, void *context) {
  buf_bytes(context, bytes, length);
  return 0;
}

void json_put_value(struct buf *out, const json_t *value) { json_dump_callback(value, append, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY); }
