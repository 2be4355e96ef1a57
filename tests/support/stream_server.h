#ifndef SUPPORT_STREAM_SERVER_H
#define SUPPORT_STREAM_SERVER_H
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdint.h>
#include "tests/support/mint.h"

/* A TCP server of this process for tests of what talks over TCP and TLS: one connection after the other, in a thread of its own. */

struct stream_server {
  int behaviour;            /* the test's own word for what `serve` is to do */
  uint16_t port;            /* of 127.0.0.1, a free one */
  unsigned connections;
  SSL_CTX *context;         /* the test's to set up; freed by stream_server_stop */
  /* own */
  void (*serve)(struct stream_server *server, int fd);
  int listener;
  pthread_t thread;
};

/* Starts to take connections; each goes to `serve`, in the server's thread, and is closed when that returns. */
void stream_server_start(struct stream_server *server, int behaviour, SSL_CTX *context, void (*serve)(struct stream_server *server, int fd));
void stream_server_stop(struct stream_server *server);

/* A context of a server with this certificate, signed by itself and good for a day, with a P-256 key. */
SSL_CTX *stream_server_context(struct mint_request request);
SSL *stream_server_secure(struct stream_server *server, int fd); /* null: the handshake failed. The caller frees */
void stream_send(int fd, const void *bytes, size_t length);
void stream_wait_for_end(int fd);
#endif
