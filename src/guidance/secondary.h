#ifndef GUIDANCE_SECONDARY_H
#define GUIDANCE_SECONDARY_H
#include "checks/judge/lib.h"

/* Mail servers that no MX record names: standby servers, relays, gateways of services. Looked at by name, like the others: do they answer, do they
 * take TLS 1.2 or later, is the certificate good? Pure over the store. */
struct secondary_host {
  const char *name;
  enum severity severity;        /* UNKNOWN: could not be looked at from here */
  const char *words;             /* one sentence, translated */
  const char *version;           /* "TLSv1.3"; "" */
};

/* False: not yet. Texts in the judgement's arena. */
bool secondary_look(struct judgement *judgement, const char *host, struct secondary_host *out);
#endif
