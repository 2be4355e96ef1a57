#include "checks/observe/private.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "checks/observe/connect.h"
#include "checks/observe/host_budget.h"
#include "checks/observe/smtp_reply.h"
#include "checks/observe/smtp_self.h"
#include "checks/observe/tls_client.h"
#include "checks/observe/tls_hello.h"
#include "src/base/clock.h"
#include "src/base/ip.h"
#include "src/base/mem.h"
#include "src/base/name.h"

/* One conversation per question: connect, greeting, EHLO, STARTTLS, handshake, EHLO, QUIT. Never MAIL FROM. */

enum { READ_ROOM = 65536, MOST_AT_ONE_HOST = 2, MOST_AT_ONCE = 256, PAUSE_MS = 1000, TLS_ALERT_RECORD = 0x15, TLS_HANDSHAKE_RECORD = 0x16 };
/* In time-outs: a whole conversation; in halves of them: all that are held with one host, and a greeting, which good servers too delay by 6 s. */
enum { CONVERSATION_TIMES = 2, HOST_HALVES = 5, GREETING_HALVES = 3 };

struct conversation {
  struct smtp_observer *observer;
  struct conversation *next;
  uint64_t ticket;
  struct smtp_session *session;
  uv_tcp_t tcp;
  uv_timer_t timer;
  uv_connect_t connecting;
  bool tcp_open, again, helo, encrypted, tls_seen, dropped;
  unsigned closing;             /* handles whose close is under way */
  enum smtp_stage waiting;      /* for what */
  uint64_t began, stage_began, deadline; /* uv_now */
  struct ip address;
  uint16_t port;
  struct smtp_reply reply;
  SSL *ssl;
  struct tls_notes notes;
};

struct smtp_observer {
  uv_loop_t *loop;
  struct observe_options options;
  observer_answered *answered;
  void *owner;
  struct tls_client *tls;
  struct conversation *running, *first, *last; /* under way; waiting for their turn */
  size_t busy;                  /* conversations that have not answered yet */
  bool reachable, freed;
  struct host_budget *budget;
  char room[READ_ROOM];
};

static void conversation_begin(struct conversation *c);
static void start_waiting(struct smtp_observer *observer);
static void advance(struct conversation *c);
static void send_text(struct conversation *c, const char *text);

/* ---- life ---- */

static void observer_give_up(struct smtp_observer *observer) {
  if (!observer->freed || observer->running) return;
  tls_client_free(&observer->tls);
  host_budget_free(&observer->budget);
  free(observer);
}

static void conversation_free(struct conversation *c) {
  SSL_free(c->ssl);
  smtp_reply_release(&c->reply);
  if (c->session) observation_unref(&c->session->seen);
  free(c);
}

static void conversation_unlink(struct conversation *c) {
  for (struct conversation **at = &c->observer->running; *at; at = &(*at)->next) {
    if (*at != c) continue;
    *at = c->next;
    return;
  }
}

static void on_pause_over(uv_timer_t *timer) { conversation_begin(timer->data); }

static void on_closed(uv_handle_t *handle) {
  struct conversation *c = handle->data;
  struct smtp_observer *observer = c->observer;
  if (--c->closing > 0) return;
  if (c->again && !c->dropped) {
    c->tcp_open = false;
    uv_timer_start(&c->timer, on_pause_over, PAUSE_MS, 0);
    return;
  }
  conversation_unlink(c);
  conversation_free(c);
  observer_give_up(observer);
}

static void close_handle(struct conversation *c, uv_handle_t *handle) {
  if (uv_is_closing(handle)) return;
  c->closing++;
  uv_close(handle, on_closed);
}

static void conversation_close(struct conversation *c) {
  uv_timer_stop(&c->timer);
  if (c->tcp_open) close_handle(c, (uv_handle_t *)&c->tcp);
  if (!c->again) close_handle(c, (uv_handle_t *)&c->timer);
}

static uint32_t since(const struct conversation *c, uint64_t when) { return (uint32_t)(uv_now(c->observer->loop) - when); }

