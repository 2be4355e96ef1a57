/* checks/judge: store -> findings. One file per topic; a judge is a plain, straight-line function that reads observations and writes
 * findings. It never waits: when something is missing, the store notes the question, and the judge is run again from its start when the
 * answer has come; what it found in an unfinished run is dropped.
 * May use: src/base, checks/record, checks/store.h, checks/finding.h. Never: network, terminal, clock. */
#ifndef CHECKS_JUDGE_LIB_H
#define CHECKS_JUDGE_LIB_H
#include <stdbool.h>
#include "checks/finding.h"
#include "checks/inquiry.h"
#include "checks/record/spf.h"
#include "checks/store.h"
#include "src/base/lib.h"

struct judgement {                 /* one run of one judge */
  struct store *store;
  const struct inquiry *inquiry;
  struct arena *arena;             /* scratch and findings of this run */
  enum topic topic;
  struct finding **findings;
  size_t count;
  bool waiting;                    /* something was not there yet: the run does not count */
};

/* Asking. Null means "not yet": the run is marked as waiting; go on and ask what else can be asked now, then return. ask_smtp gives null without
 * waiting where the inquiry wants no conversation for the topic (no_smtp). */
const struct dns_answer *ask_dns(struct judgement *judgement, const char *name, uint16_t type);
const struct dns_answer *ask_dns_with(struct judgement *judgement, const char *server, const char *name, uint16_t type, uint16_t flags);
const struct smtp_session *ask_smtp(struct judgement *judgement, const char *host, const char *address, uint16_t flags);
const struct https_reply *ask_https(struct judgement *judgement, const char *host, const char *path);
const struct https_reply *ask_https_at(struct judgement *judgement, const char *host, const char *address, const char *path, uint16_t flags);
/* The one SPF record at a name; null where there is none, or several, or it could not be looked up. False: not yet. */
bool ask_spf(struct judgement *judgement, const char *name, const struct spf_record **out);
const char *ask_name(struct judgement *judgement, const char *prefix); /* "_dmarc" -> "_dmarc.<domain>", in the arena */

/* Finding. The rule must be in the catalogue (a wrong id is a bug and aborts). `subject` null: the domain. Returns the finding, to
 * which arguments and evidence may be added. */
struct finding *find(struct judgement *judgement, const char *rule, const char *subject);
struct finding *find_as(struct judgement *judgement, const char *rule, enum severity severity, const char *subject); /* one of the rule's two */
void find_argument(struct judgement *judgement, struct finding *finding, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5))); /* made safe for display */
void find_bytes(struct judgement *judgement, struct finding *finding, const char *name, const void *bytes, size_t length);
void find_seen(struct judgement *judgement, struct finding *finding, const struct observation *observation); /* may be called several times */
/* The finding of "could not look": sets arguments {server} and {reason} from the answer. */
struct finding *find_lookup_failed(struct judgement *judgement, const char *rule, const char *subject, const struct dns_answer *answer);
/* Why it could not be looked at, in words for a finding: "SERVFAIL (a signature has expired)". */
const char *dns_reason(struct arena *arena, const struct dns_answer *answer);
bool found(const struct judgement *judgement, const char *rule);
bool found_above_info(const struct judgement *judgement); /* a warn, fail or unknown is among them: then no pass */

/* The domain's profile: the user's answer, else inferred (check-rules 0.2) from MX, A, AAAA and SPF. False: not yet. */
bool judge_profile(struct judgement *judgement, enum profile *out);
/* What the domain's own SPF record says of sending: nobody at all, somebody, or nothing that can be told. False: not yet. */
enum sending { SENDING_UNKNOWN, SENDING_NOBODY, SENDING_SOMEBODY };
bool judge_sending(struct judgement *judgement, enum sending *out);
/* The gate before every topic: NXDOMAIN and unlookable domains get ns-domain-not-found or ns-lookup-failed, and nothing else speaks.
 * True: go on. False: waiting, or the domain is not there (the finding is made by the ns judge; other topics take its severity). */
bool judge_domain_exists(struct judgement *judgement);

/* TXT values of an answer that begin like one version, for the "which records count" step of each standard. */
struct txt_value { const char *bytes; size_t length; const struct dns_rr *record; };

typedef void judge_function(struct judgement *judgement);
judge_function judge_ns, judge_mx, judge_address, judge_spf, judge_dkim, judge_dmarc, judge_tlsrpt, judge_mtasts, judge_tls, judge_dane, judge_gsi;
/* Section 12: replaces the rules of the same record in mx, spf, dkim and dmarc for parked domains; called by those judges. */
judge_function judge_parked_mx, judge_parked_spf, judge_parked_dkim, judge_parked_dmarc;

/* Judges a partner's domain (the rules partner-*): the inquiry's domain is the partner's, the topic TOPIC_TLS. For `mailstead partners`. */
judge_function partner_judge;

/* Runs one judge into a fresh list. The findings live in `arena`. */
void judge_run(enum topic topic, struct store *store, const struct inquiry *inquiry, struct arena *arena, struct judgement *out);
#endif
