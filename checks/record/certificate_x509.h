#ifndef RECORD_CERTIFICATE_X509_H
#define RECORD_CERTIFICATE_X509_H
#include <openssl/x509.h>
#include "checks/record/certificate.h"

/* The library's form of a certificate, for the files of this room and who talks TLS. The caller frees it with X509_free. Null: out of memory. */
X509 *certificate_x509(const struct certificate *certificate);
/* certificate_read and certificate_path for who has the library's form already: to make it is the greater part of the work. */
const struct certificate *certificate_of_x509(struct arena *arena, X509 *x509);
/* `verifies` tells whether the issuer's key verifies the child, for who has seen many of them already; null: it is tried here. */
void certificate_path_x509(const struct certificate *const *chain, X509 *const *x509, size_t count, bool (*verifies)(void *context, X509 *child, X509 *issuer), void *context,
                           struct certificate_path *out);
#endif
