#include "src/base/text.h"

#include <string.h>
#include <unictype.h>
#include <unicase.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "src/base/ctype.h"

static bool is_invisible(ucs4_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 ||
         (c >= 0x180b && c <= 0x180f) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0xffa0 || (c >= 0xfff0 && c <= 0xfffb) || c >= 0xe0000;
}

static bool is_shown(ucs4_t c) { return !is_invisible(c) && uc_is_print(c) && uc_width(c, "UTF-8") >= 0; }

/* A no-break space looks like a space and is none: who pasted it into a record has to see it. */
static bool is_odd_space(ucs4_t c) { return c > 0x7f && uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Zs); }

void text_safe(struct buf *out, const void *bytes, size_t length) {
  const uint8_t *at = bytes, *end = at + length;
  while (at < end) {
    const uint8_t *plain = at;
    while (at < end && is_print((char)*at)) at++;
    buf_bytes(out, plain, (size_t)(at - plain));
    if (at == end) break;
    ucs4_t c;
    int size = u8_mbtoucr(&c, at, (size_t)(end - at));
    if (size <= 0) {
      buf_printf(out, "\\x%02X", *at++);
      continue;
    }
    if (is_shown(c) && !is_odd_space(c)) buf_bytes(out, at, (size_t)size);
    else if (c < 0x80) buf_printf(out, "\\x%02X", (unsigned)c);
    else buf_printf(out, "\\u{%04X}", (unsigned)c);
    at += size;
  }
}

char *text_safe_copy(struct arena *arena, const void *bytes, size_t length) {
  struct buf buf = BUF_INIT(length * 10 + 16);
  text_safe(&buf, bytes, length);
  char *copy = arena_strndup(arena, buf_string(&buf), buf.length);
  buf_release(&buf);
  return copy;
}

static bool is_plain_ascii(const char *text) {
  while (is_print(*text)) text++;
  return !*text;
}

char *text_safe_string(struct arena *arena, const char *text) {
  return is_plain_ascii(text) ? arena_strdup(arena, text) : text_safe_copy(arena, text, strlen(text));
}

bool text_is_safe(const char *text) {
  const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
  while (at < end) {
    ucs4_t c;
    int size = u8_mbtoucr(&c, at, (size_t)(end - at));
    if (size <= 0 || !is_shown(c)) return false;
    at += size;
  }
  return true;
}

bool text_is_ascii(const char *text) {
  while (*text && !(*text & 0x80)) text++;
  return !*text;
}

bool text_is_utf8(const void *bytes, size_t length) { return u8_check(bytes, length) == NULL; }

static size_t code_point(const uint8_t *at, size_t left, size_t *out_columns, ucs4_t *out) {
  int size = u8_mbtoucr(out, at, left);
  if (size <= 0) {
    *out = 0xfffd;
    *out_columns = 1;
    return 1;
  }
  int width = uc_width(*out, "UTF-8");
  *out_columns = width < 0 ? 0 : (size_t)width;
  return (size_t)size;
}

size_t text_grapheme(const char *text, size_t length, size_t *out_columns) {
  if (length == 0) {
    *out_columns = 0;
    return 0;
  }
  const uint8_t *start = (const uint8_t *)text;
  size_t columns = 0;
  ucs4_t before, next;
  size_t size = code_point(start, length, &columns, &before);
  while (size < length) {
    size_t more_columns;
    size_t more = code_point(start + size, length - size, &more_columns, &next);
    if (is_print((char)start[size]) || uc_is_grapheme_break(before, next)) break;
    if (more_columns > columns) columns = more_columns;
    before = next;
    size += more;
  }
  *out_columns = columns;
  return size;
}

size_t text_fit(const char *text, size_t columns, size_t *out_columns) {
  size_t length = strlen(text), at = 0, used = 0;
  while (at < length) {
    size_t width, size = text_grapheme(text + at, length - at, &width);
    if (used + width > columns) break;
    used += width;
    at += size;
  }
  if (out_columns) *out_columns = used;
  return at;
}

