#include "src/base/ctype.h"

#include <string.h>

bool text_equal(const char *a, const char *b) {
  while (*a && to_lower(*a) == to_lower(*b)) a++, b++;
  return to_lower(*a) == to_lower(*b);
}

bool text_equal_n(const char *a, const char *b, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  return true;
}

bool text_starts(const char *text, const char *prefix) {
  while (*prefix && to_lower(*text) == to_lower(*prefix)) text++, prefix++;
  return !*prefix;
}

bool text_has_word(const char *words, const char *word) {
  size_t length = strlen(word);
  for (const char *at = words; *(at += strspn(at, " ")); at += strcspn(at, " "))
    if (strcspn(at, " ") == length && memcmp(at, word, length) == 0) return true;
  return false;
}

bool text_starts_with_one(const char *text, const char *prefixes) {
  for (const char *at = prefixes; *(at += strspn(at, " ")); at += strcspn(at, " "))
    if (strncmp(text, at, strcspn(at, " ")) == 0) return true;
  return false;
}

bool text_ends(const char *text, const char *suffix) {
  size_t length = strlen(text), end = strlen(suffix);
  return length >= end && text_equal(text + length - end, suffix);
}
