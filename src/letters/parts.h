#ifndef LETTERS_PARTS_H
#define LETTERS_PARTS_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"

/* The parts of a letter that are edited one by one: paragraphs, and each point ("- …") of a list. */
struct letter_part {
  const char *start; size_t length; /* in the text, without the line ends after it */
  const char *words;                /* on one line */
  bool ends_paragraph;              /* an empty line follows, or the end */
};
size_t letter_parts(struct arena *arena, const char *text, struct letter_part **out);

/* The text with other words in one part, wrapped; "" leaves the part out. In the arena. */
const char *letter_with_part(struct arena *arena, const char *text, size_t index, const char *words);

/* What a letter would say now and did not say before, and the other way about, part by part. */
struct letter_change { bool gone; const char *words; };
size_t letter_changes(struct arena *arena, const char *before, const char *now, struct letter_change **out);
#endif
