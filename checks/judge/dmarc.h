#ifndef CHECKS_JUDGE_DMARC_H
#define CHECKS_JUDGE_DMARC_H
#include "checks/judge/lib.h"
#include "checks/record/dmarc.h"

/* Which DMARC record applies to a name, and what it makes receivers do (RFC 9989 section 4.10; RFC 7489 section 3.2). */
struct dmarc_policy_found {
  const struct dmarc_record *own;        /* at the name itself; null: none */
  const char *from;                      /* the name whose record applies; null: none applies */
  const struct dmarc_record *applies;
  enum dmarc_policy effective;           /* for the name, which exists */
  const char *org_by_list, *org_by_walk; /* organizational domain by the two methods */
  const struct dmarc_record *suffix;     /* at the public suffix above; null: none */
  const struct dns_answer *own_answer, *failed; /* `failed`: one that decides could not be looked up */
  size_t own_count;                      /* records kept at the name */
};

/* False: not yet. */
bool dmarc_policy_for(struct judgement *judgement, const char *name, struct dmarc_policy_found *out);
/* The text of one record by itself; asks nothing. */
void dmarc_judge_text(struct judgement *judgement, const char *subject, const struct dmarc_record *record);
/* A text that is not kept and looks like a record: the rule that names what is wrong; null: nothing like one. */
const char *dmarc_near_miss(const char *text, size_t length);

/* Addresses of the closed Mail Check service (date in the help pages). */
bool mailcheck_is_dmarc_address(const char *address);
bool mailcheck_is_tls_address(const char *address);

/* May reports go to this host? RFC 9990 section 4. False: not yet. Authorised when within the same organization. */
enum report_permission { REPORT_OWN, REPORT_AUTHORISED, REPORT_UNAUTHORISED, REPORT_UNKNOWN };
bool dmarc_report_permission(struct judgement *judgement, const char *record_domain, const char *host, enum report_permission *out, const char **out_name);
/* Can the host of a mailbox take mail? TRI_UNKNOWN: could not look, or not yet (then the run waits). */
enum tri mail_host_accepts(struct judgement *judgement, const char *host);
#endif
