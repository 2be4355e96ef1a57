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
/* Versions, suites and parameters of the session that came about. Is a certificate needed, by MTA-STS or DANE? */
void tls_judge_session(struct judgement *judgement, const char *host, const struct smtp_session *session, bool needs_certificate);
bool tls_suite_is_anonymous(const struct smtp_session *session);
void tls_judge_extra(struct judgement *judgement, const struct mail_host *host); /* asks more: before the other rules */
void tls_judge_certificate(struct judgement *judgement, const char *host, const struct smtp_session *session, bool listed);
/* Does the certificate's profile let it serve this session (RFC 5280 section 4.2.1.3: static RSA needs keyEncipherment; a signed key exchange, and all
 * of TLS 1.3, digitalSignature; 4.2.1.12: an extended key usage must name servers)? */
bool tls_usage_serves(const struct certificate *leaf, const struct tls_session *tls);
void tls_judge_answers(struct judgement *judgement);

enum suite_strength { SUITE_RECOMMENDED, SUITE_ACCEPTABLE, SUITE_WEAK, SUITE_INSECURE };
enum suite_strength tls_suite_strength(const char *iana_name);
#endif
