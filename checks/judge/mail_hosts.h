#ifndef JUDGE_MAIL_HOSTS_H
#define JUDGE_MAIL_HOSTS_H
#include "checks/judge/lib.h"
#include "checks/record/certificate.h"

/* The hosts that take a domain's mail, their addresses, and what was said to them. Shared by the judges of tls and dane, and by partners. */

enum { MAIL_HOSTS_MOST = 32, MAIL_ADDRESSES_MOST = 8 };

struct mail_address {
  const char *text;
  struct ip ip;
  const struct smtp_session *session;   /* the usual handshake; null: not asked or not there yet */
};

struct mail_host {
  const char *name;
  const struct dns_answer *a, *aaaa;
  struct mail_address addresses[MAIL_ADDRESSES_MOST];
  size_t address_count;
};

struct mail_hosts {
  struct mail_host *hosts;
  size_t count;
  const struct dns_answer *mx;
  bool null_mx;                         /* RFC 7505 */
  bool implicit;                        /* no MX: the domain's own addresses (RFC 5321 section 5.1) */
  bool failed;                          /* MX could not be looked up */
};

/* Finds hosts and addresses, MAIL_HOSTS_MOST at most, and asks for the usual conversation with each when `talk`. False: something is not there yet.
 * Memory is the judgement's. */
bool mail_hosts_find(struct judgement *judgement, const char *domain, bool talk, struct mail_hosts *out);

/* Did the handshake end with a TLS session? */
bool session_encrypted(const struct smtp_session *session);
/* A TLS session of version 1.2 or later. */
bool session_tls12(const struct smtp_session *session);
bool session_spoke(const struct smtp_session *session); /* it sent a byte that could be a greeting */
bool session_ended_in_handshake(const struct smtp_session *session);

/* Faults of a certificate, judged apart from one another. */
struct certificate_state {
  const struct certificate *leaf;       /* null: none was shown */
  struct certificate_path path;
  enum certificate_match match;
  const char *matched_name;
  bool name_good, date_good, chain_good; /* what a sender that requires a valid certificate looks at */
  bool self_signed, untrusted, incomplete, bad_signature;
  bool unknown_root;                    /* untrusted, because nobody has heard of the root; else it is the chain that does not hold, such as by name constraints */
  bool expired, not_yet;                /* the leaf */
  const struct certificate *outdated;   /* an issuer's, on the way to the trusted root; null: none */
};
void certificate_judge(const struct smtp_session *session, const char *host, struct certificate_state *out);
bool certificate_state_good(const struct certificate_state *state);
/* STARTTLS is not offered, since EHLO's reply lacks it or EHLO itself is not known. Nothing is said of what was not seen, or is masked on the way. */
bool session_lacks_starttls(const struct smtp_session *session);
bool session_refuses_starttls(const struct smtp_session *session); /* offered, and refused when asked for */
/* The handshake was answered, and came to nothing. A handshake that only took too long is no answer. */
bool session_refused_handshake(const struct smtp_session *session);
/* TLS came about, and then the server, which had asked for a client certificate, refused to go on. */
bool session_turned_away(const struct smtp_session *session);
/* Would a sender that obeys an MTA-STS policy deliver here: TLS, and a certificate that holds, by a name of the SAN (RFC 8461 section 4.2)? */
bool session_serves_sts(const struct smtp_session *session, const char *host);
#endif