/* Hands the session over and takes the next from the queue. */
static void finish(struct conversation *c, enum smtp_ending ending) {
  struct smtp_observer *observer = c->observer;
  struct smtp_session *session = c->session;
  session->ending = ending;
  session->seen.time = clock_wall_ms();
  session->seen.elapsed_ms = since(c, c->began);
  if (c->ssl && !session->tls.established && c->waiting == SMTP_AT_HANDSHAKE) tls_client_describe(observer->tls, session->seen.arena, c->ssl, &c->notes, &session->tls);
  host_budget_spend(observer->budget, session->seen.question.name, uv_now(observer->loop), session->seen.elapsed_ms);
  c->session = NULL;
  c->again = false;
  conversation_close(c);
  observer->busy--;
  observer->answered(observer->owner, c->ticket, &session->seen);
  if (!observer->freed) start_waiting(observer);
}

/* A 4xx may pass: one more try after a pause, in what is left of the time. */
static void finish_temporary(struct conversation *c) {
  uint64_t now = uv_now(c->observer->loop);
  if (c->session->retried || now + PAUSE_MS >= c->deadline) {
    finish(c, SMTP_REJECTED_4XX);
    return;
  }
  smtp_session_clear(c->session); /* nothing of the first try may be taken for the second's */
  c->session->retried = true;
  c->again = true;
  conversation_close(c);
}

static void finish_reply(struct conversation *c, int code) {
  send_text(c, "QUIT\r\n");
  if (code / 100 == 4) finish_temporary(c);
  else finish(c, SMTP_REJECTED_5XX);
}

/* ---- time ---- */

static void on_time(uv_timer_t *timer) {
  struct conversation *c = timer->data;
  if (c->waiting == SMTP_AT_CONNECT) {
    c->session->connect = CONNECT_TIMEOUT;
    finish(c, SMTP_CONNECT_FAILED);
  } else finish(c, c->waiting == SMTP_AT_QUIT ? SMTP_DONE : SMTP_TIMED_OUT);
}

static void wait_for(struct conversation *c, enum smtp_stage stage) {
  uint64_t now = uv_now(c->observer->loop), stage_ms = c->observer->options.timeout_ms;
  if (stage == SMTP_AT_BANNER) stage_ms = stage_ms * GREETING_HALVES / 2;
  uint64_t left = c->deadline > now ? c->deadline - now : 0;
  c->waiting = stage;
  c->session->stage = stage;
  c->stage_began = now;
  smtp_reply_clear(&c->reply);
  uv_timer_start(&c->timer, on_time, left < stage_ms ? left : stage_ms, 0);
}

/* ---- sending ---- */

struct sending {
  uv_write_t request;
  char bytes[];
};

static void on_sent(uv_write_t *request, int status) {
  (void)status; /* a broken connection shows itself to the reader */
  free(request->data);
}

static void send_bytes(struct conversation *c, const char *bytes, size_t length) {
  uv_buf_t buf = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  int sent = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
  size_t done = sent > 0 ? (size_t)sent : 0;
  if (done == length || (sent < 0 && sent != UV_EAGAIN)) return;
  struct sending *sending = mem_alloc(sizeof *sending + length - done);
  memcpy(sending->bytes, bytes + done, length - done);
  sending->request.data = sending;
  buf = uv_buf_init(sending->bytes, (unsigned)(length - done));
  if (uv_write(&sending->request, (uv_stream_t *)&c->tcp, &buf, 1, on_sent) != 0) free(sending);
}

static void flush_tls(struct conversation *c) {
  char *bytes = NULL;
  BIO *out = SSL_get_wbio(c->ssl);
  long length = BIO_get_mem_data(out, &bytes);
  if (length > 0) send_bytes(c, bytes, (size_t)length);
  (void)BIO_reset(out);
}

static void send_text(struct conversation *c, const char *text) {
  if (!c->encrypted) {
    send_bytes(c, text, strlen(text));
    return;
  }
  ERR_clear_error();
  SSL_write(c->ssl, text, (int)strlen(text));
  flush_tls(c);
}

