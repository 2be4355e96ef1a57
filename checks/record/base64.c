#include "checks/record/base64.h"

#include <stdint.h>

#include "src/base/ctype.h"

static int value_of(char c) {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_read(const char *text, size_t length, unsigned char *out, size_t *out_length) {
  uint32_t group = 0;
  size_t digits = 0, padding = 0, octets = 0;
  for (size_t i = 0; i < length; i++) {
    if (is_space(text[i])) continue;
    int value = text[i] == '=' ? 0 : value_of(text[i]);
    if (value < 0 || (padding && text[i] != '=')) return false;
    padding += text[i] == '=';
    group = group << 6 | (uint32_t)value;
    if (++digits % 4) continue;
    out[octets++] = (unsigned char)(group >> 16);
    out[octets++] = (unsigned char)(group >> 8);
    out[octets++] = (unsigned char)group;
    group = 0;
  }
  if (digits == 0 || digits % 4 || padding > 2) return false;
  *out_length = octets - padding;
  return true;
}
