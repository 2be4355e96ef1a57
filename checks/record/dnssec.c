#include "checks/record/dnssec.h"

#include <openssl/evp.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/ctype.h"
#include "src/base/cursor.h"
#include "src/base/mem.h"

/* RFC 4034 appendix B; algorithm 1 has a tag of its own (appendix B.1). */
static uint16_t key_tag(const uint8_t *data, size_t length, uint8_t algorithm) {
  uint32_t sum = 0;
  if (algorithm == 1) return length >= 7 ? (uint16_t)((unsigned)data[length - 3] << 8 | data[length - 2]) : 0;
  for (size_t i = 0; i < length; i++) sum += i & 1 ? data[i] : (uint32_t)data[i] << 8;
  sum += sum >> 16 & 0xffff;
  return (uint16_t)(sum & 0xffff);
}

bool dnskey_read(const struct dns_rr *rr, struct dnskey *out) {
  struct cursor cursor;
  if (rr->type != DNS_TYPE_DNSKEY) return false;
  cursor_init(&cursor, rr->data, rr->data_length);
  *out = (struct dnskey){ .flags = cursor_u16(&cursor), .protocol = cursor_u8(&cursor), .algorithm = cursor_u8(&cursor) };
  out->length = cursor_left(&cursor);
  out->key = cursor_bytes(&cursor, out->length);
  if (cursor.failed || out->length == 0) return false;
  out->tag = key_tag(rr->data, rr->data_length, out->algorithm);
  return true;
}

bool rrsig_read(const struct dns_rr *rr, struct rrsig *out) {
  struct cursor cursor;
  if (rr->type != DNS_TYPE_RRSIG) return false;
  cursor_init(&cursor, rr->data, rr->data_length);
  *out = (struct rrsig){ .covered = cursor_u16(&cursor), .algorithm = cursor_u8(&cursor) };
  cursor_skip(&cursor, 1 + 4); /* labels, original TTL */
  out->expiration = cursor_u32(&cursor);
  out->inception = cursor_u32(&cursor);
  out->tag = cursor_u16(&cursor);
  return !cursor.failed;
}

bool nsec3param_read(const struct dns_rr *rr, struct nsec3param *out) {
  struct cursor cursor;
  if (rr->type != DNS_TYPE_NSEC3PARAM) return false;
  cursor_init(&cursor, rr->data, rr->data_length);
  *out = (struct nsec3param){ .hash = cursor_u8(&cursor), .flags = cursor_u8(&cursor), .iterations = cursor_u16(&cursor), .salt_length = cursor_u8(&cursor) };
  return !cursor.failed && cursor_left(&cursor) == out->salt_length;
}

int64_t rrsig_time(uint32_t seconds, int64_t now_ms) {
  int64_t now = now_ms / 1000;
  int32_t ahead = (int32_t)(seconds - (uint32_t)now);
  return (now + ahead) * 1000;
}

static const EVP_MD *digest_of(uint8_t type) {
  switch (type) {
  case DNSSEC_DIGEST_SHA1: return EVP_sha1();
  case DNSSEC_DIGEST_SHA256: return EVP_sha256();
  case DNSSEC_DIGEST_SHA384: return EVP_sha384();
  default: return NULL;
  }
}

bool ds_digest_supported(uint8_t digest_type) { return digest_of(digest_type) != NULL; }

size_t ds_digest(const char *owner, const struct dns_rr *dnskey, uint8_t digest_type, uint8_t out[64]) {
  const EVP_MD *digest = digest_of(digest_type);
  struct buf whole = BUF_INIT(256 + 65536);
  unsigned length = 0;
  if (digest && dns_name_to_wire(&whole, owner)) {
    buf_bytes(&whole, dnskey->data, dnskey->data_length);
    if (whole.overflowed || EVP_Digest(buf_string(&whole), whole.length, out, &length, digest, NULL) != 1) length = 0;
  }
  buf_release(&whole);
  return length;
}

bool ds_matches(const char *owner, const struct dns_rr *ds, const struct dns_rr *dnskey) {
  struct dnskey key;
  uint8_t digest[64];
  if (!dnskey_read(dnskey, &key) || key.tag != ds->ds.key_tag || key.algorithm != ds->ds.algorithm) return false;
  size_t length = ds_digest(owner, dnskey, ds->ds.digest_type, digest);
  return length > 0 && length == ds->ds.length && memcmp(digest, ds->ds.digest, length) == 0;
}

enum dnssec_strength dnssec_algorithm_strength(uint8_t algorithm) {
  switch (algorithm) {
  case 1: case 3: case 6: case 12: return DNSSEC_BROKEN;
  case 5: case 7: return DNSSEC_WEAK;
  default: return DNSSEC_SOUND;
  }
}
