#ifndef BASE_CTYPE_H
#define BASE_CTYPE_H
#include <stdbool.h>
#include <stddef.h>

/* Protocol text is ASCII whatever the locale says. */
static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static inline bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
static inline bool is_alnum(char c) { return is_alpha(c) || is_digit(c); }
static inline bool is_xdigit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static inline bool is_wsp(char c) { return c == ' ' || c == '\t'; }
static inline bool is_space(char c) { return is_wsp(c) || c == '\r' || c == '\n'; }
static inline bool is_print(char c) { return c >= 0x20 && c <= 0x7e; }
static inline char to_lower(char c) { return is_upper(c) ? (char)(c - 'A' + 'a') : c; }
static inline char to_upper(char c) { return is_lower(c) ? (char)(c - 'a' + 'A') : c; }
/* -1: none. Digits and letters are told apart by one bit of ASCII, since much of a saved store is hexadecimal. */
static inline int hex_value(char c) {
  unsigned digit = (unsigned char)c - (unsigned)'0', letter = ((unsigned char)c | 0x20u) - (unsigned)'a';
  return digit <= 9 ? (int)digit : letter <= 5 ? (int)letter + 10 : -1;
}

/* Compare without case, ASCII only. */
bool text_equal(const char *a, const char *b);
bool text_equal_n(const char *a, const char *b, size_t length); /* neither may hold a NUL in the first `length` bytes */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* Lists of words parted by spaces, as tables keep them; case counts. */
bool text_has_word(const char *words, const char *word);          /* is it one of them? */
bool text_starts_with_one(const char *text, const char *prefixes); /* does it begin with one of them? */
#endif
