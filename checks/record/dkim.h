#ifndef CHECKS_RECORD_DKIM_H
#define CHECKS_RECORD_DKIM_H
#include <stdbool.h>
#include <stddef.h>
#include "checks/record/taglist.h"

/* DKIM key records, RFC 6376 section 3.6.1, RFC 8301, RFC 8463. */

enum dkim_key_state {
  DKIM_KEY_GOOD, DKIM_KEY_MISSING /* no p */, DKIM_KEY_REVOKED /* p empty */, DKIM_KEY_QUOTED, DKIM_KEY_BAD_BASE64, DKIM_KEY_TRUNCATED, DKIM_KEY_PEM,
  DKIM_KEY_PRIVATE, DKIM_KEY_UNDECODABLE, DKIM_KEY_ED25519_LENGTH,
};
enum dkim_key_type { DKIM_RSA, DKIM_ED25519, DKIM_OTHER };

struct dkim_record {
  const struct taglist *tags;
  const char *version, *k, *p, *h, *s, *t, *g; /* null: absent */
  bool version_first, version_valid, duplicate, syntax_error;
  enum dkim_key_type declared, actual;
  enum dkim_key_state key;
  unsigned bits;                 /* of an RSA modulus */
  bool bare_rsa;                 /* RSAPublicKey without SubjectPublicKeyInfo */
  bool bad_exponent, small_exponent;
  bool testing, strict, host_name_only; /* the value is a host name instead of tags */
};

struct dkim_record *dkim_parse(struct arena *arena, const char *text, size_t length);
bool dkim_looks_like_key(const char *text); /* v=DKIM1, or tags with p= */
bool dkim_usable(const struct dkim_record *record); /* a verifier can use it: RSA of 1024 bits or more, or Ed25519 */
#endif