static void send_hello(struct conversation *c, const char *verb) {
  char name[NAME_TEXT];
  struct buf text = BUF_INIT(1200);
  smtp_self_name(c->observer->options.ehlo_name, &c->tcp, name);
  buf_printf(&text, "%s %s\r\n", verb, name);
  send_text(c, buf_string(&text));
  buf_release(&text);
}

/* ---- what the other side says ---- */

static const char *reply_text(struct conversation *c) { return arena_strndup(c->session->seen.arena, buf_string(&c->reply.text), c->reply.text.length); }

static void on_banner(struct conversation *c) {
  struct smtp_session *session = c->session;
  session->banner_code = c->reply.code;
  session->banner = reply_text(c);
  session->banner_ms = since(c, c->stage_began);
  if (c->reply.code != 220) {
    if (c->reply.code < 400) finish(c, SMTP_INVALID_REPLY); /* NNTP greets with 200 */
    else finish_reply(c, c->reply.code);
    return;
  }
  wait_for(c, SMTP_AT_EHLO);
  send_hello(c, "EHLO");
}

static void on_helo(struct conversation *c) {
  c->session->helo_code = c->reply.code;
  finish(c, SMTP_REJECTED_5XX);
}

static void on_ehlo(struct conversation *c) {
  struct smtp_session *session = c->session;
  if (c->helo) {
    on_helo(c);
    return;
  }
  session->ehlo_code = c->reply.code;
  session->ehlo = reply_text(c);
  session->ehlo_ms = since(c, c->stage_began);
  if (c->reply.code != 250) {
    if (c->reply.code / 100 == 4) {
      finish_temporary(c);
      return;
    }
    c->helo = true;
    wait_for(c, SMTP_AT_EHLO);
    send_hello(c, "HELO");
    return;
  }
  session->ehlo_complete = true;
  session->starttls_offered = smtp_reply_has_keyword(session->ehlo, "STARTTLS");
  session->starttls_masked = !session->starttls_offered && smtp_reply_has_mask(session->ehlo);
  if (!session->starttls_offered) {
    send_text(c, "QUIT\r\n");
    finish(c, SMTP_NO_STARTTLS);
    return;
  }
  wait_for(c, SMTP_AT_STARTTLS);
  send_text(c, session->seen.question.flags & SMTP_ASK_INJECT ? "STARTTLS\r\nNOOP\r\n" : "STARTTLS\r\n");
}

static void on_starttls(struct conversation *c) {
  struct smtp_session *session = c->session;
  session->starttls_code = c->reply.code;
  session->starttls = reply_text(c);
  session->starttls_ms = since(c, c->stage_began);
  if (c->reply.code != 220) {
    finish_reply(c, c->reply.code);
    return;
  }
  wait_for(c, SMTP_AT_HANDSHAKE);
  memset(&c->notes, 0, sizeof c->notes);
  c->tls_seen = false;
  if (session->seen.question.flags & SMTP_ASK_HELLO) {
    uint8_t hello[TLS_HELLO_ROOM];
    send_bytes(c, (const char *)hello, tls_hello_write(session->seen.question.flags, session->seen.question.name, hello));
    return;
  }
  c->ssl = tls_client_connection(c->observer->tls, session->seen.question.flags, session->seen.question.name, &c->notes);
  if (!c->ssl) finish(c, SMTP_TLS_FAILED);
  else advance(c);
}

/* All has been seen: QUIT is sent, and its reply is not waited for, unless it tells whether there is one reply too many. */
static void on_ehlo_tls(struct conversation *c) {
  c->session->tls_ehlo_code = c->reply.code;
  c->session->tls_ehlo = reply_text(c);
  if (c->reply.code >= 400) { /* Postfix refuses those without a client certificate here */
    finish_reply(c, c->reply.code);
    return;
  }
  c->session->starttls_again = smtp_reply_has_keyword(c->session->tls_ehlo, "STARTTLS");
  send_text(c, "QUIT\r\n");
  wait_for(c, SMTP_AT_QUIT);
  if (!(c->session->seen.question.flags & SMTP_ASK_INJECT)) finish(c, SMTP_DONE);
}

