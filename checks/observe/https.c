#include "checks/observe/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "checks/observe/connect.h"
#include "checks/observe/curl_library.h"
#include "checks/observe/tls_client.h"
#include "src/base/clock.h"
#include "src/base/ctype.h"
#include "src/base/ip.h"
#include "src/base/mem.h"
#include "src/base/text.h"

/* One GET per question. The host is resolved by the run's own resolver: first A and AAAA, then libcurl is told the addresses. */

enum { MOST_AT_ONCE = 64, MOST_ADDRESSES = 8, TIMES_IN_ALL = 2, REGISTRY_MS = 3000, HEADER_KEPT = 1024, HEADERS_MOST = 65536 };

struct fetch {
  struct https_observer *observer;
  struct fetch *next;
  uint64_t ticket;
  struct https_reply *reply;
  CURL *easy;
  struct curl_slist *resolve, *connect_to;
  struct buf body, addresses;      /* "192.0.2.1,[2001:db8::1]" */
  size_t header_octets;
  struct ip first;                 /* one of them, for what a connection error means */
  size_t address_count;
  unsigned lookups;                /* answers that are not there yet */
  bool lookup_failed, described, too_large, tls_begun; /* TLS is begun on a connection that stands */
  int64_t began;                   /* monotonic */
  struct tls_notes notes;
  char error[CURL_ERROR_SIZE];
};

struct https_observer {
  uv_loop_t *loop;
  struct observe_options options;
  struct observers *observers;
  observer_answered *answered;
  void *owner;
  struct tls_client *tls;
  struct curl_library curl;        /* loaded with the first request */
  CURLM *multi;
  uv_timer_t timer, kick;          /* libcurl's; starts what was asked for */
  unsigned closing;
  struct fetch *running, *first, *last;
  size_t busy;
  bool reachable, started, freed;
};

struct watch {
  uv_poll_t poll;
  struct https_observer *observer;
  curl_socket_t socket;
};

static void start_waiting(struct https_observer *observer);

/* ---- the end of a fetch ---- */

static void fetch_free(struct fetch *fetch) {
  if (fetch->easy) {
    fetch->observer->curl.multi_remove_handle(fetch->observer->multi, fetch->easy);
    fetch->observer->curl.easy_cleanup(fetch->easy);
  }
  if (fetch->resolve) fetch->observer->curl.slist_free_all(fetch->resolve);
  if (fetch->connect_to) fetch->observer->curl.slist_free_all(fetch->connect_to);
  buf_release(&fetch->body);
  buf_release(&fetch->addresses);
  if (fetch->reply) observation_unref(&fetch->reply->seen);
  free(fetch);
}

static void finish(struct fetch *fetch, enum https_ending ending) {
  struct https_observer *observer = fetch->observer;
  struct https_reply *reply = fetch->reply;
  reply->ending = ending;
  reply->error = text_safe_string(reply->seen.arena, fetch->error);
  reply->body = arena_strndup(reply->seen.arena, buf_string(&fetch->body), fetch->body.length);
  reply->body_length = fetch->body.length;
  reply->seen.time = clock_wall_ms();
  reply->seen.elapsed_ms = (uint32_t)(clock_monotonic_ms() - fetch->began);
  if (*fetch->notes.alert && !*reply->tls.alert) reply->tls.alert = arena_strdup(reply->seen.arena, fetch->notes.alert);
  for (struct fetch **at = &observer->running; *at; at = &(*at)->next) {
    if (*at != fetch) continue;
    *at = fetch->next;
    break;
  }
  observer->busy--;
  uint64_t ticket = fetch->ticket;
  fetch->reply = NULL;
  fetch_free(fetch);
  observer->answered(observer->owner, ticket, &reply->seen);
}

/* ---- what libcurl hands over ---- */

