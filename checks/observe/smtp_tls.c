#include "checks/observe/smtp_private.h"

#include <openssl/err.h>
#include <signal.h>
#include <string.h>

#include "checks/observe/tls_hello.h"

/* The handshake, and what is said within TLS. Handshakes are most of what a conversation costs: each step of one, and the look at the certificates
 * that it brought, is work for the loop's threads, so that many go on at once on several cores and the loop is free for the others. */

enum { TLS_ALERT_RECORD = 0x15, TLS_HANDSHAKE_RECORD = 0x16 };

static unsigned flags_of(const struct conversation *c) { return c->session->seen.question.flags; }

/* ---- within TLS ---- */

/* A server that wants a client certificate says so in TLS 1.3 only after the handshake, by an alert. */
static void on_failure_within(struct conversation *c) {
  struct tls_session *tls = &c->session->tls;
  conversation_flush_tls(c);
  tls->alert = arena_strdup(c->session->seen.arena, c->notes.alert);
  tls->client_certificate_requested = tls->client_certificate_requested || c->notes.client_certificate_requested;
  ERR_clear_error();
  conversation_finish(c, *c->notes.alert ? SMTP_TLS_FAILED : SMTP_CLOSED);
}

static void read_tls(struct conversation *c) {
  char bytes[4096];
  while (conversation_is_on(c)) {
    ERR_clear_error();
    int length = SSL_read(c->ssl, bytes, sizeof bytes);
    if (length > 0) {
      conversation_take_text(c, bytes, (size_t)length);
      continue;
    }
    if (SSL_get_error(c->ssl, length) == SSL_ERROR_WANT_READ) conversation_flush_tls(c);
    else on_failure_within(c);
    return;
  }
}

/* ---- the handshake ---- */

/* As far as the bytes allow; at its end, what it showed. */
static void step(struct conversation *c) {
  ERR_clear_error();
  int result = SSL_do_handshake(c->ssl);
  c->handshake = result == 1 ? HANDSHAKE_DONE : SSL_get_error(c->ssl, result) == SSL_ERROR_WANT_READ ? HANDSHAKE_MORE : HANDSHAKE_FAILED;
  if (c->handshake == HANDSHAKE_MORE) return;
  tls_client_describe(conversation_tls(c), c->session->seen.arena, c->ssl, &c->notes, &c->session->tls);
  c->described = true;
}

static void after_step(struct conversation *c) {
  conversation_flush_tls(c);
  if (c->handshake == HANDSHAKE_FAILED) conversation_finish(c, SMTP_TLS_FAILED);
  if (c->handshake != HANDSHAKE_DONE) return;
  c->session->handshake_ms = conversation_since(c, c->stage_began);
  c->encrypted = true;
  conversation_greet(c);
  read_tls(c);
}

static void on_work(uv_work_t *work) { step(work->data); }

static void on_worked(uv_work_t *work, int status) {
  struct conversation *c = work->data;
  (void)status; /* nothing cancels it */
  c->working = false;
  if (c->dropped) {
    conversation_closed(c);
    return;
  }
  after_step(c);
  if (conversation_is_on(c)) conversation_read(c);
}

/* The threads begin with the first work, and take no signal: who holds one back, as the screen does with Ctrl-Z while it draws, holds it back in the
 * whole process. */
