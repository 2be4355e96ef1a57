#ifndef CHECKS_RECORD_DKIM_RSA_H
#define CHECKS_RECORD_DKIM_RSA_H
#include <openssl/bn.h>
#include <stdbool.h>
#include <stddef.h>

/* The modulus and exponent of an RSA key written as nearly all DKIM keys are: a SubjectPublicKeyInfo in plain DER, and nothing after it. OpenSSL's
 * key decoder, which takes every form, needs a hundred times as long. False: written otherwise, and nothing is given. The caller frees both. */
bool dkim_read_rsa(const unsigned char *der, size_t length, BIGNUM **out_modulus, BIGNUM **out_exponent);
#endif
