#ifndef JUDGE_GSI_PRIVATE_H
#define JUDGE_GSI_PRIVATE_H
#include "checks/judge/gsi.h"
#include "checks/judge/lib.h"
#include "checks/judge/mail_hosts.h"

/* Between the files of the gsi judge. */

enum { GSI_FAILURES_MOST = 32 };

/* One run. What could not be looked up is told once, at its end, with all the names: the domain's own records in place of a pass only, since
 * their topics tell it too; those of an old domain in any case. */
struct gsi {
  struct judgement *j;
  const struct dns_answer *failed[GSI_FAILURES_MOST];
  size_t failed_count;
  bool old_failed;
};

/* Null: not yet, or could not be looked up (which is noted). */
const struct dns_answer *gsi_ask(struct gsi *gsi, const char *name, uint16_t type);
void gsi_note_failure(struct gsi *gsi, const struct dns_answer *answer);
/* With {value}; `seen` may be null, `subject` too: the domain. */
struct finding *gsi_tell(struct gsi *gsi, const char *rule, const char *subject, const char *value, const struct observation *seen);
/* Of the family, or under what is left of its filtering service. */
bool gsi_is_old_host(const char *name);

/* The records of the domain: MX, SPF, report addresses, SOA and NS, DKIM, the MTA-STS policy, and the registration. */
void gsi_judge_records(struct gsi *gsi);
/* What the servers of the domain show: reverse names, certificates, the names by which they call themselves. */
void gsi_judge_hosts(struct gsi *gsi);
/* Old domains and their replacement, and what the administrator told of them. */
void gsi_judge_old_domains(struct gsi *gsi);
#endif
