#ifndef UI_NAMES_H
#define UI_NAMES_H
#include <stdbool.h>
#include "src/base/arena.h"
#include "src/base/fault.h"

/* Words typed or pasted into a field, parted by spaces, commas, semicolons or lines. */
size_t names_words(struct arena *arena, const char *text, const char ***out);

/* Domains out of what was typed: scheme, path, user and final dot are taken off, international names are converted. False and a fault: the
 * first word that cannot be a domain. *out_changed (may be null): a sentence on what was changed, or "". */
bool names_read(struct arena *arena, const char *text, const char ***out, size_t *out_count, const char **out_changed, struct fault *fault);
#endif
