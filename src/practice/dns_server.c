#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/practice/answer.h"
#include "src/practice/link.h"
#include "src/practice/servers.h"

enum { MOST_DATAGRAM = 65535, MOST_QUERY = 65535 };

/* One address on which the estate answers DNS questions. */
struct face {
  const struct scenario *scenario;
  struct ip address;
  bool resolver;
  uv_udp_t udp;
  uv_tcp_t tcp;
  char *room;
};

/* An answer over UDP that waits for its time or for the socket. */
struct parcel {
  uv_timer_t timer;
  uv_udp_send_t send;
  struct face *face;
  struct sockaddr_storage to;
  struct buf bytes;
};

/* ---- UDP ---- */

static void on_parcel_closed(uv_handle_t *handle) {
  struct parcel *parcel = handle->data;
  buf_release(&parcel->bytes);
  free(parcel);
}

static void on_sent(uv_udp_send_t *send, int status) {
  struct parcel *parcel = send->data;
  (void)status;
  uv_close((uv_handle_t *)&parcel->timer, on_parcel_closed);
}

static void on_due(uv_timer_t *timer) {
  struct parcel *parcel = timer->data;
  uv_buf_t piece = uv_buf_init(parcel->bytes.data, (unsigned)parcel->bytes.length);
  parcel->send.data = parcel;
  if (uv_udp_send(&parcel->send, &parcel->face->udp, &piece, 1, (const struct sockaddr *)&parcel->to, on_sent) != 0)
    uv_close((uv_handle_t *)timer, on_parcel_closed);
}

static void post(struct face *face, const struct sockaddr *to, const struct buf *bytes, uint32_t delay_ms) {
  struct parcel *parcel = mem_zalloc(1, sizeof *parcel);
  parcel->face = face;
  memcpy(&parcel->to, to, to->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
  buf_init(&parcel->bytes, MOST_DATAGRAM);
  buf_bytes(&parcel->bytes, bytes->data, bytes->length);
  uv_timer_init(face->udp.loop, &parcel->timer);
  parcel->timer.data = parcel;
  uv_timer_start(&parcel->timer, on_due, delay_ms, 0);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *room, const struct sockaddr *from, unsigned flags) {
  struct face *face = udp->data;
  (void)flags;
  if (length <= 0 || !from) return;
  struct buf answer = BUF_INIT(MOST_DATAGRAM);
  struct dns_reply reply = answer_query(face->scenario, &face->address, face->resolver, false, (const uint8_t *)room->base, (size_t)length, &answer);
  uv_buf_t piece = uv_buf_init(answer.data, (unsigned)answer.length);
  if (reply.send && (reply.delay_ms || uv_udp_try_send(udp, &piece, 1, from) < 0)) post(face, from, &answer, reply.delay_ms);
  buf_release(&answer);
}

static void on_datagram_room(uv_handle_t *handle, size_t wanted, uv_buf_t *out) {
  struct face *face = handle->data;
  (void)wanted;
  *out = uv_buf_init(face->room, MOST_DATAGRAM);
}

/* ---- TCP: each message with its length before it (RFC 1035 section 4.2.2) ---- */

struct stream {
  struct face *face;
  struct buf in, out; /* out waits for its time */
};

static void on_stream_due(struct link *link) {
  struct stream *stream = link_context(link);
  link_send(link, stream->out.data, stream->out.length, 0);
  buf_clear(&stream->out);
}

static void answer_stream(struct link *link, struct stream *stream, const uint8_t *query, size_t length) {
  struct buf answer = BUF_INIT(MOST_QUERY);
  struct dns_reply reply = answer_query(stream->face->scenario, &stream->face->address, stream->face->resolver, true, query, length, &answer);
  if (reply.send) {
    buf_char(&stream->out, (char)(answer.length >> 8 & 0xff));
    buf_char(&stream->out, (char)(answer.length & 0xff));
    buf_bytes(&stream->out, answer.data, answer.length);
    if (reply.delay_ms) link_after(link, reply.delay_ms, on_stream_due);
    else on_stream_due(link);
  } else {
    link_close(link);
  }
  buf_release(&answer);
}

static void on_stream_bytes(struct link *link, const uint8_t *bytes, size_t length) {
  struct stream *stream = link_context(link);
  buf_bytes(&stream->in, bytes, length);
  for (;;) {
    const uint8_t *in = (const uint8_t *)stream->in.data;
    size_t size = stream->in.length >= 2 ? (size_t)in[0] << 8 | in[1] : 0;
    if (stream->in.length < 2 || stream->in.length < size + 2) break;
    answer_stream(link, stream, in + 2, size);
    struct buf rest = BUF_INIT(2 * MOST_QUERY);
    buf_bytes(&rest, stream->in.data + size + 2, stream->in.length - size - 2);
    buf_release(&stream->in);
    stream->in = rest;
  }
  if (stream->in.overflowed) link_hang_up(link);
}

static void on_stream_closed(struct link *link) {
  struct stream *stream = link_context(link);
  buf_release(&stream->in);
  buf_release(&stream->out);
  free(stream);
}

static void on_stream(uv_stream_t *listener, int status) {
  static const struct link_events events = { on_stream_bytes, on_stream_closed };
  if (status != 0) return;
  struct stream *stream = mem_zalloc(1, sizeof *stream);
  stream->face = listener->data;
  buf_init(&stream->in, 2 * MOST_QUERY);
  buf_init(&stream->out, 4 * MOST_QUERY);
  link_accept(listener, &events, stream);
}

/* ---- start ---- */

void dns_servers_start(uv_loop_t *loop, const struct scenario *scenario, struct socket_pair *pairs, size_t count) {
  struct face *faces = mem_zalloc(count, sizeof *faces);
  char *room = mem_alloc(MOST_DATAGRAM);
  for (size_t i = 0; i < count; i++) {
    struct face *face = &faces[i];
    *face = (struct face){ .scenario = scenario, .address = pairs[i].address, .resolver = i == 0, .room = room };
    uv_udp_init(loop, &face->udp);
    uv_tcp_init(loop, &face->tcp);
    face->udp.data = face->tcp.data = face;
    if (uv_udp_open(&face->udp, pairs[i].udp) == 0) uv_udp_recv_start(&face->udp, on_datagram_room, on_datagram);
    if (uv_tcp_open(&face->tcp, pairs[i].tcp) == 0) uv_listen((uv_stream_t *)&face->tcp, 256, on_stream);
  }
}
