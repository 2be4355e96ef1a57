#ifndef CHECKS_JUDGE_SPF_EVALUATE_H
#define CHECKS_JUDGE_SPF_EVALUATE_H
#include <stdbool.h>
#include "checks/record/spf.h"
#include "checks/store.h"

/* check_host() of RFC 7208 section 4, over a store. */

enum spf_result { SPF_NONE, SPF_NEUTRAL, SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_TEMPERROR, SPF_PERMERROR };

struct spf_request {
  struct ip ip;
  const char *domain;    /* as it stands in the sender's address, or the HELO name when there is no sender; bytes, not a name in text form */
  const char *sender;    /* "local@domain", "domain", or "": then postmaster at the HELO name (section 2.4), or at `domain` without one */
  const char *helo;      /* "" when unknown */
  int64_t time_ms;       /* of %{t} */
};

struct spf_outcome {
  enum spf_result result;
  unsigned lookups, void_lookups;
  const char *mechanism; /* the term that matched, as written; "default" when none did; "" otherwise */
  const char *where;     /* the domain whose record holds it */
  const char *explanation; /* of a fail, from exp=; "" without one */
  const char *problem;   /* of an error: what, in a few words of English; "" else */
};

const char *spf_result_name(enum spf_result result); /* "softfail" */

/* False: something is not observed yet (the questions are open); `out` is then not complete. Memory is the arena's. */
bool spf_evaluate(struct store *store, struct arena *arena, const struct spf_request *request, struct spf_outcome *out);

enum spf_selection { SPF_SELECT_WAITING, SPF_SELECT_ERROR, SPF_SELECT_NONE, SPF_SELECT_ONE, SPF_SELECT_SEVERAL };
/* The SPF record at a name (section 4.5). `out_answer` may be null. */
enum spf_selection spf_select(struct store *store, const char *name, const struct dns_rr **out_record, const struct dns_answer **out_answer);
#endif
