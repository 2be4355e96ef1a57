#ifndef REQUEST_VERIFY_H
#define REQUEST_VERIFY_H
#include "checks/judge/lib.h"
#include "src/plan/lib.h"

/* Is a requested change published, on every authoritative server and for the resolver? Pure over the store. */
enum verify_state { VERIFY_LIVE, VERIFY_PARTLY, VERIFY_NOT_YET, VERIFY_WRONG, VERIFY_UNKNOWN };
enum verify_says { SAYS_NEW, SAYS_OLD, SAYS_BOTH, SAYS_NEITHER, SAYS_NOTHING };

struct verify_server { const char *name, *address; enum verify_says says; const char *slip; /* "": none recognised */ };

struct verify_result {
  const struct plan_change *change;
  enum verify_state state;
  struct verify_server servers[24];
  size_t server_count;
  enum verify_says resolver;
  uint32_t cached_seconds;  /* how long the resolver may still give the old value; 0: it does not */
  const char *slip;         /* the usual mistake that explains it, for people; "" */
};

/* False: not yet (questions are open). */
bool verify_change(struct judgement *judgement, const struct plan_change *change, struct verify_result *out);
const char *verify_state_name(enum verify_state state); /* "live" */
const char *verify_says_name(enum verify_says says);    /* "new" */
#endif
