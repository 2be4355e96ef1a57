#ifndef LETTERS_PRIVATE_H
#define LETTERS_PRIVATE_H
#include "src/base/lib.h"
#include "src/letters/lib.h"

/* A letter being written. */
struct writing { struct arena *arena; struct buf out; const struct letter_input *input; size_t services; };

/* A paragraph of 72 columns with {domain}, {when}, {old}, {until} and one more argument filled in, and an empty line after it. `value` may be null. */
void put_paragraph(struct writing *w, const char *text, const char *name, const char *value);
void put_lead(struct writing *w, const char *text); /* a paragraph that points follow: no empty line after it */
void put_point(struct writing *w, const char *text, const char *name, const char *value); /* "- text", hanging */
void put_gap(struct writing *w);
/* Wraps text to 72 columns: the first line after `first`, the others after `rest`. Words longer than a line stand alone. */
void put_wrapped(struct buf *out, const char *first, const char *rest, const char *text);

void write_operators(struct writing *w, enum letter_kind kind);
void write_everyone(struct writing *w);
void write_provider(struct writing *w);
void write_partner(struct writing *w);
void write_dns_provider(struct writing *w);
void write_procurement(struct writing *w);
void write_addresses(struct writing *w);
void write_colleagues(struct writing *w);
#endif
