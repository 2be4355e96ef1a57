#ifndef CHECKS_JUDGE_MTASTS_H
#define CHECKS_JUDGE_MTASTS_H
#include "checks/judge/lib.h"
#include "checks/record/mtasts_policy.h"

#define MTASTS_PATH "/.well-known/mta-sts.txt"

/* The record's and the policy's text by themselves; they ask nothing. */
void mtasts_judge_record_text(struct judgement *judgement, const char *text, size_t length);
void mtasts_judge_policy_text(struct judgement *judgement, const struct mtasts_policy *policy);
/* The rule that names what is wrong with a text that was meant to be a record; null: nothing like one. */
const char *mtasts_near_miss(const char *text);
/* Fetches the domain's own policy, and judges how it is served. `a` and `aaaa` are the answers for its host. Null: none, or not yet. */
const struct mtasts_policy *mtasts_judge_fetch(struct judgement *judgement, const struct dns_answer *a, const struct dns_answer *aaaa);
/* The policy as senders would use it; *out is null when none is served rightly. False: not yet. */
bool mtasts_policy_find(struct judgement *judgement, const char *domain, const struct mtasts_policy **out);
const struct mtasts_policy *mtasts_policy_of(struct judgement *judgement, const char *domain); /* the same; null also for "not yet" */
#endif
