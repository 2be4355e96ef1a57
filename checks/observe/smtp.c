#include "checks/observe/smtp_private.h"

#include <stdlib.h>
#include <string.h>

#include "checks/observe/connect.h"
#include "checks/observe/host_budget.h"
#include "src/base/clock.h"
#include "src/base/mem.h"

enum { READ_ROOM = 65536, MOST_AT_ONE_HOST = 2, MOST_AT_ONCE = 256, PAUSE_MS = 1000, SHORTLY_MS = 10 };
/* In time-outs: a whole conversation; in halves of them: all that are held with one host, and a greeting, which good servers too delay by 6 s. */
enum { CONVERSATION_TIMES = 2, HOST_HALVES = 5, GREETING_HALVES = 3 };

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

const struct observe_options *conversation_options(const struct conversation *c) { return &c->observer->options; }
struct tls_client *conversation_tls(const struct conversation *c) { return c->observer->tls; }

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

void conversation_closed(struct conversation *c) {
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

static void on_closed(uv_handle_t *handle) { conversation_closed(handle->data); }

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

uint32_t conversation_since(const struct conversation *c, uint64_t when) { return (uint32_t)(uv_now(c->observer->loop) - when); }

void conversation_finish(struct conversation *c, enum smtp_ending ending) {
  struct smtp_observer *observer = c->observer;
  struct smtp_session *session = c->session;
  session->ending = ending;
  session->seen.time = clock_wall_ms();
  session->seen.elapsed_ms = conversation_since(c, c->began);
  bool half_way = c->ssl && !c->described && c->waiting == SMTP_AT_HANDSHAKE && !(session->seen.question.flags & SMTP_ASK_FLIGHT);
  if (half_way) tls_client_describe(observer->tls, session->seen.arena, c->ssl, &c->notes, &session->tls);
  host_budget_spend(observer->budget, session->seen.question.name, uv_now(observer->loop), session->seen.elapsed_ms);
  c->session = NULL;
  c->again = false;
  conversation_close(c);
  observer->busy--;
  observer->answered(observer->owner, c->ticket, &session->seen);
  if (!observer->freed) start_waiting(observer);
}

void conversation_finish_temporary(struct conversation *c) {
  uint64_t now = uv_now(c->observer->loop);
  if (c->session->retried || now + PAUSE_MS >= c->deadline) {
    conversation_finish(c, SMTP_REJECTED_4XX);
    return;
  }
  smtp_session_clear(c->session); /* nothing of the first try may be taken for the second's */
  c->session->retried = true;
  c->again = true;
  conversation_close(c);
}

/* ---- time ---- */

static void on_time(uv_timer_t *timer) {
  struct conversation *c = timer->data;
  if (c->working) { /* what the server sent is there already */
    uv_timer_start(timer, on_time, SHORTLY_MS, 0);
    return;
  }
  if (c->waiting == SMTP_AT_CONNECT) {
    c->session->connect = CONNECT_TIMEOUT;
    conversation_finish(c, SMTP_CONNECT_FAILED);
  } else conversation_finish(c, c->waiting == SMTP_AT_QUIT ? SMTP_DONE : SMTP_TIMED_OUT);
}

void conversation_wait_for(struct conversation *c, enum smtp_stage stage) {
  uint64_t now = uv_now(c->observer->loop), stage_ms = c->observer->options.timeout_ms;
  if (stage == SMTP_AT_BANNER) stage_ms = stage_ms * GREETING_HALVES / 2;
  uint64_t left = c->deadline > now ? c->deadline - now : 0;
  c->waiting = stage;
  c->session->stage = stage;
  c->stage_began = now;
  smtp_reply_clear(&c->reply);
  uv_timer_start(&c->timer, on_time, left < stage_ms ? left : stage_ms, 0);
}

/* ---- the connection ---- */

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf) {
  (void)wanted;
  struct conversation *c = handle->data;
  *buf = uv_buf_init(c->observer->room, READ_ROOM);
}

static void on_end(struct conversation *c) {
  if (c->waiting == SMTP_AT_BANNER) conversation_keep_partial(c);
  if (c->waiting == SMTP_AT_EHLO && c->helo) conversation_finish(c, SMTP_REJECTED_5XX);
  else if (c->waiting == SMTP_AT_HANDSHAKE && c->tls_seen) conversation_finish(c, SMTP_TLS_FAILED);
  else conversation_finish(c, c->waiting == SMTP_AT_QUIT ? SMTP_DONE : SMTP_CLOSED);
}

static void on_bytes(uv_stream_t *stream, ssize_t length, const uv_buf_t *buf) {
  struct conversation *c = stream->data;
  if (!conversation_is_on(c) || length == 0) return;
  if (length < 0) {
    on_end(c);
    return;
  }
  c->observer->reachable = true;
  size_t taken = 0, whole = (size_t)length;
  if (c->waiting != SMTP_AT_HANDSHAKE && !c->encrypted) taken = conversation_take_text(c, buf->base, whole);
  if (taken < whole && conversation_is_on(c) && (c->waiting == SMTP_AT_HANDSHAKE || c->encrypted)) conversation_take_tls(c, buf->base + taken, whole - taken);
}

void conversation_read(struct conversation *c) { uv_read_start((uv_stream_t *)&c->tcp, on_room, on_bytes); }

static void on_connected(uv_connect_t *request, int status) {
  struct conversation *c = request->data;
  if (status == UV_ECANCELED || !c->session || c->again) return;
  if (status != 0) {
    c->session->connect = connect_outcome_of(status, &c->address);
    c->session->connect_error = arena_strdup(c->session->seen.arena, uv_strerror(status));
    conversation_finish(c, SMTP_CONNECT_FAILED);
    return;
  }
  c->session->connect = CONNECT_OK;
  c->session->connect_ms = conversation_since(c, c->stage_began);
  conversation_wait_for(c, SMTP_AT_BANNER);
  uv_tcp_nodelay(&c->tcp, 1);
  conversation_read(c);
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
  conversation_wait_for(c, SMTP_AT_CONNECT);
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
    conversation_finish(c, SMTP_CONNECT_FAILED);
    return;
  }
  if (options->no_smtp || !ip_parse(address, &c->address)) {
    c->session->connect = options->no_smtp ? CONNECT_PROHIBITED : CONNECT_OTHER;
    conversation_finish(c, SMTP_CONNECT_FAILED);
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
    c->closing += c->working;
    conversation_close(c);
  }
  observer_give_up(observer);
}
