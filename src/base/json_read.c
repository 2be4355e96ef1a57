#include "src/base/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/text.h"

enum { FEW_MEMBERS = 16, LONGEST_KEY = UINT16_MAX, LONGEST_SHOWN = 60, FEW_VALUES = 16, VALUES_AT_ONCE = 128 };

/* The text is copied into the arena, and its strings are unescaped where they stand: they never grow. A word of NULs behind the end stops
 * every loop, since NUL is allowed nowhere in JSON. */
struct reader {
  struct arena *arena;
  char *at;
  const char *end, *line_start;
  uint32_t line, wide /* octets of this line that begin no character */, depth, values;
  struct value *block; /* room for values, handed out one by one */
  size_t left;
  struct fault *fault;
};

static uint32_t column_of(const struct reader *r, const char *at) { return (uint32_t)(at - r->line_start) - r->wide + 1; }

static bool refuse(const struct reader *r, const char *at, const char *why) {
  if (at == r->end) why = _("it ends too soon");
  fault_set(r->fault, _("its JSON cannot be read at line %u, column %u: %s"), (unsigned)r->line, (unsigned)column_of(r, at), why);
  return false;
}

static inline void skip_space(struct reader *r) {
  if (*r->at > ' ') return;
  for (; *r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'; r->at++) {
    if (*r->at != '\n') continue;
    r->line++;
    r->line_start = r->at + 1;
    r->wide = 0;
  }
}

/* ---- strings ---- */

static bool is_plain(char c) { return (signed char)c >= 0x20 && c != '"' && c != '\\'; }

/* Eight octets at once: which need a closer look, being below 0x20, above 0x7F, a quotation mark or a backslash? 0: none. */
static inline uint64_t special_octets(uint64_t word) {
  const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
  uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
  return (word | ((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes)) & tops;
}

static inline char *skip_plain(char *at) {
  uint64_t word, special;
  for (;; at += sizeof word) {
    memcpy(&word, at, sizeof word);
    special = special_octets(word);
    if (special) break;
  }
  if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) return at + __builtin_ctzll(special) / 8; /* the lowest mark is always right: borrowing goes up */
  while (is_plain(*at)) at++;
  return at;
}

static bool read_hex4(const char *at, uint32_t *out) {
  *out = 0;
  for (size_t i = 0; i < 4; i++) {
    int digit = hex_value(at[i]);
    if (digit < 0) return false;
    *out = *out << 4 | (uint32_t)digit;
  }
  return true;
}

/* After "\u": one character, written as a pair of surrogates when it lies above U+FFFF. False: half a pair, or no four digits. */
static bool read_code_point(char **at, uint32_t *out) {
  uint32_t low;
  if (!read_hex4(*at, out)) return false;
  *at += 4;
  if (*out < 0xd800 || *out > 0xdfff) return true;
  if (*out > 0xdbff || (*at)[0] != '\\' || (*at)[1] != 'u' || !read_hex4(*at + 2, &low) || low < 0xdc00 || low > 0xdfff) return false;
  *at += 6;
  *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
  return true;
}

/* At a backslash: its character is written at *to, which moves on. */
static bool read_escape(struct reader *r, char **to, bool *nul) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  char letter = r->at[1];
  const char *found = letter ? strchr(letters, letter) : NULL;
  uint32_t c;
  if (found) {
    *(*to)++ = meant[found - letters];
    r->at += 2;
    return true;
  }
  char *next = r->at + 2;
  if (letter != 'u' || !read_code_point(&next, &c)) return refuse(r, letter ? r->at : r->at + 1, _("JSON has no such escape"));
  if (c == 0) *nul = true;
  *to += u8_uctomb((uint8_t *)*to, c, 6); /* no longer than the escape itself */
  r->at = next;
  return true;
}

static bool read_wide(struct reader *r, char **to) {
  ucs4_t c;
  int size = u8_mbtoucr(&c, (const uint8_t *)r->at, (size_t)(r->end - r->at));
  if (size <= 0) return refuse(r, r->at, _("its octets are not UTF-8"));
  memmove(*to, r->at, (size_t)size);
  r->wide += (uint32_t)size - 1;
  *to += size;
  r->at += size;
  return true;
}

