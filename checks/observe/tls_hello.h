#ifndef OBSERVE_TLS_HELLO_H
#define OBSERVE_TLS_HELLO_H
#include "checks/observe/tls_flight.h"

/* Hellos that offer what no library here would carry through (SMTP_ASK_OLD of checks/store.h), and what a server's answer means. Pure, but for
 * the random octets. */

enum { TLS_HELLO_ROOM = 1024, TLS_HELLO_ANSWER_ROOM = 16384 };

/* Writes the record with a ClientHello (RFC 5246 section 7.4.1.2, RFC 6101 for SSL 3.0). The name is left out of SSL 3.0's. How long it is. */
size_t tls_hello_write(unsigned flags, const char *host, uint8_t out[TLS_HELLO_ROOM]);
/* The name of a suite that this hello offers; null: it does not. */
const char *tls_hello_suite(unsigned flags, unsigned number);
const char *tls_version_name(unsigned number); /* "TLSv1.2"; null: none up to that */

/* SSL 2.0, whose messages are of another form (draft-hickman-netscape-ssl-00). Whole: the server's hello names a suite that was offered. It must
 * fit in TLS_HELLO_ANSWER_ROOM octets. */
size_t tls_hello_write_ssl2(uint8_t out[TLS_HELLO_ROOM]);
enum tls_flight_state tls_hello_read_ssl2(const uint8_t *bytes, size_t length, const char **out_suite);
#endif
