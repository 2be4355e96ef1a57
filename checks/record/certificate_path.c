#include "checks/record/certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include "checks/record/certificate_x509.h"

static bool names_issuer(X509 *child, X509 *issuer) {
  if (!child || !issuer) return false;
  int code = X509_check_issued(issuer, child);
  return code == X509_V_OK || code == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

static bool key_verifies(X509 *child, EVP_PKEY *key) { return child && key && X509_verify(child, key) == 1; }

bool certificate_signed_by_key(const struct certificate *child, const uint8_t *spki, size_t length) {
  if (!spki || length == 0 || length > CERTIFICATE_DER_MOST) return false;
  const unsigned char *at = spki;
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
  X509 *below = certificate_x509(child);
  bool good = key_verifies(below, key);
  X509_free(below);
  EVP_PKEY_free(key);
  ERR_clear_error();
  return good;
}

bool certificate_signed_by(const struct certificate *child, const struct certificate *issuer) {
  return certificate_signed_by_key(child, issuer->spki, issuer->spki_length);
}

static bool verifies_here(void *context, X509 *child, X509 *issuer) {
  (void)context;
  return key_verifies(child, X509_get0_pubkey(issuer));
}

/* A chain as sent, each certificate in the library's form too. */
struct sent {
  X509 *const *x509;
  bool (*verifies)(void *context, X509 *child, X509 *issuer);
  void *context;
  bool used[CERTIFICATE_CHAIN_MOST];
  size_t count;
};

/* The issuer of the one at `child` among those not used yet: one whose key verifies, else one that only bears the name; `count`: none. */
static size_t issuer_of(const struct sent *sent, size_t child, bool *out_verified) {
  size_t named = sent->count;
  for (size_t i = 0; i < sent->count; i++) {
    if (sent->used[i] || !names_issuer(sent->x509[child], sent->x509[i])) continue;
    bool verified = sent->verifies(sent->context, sent->x509[child], sent->x509[i]);
    if (named < sent->count && !verified) continue;
    named = i;
    *out_verified = verified;
    if (verified) break;
  }
  return named;
}

static void follow(const struct certificate *const *chain, struct sent *sent, struct certificate_path *out) {
  for (size_t child = 0; !chain[child]->self_signed && out->length < sent->count;) {
    bool verified = false;
    size_t at = issuer_of(sent, child, &verified);
    if (at == sent->count) break;
    if (!verified && out->signatures_good) {
      out->signatures_good = false;
      out->bad_signature_at = out->length - 1;
    }
    if (at != out->length) out->in_order = false;
    sent->used[at] = true;
    out->steps[out->length++] = chain[at];
    child = at;
  }
}

void certificate_path_x509(const struct certificate *const *chain, X509 *const *x509, size_t count, bool (*verifies)(void *context, X509 *child, X509 *issuer), void *context,
                           struct certificate_path *out) {
  memset(out, 0, sizeof *out);
  out->in_order = out->signatures_good = true;
  if (count == 0) return;
  struct sent sent = { .x509 = x509, .verifies = verifies ? verifies : verifies_here, .context = context, .used = { true },
                       .count = count > CERTIFICATE_CHAIN_MOST ? CERTIFICATE_CHAIN_MOST : count };
  out->steps[out->length++] = chain[0];
  follow(chain, &sent, out);
  ERR_clear_error();
  out->ends_self_signed = out->steps[out->length - 1]->self_signed;
  out->unneeded = sent.count - out->length;
}

void certificate_path(const struct certificate *const *chain, size_t count, struct certificate_path *out) {
  X509 *x509[CERTIFICATE_CHAIN_MOST] = { NULL };
  if (count > CERTIFICATE_CHAIN_MOST) count = CERTIFICATE_CHAIN_MOST;
  bool alone = count < 2 || chain[0]->self_signed; /* nothing to be verified */
  for (size_t i = 0; i < count && !alone; i++) x509[i] = certificate_x509(chain[i]);
  certificate_path_x509(chain, x509, count, NULL, NULL, out);
  for (size_t i = 0; i < count; i++) X509_free(x509[i]);
}

bool certificate_path_may_issue(const struct certificate_path *path, size_t step) {
  const struct certificate *c = path->steps[step];
  return c->is_ca && (c->path_length < 0 || step - 1 <= (size_t)c->path_length);
}
