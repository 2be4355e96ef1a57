#ifndef REQUEST_REQUESTED_H
#define REQUEST_REQUESTED_H
#include <jansson.h>
#include "src/base/fault.h"
#include "src/plan/lib.h"

/* What was asked for, read again from the JSON of a change request: what verify compares the world with. */
struct requested_failing { const char *rule, *subject; };

struct requested {
  const char *domain, *reference, *recipient; /* "" when the request does not say */
  int64_t time, due;              /* wall ms; 0: not said */
  struct plan_change *changes; size_t count;
  size_t left_out;                /* records that were not asked for, by choice or because the DNS host does not take them */
  bool has_before;                /* it says what failed when it was made */
  struct requested_failing *before; size_t before_count;
};

/* Everything is copied into the arena. False and a fault: not a change request. */
bool requested_read(struct arena *arena, const json_t *json, struct requested *out, struct fault *fault);
#endif
