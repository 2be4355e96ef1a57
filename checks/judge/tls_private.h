#ifndef JUDGE_TLS_PRIVATE_H
#define JUDGE_TLS_PRIVATE_H
#include "checks/judge/lib.h"
#include "checks/judge/mail_hosts.h"

/* The judge of tls, in parts. */

/* What MTA-STS asks of the domain's hosts. */
enum sts_mode { STS_NONE, STS_TESTING, STS_ENFORCE };
struct sts {
  enum sts_mode mode;
  const char *const *patterns; size_t pattern_count;
};
bool tls_sts_find(struct judgement *judgement, const char *domain, struct sts *out); /* false: not there yet */
bool tls_sts_lists(const struct sts *sts, const char *host);

/* One finding for a rule and a host: further addresses join the first's {address}; the worst severity counts. */
struct finding *tls_note(struct judgement *judgement, const char *rule, enum severity severity, const char *host, const struct smtp_session *session);

/* 10.1 and the first part of 10.2: what the conversation showed. `everything` is the try with all that the library has; null: none made. */
void tls_judge_reach(struct judgement *judgement, const struct mail_hosts *hosts);
void tls_judge_conversation(struct judgement *judgement, const struct mail_host *host, const struct smtp_session *session, const struct smtp_session *everything);
/* Versions, suites and parameters of the session that came about. */
void tls_judge_session(struct judgement *judgement, const char *host, const struct smtp_session *session, bool listed);
void tls_judge_extra(struct judgement *judgement, const struct mail_host *host); /* asks more: before the other rules */
void tls_judge_certificate(struct judgement *judgement, const char *host, const struct smtp_session *session, bool listed);
void tls_judge_answers(struct judgement *judgement);

enum suite_strength { SUITE_RECOMMENDED, SUITE_ACCEPTABLE, SUITE_WEAK, SUITE_INSECURE };
enum suite_strength tls_suite_strength(const char *iana_name);
#endif
