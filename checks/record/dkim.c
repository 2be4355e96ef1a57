#include "checks/record/dkim.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/base64.h"
#include "checks/record/dkim_rsa.h"
#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"

static const char *value_of(const struct taglist *tags, const char *name) {
  const struct tag *tag = taglist_find(tags, name);
  return tag ? tag->value : NULL;
}

bool dkim_looks_like_key(const char *text) {
  while (is_space(*text) || *text == '"') text++;
  return text_starts(text, "v=DKIM") || text_starts(text, "k=rsa") || text_starts(text, "k=ed25519") || text_starts(text, "p=");
}

bool dkim_list_has(const char *list, const char *word) {
  size_t length = strlen(word);
  while (list && *list) {
    while (is_space(*list) || *list == ':') list++;
    size_t size = strcspn(list, ": \t\r\n");
    if (size == length && memcmp(list, word, size) == 0) return true;
    list += size;
  }
  return false;
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

/* The faulty library made primes of the form k*M + 65537^a mod M, M a product of small primes: the modulus lies, for each of them, in the
 * group that 65537 generates (Nemec et al., 2017). Another modulus does so by chance once in a hundred million times. */
static bool is_in_group(unsigned long rest, unsigned long prime) {
  unsigned long generator = 65537 % prime, power = 1;
  do {
    if (power == rest) return true;
    power = power * generator % prime;
  } while (power != 1);
  return false;
}

static bool has_roca_fingerprint(const BIGNUM *modulus) {
  static const unsigned char primes[] = { 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167 };
  for (size_t i = 0; i < sizeof primes; i++)
    if (!is_in_group(BN_mod_word(modulus, primes[i]), primes[i])) return false;
  return true;
}

static void judge_numbers(struct dkim_record *record, const BIGNUM *modulus, const BIGNUM *exponent) {
  record->bad_exponent = !BN_is_odd(exponent) || BN_is_one(exponent) || !BN_is_odd(modulus);
  record->small_exponent = BN_is_word(exponent, 3);
  record->roca = has_roca_fingerprint(modulus);
}

static void judge_rsa(struct dkim_record *record, EVP_PKEY *key) {
  BIGNUM *exponent = NULL, *modulus = NULL;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1)
    judge_numbers(record, modulus, exponent);
  BN_free(exponent);
  BN_free(modulus);
}

/* The usual form, without OpenSSL's decoder. False: it must say what the key is. */
static bool read_usual_rsa(struct dkim_record *record, const unsigned char *der, size_t length) {
  BIGNUM *exponent, *modulus;
  if (!dkim_read_rsa(der, length, &modulus, &exponent)) return false;
  record->actual = DKIM_RSA;
  record->bits = (unsigned)BN_num_bits(modulus);
  judge_numbers(record, modulus, exponent);
  BN_free(exponent);
  BN_free(modulus);
  return true;
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
  if (read_usual_rsa(record, der, length)) return;
  EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
  if (!key) {
    key = bare_rsa(der, length);
    record->bare_rsa = key != NULL;
  }
  if (!key && length == 32) { /* the octets of an Ed25519 key, under k=rsa */
    record->actual = DKIM_ED25519;
    record->bits = 256;
    ERR_clear_error();
    return;
  }
  if (!key) {
    record->key = is_private(der, length) ? DKIM_KEY_PRIVATE : is_certificate(der, length) ? DKIM_KEY_PEM
                  : record->declared == DKIM_ED25519 ? DKIM_KEY_ED25519_LENGTH : der_is_cut(der, length) ? DKIM_KEY_TRUNCATED : DKIM_KEY_UNDECODABLE;
    ERR_clear_error();
    return;
  }
  int type = EVP_PKEY_get_base_id(key);
  record->actual = type == EVP_PKEY_RSA ? DKIM_RSA : type == EVP_PKEY_ED25519 ? DKIM_ED25519 : DKIM_OTHER;
  record->bits = (unsigned)EVP_PKEY_get_bits(key);
  if (record->actual == DKIM_RSA) judge_rsa(record, key);
  if (record->declared == DKIM_ED25519 && record->actual == DKIM_ED25519) record->key = DKIM_KEY_ED25519_LENGTH;
  EVP_PKEY_free(key);
  ERR_clear_error();
}

