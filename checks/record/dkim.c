#include "checks/record/dkim.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { LONGEST_KEY = 8192 };

static const char *value_of(const struct taglist *tags, const char *name) {
  const struct tag *tag = taglist_find(tags, name);
  return tag ? tag->value : NULL;
}

bool dkim_looks_like_key(const char *text) {
  while (is_space(*text) || *text == '"') text++;
  return text_starts(text, "v=DKIM") || text_starts(text, "k=rsa") || text_starts(text, "k=ed25519") || text_starts(text, "p=");
}

static bool list_has(const char *list, const char *word) {
  size_t length = strlen(word);
  while (list && *list) {
    while (is_space(*list) || *list == ':') list++;
    size_t size = strcspn(list, ": \t\r\n");
    if (size == length && text_equal_n(list, word, size)) return true;
    list += size;
  }
  return false;
}

/* ---- base64 ---- */

static bool is_base64(const char *text, size_t length) {
  size_t padding = 0;
  if (length == 0 || length % 4) return false;
  while (padding < 2 && text[length - 1 - padding] == '=') padding++;
  for (size_t i = 0; i < length - padding; i++)
    if (!is_alnum(text[i]) && text[i] != '+' && text[i] != '/') return false;
  return true;
}

/* Folding white space inside p does not count. */
static size_t squeeze(const char *from, char out[LONGEST_KEY]) {
  size_t length = 0;
  for (; *from && length + 1 < LONGEST_KEY; from++)
    if (!is_space(*from)) out[length++] = *from;
  out[length] = '\0';
  return length;
}

/* ---- keys ---- */

/* DER says how long it is: more than there is means that the value was cut. */
static bool der_is_cut(const unsigned char *der, size_t length) {
  if (length < 4 || der[0] != 0x30) return false;
  size_t size = der[1], head = 2;
  if (der[1] & 0x80) {
    size_t bytes = der[1] & 0x7f;
    if (bytes == 0 || bytes > 3 || length < 2 + bytes) return false;
    size = 0;
    for (size_t i = 0; i < bytes; i++) size = size << 8 | der[2 + i];
    head = 2 + bytes;
  }
  return head + size > length;
}

static void judge_exponent(struct dkim_record *record, EVP_PKEY *key) {
  BIGNUM *exponent = NULL, *modulus = NULL;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1) {
    record->bad_exponent = !BN_is_odd(exponent) || BN_is_one(exponent) || !BN_is_odd(modulus);
    record->small_exponent = BN_is_word(exponent, 3);
  }
  BN_free(exponent);
  BN_free(modulus);
}

static EVP_PKEY *bare_rsa(const unsigned char *der, size_t length) {
  const unsigned char *at = der;
  EVP_PKEY *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)length);
  return key;
}

static bool is_private(const unsigned char *der, size_t length) {
  const unsigned char *at = der;
  EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)length);
  EVP_PKEY_free(key);
  return key != NULL;
}

static bool is_certificate(const unsigned char *der, size_t length) {
  const unsigned char *at = der;
  X509 *certificate = d2i_X509(NULL, &at, (long)length);
  X509_free(certificate);
  return certificate != NULL;
}

static void read_key(struct dkim_record *record, const unsigned char *der, size_t length) {
  const unsigned char *at = der;
  if (record->declared == DKIM_ED25519 && length == 32) {
    record->actual = DKIM_ED25519;
    record->bits = 256;
    return;
  }
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
  if (!key) {
    key = bare_rsa(der, length);
    record->bare_rsa = key != NULL;
  }
  if (!key) {
    record->key = der_is_cut(der, length) ? DKIM_KEY_TRUNCATED : is_private(der, length) ? DKIM_KEY_PRIVATE : is_certificate(der, length) ? DKIM_KEY_PEM
                  : record->declared == DKIM_ED25519 ? DKIM_KEY_ED25519_LENGTH : DKIM_KEY_UNDECODABLE;
    ERR_clear_error();
    return;
  }
  int type = EVP_PKEY_get_base_id(key);
  record->actual = type == EVP_PKEY_RSA ? DKIM_RSA : type == EVP_PKEY_ED25519 ? DKIM_ED25519 : DKIM_OTHER;
  record->bits = (unsigned)EVP_PKEY_get_bits(key);
  if (record->actual == DKIM_RSA) judge_exponent(record, key);
  if (record->declared == DKIM_ED25519 && record->actual == DKIM_ED25519) record->key = DKIM_KEY_ED25519_LENGTH;
  EVP_PKEY_free(key);
  ERR_clear_error();
}

