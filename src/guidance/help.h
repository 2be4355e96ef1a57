#ifndef GUIDANCE_HELP_H
#define GUIDANCE_HELP_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"

/* The help pages: Markdown in help/<language>/<topic>.md, found in $MAILSTEAD_HELP, the installed folder, or beside the program in its
 * source tree; the English page serves where there is no other. Each rule and each list of rules is a page too, made from the catalogue (see
 * help_rules.h). */
const char *help_text(struct arena *arena, const char *topic);  /* null: no such page */
const char *help_title(struct arena *arena, const char *topic); /* its first heading; the topic when there is none */
const char *const *help_topics(size_t *out_count);              /* the pages that are files, in the order of the contents */

struct help_hit { const char *topic, *title, *excerpt; unsigned score; };
/* Pages that hold every word (or its synonym), without regard to case and accents; those with it in the title first, then in a heading, then the
 * pages of rules; a rule that is named by its id is the first. At most `room`. */
size_t help_search(struct arena *arena, const char *words, struct help_hit *out, size_t room);
const char *help_also(struct arena *arena, const char *words);    /* the synonyms that were looked for too: "ptr, tls"; "" */
const char *help_nearest(struct arena *arena, const char *words); /* a page whose title has a word like it; null: none */
#endif
