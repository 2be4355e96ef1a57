#ifndef CLI_LINT_H
#define CLI_LINT_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "src/base/dnswire.h"

/* `strings` gives the borders of a zone file's strings; null where there are none that a zone could hold. */
struct given_text { const char *bytes; size_t length; const struct dns_rr *strings; };

/* How a text was written. */
enum lint_form { LINT_AS_IT_STANDS, LINT_BEHIND_A_NAME, LINT_ZONE_FORM };

/* Takes the value out of a line of a zone file or a list of records: the name, time to live, class and `type` before it, the quotation marks, brackets and
 * comment around its strings, which are joined. Nothing changes when the text is in none of these forms. In the arena. */
enum lint_form lint_read_form(struct arena *arena, const char *type, struct given_text *text);

/* A text whose version is missing or only nearly right, as it would be with `version` (such as "v=DMARC1;"), so that the rest of it can be judged too.
 * `stem` (such as "DMARC") is what the version is known by. A position in the text is that in the result and *out_shift. In the arena; no bytes: the text
 * is empty, or of another kind. */
struct given_text lint_with_version(struct arena *arena, const struct given_text *text, const char *version, const char *stem, long *out_shift);
#endif
