#include "checks/observe/private.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <uthash.h>

#include "src/base/buf.h"
#include "src/base/clock.h"
#include "src/base/intl.h"
#include "src/base/ip.h"
#include "src/base/mem.h"

enum {
  MOST_RESOLVERS = 8,
  EDNS_SIZE = 1232,
  TICK_MS = 20,
  WINDOW_FIRST = 64, WINDOW_LEAST = 16, WINDOW_FAST = 160 /* up to which it grows fast: what a server's socket buffer holds */, WINDOW_MOST = 600,
  TRIES = 4,          /* of one server: after 1, 2, 4 and 8 fifteenths of the time */
  MOST_ATTEMPTS = 3,
};

/* One c-ares channel speaks to exactly one server in one way, so that every answer has a server's name to it. */
struct channel {
  struct dns_observer *observer;
  ares_channel ares;
  char server[IP_TEXT + 8]; /* as shown */
  struct ip address;
  uint16_t port;
  bool tcp, udp_only, direct;
  size_t under_way;
  struct socket_watch *watches;
  struct channel *next;
};

struct socket_watch {
  uv_poll_t poll;
  struct channel *channel;
  ares_socket_t socket;
  bool closing;
  struct socket_watch *next;
};

struct asking {
  struct dns_observer *observer;
  struct channel *channel;
  uint64_t ticket;
  struct question question;  /* texts in `names` */
  struct arena *arena;
  int64_t asked;             /* monotonic */
  size_t resolver, attempts;
  struct asking *next;       /* in the queue */
};

struct dns_observer {
  uv_loop_t *loop;
  uv_timer_t *tick;
  bool ticking, closing;
  struct channel *resolvers[MOST_RESOLVERS];
  size_t resolver_count;
  struct channel *others;    /* direct servers, TCP */
  struct asking *first, *last; /* questions that wait for room in the window */
  size_t under_way, window, grown;
  bool slow_start, sending, patient;
  int64_t last_loss, last_answer;
  uint32_t timeout_ms;
  uint16_t direct_port;
  uint8_t random[512];
  size_t random_used;
  observer_answered *answered;
  void *owner;
};

/* ---- c-ares on the loop ---- */

static void on_readiness(uv_poll_t *poll, int status, int events) {
  struct socket_watch *watch = poll->data;
  ares_socket_t readable = status < 0 || events & UV_READABLE ? watch->socket : ARES_SOCKET_BAD;
  ares_socket_t writable = status < 0 || events & UV_WRITABLE ? watch->socket : ARES_SOCKET_BAD;
  ares_process_fd(watch->channel->ares, readable, writable);
}

static void on_watch_closed(uv_handle_t *handle) { free(handle->data); }

static struct socket_watch *watch_find(struct channel *channel, ares_socket_t socket) {
  for (struct socket_watch *watch = channel->watches; watch; watch = watch->next)
    if (watch->socket == socket && !watch->closing) return watch;
  return NULL;
}

static void watch_drop(struct channel *channel, struct socket_watch *watch) {
  for (struct socket_watch **at = &channel->watches; *at; at = &(*at)->next) {
    if (*at != watch) continue;
    *at = watch->next;
    break;
  }
  watch->closing = true;
  uv_poll_stop(&watch->poll);
  uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

static void on_socket_state(void *data, ares_socket_t socket, int readable, int writable) {
  struct channel *channel = data;
  struct socket_watch *watch = watch_find(channel, socket);
  if (!readable && !writable) {
    if (watch) watch_drop(channel, watch);
    return;
  }
  if (!watch) {
    watch = mem_zalloc(1, sizeof *watch);
    watch->channel = channel;
    watch->socket = socket;
    watch->poll.data = watch;
    if (uv_poll_init(channel->observer->loop, &watch->poll, socket) != 0) {
      free(watch);
      return;
    }
    watch->next = channel->watches;
    channel->watches = watch;
  }
  uv_poll_start(&watch->poll, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0), on_readiness);
}

/* ---- channels ---- */

