#ifndef PLAN_PROVE_H
#define PLAN_PROVE_H
#include "src/plan/private.h"

struct proof {
  struct planning *p;
  struct store *after;  /* the store as it will be */
};

/* ---- prove_form.c: a change by itself, and beside what else is at its name ---- */
void prove_forms(struct proof *proof);       /* names, values, strings, the way back */
void prove_neighbours(struct proof *proof);  /* aliases, second records, null MX, answers that grow */
void prove_routes(struct proof *proof);      /* TTL, who is to be asked */

/* ---- prove_mail.c: what it does to the email of today ---- */
void prove_spf(struct proof *proof);
void prove_dmarc(struct proof *proof);
void prove_mail_servers(struct proof *proof); /* MX against MTA-STS and TLSA */
#endif
