#ifndef OBSERVE_TLS_CLIENT_H
#define OBSERVE_TLS_CLIENT_H
#include <openssl/ssl.h>
#include "checks/observe/signature_memo.h"
#include "checks/store.h"

/* The TLS side of SMTP and HTTPS: shared contexts, the trust store, and what a handshake showed. A wrong certificate never stops a
 * handshake: it is what we came to see. */

struct tls_client;

struct tls_client *tls_client_new(const char *ca_file); /* loads nothing yet; `ca_file` is borrowed */
void tls_client_free(struct tls_client **client);

/* What the callbacks of one handshake note. */
struct tls_notes {
  bool client_certificate_requested;
  char alert[96];
};

/* A client connection over memory BIOs, for SMTP_ASK_ flags. `notes` must outlive it. Null: the library refuses. */
SSL *tls_client_connection(struct tls_client *client, unsigned flags, const char *host, struct tls_notes *notes);
/* The name of a suite up to TLS 1.2 that this connection offers; null: it does not. */
const char *tls_client_suite(SSL *ssl, unsigned number);
/* Makes a context of somebody else (libcurl) note and go on, and read nothing from its own trust store. */
void tls_client_prepare(SSL_CTX *context, struct tls_notes *notes);
/* Is there a way from the leaf to `trusted`, with what was sent? Fills in `verify`, its text and `outdated`. Trust alone: the leaf's dates, names,
 * purpose and strength are judged apart, so that one fault does not hide another. */
void tls_verify(struct signature_memo *memo /* may be null */, X509_STORE *trusted, struct arena *arena, X509 *leaf, STACK_OF(X509) *sent, int64_t now_ms, struct tls_session *out);
/* Fills in what the connection shows, memory from the arena. Any thread may do it, for a connection of tls_client_connection. Works after a failed handshake too: what came so far. */
void tls_client_describe(struct tls_client *client, struct arena *arena, SSL *ssl, const struct tls_notes *notes, struct tls_session *out);
#endif
