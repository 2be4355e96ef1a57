/* What is remembered of signatures changes no verdict: chains of every kind are verified with a memo, twice and in both orders, and without. */
#include "checks/observe/tls_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "src/base/lib.h"
#include "tests/support/mint.h"

#define DAY ((int64_t)86400 * 1000)
enum { CHAINS = 9 };

struct chain { X509 *leaf, *middle; };

static X509 *issue(const char *name, X509 *issuer, EVP_PKEY *issuer_key, EVP_PKEY *key, struct mint_request more) {
  int64_t now = clock_wall_ms();
  more.common_name = name;
  more.from = now - DAY;
  more.until = now + DAY;
  more.issuer = issuer;
  more.issuer_key = issuer_key;
  more.key = key;
  return mint(&more);
}

static int verdict(struct signature_memo *memo, X509_STORE *trusted, const struct chain *chain) {
  struct arena *arena = arena_new();
  struct tls_session session = { .verify = -1 };
  STACK_OF(X509) *sent = sk_X509_new_null();
  sk_X509_push(sent, chain->leaf);
  if (chain->middle) sk_X509_push(sent, chain->middle);
  tls_verify(memo, trusted, arena, chain->leaf, sent, clock_wall_ms(), &session);
  sk_X509_free(sent);
  arena_free(&arena);
  return session.verify;
}

/* A middle certificate that is right, and others that bear its name. */
static void make_chains(X509 *root, struct chain chains[CHAINS]) {
  EVP_PKEY *root_key = mint_key(MINT_P384), *key = mint_key(MINT_P256), *other = mint_key_other(MINT_P256);
  struct mint_request ca = { .ca = true }, plain = { .names = "mx1.example.gov.uk" };
  X509 *middle = issue("Middle", root, root_key, key, ca), *false_middle = issue("Middle", root, other, key, ca), *other_middle = issue("Middle", root, root_key, other, ca);
  X509 *no_ca = issue("Middle", root, root_key, key, (struct mint_request){ .names = "a" });
  X509 *no_sign = issue("Middle", root, root_key, key, (struct mint_request){ .ca = true, .key_usage = "critical,digitalSignature" });
  X509 *leaf = issue("leaf", middle, key, mint_key(MINT_RSA2048), plain);
  X509 *broken = issue("leaf", middle, key, mint_key(MINT_RSA2048), (struct mint_request){ .names = "mx1.example.gov.uk", .break_signature = true });
  X509 *alone = issue("alone", NULL, NULL, key, plain), *direct = issue("direct", root, root_key, key, plain);
  const struct chain all[CHAINS] = { { leaf, middle }, { leaf, false_middle }, { leaf, other_middle }, { leaf, no_ca }, { leaf, no_sign }, { broken, middle }, { leaf, NULL }, { alone, NULL }, { direct, NULL } };
  for (size_t i = 0; i < CHAINS; i++) {
    chains[i] = all[i];
    X509_up_ref(all[i].leaf);
    if (all[i].middle) X509_up_ref(all[i].middle);
  }
  X509 *made[] = { middle, false_middle, other_middle, no_ca, no_sign, leaf, broken, alone, direct };
  for (size_t i = 0; i < MEM_COUNT(made); i++) X509_free(made[i]);
}

static void test_same_verdicts(void **state) {
  (void)state;
  static const int wanted[CHAINS] = { X509_V_OK, X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_INVALID_CA, X509_V_ERR_INVALID_CA,
                                      X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_OK };
  struct chain chains[CHAINS];
  X509 *root = issue("Root", NULL, NULL, mint_key(MINT_P384), (struct mint_request){ .ca = true });
  X509_STORE *trusted = X509_STORE_new();
  X509_STORE_add_cert(trusted, root);
  make_chains(root, chains);
  for (size_t order = 0; order < 2; order++) {
    struct signature_memo *memo = signature_memo_new();
    for (size_t n = 0; n < 2 * CHAINS; n++) {
      size_t i = order ? (2 * CHAINS - 1 - n) % CHAINS : n % CHAINS;
      int with = verdict(memo, trusted, &chains[i]), without = verdict(NULL, trusted, &chains[i]);
      if (with != without) fail_msg("chain %zu: %s with a memo, %s without", i, X509_verify_cert_error_string(with), X509_verify_cert_error_string(without));
      if (with != wanted[i]) fail_msg("chain %zu: %s", i, X509_verify_cert_error_string(with));
    }
    signature_memo_free(&memo);
  }
  for (size_t i = 0; i < CHAINS; i++) X509_free(chains[i].leaf), X509_free(chains[i].middle);
  X509_free(root);
  X509_STORE_free(trusted);
}

/* By itself, and with another issuer of the same name. */
static void test_one_signature(void **state) {
  (void)state;
  EVP_PKEY *key = mint_key(MINT_P256);
  X509 *issuer = issue("Issuer", NULL, NULL, key, (struct mint_request){ .ca = true }), *other = issue("Issuer", NULL, NULL, mint_key_other(MINT_P256), (struct mint_request){ .ca = true });
  X509 *child = issue("child", issuer, key, mint_key(MINT_P384), (struct mint_request){ .names = "a.example" });
  struct signature_memo *memo = signature_memo_new();
  for (int i = 0; i < 3; i++) {
    assert_true(signature_memo_verifies(memo, child, issuer));
    assert_false(signature_memo_verifies(memo, child, other));
    assert_true(signature_memo_verifies(NULL, child, issuer));
    assert_false(signature_memo_verifies(NULL, child, other));
  }
  signature_memo_free(&memo);
  signature_memo_free(&memo);
  X509_free(child);
  X509_free(issuer);
  X509_free(other);
}

static int tear_down(void **state) {
  (void)state;
  mint_forget();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_same_verdicts), cmocka_unit_test(test_one_signature) };
  return cmocka_run_group_tests(tests, NULL, tear_down);
}
