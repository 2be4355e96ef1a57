#ifndef RECORD_DNSSEC_H
#define RECORD_DNSSEC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/dnswire.h"

/* The records of DNSSEC, as far as their state can be told without validating: keys and their digests, ends of signatures, parameters of
 * denial. Pure; nothing here verifies a signature, that is the resolver's work. */

enum { DNSSEC_DIGEST_SHA1 = 1, DNSSEC_DIGEST_SHA256 = 2, DNSSEC_DIGEST_SHA384 = 4 };
enum { DNSKEY_ZONE = 0x0100, DNSKEY_REVOKED = 0x0080 }; /* bits of the flags: RFC 4034 section 2.1.1, RFC 5011 section 7 */

struct dnskey {
  uint16_t flags, tag;   /* the tag as RFC 4034 appendix B computes it */
  uint8_t protocol, algorithm;
  const uint8_t *key;    /* in the record's data */
  size_t length;
};

struct rrsig {
  uint16_t covered, tag; /* type of the records that it signs; tag of the key */
  uint8_t algorithm;
  uint32_t expiration, inception;
};

struct nsec3param { uint8_t hash, flags; uint16_t iterations; uint8_t salt_length; };

/* Each reads the data of one record of its type. False: malformed. */
bool dnskey_read(const struct dns_rr *rr, struct dnskey *out);
bool rrsig_read(const struct dns_rr *rr, struct rrsig *out);
bool nsec3param_read(const struct dns_rr *rr, struct nsec3param *out);

/* A time of an RRSIG as wall ms: seconds modulo 2^32, the nearest to `now_ms` (RFC 4034 section 3.1.5, RFC 1982). */
int64_t rrsig_time(uint32_t seconds, int64_t now_ms);

bool ds_digest_supported(uint8_t digest_type);
/* Writes the digest of a key in the zone `owner` (RFC 4034 section 5.1.4); its length, 0 when the digest type is not supported. */
size_t ds_digest(const char *owner, const struct dns_rr *dnskey, uint8_t digest_type, uint8_t out[64]);
/* Do tag, algorithm and digest of the DS fit this key of the zone? */
bool ds_matches(const char *owner, const struct dns_rr *ds, const struct dns_rr *dnskey);

/* How far an algorithm can be trusted to sign (RFC 8624 section 3.1). */
enum dnssec_strength { DNSSEC_BROKEN /* must not be used: 1, 3, 6, 12 */, DNSSEC_WEAK /* SHA-1: 5, 7 */, DNSSEC_SOUND };
enum dnssec_strength dnssec_algorithm_strength(uint8_t algorithm);
#endif
