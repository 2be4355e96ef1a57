#include "checks/record/dkim_rsa.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <string.h>

struct der { const unsigned char *at, *end; };

/* Enters the next element when it has the tag, ends where it should, and has a definite length. */
static bool take(struct der *from, int wanted, struct der *out) {
  long length;
  int tag, class;
  const unsigned char *at = from->at;
  int form = from->at < from->end ? ASN1_get_object(&at, &length, &tag, &class, from->end - from->at) : 0x80;
  if (form & 0x81 || tag != wanted || class != V_ASN1_UNIVERSAL) return false;
  *out = (struct der){ at, at + length };
  from->at = out->end;
  return true;
}

static bool at_end(const struct der *der) { return der->at == der->end; }

/* A positive INTEGER in the fewest octets. */
static bool take_positive(struct der *from, struct der *out) {
  if (!take(from, V_ASN1_INTEGER, out) || at_end(out) || out->at[0] & 0x80) return false;
  return out->at[0] != 0 || (out->end - out->at > 1 && out->at[1] & 0x80);
}

static bool is_rsa_encryption(const struct der *algorithm) {
  static const unsigned char wanted[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 }; /* RFC 8017 appendix A.1 */
  return (size_t)(algorithm->end - algorithm->at) == sizeof wanted && memcmp(algorithm->at, wanted, sizeof wanted) == 0;
}

static BIGNUM *number(const struct der *der) { return BN_bin2bn(der->at, (int)(der->end - der->at), NULL); }

static bool find_numbers(const unsigned char *bytes, size_t length, struct der *modulus, struct der *exponent) {
  struct der whole = { bytes, bytes + length }, info, algorithm, bits, key;
  if (!take(&whole, V_ASN1_SEQUENCE, &info) || !at_end(&whole)) return false;
  if (!take(&info, V_ASN1_SEQUENCE, &algorithm) || !is_rsa_encryption(&algorithm)) return false;
  if (!take(&info, V_ASN1_BIT_STRING, &bits) || !at_end(&info) || at_end(&bits) || *bits.at++ != 0) return false;
  if (!take(&bits, V_ASN1_SEQUENCE, &key) || !at_end(&bits)) return false;
  return take_positive(&key, modulus) && take_positive(&key, exponent) && at_end(&key);
}

bool dkim_read_rsa(const unsigned char *der, size_t length, BIGNUM **out_modulus, BIGNUM **out_exponent) {
  struct der modulus, exponent;
  if (!find_numbers(der, length, &modulus, &exponent)) {
    ERR_clear_error();
    return false;
  }
  *out_modulus = number(&modulus);
  *out_exponent = number(&exponent);
  return true;
}
