#ifndef REQUEST_SLIPS_H
#define REQUEST_SLIPS_H
#include <stdbool.h>
#include <stddef.h>

/* The usual mistakes between a request and what is published. Verify names them; the practice provider makes them on demand. */
enum slip {
  SLIP_NONE,
  /* in the value */
  SLIP_QUOTES, SLIP_BACKSLASHES, SLIP_SPLIT, SLIP_CUT, SLIP_TYPOGRAPHIC, SLIP_SPACES, SLIP_LINE_BREAK, SLIP_CASE, SLIP_SEMICOLON, SLIP_TARGET_ZONE,
  /* in the records */
  SLIP_SECOND_RECORD, SLIP_WRONG_TYPE, SLIP_ALIAS_AS_TEXT,
  /* in the name */
  SLIP_NAME_DOUBLED, SLIP_NAME_MISSPELT, SLIP_UNDERSCORE_LOST, SLIP_AT_LABEL, SLIP_PARENT_ZONE,
  SLIP_COUNT,
};

const char *slip_name(enum slip slip);      /* "literal-quotes": on the command line and in JSON; "" for none */
bool slip_from_name(const char *name, enum slip *out);
const char *slip_sentence(enum slip slip);  /* what happened, for people, translated: "quotation marks were entered with the value"; "" for none */
const char *slip_remedy(enum slip slip);    /* what to tell the provider, translated */

/* Which slip turns the wanted text into the one that is seen; none when no slip explains it. */
enum slip slip_in_text(const char *seen, size_t seen_length, const char *wanted, size_t wanted_length);
/* The same for a target's name; `zone` is the one that the record lies in. */
enum slip slip_in_target(const char *seen, const char *wanted, const char *zone);
/* The first octet in which they differ: an offset into both; the shorter length when one begins the other. */
size_t text_difference(const char *a, size_t a_length, const char *b, size_t b_length);

/* Wrong spellings of a name's first labels, one after the other: the relative name to look at; null past the end. */
struct arena;
const char *slip_misspelling(struct arena *arena, const char *relative, size_t index, enum slip *out);
#endif
