#ifndef SUPPORT_MINT_H
#define SUPPORT_MINT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

/* Keys and certificates made at run time, right and wrong ones, for tests. What goes wrong here is a broken test and aborts. */

enum mint_key { MINT_P256, MINT_P384, MINT_P192, MINT_RSA1024, MINT_RSA2048, MINT_ED25519 };

EVP_PKEY *mint_key(enum mint_key kind); /* one per kind and process, made when first wanted; borrowed */
EVP_PKEY *mint_key_other(enum mint_key kind); /* a second, different one */
void mint_forget(void);                 /* frees them: at the end of a test */

struct mint_request {
  const char *common_name;               /* null: no CN */
  const char *names;                     /* dNSNames, separated by spaces; null: no SAN */
  const unsigned char *raw_name; size_t raw_name_length; /* one more dNSName, any bytes */
  int64_t from, until;                   /* wall ms */
  EVP_PKEY *key;                         /* null: P-256 */
  const char *hash;                      /* null: SHA256 */
  X509 *issuer; EVP_PKEY *issuer_key;    /* null: signed by itself */
  bool ca, no_constraints;
  int path_length;                       /* 0 with ca: none given; n: n - 1 */
  const char *key_usage, *extended_usage; /* in the words of openssl; null: none */
  const char *name_constraints;          /* "permitted;DNS:example.org"; null: none */
  bool must_staple, critical_unknown, break_signature;
  bool version1;                         /* as X.509 of 1988 had it: no extensions at all */
};

X509 *mint(const struct mint_request *request);               /* the caller frees */
size_t mint_der(const X509 *certificate, unsigned char **out); /* the caller frees with OPENSSL_free */
#endif
