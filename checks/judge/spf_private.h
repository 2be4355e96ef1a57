#ifndef CHECKS_JUDGE_SPF_PRIVATE_H
#define CHECKS_JUDGE_SPF_PRIVATE_H
#include "checks/judge/spf.h"
#include "checks/judge/spf_tree.h"

/* Between the files of the SPF judge. */

/* A finding about one term: {term}, {position} in octets from 1. */
struct finding *spf_find_term(struct judgement *judgement, const char *rule, const struct spf_term *term);
struct finding *spf_find_term_as(struct judgement *judgement, const char *rule, enum severity severity, const struct spf_term *term);
const char *spf_fault_rule(enum spf_fault fault); /* the rule that names a syntax fault */
/* Two terms, a list, a mail address or a URL where a domain belongs: within the grammar of section 7.1, so that receivers look it up, and
 * never what was meant. The rule that names it; null: it names a domain. */
const char *spf_rule_of_domain(struct judgement *judgement, const struct spf_term *term);

/* Of one record's own ranges: width, private ones, host bits, one inside another. Asks nothing. */
void spf_judge_ranges(struct judgement *judgement, const struct spf_record *record);
/* How much of the IPv4 space the record and its includes authorise together. */
void spf_judge_total(struct judgement *judgement, const struct spf_tree *tree);
/* The terms that ask DNS: where they lead, what they cost. */
void spf_judge_terms(struct judgement *judgement, const struct spf_tree *tree);
void spf_judge_limits(struct judgement *judgement, const struct spf_tree *tree);
/* What the administrator told of services, addresses and names, against the record. */
void spf_judge_services(struct judgement *judgement, const struct spf_tree *tree);
void spf_judge_subdomains(struct judgement *judgement);
#endif
