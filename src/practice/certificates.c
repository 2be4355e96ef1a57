#include "src/practice/certificates.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/clock.h"
#include "src/base/intl.h"
#include "src/base/mem.h"

enum { DAY = 86400 };

/* A certificate with its key. */
struct identity { X509 *x509; EVP_PKEY *key; };

struct certificates {
  struct identity root, intermediate, stranger; /* stranger: a root that nobody trusts */
  EVP_PKEY *weak;                               /* RSA 1024, made when first wanted */
  long serial;
};

/* What is to be made; times in days from now. */
struct wanted {
  const char *common_name, *host;   /* host null: an authority */
  int from_day, until_day;
  EVP_PKEY *key;                    /* null: a new P-256 key */
  const struct identity *issuer;    /* null: itself */
};

static bool add_extension(X509 *x509, int nid, const char *value) {
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
  bool good = extension && X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
  return good;
}

static bool add_extensions(X509 *x509, const struct wanted *wanted) {
  if (!wanted->host) return add_extension(x509, NID_basic_constraints, "critical,CA:TRUE") && add_extension(x509, NID_key_usage, "critical,keyCertSign,cRLSign");
  char *names = mem_printf("DNS:%s", wanted->host);
  bool good = add_extension(x509, NID_subject_alt_name, names) && add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
              add_extension(x509, NID_ext_key_usage, "serverAuth");
  free(names);
  return good;
}

static bool fill(struct certificates *c, X509 *x509, const struct wanted *wanted, EVP_PKEY *key) {
  time_t now = (time_t)(clock_wall_ms() / 1000);
  const struct identity *issuer = wanted->issuer;
  X509_NAME *name = X509_get_subject_name(x509);
  return X509_set_version(x509, 2) && ASN1_INTEGER_set(X509_get_serialNumber(x509), 4096 + ++c->serial) &&
         ASN1_TIME_adj(X509_getm_notBefore(x509), now, wanted->from_day, 0) && ASN1_TIME_adj(X509_getm_notAfter(x509), now, wanted->until_day, 0) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wanted->common_name, -1, -1, 0) &&
         X509_set_issuer_name(x509, issuer ? X509_get_subject_name(issuer->x509) : name) && X509_set_pubkey(x509, key) && add_extensions(x509, wanted) &&
         X509_sign(x509, issuer ? issuer->key : key, EVP_sha256()) > 0;
}

static void identity_free(struct identity *identity) {
  X509_free(identity->x509);
  EVP_PKEY_free(identity->key);
  *identity = (struct identity){ NULL, NULL };
}

static bool identity_make(struct certificates *c, const struct wanted *wanted, struct identity *out) {
  *out = (struct identity){ .x509 = X509_new(), .key = wanted->key };
  if (wanted->key) EVP_PKEY_up_ref(wanted->key);
  else out->key = EVP_EC_gen("P-256");
  if (out->x509 && out->key && fill(c, out->x509, wanted, out->key)) return true;
  identity_free(out);
  return false;
}

/* ---- the authorities ---- */

struct certificates *certificates_new(struct fault *fault) {
  struct certificates *c = mem_zalloc(1, sizeof *c);
  struct wanted root = { .common_name = "Practice estate root", .from_day = -400, .until_day = 3000 };
  struct wanted intermediate = { .common_name = "Practice estate authority", .from_day = -400, .until_day = 2000, .issuer = &c->root };
  struct wanted stranger = { .common_name = "Authority that nobody trusts", .from_day = -400, .until_day = 3000 };
  if (identity_make(c, &root, &c->root) && identity_make(c, &intermediate, &c->intermediate) && identity_make(c, &stranger, &c->stranger)) return c;
  fault_set(fault, _("OpenSSL could not make the practice estate's certificates"));
  certificates_free(&c);
  return NULL;
}

void certificates_free(struct certificates **certificates) {
  struct certificates *old = *certificates;
  if (!old) return;
  *certificates = NULL;
  identity_free(&old->root);
  identity_free(&old->intermediate);
  identity_free(&old->stranger);
  EVP_PKEY_free(old->weak);
  free(old);
}

void certificates_root_pem(const struct certificates *certificates, struct buf *out) {
  BIO *bio = BIO_new(BIO_s_mem());
  char *text = NULL;
  if (bio && PEM_write_bio_X509(bio, certificates->root.x509)) {
    long length = BIO_get_mem_data(bio, &text);
    buf_bytes(out, text, (size_t)length);
  }
  BIO_free(bio);
}

/* ---- servers ---- */

static bool make_leaf(struct certificates *c, const char *host, enum certificate_kind kind, struct identity *out) {
  struct wanted wanted = { .common_name = host, .host = host, .from_day = -30, .until_day = 335, .issuer = &c->intermediate };
  switch (kind) {
  case CERTIFICATE_EXPIRED: wanted.from_day = -400, wanted.until_day = -9; break;
  case CERTIFICATE_NOT_YET: wanted.from_day = 20; break;
  case CERTIFICATE_EXPIRES_SOON: wanted.until_day = 6; break;
  case CERTIFICATE_SELF_SIGNED: wanted.issuer = NULL; break;
  case CERTIFICATE_WRONG_NAME: wanted.common_name = wanted.host = "mail.another-host.example"; break;
  case CERTIFICATE_PRIVATE_CA: wanted.issuer = &c->stranger; break;
  case CERTIFICATE_RSA_1024:
    if (!c->weak) c->weak = EVP_RSA_gen(1024);
    wanted.key = c->weak;
    if (!c->weak) return false;
    break;
  case CERTIFICATE_GOOD: case CERTIFICATE_MISSING_INTERMEDIATE: break;
  }
  if (strlen(wanted.common_name) > 64) wanted.common_name = "Practice estate host"; /* the most that X.520 lets a common name have */
  return identity_make(c, &wanted, out);
}

static bool sends_intermediate(enum certificate_kind kind) {
  return kind != CERTIFICATE_SELF_SIGNED && kind != CERTIFICATE_MISSING_INTERMEDIATE && kind != CERTIFICATE_PRIVATE_CA;
}

SSL_CTX *certificates_server(struct certificates *certificates, const char *host, const struct tls_manner *manner) {
  struct identity leaf;
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context || !make_leaf(certificates, host, manner->certificate, &leaf)) {
    SSL_CTX_free(context);
    return NULL;
  }
  int least = manner->only_version ? manner->only_version : TLS1_2_VERSION;
  bool weak = manner->certificate == CERTIFICATE_RSA_1024 || (manner->only_version && manner->only_version < TLS1_2_VERSION);
  SSL_CTX_set_security_level(context, weak ? 0 : 1);
  bool good = (!weak || SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0")) && SSL_CTX_set_min_proto_version(context, least) &&
              SSL_CTX_set_max_proto_version(context, manner->only_version) && SSL_CTX_use_certificate(context, leaf.x509) &&
              SSL_CTX_use_PrivateKey(context, leaf.key) &&
              (!sends_intermediate(manner->certificate) || SSL_CTX_add1_chain_cert(context, certificates->intermediate.x509));
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  identity_free(&leaf);
  if (good) return context;
  SSL_CTX_free(context);
  return NULL;
}
