#ifndef CHECKS_STORE_H
#define CHECKS_STORE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "src/base/arena.h"
#include "src/base/dnswire.h"
#include "src/base/fault.h"
#include "src/base/ip.h"
#include "src/base/json_read.h"

/* The store: everything that has been observed, each thing under the question that was asked, and the questions that are still open.
 * Judges read from it. What it lacks it notes and answers with null: "not yet". Pure: nothing here touches the network. */

/* ---- questions ---- */

enum question_kind { QUESTION_DNS, QUESTION_SMTP, QUESTION_HTTPS };

enum { /* flags of a DNS question */
  DNS_ASK_CD = 1,        /* checking disabled: is a SERVFAIL bogus? */
  DNS_ASK_TCP = 2,       /* over TCP from the start */
  DNS_ASK_PLAIN = 4,     /* without EDNS */
  DNS_ASK_UDP_ONLY = 8,  /* keep a truncated answer as it is */
  DNS_ASK_DO = 16,       /* with DNSSEC records */
  DNS_ASK_RD = 32,       /* recursion desired even though asked of one server */
};
enum { /* flags of an SMTP question */
  SMTP_ASK_TLS10 = 1,    /* offer TLS 1.0 and 1.1 only: are they still taken? */
  SMTP_ASK_WEAK_FIRST = 2, /* offer the same suites worst first */
  SMTP_ASK_TLS12 = 4,    /* offer TLS 1.2 only */
  SMTP_ASK_ALL = 8,      /* offer everything that the library has, old versions and suites too */
  SMTP_ASK_LEGACY = SMTP_ASK_TLS10,
  SMTP_ASK_FORWARD = 16, /* offer TLS 1.2 with forward secrecy only */
  SMTP_ASK_NO_SNI = 32,  /* name no host in the handshake */
  SMTP_ASK_INJECT = 64,  /* a NOOP in one packet with STARTTLS: is it answered within TLS (RFC 3207 section 4.2)? */
  /* A hello with what no library here would carry through. */
  SMTP_ASK_SSL3 = 128,     /* SSL 3.0 */
  SMTP_ASK_3DES = 256,     /* 3DES suites alone */
  SMTP_ASK_INSECURE = 512, /* NULL, EXPORT, single DES, RC4 and MD5 suites alone */
  SMTP_ASK_SSL2 = 1024,    /* SSL 2.0 */
  SMTP_ASK_HELLO = SMTP_ASK_SSL3 | SMTP_ASK_3DES | SMTP_ASK_INSECURE | SMTP_ASK_SSL2,
  /* Offers that are not carried through: whether the server takes them is all that is asked. Its first flight tells that. */
  SMTP_ASK_FLIGHT = SMTP_ASK_HELLO | SMTP_ASK_TLS12 | SMTP_ASK_WEAK_FIRST | SMTP_ASK_FORWARD,
};
enum { /* flags of an HTTPS question */
  HTTPS_ASK_REGISTRY = 1, /* RDAP: a larger body is kept, and little time is given: nothing may wait for a registry */
  HTTPS_ASK_PLAIN = 2,   /* by HTTP, from port 80 */
};

struct question {
  enum question_kind kind;
  const char *name;    /* DNS: owner name. SMTP: host, which is also the SNI. HTTPS: host */
  const char *server;  /* DNS: address of the one server to ask with RD=0, "" for the resolvers. SMTP: address to connect to. HTTPS: the one address to connect to, "" for any of the host's */
  const char *path;    /* HTTPS: with the leading slash. Else "" */
  uint16_t type;       /* DNS: type of record. SMTP, HTTPS: port, 0 for the run's */
  uint16_t flags;
};

/* ---- observations ---- */

/* What every observation begins with. Immutable once stored; shared by reference count between stores. */
struct observation {
  struct question question;
  int64_t time;          /* wall clock in ms when the answer came */
  uint32_t elapsed_ms;   /* from asking to answer */
  const char *server;    /* who said it: "192.0.2.53" or "192.0.2.53:5353"; "" when nobody answered */
  unsigned references;
  struct arena *arena;   /* holds the observation itself */
};

enum dns_outcome { DNS_ANSWER, DNS_NODATA, DNS_NXDOMAIN, DNS_FAILED };
enum dns_failure {       /* why it could not be looked at */
  DNS_FAILURE_NONE, DNS_FAILURE_TIMEOUT, DNS_FAILURE_SERVFAIL, DNS_FAILURE_REFUSED, DNS_FAILURE_FORMERR, DNS_FAILURE_NOTIMP,
  DNS_FAILURE_MALFORMED, DNS_FAILURE_TRUNCATED, DNS_FAILURE_CNAME_LOOP, DNS_FAILURE_REFERRAL, DNS_FAILURE_UNREACHABLE, DNS_FAILURE_OTHER,
};

