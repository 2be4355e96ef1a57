#ifndef CHECKS_RECORD_DKIM_SIGNATURE_H
#define CHECKS_RECORD_DKIM_SIGNATURE_H
#include <stdint.h>
#include "checks/record/dkim_message.h"
#include "checks/record/taglist.h"

/* DKIM-Signature header fields: RFC 6376 section 3.5, as section 6.1.1 has them validated. */

enum dkim_signature_fault {
  DKIM_SIGNATURE_GOOD,
  DKIM_SIGNATURE_SYNTAX,           /* no list of tags, a tag twice, or a value that cannot be one of its tag's */
  DKIM_SIGNATURE_MISSING_TAG,
  DKIM_SIGNATURE_VERSION,
  DKIM_SIGNATURE_ALGORITHM,
  DKIM_SIGNATURE_CANONICALIZATION,
  DKIM_SIGNATURE_QUERY,            /* q without dns/txt */
  DKIM_SIGNATURE_IDENTITY,         /* the domain of i is neither d nor below it */
  DKIM_SIGNATURE_FROM,             /* h does not cover From */
};

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_RSA_SHA1, DKIM_ED25519_SHA256 };

struct dkim_signature {
  const struct message_field *field;
  enum dkim_signature_fault fault;
  const char *fault_tag;           /* which tag it is about; "" */
  const char *domain, *selector;   /* d and s, canonical; "" when missing or no names */
  const char *identity_domain;     /* of i, or d */
  enum dkim_algorithm algorithm;
  bool relaxed_header, relaxed_body;
  bool partial; uint64_t octets;   /* l */
  int64_t signed_at, expires;      /* t and x in seconds; -1: absent */
  char **headers; size_t header_count; /* of h, lower case */
  const unsigned char *signature; size_t signature_length;
  const unsigned char *body_hash; size_t body_hash_length;
  size_t b_start, b_end;           /* the value of b, with white space around it, in field->whole */
};

enum { DKIM_MOST_SIGNATURES = 16 };

/* Reads one field. Never null: what is wrong with it stands in `fault`. In the arena. */
struct dkim_signature *dkim_signature_parse(struct arena *arena, const struct message_field *field);
/* Those of a message from the top, up to `room`. */
size_t dkim_signatures_find(struct arena *arena, const struct message *message, struct dkim_signature **out, size_t room);
#endif
