#ifndef PLAN_DMARC_H
#define PLAN_DMARC_H
#include "checks/judge/dmarc.h"
#include "src/plan/private.h"

enum { DMARC_MOST_TAGS = 48 };

struct dmarc_tags {
  struct { const char *name, *value; } all[DMARC_MOST_TAGS];
  size_t count;
};

/* ---- dmarc_text.c: what was meant by a text ---- */

void dmarc_tags_set(struct dmarc_tags *tags, const char *name, const char *value);
void dmarc_tags_remove(struct dmarc_tags *tags, const char *name);
const char *dmarc_tags_get(const struct dmarc_tags *tags, const char *name); /* null: none */
const char *dmarc_tags_write(struct arena *arena, const struct dmarc_tags *tags, const char *separator);
/* Reads a text that is a record or was meant to be one: missing and wrong separators, tags in capitals or misspelt. Names that cannot be told
 * are left out and reported (plan-dmarc-loses-tag). `text`: cleaned. */
void dmarc_tags_read(struct planning *p, const char *text, struct dmarc_tags *out);

/* ---- dmarc_reports.c ---- */

bool dmarc_takes_mail(struct planning *p);                 /* by its profile, and no null MX */
/* The mailbox of the organisation for reports; null: none is known that could take them. */
const char *dmarc_own_mailbox(struct planning *p);
/* The value of rua or ruf: the owner's addresses, mended, without those that reach nobody. Null: none is left. */
const char *dmarc_wanted_uris(struct planning *p, const char *value, bool add_own);
/* Asks for the permission of outside destinations (RFC 9990 section 4): as a change where the zone is one's own, else as a task for its owner. */
void dmarc_plan_permissions(struct planning *p, const char *wanted);
#endif