/* The reply after that to EHLO is QUIT's, or EHLO's when the first one was to the NOOP from before the handshake. */
static void on_quit(struct conversation *c) {
  c->session->injected = c->reply.code == 250;
  finish(c, SMTP_DONE);
}

static void on_reply(struct conversation *c) {
  c->session->bare_lf = c->session->bare_lf || c->reply.bare_lf;
  switch (c->waiting) {
  case SMTP_AT_BANNER: on_banner(c); break;
  case SMTP_AT_EHLO: on_ehlo(c); break;
  case SMTP_AT_STARTTLS: on_starttls(c); break;
  case SMTP_AT_EHLO_TLS: on_ehlo_tls(c); break;
  case SMTP_AT_QUIT: on_quit(c); break;
  case SMTP_AT_CONNECT: case SMTP_AT_HANDSHAKE: break;
  }
}

static void keep_partial(struct conversation *c) {
  if (c->waiting != SMTP_AT_BANNER) return;
  c->session->banner_code = c->reply.code;
  if (c->reply.text.length == 0 && c->reply.line_length > 0) {
    const char *nul = memchr(c->reply.line, '\0', c->reply.line_length);
    size_t length = nul ? (size_t)(nul - c->reply.line) : c->reply.line_length;
    c->session->banner = arena_strndup(c->session->seen.arena, c->reply.line, length < 200 ? length : 200);
  } else c->session->banner = reply_text(c);
}

/* Plain text, before or inside TLS. Stops where the conversation ends or TLS begins; returns what was taken. */
static size_t take_text(struct conversation *c, const char *bytes, size_t length) {
  size_t taken = 0;
  while (taken < length && c->session && !c->again && c->waiting != SMTP_AT_HANDSHAKE) {
    taken += smtp_reply_feed(&c->reply, bytes + taken, length - taken);
    if (c->reply.fault != SMTP_REPLY_GOOD) {
      keep_partial(c);
      finish(c, SMTP_INVALID_REPLY);
    } else if (c->reply.complete) on_reply(c);
  }
  return taken;
}

/* ---- TLS ---- */

static void on_established(struct conversation *c) {
  struct smtp_session *session = c->session;
  session->handshake_ms = since(c, c->stage_began);
  tls_client_describe(c->observer->tls, session->seen.arena, c->ssl, &c->notes, &session->tls);
  c->encrypted = true;
  wait_for(c, SMTP_AT_EHLO_TLS);
  send_hello(c, "EHLO");
}

/* A server that wants a client certificate says so in TLS 1.3 only after the handshake, by an alert. */
static void on_tls_failure(struct conversation *c) {
  struct tls_session *tls = &c->session->tls;
  flush_tls(c);
  if (c->waiting == SMTP_AT_HANDSHAKE) {
    finish(c, SMTP_TLS_FAILED);
    return;
  }
  tls->alert = arena_strdup(c->session->seen.arena, c->notes.alert);
  tls->client_certificate_requested = tls->client_certificate_requested || c->notes.client_certificate_requested;
  ERR_clear_error();
  finish(c, *c->notes.alert ? SMTP_TLS_FAILED : SMTP_CLOSED);
}

static void read_tls(struct conversation *c) {
  char bytes[4096];
  while (c->session && !c->again) {
    ERR_clear_error();
    int length = SSL_read(c->ssl, bytes, sizeof bytes);
    if (length > 0) {
      take_text(c, bytes, (size_t)length);
      continue;
    }
    int error = SSL_get_error(c->ssl, length);
    if (error == SSL_ERROR_WANT_READ) flush_tls(c);
    else on_tls_failure(c);
    return;
  }
}

/* Goes on with the handshake as far as the bytes allow. */
static void advance(struct conversation *c) {
  ERR_clear_error();
  int result = SSL_do_handshake(c->ssl);
  if (result == 1) {
    flush_tls(c);
    on_established(c);
    if (c->session) read_tls(c);
    return;
  }
  if (SSL_get_error(c->ssl, result) == SSL_ERROR_WANT_READ) flush_tls(c);
  else on_tls_failure(c);
}