/* Folding white space inside p does not count (RFC 6376 section 3.6.1). */
static bool is_empty(const char *text) { return text[strspn(text, " \t\r\n")] == '\0'; }

bool dkim_key_octets(const struct dkim_record *record, unsigned char out[DKIM_LONGEST_KEY], size_t *out_length) {
  return record->p && strlen(record->p) < DKIM_LONGEST_KEY && base64_read(record->p, strlen(record->p), out, out_length);
}

static void decode_key(struct dkim_record *record) {
  unsigned char der[DKIM_LONGEST_KEY];
  size_t length;
  if (!record->p) record->key = DKIM_KEY_MISSING;
  else if (is_empty(record->p)) record->key = DKIM_KEY_REVOKED;
  else if (strchr(record->p, '"')) record->key = DKIM_KEY_QUOTED;
  else if (strstr(record->p, "-----BEGIN")) record->key = strstr(record->p, "PRIVATE") ? DKIM_KEY_PRIVATE : DKIM_KEY_PEM;
  else if (!dkim_key_octets(record, der, &length)) record->key = DKIM_KEY_BAD_BASE64;
  else read_key(record, der, length);
}

/* ---- faults ---- */

static void note(struct arena *arena, struct dkim_record *record, enum dkim_fault_kind kind, size_t position, const char *text) {
  record->faults = arena_grow(arena, record->faults, record->fault_count, sizeof *record->faults);
  record->faults[record->fault_count++] = (struct dkim_fault){ kind, position, text };
  if (kind < DKIM_FAULT_MISSPELT) record->discarded = true;
}

static bool is_one_of(const char *name, const char *names) {
  return strlen(name) == 1 && strchr(names, *name);
}

static bool capital_of_known(const char *name) { return is_one_of(name, "VKP"); }

/* A stray letter or backslash before k, p or t: "nk", "\k". */
static bool is_slip(const char *name) { return strlen(name) == 2 && strchr("kpt", name[1]); }

/* tag-value = printable but for ";", with folding white space (RFC 6376 section 3.2). */
static size_t good_length(const char *value) {
  size_t length = 0;
  while (value[length] && (is_print(value[length]) || is_space(value[length]))) length++;
  return length;
}

/* Where, in a value, the next tag begins because its ";" is missing: "DKIM1 k=rsa", "rsa; " lost as "rsap=MII". Null: nowhere. */
static const char *swallowed_tag(const char *name, const char *value) {
  static const char *const whole[] = { "DKIM1", "ed25519", "rsa", "sha256", "email" };
  if (is_one_of(name, "n")) return NULL;
  for (const char *space = strpbrk(value, " \t\r\n"); space && space[1]; space = strpbrk(space + 1, " \t\r\n"))
    if (strchr("vkpthsg", space[1]) && space[2] == '=' && space[3] && space[3] != '=') return space + 1;
  for (size_t i = 0; i < MEM_COUNT(whole); i++) {
    size_t length = strlen(whole[i]);
    if (!is_one_of(name, "p") && strncmp(value, whole[i], length) == 0 && value[length] && strchr("vkpthsng", value[length]) && value[length + 1] == '=') return value + length;
  }
  return NULL;
}

/* Where the part leaves the grammar of section 3.2; it does when there is something to tell. */
static void note_grammar(struct arena *arena, struct dkim_record *record, const struct tag *tag) {
  size_t good = good_length(tag->value);
  if (!tag->has_equals || !*tag->name) note(arena, record, DKIM_FAULT_SYNTAX, tag->position, tag->empty ? ";;" : tag->has_equals ? arena_printf(arena, "=%s", tag->value) : tag->value);
  else if (!is_slip(tag->name) && !tag_name_is_good(tag->name)) note(arena, record, DKIM_FAULT_SYNTAX, tag->position, tag->name);
  else if (tag->value[good] || tag_holds_nul(tag)) note(arena, record, DKIM_FAULT_SYNTAX, tag->value_position + good, tag->value + good);
}

