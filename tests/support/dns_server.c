#include "tests/support/dns_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/lib.h"

enum { LARGEST = 65535, LIMIT = 10, LIMIT_MS = 10, REMEMBERED = 1024 };

struct dns_server {
  enum dns_behaviour behaviour;
  int udp, tcp, stop[2];
  char address[64];
  pthread_t thread;
  unsigned asked;               /* read by the test after the thread has been joined, or atomically */
  int64_t limit_from;
  unsigned limit_used;
  char *seen[REMEMBERED];       /* questions that had their first copy dropped */
  size_t seen_count;
  int held;                     /* a connection that is never answered; -1: none */
};

/* ---- messages ---- */

static void set_rr(struct arena *arena, struct dns_rr *rr, const char *owner, uint16_t type) {
  struct buf data = BUF_INIT(LARGEST);
  rr->owner = owner;
  rr->type = type;
  rr->ttl = 300;
  dns_rdata_encode(&data, rr);
  rr->data = arena_memdup(arena, buf_string(&data), data.length);
  rr->data_length = (uint16_t)data.length;
  buf_release(&data);
}

static struct dns_rr text_of(struct arena *arena, const char *owner, size_t length) {
  static const char record[] = "v=spf1 -all";
  struct dns_rr rr = { .type = DNS_TYPE_TXT };
  size_t strings = length / 255 + 1;
  char *text = arena_alloc(arena, length + 1);
  uint8_t *lengths = arena_alloc(arena, strings);
  for (size_t i = 0; i < length; i++) text[i] = record[i % (sizeof record - 1)];
  text[length] = '\0';
  for (size_t i = 0; i < strings; i++) lengths[i] = (uint8_t)(i + 1 < strings ? 255 : length % 255);
  rr.txt.bytes = text;
  rr.txt.lengths = lengths;
  rr.txt.length = (uint16_t)length;
  rr.txt.strings = (uint16_t)strings;
  set_rr(arena, &rr, owner, DNS_TYPE_TXT);
  return rr;
}

static struct dns_rr alias_of(struct arena *arena, const char *owner, const char *target) {
  struct dns_rr rr = { .target = target, .type = DNS_TYPE_CNAME };
  set_rr(arena, &rr, owner, DNS_TYPE_CNAME);
  return rr;
}

static struct dns_rr record_of(struct arena *arena, const char *owner, uint16_t type) {
  struct dns_rr rr = { .type = type };
  if (type == DNS_TYPE_TXT) return text_of(arena, owner, 11);
  if (type == DNS_TYPE_MX) {
    rr.mx.preference = 10;
    rr.mx.host = "mx.example";
  } else {
    rr.type = type = DNS_TYPE_A;
    rr.address = (struct ip){ .family = 4, .bytes = { 192, 0, 2, 1 } };
  }
  set_rr(arena, &rr, owner, type);
  return rr;
}

static void add(struct dns_message *message, struct arena *arena, struct dns_rr rr) {
  message->answer = arena_grow(arena, message->answer, message->answers, sizeof rr);
  message->answer[message->answers++] = rr;
}

static void add_thousand(struct dns_message *message, struct arena *arena) {
  for (unsigned i = 0; i < 1000; i++) {
    struct dns_rr rr = { .mx = { .preference = (uint16_t)i, .host = arena_printf(arena, "mx%u.example", i) } };
    set_rr(arena, &rr, message->question_name, DNS_TYPE_MX);
    add(message, arena, rr);
  }
}

/* The whole answer, as it would be over TCP. */
static void compose(const struct dns_server *server, struct arena *arena, const struct dns_message *query, struct dns_message *answer) {
  const char *name = query->question_name;
  *answer = (struct dns_message){ .id = query->id, .response = true, .recursion_available = true, .recursion_desired = query->recursion_desired,
                                  .question_name = name, .question_type = query->question_type, .edns = query->edns, .udp_size = 1232 };
  switch (server->behaviour) {
  case DNS_SAYS_NXDOMAIN: answer->rcode = DNS_RCODE_NXDOMAIN; return;
  case DNS_SAYS_NODATA: return;
  case DNS_SAYS_SERVFAIL: answer->rcode = DNS_RCODE_SERVFAIL; return;
  case DNS_SAYS_REFUSED: answer->rcode = DNS_RCODE_REFUSED; return;
  case DNS_SAYS_NOTIMP: answer->rcode = DNS_RCODE_NOTIMP; return;
  case DNS_SAYS_FORMERR: answer->rcode = DNS_RCODE_FORMERR; return;
  case DNS_CNAME_LOOP:
    add(answer, arena, alias_of(arena, name, "b.example"));
    add(answer, arena, alias_of(arena, "b.example", name));
    return;
  case DNS_CNAME_CHAIN:
    add(answer, arena, alias_of(arena, name, "b.example"));
    add(answer, arena, alias_of(arena, "b.example", "c.example"));
    add(answer, arena, record_of(arena, "c.example", query->question_type));
    return;
  case DNS_CNAME_ALONE: add(answer, arena, alias_of(arena, name, "b.example")); return;
  case DNS_BIG_TXT: add(answer, arena, text_of(arena, name, 65000)); return;
  case DNS_THOUSAND_MX: add_thousand(answer, arena); return;
  case DNS_LONG: add(answer, arena, text_of(arena, name, 900)); return;
  case DNS_NO_EDNS:
    answer->edns = false;
    if (query->edns) answer->rcode = DNS_RCODE_FORMERR;
    else add(answer, arena, text_of(arena, name, 400));
    return;
  case DNS_AUTHENTIC: answer->authenticated = true; break;
  default: break;
  }
  add(answer, arena, record_of(arena, name, query->question_type));
}