struct dns_answer {
  struct observation seen;
  enum dns_outcome outcome;
  enum dns_failure failure;
  uint8_t rcode;
  bool authoritative, truncated, recursion_available, authenticated, tcp, edns;
  uint16_t size;                     /* octets of the message */
  uint16_t extended_error;           /* why the server could not say (RFC 8914); 0: it gave no reason */
  const struct dns_rr *records;      /* of the type asked, at the name or at the end of its CNAME chain */
  size_t count;
  const struct dns_rr *chain;        /* the CNAME records on the way, in order */
  size_t links;
  const char *final_name;            /* where the chain ends; the name itself without a chain */
  const struct dns_rr *authority, *additional; /* as sent: SOA of a negative answer, NS of a referral, glue */
  size_t authorities, additionals;
  const struct dns_rr *all;          /* the whole answer section, RRSIG too */
  size_t alls;
  struct parsed *parsed;             /* of a TXT question: what its records say (checks/parsed.h); else null */
};

enum connect_outcome {
  CONNECT_OK, CONNECT_REFUSED, CONNECT_TIMEOUT, CONNECT_NO_ROUTE, CONNECT_PROHIBITED, CONNECT_NO_FAMILY /* this machine lacks it */, CONNECT_OTHER,
  CONNECT_NOT_TRIED, /* earlier conversations took all the time that a host is given */
};
enum smtp_stage { SMTP_AT_CONNECT, SMTP_AT_BANNER, SMTP_AT_EHLO, SMTP_AT_STARTTLS, SMTP_AT_HANDSHAKE, SMTP_AT_EHLO_TLS, SMTP_AT_QUIT };
enum smtp_ending { SMTP_DONE, SMTP_TIMED_OUT, SMTP_CLOSED, SMTP_INVALID_REPLY, SMTP_REJECTED_4XX, SMTP_REJECTED_5XX, SMTP_NO_STARTTLS, SMTP_TLS_FAILED, SMTP_CONNECT_FAILED };

struct certificate; /* checks/record/certificate.h */
struct certificate_path;

enum staple_status { STAPLE_NONE, STAPLE_UNKNOWN /* there, and not to be believed or not about this certificate */, STAPLE_GOOD, STAPLE_REVOKED };

/* What a TLS handshake showed, for SMTP and for HTTPS. */
struct tls_session {
  bool established;
  bool answered_hello;          /* with SMTP_ASK_FLIGHT: the server took the offer, with this version and suite, as far as it goes without the client */
  const char *version;          /* "TLSv1.3" */
  const char *cipher;           /* IANA name: "TLS_AES_256_GCM_SHA384" */
  const char *group;            /* "x25519", "" when there is none */
  unsigned group_bits;          /* finite-field or curve size; 0 unknown */
  const char *signature_hash;   /* "SHA256"; "" unknown */
  bool compression, secure_renegotiation, client_certificate_requested;
  enum staple_status staple;    /* OCSP response that came with the handshake (RFC 6066 section 8) */
  const char *alert;            /* the peer's alert or the library's reason when it failed, else "" */
  const struct certificate *const *chain; /* as sent, leaf first */
  size_t certificates;
  const struct certificate_path *path; /* what chains from the leaf; set with the chain */
  int verify;                   /* X509_V_ERR_… against this run's trust store; dates and names left out; 0: trusted */
  const char *verify_text;
  const struct certificate *outdated; /* above the leaf, on the way to the trusted root, and outside its dates when the handshake was made; null: none */
};

struct smtp_session {
  struct observation seen;
  enum connect_outcome connect;
  const char *connect_error;         /* the system's words */
  enum smtp_stage stage;             /* how far it came */
  enum smtp_ending ending;
  bool retried;                      /* this is the second try after a 4xx */
  int banner_code, ehlo_code, helo_code, starttls_code, tls_ehlo_code /* within TLS */; /* 0: none came */
  const char *banner, *ehlo, *starttls, *tls_ehlo; /* reply text, lines joined by \n, capped; bytes as they came, NUL-free */
  bool ehlo_complete, starttls_offered, starttls_masked, bare_lf;
  bool starttls_again;               /* offered within TLS too: knowledge from before the handshake was kept (RFC 3207 section 4.2) */
  bool injected;                     /* with SMTP_ASK_INJECT: what was sent before the handshake is answered after it */
  uint32_t connect_ms, banner_ms, ehlo_ms, starttls_ms, handshake_ms;
  struct tls_session tls;
};

enum https_ending { HTTPS_DONE, HTTPS_NO_ADDRESS, HTTPS_CONNECT_FAILED, HTTPS_TLS_FAILED, HTTPS_TIMED_OUT, HTTPS_TOO_LARGE, HTTPS_BROKEN };

struct https_reply {
  struct observation seen;
  enum https_ending ending;
  enum connect_outcome connect;
  const char *error;                 /* the library's words */
  int status;                        /* 0: none came */
  const char *content_type, *location;
  const char *body;                  /* at most https_body_most of the question's flags is kept */
  size_t body_length;
  struct tls_session tls;            /* kept also when the certificate is wrong: the body is then there too, and not to be trusted */
};

