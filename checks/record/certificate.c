#include "checks/record/certificate.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>
#include "checks/record/certificate_x509.h"
#include "src/base/buf.h"
#include "src/base/ctype.h"
#include "src/base/text.h"

enum { NAME_MOST = 1024, LINE_MOST = 2048, TLS_FEATURE_STATUS_REQUEST = 5 };

X509 *certificate_x509(const struct certificate *certificate) {
  const unsigned char *at = certificate->der;
  return d2i_X509(NULL, &at, (long)certificate->der_length);
}

/* Printable ASCII but the backslash stays; all else becomes \DDD, the way of names in DNS. */
static const char *name_text(struct arena *arena, const ASN1_STRING *string, bool lower) {
  const unsigned char *bytes = ASN1_STRING_get0_data(string);
  int length = ASN1_STRING_length(string);
  struct buf out = BUF_INIT(NAME_MOST * 4);
  for (int i = 0; i < length && i < NAME_MOST; i++) {
    char c = (char)bytes[i];
    if (c > 0x20 && c < 0x7f && c != '\\') buf_char(&out, lower ? to_lower(c) : c);
    else if (c == ' ' && !lower) buf_char(&out, c);
    else buf_printf(&out, "\\%03u", bytes[i]);
  }
  if (length > NAME_MOST) buf_text(&out, "\\...");
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static const char *line_text(struct arena *arena, const X509_NAME *name) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (!bio) return "";
  unsigned long flags = (XN_FLAG_ONELINE | ASN1_STRFLGS_UTF8_CONVERT) & ~(unsigned long)(ASN1_STRFLGS_ESC_MSB | XN_FLAG_SPC_EQ);
  X509_NAME_print_ex(bio, name, 0, flags);
  char *bytes = NULL;
  long length = BIO_get_mem_data(bio, &bytes);
  const char *text = length > 0 ? text_safe_copy(arena, bytes, length > LINE_MOST ? LINE_MOST : (size_t)length) : "";
  BIO_free(bio);
  return text;
}

static const char *common_name(struct arena *arena, const X509_NAME *name) {
  int last = -1;
  for (int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1); at >= 0; at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) last = at;
  if (last < 0) return "";
  const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last));
  int type = ASN1_STRING_type(value);
  if (type != V_ASN1_BMPSTRING && type != V_ASN1_UNIVERSALSTRING) return name_text(arena, value, false);
  unsigned char *utf8 = NULL;
  int length = ASN1_STRING_to_UTF8(&utf8, value);
  if (length < 0) return "";
  ASN1_STRING *plain = ASN1_STRING_type_new(V_ASN1_UTF8STRING);
  const char *text = plain && ASN1_STRING_set(plain, utf8, length) ? name_text(arena, plain, false) : "";
  ASN1_STRING_free(plain);
  OPENSSL_free(utf8);
  return text;
}

static void read_names(struct arena *arena, struct certificate *out, X509 *x509) {
  GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
  out->has_san = X509_get_ext_by_NID(x509, NID_subject_alt_name, -1) >= 0;
  if (!names) return;
  int count = sk_GENERAL_NAME_num(names);
  const char **list = ARENA_ARRAY(arena, const char *, (size_t)count + 1);
  for (int i = 0; i < count; i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) list[out->name_count++] = name_text(arena, name->d.dNSName, true);
  }
  out->names = list;
  GENERAL_NAMES_free(names);
}

static int64_t time_ms(const ASN1_TIME *time) {
  struct tm tm;
  memset(&tm, 0, sizeof tm);
  if (!time || !ASN1_TIME_to_tm(time, &tm)) return 0;
  return (int64_t)timegm(&tm) * 1000;
}

static const char *serial_text(struct arena *arena, const ASN1_INTEGER *serial) {
  struct buf out = BUF_INIT(256);
  const unsigned char *bytes = ASN1_STRING_get0_data(serial);
  int length = ASN1_STRING_length(serial);
  for (int i = 0; i < length && i < 64; i++) buf_printf(&out, "%02x", bytes[i]);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static enum certificate_key key_type(int id) {
  switch (id) {
    case EVP_PKEY_RSA: case EVP_PKEY_RSA_PSS: return CERTIFICATE_KEY_RSA;
    case EVP_PKEY_EC: return CERTIFICATE_KEY_EC;
    case EVP_PKEY_ED25519: return CERTIFICATE_KEY_ED25519;
    case EVP_PKEY_ED448: return CERTIFICATE_KEY_ED448;
    case EVP_PKEY_DSA: return CERTIFICATE_KEY_DSA;
    default: return CERTIFICATE_KEY_OTHER;
  }
}

static void read_key(struct arena *arena, struct certificate *out, X509 *x509) {
  out->curve = "";
  EVP_PKEY *key = X509_get0_pubkey(x509);
  if (!key) return;
  out->key = key_type(EVP_PKEY_get_base_id(key));
  int bits = EVP_PKEY_get_bits(key);
  out->key_bits = bits > 0 ? (unsigned)bits : 0;
  char group[64] = "";
  if (out->key != CERTIFICATE_KEY_EC || EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1) return;
  int nid = OBJ_txt2nid(group);
  const char *nist = nid == NID_undef ? NULL : EC_curve_nid2nist(nid);
  out->curve = arena_strdup(arena, nist ? nist : group);
}

static void read_signature(struct arena *arena, struct certificate *out, X509 *x509) {
  int hash = NID_undef;
  char name[80] = "";
  const X509_ALGOR *algorithm = X509_get0_tbs_sigalg(x509);
  const ASN1_OBJECT *object = NULL;
  X509_ALGOR_get0(&object, NULL, NULL, algorithm);
  OBJ_obj2txt(name, sizeof name, object, 0);
  out->signature = text_safe_copy(arena, name, strlen(name));
  X509_get_signature_info(x509, &hash, NULL, NULL, NULL);
  const char *text = hash == NID_undef ? NULL : OBJ_nid2sn(hash);
  out->signature_hash = text ? arena_strdup(arena, text) : "";
}

static bool has_status_request(X509 *x509) {
  STACK_OF(ASN1_INTEGER) *features = X509_get_ext_d2i(x509, NID_tlsfeature, NULL, NULL);
  bool there = false;
  for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
    if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == TLS_FEATURE_STATUS_REQUEST) there = true;
  sk_ASN1_INTEGER_pop_free(features, ASN1_INTEGER_free);
  return there;
}