static void describe(struct fetch *fetch) {
  struct curl_tlssessioninfo *session = NULL;
  if (fetch->described || fetch->observer->curl.easy_getinfo(fetch->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals) return;
  fetch->described = true;
  tls_client_describe(fetch->observer->tls, fetch->reply->seen.arena, session->internals, &fetch->notes, &fetch->reply->tls);
}

static const char *header_value(struct arena *arena, const char *line, size_t length, const char *name) {
  size_t at = strlen(name);
  if (length <= at || strncasecmp(line, name, at) != 0) return NULL;
  while (at < length && is_wsp(line[at])) at++;
  while (length > at && is_space(line[length - 1])) length--;
  return text_safe_copy(arena, line + at, length - at > HEADER_KEPT ? HEADER_KEPT : length - at);
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
  struct fetch *fetch = context;
  struct arena *arena = fetch->reply->seen.arena;
  describe(fetch);
  fetch->header_octets += size * count;
  if (fetch->header_octets > HEADERS_MOST) return 0;
  const char *type = header_value(arena, line, size * count, "content-type:");
  const char *location = header_value(arena, line, size * count, "location:");
  if (type) fetch->reply->content_type = type;
  if (location) fetch->reply->location = location;
  return size * count;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
  struct fetch *fetch = context;
  size_t most = https_body_most(fetch->reply->seen.question.flags);
  buf_bytes(&fetch->body, bytes, fetch->body.length + size * count > most ? most - fetch->body.length : size * count);
  fetch->too_large = fetch->body.length == most;
  return fetch->too_large ? 0 : size * count;
}

static CURLcode on_context(CURL *easy, void *context, void *argument) {
  (void)easy;
  struct fetch *fetch = argument;
  fetch->tls_begun = true;
  memset(&fetch->notes, 0, sizeof fetch->notes);
  tls_client_prepare(context, &fetch->notes);
  return CURLE_OK;
}

/* ---- outcomes ---- */

static enum https_ending ending_of(struct fetch *fetch, CURLcode code, bool connected) {
  switch (code) {
  case CURLE_OK: return HTTPS_DONE;
  case CURLE_WRITE_ERROR: return fetch->too_large ? HTTPS_TOO_LARGE : HTTPS_BROKEN;
  case CURLE_COULDNT_CONNECT: case CURLE_COULDNT_RESOLVE_HOST: return HTTPS_CONNECT_FAILED;
  case CURLE_OPERATION_TIMEDOUT: return connected ? HTTPS_TIMED_OUT : HTTPS_CONNECT_FAILED;
  case CURLE_SSL_CONNECT_ERROR: case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CIPHER: case CURLE_SSL_CERTPROBLEM: return HTTPS_TLS_FAILED;
  default: return connected ? HTTPS_BROKEN : HTTPS_CONNECT_FAILED;
  }
}

static void set_error(struct fetch *fetch, const char *words) {
  struct buf text = BUF_INIT(sizeof fetch->error - 1);
  buf_text(&text, words);
  memcpy(fetch->error, buf_string(&text), text.length + 1);
  buf_release(&text);
}

static void settle(struct fetch *fetch, CURLcode code) {
  struct https_reply *reply = fetch->reply;
  curl_off_t connect_time = 0;
  long status = 0, error = 0;
  char *address = NULL;
  fetch->observer->curl.easy_getinfo(fetch->easy, CURLINFO_CONNECT_TIME_T, &connect_time);
  fetch->observer->curl.easy_getinfo(fetch->easy, CURLINFO_RESPONSE_CODE, &status);
  fetch->observer->curl.easy_getinfo(fetch->easy, CURLINFO_OS_ERRNO, &error);
  fetch->observer->curl.easy_getinfo(fetch->easy, CURLINFO_PRIMARY_IP, &address);
  bool connected = code == CURLE_OK || code == CURLE_SSL_CONNECT_ERROR || connect_time > 0 || fetch->tls_begun;
  reply->status = (int)status;
  if (address && *address) reply->seen.server = text_safe_string(reply->seen.arena, address);
  if (connected) {
    reply->connect = CONNECT_OK;
    fetch->observer->reachable = true;
  } else if (code == CURLE_OPERATION_TIMEDOUT) reply->connect = CONNECT_TIMEOUT;
  else reply->connect = error ? connect_outcome_of(uv_translate_sys_error((int)error), &fetch->first) : CONNECT_OTHER;
  if (fetch->header_octets > HEADERS_MOST) set_error(fetch, "more than 64 KiB of headers");
  else if (!*fetch->error && code != CURLE_OK) set_error(fetch, fetch->observer->curl.easy_strerror(code));
  finish(fetch, ending_of(fetch, code, connected));
}

static void take_finished(struct https_observer *observer) {
  int left = 0;
  for (CURLMsg *message = observer->curl.multi_info_read(observer->multi, &left); message && !observer->freed; message = observer->curl.multi_info_read(observer->multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    struct fetch *fetch = NULL;
    CURLcode code = message->data.result;
    observer->curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &fetch);
    settle(fetch, code);
  }
  if (!observer->freed) start_waiting(observer);
}

/* ---- libcurl on the loop ---- */

static void on_watch_closed(uv_handle_t *handle) { free(handle->data); }

static void on_readiness(uv_poll_t *poll, int status, int events) {
  struct watch *watch = poll->data;
  struct https_observer *observer = watch->observer;
  int running = 0, flags = status < 0 ? CURL_CSELECT_ERR : 0;
  if (events & UV_READABLE) flags |= CURL_CSELECT_IN;
  if (events & UV_WRITABLE) flags |= CURL_CSELECT_OUT;
  observer->curl.multi_socket_action(observer->multi, watch->socket, flags, &running);
  take_finished(observer);
}

static int on_socket(CURL *easy, curl_socket_t socket, int action, void *context, void *socket_context) {
  (void)easy;
  struct https_observer *observer = context;
  struct watch *watch = socket_context;
  if (action == CURL_POLL_REMOVE) {
    if (!watch) return 0;
    observer->curl.multi_assign(observer->multi, socket, NULL);
    uv_poll_stop(&watch->poll);
    uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
    return 0;
  }
  if (!watch) {
    watch = mem_zalloc(1, sizeof *watch);
    watch->observer = observer;
    watch->socket = socket;
    if (uv_poll_init_socket(observer->loop, &watch->poll, socket) != 0) {
      free(watch);
      return -1;
    }
    watch->poll.data = watch;
    observer->curl.multi_assign(observer->multi, socket, watch);
  }
  uv_poll_start(&watch->poll, (action & CURL_POLL_IN ? UV_READABLE : 0) | (action & CURL_POLL_OUT ? UV_WRITABLE : 0), on_readiness);
  return 0;
}

static void on_time(uv_timer_t *timer) {
  struct https_observer *observer = timer->data;
  int running = 0;
  observer->curl.multi_socket_action(observer->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  take_finished(observer);
}

static int on_timer(CURLM *multi, long timeout_ms, void *context) {
  (void)multi;
  struct https_observer *observer = context;
  if (observer->freed) return 0;
  if (timeout_ms < 0) uv_timer_stop(&observer->timer);
  else uv_timer_start(&observer->timer, on_time, (uint64_t)timeout_ms, 0);
  return 0;
}

/* libcurl's own start costs more than a whole examination of DNS: only when it is needed. */
static bool start_library(struct https_observer *observer) {
  if (observer->started) return observer->multi != NULL;
  observer->started = true;
  if (!curl_library_load(&observer->curl) || observer->curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return false;
  observer->multi = observer->curl.multi_init();
  if (!observer->multi) return false;
  observer->curl.multi_setopt(observer->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  observer->curl.multi_setopt(observer->multi, CURLMOPT_SOCKETDATA, observer);
  observer->curl.multi_setopt(observer->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  observer->curl.multi_setopt(observer->multi, CURLMOPT_TIMERDATA, observer);
  return true;
}

/* ---- one fetch ---- */

static void set_up_target(struct fetch *fetch) {
  const struct observe_options *options = &fetch->observer->options;
  const struct question *question = &fetch->reply->seen.question;
  bool plain = question->flags & HTTPS_ASK_PLAIN;
  uint16_t usual = plain ? 80 : 443, port = question->type ? question->type : plain ? usual : options->https_port ? options->https_port : usual;
  const char *address = NULL;
  observe_redirect(options, question->name, &address, &port);
  struct buf text = BUF_INIT(8192);
  buf_printf(&text, "%s://%s%s", plain ? "http" : "https", question->name, question->path);
  fetch->observer->curl.easy_setopt(fetch->easy, CURLOPT_URL, buf_string(&text));
  buf_clear(&text);
  buf_printf(&text, "%s:%u:%s", question->name, port, buf_string(&fetch->addresses));
  fetch->resolve = fetch->observer->curl.slist_append(NULL, buf_string(&text));
  buf_clear(&text);
  buf_printf(&text, "%s:%u:%s:%u", question->name, usual, question->name, port);
  fetch->connect_to = fetch->observer->curl.slist_append(NULL, buf_string(&text));
  buf_release(&text);
  fetch->observer->curl.easy_setopt(fetch->easy, CURLOPT_RESOLVE, fetch->resolve);
  fetch->observer->curl.easy_setopt(fetch->easy, CURLOPT_CONNECT_TO, fetch->connect_to);
}

static void set_up(struct fetch *fetch) {
  CURL *easy = fetch->easy;
  long timeout = (long)fetch->observer->options.timeout_ms, in_all = timeout * (fetch->reply->seen.question.flags & HTTPS_ASK_PLAIN ? 1 : TIMES_IN_ALL);
  if (fetch->reply->seen.question.flags & HTTPS_ASK_REGISTRY && in_all > REGISTRY_MS) in_all = REGISTRY_MS;
  if (timeout > in_all) timeout = in_all;
  fetch->observer->curl.easy_setopt(easy, CURLOPT_PRIVATE, fetch);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_ERRORBUFFER, fetch->error);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, fetch->reply->seen.question.flags & HTTPS_ASK_PLAIN ? "http" : "https");
  fetch->observer->curl.easy_setopt(easy, CURLOPT_NOPROXY, "*");
  fetch->observer->curl.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_USERAGENT, "mailstead");
  fetch->observer->curl.easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_TIMEOUT_MS, in_all);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_CAINFO, NULL); /* trust is judged by tls_client.c: libcurl need not load its bundle */
  fetch->observer->curl.easy_setopt(easy, CURLOPT_CAPATH, NULL);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_SSL_CTX_DATA, fetch);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_HEADERDATA, fetch);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  fetch->observer->curl.easy_setopt(easy, CURLOPT_WRITEDATA, fetch);
  set_up_target(fetch);
}

