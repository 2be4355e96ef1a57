/* The SMTP observer against a small server in this process that behaves well and badly. */
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
#include "checks/record/certificate.h"
#include "src/base/lib.h"
#include "tests/support/stream_server.h"

enum { TIMEOUT_MS = 300 };

enum behaviour { GOOD, SILENT, DRIPPING, ENDLESS, GARBAGE, CLOSES, REJECTS, TEMPORARY, NO_TLS, MASKED, REFUSES_TLS, NO_TLS_RECORD, CLOSES_AFTER_GO, TLS10_ONLY, CLIENT_CERTIFICATE,
                 NULS, TARPIT, CLOSES_AT_EHLO, SILENT_AT_EHLO, DRIPPING_AT_EHLO, SILENT_AFTER_GO, GARBAGE_AFTER_GO, ENDLESS_AFTER_GO, STARTTLS_AGAIN, INJECTED,
                 HELLO_TAKEN, HELLO_REFUSED, HELLO_CUT, SSL2_TAKEN, TLS12_ONLY, HUGE_CERTIFICATE, EVIL_NAMES, LONG_LINE, TURNS_AWAY, NEWS };

static bool mail_from; /* any server was given a MAIL command */

/* ---- the server ---- */

static void say(int fd, SSL *ssl, const char *text) {
  if (ssl) SSL_write(ssl, text, (int)strlen(text));
  else stream_send(fd, text, strlen(text));
}

/* One line; false at the end. */
static bool hear(int fd, SSL *ssl, char line[256]) {
  size_t length = 0;
  while (length < 255) {
    char c;
    if ((ssl ? SSL_read(ssl, &c, 1) : (int)recv(fd, &c, 1, 0)) != 1) return false;
    if (c == '\n') break;
    line[length++] = c;
  }
  line[length] = '\0';
  mail_from = mail_from || text_starts(line, "MAIL");
  return true;
}

static void drip(int fd, bool lines) {
  for (int i = 0; i < 5000; i++) {
    if (send(fd, lines ? "220-and another line of it\r\n" : "2", lines ? 28 : 1, MSG_NOSIGNAL) < 0) return;
    if (!lines) usleep(20000);
  }
}

/* One line of a greeting now and then: always alive, never done. */
static void tarpit(int fd) {
  for (int i = 0; i < 500; i++) {
    if (send(fd, "220-wait\r\n", 10, MSG_NOSIGNAL) < 0) return;
    usleep(20000);
  }
}

static void flood(int fd) {
  static const char rubbish[4096] = { 0x16, 3, 3, 0x40, 0 }; /* a handshake record that goes on and on */
  for (int i = 0; i < 2000; i++)
    if (send(fd, rubbish, sizeof rubbish, MSG_NOSIGNAL) < 0) return;
}

