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

/* What is wrong with the text around the key. Those before DKIM_FAULT_MISSPELT make a verifier discard the record. */
enum dkim_fault_kind {
  DKIM_FAULT_HOST_NAME,      /* a host name instead of tags */
  DKIM_FAULT_QUOTED,         /* quotation marks around the whole */
  DKIM_FAULT_SYNTAX,         /* no "=", no name, or an octet outside the grammar of section 3.2 */
  DKIM_FAULT_DUPLICATE,
  DKIM_FAULT_TAG_CASE,       /* V, K or P: other tags than v, k and p */
  DKIM_FAULT_VERSION,        /* not exactly "DKIM1" */
  DKIM_FAULT_VERSION_PLACE,  /* v is there, and not first */
  DKIM_FAULT_MISSPELT,       /* "nk=", "\\k=", or a value that runs into the next tag */
  DKIM_FAULT_UNKNOWN_TAG,
};
struct dkim_fault { enum dkim_fault_kind kind; size_t position; /* octets from the start */ const char *text; };

struct dkim_record {
  const struct taglist *tags;
  const char *version, *k, *p, *h, *s, *t, *g; /* null: absent */
  struct dkim_fault *faults; size_t fault_count; /* in the order of the text */
  bool discarded;                /* one of the faults makes verifiers discard the record */
  const char *unknown_flag;      /* of t: the first that is neither y nor s; null */
  enum dkim_key_type declared, actual;
  enum dkim_key_state key;
  unsigned bits;                 /* of an RSA modulus */
  bool bare_rsa;                 /* RSAPublicKey without SubjectPublicKeyInfo */
  bool bad_exponent, small_exponent, roca;
  bool testing, strict;
};

struct dkim_record *dkim_parse(struct arena *arena, const char *text, size_t length);
size_t dkim_value_position(const struct dkim_record *record, const char *tag); /* where the value of a tag begins; 0 without it */
/* The decoded p; false: it is no base64. */
enum { DKIM_LONGEST_KEY = 8192 };
bool dkim_key_octets(const struct dkim_record *record, unsigned char out[DKIM_LONGEST_KEY], size_t *out_length);
bool dkim_list_has(const char *list, const char *word); /* one of a colon list; values are case-sensitive (RFC 6376 section 3.2); `list` may be null */
bool dkim_looks_like_key(const char *text); /* v=DKIM1, or tags with p= */
bool dkim_usable(const struct dkim_record *record); /* a verifier can use it: RSA of 1024 bits or more, or Ed25519 */
#endif
