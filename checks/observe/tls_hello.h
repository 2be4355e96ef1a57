#ifndef OBSERVE_TLS_HELLO_H
#define OBSERVE_TLS_HELLO_H
#include <stddef.h>
#include <stdint.h>

/* A hello that offers what no library here would carry through (SMTP_ASK_HELLO of checks/store.h), and the server's answer to it. Pure, but
 * for the random octets. */

enum { TLS_HELLO_ROOM = 1024 };

/* Writes the record with a ClientHello (RFC 5246 section 7.4.1.2, RFC 6101 for SSL 3.0). The name is left out of SSL 3.0's. How long it is. */
size_t tls_hello_write(unsigned flags, const char *host, uint8_t out[TLS_HELLO_ROOM]);

enum tls_hello_answer { TLS_HELLO_MORE, TLS_HELLO_TAKEN, TLS_HELLO_REFUSED };
/* Reads the server's first record, as far as it has come. Taken: it chose one of the suites that were offered, in the version of the offer. */
enum tls_hello_answer tls_hello_read(unsigned flags, const uint8_t *bytes, size_t length, const char **out_version, const char **out_suite);
#endif
