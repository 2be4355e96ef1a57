#ifndef CHECKS_JUDGE_SPF_H
#define CHECKS_JUDGE_SPF_H
#include "checks/judge/lib.h"
#include "checks/judge/spf_tree.h"

/* More than one record at a name: the rule spf-multiple, with all of them. */
void spf_judge_several(struct judgement *judgement, const struct dns_answer *answer);

/* Judges the text of one record by itself: syntax, order, ranges. `rr` gives the borders of its strings; null when there are none.
 * Asks nothing. Findings have {term} and {position} (octets from 1). */
void spf_judge_text(struct judgement *judgement, const struct spf_record *record, const struct dns_rr *rr);
/* More look-ups than the limit by the record's own terms, whatever stands behind them. */
void spf_judge_text_lookups(struct judgement *judgement, const struct spf_record *record);
/* Includes and redirects that name the domain itself, or twice the same. */
void spf_judge_text_targets(struct judgement *judgement, const struct spf_record *record);
/* The `all` of a record's text, or its absence; of one with a syntax error only what would be wrong when that is mended. */
void spf_judge_text_ending(struct judgement *judgement, const struct spf_record *record);
/* A text that was meant to be an SPF record and is none (rule spf-near-miss-version). */
bool spf_is_near_miss(const char *text, size_t length);
/* The mechanism that an unknown modifier ("include=", "ip5=") is named like; null: none. */
const char *spf_mechanism_like(const char *modifier);
bool spf_is_sender_id(const char *text); /* RFC 4406, historic */
#endif