/* After the 220 to STARTTLS, in place of a handshake. True: that was all. */
static bool misbehave_after_go(struct stream_server *server, int fd) {
  static const unsigned char hello[] = { 0x15, 3, 1, 0, 2, 1, 112 /* a warning goes before */, 0x16, 3, 3, 0, 46, 2, 0, 0, 38, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                                         29, 30, 31, 32, 0, 0, 5 /* TLS_RSA_WITH_RC4_128_SHA */, 0, 14, 0, 0, 0 };
  static const unsigned char alert[] = { 0x15, 3, 3, 0, 2, 2, 40 };
  static const unsigned char ssl2[] = { 0x80, 30, 4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 16, 1, 0, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
  switch (server->behaviour) {
  case SILENT_AFTER_GO: stream_wait_for_end(fd); return true;
  case GARBAGE_AFTER_GO: say(fd, NULL, "\x16\x03\x01\x01\x01 garbage that is no handshake"); stream_wait_for_end(fd); return true;
  case ENDLESS_AFTER_GO: flood(fd); return true;
  case HELLO_TAKEN: stream_send(fd, hello, sizeof hello); stream_wait_for_end(fd); return true;
  case HELLO_CUT: stream_send(fd, hello, sizeof hello - 4); return true;
  case SSL2_TAKEN: stream_send(fd, ssl2, sizeof ssl2); stream_wait_for_end(fd); return true;
  case HELLO_REFUSED: stream_send(fd, alert, sizeof alert); return true;
  default: return false;
  }
}

static void converse(struct stream_server *server, int fd) {
  char line[256];
  SSL *ssl = NULL;
  say(fd, NULL, "220-mx1.example.gov.uk\r\n220 ESMTP\r\n");
  while (hear(fd, ssl, line)) {
    if (text_starts(line, "EHLO") && server->behaviour == CLOSES_AT_EHLO) break;
    if (text_starts(line, "EHLO") && server->behaviour == SILENT_AT_EHLO) stream_wait_for_end(fd);
    else if (text_starts(line, "EHLO") && server->behaviour == DRIPPING_AT_EHLO) drip(fd, false);
    else if (text_starts(line, "EHLO") && ssl && server->behaviour == TURNS_AWAY) {
      say(fd, ssl, "421 4.7.1 no client certificate presented\r\n");
      break;
    } else if (text_starts(line, "EHLO") && ssl) {
      say(fd, ssl, server->behaviour == STARTTLS_AGAIN ? "250-mx1\r\n250 STARTTLS\r\n" : "250-mx1\r\n250 SIZE 1\r\n");
    } else if (text_starts(line, "QUIT")) {
      say(fd, ssl, "221 bye\r\n");
      break;
    } else if (text_starts(line, "EHLO")) {
      say(fd, ssl, server->behaviour == NO_TLS ? "250-mx1\r\n250 SIZE 1\r\n" : server->behaviour == MASKED ? "250-mx1\r\n250 XXXXXXXA\r\n" : "250-mx1\r\n250-SIZE 1\r\n250 STARTTLS\r\n");
    } else if (text_starts(line, "STARTTLS")) {
      if (server->behaviour == REFUSES_TLS) {
        say(fd, NULL, "454 TLS not available\r\n");
        continue;
      }
      say(fd, NULL, server->behaviour == NO_TLS_RECORD ? "220 go\r\n500 what\r\n" : "220 go\r\n");
      if (server->behaviour == CLOSES_AFTER_GO || server->behaviour == NO_TLS_RECORD) break;
      if (misbehave_after_go(server, fd)) break;
      bool injected = server->behaviour == INJECTED && hear(fd, NULL, line); /* what came in one packet is read before TLS and answered after it */
      ssl = stream_server_secure(server, fd);
      if (!ssl) break;
      if (injected) say(fd, ssl, "250 NOOP done\r\n");
    } else break;
  }
  SSL_free(ssl);
}

static void serve(struct stream_server *server, int fd) {
  switch (server->behaviour) {
  case SILENT: stream_wait_for_end(fd); break;
  case DRIPPING: drip(fd, false); break;
  case ENDLESS: drip(fd, true); break;
  case GARBAGE: say(fd, NULL, "\x16\x03\x01 who are you\r\n"); stream_wait_for_end(fd); break;
  case CLOSES: break;
  case NULS: stream_send(fd, "220 mx\0 hidden\r\n", 16); stream_wait_for_end(fd); break;
  case TARPIT: tarpit(fd); break;
  case LONG_LINE: for (int i = 0; i < 6000 && send(fd, "220 long", 8, MSG_NOSIGNAL) > 0;) i += 8; stream_wait_for_end(fd); break;
  case REJECTS: say(fd, NULL, "554 no service\r\n"); stream_wait_for_end(fd); break;
  case NEWS: say(fd, NULL, "200 news.example.gov.uk NNTP\r\n"); stream_wait_for_end(fd); break;
  case TEMPORARY: say(fd, NULL, "421 later\r\n"); stream_wait_for_end(fd); break;
  default: converse(server, fd); break;
  }
}

/* Some 40 KB of names. */
static char *many_names(void) {
  struct buf out = BUF_INIT(1 << 20);
  for (int i = 0; i < 1600; i++) buf_printf(&out, "%shost%05d.example.gov.uk", i ? " " : "", i);
  char *names = mem_strdup(buf_string(&out));
  buf_release(&out);
  return names;
}

static SSL_CTX *server_context(enum behaviour behaviour) {
  static const unsigned char evil[] = "mx1.example.gov.uk\0.evil.test\x1b[2J\r\n";
  char *names = behaviour == HUGE_CERTIFICATE ? many_names() : NULL;
  SSL_CTX *context = stream_server_context((struct mint_request){ .common_name = "mx1.example.gov.uk", .names = names ? names : "mx1.example.gov.uk",
    .raw_name = behaviour == EVIL_NAMES ? evil : NULL, .raw_name_length = behaviour == EVIL_NAMES ? sizeof evil - 1 : 0 });
  free(names);
  SSL_CTX_set_security_level(context, 0);
  if (behaviour == TLS10_ONLY) {
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_VERSION);
  }
  if (behaviour == TLS12_ONLY) SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  if (behaviour == CLIENT_CERTIFICATE) SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  return context;
}

