/* Keys and their digests: the examples of RFC 4034 section 5.4, RFC 4509 section 2.3 and RFC 6605 section 6; signatures and denial; what is malformed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checks/record/base64.h"
#include "checks/record/dnssec.h"
#include "src/base/lib.h"

static struct arena *arena;

static struct dns_rr rr_of(uint16_t type, const void *data, size_t length) {
  return (struct dns_rr){ .owner = "example", .type = type, .data = data, .data_length = (uint16_t)length };
}

static struct dns_rr dnskey(uint16_t flags, uint8_t protocol, uint8_t algorithm, const char *key) {
  uint8_t *data = arena_alloc(arena, strlen(key) + 8);
  size_t length;
  data[0] = (uint8_t)(flags >> 8), data[1] = (uint8_t)flags, data[2] = protocol, data[3] = algorithm;
  assert_true(base64_read(key, strlen(key), data + 4, &length));
  return rr_of(DNS_TYPE_DNSKEY, data, length + 4);
}

static struct dns_rr ds(uint16_t tag, uint8_t algorithm, uint8_t type, const char *hex) {
  uint8_t *digest = arena_alloc(arena, 64);
  size_t length = 0;
  for (; hex[0] && hex[1]; hex += 2) digest[length++] = (uint8_t)(hex_value(hex[0]) << 4 | hex_value(hex[1]));
  struct dns_rr rr = rr_of(DNS_TYPE_DS, NULL, 0);
  rr.ds.key_tag = tag, rr.ds.algorithm = algorithm, rr.ds.digest_type = type, rr.ds.digest = digest, rr.ds.length = (uint16_t)length;
  return rr;
}

#define KEY_4034 "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
#define KEY_13 "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
#define KEY_14 "xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40"

static void digests(void **state) {
  static const struct { const char *owner; uint16_t flags; uint8_t algorithm; const char *key; uint16_t tag; uint8_t type; const char *digest; } rows[] = {
    { "dskey.example.com", 256, 5, KEY_4034, 60485, 1, "2BB183AF5F22588179A53B0A98631FAD1A292118" },                              /* RFC 4034 section 5.4 */
    { "dskey.example.com", 256, 5, KEY_4034, 60485, 2, "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A" },      /* RFC 4509 section 2.3 */
    { "example.net", 257, 13, KEY_13, 55648, 2, "b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17" },             /* RFC 6605 section 6.1 */
    { "example.net", 257, 14, KEY_14, 10771, 4, "72d7b62976ce06438e9c0bf319013cf801f09ecc84b8d7e9495f27e305c6a9b0563a9b5f4d288405c3008a946df983d6" }, /* section 6.2 */
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct dns_rr key = dnskey(rows[i].flags, 3, rows[i].algorithm, rows[i].key), digest = ds(rows[i].tag, rows[i].algorithm, rows[i].type, rows[i].digest);
    struct dnskey read;
    assert_true(dnskey_read(&key, &read));
    assert_int_equal(read.tag, rows[i].tag);
    if (!ds_matches(rows[i].owner, &digest, &key)) fail_msg("row %zu", i);
    assert_false(ds_matches("other.example", &digest, &key));
    digest.ds.key_tag++;
    assert_false(ds_matches(rows[i].owner, &digest, &key));
    digest = ds(rows[i].tag, (uint8_t)(rows[i].algorithm + 1), rows[i].type, rows[i].digest);
    assert_false(ds_matches(rows[i].owner, &digest, &key));
    digest = ds(rows[i].tag, rows[i].algorithm, rows[i].type, rows[i].digest);
    digest.ds.length--;
    assert_false(ds_matches(rows[i].owner, &digest, &key));
  }
}

/* Names are hashed in wire form, lower case as they are held here; the root too. Types that nobody knows give nothing. */
static void digests_of_odd_types(void **state) {
  struct dns_rr key = dnskey(257, 3, 13, KEY_13);
  uint8_t out[64];
  (void)state;
  assert_int_equal(ds_digest("", &key, DNSSEC_DIGEST_SHA256, out), 32);
  assert_int_equal(ds_digest("example", &key, DNSSEC_DIGEST_SHA1, out), 20);
  assert_int_equal(ds_digest("example", &key, DNSSEC_DIGEST_SHA384, out), 48);
  for (unsigned type = 0; type < 256; type++) {
    bool known = type == 1 || type == 2 || type == 4;
    assert_int_equal(ds_digest_supported((uint8_t)type), known);
    assert_int_equal(ds_digest("example", &key, (uint8_t)type, out) > 0, known);
  }
  char label[80];
  memset(label, 'a', sizeof label - 1);
  label[sizeof label - 1] = '\0';
  assert_int_equal(ds_digest(label, &key, DNSSEC_DIGEST_SHA256, out), 0);
}

