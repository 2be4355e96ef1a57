#ifndef PRACTICE_LINK_H
#define PRACTICE_LINK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/ssl.h>
#include <uv.h>

/* One TCP connection that a server of the estate took, plain or, from link_secure on, with TLS. It frees itself when it is closed. */
struct link;

struct link_events {
  void (*bytes)(struct link *link, const uint8_t *bytes, size_t length);
  void (*closed)(struct link *link); /* may be null; the context can be freed */
};

struct link *link_accept(uv_stream_t *listener, const struct link_events *events, void *context); /* null: the other side is gone */
void *link_context(const struct link *link);
bool link_is_secure(const struct link *link);
/* Sends; with a pace, one byte at a time and so many milliseconds between two. */
void link_send(struct link *link, const void *bytes, size_t length, uint32_t pace_ms);
/* Calls once after so many milliseconds, unless the link closes before. One at a time. */
void link_after(struct link *link, uint32_t delay_ms, void (*then)(struct link *link));
/* From here on TLS, as the server. Bytes that the client sent too early are dropped. */
void link_secure(struct link *link, SSL_CTX *context);
void link_close(struct link *link);      /* once all is sent */
void link_hang_up(struct link *link);    /* at once */
#endif