static void fetch_send(struct fetch *fetch) {
  if (!start_library(fetch->observer)) {
    finish(fetch, HTTPS_BROKEN);
    return;
  }
  fetch->easy = fetch->observer->curl.easy_init();
  if (!fetch->easy) {
    finish(fetch, HTTPS_BROKEN);
    return;
  }
  set_up(fetch);
  fetch->observer->curl.multi_add_handle(fetch->observer->multi, fetch->easy);
}

static void add_address(struct fetch *fetch, const struct ip *ip) {
  char text[IP_TEXT];
  if (fetch->address_count == MOST_ADDRESSES) return;
  if (fetch->address_count++ == 0) fetch->first = *ip;
  else buf_char(&fetch->addresses, ',');
  ip_format(ip, text);
  buf_printf(&fetch->addresses, ip->family == 6 ? "[%s]" : "%s", text);
}

static void on_addresses(struct observation *observation, void *context) {
  struct fetch *fetch = context;
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)observation;
  fetch->lookup_failed = fetch->lookup_failed || answer->outcome == DNS_FAILED;
  for (size_t i = 0; i < answer->count; i++) add_address(fetch, &answer->records[i].address);
  observation_unref(observation);
  if (--fetch->lookups > 0) return;
  if (fetch->address_count > 0) {
    fetch_send(fetch);
    return;
  }
  struct https_observer *observer = fetch->observer;
  fetch->reply->connect = fetch->lookup_failed ? CONNECT_OTHER : CONNECT_NO_ROUTE;
  finish(fetch, HTTPS_NO_ADDRESS);
  if (!observer->freed) start_waiting(observer);
}

