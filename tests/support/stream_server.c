#include "tests/support/stream_server.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "src/base/clock.h"

static const int64_t day_ms = (int64_t)86400 * 1000;

static void *take_connections(void *argument) {
  struct stream_server *server = argument;
  for (;;) {
    int fd = accept(server->listener, NULL, NULL);
    if (fd < 0) return NULL;
    server->connections++;
    server->serve(server, fd);
    close(fd);
  }
}

void stream_server_start(struct stream_server *server, int behaviour, SSL_CTX *context, void (*serve)(struct stream_server *server, int fd)) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  *server = (struct stream_server){ .behaviour = behaviour, .context = context, .serve = serve, .listener = socket(AF_INET, SOCK_STREAM, 0) };
  if (bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(server->listener, 16) != 0) abort();
  getsockname(server->listener, (struct sockaddr *)&address, &length);
  server->port = ntohs(address.sin_port);
  if (pthread_create(&server->thread, NULL, take_connections, server) != 0) abort();
}

void stream_server_stop(struct stream_server *server) {
  shutdown(server->listener, SHUT_RDWR);
  pthread_join(server->thread, NULL);
  close(server->listener);
  SSL_CTX_free(server->context);
}

SSL_CTX *stream_server_context(struct mint_request request) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  int64_t now = clock_wall_ms();
  request.from = now - day_ms;
  request.until = now + day_ms;
  X509 *x509 = mint(&request);
  SSL_CTX_use_certificate(context, x509);
  SSL_CTX_use_PrivateKey(context, mint_key(MINT_P256));
  X509_free(x509);
  return context;
}

SSL *stream_server_secure(struct stream_server *server, int fd) {
  SSL *ssl = SSL_new(server->context);
  SSL_set_fd(ssl, fd);
  if (SSL_accept(ssl) == 1) return ssl;
  SSL_free(ssl);
  return NULL;
}

void stream_send(int fd, const void *bytes, size_t length) {
  if (send(fd, bytes, length, MSG_NOSIGNAL) < 0) return; /* the other side has gone, as it may */
}

void stream_wait_for_end(int fd) {
  char bytes[2048];
  while (recv(fd, bytes, sizeof bytes, 0) > 0) continue;
}