static bool always_truncates(enum dns_behaviour behaviour) {
  return behaviour == DNS_TRUNCATES || behaviour == DNS_TRUNCATES_NO_TCP || behaviour == DNS_TRUNCATES_SILENT_TCP ||
         behaviour == DNS_TRUNCATES_DRIPPING_TCP || behaviour == DNS_TRUNCATES_CUT_TCP;
}

/* Makes the bytes of a good message bad. */
static void spoil(enum dns_behaviour behaviour, struct buf *wire) {
  unsigned char *bytes = (unsigned char *)wire->data;
  switch (behaviour) {
  case DNS_GARBAGE: memset(bytes, 0xa5, wire->length); break;
  case DNS_BROKEN: bytes[7] = 200; break;
  case DNS_WRONG_ID: bytes[0] ^= 0x5a; break;
  case DNS_OTHER_QUESTION: bytes[13] = 'x'; break;
  case DNS_POINTER_LOOP: /* the owner of the record points to itself */
    for (size_t i = 12; i + 1 < wire->length; i++) {
      if (bytes[i] != 0xc0 || bytes[i + 1] != 0x0c) continue;
      bytes[i] = (unsigned char)(0xc0 | i >> 8);
      bytes[i + 1] = (unsigned char)(i & 0xff);
      break;
    }
    break;
  default: break;
  }
}

/* ---- UDP ---- */

static void send_answer(const struct dns_server *server, enum dns_behaviour as, const struct dns_message *answer, const struct sockaddr *to, socklen_t size) {
  struct buf wire = BUF_INIT(LARGEST);
  dns_write_message(&wire, answer);
  spoil(as, &wire);
  (void)!sendto(server->udp, buf_string(&wire), wire.length, 0, to, size);
  buf_release(&wire);
}

static bool is_first_copy(struct dns_server *server, const char *name) {
  for (size_t i = 0; i < server->seen_count; i++)
    if (strcmp(server->seen[i], name) == 0) return false;
  if (server->seen_count < REMEMBERED) server->seen[server->seen_count++] = mem_strdup(name);
  return true;
}

static bool is_over_limit(struct dns_server *server) {
  int64_t now = clock_monotonic_ms();
  if (now - server->limit_from >= LIMIT_MS) {
    server->limit_from = now;
    server->limit_used = 0;
  }
  return server->limit_used++ >= LIMIT;
}

static bool stays_silent(struct dns_server *server, const struct dns_message *query) {
  switch (server->behaviour) {
  case DNS_SILENT: return true;
  case DNS_LOSES_FIRST: return is_first_copy(server, query->question_name);
  case DNS_LIMITED: return is_over_limit(server);
  default: return false;
  }
}

static void answer_datagram(struct dns_server *server, const uint8_t *bytes, size_t length, const struct sockaddr *from, socklen_t size) {
  struct arena *arena = arena_new();
  struct dns_message query, answer;
  __atomic_add_fetch(&server->asked, 1, __ATOMIC_RELAXED);
  if (dns_parse(arena, bytes, length, &query) && query.question_name && !stays_silent(server, &query)) {
    compose(server, arena, &query, &answer);
    struct buf whole = BUF_INIT(LARGEST);
    dns_write_message(&whole, &answer);
    bool fits = whole.length <= (query.edns ? query.udp_size : 512u) && !always_truncates(server->behaviour);
    buf_release(&whole);
    if (!fits) {
      answer.truncated = true;
      answer.answers = 0;
    }
    if (server->behaviour == DNS_LIMITED_REFUSED && is_over_limit(server)) {
      answer.rcode = DNS_RCODE_REFUSED;
      answer.answers = 0;
    }
    enum dns_behaviour as = server->behaviour;
    if (as == DNS_WRONG_ID_FIRST || as == DNS_OTHER_QUESTION_FIRST) {
      send_answer(server, as == DNS_WRONG_ID_FIRST ? DNS_WRONG_ID : DNS_OTHER_QUESTION, &answer, from, size);
      as = DNS_GOOD;
    }
    if (as == DNS_ECHO) (void)!sendto(server->udp, bytes, length, 0, from, size);
    else send_answer(server, as, &answer, from, size);
  }
  arena_free(&arena);
}

/* ---- TCP: one message each way (RFC 1035 section 4.2.2) ---- */

static bool wait_stop(const struct dns_server *server, int ms) {
  struct pollfd stop = { .fd = server->stop[0], .events = POLLIN };
  return poll(&stop, 1, ms) > 0;
}

