#ifndef PRACTICE_WORDS_H
#define PRACTICE_WORDS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/dnswire.h"
#include "src/base/fault.h"

/* The words of one line: what stands between spaces, or between quotation marks, where \DDD, \" and \\ are as in a zone file. A # outside
 * quotation marks begins a comment. key="some text" is one word. */
struct word { const char *text; size_t length; bool quoted; };
struct words { struct word *all; size_t count; };

bool words_split(struct arena *arena, const char *line, size_t length, struct words *out, struct fault *fault);
/* The value of a word "key=value"; null when the word is not of that key. */
const char *word_value(const struct word *word, const char *key);
bool word_number(const char *text, uint32_t most, uint32_t *out);

/* Reads rdata in zone-file form from words[at…] into `rr`, whose type is given. Names are absolute. Character-strings longer than 255
 * octets are cut into several. Types without a form here take RFC 3597's: \# LENGTH HEX. */
bool words_rdata(struct arena *arena, const struct words *words, size_t at, struct dns_rr *rr, struct fault *fault);
#endif