static void server_start(struct stream_server *server, enum behaviour behaviour) { stream_server_start(server, (int)behaviour, server_context(behaviour), serve); }

/* ---- one question ---- */

struct asking { uv_loop_t loop; struct smtp_observer *observer; struct smtp_session *session; };

static void on_answer(void *owner, uint64_t ticket, struct observation *observation) {
  struct asking *asking = owner;
  assert_int_equal(ticket, 7);
  assert_null(asking->session); /* once only */
  asking->session = (struct smtp_session *)(void *)observation;
  smtp_observer_free(&asking->observer);
}

static struct smtp_session *ask(uint16_t port, uint16_t flags) {
  struct asking asking = { .session = NULL };
  struct observe_options options = { .smtp_port = port, .timeout_ms = TIMEOUT_MS, .ca_file = "/nonexistent" };
  struct question question = { .kind = QUESTION_SMTP, .name = "mx1.example.gov.uk", .server = "127.0.0.1", .path = "", .flags = flags };
  uv_loop_init(&asking.loop);
  asking.observer = smtp_observer_new(&asking.loop, &options, on_answer, &asking, NULL);
  smtp_observer_ask(asking.observer, 7, &question);
  assert_null(asking.session);
  uv_run(&asking.loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&asking.loop), 0);
  assert_non_null(asking.session);
  return asking.session;
}

static struct smtp_session *ask_one(enum behaviour behaviour, uint16_t flags) {
  struct stream_server server;
  server_start(&server, behaviour);
  struct smtp_session *session = ask(server.port, flags);
  stream_server_stop(&server);
  return session;
}