/* At the opening quotation mark; afterwards behind the closing one. */
static bool read_string(struct reader *r, const char **out, size_t *out_length, bool *out_nul) {
  char *start = ++r->at, *to = r->at = skip_plain(r->at);
  while (*r->at != '"') {
    if (*r->at == '\\' ? !read_escape(r, &to, out_nul) : (signed char)*r->at < 0 ? !read_wide(r, &to) : !refuse(r, r->at, _("text may hold no control character or line break")))
      return false;
    char *plain = r->at;
    r->at = skip_plain(plain);
    memmove(to, plain, (size_t)(r->at - plain));
    to += r->at - plain;
  }
  r->at++;
  *to = '\0';
  *out = start;
  *out_length = (size_t)(to - start);
  return true;
}

/* ---- numbers ---- */

static char *skip_digits(char *at) {
  while (is_digit(*at)) at++;
  return at;
}

/* Behind the integer part; null when a fraction or exponent has no digit. */
static char *skip_fraction(char *at) {
  char *digits = at;
  if (*at == '.') {
    at = skip_digits(digits = at + 1);
    if (at == digits) return NULL;
  }
  if (*at != 'e' && *at != 'E') return at;
  digits = at[1] == '+' || at[1] == '-' ? at + 2 : at + 1;
  at = skip_digits(digits);
  return at == digits ? NULL : at;
}

static bool read_integer(const char *at, const char *end, int64_t *out) {
  bool minus = *at == '-';
  int64_t value = 0;
  for (at += minus; at < end; at++)
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *at - '0', &value)) return false; /* below zero there is room for one more */
  if (!minus && value == INT64_MIN) return false;
  *out = minus ? value : -value;
  return true;
}

static bool read_number(struct reader *r, struct value *value) {
  char *start = r->at, *digits = start + (*start == '-'), *whole = *digits == '0' ? digits + 1 : skip_digits(digits), *end = skip_fraction(whole);
  if (whole == digits || !end) return refuse(r, start, _("it is no number"));
  value->kind = end == whole ? VALUE_INTEGER : VALUE_REAL;
  bool fits = end == whole && read_integer(start, end, &value->integer);
  if (end != whole) {
    value->real = strtod(arena_strndup(r->arena, start, (size_t)(end - start)), NULL); /* LC_NUMERIC is always "C" (src/base/intl.c) */
    fits = isfinite(value->real);
  }
  r->at = end;
  return fits || refuse(r, start, _("the number is too large"));
}

/* ---- values ---- */

static bool read_value(struct reader *r, struct value *value);

static bool read_word(struct reader *r, const char *word, enum value_kind kind, struct value *value) {
  size_t length = strlen(word);
  if (strncmp(r->at, word, length) != 0) return refuse(r, r->at, _("a value was expected"));
  value->kind = (uint8_t)kind;
  r->at += length;
  return true;
}

static bool read_text(struct reader *r, struct value *value) {
  size_t length;
  if (!read_string(r, &value->text, &length, &value->holds_nul)) return false;
  value->kind = VALUE_STRING;
  value->count = (uint32_t)length;
  return true;
}

static struct value *new_value(struct reader *r) {
  if (++r->values > JSON_MOST_VALUES) {
    fault_set(r->fault, _("it holds more than %d values"), JSON_MOST_VALUES);
    return NULL;
  }
  if (!r->left) {
    r->left = r->values < VALUES_AT_ONCE ? FEW_VALUES : VALUES_AT_ONCE;
    r->block = arena_alloc(r->arena, r->left * sizeof *r->block);
  }
  struct value *value = r->block++;
  r->left--;
  *value = (struct value){ .key = "", .line = r->line, .column = column_of(r, r->at) };
  return value;
}

static bool same_key(const struct value *a, const struct value *b) { return a->key_length == b->key_length && *a->key == *b->key && memcmp(a->key, b->key, a->key_length) == 0; }

static bool refuse_twice(const struct reader *r, const struct value *member) {
  fault_set(r->fault, _("its JSON cannot be read at line %u, column %u: the name \"%.*s\" stands there a second time"), (unsigned)member->line, (unsigned)member->column, LONGEST_SHOWN,
            text_safe_string(r->arena, member->key));
  return false;
}

