#ifndef CHECKS_JUDGE_ANSWERS_H
#define CHECKS_JUDGE_ANSWERS_H
#include "checks/judge/lib.h"

/* Small questions to DNS answers that several topics have. */

bool answer_failed(const struct dns_answer *answer); /* null (not yet), or could not be looked up */
/* The same data, in any order? Where one is an alias both must be, to the same name. */
bool answers_same(struct arena *arena, const struct dns_answer *a, const struct dns_answer *b);
/* Could anyone register the domain that the name belongs to: is it not there, while its top-level domain is? *out_owner: what was seen of the
 * former. TRI_UNKNOWN: not yet. Where the one or the other could not be looked up: no. */
enum tri domain_is_free(struct store *store, const char *name, const struct dns_answer **out_owner);
/* A label that nobody uses, the same each time for a domain: shows a wildcard. */
const char *unused_label(struct arena *arena, const char *domain);
bool answer_is_null_mx(const struct dns_answer *mx); /* one MX with the root as its target: RFC 7505 section 3 */
/* The name does not exist, and so nothing below it does (RFC 8020). At the end of an alias NXDOMAIN is the target's (RFC 6604 section 3): the alias
 * itself is there. */
bool answer_nothing_below(const struct dns_answer *answer);
#endif
