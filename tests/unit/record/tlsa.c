#include "checks/record/tlsa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "src/base/lib.h"
#include "tests/support/mint.h"

#define DAY ((int64_t)86400 * 1000)
#define FROM ((int64_t)1767225600 * 1000)
#define HASH "8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d"

static struct arena *arena;

static void test_text(void **state) {
  (void)state;
  static const struct { const char *text; bool good; enum tlsa_fault fault; size_t position, length; } rows[] = {
    { "3 1 1 " HASH, true, 0, 0, 32 },
    { "  3\t1 1 ( 8d02536c887482bc34ff54e41d2ba659\n bf85b341a0a20afadb5813dcfbcf286d )", true, 0, 0, 32 },
    { "3 1 1 8D02", true, 0, 0, 2 },
    { "3 1 1", false, TLSA_FAULT_NO_DATA, 5, 0 },
    { "", false, TLSA_FAULT_FIELD_MISSING, 0, 0 },
    { "3 one 1 aa", false, TLSA_FAULT_NOT_A_NUMBER, 2, 1 },
    { "3 1 256 aa", false, TLSA_FAULT_NUMBER_TOO_LARGE, 4, 1 },
    { "3 1 1 aag0", false, TLSA_FAULT_NOT_HEX, 8, 1 },
    { "3 1 1 aab", false, TLSA_FAULT_ODD_DIGITS, 9, 1 },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct tlsa_text read;
    bool good = tlsa_read(arena, rows[i].text, strlen(rows[i].text), &read);
    if (good != rows[i].good) fail_msg("row %zu", i);
    assert_int_equal(read.tlsa.length, rows[i].length);
    if (good) continue;
    assert_int_equal(read.faults[0].fault, rows[i].fault);
    assert_int_equal(read.faults[0].position, rows[i].position);
  }
}

static void test_several_faults(void **state) {
  (void)state;
  struct tlsa_text read;
  assert_false(tlsa_read(arena, "x 300 1 zz", 10, &read));
  assert_int_equal(read.fault_count, 3);
  assert_int_equal(read.faults[2].fault, TLSA_FAULT_NOT_HEX);
}

static void test_round_trip(void **state) {
  (void)state;
  struct tlsa_text read;
  assert_true(tlsa_read(arena, "3 1 1 " HASH, strlen("3 1 1 " HASH), &read));
  assert_string_equal(tlsa_format(arena, &read.tlsa), "3 1 1 " HASH);
  const struct tlsa tlsa = { .usage = 3, .selector = 1, .matching = 2, .data = (const uint8_t *)"\xab", .length = 1 };
  assert_string_equal(tlsa_format(arena, &tlsa), "3 1 2 ab");
  assert_false(tlsa_length_right(&tlsa));
}

static void test_usable(void **state) {
  (void)state;
  static const struct { struct tlsa tlsa; bool known, usable; } rows[] = {
    { { 3, 1, 1, NULL, 32 }, true, true }, { { 2, 0, 2, NULL, 64 }, true, true }, { { 3, 1, 0, NULL, 1 }, true, true },
    { { 1, 1, 1, NULL, 32 }, true, false }, { { 0, 1, 1, NULL, 32 }, true, false }, { { 3, 1, 1, NULL, 31 }, true, false },
    { { 3, 1, 2, NULL, 32 }, true, false }, { { 4, 1, 1, NULL, 32 }, false, false }, { { 3, 2, 1, NULL, 32 }, false, false },
    { { 3, 1, 3, NULL, 32 }, false, false }, { { 3, 1, 0, NULL, 0 }, true, false },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    assert_int_equal(tlsa_parameters_known(&rows[i].tlsa), rows[i].known);
    assert_int_equal(tlsa_usable(&rows[i].tlsa), rows[i].usable);
  }
}

static const struct certificate *take(X509 *x509) {
  unsigned char *der;
  size_t length = mint_der(x509, &der);
  const struct certificate *certificate = certificate_read(arena, der, length);
  OPENSSL_free(der);
  assert_non_null(certificate);
  return certificate;
}

static struct tlsa of(uint8_t usage, uint8_t selector, uint8_t matching, const struct certificate *c) {
  struct tlsa tlsa = { .usage = usage, .selector = selector, .matching = matching };
  tlsa.length = matching == 1 ? 32 : matching == 2 ? 64 : selector ? c->spki_length : c->der_length;
  tlsa.data = matching == 1 ? (selector ? c->spki_sha256 : c->sha256) : matching == 2 ? (selector ? c->spki_sha512 : c->sha512) : selector ? c->spki : c->der;
  return tlsa;
}

static void test_matching(void **state) {
  (void)state;
  EVP_PKEY *root_key = mint_key(MINT_P384);
  X509 *root = mint(&(struct mint_request){ .common_name = "Root", .from = FROM, .until = FROM + DAY, .key = root_key, .ca = true });
  X509 *leaf = mint(&(struct mint_request){ .common_name = "mx", .from = FROM, .until = FROM + DAY, .issuer = root, .issuer_key = root_key });
  const struct certificate *l = take(leaf), *r = take(root);
  struct certificate_path whole, short_path;
  certificate_path((const struct certificate *const[]){ l, r }, 2, &whole);
  certificate_path((const struct certificate *const[]){ l }, 1, &short_path);
  for (uint8_t selector = 0; selector < 2; selector++)
    for (uint8_t matching = 0; matching < 3; matching++) {
      struct tlsa leaf_ee = of(3, selector, matching, l), root_ta = of(2, selector, matching, r), leaf_ta = of(2, selector, matching, l);
      size_t step = 9;
      assert_int_equal(tlsa_match_path(arena, &leaf_ee, &whole, &step), TLSA_MATCH);
      assert_int_equal(step, 0);
      assert_int_equal(tlsa_match_path(arena, &root_ta, &whole, &step), TLSA_MATCH);
      assert_int_equal(step, 1);
      assert_int_equal(tlsa_match_path(arena, &leaf_ta, &whole, NULL), TLSA_NO_MATCH);
      assert_int_equal(tlsa_match_path(arena, &root_ta, &short_path, NULL), matching == 0 ? TLSA_MATCH : TLSA_ANCHOR_NOT_SENT);
    }
  struct tlsa pkix = of(1, 1, 1, l), root_ee = of(3, 1, 1, r);
  assert_int_equal(tlsa_match_path(arena, &pkix, &whole, NULL), TLSA_NO_MATCH);
  assert_int_equal(tlsa_match_path(arena, &root_ee, &whole, NULL), TLSA_NO_MATCH);
  X509_free(leaf);
  X509_free(root);
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
    cmocka_unit_test(test_text), cmocka_unit_test(test_several_faults), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_usable),
    cmocka_unit_test(test_matching),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
