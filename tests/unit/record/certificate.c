#include "checks/record/certificate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "src/base/lib.h"
#include "tests/support/mint.h"

#define DAY ((int64_t)86400 * 1000)
#define FROM ((int64_t)1767225600 * 1000) /* 2026-01-01 */

static struct arena *arena;

static const struct certificate *take(X509 *x509) {
  unsigned char *der;
  size_t length = mint_der(x509, &der);
  const struct certificate *certificate = certificate_read(arena, der, length);
  OPENSSL_free(der);
  X509_free(x509);
  assert_non_null(certificate);
  return certificate;
}

static const struct certificate *keep(X509 *x509) {
  X509_up_ref(x509);
  return take(x509);
}

static void test_fields(void **state) {
  (void)state;
  const struct certificate *c = take(mint(&(struct mint_request){ .common_name = "mx1.example.gov.uk", .names = "MX1.example.gov.uk mx2.example.gov.uk",
    .from = FROM, .until = FROM + 90 * DAY, .key = mint_key(MINT_RSA2048), .key_usage = "critical,digitalSignature,keyEncipherment",
    .extended_usage = "serverAuth", .must_staple = true }));
  assert_string_equal(c->common_name, "mx1.example.gov.uk");
  assert_int_equal(c->name_count, 2);
  assert_string_equal(c->names[0], "mx1.example.gov.uk");
  assert_true(c->not_before == FROM);
  assert_true(c->not_after == FROM + 90 * DAY);
  assert_int_equal(c->key, CERTIFICATE_KEY_RSA);
  assert_int_equal(c->key_bits, 2048);
  assert_string_equal(c->signature, "sha256WithRSAEncryption");
  assert_string_equal(c->signature_hash, "SHA256");
  assert_true(c->self_signed);
  assert_false(c->is_ca);
  assert_true(c->has_key_usage && c->has_extended_usage && c->server_auth && c->must_staple);
  assert_int_equal(c->key_usage, CERTIFICATE_DIGITAL_SIGNATURE | CERTIFICATE_KEY_ENCIPHERMENT);
  assert_false(c->unknown_critical);
  assert_true(c->spki_length > 200);
  assert_string_equal(c->subject, "CN=mx1.example.gov.uk");
}

static void test_kinds(void **state) {
  (void)state;
  static const struct { enum mint_key key; const char *hash, *text, *signature_hash; } rows[] = {
    { MINT_P256, "SHA1", "EC P-256", "SHA1" }, { MINT_P384, "SHA384", "EC P-384", "SHA384" }, { MINT_RSA1024, "MD5", "RSA 1024", "MD5" },
    { MINT_P192, NULL, "EC P-192", "SHA256" }, { MINT_ED25519, NULL, "Ed25519", "" },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const struct certificate *c = take(mint(&(struct mint_request){ .common_name = "a", .from = FROM, .until = FROM + DAY, .key = mint_key(rows[i].key), .hash = rows[i].hash }));
    assert_string_equal(certificate_key_text(arena, c), rows[i].text);
    assert_string_equal(c->signature_hash, rows[i].signature_hash);
  }
}

static void test_extensions(void **state) {
  (void)state;
  const struct certificate *c = take(mint(&(struct mint_request){ .common_name = "ca", .from = FROM, .until = FROM + DAY, .ca = true, .path_length = 2, .critical_unknown = true }));
  assert_true(c->is_ca);
  assert_int_equal(c->path_length, 1);
  assert_true(c->unknown_critical);
  c = take(mint(&(struct mint_request){ .common_name = "ca", .from = FROM, .until = FROM + DAY, .ca = true, .key_usage = "digitalSignature" }));
  assert_false(c->is_ca);
  c = take(mint(&(struct mint_request){ .common_name = "client", .from = FROM, .until = FROM + DAY, .extended_usage = "clientAuth" }));
  assert_true(c->has_extended_usage);
  assert_false(c->server_auth);
  c = take(mint(&(struct mint_request){ .common_name = "x", .from = FROM, .until = FROM + DAY, .break_signature = true }));
  assert_false(c->self_signed);
}

static void test_hostile_names(void **state) {
  (void)state;
  static const unsigned char nul[] = "mx.example.gov.uk\0.evil.test";
  const struct certificate *c = take(mint(&(struct mint_request){ .raw_name = nul, .raw_name_length = sizeof nul - 1, .from = FROM, .until = FROM + DAY }));
  assert_string_equal(c->names[0], "mx.example.gov.uk\\000.evil.test");
  assert_int_equal(certificate_matches(c, "mx.example.gov.uk", NULL), CERTIFICATE_MATCH_NONE);
  static const unsigned char control[] = "a\x1b[2J\\\xc3\xa9 b";
  c = take(mint(&(struct mint_request){ .raw_name = control, .raw_name_length = sizeof control - 1, .from = FROM, .until = FROM + DAY }));
  assert_string_equal(c->names[0], "a\\027[2j\\092\\195\\169\\032b");
  c = take(mint(&(struct mint_request){ .common_name = "mx\x1b]0;x\x07.example.gov.uk", .from = FROM, .until = FROM + DAY }));
  assert_true(text_is_safe(c->subject));
  assert_true(text_is_safe(c->common_name));
  assert_string_equal(c->common_name, "mx\\027]0;x\\007.example.gov.uk");
}

static void test_garbage(void **state) {
  (void)state;
  assert_null(certificate_read(arena, "", 0));
  assert_null(certificate_read(arena, "\x30\x03\x02\x01\x01", 5));
  uint8_t *large = calloc(1, CERTIFICATE_DER_MOST + 1);
  assert_null(certificate_read(arena, large, CERTIFICATE_DER_MOST + 1));
  free(large);
}

