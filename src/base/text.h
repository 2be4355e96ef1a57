#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/buf.h"

/* The one function that every byte from outside passes before a screen, a file for people, or a log: valid UTF-8 of printable
 * characters stays; control characters (C0, C1, DEL), bidirectional overrides, zero-width and other invisible characters and broken UTF-8
 * become \xHH or \u{HHHH}; a backslash stays as it is. The result holds no line break. */
void text_safe(struct buf *out, const void *bytes, size_t length);
char *text_safe_copy(struct arena *arena, const void *bytes, size_t length);
char *text_safe_string(struct arena *arena, const char *text);
bool text_is_safe(const char *text); /* nothing would be changed */

/* Width in terminal columns of UTF-8 text (libunistring); broken bytes count 1. */
size_t text_width(const char *text);
size_t text_width_n(const char *text, size_t length);
/* One grapheme (what a user takes for a character) from `text`: its length in bytes, at least 1 while text is not empty, and its columns. */
size_t text_grapheme(const char *text, size_t length, size_t *out_columns);
/* How many bytes of `text` fit in `columns`, whole graphemes only; their width in *out_columns (may be null). */
size_t text_fit(const char *text, size_t columns, size_t *out_columns);
bool text_is_ascii(const char *text); /* no octet above 0x7f */
bool text_is_utf8(const void *bytes, size_t length);

/* Where `words` first stand in `text`, without regard to case and accents ("w" finds "\u0175"); null: nowhere. *out_length (may be null): bytes of the
 * place. Empty words stand nowhere. */
const char *text_find(const char *text, const char *words, size_t *out_length);
bool text_same_folded(const char *a, const char *b); /* the whole of both, so compared */

/* Edit distance (Levenshtein with transposition), without case; stops at `limit` and then returns limit + 1. */
unsigned text_distance(const char *a, const char *b, unsigned limit);

/* Fills named arguments: "needs {lookups} look-ups" with {"lookups","12"}. An unknown name stays as written. */
struct text_argument { const char *name, *value; };
char *text_fill(struct arena *arena, const char *template_text, const struct text_argument *arguments, size_t count);
#endif
