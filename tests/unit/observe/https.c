/* The HTTPS observer against servers in this process that mean well and ill: it ends in time, keeps what came up to its limit, follows nothing. */
#include "checks/observe/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>
#include "src/base/lib.h"
#include "tests/support/stream_server.h"

#define POLICY "version: STSv1\nmode: testing\nmx: mx1.example.gov.uk\nmax_age: 86400\n"
enum { TIMEOUT_MS = 1500, SLACK_MS = 8000 }; /* long enough for a machine with other work */

enum behaviour { GOOD, SILENT, CLOSES, GARBAGE, TLS_GARBAGE, SILENT_WITHIN, DRIPPING, ENDLESS_HEADERS, ENDLESS_BODY, EXACTLY_FULL, ONE_TOO_MANY, REDIRECT, CUT, EVIL_HEADERS, PLAIN, CHUNKED, HTTP10, FULL_HEADERS };

static bool say(SSL *ssl, const char *text) { return SSL_write(ssl, text, (int)strlen(text)) > 0; }

static void say_body(SSL *ssl, size_t octets) {
  char head[128];
  struct buf text = BUF_INIT(sizeof head - 1);
  buf_printf(&text, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n", octets);
  say(ssl, buf_string(&text));
  buf_release(&text);
  char block[4096];
  memset(block, 'x', sizeof block);
  for (size_t i = 0; i < octets;) {
    size_t size = octets - i < sizeof block ? octets - i : sizeof block;
    if (SSL_write(ssl, block, (int)size) <= 0) return;
    i += size;
  }
}

static void answer(enum behaviour behaviour, SSL *ssl) {
  char request[2048];
  if (SSL_read(ssl, request, sizeof request) <= 0) return;
  switch (behaviour) {
  case GOOD: say(ssl, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" POLICY); break;
  case SILENT_WITHIN: SSL_read(ssl, request, sizeof request); break;
  case DRIPPING:
    say(ssl, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
    for (int i = 0; i < 400 && say(ssl, "v"); i++) usleep(20000);
    break;
  case ENDLESS_HEADERS:
    say(ssl, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100000 && say(ssl, "X-More: and more and more and more and more\r\n"); i++) continue;
    break;
  case ENDLESS_BODY: say_body(ssl, (size_t)64 << 20); break;
  case EXACTLY_FULL: say_body(ssl, 65536); break;
  case ONE_TOO_MANY: say_body(ssl, 65536 + 16); break;
  case REDIRECT: say(ssl, "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"); break;
  case CHUNKED: say(ssl, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nversio\r\n9;x=y\r\nn: STSv1\n\r\n0\r\n\r\n"); break;
  case HTTP10: say(ssl, "HTTP/1.0 200 OK\r\n\r\n" POLICY); break; /* the end of the connection is that of the policy */
  case FULL_HEADERS:
    say(ssl, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000 && say(ssl, "X-More: and more and more and more and more and more and more\r\n"); i++) continue;
    say(ssl, "Content-Length: 3\r\n\r\nabc");
    break;
  case CUT: say(ssl, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nversion: STSv1\n"); break;
  case EVIL_HEADERS: say(ssl, "HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[2Jplain\r\nContent-Length: 0\r\n\r\n"); break;
  default: break;
  }
}

static void serve_tls(struct stream_server *server, int fd) {
  SSL *ssl = stream_server_secure(server, fd);
  if (!ssl) return;
  answer((enum behaviour)server->behaviour, ssl);
  if (server->behaviour != CUT) SSL_shutdown(ssl);
  SSL_free(ssl);
}

static void serve(struct stream_server *server, int fd) {
  static const char plain[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  char bytes[2048];
  switch (server->behaviour) {
  case SILENT: stream_wait_for_end(fd); break;
  case CLOSES: break;
  case GARBAGE: stream_send(fd, "SSH-2.0-what\r\n", 14); break;
  case TLS_GARBAGE: stream_send(fd, "\x16\x03\x03\x00\x04zzzz", 9); break;
  case PLAIN:
    if (recv(fd, bytes, sizeof bytes, 0) > 0) stream_send(fd, plain, sizeof plain - 1);
    break;
  default: serve_tls(server, fd); break;
  }
}

static void server_start(struct stream_server *server, enum behaviour behaviour) {
  struct mint_request request = { .common_name = "mta-sts.example.gov.uk", .names = "mta-sts.example.gov.uk" };
  stream_server_start(server, (int)behaviour, stream_server_context(request), serve);
}

/* ---- one question ---- */

static void on_answer(struct observation *observation, void *context) {
  struct https_reply **reply = context;
  assert_null(*reply); /* once only */
  *reply = (struct https_reply *)(void *)observation;
}

static struct https_reply *ask(uint16_t port, uint16_t flags) {
  struct connect_to to = { "", "127.0.0.1", port };
  struct observe_options options = { .resolvers = "127.0.0.1:9", .connect_to = &to, .connect_to_count = 1, .timeout_ms = TIMEOUT_MS, .ca_file = "/nonexistent" };
  struct question question = { .kind = QUESTION_HTTPS, .name = "mta-sts.example.gov.uk", .server = "", .path = "/.well-known/mta-sts.txt", .flags = flags };
  struct https_reply *reply = NULL;
  struct fault fault = { "" };
  uv_loop_t loop;
  uv_loop_init(&loop);
  struct observers *observers = observers_new(&loop, &options, &fault);
  assert_non_null(observers);
  observers_ask(observers, &question, on_answer, &reply);
  while (!reply && uv_run(&loop, UV_RUN_ONCE)) continue;
  observers_free(&observers);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
  assert_non_null(reply);
  return reply;
}

static void test_behaviours(void **state) {
  static const struct { enum behaviour behaviour; uint16_t flags; enum https_ending ending; int status; size_t body; } rows[] = {
    { GOOD, 0, HTTPS_DONE, 200, sizeof POLICY - 1 },
    { SILENT, 0, HTTPS_TIMED_OUT, 0, 0 },
    { CLOSES, 0, HTTPS_TLS_FAILED, 0, 0 },
    { GARBAGE, 0, HTTPS_TLS_FAILED, 0, 0 },
    { TLS_GARBAGE, 0, HTTPS_TLS_FAILED, 0, 0 },
    { SILENT_WITHIN, 0, HTTPS_TIMED_OUT, 0, 0 },
    { ENDLESS_BODY, 0, HTTPS_TOO_LARGE, 200, 65537 },
    { EXACTLY_FULL, 0, HTTPS_DONE, 200, 65536 },
    { ONE_TOO_MANY, 0, HTTPS_TOO_LARGE, 200, 65537 },
    { REDIRECT, 0, HTTPS_DONE, 302, 0 },
    { CHUNKED, 0, HTTPS_DONE, 200, 15 },
    { HTTP10, 0, HTTPS_DONE, 200, sizeof POLICY - 1 },
    { FULL_HEADERS, 0, HTTPS_DONE, 200, 3 },
    { ENDLESS_HEADERS, 0, HTTPS_BROKEN, 200, 0 },
    { PLAIN, HTTPS_ASK_PLAIN, HTTPS_DONE, 200, 3 },
    { GOOD, HTTPS_ASK_PLAIN, HTTPS_BROKEN, 0, 0 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct stream_server server;
    server_start(&server, rows[i].behaviour);
    struct https_reply *reply = ask(server.port, rows[i].flags);
    stream_server_stop(&server);
    if (reply->ending != rows[i].ending || reply->status != rows[i].status || reply->body_length != rows[i].body)
      fail_msg("row %zu: ending %d, status %d, %zu octets (%s)", i, (int)reply->ending, reply->status, reply->body_length, reply->error);
    if (rows[i].behaviour == ENDLESS_HEADERS) assert_string_equal(reply->error, "more than 64 KiB of headers");
    assert_true(reply->seen.elapsed_ms < 2 * TIMEOUT_MS + SLACK_MS);
    assert_int_equal(server.connections, 1); /* nothing is followed or tried again */
    observation_unref(&reply->seen);
  }
}

/* Whatever it makes of these, it ends in time, and says nothing that a terminal would obey. */
static void test_ends(void **state) {
  static const enum behaviour all[] = { CUT, EVIL_HEADERS, DRIPPING };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(all); i++) {
    struct stream_server server;
    server_start(&server, all[i]);
    struct https_reply *reply = ask(server.port, 0);
    stream_server_stop(&server);
    assert_true(reply->seen.elapsed_ms < 2 * TIMEOUT_MS + SLACK_MS);
    if (all[i] != EVIL_HEADERS) assert_int_not_equal(reply->ending, HTTPS_DONE);
    assert_null(strchr(reply->content_type, '\x1b'));
    assert_null(strchr(reply->error, '\x1b'));
    observation_unref(&reply->seen);
  }
}

static void test_certificate_is_kept(void **state) {
  (void)state;
  struct stream_server server;
  server_start(&server, GOOD);
  struct https_reply *reply = ask(server.port, 0);
  stream_server_stop(&server);
  assert_int_equal(reply->tls.certificates, 1);
  assert_int_equal(reply->tls.verify, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  assert_string_equal(reply->content_type, "text/plain");
  observation_unref(&reply->seen);
}

static int tear_down(void **state) {
  (void)state;
  mint_forget();
  return 0;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_behaviours), cmocka_unit_test(test_ends), cmocka_unit_test(test_certificate_is_kept) };
  return cmocka_run_group_tests(tests, NULL, tear_down);
}
