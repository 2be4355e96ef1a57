#ifndef CHECKS_RECORD_DKIM_VERIFY_H
#define CHECKS_RECORD_DKIM_VERIFY_H
#include "checks/record/dkim.h"
#include "checks/record/dkim_signature.h"

/* Does a signature hold with a key? RFC 6376 section 6.1, RFC 8301 section 3, RFC 8463 section 3. Time is the caller's affair. */
enum dkim_outcome {
  DKIM_HOLDS,
  DKIM_HOLDS_WITH_SHA1,     /* it does, and receivers must not count it (RFC 8301 section 3.1) */
  DKIM_SIGNATURE_FAULTY,    /* see the signature's fault */
  DKIM_OUTCOME_KEY_REVOKED,
  DKIM_OUTCOME_KEY_UNUSABLE,
  DKIM_OUTCOME_KEY_TYPE,    /* k does not go with a */
  DKIM_OUTCOME_KEY_HASH,    /* h of the key does not list the hash */
  DKIM_OUTCOME_KEY_SERVICE, /* s of the key does not list email */
  DKIM_OUTCOME_KEY_STRICT,  /* t=s, and i is below d */
  DKIM_OUTCOME_KEY_SHORT,   /* RSA below 1024 bits (RFC 8301 section 3.2) */
  DKIM_BODY_CHANGED,
  DKIM_BODY_LENGTHENED,     /* what was signed is there, and something was added at its end */
  DKIM_BODY_CUT,            /* shorter than l says */
  DKIM_HEADER_CHANGED,      /* the key made the signature, over other header fields */
  DKIM_NOT_BY_KEY,          /* the key did not make it, or, of Ed25519, a header field was changed */
};

enum dkim_outcome dkim_verify(const struct message *message, const struct dkim_signature *signature, const struct dkim_record *key);
#endif
