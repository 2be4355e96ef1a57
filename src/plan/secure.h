#ifndef PLAN_SECURE_H
#define PLAN_SECURE_H
#include "checks/record/tlsa.h"
#include "src/plan/private.h"

/* The leaf certificate that all addresses of a mail server show with one key. Null: none was seen, or they differ; or not yet (the judgement
 * waits). */
const struct certificate *plan_key_in_use(struct planning *p, const char *host);
#endif
