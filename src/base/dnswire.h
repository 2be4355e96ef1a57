#ifndef BASE_DNSWIRE_H
#define BASE_DNSWIRE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/ip.h"

/* DNS messages, RFC 1035 section 4, EDNS (RFC 6891). Names in the text form of src/base/name.h. */

enum {
  DNS_TYPE_A = 1, DNS_TYPE_NS = 2, DNS_TYPE_CNAME = 5, DNS_TYPE_SOA = 6, DNS_TYPE_PTR = 12, DNS_TYPE_MX = 15, DNS_TYPE_TXT = 16,
  DNS_TYPE_AAAA = 28, DNS_TYPE_OPT = 41, DNS_TYPE_DS = 43, DNS_TYPE_RRSIG = 46, DNS_TYPE_NSEC = 47, DNS_TYPE_DNSKEY = 48,
  DNS_TYPE_NSEC3 = 50, DNS_TYPE_NSEC3PARAM = 51, DNS_TYPE_TLSA = 52, DNS_TYPE_SPF = 99, DNS_TYPE_CAA = 257,
};
enum { DNS_RCODE_NOERROR = 0, DNS_RCODE_FORMERR = 1, DNS_RCODE_SERVFAIL = 2, DNS_RCODE_NXDOMAIN = 3, DNS_RCODE_NOTIMP = 4, DNS_RCODE_REFUSED = 5 };

/* One resource record. Which members hold something depends on the type; `data` is always the rdata with names uncompressed. */
struct dns_rr {
  const char *owner;
  uint16_t type;
  uint16_t data_length;
  uint32_t ttl;
  const uint8_t *data;
  union {
    struct ip address;                                                    /* A, AAAA */
    const char *target;                                                   /* CNAME, NS, PTR */
    struct { const char *host; uint16_t preference; } mx;                 /* MX; host "" is the root */
    struct { const char *bytes; const uint8_t *lengths; uint16_t length, strings; } txt; /* TXT, SPF: joined, NUL-terminated, borders kept */
    struct { const char *primary, *contact; uint32_t serial, refresh, retry, expire, minimum; } soa;
    struct { uint8_t usage, selector, matching; const uint8_t *data; uint16_t length; } tlsa;
    struct { uint16_t key_tag; uint8_t algorithm, digest_type; const uint8_t *digest; uint16_t length; } ds;
  };
};

struct dns_message {
  uint16_t id;
  uint8_t opcode, rcode;
  bool response, authoritative, truncated, recursion_desired, recursion_available, authenticated, checking_disabled;
  bool edns, dnssec_ok;
  uint16_t udp_size;
  uint16_t extended_error;   /* INFO-CODE of RFC 8914; 0: none, or "other" */
  const char *question_name; /* null: the message has no question */
  uint16_t question_type;
  struct dns_rr *answer, *authority, *additional;
  size_t answers, authorities, additionals;
};

/* Reads a message. False: malformed (the caller treats it as an answer that could not be read). All memory is the arena's. Compression
 * pointers must go backwards. At most 4096 records of a section are read. The OPT record stands in `edns` and the members below it only. */
bool dns_parse(struct arena *arena, const uint8_t *wire, size_t length, struct dns_message *out);

/* Writes a query for one question: RD as given, EDNS with `udp_size` unless 0, DO and CD as given. False: the name is not valid. */
struct dns_query { uint16_t id; const char *name; uint16_t type; bool recursion_desired, checking_disabled, dnssec_ok; uint16_t udp_size; };
bool dns_write_query(struct buf *out, const struct dns_query *query);

/* Writes a whole message, without compression except of the question's name. The rdata comes from `data`, as dns_rdata_encode makes it. */
bool dns_write_message(struct buf *out, const struct dns_message *message);

/* Name in wire form into `out` (at most 255 bytes); false when a label or the whole is too long. */
bool dns_name_to_wire(struct buf *out, const char *name);

/* Makes the rdata of `rr` from its members (the types in the union). False: a member is not valid. */
bool dns_rdata_encode(struct buf *out, const struct dns_rr *rr);

/* Reads uncompressed rdata of one type into the members of `rr` (type, data, data_length given). False: malformed. */
bool dns_rdata_decode(struct arena *arena, struct dns_rr *rr);

const char *dns_type_name(uint16_t type, char scratch[16]); /* "TXT", "TYPE65280" */
uint16_t dns_type_from_name(const char *name);              /* 0: none */
#endif
