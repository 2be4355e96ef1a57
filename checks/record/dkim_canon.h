#ifndef CHECKS_RECORD_DKIM_CANON_H
#define CHECKS_RECORD_DKIM_CANON_H
#include <stdint.h>
#include "checks/record/dkim_signature.h"

/* What a signature hashes: RFC 6376 sections 3.4 and 3.7. A bare LF counts as CRLF: so messages are kept in files. */

enum { DKIM_LONGEST_DIGEST = 32 };
struct dkim_digest { unsigned char octets[DKIM_LONGEST_DIGEST]; unsigned length; };

struct dkim_body {
  struct dkim_digest digest;
  uint64_t octets;        /* of the canonical body, however much of it l= takes */
  bool lengthened;        /* the body up to some line has the wanted hash: what follows was added */
};

/* False: the library refused. Looks for the wanted hash on the way. */
bool dkim_hash_body(const struct message *message, const struct dkim_signature *signature, struct dkim_body *out);
/* The header fields of h, from the bottom up where a name repeats, what is not there left out, and the signature's own field with an empty b. */
bool dkim_hash_header(const struct message *message, const struct dkim_signature *signature, struct dkim_digest *out);
#endif
