#ifndef OBSERVE_SIGNATURE_MEMO_H
#define OBSERVE_SIGNATURE_MEMO_H
#include <openssl/x509.h>
#include <stdbool.h>

/* Which signatures of certificates were found good and which bad: a provider's chain is sent by thousands of hosts, and is verified once in a run.
 * Kept by the SHA-256 of both certificates. Any thread may ask. */

struct signature_memo;

struct signature_memo *signature_memo_new(void);
void signature_memo_free(struct signature_memo **memo);
/* Does the issuer's key verify the signature of the child? Null memo: it is verified anew. */
bool signature_memo_verifies(void *memo, X509 *child, X509 *issuer);
#endif
