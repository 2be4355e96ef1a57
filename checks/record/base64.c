#include "checks/record/base64.h"

#include <stdint.h>

#include "src/base/ctype.h"

static int value_of(char c) {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Whole groups of four digits, as most of a key is: how many. The last group, which may be padded, and what holds spaces is left. */
static size_t read_groups(const char *text, size_t length, unsigned char *out) {
  size_t groups = 0;
  for (; (groups + 1) * 4 < length; groups++, text += 4) {
    int a = value_of(text[0]), b = value_of(text[1]), c = value_of(text[2]), d = value_of(text[3]);
    if ((a | b | c | d) < 0) break;
    uint32_t group = (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | (uint32_t)d;
    out[groups * 3] = (unsigned char)(group >> 16);
    out[groups * 3 + 1] = (unsigned char)(group >> 8);
    out[groups * 3 + 2] = (unsigned char)group;
  }
  return groups;
}

bool base64_read(const char *text, size_t length, unsigned char *out, size_t *out_length) {
  uint32_t group = 0;
  size_t groups = read_groups(text, length, out), digits = groups * 4, padding = 0, octets = groups * 3;
  for (size_t i = digits; i < length; i++) {
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