static void decode_key(struct dkim_record *record) {
  char text[LONGEST_KEY];
  unsigned char der[LONGEST_KEY];
  if (!record->p) {
    record->key = DKIM_KEY_MISSING;
    return;
  }
  size_t length = squeeze(record->p, text);
  if (length == 0) record->key = DKIM_KEY_REVOKED;
  else if (strchr(text, '"')) record->key = DKIM_KEY_QUOTED;
  else if (strstr(text, "-----BEGIN")) record->key = strstr(text, "PRIVATE") ? DKIM_KEY_PRIVATE : DKIM_KEY_PEM;
  else if (!is_base64(text, length)) record->key = DKIM_KEY_BAD_BASE64;
  if (record->key != DKIM_KEY_GOOD) return;
  int size = EVP_DecodeBlock(der, (const unsigned char *)text, (int)length);
  if (size < 0) {
    record->key = DKIM_KEY_BAD_BASE64;
    return;
  }
  for (size_t i = length; i > 0 && text[i - 1] == '='; i--) size--;
  read_key(record, der, (size_t)size);
}

/* ---- records ---- */

static void read_version(struct dkim_record *record) {
  for (size_t i = 0; i < record->tags->count; i++) {
    const struct tag *tag = &record->tags->tags[i];
    if (tag->duplicate) record->duplicate = true;
    if (!tag->has_equals || !*tag->name) record->syntax_error = true;
    for (const char *c = tag->name; *c; c++) record->syntax_error |= !is_alnum(*c) && *c != '_';
    for (const char *c = tag->value; *c; c++) record->syntax_error |= !is_print(*c) && !is_space(*c);
    if (strcmp(tag->name, "v") == 0 && !record->version) {
      record->version = tag->value;
      record->version_first = i == 0;
    }
  }
  record->version_valid = !record->version || strcmp(record->version, "DKIM1") == 0;
}

struct dkim_record *dkim_parse(struct arena *arena, const char *text, size_t length) {
  struct dkim_record *record = ARENA_NEW(arena, struct dkim_record);
  const struct taglist *tags = taglist_parse(arena, text, length);
  record->tags = tags;
  record->k = value_of(tags, "k");
  record->p = value_of(tags, "p");
  record->h = value_of(tags, "h");
  record->s = value_of(tags, "s");
  record->t = value_of(tags, "t");
  record->g = value_of(tags, "g");
  record->testing = list_has(record->t, "y");
  record->strict = list_has(record->t, "s");
  read_version(record);
  const char *name = name_lower(arena, arena_strndup(arena, text, length));
  record->host_name_only = !strchr(name, '=') && name_is_valid(name) && name_labels(name) >= 3 && !strchr(name, '\\');
  record->declared = !record->k || text_equal(record->k, "rsa") ? DKIM_RSA : text_equal(record->k, "ed25519") ? DKIM_ED25519 : DKIM_OTHER;
  record->actual = record->declared;
  decode_key(record);
  return record;
}

bool dkim_usable(const struct dkim_record *record) {
  if (record->key != DKIM_KEY_GOOD || record->syntax_error || record->duplicate || !record->version_valid || (record->version && !record->version_first)) return false;
  if (record->declared != record->actual || record->bad_exponent) return false;
  if (record->h && !list_has(record->h, "sha256")) return false;
  if (record->s && !list_has(record->s, "*") && !list_has(record->s, "email")) return false;
  return record->actual == DKIM_ED25519 || (record->actual == DKIM_RSA && record->bits >= 1024);
}
