#include "tests/support/mint.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static EVP_PKEY *kept[2][MINT_ED25519 + 1];
static long serials;

static void need(bool good, const char *what) {
  if (good) return;
  fprintf(stderr, "mint: %s failed\n", what);
  ERR_print_errors_fp(stderr);
  abort();
}

static EVP_PKEY *make(enum mint_key kind) {
  switch (kind) {
    case MINT_P256: return EVP_EC_gen("P-256");
    case MINT_P384: return EVP_EC_gen("P-384");
    case MINT_P192: return EVP_EC_gen("P-192");
    case MINT_RSA1024: return EVP_RSA_gen(1024);
    case MINT_RSA2048: return EVP_RSA_gen(2048);
    case MINT_ED25519: return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  }
  return NULL;
}

static EVP_PKEY *from(size_t set, enum mint_key kind) {
  if (!kept[set][kind]) kept[set][kind] = make(kind);
  need(kept[set][kind] != NULL, "key");
  return kept[set][kind];
}

EVP_PKEY *mint_key(enum mint_key kind) { return from(0, kind); }
EVP_PKEY *mint_key_other(enum mint_key kind) { return from(1, kind); }

void mint_forget(void) {
  for (size_t set = 0; set < 2; set++)
    for (size_t i = 0; i <= MINT_ED25519; i++) {
      EVP_PKEY_free(kept[set][i]);
      kept[set][i] = NULL;
    }
}

static void add_extension(X509 *x509, int nid, const char *value) {
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
  need(extension && X509_add_ext(x509, extension, -1), value);
  X509_EXTENSION_free(extension);
}

static void push_name(GENERAL_NAMES *names, const void *bytes, size_t length) {
  GENERAL_NAME *name = GENERAL_NAME_new();
  ASN1_IA5STRING *string = ASN1_IA5STRING_new();
  need(name && string && ASN1_STRING_set(string, bytes, (int)length), "name");
  GENERAL_NAME_set0_value(name, GEN_DNS, string);
  need(sk_GENERAL_NAME_push(names, name) > 0, "names");
}

static void add_names(X509 *x509, const struct mint_request *request) {
  if (!request->names && !request->raw_name) return;
  GENERAL_NAMES *names = GENERAL_NAMES_new();
  for (const char *at = request->names ? request->names : ""; *at;) {
    size_t length = strcspn(at, " ");
    if (length) push_name(names, at, length);
    at += length + (at[length] == ' ');
  }
  if (request->raw_name) push_name(names, request->raw_name, request->raw_name_length);
  need(X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, 0) == 1, "subjectAltName");
  GENERAL_NAMES_free(names);
}

static void add_unknown(X509 *x509) {
  ASN1_OBJECT *object = OBJ_txt2obj("1.2.826.0.1.3344810.99", 1);
  ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
  need(object && value && ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x05\x00", 2), "extension");
  X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
  need(extension && X509_add_ext(x509, extension, -1), "extension");
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(value);
  ASN1_OBJECT_free(object);
}

static void add_extensions(X509 *x509, const struct mint_request *request) {
  char text[64];
  if (request->ca && request->path_length) {
    snprintf(text, sizeof text, "critical,CA:TRUE,pathlen:%d", request->path_length - 1);
    add_extension(x509, NID_basic_constraints, text);
  } else if (!request->no_constraints) {
    add_extension(x509, NID_basic_constraints, request->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  }
  add_names(x509, request);
  if (request->key_usage) add_extension(x509, NID_key_usage, request->key_usage);
  if (request->extended_usage) add_extension(x509, NID_ext_key_usage, request->extended_usage);
  if (request->name_constraints) add_extension(x509, NID_name_constraints, request->name_constraints);
  if (request->must_staple) add_extension(x509, NID_tlsfeature, "status_request");
  if (request->critical_unknown) add_unknown(x509);
}

static void set_times(X509 *x509, const struct mint_request *request) {
  need(ASN1_TIME_adj(X509_getm_notBefore(x509), (time_t)(request->from / 1000), 0, 0) != NULL, "notBefore");
  need(ASN1_TIME_adj(X509_getm_notAfter(x509), (time_t)(request->until / 1000), 0, 0) != NULL, "notAfter");
}

static X509 *broken(X509 *x509) {
  unsigned char *der = NULL;
  int length = i2d_X509(x509, &der);
  need(length > 8, "DER");
  der[length - 3] ^= 0x55; /* inside the signature's last number */
  const unsigned char *at = der;
  X509 *other = d2i_X509(NULL, &at, length);
  need(other != NULL, "broken signature");
  OPENSSL_free(der);
  X509_free(x509);
  return other;
}

X509 *mint(const struct mint_request *request) {
  X509 *x509 = X509_new();
  EVP_PKEY *key = request->key ? request->key : mint_key(MINT_P256);
  need(x509 && X509_set_version(x509, request->version1 ? 0 : 2) && ASN1_INTEGER_set(X509_get_serialNumber(x509), 1000 + ++serials), "certificate");
  set_times(x509, request);
  X509_NAME *name = X509_get_subject_name(x509);
  if (request->common_name)
    need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)request->common_name, -1, -1, 0) == 1, "CN");
  X509_set_issuer_name(x509, request->issuer ? X509_get_subject_name(request->issuer) : name);
  X509_set_pubkey(x509, key);
  if (!request->version1) add_extensions(x509, request);
  EVP_PKEY *signer = request->issuer_key ? request->issuer_key : key;
  const EVP_MD *hash = EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? NULL : EVP_get_digestbyname(request->hash ? request->hash : "SHA256");
  need(X509_sign(x509, signer, hash) > 0, "signing");
  return request->break_signature ? broken(x509) : x509;
}

size_t mint_der(const X509 *certificate, unsigned char **out) {
  *out = NULL;
  int length = i2d_X509(certificate, out);
  need(length > 0, "DER");
  return (size_t)length;
}
