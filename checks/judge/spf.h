#ifndef CHECKS_JUDGE_SPF_H
#define CHECKS_JUDGE_SPF_H
#include "checks/judge/lib.h"

/* A TXT that was meant to be an SPF record and is none (rule spf-near-miss-version). */
bool spf_is_near_miss(const struct dns_rr *rr);

/* Judges the text of one record by itself: syntax, order, ranges. `rr` gives the borders of its strings; null when there are none.
 * Asks nothing. Findings have {term} and {position} (octets from 1). */
void spf_judge_text(struct judgement *judgement, const char *text, size_t length, const struct dns_rr *rr);
#endif
