#include "checks/observe/dns_channel.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"

enum { RECEIVE_BUFFER = 1 << 22 };

struct dns_channel {
  uv_loop_t *loop;
  ares_channel ares;
  char server[IP_TEXT + 8];
  struct ip address;
  uint16_t port;
  enum dns_channel_mode mode;
  bool closing;
  size_t under_way;
  dns_channel_answered *answered;
  struct socket_watch *watches;
};

struct socket_watch {
  uv_poll_t poll;
  struct dns_channel *channel;
  ares_socket_t socket;
  bool closing;
  struct socket_watch *next;
};

/* What c-ares hands back with an answer. */
struct sending {
  struct dns_channel *channel;
  void *context;
};

/* ---- sockets on the loop ---- */

static void on_readiness(uv_poll_t *poll, int status, int events) {
  struct socket_watch *watch = poll->data;
  ares_socket_t readable = status < 0 || events & UV_READABLE ? watch->socket : ARES_SOCKET_BAD;
  ares_socket_t writable = status < 0 || events & UV_WRITABLE ? watch->socket : ARES_SOCKET_BAD;
  ares_process_fd(watch->channel->ares, readable, writable);
}

static void on_watch_closed(uv_handle_t *handle) { free(handle->data); }

static struct socket_watch *watch_find(struct dns_channel *channel, ares_socket_t socket) {
  for (struct socket_watch *watch = channel->watches; watch; watch = watch->next)
    if (watch->socket == socket && !watch->closing) return watch;
  return NULL;
}

static void watch_drop(struct dns_channel *channel, struct socket_watch *watch) {
  for (struct socket_watch **at = &channel->watches; *at; at = &(*at)->next) {
    if (*at != watch) continue;
    *at = watch->next;
    break;
  }
  watch->closing = true;
  uv_poll_stop(&watch->poll);
  uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

static struct socket_watch *watch_add(struct dns_channel *channel, ares_socket_t socket) {
  struct socket_watch *watch = mem_zalloc(1, sizeof *watch);
  watch->channel = channel;
  watch->socket = socket;
  watch->poll.data = watch;
  if (uv_poll_init(channel->loop, &watch->poll, socket) != 0) {
    free(watch);
    return NULL;
  }
  watch->next = channel->watches;
  channel->watches = watch;
  return watch;
}

static void on_socket_state(void *data, ares_socket_t socket, int readable, int writable) {
  struct dns_channel *channel = data;
  struct socket_watch *watch = watch_find(channel, socket);
  if (!readable && !writable) {
    if (watch) watch_drop(channel, watch);
    return;
  }
  if (!watch) watch = watch_add(channel, socket);
  if (watch) uv_poll_start(&watch->poll, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_readiness);
}

/* ---- questions ---- */

static enum dns_channel_status status_of(int status, const void *wire) {
  if (wire) return CHANNEL_ANSWERED;
  switch (status) {
  case ARES_ETIMEOUT: return CHANNEL_TIMEOUT;
  case ARES_ECONNREFUSED: return CHANNEL_UNREACHABLE;
  case ARES_EBADRESP:
  case ARES_EFORMERR: return CHANNEL_MALFORMED;
  default: return CHANNEL_FAILED;
  }
}

static void on_answer(void *argument, int status, int timeouts, unsigned char *wire, int length) {
  struct sending sending = *(struct sending *)argument;
  free(argument);
  sending.channel->under_way--;
  if (length <= 0 || sending.channel->closing) wire = NULL;
  enum dns_channel_status what = sending.channel->closing ? CHANNEL_CLOSED : status_of(status, wire);
  sending.channel->answered(sending.context, what, timeouts > 0 ? (unsigned)timeouts : 0, wire, wire ? (size_t)length : 0);
}

void dns_channel_send(struct dns_channel *channel, const void *wire, size_t length, void *context) {
  struct sending *sending = mem_alloc(sizeof *sending);
  *sending = (struct sending){ channel, context };
  channel->under_way++;
  ares_send(channel->ares, wire, (int)length, on_answer, sending);
}

void dns_channel_tick(struct dns_channel *channel) {
  if (channel->under_way) ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* ---- life ---- */

static bool set_server(struct dns_channel *channel) {
  struct ares_addr_port_node node = { .family = channel->address.family == 6 ? AF_INET6 : AF_INET };
  if (channel->address.family == 6) memcpy(&node.addr.addr6, channel->address.bytes, 16);
  else memcpy(&node.addr.addr4, channel->address.bytes, 4);
  node.udp_port = node.tcp_port = channel->port;
  return ares_set_servers_ports(channel->ares, &node) == ARES_SUCCESS;
}

/* Answers of every kind are wanted as they are (NOCHECKRESP), truncated ones too (IGNTC): dns.c says what becomes of them. Without its EDNS flag c-ares
 * cuts answers over UDP to 512 octets. */
static bool open_library(struct dns_channel *channel, unsigned tries, uint32_t first_try_ms) {
  static const int mode_flags[] = { [CHANNEL_EDNS] = ARES_FLAG_EDNS | ARES_FLAG_IGNTC, [CHANNEL_PLAIN] = ARES_FLAG_IGNTC, [CHANNEL_TCP] = ARES_FLAG_USEVC };
  struct ares_options options = {
    .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_STAYOPEN | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | mode_flags[channel->mode],
    .ednspsz = DNS_UDP_SIZE,
    .timeout = (int)(channel->mode == CHANNEL_TCP ? first_try_ms * ((1u << tries) - 1) : first_try_ms),
    .tries = channel->mode == CHANNEL_TCP ? 1 : (int)tries,
    .socket_receive_buffer_size = RECEIVE_BUFFER,
    .sock_state_cb = on_socket_state,
    .sock_state_cb_data = channel,
    .lookups = (char[]){ "b" },
  };
  int mask = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS;
  if (ares_init_options(&channel->ares, &options, mask) != ARES_SUCCESS) {
    channel->ares = NULL;
    return false;
  }
  return set_server(channel);
}

struct dns_channel *dns_channel_new(uv_loop_t *loop, const struct ip *address, uint16_t port, enum dns_channel_mode mode, unsigned tries, uint32_t first_try_ms,
                                    dns_channel_answered *answered) {
  struct dns_channel *channel = mem_zalloc(1, sizeof *channel);
  *channel = (struct dns_channel){ .loop = loop, .address = *address, .port = port, .mode = mode, .answered = answered };
  char text[IP_TEXT];
  ip_format(address, text);
  if (port == 53) snprintf(channel->server, sizeof channel->server, "%s", text);
  else snprintf(channel->server, sizeof channel->server, address->family == 6 ? "[%s]:%u" : "%s:%u", text, port);
  if (!open_library(channel, tries, first_try_ms)) {
    dns_channel_free(channel);
    return NULL;
  }
  return channel;
}

void dns_channel_free(struct dns_channel *channel) {
  channel->closing = true;
  if (channel->ares) ares_destroy(channel->ares);
  while (channel->watches) watch_drop(channel, channel->watches);
  free(channel);
}

bool dns_channel_is(const struct dns_channel *channel, const struct ip *address, uint16_t port, enum dns_channel_mode mode) {
  return channel->mode == mode && channel->port == port && ip_equal(&channel->address, address);
}

size_t dns_channel_under_way(const struct dns_channel *channel) { return channel->under_way; }
const char *dns_channel_server(const struct dns_channel *channel) { return channel->server; }
