#ifndef REQUEST_VIEW_H
#define REQUEST_VIEW_H
#include "src/request/verify.h"

/* What one answer shows of a change, without asking anything. */
struct verify_view view_answer(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer);
/* Does the answer hold this wanted value, octet for octet or by its meaning? */
bool view_holds(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer, const char *wanted, bool *out_exact);
/* Is one of the answer's records this text? */
bool view_has(struct arena *arena, const struct dns_answer *answer, const char *text, size_t length);
#endif
