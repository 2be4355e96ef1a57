#ifndef RECORD_CERTIFICATE_X509_H
#define RECORD_CERTIFICATE_X509_H
#include <openssl/x509.h>
#include "checks/record/certificate.h"

/* The library's form of a certificate, for the files of this room. The caller frees it with X509_free. Null: out of memory. */
X509 *certificate_x509(const struct certificate *certificate);
#endif
