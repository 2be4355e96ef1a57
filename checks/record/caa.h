#ifndef RECORD_CAA_H
#define RECORD_CAA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/dnswire.h"

/* CAA records, RFC 8659 section 4. */
struct caa {
  bool critical;
  const char *tag;    /* lower case: "issue" */
  const char *value;  /* as it came, NUL-terminated */
  size_t length;
  const char *issuer; /* of issue and issuewild: the issuer's domain name in lower case; "" forbids every issuer */
};

/* Reads the data of one record; false: malformed. Memory is the arena's. */
bool caa_read(struct arena *arena, const struct dns_rr *rr, struct caa *out);
#endif