static void note_tag(struct arena *arena, struct dkim_record *record, const struct tag *tag, bool first) {
  bool slip = tag->has_equals && is_slip(tag->name);
  note_grammar(arena, record, tag);
  if (tag->duplicate && *tag->name) note(arena, record, DKIM_FAULT_DUPLICATE, tag->position, tag->name);
  if (!tag->has_equals || !*tag->name) return;
  if (strcmp(tag->name, "v") == 0 && !tag->duplicate) {
    if (strcmp(tag->value, "DKIM1") != 0) note(arena, record, DKIM_FAULT_VERSION, tag->value_position, tag->value);
    if (!first) note(arena, record, DKIM_FAULT_VERSION_PLACE, tag->position, tag->value);
  }
  for (const char *swallowed = swallowed_tag(tag->name, tag->value); swallowed; swallowed = swallowed_tag(tag->name, swallowed))
    note(arena, record, DKIM_FAULT_MISSPELT, tag->value_position + (size_t)(swallowed - tag->value), swallowed);
  if (capital_of_known(tag->name)) note(arena, record, DKIM_FAULT_TAG_CASE, tag->position, tag->name);
  else if (slip) note(arena, record, DKIM_FAULT_MISSPELT, tag->position, tag->name);
  else if (!is_one_of(tag->name, "vhknpstg") && tag_name_is_good(tag->name)) note(arena, record, DKIM_FAULT_UNKNOWN_TAG, tag->position, tag->name);
}

static bool is_host_name(struct arena *arena, const char *text) {
  if (strchr(text, '=')) return false;
  const char *name = name_lower(arena, text);
  return name_is_valid(name) && name_labels(name) >= 3 && !strchr(name, '\\');
}

static void note_faults(struct arena *arena, struct dkim_record *record, const char *text) {
  if (is_host_name(arena, text)) {
    note(arena, record, DKIM_FAULT_HOST_NAME, 0, text);
    return;
  }
  if (text[strspn(text, " \t")] == '"') {
    note(arena, record, DKIM_FAULT_QUOTED, 0, text);
    return;
  }
  if (record->tags->count == 0) note(arena, record, DKIM_FAULT_SYNTAX, 0, text);
  for (size_t i = 0; i < record->tags->count; i++) note_tag(arena, record, &record->tags->tags[i], i == 0);
}

/* ---- records ---- */

static const char *first_unknown_flag(struct arena *arena, const char *flags) {
  while (flags && *flags) {
    while (is_space(*flags) || *flags == ':') flags++;
    size_t size = strcspn(flags, ": \t\r\n");
    if (size && !(size == 1 && strchr("ys", *flags))) return arena_strndup(arena, flags, size);
    flags += size;
  }
  return NULL;
}

struct dkim_record *dkim_parse(struct arena *arena, const char *text, size_t length) {
  struct dkim_record *record = ARENA_NEW(arena, struct dkim_record);
  const struct taglist *tags = taglist_parse(arena, text, length);
  record->tags = tags;
  record->version = value_of(tags, "v");
  record->k = value_of(tags, "k");
  record->p = value_of(tags, "p");
  record->h = value_of(tags, "h");
  record->s = value_of(tags, "s");
  record->t = value_of(tags, "t");
  record->g = value_of(tags, "g");
  record->testing = dkim_list_has(record->t, "y");
  record->strict = dkim_list_has(record->t, "s");
  record->unknown_flag = first_unknown_flag(arena, record->t);
  note_faults(arena, record, arena_strndup(arena, text, length));
  record->declared = !record->k || strcmp(record->k, "rsa") == 0 ? DKIM_RSA : strcmp(record->k, "ed25519") == 0 ? DKIM_ED25519 : DKIM_OTHER;
  record->actual = record->declared;
  decode_key(record);
  return record;
}

size_t dkim_value_position(const struct dkim_record *record, const char *name) {
  const struct tag *tag = taglist_find(record->tags, name);
  return tag ? tag->value_position : 0;
}

bool dkim_usable(const struct dkim_record *record) {
  if (record->key != DKIM_KEY_GOOD || record->discarded || record->declared != record->actual || record->bad_exponent) return false;
  if (record->h && !dkim_list_has(record->h, "sha256")) return false;
  if (record->s && !dkim_list_has(record->s, "*") && !dkim_list_has(record->s, "email")) return false;
  return record->actual == DKIM_ED25519 || (record->actual == DKIM_RSA && record->bits >= 1024);
}
