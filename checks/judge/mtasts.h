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
/* The policy as senders would use it: null when none is served rightly, or not yet. */
const struct mtasts_policy *mtasts_policy_of(struct judgement *judgement, const char *domain);
#endif
