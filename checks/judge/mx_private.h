#ifndef JUDGE_MX_PRIVATE_H
#define JUDGE_MX_PRIVATE_H
#include "checks/judge/lib.h"

enum { MX_MOST = 100 }; /* records that are read: check-rules 16 */

/* A finding about one mail host; `seen` is where its name stands, or what was asked of it. */
struct finding *mx_tell(struct judgement *judgement, const char *rule, const char *host, const struct dns_answer *seen);
size_t mx_count(const struct dns_answer *mx); /* as many as are looked at */
/* The MX set as a whole: doubles, providers, inventory, wildcard. */
void mx_judge_set(struct judgement *judgement, const struct dns_answer *mx);
#endif