static int by_key(const void *a, const void *b) {
  const struct value *first = *(const struct value *const *)a, *second = *(const struct value *const *)b;
  int order = strcmp(first->key, second->key);
  return order ? order : first->line != second->line ? (first->line > second->line) - (first->line < second->line) : (first->column > second->column) - (first->column < second->column);
}

/* A mark of a name, one of 64: only names with the same mark can be the same. */
static inline uint64_t mark_of(const struct value *member) {
  unsigned first = (unsigned char)member->key[0], last = member->key_length ? (unsigned char)member->key[member->key_length - 1] : 0;
  return (uint64_t)1 << ((first + last * 6 + member->key_length * 9u) & 63);
}

/* An object of many members is sorted, so that one of a million takes no longer than it should. */
static bool names_differ(const struct reader *r, const struct value *object) {
  uint64_t marks = 0;
  if (object->count <= FEW_MEMBERS) {
    VALUE_EACH(later, object) {
      uint64_t mark = mark_of(later);
      for (const struct value *earlier = object->first; marks & mark && earlier != later; earlier = earlier->next)
        if (same_key(earlier, later)) return refuse_twice(r, later);
      marks |= mark;
    }
    return true;
  }
  const struct value **sorted = mem_zalloc(object->count, sizeof *sorted), *twice = NULL;
  size_t count = 0;
  VALUE_EACH(member, object) sorted[count++] = member;
  qsort(sorted, count, sizeof *sorted, by_key);
  for (size_t i = 1; i < count && !twice; i++)
    if (same_key(sorted[i - 1], sorted[i])) twice = sorted[i];
  free(sorted);
  return !twice || refuse_twice(r, twice);
}

static bool read_name(struct reader *r, struct value *member) {
  size_t length;
  bool nul = false;
  char *start = r->at;
  if (*start != '"') return refuse(r, start, _("a name in quotation marks was expected"));
  if (!read_string(r, &member->key, &length, &nul)) return false;
  if (nul || length > LONGEST_KEY) return refuse(r, start, nul ? _("a name may hold no NUL") : _("the name is too long"));
  member->key_length = (uint16_t)length;
  skip_space(r);
  if (*r->at != ':') return refuse(r, r->at, _("a colon was expected"));
  r->at++;
  skip_space(r);
  return true;
}

/* At the bracket that opens it. */
static bool read_list(struct reader *r, struct value *list, enum value_kind kind) {
  char close = kind == VALUE_ARRAY ? ']' : '}';
  const struct value **link = &list->first;
  list->kind = (uint8_t)kind;
  list->first = NULL;
  r->at++;
  skip_space(r);
  for (; *r->at != close; list->count++) {
    if (list->count && *r->at != ',') return refuse(r, r->at, kind == VALUE_ARRAY ? _("a comma or ] was expected") : _("a comma or } was expected"));
    if (list->count) r->at++;
    skip_space(r);
    struct value *member = new_value(r);
    if (!member || (kind == VALUE_OBJECT && !read_name(r, member)) || !read_value(r, member)) return false;
    *link = member;
    link = &member->next;
    skip_space(r);
  }
  r->at++;
  return kind == VALUE_ARRAY || names_differ(r, list);
}

static bool read_deeper(struct reader *r, struct value *value, enum value_kind kind) {
  if (++r->depth > JSON_DEEPEST) {
    fault_set(r->fault, _("its JSON is nested more than %d levels deep, at line %u, column %u"), JSON_DEEPEST, (unsigned)r->line, (unsigned)column_of(r, r->at));
    return false;
  }
  bool good = read_list(r, value, kind);
  r->depth--;
  return good;
}

static bool read_value(struct reader *r, struct value *value) {
  switch (*r->at) {
  case '"': return read_text(r, value);
  case '{': return read_deeper(r, value, VALUE_OBJECT);
  case '[': return read_deeper(r, value, VALUE_ARRAY);
  case 't': return read_word(r, "true", VALUE_TRUE, value);
  case 'f': return read_word(r, "false", VALUE_FALSE, value);
  case 'n': return read_word(r, "null", VALUE_NULL, value);
  default: break;
  }
  return is_digit(*r->at) || *r->at == '-' ? read_number(r, value) : refuse(r, r->at, _("a value was expected"));
}