static void give_to_worker(struct conversation *c) {
  sigset_t all, before;
  c->working = true;
  c->work.data = c;
  uv_read_stop((uv_stream_t *)&c->tcp);
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  uv_queue_work(c->tcp.loop, &c->work, on_work, on_worked); /* fails only without a function to call */
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- offers that are not carried through ---- */

static void send_offer(struct conversation *c) {
  uint8_t hello[TLS_HELLO_ROOM];
  if (flags_of(c) & SMTP_ASK_SSL2) conversation_send_bytes(c, hello, tls_hello_write_ssl2(hello));
  else conversation_send_bytes(c, hello, tls_hello_write(flags_of(c), c->session->seen.question.name, hello));
}

/* Who took an offer is told that nothing is wrong: the client goes (user_canceled and close_notify, RFC 5246 sections 7.2.1 and 7.2.2). */
static void say_goodbye(struct conversation *c) {
  const uint8_t minor = (uint8_t)c->flight.version;
  const uint8_t alerts[] = { TLS_ALERT_RECORD, 3, minor, 0, 2, SSL3_AL_WARNING, TLS1_AD_USER_CANCELLED, TLS_ALERT_RECORD, 3, minor, 0, 2, SSL3_AL_WARNING, SSL3_AD_CLOSE_NOTIFY };
  conversation_send_bytes(c, alerts, sizeof alerts);
}

static void end_offer(struct conversation *c, bool taken, const char *version, const char *suite) {
  struct tls_session *tls = &c->session->tls;
  if (c->flight.state == TLS_FLIGHT_WHOLE) say_goodbye(c);
  tls->answered_hello = taken;
  if (taken) tls->version = version;
  if (taken) tls->cipher = suite;
  conversation_finish(c, SMTP_TLS_FAILED);
}

static void take_ssl2(struct conversation *c, const char *bytes, size_t length) {
  const char *suite = "";
  buf_bytes(&c->reply.text, bytes, length);
  enum tls_flight_state state = tls_hello_read_ssl2((const uint8_t *)buf_string(&c->reply.text), c->reply.text.length, &suite);
  if (state == TLS_FLIGHT_MORE && c->reply.text.length < TLS_HELLO_ANSWER_ROOM) return;
  end_offer(c, state == TLS_FLIGHT_WHOLE, "SSLv2", suite);
}

/* Only SSL 3.0 is an answer to its offer, and only TLS 1.2 to what the library offered; an old suite is as bad in any version. */
static bool is_version_offered(unsigned flags, const char *version) {
  if (flags & SMTP_ASK_SSL3) return strcmp(version, "SSLv3") == 0;
  return flags & SMTP_ASK_HELLO || strcmp(version, "TLSv1.2") == 0;
}

static void take_flight(struct conversation *c, const char *bytes, size_t length) {
  unsigned flags = flags_of(c);
  if (tls_flight_feed(&c->flight, (const uint8_t *)bytes, length) == TLS_FLIGHT_MORE) return;
  const char *version = tls_version_name(c->flight.version);
  const char *suite = flags & SMTP_ASK_HELLO ? tls_hello_suite(flags, c->flight.suite) : tls_client_suite(c->ssl, c->flight.suite);
  if (c->flight.alert) c->session->tls.alert = SSL_alert_desc_string_long((int)c->flight.alert);
  end_offer(c, c->flight.state == TLS_FLIGHT_WHOLE && version && suite && is_version_offered(flags, version), version, suite);
}

/* ---- */

void conversation_begin_tls(struct conversation *c) {
  memset(&c->notes, 0, sizeof c->notes);
  memset(&c->flight, 0, sizeof c->flight);
  c->tls_seen = c->described = false;
  if (flags_of(c) & SMTP_ASK_HELLO) {
    send_offer(c);
    return;
  }
  c->ssl = tls_client_connection(conversation_tls(c), flags_of(c), c->session->seen.question.name, &c->notes);
  if (!c->ssl) {
    conversation_finish(c, SMTP_TLS_FAILED);
    return;
  }
  step(c); /* writes the hello, which is no work for a thread */
  after_step(c);
}

void conversation_take_tls(struct conversation *c, const char *bytes, size_t length) {
  if (!c->tls_seen && !(flags_of(c) & SMTP_ASK_SSL2) && bytes[0] != TLS_HANDSHAKE_RECORD && bytes[0] != TLS_ALERT_RECORD) {
    conversation_finish(c, SMTP_INVALID_REPLY);
    return;
  }
  c->tls_seen = true;
  if (flags_of(c) & SMTP_ASK_SSL2) take_ssl2(c, bytes, length);
  else if (flags_of(c) & SMTP_ASK_FLIGHT) take_flight(c, bytes, length);
  else {
    BIO_write(SSL_get_rbio(c->ssl), bytes, (int)length);
    if (c->encrypted) read_tls(c);
    else give_to_worker(c);
  }
}
