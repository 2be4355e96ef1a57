#ifndef PLAN_PROVE_H
#define PLAN_PROVE_H
#include "src/plan/private.h"

struct proof {
  struct planning *p;
  struct store *after;  /* the store as it will be */
};

/* ---- prove_form.c: a change by itself, and beside what else is at its name ---- */
/* What a zone-file line would hold, read back: each string within its limit, the whole as it was, no border inside an escape. Null, or the rule
 * that it breaks. */
const char *prove_split(const char *text, const char *value);
void prove_forms(struct proof *proof);       /* names, values, strings, the way back */
void prove_neighbours(struct proof *proof);  /* aliases, second records, null MX, answers that grow */
void prove_routes(struct proof *proof);      /* TTL, who is to be asked */

/* ---- prove_mail.c: what it does to the email of today ---- */
void prove_spf(struct proof *proof);
void prove_dmarc(struct proof *proof);
void prove_mail_servers(struct proof *proof); /* MX against MTA-STS and TLSA */

/* ---- prove_secure.c: keys, and the records that vouch for them ---- */
void prove_secure(struct proof *proof);
#endif
