#ifndef CHECKS_JUDGE_TLSRPT_H
#define CHECKS_JUDGE_TLSRPT_H
#include "checks/judge/lib.h"
#include "checks/record/report_uri.h"

/* The text of one record by itself (RFC 8460 section 3); asks nothing. Its addresses, null when it has none. */
const struct report_uris *tlsrpt_judge_text(struct judgement *judgement, const char *text, size_t length);
/* The rule that names what is wrong with a text that was meant to be a record; null: nothing like one. */
const char *tlsrpt_near_miss(const char *text);
#endif