static void test_matching(void **state) {
  (void)state;
  static const struct { const char *cn, *names, *host; enum certificate_match match; } rows[] = {
    { "x", "mx.example.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_NAME },
    { "x", "mx.example.gov.uk.", "mx.example.gov.uk", CERTIFICATE_MATCH_NAME },
    { "mx.example.gov.uk", "other.example.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_NONE },
    { "mx.example.gov.uk", NULL, "mx.example.gov.uk", CERTIFICATE_MATCH_COMMON_NAME },
    { "*.example.gov.uk", NULL, "mx.example.gov.uk", CERTIFICATE_MATCH_COMMON_NAME },
    { "other.example.gov.uk", NULL, "mx.example.gov.uk", CERTIFICATE_MATCH_NONE },
    { "x", "*.example.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_WILDCARD },
    { "x", "*.example.gov.uk", "example.gov.uk", CERTIFICATE_MATCH_NONE },
    { "x", "*.example.gov.uk", "a.b.example.gov.uk", CERTIFICATE_MATCH_WILDCARD_DEEP },
    { "x", "*.example.gov.uk *.b.example.gov.uk", "a.b.example.gov.uk", CERTIFICATE_MATCH_WILDCARD },
    { "x", "m*.example.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_WILDCARD_PARTIAL },
    { "x", "mx.*.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_WILDCARD_PARTIAL },
    { "x", "*x.example.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_WILDCARD_PARTIAL },
    { "x", "*.*.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_NONE },
    { "x", "*.gov.uk", "example.gov.uk", CERTIFICATE_MATCH_WILDCARD_SUFFIX },
    { "x", "*.uk", "gov.uk", CERTIFICATE_MATCH_WILDCARD_SUFFIX },
    { "x", "*", "localhost", CERTIFICATE_MATCH_WILDCARD_PARTIAL },
    { "x", "xample.gov.uk", "example.gov.uk", CERTIFICATE_MATCH_NONE },
    { "x", "*.xample.gov.uk", "mx.example.gov.uk", CERTIFICATE_MATCH_NONE },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const struct certificate *c = take(mint(&(struct mint_request){ .common_name = rows[i].cn, .names = rows[i].names, .from = FROM, .until = FROM + DAY }));
    if (certificate_matches(c, rows[i].host, NULL) != rows[i].match) fail_msg("row %zu: %s for %s", i, rows[i].names, rows[i].host);
  }
}

struct family {
  X509 *root, *middle, *leaf;
  const struct certificate *r, *m, *l;
};

static struct family family(bool break_leaf) {
  struct family f;
  EVP_PKEY *root_key = mint_key(MINT_P384), *middle_key = mint_key_other(MINT_P384);
  f.root = mint(&(struct mint_request){ .common_name = "Root", .from = FROM, .until = FROM + DAY, .key = root_key, .ca = true });
  f.middle = mint(&(struct mint_request){ .common_name = "Middle", .from = FROM, .until = FROM + DAY, .key = middle_key, .ca = true, .issuer = f.root, .issuer_key = root_key });
  f.leaf = mint(&(struct mint_request){ .common_name = "mx", .names = "mx.example", .from = FROM, .until = FROM + DAY, .issuer = f.middle, .issuer_key = middle_key,
                                        .break_signature = break_leaf });
  f.r = keep(f.root);
  f.m = keep(f.middle);
  f.l = keep(f.leaf);
  return f;
}

static void family_free(struct family *f) {
  X509_free(f->root);
  X509_free(f->middle);
  X509_free(f->leaf);
}

static void test_path(void **state) {
  (void)state;
  struct family f = family(false);
  struct certificate_path path;
  certificate_path((const struct certificate *const[]){ f.l, f.m, f.r }, 3, &path);
  assert_int_equal(path.length, 3);
  assert_true(path.in_order && path.ends_self_signed && path.signatures_good);
  assert_int_equal(path.unneeded, 0);
  certificate_path((const struct certificate *const[]){ f.l, f.r, f.m }, 3, &path);
  assert_int_equal(path.length, 3);
  assert_false(path.in_order);
  certificate_path((const struct certificate *const[]){ f.l, f.m, f.m }, 3, &path);
  assert_int_equal(path.length, 2);
  assert_int_equal(path.unneeded, 1);
  assert_false(path.ends_self_signed);
  certificate_path((const struct certificate *const[]){ f.l, f.r }, 2, &path);
  assert_int_equal(path.length, 1);
  certificate_path((const struct certificate *const[]){ f.r, f.m }, 2, &path);
  assert_int_equal(path.length, 1);
  assert_true(path.ends_self_signed);
  certificate_path(NULL, 0, &path);
  assert_int_equal(path.length, 0);
  family_free(&f);
}

static void test_bad_signature(void **state) {
  (void)state;
  struct family f = family(true);
  struct certificate_path path;
  certificate_path((const struct certificate *const[]){ f.l, f.m, f.r }, 3, &path);
  assert_int_equal(path.length, 3);
  assert_false(path.signatures_good);
  assert_int_equal(path.bad_signature_at, 0);
  assert_false(certificate_signed_by(f.l, f.m));
  assert_true(certificate_signed_by(f.m, f.r));
  family_free(&f);
}

static int set_up(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(&arena);
  mint_forget();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_fields), cmocka_unit_test(test_kinds), cmocka_unit_test(test_extensions), cmocka_unit_test(test_hostile_names),
    cmocka_unit_test(test_garbage), cmocka_unit_test(test_matching), cmocka_unit_test(test_path), cmocka_unit_test(test_bad_signature),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
