#ifndef CHECKS_JUDGE_REGISTRY_H
#define CHECKS_JUDGE_REGISTRY_H
#include "checks/judge/lib.h"
#include "checks/record/rdap.h"

/* What the registry says of the registrable domain, by RDAP. Optional in every way: nothing rests on it but the rules that show it. */
struct registry {
  const char *domain;                /* that was asked for */
  const struct rdap_domain *rdap;    /* null: no answer */
  const struct https_reply *reply;   /* the last that was seen; null: none */
  const char *reason;                /* why there is no answer, for people; "" */
};

/* False: not asked (see inquiry.ask_registry), or not yet. */
bool registry_find(struct judgement *judgement, struct registry *out);
#endif
