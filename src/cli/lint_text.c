/* The forms in which people have a record in hand. */
#include "src/cli/lint.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/text.h"

/* ---- strings of a zone file ---- */

/* One character-string in quotation marks (RFC 1035 section 5.1), appended to `put`; what stands behind it, or null when it does not end. */
static const char *unquote(const char *at, char *text, size_t *length) {
  for (at++; *at && *at != '"'; at++) {
    int octet = (unsigned char)*at;
    if (*at == '\\' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
      octet = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
      at += 3;
    } else if (*at == '\\' && at[1]) {
      octet = (unsigned char)*++at;
    }
    if (octet == 0 || octet > 255) return NULL;
    text[(*length)++] = (char)octet;
  }
  return *at ? at + 1 : NULL;
}

/* White space, a bracket of `brackets`, or a comment to the end of its line (RFC 1035 section 5.1). */
static const char *skip_between(const char *at, const char *brackets) {
  while (is_space(*at) || *at == ';' || (*at && strchr(brackets, *at))) at += *at == ';' ? strcspn(at, "\n") : 1;
  return at;
}

/* A value as it stands in a zone file, "one" "two", with or without brackets: the strings joined, and their borders kept. False, and nothing changed: it is
 * not in that form. */
static bool read_strings(struct arena *arena, struct given_text *text) {
  char *joined = ARENA_ARRAY(arena, char, text->length + 1);
  uint8_t *lengths = ARENA_ARRAY(arena, uint8_t, text->length + 1);
  struct dns_rr *rr = ARENA_NEW(arena, struct dns_rr);
  size_t put = 0, strings = 0;
  bool fits = true;
  const char *at = text->bytes;
  at = skip_between(at, "(");
  for (; at && *at == '"'; strings++) {
    size_t start = put;
    at = unquote(at, joined, &put);
    fits = fits && put - start <= UINT8_MAX;
    lengths[strings] = (uint8_t)(put - start);
    if (at) at = skip_between(at, "()");
  }
  if (!at || *at || !strings) return false;
  *rr = (struct dns_rr){ .type = DNS_TYPE_TXT, .txt = { .bytes = joined, .lengths = lengths, .length = (uint16_t)put, .strings = (uint16_t)strings } };
  *text = (struct given_text){ joined, put, fits ? rr : NULL };
  return true;
}

/* ---- what stands before a value ---- */

static size_t word_length(const char *at) { return strcspn(at, " \t\r\n"); }

static bool is_word(const char *at, size_t length, const char *word) { return length == strlen(word) && text_equal_n(at, word, length); }

/* A name, a time to live or a class: none of them has a sign of a value in it. */
static bool is_owner_word(const char *at, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (!is_alnum(at[i]) && !strchr("._-*@\\", at[i])) return false;
  return length > 0;
}

static const char *next_word(const char *at) {
  at += word_length(at);
  while (is_space(*at)) at++;
  return at;
}

/* Behind "name 3600 IN TXT", or behind "TXT name" as lists in control panels have it; null: the text does not begin so. */
static const char *behind_type(const char *at, const char *type) {
  enum { MOST_WORDS = 4 };
  while (is_space(*at)) at++;
  for (size_t words = 0; words < MOST_WORDS && is_owner_word(at, word_length(at)); words++, at = next_word(at)) {
    if (!is_word(at, word_length(at), type)) continue;
    at = next_word(at);
    bool named = words == 0 && (is_word(at, word_length(at), "@") || *at == '_' || (is_owner_word(at, word_length(at)) && strchr("\"(", *next_word(at))));
    return named && *next_word(at) ? next_word(at) : at;
  }
  return NULL;
}

enum lint_form lint_read_form(struct arena *arena, const char *type, struct given_text *text) {
  const char *value = strlen(text->bytes) == text->length ? behind_type(text->bytes, type) : NULL;
  struct given_text rest = *text;
  if (value && *value) rest = (struct given_text){ .bytes = value, .length = text->length - (size_t)(value - text->bytes) };
  bool strings = read_strings(arena, &rest);
  enum lint_form form = strings ? LINT_ZONE_FORM : value && *value ? LINT_BEHIND_A_NAME : LINT_AS_IT_STANDS;
  if (form != LINT_AS_IT_STANDS) *text = rest;
  return form;
}

/* ---- a version that is nearly right ---- */

/* Behind the version: what is left of its word, white space, and the sign that parts it from the rest, whichever that is. */
static size_t behind_version(const char *text, size_t at) {
  static const char no_break_space[] = "\xc2\xa0", wide_semicolon[] = "\xef\xbc\x9b";
  while (is_alnum(text[at]) || text[at] == '.' || text[at] == '\\') at++;
  while (is_space(text[at]) || strncmp(text + at, no_break_space, 2) == 0) at += is_space(text[at]) ? 1 : 2;
  if (strncmp(text + at, wide_semicolon, 3) == 0) return at + 3;
  return text[at] && strchr(";,:", text[at]) ? at + 1 : at;
}

/* Not "include:_spf.example.org". */
static bool begins_word(const char *text, size_t at) {
  return at == 0 || strchr(" \t=\"'", text[at - 1]) || text[at - 1] & 0x80 || (text[at - 1] == ':' && at == 2);
}

/* Where the version stands, from the part before it on; false: nothing is like it. */
static bool find_version(const char *text, const char *stem, size_t *out_start, size_t *out_end) {
  for (size_t at = 0; text[at]; at++) {
    if (!text_starts(text + at, stem) || !begins_word(text, at)) continue;
    *out_end = behind_version(text, at + strlen(stem));
    while (at && text[at - 1] != ';') at--;
    *out_start = at;
    return true;
  }
  return false;
}

struct given_text lint_with_version(struct arena *arena, const struct given_text *text, const char *version, const char *stem, long *out_shift) {
  size_t start = 0, end = 0, head = strlen(version);
  bool found = find_version(text->bytes, stem, &start, &end);
  if (!*text->bytes || (!found && text_starts(text->bytes, "v="))) return (struct given_text){ .bytes = NULL };
  size_t rest = found && !start ? end : 0; /* a version in the middle is made blank, so that positions stay */
  struct given_text whole = { .length = head + text->length - rest };
  char *bytes = ARENA_ARRAY(arena, char, whole.length + 1);
  memcpy(bytes, version, head);
  memcpy(bytes + head, text->bytes + rest, text->length - rest);
  if (start) memset(bytes + head + start, ' ', end - start);
  whole.bytes = bytes;
  *out_shift = (long)rest - (long)head;
  return whole;
}