static void send_slowly(const struct dns_server *server, int fd, const char *bytes, size_t length) {
  for (size_t i = 0; i < length && !wait_stop(server, 50); i++)
    if (send(fd, bytes + i, 1, MSG_NOSIGNAL) != 1) return;
}

static void serve_stream(struct dns_server *server, int fd) {
  if (server->behaviour == DNS_SILENT && server->held < 0) {
    server->held = fd;
    return;
  }
  uint8_t bytes[2 + 512];
  ssize_t got = recv(fd, bytes, sizeof bytes, 0);
  struct arena *arena = arena_new();
  struct dns_message query, answer;
  if (server->behaviour == DNS_TRUNCATES_SILENT_TCP) wait_stop(server, 5000);
  else if (got > 2 && dns_parse(arena, bytes + 2, (size_t)got - 2, &query)) {
    struct buf wire = BUF_INIT(LARGEST + 2);
    buf_bytes(&wire, "\0\0", 2);
    compose(server, arena, &query, &answer);
    struct buf message = BUF_INIT(LARGEST);
    dns_write_message(&message, &answer);
    buf_bytes(&wire, buf_string(&message), message.length);
    wire.data[0] = (char)(message.length >> 8);
    wire.data[1] = (char)(message.length & 0xff);
    if (server->behaviour == DNS_TRUNCATES_DRIPPING_TCP) send_slowly(server, fd, wire.data, wire.length);
    else (void)!send(fd, wire.data, server->behaviour == DNS_TRUNCATES_CUT_TCP ? 20 : wire.length, MSG_NOSIGNAL);
    buf_release(&message);
    buf_release(&wire);
  }
  arena_free(&arena);
  close(fd);
}

/* ---- life ---- */

static void *serve(void *context) {
  struct dns_server *server = context;
  static _Thread_local uint8_t bytes[LARGEST];
  struct pollfd all[] = { { .fd = server->stop[0], .events = POLLIN }, { .fd = server->udp, .events = POLLIN }, { .fd = server->tcp, .events = POLLIN } };
  while (poll(all, 3, -1) > 0 && !all[0].revents) {
    struct sockaddr_storage from;
    socklen_t size = sizeof from;
    if (all[1].revents) {
      ssize_t got = recvfrom(server->udp, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
      if (got > 0) answer_datagram(server, bytes, (size_t)got, (struct sockaddr *)&from, size);
    }
    int fd = all[2].revents ? accept(server->tcp, NULL, NULL) : -1;
    if (fd >= 0) serve_stream(server, fd);
  }
  return NULL;
}

static int open_socket(int kind, bool ipv6, uint16_t port, uint16_t *out_port) {
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  int fd = socket(ipv6 ? AF_INET6 : AF_INET, kind | SOCK_CLOEXEC, 0), yes = 1;
  socklen_t size = ipv6 ? sizeof six : sizeof four;
  struct sockaddr *address = ipv6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (fd < 0 || bind(fd, address, size) != 0 || getsockname(fd, address, &size) != 0) {
    if (fd >= 0) close(fd);
    return -1;
  }
  *out_port = ntohs(ipv6 ? six.sin6_port : four.sin_port);
  return fd;
}

/* The same port for both; another try when TCP has it taken. */
static bool open_sockets(struct dns_server *server, bool ipv6) {
  uint16_t port, same;
  for (int tries = 0; tries < 20; tries++) {
    server->udp = open_socket(SOCK_DGRAM, ipv6, 0, &port);
    if (server->udp < 0) return false;
    server->tcp = open_socket(SOCK_STREAM, ipv6, port, &same);
    snprintf(server->address, sizeof server->address, ipv6 ? "[::1]:%u" : "127.0.0.1:%u", port);
    if (server->tcp >= 0) return true;
    close(server->udp);
  }
  return false;
}

struct dns_server *dns_server_start(enum dns_behaviour behaviour, bool ipv6) {
  struct dns_server *server = mem_zalloc(1, sizeof *server);
  server->behaviour = behaviour;
  server->held = -1;
  if (!open_sockets(server, ipv6)) {
    free(server);
    return NULL;
  }
  if (behaviour == DNS_TRUNCATES_NO_TCP) {
    close(server->tcp);
    server->tcp = -1;
  } else {
    listen(server->tcp, 16);
  }
  if (pipe(server->stop) != 0 || pthread_create(&server->thread, NULL, serve, server) != 0) abort();
  return server;
}

void dns_server_stop(struct dns_server *server) {
  close(server->stop[1]);
  pthread_join(server->thread, NULL);
  close(server->stop[0]);
  close(server->udp);
  if (server->tcp >= 0) close(server->tcp);
  if (server->held >= 0) close(server->held);
  for (size_t i = 0; i < server->seen_count; i++) free(server->seen[i]);
  free(server);
}

const char *dns_server_address(const struct dns_server *server) { return server->address; }
unsigned dns_server_asked(const struct dns_server *server) { return __atomic_load_n(&server->asked, __ATOMIC_RELAXED); }