static void test_behaviours(void **state) {
  (void)state;
  static const struct { enum behaviour behaviour; uint16_t flags; enum smtp_ending ending; enum smtp_stage stage; bool established; } rows[] = {
    { GOOD, 0, SMTP_DONE, SMTP_AT_QUIT, true },
    { TLS12_ONLY, 0, SMTP_DONE, SMTP_AT_QUIT, true },
    { NO_TLS_RECORD, SMTP_ASK_TLS12, SMTP_INVALID_REPLY, SMTP_AT_HANDSHAKE, false },
    { SILENT_AFTER_GO, SMTP_ASK_TLS12, SMTP_TIMED_OUT, SMTP_AT_HANDSHAKE, false },
    { GOOD, SMTP_ASK_ALL, SMTP_DONE, SMTP_AT_QUIT, true },
    { SILENT, 0, SMTP_TIMED_OUT, SMTP_AT_BANNER, false },
    { DRIPPING, 0, SMTP_TIMED_OUT, SMTP_AT_BANNER, false },
    { ENDLESS, 0, SMTP_INVALID_REPLY, SMTP_AT_BANNER, false },
    { GARBAGE, 0, SMTP_INVALID_REPLY, SMTP_AT_BANNER, false },
    { CLOSES, 0, SMTP_CLOSED, SMTP_AT_BANNER, false },
    { REJECTS, 0, SMTP_REJECTED_5XX, SMTP_AT_BANNER, false },
    { TEMPORARY, 0, SMTP_REJECTED_4XX, SMTP_AT_BANNER, false },
    { NO_TLS, 0, SMTP_NO_STARTTLS, SMTP_AT_EHLO, false },
    { MASKED, 0, SMTP_NO_STARTTLS, SMTP_AT_EHLO, false },
    { REFUSES_TLS, 0, SMTP_REJECTED_4XX, SMTP_AT_STARTTLS, false },
    { NO_TLS_RECORD, 0, SMTP_INVALID_REPLY, SMTP_AT_HANDSHAKE, false },
    { CLOSES_AFTER_GO, 0, SMTP_CLOSED, SMTP_AT_HANDSHAKE, false },
    { TLS10_ONLY, 0, SMTP_TLS_FAILED, SMTP_AT_HANDSHAKE, false },
    { TLS10_ONLY, SMTP_ASK_TLS10, SMTP_DONE, SMTP_AT_QUIT, true },
    { TLS10_ONLY, SMTP_ASK_ALL, SMTP_DONE, SMTP_AT_QUIT, true },
    { CLIENT_CERTIFICATE, 0, SMTP_TLS_FAILED, SMTP_AT_EHLO_TLS, true },
    { NULS, 0, SMTP_INVALID_REPLY, SMTP_AT_BANNER, false },
    { TARPIT, 0, SMTP_TIMED_OUT, SMTP_AT_BANNER, false },
    { LONG_LINE, 0, SMTP_INVALID_REPLY, SMTP_AT_BANNER, false },
    { CLOSES_AT_EHLO, 0, SMTP_CLOSED, SMTP_AT_EHLO, false },
    { SILENT_AT_EHLO, 0, SMTP_TIMED_OUT, SMTP_AT_EHLO, false },
    { DRIPPING_AT_EHLO, 0, SMTP_TIMED_OUT, SMTP_AT_EHLO, false },
    { SILENT_AFTER_GO, 0, SMTP_TIMED_OUT, SMTP_AT_HANDSHAKE, false },
    { GARBAGE_AFTER_GO, 0, SMTP_TIMED_OUT, SMTP_AT_HANDSHAKE, false }, /* a record that never comes to its end */
    { ENDLESS_AFTER_GO, 0, SMTP_TLS_FAILED, SMTP_AT_HANDSHAKE, false },
    { SILENT_AFTER_GO, SMTP_ASK_INSECURE, SMTP_TIMED_OUT, SMTP_AT_HANDSHAKE, false },
    { ENDLESS_AFTER_GO, SMTP_ASK_3DES, SMTP_TLS_FAILED, SMTP_AT_HANDSHAKE, false },
    { HUGE_CERTIFICATE, 0, SMTP_DONE, SMTP_AT_QUIT, true },
    { EVIL_NAMES, 0, SMTP_DONE, SMTP_AT_QUIT, true },
    { TURNS_AWAY, 0, SMTP_REJECTED_4XX, SMTP_AT_EHLO_TLS, true }, /* twice: the second try begins anew */
    { NEWS, 0, SMTP_INVALID_REPLY, SMTP_AT_BANNER, false },
    { GOOD, SMTP_ASK_NO_SNI, SMTP_DONE, SMTP_AT_QUIT, true },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct stream_server server;
    server_start(&server, rows[i].behaviour);
    struct smtp_session *session = ask(server.port, rows[i].flags);
    stream_server_stop(&server);
    if (session->ending != rows[i].ending || session->stage != rows[i].stage || session->tls.established != rows[i].established)
      fail_msg("row %zu: ending %d, stage %d, TLS %d (%s)", i, (int)session->ending, (int)session->stage, session->tls.established, session->tls.alert);
    assert_int_equal(session->connect, CONNECT_OK);
    assert_false(mail_from);
    assert_true(session->seen.elapsed_ms < 3 * TIMEOUT_MS + 8000);
    if (rows[i].established) assert_int_equal(session->tls.certificates, 1);
    if (rows[i].behaviour == MASKED) assert_true(session->starttls_masked);
    observation_unref(&session->seen);
  }
}