static void take_tls(struct conversation *c, const char *bytes, size_t length) {
  if (length == 0) return;
  if (!c->tls_seen && bytes[0] != TLS_HANDSHAKE_RECORD && bytes[0] != TLS_ALERT_RECORD) {
    finish(c, SMTP_INVALID_REPLY);
    return;
  }
  c->tls_seen = true;
  BIO_write(SSL_get_rbio(c->ssl), bytes, (int)length);
  if (c->encrypted) read_tls(c);
  else advance(c);
}

/* The answer to a hello that is not carried through. It fits in what one read brings, but for servers that mean ill. */
static void take_hello(struct conversation *c, const char *bytes, size_t length) {
  struct tls_session *tls = &c->session->tls;
  const char *version = "", *suite = "";
  buf_bytes(&c->reply.text, bytes, length);
  enum tls_hello_answer answer = tls_hello_read(c->session->seen.question.flags, (const uint8_t *)buf_string(&c->reply.text), c->reply.text.length, &version, &suite);
  if (answer == TLS_HELLO_MORE && c->reply.text.length < TLS_HELLO_ROOM) return;
  tls->answered_hello = answer == TLS_HELLO_TAKEN;
  tls->version = version;
  tls->cipher = suite;
  finish(c, SMTP_TLS_FAILED);
}

/* ---- the connection ---- */

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf) {
  (void)wanted;
  struct conversation *c = handle->data;
  *buf = uv_buf_init(c->observer->room, READ_ROOM);
}

static void on_end(struct conversation *c) {
  if (c->waiting == SMTP_AT_BANNER) keep_partial(c);
  if (c->waiting == SMTP_AT_EHLO && c->helo) finish(c, SMTP_REJECTED_5XX);
  else if (c->waiting == SMTP_AT_HANDSHAKE && c->tls_seen) finish(c, SMTP_TLS_FAILED);
  else finish(c, c->waiting == SMTP_AT_QUIT ? SMTP_DONE : SMTP_CLOSED);
}

static void on_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *buf) {
  struct conversation *c = stream->data;
  if (!c->session || c->again || length == 0) return;
  if (length < 0) {
    on_end(c);
    return;
  }
  c->observer->reachable = true;
  size_t taken = 0, whole = (size_t)length;
  if (c->waiting != SMTP_AT_HANDSHAKE && !c->encrypted) taken = take_text(c, buf->base, whole);
  if (c->session && !c->again && c->waiting == SMTP_AT_HANDSHAKE && !c->ssl && taken < whole) take_hello(c, buf->base + taken, whole - taken);
  else if (c->session && !c->again && c->ssl && taken < whole) take_tls(c, buf->base + taken, whole - taken);
}

static void on_connected(uv_connect_t *request, int status) {
  struct conversation *c = request->data;
  if (status == UV_ECANCELED || !c->session || c->again) return;
  if (status != 0) {
    c->session->connect = connect_outcome_of(status, &c->address);
    c->session->connect_error = arena_strdup(c->session->seen.arena, uv_strerror(status));
    finish(c, SMTP_CONNECT_FAILED);
    return;
  }
  c->session->connect = CONNECT_OK;
  c->session->connect_ms = since(c, c->stage_began);
  wait_for(c, SMTP_AT_BANNER);
  uv_tcp_nodelay(&c->tcp, 1);
  uv_read_start((uv_stream_t *)&c->tcp, on_room, on_bytes);
}

static void conversation_connect(struct conversation *c) {
  struct sockaddr_storage to;
  socklen_t length = 0;
  ip_to_sockaddr(&c->address, c->port, &to, &length);
  uv_tcp_init(c->observer->loop, &c->tcp);
  c->tcp.data = c;
  c->tcp_open = true;
  c->connecting.data = c;
  int error = uv_tcp_connect(&c->connecting, &c->tcp, (const struct sockaddr *)&to, on_connected);
  if (error != 0) on_connected(&c->connecting, error);
}

/* A first or a second try. */
static void conversation_begin(struct conversation *c) {
  SSL_free(c->ssl);
  c->ssl = NULL;
  c->again = c->helo = c->encrypted = false;
  wait_for(c, SMTP_AT_CONNECT);
  conversation_connect(c);
}