static void read_usage(struct certificate *out, X509 *x509) {
  uint32_t flags = X509_get_extension_flags(x509);
  out->is_ca = X509_check_ca(x509) == 1;
  out->path_length = (int)X509_get_pathlen(x509);
  out->has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
  out->key_usage = out->has_key_usage ? (unsigned)X509_get_key_usage(x509) : 0;
  out->has_extended_usage = (flags & EXFLAG_XKUSAGE) != 0;
  uint32_t extended = out->has_extended_usage ? X509_get_extended_key_usage(x509) : 0;
  out->server_auth = (extended & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0;
  out->must_staple = has_status_request(x509);
  out->unknown_critical = (flags & EXFLAG_CRITICAL) != 0;
}

static void read_digests(struct arena *arena, struct certificate *out, X509 *x509) {
  SHA256(out->der, out->der_length, out->sha256);
  SHA512(out->der, out->der_length, out->sha512);
  unsigned char *spki = NULL;
  int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &spki);
  if (length <= 0) return;
  out->spki = arena_memdup(arena, spki, (size_t)length);
  out->spki_length = (size_t)length;
  SHA256(out->spki, out->spki_length, out->spki_sha256);
  SHA512(out->spki, out->spki_length, out->spki_sha512);
  OPENSSL_free(spki);
}

static bool signs_itself(X509 *x509) {
  if (X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0) return false;
  EVP_PKEY *key = X509_get0_pubkey(x509);
  return key && X509_verify(x509, key) == 1;
}

static const struct certificate *describe(struct arena *arena, X509 *x509, const void *der, size_t length) {
  struct certificate *out = ARENA_NEW(arena, struct certificate);
  out->der_length = length;
  out->der = arena_memdup(arena, der, length);
  out->subject = line_text(arena, X509_get_subject_name(x509));
  out->issuer = line_text(arena, X509_get_issuer_name(x509));
  out->common_name = common_name(arena, X509_get_subject_name(x509));
  out->serial = serial_text(arena, X509_get0_serialNumber(x509));
  out->not_before = time_ms(X509_get0_notBefore(x509));
  out->not_after = time_ms(X509_get0_notAfter(x509));
  read_names(arena, out, x509);
  read_key(arena, out, x509);
  read_signature(arena, out, x509);
  read_usage(out, x509);
  read_digests(arena, out, x509);
  out->self_signed = signs_itself(x509);
  ERR_clear_error();
  return out;
}

const struct certificate *certificate_read(struct arena *arena, const void *der, size_t length) {
  if (length == 0 || length > CERTIFICATE_DER_MOST) return NULL;
  const unsigned char *at = der;
  X509 *x509 = d2i_X509(NULL, &at, (long)length);
  ERR_clear_error();
  const struct certificate *out = x509 ? describe(arena, x509, der, (size_t)(at - (const unsigned char *)der)) : NULL;
  X509_free(x509);
  return out;
}

const struct certificate *certificate_of_x509(struct arena *arena, X509 *x509) {
  unsigned char *der = NULL;
  int length = i2d_X509(x509, &der);
  const struct certificate *out = length > 0 && (size_t)length <= CERTIFICATE_DER_MOST ? describe(arena, x509, der, (size_t)length) : NULL;
  OPENSSL_free(der);
  return out;
}

const char *certificate_key_text(struct arena *arena, const struct certificate *certificate) {
  switch (certificate->key) {
    case CERTIFICATE_KEY_RSA: return arena_printf(arena, "RSA %u", certificate->key_bits);
    case CERTIFICATE_KEY_EC: return arena_printf(arena, "EC %s", *certificate->curve ? certificate->curve : "?");
    case CERTIFICATE_KEY_ED25519: return "Ed25519";
    case CERTIFICATE_KEY_ED448: return "Ed448";
    case CERTIFICATE_KEY_DSA: return arena_printf(arena, "DSA %u", certificate->key_bits);
    case CERTIFICATE_KEY_OTHER: break;
  }
  return "?";
}

bool certificate_same(const struct certificate *a, const struct certificate *b) { return memcmp(a->sha256, b->sha256, sizeof a->sha256) == 0; }

bool certificate_has_weak_key(const struct certificate *c) {
  enum { RSA_LEAST = 2048, EC_LEAST = 256 };
  if (c->key == CERTIFICATE_KEY_RSA) return c->key_bits < RSA_LEAST;
  if (c->key == CERTIFICATE_KEY_EC) return c->key_bits < EC_LEAST;
  return c->key == CERTIFICATE_KEY_DSA;
}

bool certificate_has_weak_signature(const struct certificate *c) {
  return strcmp(c->signature_hash, "SHA1") == 0 || strstr(c->signature_hash, "MD5") || strstr(c->signature_hash, "MD2");
}