size_t text_width_n(const char *text, size_t length) {
  size_t at = 0, used = 0;
  while (at < length) {
    size_t width;
    at += text_grapheme(text + at, length - at, &width);
    used += width;
  }
  return used;
}

size_t text_width(const char *text) { return text_width_n(text, strlen(text)); }

/* ---- finding ---- */

/* What a letter is without case and accents; 0 for a mark that only modifies the one before it. */
static ucs4_t fold(ucs4_t c) {
  ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
  if (c < 0x80) return (ucs4_t)(unsigned char)to_lower((char)c);
  if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn)) return 0;
  while (uc_canonical_decomposition(c, parts) > 0) c = parts[0];
  return uc_tolower(c);
}

/* The next letter, folded, with its marks; 0 at the end. */
static ucs4_t next_folded(const char **at, const char *end) {
  ucs4_t found = 0, c;
  size_t columns;
  while (*at < end) {
    size_t size = code_point((const uint8_t *)*at, (size_t)(end - *at), &columns, &c);
    ucs4_t folded = fold(c);
    if (folded && found) return found;
    if (folded) found = folded;
    *at += size;
  }
  return found;
}

static const char *matches(const char *at, const char *end, const char *words, const char *words_end) {
  while (words < words_end) {
    ucs4_t wanted = next_folded(&words, words_end);
    if (!wanted) break;
    if (next_folded(&at, end) != wanted) return NULL;
  }
  return at;
}

const char *text_find(const char *text, const char *words, size_t *out_length) {
  const char *end = text + strlen(text), *words_end = words + strlen(words), *first = words;
  ucs4_t c;
  size_t columns;
  if (!next_folded(&first, words_end)) return NULL;
  for (const char *at = text; at < end; at += code_point((const uint8_t *)at, (size_t)(end - at), &columns, &c)) {
    const char *behind = matches(at, end, words, words_end);
    if (!behind) continue;
    if (out_length) *out_length = (size_t)(behind - at);
    return at;
  }
  return NULL;
}

bool text_same_folded(const char *a, const char *b) {
  const char *behind = matches(a, a + strlen(a), b, b + strlen(b));
  return behind && !*behind;
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

unsigned text_distance(const char *a, const char *b, unsigned limit) {
  enum { LONGEST = 64 };
  size_t rows = strlen(a), columns = strlen(b);
  if (rows > LONGEST || columns > LONGEST) return limit + 1;
  unsigned table[3][LONGEST + 1];
  for (size_t j = 0; j <= columns; j++) table[0][j] = (unsigned)j;
  for (size_t i = 1; i <= rows; i++) {
    unsigned *now = table[i % 3], *last = table[(i + 2) % 3], *before = table[(i + 1) % 3];
    now[0] = (unsigned)i;
    for (size_t j = 1; j <= columns; j++) {
      unsigned cost = to_lower(a[i - 1]) == to_lower(b[j - 1]) ? 0 : 1;
      now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
      if (i > 1 && j > 1 && to_lower(a[i - 1]) == to_lower(b[j - 2]) && to_lower(a[i - 2]) == to_lower(b[j - 1]))
        now[j] = least(now[j], before[j - 2] + 1);
    }
  }
  return least(table[rows % 3][columns], limit + 1);
}

static const char *argument_value(const struct text_argument *arguments, size_t count, const char *name, size_t length) {
  for (size_t i = 0; i < count; i++)
    if (strlen(arguments[i].name) == length && memcmp(arguments[i].name, name, length) == 0) return arguments[i].value;
  return NULL;
}

char *text_fill(struct arena *arena, const char *template_text, const struct text_argument *arguments, size_t count) {
  struct buf out = BUF_INIT(1 << 20);
  for (const char *at = template_text; *at;) {
    const char *close = *at == '{' ? strchr(at, '}') : NULL;
    const char *value = close ? argument_value(arguments, count, at + 1, (size_t)(close - at - 1)) : NULL;
    if (value) {
      buf_text(&out, value);
      at = close + 1;
    } else {
      buf_char(&out, *at++);
    }
  }
  char *filled = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return filled;
}