static void fetch_resolve(struct fetch *fetch) {
  static const uint16_t types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
  fetch->lookups = MEM_COUNT(types);
  for (size_t i = 0; i < MEM_COUNT(types); i++) {
    struct question question = { .kind = QUESTION_DNS, .name = fetch->reply->seen.question.name, .server = "", .path = "", .type = types[i] };
    observers_ask(fetch->observer->observers, &question, on_addresses, fetch);
  }
}

/* ---- turns ---- */

static void fetch_begin(struct fetch *fetch) {
  const struct observe_options *options = &fetch->observer->options;
  const char *address = NULL;
  uint16_t port = 0;
  struct ip ip;
  fetch->began = clock_monotonic_ms();
  if (options->no_https) {
    fetch->reply->connect = CONNECT_PROHIBITED;
    finish(fetch, HTTPS_CONNECT_FAILED);
    return;
  }
  if (*fetch->reply->seen.question.server) address = fetch->reply->seen.question.server;
  observe_redirect(options, fetch->reply->seen.question.name, &address, &port);
  if (address && ip_parse(address, &ip)) {
    add_address(fetch, &ip);
    fetch_send(fetch);
  } else fetch_resolve(fetch);
}

static void start_waiting(struct https_observer *observer) {
  while (!observer->freed && observer->first && observer->busy < MOST_AT_ONCE) {
    struct fetch *fetch = observer->first;
    observer->first = fetch->next;
    if (!observer->first) observer->last = NULL;
    fetch->next = observer->running;
    observer->running = fetch;
    observer->busy++;
    fetch_begin(fetch);
  }
}

