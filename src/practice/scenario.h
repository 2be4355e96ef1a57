#ifndef PRACTICE_SCENARIO_H
#define PRACTICE_SCENARIO_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>
#include "src/base/dnswire.h"
#include "src/base/fault.h"
#include "src/base/ip.h"

/* A scenario file describes the whole world of a practice estate, one thing a line; data/practice/README.md is its reference. */

/* How a DNS server, or one name, misbehaves. */
struct behaviour {
  uint32_t delay_ms;
  bool silent, refused, servfail, formerr, truncate, garbage, wrong_id, no_tcp, no_edns, lame, no_aa;
};

struct zone_server {
  const char *host;
  struct ip address;
  uint32_t serial;            /* of the SOA record that this server gives */
  bool hidden;                /* serves the zone without an NS record */
  struct behaviour behaviour;
};

struct zone {
  const char *name, *contact;
  uint32_t serial, ttl, negative_ttl;
  bool authenticated;         /* the resolver sets AD on answers from here */
  struct zone_server *servers; size_t server_count;
};

struct record {
  struct ip only_at;          /* family 0: every server has it; else that one has it in place of the others' */
  bool absent;                /* that server has no such record */
  bool made;                  /* follows from a zone or a host, no line gave it */
  struct dns_rr rr;
  struct record *next;
};

struct node {
  const char *name;
  struct record *records;     /* none: only something below exists */
  UT_hash_handle hh;
};

struct fault_rule { const char *name; uint16_t type; bool below; struct behaviour behaviour; }; /* type 0: any */

enum certificate_kind {
  CERTIFICATE_GOOD, CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET, CERTIFICATE_SELF_SIGNED, CERTIFICATE_WRONG_NAME, CERTIFICATE_MISSING_INTERMEDIATE,
  CERTIFICATE_RSA_1024, CERTIFICATE_PRIVATE_CA, CERTIFICATE_EXPIRES_SOON,
};

/* What a TLS server shows and takes. */
struct tls_manner {
  enum certificate_kind certificate;
  int only_version;           /* TLS1_VERSION … ; 0: 1.2 and newer */
};

/* Where a server hangs up without a word. */
enum close_at { CLOSE_NEVER, CLOSE_AT_CONNECT, CLOSE_AT_EHLO, CLOSE_AT_STARTTLS, CLOSE_AT_HANDSHAKE };
enum starttls_manner { STARTTLS_OFFERED, STARTTLS_ABSENT, STARTTLS_REFUSED, STARTTLS_BROKEN };

struct smtp_host {
  const char *host;
  struct ip address;
  struct tls_manner tls;
  const char *banner;         /* null: "220 HOST ESMTP" */
  uint32_t delay_ms;          /* before the banner */
  uint32_t pace_ms;           /* between two bytes; 0: at once */
  bool silent, garbage;
  enum close_at close;
  enum starttls_manner starttls;
};

struct page {
  const char *path;
  unsigned status;
  const char *type, *location; /* null: no such header */
  const char *body;
  size_t size;                 /* the body is filled up to this length */
  uint32_t delay_ms, pace_ms;
  struct page *next;
};

struct https_host {
  const char *host;
  struct ip address;
  struct tls_manner tls;
  bool silent;
  enum close_at close;
  struct page *pages;
};

struct scenario {
  struct arena *arena;
  const char *title;
  struct behaviour resolver;
  struct zone *zones; size_t zone_count;
  struct node *nodes;          /* by name */
  struct fault_rule *faults; size_t fault_count;
  struct smtp_host *smtp; size_t smtp_count;
  struct https_host *https; size_t https_count;
};

/* Reads the text of a scenario file. Null and a fault with the line's number otherwise. Hosts get their address record and reverse name
 * unless the file gives others; zones get SOA and NS records. */
struct scenario *scenario_read(const char *text, size_t length, struct fault *fault);
void scenario_free(struct scenario **scenario);

struct node *scenario_node(const struct scenario *scenario, const char *name);
/* The zone that a name lies in, the deepest one; null: none. */
const struct zone *scenario_zone_of(const struct scenario *scenario, const char *name);
/* The zone's own data for `name` and `type` is taken away, for every server or (only_at not null) as that server shows it. */
void scenario_remove(struct scenario *scenario, const char *name, uint16_t type, const struct ip *only_at);
/* Adds a record; memory of `rr` is copied. Makes the names above exist too. */
struct record *scenario_add(struct scenario *scenario, const struct dns_rr *rr, const struct ip *only_at, bool absent);
#endif