const struct value *json_read(struct arena *arena, const char *text, size_t length, struct fault *fault) {
  struct reader r = { .arena = arena, .line = 1, .fault = fault };
  if (length >= UINT32_MAX) {
    fault_set(fault, "%s", _("it is too large"));
    return NULL;
  }
  char *copy = arena_alloc(arena, length + sizeof(uint64_t));
  if (length) memcpy(copy, text, length);
  memset(copy + length, 0, sizeof(uint64_t));
  r.line_start = r.at = copy;
  r.end = copy + length;
  skip_space(&r);
  struct value *root = new_value(&r);
  if (*r.at != '{' && *r.at != '[') {
    refuse(&r, r.at, _("an object in { } was expected"));
    return NULL;
  }
  if (!read_value(&r, root)) return NULL;
  skip_space(&r);
  if (r.at == r.end) return root;
  refuse(&r, r.at, _("something follows after its end"));
  return NULL;
}

/* ---- what was read ---- */

bool value_is(const struct value *value, enum value_kind kind) { return value && value->kind == kind; }
size_t value_count(const struct value *array) { return value_is(array, VALUE_ARRAY) ? array->count : 0; }

const struct value *value_get(const struct value *object, const char *key) {
  if (!value_is(object, VALUE_OBJECT)) return NULL;
  size_t length = strlen(key);
  VALUE_EACH(member, object)
    if (member->key_length == length && *member->key == *key && memcmp(member->key, key, length) == 0) return member;
  return NULL;
}

/* Members mostly stand in the order of the keys: each is looked for from where the last was found. */
void value_pick(const struct value *object, const char *const *keys, size_t count, const struct value **out) {
  size_t next = 0;
  memset(out, 0, count * sizeof *out);
  VALUE_EACH(member, value_is(object, VALUE_OBJECT) ? object : NULL)
    for (size_t i = 0; i < count; i++) {
      size_t key = next + i < count ? next + i : next + i - count;
      if (*keys[key] != *member->key || strcmp(keys[key], member->key) != 0) continue;
      out[key] = member;
      next = key + 1 < count ? key + 1 : 0;
      break;
    }
}

const struct value *value_at(const struct value *array, size_t index) {
  if (!value_is(array, VALUE_ARRAY)) return NULL;
  VALUE_EACH(member, array)
    if (index-- == 0) return member;
  return NULL;
}

const char *value_string(const struct value *value, const char *otherwise) { return value_is(value, VALUE_STRING) && !value->holds_nul ? value->text : otherwise; }
const char *value_text(const struct value *object, const char *key, const char *otherwise) { return value_string(value_get(object, key), otherwise); }

int64_t value_integer(const struct value *value, int64_t otherwise) { return value_is(value, VALUE_INTEGER) ? value->integer : otherwise; }
int64_t value_number(const struct value *object, const char *key, int64_t otherwise) { return value_integer(value_get(object, key), otherwise); }

bool value_flag(const struct value *object, const char *key, bool otherwise) {
  const struct value *value = value_get(object, key);
  return value_is(value, VALUE_TRUE) || (otherwise && !value_is(value, VALUE_FALSE));
}

const char *value_bytes(struct arena *arena, const struct value *value, size_t *out_length) {
  if (!value_is(value, VALUE_STRING)) return NULL;
  const char *plain = value->text; /* ASCII stands for itself, and a NUL behind the end stops this */
  while ((signed char)*plain > 0) plain++;
  if (plain == value->text + value->count) {
    *out_length = value->count;
    return arena_strndup(arena, value->text, value->count);
  }
  const unsigned char *at = (const unsigned char *)value->text, *end = at + value->count;
  char *bytes = arena_alloc(arena, value->count + 1), *to = bytes;
  for (; at < end; at++) {
    if (*at >= 0xc4) return NULL;
    unsigned char wide = *at & 0x80; /* U+0080 to U+00FF are two octets: 110000xx 10xxxxxx */
    *to++ = (char)(wide ? (*at & 3) << 6 | (at[1] & 0x3f) : *at);
    if (wide) at++;
  }
  *to = '\0';
  *out_length = (size_t)(to - bytes);
  return bytes;
}
