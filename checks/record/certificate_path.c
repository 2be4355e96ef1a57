#include "checks/record/certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include "checks/record/certificate_x509.h"

bool certificate_names_issuer(const struct certificate *child, const struct certificate *issuer) {
  X509 *below = certificate_x509(child), *above = certificate_x509(issuer);
  bool fits = false;
  if (below && above) {
    int code = X509_check_issued(above, below);
    fits = code == X509_V_OK || code == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
  }
  X509_free(below);
  X509_free(above);
  ERR_clear_error();
  return fits;
}

static bool verifies(const struct certificate *child, EVP_PKEY *key) {
  X509 *below = certificate_x509(child);
  bool good = below && key && X509_verify(below, key) == 1;
  X509_free(below);
  ERR_clear_error();
  return good;
}

bool certificate_signed_by_key(const struct certificate *child, const uint8_t *spki, size_t length) {
  if (!spki || length == 0 || length > CERTIFICATE_DER_MOST) return false;
  const unsigned char *at = spki;
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
  bool good = verifies(child, key);
  EVP_PKEY_free(key);
  ERR_clear_error();
  return good;
}

bool certificate_signed_by(const struct certificate *child, const struct certificate *issuer) {
  return certificate_signed_by_key(child, issuer->spki, issuer->spki_length);
}

/* The issuer of `child` among those not used yet: one whose key verifies, else one that only bears the name. */
static const struct certificate *issuer_among(const struct certificate *const *chain, const bool *used, size_t count, const struct certificate *child,
                                              size_t *out_at, bool *out_verified) {
  const struct certificate *named = NULL;
  for (size_t i = 0; i < count; i++) {
    if (used[i] || !certificate_names_issuer(child, chain[i])) continue;
    bool verified = certificate_signed_by(child, chain[i]);
    if (named && !verified) continue;
    named = chain[i];
    *out_at = i;
    *out_verified = verified;
    if (verified) break;
  }
  return named;
}

void certificate_path(const struct certificate *const *chain, size_t count, struct certificate_path *out) {
  memset(out, 0, sizeof *out);
  out->in_order = out->signatures_good = true;
  if (count == 0) return;
  if (count > CERTIFICATE_CHAIN_MOST) count = CERTIFICATE_CHAIN_MOST;
  bool used[CERTIFICATE_CHAIN_MOST] = { true };
  out->steps[out->length++] = chain[0];
  for (const struct certificate *child = chain[0]; !child->self_signed && out->length < count;) {
    size_t at = 0;
    bool verified = false;
    const struct certificate *issuer = issuer_among(chain, used, count, child, &at, &verified);
    if (!issuer) break;
    if (!verified && out->signatures_good) {
      out->signatures_good = false;
      out->bad_signature_at = out->length - 1;
    }
    if (at != out->length) out->in_order = false;
    used[at] = true;
    out->steps[out->length++] = child = issuer;
  }
  out->ends_self_signed = out->steps[out->length - 1]->self_signed;
  out->unneeded = count - out->length;
}