/* RFC 4034 appendix B.1: the tag of algorithm 1 is in the last octets of the modulus. */
static void tags(void **state) {
  static const uint8_t one[] = { 1, 0, 3, 1, 9, 8, 7, 0xab, 0xcd, 5 }, carry[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
  struct dns_rr key = rr_of(DNS_TYPE_DNSKEY, one, sizeof one);
  struct dnskey read;
  (void)state;
  assert_true(dnskey_read(&key, &read));
  assert_int_equal(read.tag, 0xabcd);
  key = rr_of(DNS_TYPE_DNSKEY, one, 5);
  assert_true(dnskey_read(&key, &read));
  assert_int_equal(read.tag, 0);
  key = rr_of(DNS_TYPE_DNSKEY, carry, sizeof carry);
  assert_true(dnskey_read(&key, &read));
  assert_int_equal(read.tag, 0xff00);
}

static void malformed(void **state) {
  static const uint8_t data[24] = { 0 };
  struct dnskey key;
  struct rrsig rrsig;
  struct nsec3param param;
  (void)state;
  for (size_t length = 0; length <= sizeof data; length++) {
    struct dns_rr rr = rr_of(DNS_TYPE_DNSKEY, data, length);
    assert_int_equal(dnskey_read(&rr, &key), length > 4);
    rr.type = DNS_TYPE_RRSIG;
    assert_int_equal(rrsig_read(&rr, &rrsig), length >= 18);
    rr.type = DNS_TYPE_NSEC3PARAM;
    assert_int_equal(nsec3param_read(&rr, &param), length == 5); /* no salt */
    rr.type = DNS_TYPE_TXT;
    assert_false(dnskey_read(&rr, &key) || rrsig_read(&rr, &rrsig) || nsec3param_read(&rr, &param));
  }
}

static void fields(void **state) {
  static const uint8_t signature[] = { 0, 6, 13, 2, 0, 0, 14, 16, 0x6a, 0, 0, 1, 0x69, 0, 0, 2, 0xea, 0xcd, 3, 'o', 'r', 'g', 0, 1, 2, 3 };
  static const uint8_t denial[] = { 1, 1, 0, 10, 4, 0xaa, 0xbb, 0xcc, 0xdd }, cut[] = { 1, 0, 0, 10, 4, 0xaa };
  struct dns_rr rr = rr_of(DNS_TYPE_RRSIG, signature, sizeof signature);
  struct rrsig rrsig;
  struct nsec3param param;
  (void)state;
  assert_true(rrsig_read(&rr, &rrsig));
  assert_int_equal(rrsig.covered, DNS_TYPE_SOA);
  assert_int_equal(rrsig.algorithm, 13);
  assert_int_equal(rrsig.expiration, 0x6a000001);
  assert_int_equal(rrsig.inception, 0x69000002);
  assert_int_equal(rrsig.tag, 0xeacd);
  rr = rr_of(DNS_TYPE_NSEC3PARAM, denial, sizeof denial);
  assert_true(nsec3param_read(&rr, &param));
  assert_int_equal(param.iterations, 10);
  assert_int_equal(param.salt_length, 4);
  assert_int_equal(param.flags, 1);
  rr = rr_of(DNS_TYPE_NSEC3PARAM, cut, sizeof cut);
  assert_false(nsec3param_read(&rr, &param));
}

/* Serial number arithmetic: RFC 4034 section 3.1.5, RFC 1982. */
static void times(void **state) {
  const int64_t now = (int64_t)1795428000 * 1000, later = ((int64_t)1 << 32) * 1000 + now;
  (void)state;
  assert_int_equal(rrsig_time(1795428000u + 60, now), now + 60000);
  assert_int_equal(rrsig_time(1795428000u - 60, now), now - 60000);
  assert_int_equal(rrsig_time(1795428000u + 60, later), later + 60000);
  assert_int_equal(rrsig_time(5, ((int64_t)1 << 32) * 1000 - 5000), (((int64_t)1 << 32) + 5) * 1000);
  assert_int_equal(rrsig_time(0xfffffffbu, ((int64_t)1 << 32) * 1000 + 5000), (((int64_t)1 << 32) - 5) * 1000);
}

static void strengths(void **state) {
  static const uint8_t broken[] = { 1, 3, 6, 12 }, weak[] = { 5, 7 }, sound[] = { 8, 10, 13, 14, 15, 16 };
  (void)state;
  for (size_t i = 0; i < sizeof broken; i++) assert_int_equal(dnssec_algorithm_strength(broken[i]), DNSSEC_BROKEN);
  for (size_t i = 0; i < sizeof weak; i++) assert_int_equal(dnssec_algorithm_strength(weak[i]), DNSSEC_WEAK);
  for (size_t i = 0; i < sizeof sound; i++) assert_int_equal(dnssec_algorithm_strength(sound[i]), DNSSEC_SOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(digests), cmocka_unit_test(digests_of_odd_types), cmocka_unit_test(tags), cmocka_unit_test(malformed), cmocka_unit_test(fields), cmocka_unit_test(times), cmocka_unit_test(strengths),
  };
  arena = arena_new();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(&arena);
  return failed;
}