/* How many octets of a body are kept: one more than a policy may have (RFC 8461 section 3.3), or what the registries' list needs. */
static inline size_t https_body_most(uint16_t flags) { return flags & HTTPS_ASK_REGISTRY ? (size_t)512 * 1024 : (size_t)64 * 1024 + 1; }

/* ---- the store ---- */

struct store;

struct store *store_new(void);
void store_free(struct store **store);
/* A store that answers from `below` what it has not itself: for judging a record as if it were published. `below` must outlive it. */
struct store *store_overlay(struct store *below);

/* Null: not observed yet, and the question is now open. CNAME chains are followed to 8 links (beyond: CNAME_LOOP), also where the
 * server left the chain unfinished. Names in canonical form (src/base/name.h). */
const struct dns_answer *store_dns(struct store *store, const char *name, uint16_t type);
const struct dns_answer *store_dns_with(struct store *store, const char *server, const char *name, uint16_t type, uint16_t flags);
const struct smtp_session *store_smtp(struct store *store, const char *host, const char *address, uint16_t port, uint16_t flags);
const struct https_reply *store_https(struct store *store, const char *host, const char *path);
const struct https_reply *store_https_with(struct store *store, const char *host, const char *path, uint16_t flags);
const struct https_reply *store_https_at(struct store *store, const char *host, const char *address, const char *path, uint16_t flags);
/* Only what is there already; asks nothing. */
const struct dns_answer *store_peek_dns(const struct store *store, const char *name, uint16_t type);

/* Takes over one reference. An observation for a question that has one already replaces it. Gives the id of its question. */
uint32_t store_put(struct store *store, struct observation *observation);

/* Open questions, in the order in which they came up. store_take_open moves those noted since the last call into `out` (borrowed, valid
 * while the store lives) and returns how many; call until 0. */
size_t store_take_open(struct store *store, const struct question **out, size_t room);
void store_visit(const struct store *store, void (*visit)(const struct observation *, void *), void *context); /* in no order */
void store_visit_below(const struct store *overlay, void (*visit)(const struct observation *, void *), void *context); /* what lies below an overlay */
void store_each(const struct store *store, void (*visit)(const struct observation *, void *), void *context); /* sorted by question */

/* Judges are run again when something that they lacked has come. The store hands out misses as numbers: store_mark_misses starts a
 * list, every null answer adds to it, and store_missed reads it. */
void store_mark_misses(struct store *store);
size_t store_missed(const struct store *store, const uint32_t **out_ids); /* ids of the questions answered with null since the mark */

/* ---- making and keeping observations ---- */

struct dns_answer *dns_answer_new(const struct question *question);     /* in an arena of its own, one reference */
struct smtp_session *smtp_session_new(const struct question *question);
void smtp_session_clear(struct smtp_session *session);                  /* as new, for a second try */
struct https_reply *https_reply_new(const struct question *question);
/* Gives the session its chain, and what chains in it, once for all who judge it: signatures are costly. `path` null: it is found out from
 * the chain. All memory is the arena's. */
void tls_session_set_chain(struct tls_session *tls, struct arena *arena, const struct certificate *const *chain, size_t count, const struct certificate_path *path);
void observation_ref(struct observation *observation);
void observation_unref(struct observation *observation);
/* The same from a message on the wire: outcome, records, chain. A malformed message, or one that answers another question, gives DNS_FAILED. */
struct dns_answer *dns_answer_from_wire(const struct question *question, const uint8_t *wire, size_t length);
void dns_answer_fail(struct dns_answer *answer, enum dns_failure failure);
/* The same outcome from records made by hand (plans, tests): all of the type asked; count 0 with NXDOMAIN or NODATA. */
void dns_answer_set(struct dns_answer *answer, enum dns_outcome outcome, const struct dns_rr *records, size_t count);
const char *dns_failure_word(enum dns_failure failure);                  /* "timeout", "SERVFAIL": for evidence and details */

uint32_t question_hash(const struct question *question);
bool question_equal(const struct question *a, const struct question *b);
int question_order(const struct question *a, const struct question *b); /* of evidence files: kind, name, type, flags, server, path */
/* A copy whose texts lie in `texts`, which has room for question_texts_size bytes. */
size_t question_texts_size(const struct question *question);
void question_copy(struct question *out, char *texts, const struct question *question);
char *question_describe(struct arena *arena, const struct question *question); /* "example.gov.uk TXT", "mx1.example.gov.uk [192.0.2.1]:25" */

/* Evidence: the store as JSON (see ARCHITECTURE.md for the format) and back. */
json_t *store_to_json(const struct store *store);
bool store_from_json(struct store *store, const struct value *evidence, struct fault *fault);
/* A store that is read from evidence never asks: a question it lacks is answered with DNS_FAILURE_OTHER ("not in the evidence"). */
void store_close(struct store *store);
#endif