static void test_session(void **state) {
  (void)state;
  struct stream_server server;
  server_start(&server, GOOD);
  struct smtp_session *session = ask(server.port, 0);
  stream_server_stop(&server);
  assert_string_equal(session->banner, "mx1.example.gov.uk\nESMTP");
  assert_string_equal(session->tls.version, "TLSv1.3");
  assert_int_equal(session->tls.certificates, 1);
  assert_string_equal(session->tls.chain[0]->names[0], "mx1.example.gov.uk");
  assert_int_equal(session->tls.verify, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  assert_int_equal(server.connections, 1);
  observation_unref(&session->seen);
  server_start(&server, TLS12_ONLY);
  session = ask(server.port, 0);
  stream_server_stop(&server);
  assert_string_equal(session->tls.version, "TLSv1.2");
  assert_string_equal(session->tls.group, "X25519");
  assert_string_equal(session->tls.signature_hash, "SHA256");
  assert_true(session->tls.secure_renegotiation);
  observation_unref(&session->seen);
}

/* An offer that is not carried through. A real server takes none of the old ones; a client certificate that it wants comes later. */
static void test_offers(void **state) {
  (void)state;
  static const struct { enum behaviour behaviour; uint16_t flags; const char *version, *suite; } rows[] = { /* version null: not taken */
    { HELLO_TAKEN, SMTP_ASK_INSECURE, "TLSv1.2", "TLS_RSA_WITH_RC4_128_SHA" }, { HELLO_TAKEN, SMTP_ASK_3DES, NULL /* it was not offered */, NULL },
    { HELLO_TAKEN, SMTP_ASK_SSL3, NULL /* another version */, NULL }, { HELLO_TAKEN, SMTP_ASK_TLS12, NULL /* nor this */, NULL },
    { HELLO_REFUSED, SMTP_ASK_INSECURE, NULL, NULL }, { HELLO_CUT, SMTP_ASK_INSECURE, NULL, NULL }, { GOOD, SMTP_ASK_INSECURE, NULL, NULL }, { GOOD, SMTP_ASK_3DES, NULL, NULL },
    { GOOD, SMTP_ASK_SSL3, NULL, NULL }, { GOOD, SMTP_ASK_SSL2, NULL, NULL }, { HELLO_TAKEN, SMTP_ASK_SSL2, NULL, NULL }, { SSL2_TAKEN, SMTP_ASK_SSL2, "SSLv2", "SSL_CK_RC4_128_WITH_MD5" },
    { SSL2_TAKEN, SMTP_ASK_SSL3, NULL, NULL }, { GOOD, SMTP_ASK_TLS12, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
    { GOOD, SMTP_ASK_FORWARD, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" }, { GOOD, SMTP_ASK_WEAK_FIRST, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
    { CLIENT_CERTIFICATE, SMTP_ASK_TLS12, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" }, { TLS10_ONLY, SMTP_ASK_TLS12, NULL, NULL }, { HUGE_CERTIFICATE, SMTP_ASK_TLS12, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct smtp_session *session = ask_one(rows[i].behaviour, rows[i].flags);
    const struct tls_session *tls = &session->tls;
    bool taken = rows[i].version != NULL;
    if (tls->answered_hello != taken || (taken && (strcmp(tls->version, rows[i].version) != 0 || strcmp(tls->cipher, rows[i].suite) != 0)))
      fail_msg("row %zu: %d %s %s %s", i, tls->answered_hello, tls->version, tls->cipher, tls->alert);
    if (rows[i].behaviour == HELLO_REFUSED) assert_string_equal(tls->alert, "handshake failure");
    assert_false(tls->established);
    assert_int_equal(session->stage, SMTP_AT_HANDSHAKE);
    observation_unref(&session->seen);
  }
}

/* RFC 3207 section 4.2. */
static void test_state_from_before(void **state) {
  (void)state;
  static const struct { enum behaviour behaviour; uint16_t flags; bool injected, again; } rows[] = {
    { INJECTED, SMTP_ASK_INJECT, true, false }, { GOOD, SMTP_ASK_INJECT, false, false }, { GOOD, 0, false, false }, { STARTTLS_AGAIN, 0, false, true },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct smtp_session *session = ask_one(rows[i].behaviour, rows[i].flags);
    if (session->injected != rows[i].injected || session->starttls_again != rows[i].again) fail_msg("row %zu: %d %d, ending %d", i, session->injected, session->starttls_again, session->ending);
    observation_unref(&session->seen);
  }
}

/* A name with a NUL in it is not the host's, and nothing of it reaches a terminal. */
static void test_evil_names(void **state) {
  (void)state;
  struct smtp_session *session = ask_one(EVIL_NAMES, 0);
  const struct certificate *leaf = session->tls.chain[0];
  assert_int_equal(leaf->name_count, 2);
  for (size_t i = 0; i < leaf->name_count; i++)
    for (const char *at = leaf->names[i]; *at; at++) assert_true(is_print(*at));
  assert_true(strlen(leaf->names[1]) > strlen("mx1.example.gov.uk"));
  observation_unref(&session->seen);
  session = ask_one(HUGE_CERTIFICATE, 0);
  assert_int_equal(session->tls.certificates, 1);
  observation_unref(&session->seen);
}

static void on_answer_too_late(void *owner, uint64_t ticket, struct observation *observation) {
  bool *answered = owner;
  (void)ticket;
  *answered = true;
  observation_unref(observation);
}

/* Given up after each number of turns of the loop, so at every stage, with a worker thread at the handshake too: no call, no leak. */
static void test_free_early(void **state) {
  (void)state;
  struct stream_server server;
  server_start(&server, GOOD);
  bool answered = false;
  for (int turns = 0; !answered && turns < 200; turns++) {
    uv_loop_t loop;
    struct observe_options options = { .smtp_port = server.port, .timeout_ms = 20000, .ca_file = "/nonexistent" };
    struct question question = { .kind = QUESTION_SMTP, .name = "mx1.example.gov.uk", .server = "127.0.0.1", .path = "" };
    uv_loop_init(&loop);
    struct smtp_observer *observer = smtp_observer_new(&loop, &options, on_answer_too_late, &answered, NULL);
    smtp_observer_ask(observer, 1, &question);
    for (int i = 0; i < turns && !answered; i++) uv_run(&loop, UV_RUN_ONCE);
    bool before = answered;
    smtp_observer_free(&observer);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(answered, before);
    assert_int_equal(uv_loop_close(&loop), 0);
  }
  assert_true(answered); /* the last one was given time to end */
  stream_server_stop(&server);
}

static void test_refused(void **state) {
  (void)state;
  struct stream_server server;
  server_start(&server, GOOD);
  stream_server_stop(&server);
  struct smtp_session *session = ask(server.port, 0);
  assert_int_equal(session->connect, CONNECT_REFUSED);
  assert_int_equal(session->ending, SMTP_CONNECT_FAILED);
  observation_unref(&session->seen);
}

static int tear_down(void **state) {
  (void)state;
  mint_forget();
  return 0;
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_behaviours), cmocka_unit_test(test_session), cmocka_unit_test(test_refused), cmocka_unit_test(test_offers),
                                      cmocka_unit_test(test_state_from_before), cmocka_unit_test(test_evil_names), cmocka_unit_test(test_free_early) };
  return cmocka_run_group_tests(tests, NULL, tear_down);
}
