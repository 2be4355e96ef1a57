#include "tests/support/key_words.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "tests/support/mint.h"

enum { MOST_DER = 4096 };

static const char *option(const char *word, const char *name) {
  const char *at = strstr(word, name);
  return at ? at + strlen(name) : NULL;
}

static const char *base64(struct arena *arena, const unsigned char *der, size_t length) {
  unsigned char text[MOST_DER * 2];
  if (length > MOST_DER) abort();
  EVP_EncodeBlock(text, der, (int)length);
  return arena_strdup(arena, (const char *)text);
}

/* An odd number of so many bits that no library chose. */
static BIGNUM *plain_modulus(unsigned bits, bool other) {
  BIGNUM *modulus = BN_new();
  BN_one(modulus);
  BN_lshift(modulus, modulus, (int)bits - 1);
  BN_add_word(modulus, other ? 12345671 : 12345679);
  return modulus;
}

/* Of the form that the faulty library makes: modulo the product M of the primes to 167, a power of 65537. */
static BIGNUM *roca_modulus(unsigned bits) {
  BN_CTX *context = BN_CTX_new();
  BIGNUM *product = BN_new(), *modulus = BN_new(), *power = BN_new(), *base = BN_new();
  BN_one(product);
  for (unsigned n = 2; n <= 167; n++) {
    bool prime = true;
    for (unsigned d = 2; d * d <= n; d++) prime = prime && n % d;
    if (prime) BN_mul_word(product, n);
  }
  BN_set_word(base, 65537);
  BN_set_word(power, 41);
  BN_mod_exp(modulus, base, power, product, context);
  BN_one(power);
  BN_lshift(power, power, (int)bits - 1);
  BN_div(base, NULL, power, product, context);
  BN_add_word(base, 1);
  BN_mul(power, base, product, context);
  BN_add(modulus, modulus, power);
  BN_free(product);
  BN_free(power);
  BN_free(base);
  BN_CTX_free(context);
  return modulus;
}

static EVP_PKEY *rsa_key(const char *word, unsigned bits) {
  const char *exponent = option(word, ":e=");
  BIGNUM *e = BN_new(), *n = option(word, ":roca") ? roca_modulus(bits) : plain_modulus(bits, option(word, ":other") != NULL);
  if (option(word, ":even")) BN_sub_word(n, 1);
  BN_set_word(e, exponent ? strtoul(exponent, NULL, 10) : 65537);
  OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
  OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
  EVP_PKEY *key = NULL;
  if (EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) abort();
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(params);
  OSSL_PARAM_BLD_free(build);
  BN_free(n);
  BN_free(e);
  return key;
}

static const char *rsa_word(struct arena *arena, const char *word) {
  unsigned char *der = NULL;
  EVP_PKEY *key = rsa_key(word, (unsigned)strtoul(word + 4, NULL, 10));
  int length = option(word, ":bare") ? i2d_PublicKey(key, &der) : i2d_PUBKEY(key, &der);
  const char *text = base64(arena, der, (size_t)length), *cut = option(word, ":cut=");
  OPENSSL_free(der);
  EVP_PKEY_free(key);
  return cut ? arena_strndup(arena, text, strtoul(cut, NULL, 10)) : text;
}

static const char *ed25519_word(struct arena *arena, bool whole) {
  unsigned char seed[32] = { 7 }, raw[32], *der = NULL;
  size_t size = sizeof raw;
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
  EVP_PKEY_get_raw_public_key(key, raw, &size);
  int length = i2d_PUBKEY(key, &der);
  const char *text = whole ? base64(arena, der, (size_t)length) : base64(arena, raw, size);
  OPENSSL_free(der);
  EVP_PKEY_free(key);
  return text;
}

static const char *private_word(struct arena *arena) {
  unsigned char *der = NULL;
  int length = i2d_PrivateKey(mint_key(MINT_RSA1024), &der);
  const char *text = base64(arena, der, (size_t)length);
  OPENSSL_free(der);
  return text;
}

static const char *certificate_word(struct arena *arena) {
  unsigned char *der = NULL;
  X509 *x509 = mint(&(struct mint_request){ .common_name = "mail.example", .from = 0, .until = 4102444800000 });
  size_t length = mint_der(x509, &der);
  const char *text = base64(arena, der, length);
  OPENSSL_free(der);
  X509_free(x509);
  return text;
}

static const char *word_value(struct arena *arena, const char *word) {
  if (strncmp(word, "rsa:", 4) == 0) return rsa_word(arena, word);
  if (strcmp(word, "ed25519") == 0) return ed25519_word(arena, false);
  if (strcmp(word, "ed25519:spki") == 0) return ed25519_word(arena, true);
  if (strcmp(word, "private") == 0) return private_word(arena);
  return strcmp(word, "certificate") == 0 ? certificate_word(arena) : NULL;
}

const char *key_words_fill(struct arena *arena, const char *line) {
  struct buf out = BUF_INIT(1 << 20);
  for (const char *at = line; *at;) {
    const char *end = *at == '%' && is_lower(at[1]) ? strchr(at + 1, '%') : NULL;
    const char *value = end ? word_value(arena, arena_strndup(arena, at + 1, (size_t)(end - at - 1))) : NULL;
    if (value) buf_text(&out, value);
    else buf_char(&out, *at);
    at = value ? end + 1 : at + 1;
  }
  const char *filled = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return filled;
}