static bool channel_set_server(struct channel *channel) {
  struct ares_addr_port_node node = { .family = channel->address.family == 6 ? AF_INET6 : AF_INET };
  if (channel->address.family == 6) memcpy(&node.addr.addr6, channel->address.bytes, 16);
  else memcpy(&node.addr.addr4, channel->address.bytes, 4);
  node.udp_port = node.tcp_port = channel->port;
  return ares_set_servers_ports(channel->ares, &node) == ARES_SUCCESS;
}

static void channel_free(struct channel *channel) {
  if (channel->ares) ares_destroy(channel->ares);
  while (channel->watches) watch_drop(channel, channel->watches);
  free(channel);
}

static struct channel *channel_new(struct dns_observer *observer, const struct ip *address, uint16_t port, uint16_t flags, size_t tries, int timeout_ms) {
  struct channel *channel = mem_zalloc(1, sizeof *channel);
  channel->observer = observer;
  channel->address = *address;
  channel->port = port;
  channel->tcp = flags & DNS_ASK_TCP;
  channel->udp_only = flags & DNS_ASK_UDP_ONLY;
  char text[IP_TEXT];
  ip_format(address, text);
  if (port == 53) snprintf(channel->server, sizeof channel->server, "%s", text);
  else snprintf(channel->server, sizeof channel->server, address->family == 6 ? "[%s]:%u" : "%s:%u", text, port);
  struct ares_options options = {
    .flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_STAYOPEN | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES |
             (channel->tcp ? ARES_FLAG_USEVC : 0) | (channel->udp_only ? ARES_FLAG_IGNTC : 0),
    .timeout = timeout_ms,
    .tries = (int)tries,
    .ednspsz = EDNS_SIZE,
    .socket_receive_buffer_size = 1 << 22,
    .sock_state_cb = on_socket_state,
    .sock_state_cb_data = channel,
    .lookups = (char[]){ "b" },
  };
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS;
  if (ares_init_options(&channel->ares, &options, mask) != ARES_SUCCESS) channel->ares = NULL;
  if (!channel->ares || !channel_set_server(channel)) {
    channel_free(channel);
    return NULL;
  }
  return channel;
}

/* The tries of one server share its part of the time, each twice as long as the one before. */
static int first_try_ms(const struct dns_observer *observer, size_t servers) {
  uint32_t part = observer->timeout_ms / (uint32_t)servers / ((1u << TRIES) - 1);
  return part < 20 ? 20 : (int)part;
}

static struct channel *channel_for(struct dns_observer *observer, const struct asking *asking) {
  const struct question *question = &asking->question;
  uint16_t mode = question->flags & (DNS_ASK_TCP | DNS_ASK_UDP_ONLY);
  struct ip address;
  uint16_t port = observer->direct_port;
  if (!*question->server) {
    struct channel *resolver = observer->resolvers[asking->resolver];
    if (!mode) return resolver;
    address = resolver->address;
    port = resolver->port;
  } else if (!ip_parse_endpoint(question->server, &address, &port)) {
    return NULL;
  }
  for (struct channel *at = observer->others; at; at = at->next)
    if (ip_equal(&at->address, &address) && at->port == port && at->tcp == !!(mode & DNS_ASK_TCP) && at->udp_only == !!(mode & DNS_ASK_UDP_ONLY)) return at;
  struct channel *channel = channel_new(observer, &address, port, mode, TRIES, first_try_ms(observer, 1));
  if (!channel) return NULL;
  channel->direct = true;
  channel->next = observer->others;
  observer->others = channel;
  return channel;
}

/* Channels to single servers are given up as soon as nothing is under way on them: a batch meets thousands of name servers. */
static void drop_idle_channels(struct dns_observer *observer) {
  for (struct channel **at = &observer->others; *at;) {
    struct channel *channel = *at;
    if (channel->under_way > 0) {
      at = &channel->next;
      continue;
    }
    *at = channel->next;
    channel_free(channel);
  }
}

/* ---- time ---- */

