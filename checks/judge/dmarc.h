#ifndef CHECKS_JUDGE_DMARC_H
#define CHECKS_JUDGE_DMARC_H
#include "checks/judge/lib.h"
#include "checks/record/dmarc.h"

/* Which DMARC record applies to a name, and what it makes receivers do (RFC 9989 section 4.10; RFC 7489 section 3.2). */
struct dmarc_policy_found {
  const char *name;                      /* the name asked about */
  const struct dmarc_record *own;        /* at the name itself; null: none */
  const char *from;                      /* the name whose record applies; null: none applies */
  const struct dmarc_record *applies;
  enum dmarc_policy effective;           /* for the name, which exists: the worse, where the two methods differ */
  const char *org_by_list, *org_by_walk; /* organizational domain by the two methods */
  bool walk_known;                       /* every answer of the walk came: org_by_walk holds */
  const struct dmarc_record *suffix;     /* at a public suffix above, for receivers that walk; null: none, or another record applies */
  const char *suffix_from;               /* that suffix */
  const struct dns_answer *own_answer, *failed; /* `failed`: one that decides could not be looked up */
  size_t own_count;                      /* records kept at the name */
};

/* False: not yet. */
bool dmarc_policy_for(struct judgement *judgement, const char *name, struct dmarc_policy_found *out);
/* Is it reject for the domain and for all below it, from a record without a fault that makes receivers discard it? */
bool dmarc_is_closed(const struct dmarc_policy_found *policy);
/* The text of one record by itself; asks nothing. `organizational`: it stands on an organizational domain, where sp and np count. Findings
 * have {position} (octets from 1) where they are about a part of the text. */
void dmarc_judge_text(struct judgement *judgement, const char *subject, const struct dmarc_record *record, bool organizational);
/* Destinations of a record that stands at the inquiry's domain: may reports go there, do they arrive, who reads them? */
void dmarc_judge_destinations(struct judgement *judgement, const struct dmarc_record *record);
/* What the administrator told of services and reports, against the policy. */
void dmarc_judge_answers(struct judgement *judgement, const struct dmarc_policy_found *policy);
/* A text that is not kept and looks like a record: the rule that names what is wrong; null: nothing like one. */
const char *dmarc_near_miss(const char *text, size_t length);
/* Tells that rule, with {position}. False: the text is nothing like a record. */
bool dmarc_judge_near_miss(struct judgement *judgement, const char *text, size_t length);

/* Addresses of the closed Mail Check service (date in the help pages). */
bool mailcheck_is_dmarc_address(const char *address);
bool mailcheck_is_tls_address(const char *address);

/* May reports go to this host? RFC 9990 section 4. False: not yet. Own when within the same organization by the list and by the walk. */
enum report_permission { REPORT_OWN, REPORT_AUTHORISED, REPORT_UNAUTHORISED, REPORT_UNKNOWN };
bool dmarc_report_permission(struct judgement *judgement, const char *record_domain, const char *host, enum report_permission *out, const char **out_name);
struct dmarc_destination {
  enum report_permission permission;
  const char *name;                      /* where the permission stands; "" within the organization */
  const char *org_by_walk;               /* of the host, where the list has one organisation and the walk has two; null: otherwise */
  const struct dns_answer *answer;
  const char *override, *refused;        /* addresses of a rua of its own: on the same host, where reports then go; on another, which ends them; null: none */
};
bool dmarc_destination_look(struct judgement *judgement, const char *record_domain, const char *host, struct dmarc_destination *out); /* false: not yet */
/* Can the host of a mailbox take mail? TRI_UNKNOWN: could not look, or not yet (then the run waits). */
enum tri mail_host_accepts(struct judgement *judgement, const char *host);
#endif
