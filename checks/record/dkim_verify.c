#include "checks/record/dkim_verify.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "checks/record/dkim_canon.h"

/* ---- keys ---- */

static enum dkim_outcome judge_key(const struct dkim_signature *signature, const struct dkim_record *key) {
  bool rsa = signature->algorithm != DKIM_ED25519_SHA256;
  if (key->discarded) return DKIM_OUTCOME_KEY_UNUSABLE;
  if (key->key == DKIM_KEY_REVOKED) return DKIM_OUTCOME_KEY_REVOKED;
  if (key->h && !dkim_list_has(key->h, signature->algorithm == DKIM_RSA_SHA1 ? "sha1" : "sha256")) return DKIM_OUTCOME_KEY_HASH;
  if (key->s && !dkim_list_has(key->s, "*") && !dkim_list_has(key->s, "email")) return DKIM_OUTCOME_KEY_SERVICE;
  if (key->key != DKIM_KEY_GOOD) return DKIM_OUTCOME_KEY_UNUSABLE;
  if (key->declared != (rsa ? DKIM_RSA : DKIM_ED25519) || key->actual != key->declared) return DKIM_OUTCOME_KEY_TYPE;
  if (key->strict && strcmp(signature->identity_domain, signature->domain) != 0) return DKIM_OUTCOME_KEY_STRICT;
  return rsa && key->bits < 1024 ? DKIM_OUTCOME_KEY_SHORT : DKIM_HOLDS;
}

static EVP_PKEY *read_key(const struct dkim_record *key) {
  unsigned char octets[DKIM_LONGEST_KEY];
  const unsigned char *at = octets;
  size_t length;
  if (!dkim_key_octets(key, octets, &length)) return NULL;
  if (key->actual == DKIM_ED25519) return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, octets, length);
  return key->bare_rsa ? d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)length) : d2i_PUBKEY(NULL, &at, (long)length);
}

/* ---- signatures ---- */

/* RFC 8463 section 3: PureEdDSA over the SHA-256 of the header. */
static enum dkim_outcome verify_ed25519(EVP_PKEY *key, const struct dkim_signature *signature, const struct dkim_digest *digest) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
              EVP_DigestVerify(context, signature->signature, signature->signature_length, digest->octets, digest->length) == 1;
  EVP_MD_CTX_free(context);
  return good ? DKIM_HOLDS : DKIM_NOT_BY_KEY;
}

/* A context of the key for the signature's padding and hash (RFC 6376 section 3.3). Null: the library refused. */
static EVP_PKEY_CTX *rsa_context(EVP_PKEY *key, const struct dkim_signature *signature, int (*init)(EVP_PKEY_CTX *)) {
  const EVP_MD *hash = signature->algorithm == DKIM_RSA_SHA1 ? EVP_sha1() : EVP_sha256();
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  if (context && init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 && EVP_PKEY_CTX_set_signature_md(context, hash) == 1) return context;
  EVP_PKEY_CTX_free(context);
  return NULL;
}

/* What the key takes out of the signature says whether it made it. */
static enum dkim_outcome explain_rsa(EVP_PKEY *key, const struct dkim_signature *signature) {
  unsigned char recovered[DKIM_LONGEST_KEY];
  size_t length = sizeof recovered;
  EVP_PKEY_CTX *context = rsa_context(key, signature, EVP_PKEY_verify_recover_init);
  bool made = context && EVP_PKEY_get_size(key) <= DKIM_LONGEST_KEY &&
              EVP_PKEY_verify_recover(context, recovered, &length, signature->signature, signature->signature_length) == 1;
  EVP_PKEY_CTX_free(context);
  return made ? DKIM_HEADER_CHANGED : DKIM_NOT_BY_KEY;
}

static enum dkim_outcome verify_rsa(EVP_PKEY *key, const struct dkim_signature *signature, const struct dkim_digest *digest) {
  EVP_PKEY_CTX *context = rsa_context(key, signature, EVP_PKEY_verify_init);
  bool good = context && EVP_PKEY_verify(context, signature->signature, signature->signature_length, digest->octets, digest->length) == 1;
  EVP_PKEY_CTX_free(context);
  return good ? DKIM_HOLDS : explain_rsa(key, signature);
}

static enum dkim_outcome judge_body(const struct message *message, const struct dkim_signature *signature) {
  struct dkim_body body;
  if (!dkim_hash_body(message, signature, &body)) return DKIM_BODY_CHANGED;
  if (signature->partial && signature->octets > body.octets) return DKIM_BODY_CUT;
  if (body.digest.length == signature->body_hash_length && memcmp(body.digest.octets, signature->body_hash, body.digest.length) == 0) return DKIM_HOLDS;
  return body.lengthened ? DKIM_BODY_LENGTHENED : DKIM_BODY_CHANGED;
}

enum dkim_outcome dkim_verify(const struct message *message, const struct dkim_signature *signature, const struct dkim_record *record) {
  struct dkim_digest digest;
  if (signature->fault != DKIM_SIGNATURE_GOOD) return DKIM_SIGNATURE_FAULTY;
  enum dkim_outcome outcome = judge_key(signature, record);
  if (outcome == DKIM_HOLDS) outcome = judge_body(message, signature);
  if (outcome != DKIM_HOLDS) return outcome;
  EVP_PKEY *key = read_key(record);
  if (!key || !dkim_hash_header(message, signature, &digest)) outcome = DKIM_OUTCOME_KEY_UNUSABLE;
  else outcome = signature->algorithm == DKIM_ED25519_SHA256 ? verify_ed25519(key, signature, &digest) : verify_rsa(key, signature, &digest);
  EVP_PKEY_free(key);
  ERR_clear_error();
  return outcome == DKIM_HOLDS && signature->algorithm == DKIM_RSA_SHA1 ? DKIM_HOLDS_WITH_SHA1 : outcome;
}