static void on_kick(uv_timer_t *timer) { start_waiting(timer->data); }

void https_observer_ask(struct https_observer *observer, uint64_t ticket, const struct question *question) {
  struct fetch *fetch = mem_zalloc(1, sizeof *fetch);
  fetch->observer = observer;
  fetch->ticket = ticket;
  fetch->reply = https_reply_new(question);
  buf_init(&fetch->body, https_body_most(question->flags));
  buf_init(&fetch->addresses, (IP_TEXT + 4) * MOST_ADDRESSES);
  if (observer->last) observer->last->next = fetch;
  else observer->first = fetch;
  observer->last = fetch;
  uv_timer_start(&observer->kick, on_kick, 0, 0);
}

bool https_observer_reachable(const struct https_observer *observer) { return observer->reachable; }

/* ---- life ---- */

struct https_observer *https_observer_new(uv_loop_t *loop, const struct observe_options *options, struct observers *observers, observer_answered *answered,
                                          void *owner, struct fault *fault) {
  (void)fault;
  struct https_observer *observer = mem_zalloc(1, sizeof *observer);
  observer->loop = loop;
  observer->options = *options;
  if (observer->options.timeout_ms == 0) observer->options.timeout_ms = 5000;
  observer->observers = observers;
  observer->answered = answered;
  observer->owner = owner;
  observer->tls = tls_client_new(options->ca_file);
  uv_timer_init(loop, &observer->kick);
  uv_timer_init(loop, &observer->timer);
  observer->kick.data = observer->timer.data = observer;
  return observer;
}

static void on_timer_closed(uv_handle_t *handle) {
  struct https_observer *observer = handle->data;
  if (--observer->closing > 0) return;
  tls_client_free(&observer->tls);
  free(observer);
}

static void drop_all(struct https_observer *observer, struct fetch *fetch) {
  while (fetch) {
    struct fetch *next = fetch->next;
    observers_forget(observer->observers, fetch);
    fetch_free(fetch);
    fetch = next;
  }
}

void https_observer_free(struct https_observer **handle) {
  struct https_observer *observer = *handle;
  if (!observer) return;
  *handle = NULL;
  observer->freed = true;
  drop_all(observer, observer->running);
  drop_all(observer, observer->first);
  observer->running = observer->first = observer->last = NULL;
  if (observer->multi) {
    observer->curl.multi_cleanup(observer->multi);
    observer->curl.global_cleanup();
  }
  observer->closing = 2;
  uv_close((uv_handle_t *)&observer->kick, on_timer_closed);
  uv_close((uv_handle_t *)&observer->timer, on_timer_closed);
}