static void on_begin(uv_timer_t *timer) {
  struct conversation *c = timer->data;
  const struct observe_options *options = &c->observer->options;
  const struct question *question = &c->session->seen.question;
  const char *address = question->server;
  c->port = question->type ? question->type : options->smtp_port ? options->smtp_port : 25;
  observe_redirect(options, question->name, &address, &c->port);
  c->began = uv_now(c->observer->loop);
  uint64_t left = host_budget_left(c->observer->budget, question->name, c->began, (uint64_t)options->timeout_ms * HOST_HALVES / 2);
  uint64_t whole = (uint64_t)options->timeout_ms * CONVERSATION_TIMES;
  c->deadline = c->began + (left < whole ? left : whole);
  if (left < options->timeout_ms / 2) {
    c->session->connect = CONNECT_NOT_TRIED;
    c->session->connect_error = "not tried: earlier conversations with this host took all the time that it is given";
    finish(c, SMTP_CONNECT_FAILED);
    return;
  }
  if (options->no_smtp || !ip_parse(address, &c->address)) {
    c->session->connect = options->no_smtp ? CONNECT_PROHIBITED : CONNECT_OTHER;
    finish(c, SMTP_CONNECT_FAILED);
    return;
  }
  c->session->seen.server = arena_printf(c->session->seen.arena, c->address.family == 6 ? "[%s]:%u" : "%s:%u", address, c->port);
  conversation_begin(c);
}

/* ---- turns ---- */

static bool has_turn(const struct smtp_observer *observer, const struct conversation *wanting) {
  size_t there = 0;
  for (const struct conversation *c = observer->running; c; c = c->next)
    if (c->session) there += strcmp(c->session->seen.question.name, wanting->session->seen.question.name) == 0;
  return there < MOST_AT_ONE_HOST;
}

static void start_waiting(struct smtp_observer *observer) {
  struct conversation **at = &observer->first, *before = NULL;
  while (*at && observer->busy < MOST_AT_ONCE) {
    struct conversation *c = *at;
    if (!has_turn(observer, c)) {
      before = c;
      at = &c->next;
      continue;
    }
    *at = c->next;
    if (observer->last == c) observer->last = before;
    c->next = observer->running;
    observer->running = c;
    observer->busy++;
    uv_timer_start(&c->timer, on_begin, 0, 0);
  }
}

void smtp_observer_ask(struct smtp_observer *observer, uint64_t ticket, const struct question *question) {
  struct conversation *c = mem_zalloc(1, sizeof *c);
  c->observer = observer;
  c->ticket = ticket;
  c->session = smtp_session_new(question);
  smtp_reply_init(&c->reply);
  uv_timer_init(observer->loop, &c->timer);
  c->timer.data = c;
  if (observer->last) observer->last->next = c;
  else observer->first = c;
  observer->last = c;
  start_waiting(observer);
}

bool smtp_observer_reachable(const struct smtp_observer *observer) { return observer->reachable; }

struct smtp_observer *smtp_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault) {
  (void)fault;
  struct smtp_observer *observer = mem_zalloc(1, sizeof *observer);
  observer->loop = loop;
  observer->options = *options;
  if (observer->options.timeout_ms == 0) observer->options.timeout_ms = 5000;
  observer->answered = answered;
  observer->owner = owner;
  observer->tls = tls_client_new(options->ca_file);
  observer->budget = host_budget_new();
  return observer;
}

void smtp_observer_free(struct smtp_observer **handle) {
  struct smtp_observer *observer = *handle;
  if (!observer) return;
  *handle = NULL;
  while (observer->first) { /* those that wait have a timer to close too */
    struct conversation *c = observer->first;
    observer->first = c->next;
    c->next = observer->running;
    observer->running = c;
  }
  observer->last = NULL;
  observer->freed = true;
  for (struct conversation *c = observer->running; c; c = c->next) {
    c->dropped = true;
    c->again = false;
    conversation_close(c);
  }
  observer_give_up(observer);
}
