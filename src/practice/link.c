#include "src/practice/link.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/mem.h"

enum { READ_ROOM = 16384, MOST_PENDING = 4 << 20 };

struct link {
  uv_tcp_t tcp;
  uv_timer_t pacer, later;
  uv_shutdown_t shutdown;
  const struct link_events *events;
  void *context;
  void (*then)(struct link *);
  SSL *ssl;
  struct buf pending;     /* waits for the pacer */
  size_t sent;            /* of pending */
  unsigned open;          /* handles */
  bool closing, close_when_sent, shutting;
  char room[READ_ROOM];
};

struct write {
  uv_write_t request;
  char bytes[];
};

void *link_context(const struct link *link) { return link->context; }
bool link_is_secure(const struct link *link) { return link->ssl != NULL; }

/* ---- closing ---- */

static void on_closed(uv_handle_t *handle) {
  struct link *link = handle->data;
  if (--link->open > 0) return;
  if (link->events->closed) link->events->closed(link);
  SSL_free(link->ssl);
  buf_release(&link->pending);
  free(link);
}

void link_hang_up(struct link *link) {
  if (link->closing) return;
  link->closing = true;
  uv_close((uv_handle_t *)&link->tcp, on_closed);
  uv_close((uv_handle_t *)&link->pacer, on_closed);
  uv_close((uv_handle_t *)&link->later, on_closed);
}

static void on_shut(uv_shutdown_t *request, int status) {
  (void)status;
  link_hang_up(request->handle->data);
}

static void write_raw(struct link *link, const void *bytes, size_t length);

static void flush_tls(struct link *link) {
  char bytes[4096];
  int length;
  while ((length = BIO_read(SSL_get_wbio(link->ssl), bytes, sizeof bytes)) > 0) write_raw(link, bytes, (size_t)length);
}

void link_close(struct link *link) {
  if (link->closing || link->shutting) return;
  link->close_when_sent = true;
  if (link->sent < link->pending.length) return;
  link->shutting = true;
  if (link->ssl && SSL_is_init_finished(link->ssl)) {
    SSL_shutdown(link->ssl);
    flush_tls(link);
  }
  if (uv_shutdown(&link->shutdown, (uv_stream_t *)&link->tcp, on_shut) != 0) link_hang_up(link);
}

/* ---- sending ---- */

static void on_written(uv_write_t *request, int status) {
  (void)status;
  free(request->data);
}

static void write_raw(struct link *link, const void *bytes, size_t length) {
  if (link->closing || length == 0) return;
  struct write *write = mem_alloc(sizeof *write + length);
  memcpy(write->bytes, bytes, length);
  write->request.data = write;
  uv_buf_t piece = uv_buf_init(write->bytes, (unsigned)length);
  if (uv_write(&write->request, (uv_stream_t *)&link->tcp, &piece, 1, on_written) != 0) free(write);
}

static void write_now(struct link *link, const void *bytes, size_t length) {
  if (!link->ssl) {
    write_raw(link, bytes, length);
  } else if (length) {
    SSL_write(link->ssl, bytes, (int)length);
    flush_tls(link);
  }
}

static void on_pace(uv_timer_t *timer) {
  struct link *link = timer->data;
  if (link->sent < link->pending.length) write_now(link, link->pending.data + link->sent++, 1);
  if (link->sent < link->pending.length) return;
  uv_timer_stop(timer);
  if (link->close_when_sent) link_close(link);
}

void link_send(struct link *link, const void *bytes, size_t length, uint32_t pace_ms) {
  if (link->closing || link->shutting) return;
  if (!pace_ms && link->sent == link->pending.length) {
    write_now(link, bytes, length);
    return;
  }
  buf_bytes(&link->pending, bytes, length);
  if (!uv_is_active((uv_handle_t *)&link->pacer)) uv_timer_start(&link->pacer, on_pace, 0, pace_ms ? pace_ms : 1);
}

static void on_later(uv_timer_t *timer) {
  struct link *link = timer->data;
  link->then(link);
}

void link_after(struct link *link, uint32_t delay_ms, void (*then)(struct link *)) {
  if (link->closing) return;
  link->then = then;
  uv_timer_start(&link->later, on_later, delay_ms, 0);
}

/* ---- reading ---- */

static void read_tls(struct link *link, const void *bytes, size_t length) {
  char plain[4096];
  int got = 0;
  BIO_write(SSL_get_rbio(link->ssl), bytes, (int)length);
  while (!link->closing && (got = SSL_read(link->ssl, plain, sizeof plain)) > 0) link->events->bytes(link, (const uint8_t *)plain, (size_t)got);
  if (link->closing) return;
  flush_tls(link);
  int error = SSL_get_error(link->ssl, got);
  if (got <= 0 && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) link_close(link);
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *out) {
  struct link *link = handle->data;
  (void)wanted;
  *out = uv_buf_init(link->room, sizeof link->room);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *room) {
  struct link *link = stream->data;
  if (length < 0) link_hang_up(link);
  else if (length > 0 && link->ssl) read_tls(link, room->base, (size_t)length);
  else if (length > 0) link->events->bytes(link, (const uint8_t *)room->base, (size_t)length);
}

void link_secure(struct link *link, SSL_CTX *context) {
  link->ssl = SSL_new(context);
  if (!link->ssl) {
    link_hang_up(link);
    return;
  }
  SSL_set_bio(link->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  BIO_set_mem_eof_return(SSL_get_rbio(link->ssl), -1);
  SSL_set_accept_state(link->ssl);
}

struct link *link_accept(uv_stream_t *listener, const struct link_events *events, void *context) {
  struct link *link = mem_zalloc(1, sizeof *link);
  link->events = events;
  link->context = context;
  link->open = 3;
  buf_init(&link->pending, MOST_PENDING);
  uv_tcp_init(listener->loop, &link->tcp);
  uv_timer_init(listener->loop, &link->pacer);
  uv_timer_init(listener->loop, &link->later);
  link->tcp.data = link->pacer.data = link->later.data = link;
  if (uv_accept(listener, (uv_stream_t *)&link->tcp) != 0 || uv_read_start((uv_stream_t *)&link->tcp, on_room, on_read) != 0) {
    link_hang_up(link);
    return NULL;
  }
  uv_tcp_nodelay(&link->tcp, 1);
  return link;
}