static void on_tick(uv_timer_t *timer) {
  struct dns_observer *observer = timer->data;
  for (size_t i = 0; i < observer->resolver_count; i++)
    if (observer->resolvers[i]->under_way) ares_process_fd(observer->resolvers[i]->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  for (struct channel *at = observer->others; at; at = at->next)
    if (at->under_way) ares_process_fd(at->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  drop_idle_channels(observer);
  if (observer->under_way == 0 && !observer->first && !observer->others) {
    uv_timer_stop(observer->tick);
    observer->ticking = false;
  }
}

static void start_ticking(struct dns_observer *observer) {
  if (observer->ticking) return;
  observer->ticking = true;
  uv_timer_start(observer->tick, on_tick, TICK_MS, TICK_MS);
}

/* ---- the window ---- */

static void window_answered(struct dns_observer *observer) {
  if (observer->window >= WINDOW_MOST) return;
  if (observer->slow_start && observer->window < WINDOW_FAST) {
    observer->window++;
  } else if (++observer->grown >= observer->window) {
    observer->grown = 0;
    observer->window++;
  }
}

static void window_lost(struct dns_observer *observer) {
  int64_t now = clock_monotonic_ms();
  observer->slow_start = false;
  if (now - observer->last_loss < 500) return;
  observer->last_loss = now;
  observer->window = observer->window / 2 < WINDOW_LEAST ? WINDOW_LEAST : observer->window / 2;
}

/* ---- asking ---- */

static uint16_t random_id(struct dns_observer *observer) {
  if (observer->random_used + 2 > sizeof observer->random) {
    if (getrandom(observer->random, sizeof observer->random, 0) != (ssize_t)sizeof observer->random) {
      uint64_t clock = uv_hrtime();
      memcpy(observer->random, &clock, sizeof clock);
    }
    observer->random_used = 0;
  }
  uint16_t id;
  memcpy(&id, observer->random + observer->random_used, sizeof id);
  observer->random_used += 2;
  return id;
}

static void asking_done(struct asking *asking, struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  uint64_t ticket = asking->ticket;
  answer->seen.time = clock_wall_ms();
  answer->seen.elapsed_ms = (uint32_t)(clock_monotonic_ms() - asking->asked);
  if (asking->channel) answer->seen.server = arena_strdup(answer->seen.arena, asking->channel->server);
  arena_free(&asking->arena);
  observer->answered(observer->owner, ticket, &answer->seen);
}

static void send_asking(struct asking *asking);
static void send_waiting(struct dns_observer *observer);

static enum dns_failure failure_of_status(int status) {
  switch (status) {
  case ARES_ETIMEOUT: return DNS_FAILURE_TIMEOUT;
  case ARES_ECONNREFUSED: return DNS_FAILURE_UNREACHABLE;
  case ARES_EBADRESP:
  case ARES_EFORMERR: return DNS_FAILURE_MALFORMED;
  default: return DNS_FAILURE_OTHER;
  }
}

static bool worth_another_resolver(const struct asking *asking, const struct dns_answer *answer) {
  if (*asking->question.server || asking->resolver + 1 >= asking->observer->resolver_count) return false;
  return answer->outcome == DNS_FAILED && answer->failure != DNS_FAILURE_CNAME_LOOP && answer->failure != DNS_FAILURE_REFERRAL;
}

/* In a batch a question may be lost by our own doing, or to a server that limits its rate: while others are answered it is asked again before it
 * counts as one that could not be looked up. */
static bool worth_asking_again(struct asking *asking, const struct dns_answer *answer) {
  const struct dns_observer *observer = asking->observer;
  bool alive = observer->last_answer > asking->asked;
  return observer->patient && alive && answer->failure == DNS_FAILURE_TIMEOUT && !*asking->question.server && ++asking->attempts < MOST_ATTEMPTS;
}

void dns_observer_be_patient(struct dns_observer *observer) { observer->patient = true; }

static void queue_asking(struct dns_observer *observer, struct asking *asking) {
  asking->next = NULL;
  if (observer->last) observer->last->next = asking;
  else observer->first = asking;
  observer->last = asking;
}

static void on_answer(void *argument, int status, int timeouts, unsigned char *wire, int length) {
  struct asking *asking = argument;
  struct dns_observer *observer = asking->observer;
  struct channel *channel = asking->channel;
  bool resolver = !*asking->question.server;
  channel->under_way--;
  if (resolver) observer->under_way--;
  if (observer->closing || status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) {
    arena_free(&asking->arena);
    return;
  }
  if (resolver && wire) observer->last_answer = clock_monotonic_ms();
  if (resolver && timeouts > 0) window_lost(observer);
  else if (resolver && wire) window_answered(observer);
  struct dns_answer *answer = dns_answer_new(&asking->question);
  if (wire && length > 0) dns_answer_read(answer, wire, (size_t)length);
  else dns_answer_fail(answer, failure_of_status(status));
  answer->tcp = channel->tcp;
  if (worth_another_resolver(asking, answer)) {
    observation_unref(&answer->seen);
    asking->resolver++;
    queue_asking(observer, asking);
  } else if (worth_asking_again(asking, answer)) {
    observation_unref(&answer->seen);
    asking->resolver = 0;
    queue_asking(observer, asking);
  } else {
    asking_done(asking, answer);
  }
  send_waiting(observer);
}

static void send_asking(struct asking *asking) {
  struct dns_observer *observer = asking->observer;
  const struct question *question = &asking->question;
  struct buf wire = BUF_INIT(1024);
  struct dns_query query = {
    .id = random_id(observer), .name = question->name, .type = question->type,
    .recursion_desired = !*question->server || question->flags & DNS_ASK_RD,
    .checking_disabled = question->flags & DNS_ASK_CD,
    .dnssec_ok = question->flags & DNS_ASK_DO,
    .udp_size = question->flags & DNS_ASK_PLAIN ? 0 : EDNS_SIZE,
  };
  asking->channel = channel_for(observer, asking);
  if (!asking->channel || !dns_write_query(&wire, &query)) {
    struct dns_answer *answer = dns_answer_new(question);
    dns_answer_fail(answer, asking->channel ? DNS_FAILURE_OTHER : DNS_FAILURE_UNREACHABLE);
    buf_release(&wire);
    asking_done(asking, answer);
    return;
  }
  asking->channel->under_way++;
  if (!*question->server) observer->under_way++;
  ares_send(asking->channel->ares, (const unsigned char *)buf_string(&wire), (int)wire.length, on_answer, asking);
  buf_release(&wire);
}

/* c-ares may call back inside ares_send, and an answer may make room: one filler at a time. */
static void send_waiting(struct dns_observer *observer) {
  if (observer->sending) return;
  observer->sending = true;
  while (observer->first && observer->under_way < observer->window) {
    struct asking *asking = observer->first;
    observer->first = asking->next;
    if (!observer->first) observer->last = NULL;
    send_asking(asking);
  }
  observer->sending = false;
  start_ticking(observer);
}

static void on_send_soon(uv_timer_t *timer) {
  struct dns_observer *observer = timer->data;
  observer->ticking = false;
  send_waiting(observer);
}

/* The first bytes leave at the next turn of the loop, so that no answer can come from inside the asking. */
void dns_observer_ask(struct dns_observer *observer, uint64_t ticket, const struct question *question) {
  struct arena *arena = arena_new_sized(384);
  struct asking *asking = ARENA_NEW(arena, struct asking);
  asking->observer = observer;
  asking->arena = arena;
  asking->ticket = ticket;
  asking->question = *question;
  asking->question.name = arena_strdup(arena, question->name);
  asking->question.server = *question->server ? arena_strdup(arena, question->server) : "";
  asking->question.path = "";
  asking->asked = clock_monotonic_ms();
  queue_asking(observer, asking);
  if (observer->sending) return;
  uv_timer_start(observer->tick, on_send_soon, 0, 0);
  observer->ticking = true;
}

/* ---- life ---- */

static bool add_resolver(struct dns_observer *observer, const struct ip *address, uint16_t port, size_t servers) {
  struct channel *channel = channel_new(observer, address, port, 0, TRIES, first_try_ms(observer, servers));
  if (!channel) return false;
  observer->resolvers[observer->resolver_count++] = channel;
  return true;
}

static size_t read_resolvers(const char *list, struct ip *addresses, uint16_t *ports, struct fault *fault) {
  size_t count = 0;
  while (*list && count < MOST_RESOLVERS) {
    char one[IP_TEXT + 12];
    size_t length = strcspn(list, ",");
    ports[count] = 53;
    if (length >= sizeof one) length = sizeof one - 1;
    memcpy(one, list, length);
    one[length] = '\0';
    if (!ip_parse_endpoint(one, &addresses[count], &ports[count])) {
      fault_set(fault, _("\"%s\" is not the address of a DNS server. Give an IP address, with :PORT after it if it is not 53"), one);
      return 0;
    }
    count++;
    list += length;
    if (*list == ',') list++;
  }
  if (count == 0) fault_set(fault, _("No DNS server was given"));
  return count;
}

static size_t system_resolvers(struct ip *addresses, uint16_t *ports) {
  ares_channel probe;
  struct ares_addr_port_node *servers = NULL;
  size_t count = 0;
  if (ares_init(&probe) != ARES_SUCCESS) return 0;
  if (ares_get_servers_ports(probe, &servers) == ARES_SUCCESS) {
    for (struct ares_addr_port_node *at = servers; at && count < MOST_RESOLVERS; at = at->next, count++) {
      addresses[count] = (struct ip){ .family = at->family == AF_INET6 ? 6 : 4 };
      if (at->family == AF_INET6) memcpy(addresses[count].bytes, &at->addr.addr6, 16);
      else memcpy(addresses[count].bytes, &at->addr.addr4, 4);
      ports[count] = at->udp_port ? (uint16_t)at->udp_port : 53;
    }
    ares_free_data(servers);
  }
  ares_destroy(probe);
  return count;
}

struct dns_observer *dns_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault) {
  struct ip addresses[MOST_RESOLVERS];
  uint16_t ports[MOST_RESOLVERS];
  size_t count = options->resolvers ? read_resolvers(options->resolvers, addresses, ports, fault) : system_resolvers(addresses, ports);
  if (count == 0) {
    if (!options->resolvers) fault_set(fault, _("This computer has no DNS server set. Give one with --resolver"));
    return NULL;
  }
  struct dns_observer *observer = mem_zalloc(1, sizeof *observer);
  observer->loop = loop;
  observer->tick = mem_zalloc(1, sizeof *observer->tick);
  uv_timer_init(loop, observer->tick);
  observer->tick->data = observer;
  observer->timeout_ms = options->timeout_ms ? options->timeout_ms : 5000;
  observer->direct_port = options->dns_port ? options->dns_port : 53;
  observer->window = WINDOW_FIRST;
  observer->slow_start = true;
  observer->random_used = sizeof observer->random;
  observer->answered = answered;
  observer->owner = owner;
  for (size_t i = 0; i < count; i++) {
    if (add_resolver(observer, &addresses[i], ports[i], count)) continue;
    fault_set(fault, _("The DNS library could not be started"));
    dns_observer_free(&observer);
    return NULL;
  }
  return observer;
}

static void on_handle_closed(uv_handle_t *handle) { free(handle); }

void dns_observer_free(struct dns_observer **observer) {
  struct dns_observer *old = *observer;
  if (!old) return;
  *observer = NULL;
  old->closing = true;
  for (size_t i = 0; i < old->resolver_count; i++) channel_free(old->resolvers[i]);
  while (old->others) {
    struct channel *next = old->others->next;
    channel_free(old->others);
    old->others = next;
  }
  while (old->first) {
    struct asking *next = old->first->next;
    arena_free(&old->first->arena);
    old->first = next;
  }
  uv_timer_stop(old->tick);
  uv_close((uv_handle_t *)old->tick, on_handle_closed);
  free(old);
}

/* ---- what other observers and the program ask about the resolvers ---- */

bool dns_observer_loopback_only(const struct dns_observer *observer) {
  for (size_t i = 0; i < observer->resolver_count; i++)
    if (!ip_is_loopback(&observer->resolvers[i]->address)) return false;
  return observer->resolver_count > 0;
}

const char *dns_observer_first_server(const struct dns_observer *observer) { return observer->resolvers[0]->server; }
