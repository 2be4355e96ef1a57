#include "checks/observe/smtp_private.h"

#include <string.h>

/* What the other side says, stage by stage, and what is said to it. */

static void finish_reply(struct conversation *c, int code) {
  conversation_send(c, "QUIT\r\n");
  if (code / 100 == 4) conversation_finish_temporary(c);
  else conversation_finish(c, SMTP_REJECTED_5XX);
}

static const char *reply_text(struct conversation *c) { return arena_strndup(c->session->seen.arena, buf_string(&c->reply.text), c->reply.text.length); }

static void on_banner(struct conversation *c) {
  struct smtp_session *session = c->session;
  session->banner_code = c->reply.code;
  session->banner = reply_text(c);
  session->banner_ms = conversation_since(c, c->stage_began);
  if (c->reply.code != 220) {
    if (c->reply.code < 400) conversation_finish(c, SMTP_INVALID_REPLY); /* NNTP greets with 200 */
    else finish_reply(c, c->reply.code);
    return;
  }
  conversation_wait_for(c, SMTP_AT_EHLO);
  conversation_send_hello(c, "EHLO");
}

static void on_helo(struct conversation *c) {
  c->session->helo_code = c->reply.code;
  conversation_finish(c, SMTP_REJECTED_5XX);
}

static void on_ehlo(struct conversation *c) {
  struct smtp_session *session = c->session;
  if (c->helo) {
    on_helo(c);
    return;
  }
  session->ehlo_code = c->reply.code;
  session->ehlo = reply_text(c);
  session->ehlo_ms = conversation_since(c, c->stage_began);
  if (c->reply.code != 250) {
    if (c->reply.code / 100 == 4) {
      conversation_finish_temporary(c);
      return;
    }
    c->helo = true;
    conversation_wait_for(c, SMTP_AT_EHLO);
    conversation_send_hello(c, "HELO");
    return;
  }
  session->ehlo_complete = true;
  session->starttls_offered = smtp_reply_has_keyword(session->ehlo, "STARTTLS");
  session->starttls_masked = !session->starttls_offered && smtp_reply_has_mask(session->ehlo);
  if (!session->starttls_offered) {
    conversation_send(c, "QUIT\r\n");
    conversation_finish(c, SMTP_NO_STARTTLS);
    return;
  }
  conversation_wait_for(c, SMTP_AT_STARTTLS);
  conversation_send(c, session->seen.question.flags & SMTP_ASK_INJECT ? "STARTTLS\r\nNOOP\r\n" : "STARTTLS\r\n");
}

static void on_starttls(struct conversation *c) {
  struct smtp_session *session = c->session;
  session->starttls_code = c->reply.code;
  session->starttls = reply_text(c);
  session->starttls_ms = conversation_since(c, c->stage_began);
  if (c->reply.code != 220) {
    finish_reply(c, c->reply.code);
    return;
  }
  conversation_wait_for(c, SMTP_AT_HANDSHAKE);
  conversation_begin_tls(c);
}

void conversation_greet(struct conversation *c) {
  conversation_wait_for(c, SMTP_AT_EHLO_TLS);
  conversation_send_hello(c, "EHLO");
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
  conversation_send(c, "QUIT\r\n");
  conversation_wait_for(c, SMTP_AT_QUIT);
  if (!(c->session->seen.question.flags & SMTP_ASK_INJECT)) conversation_finish(c, SMTP_DONE);
}

/* The reply after that to EHLO is QUIT's, or EHLO's when the first one was to the NOOP from before the handshake. */
static void on_quit(struct conversation *c) {
  c->session->injected = c->reply.code == 250;
  conversation_finish(c, SMTP_DONE);
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

void conversation_keep_partial(struct conversation *c) {
  if (c->waiting != SMTP_AT_BANNER) return;
  c->session->banner_code = c->reply.code;
  if (c->reply.text.length == 0 && c->reply.line_length > 0) {
    const char *nul = memchr(c->reply.line, '\0', c->reply.line_length);
    size_t length = nul ? (size_t)(nul - c->reply.line) : c->reply.line_length;
    c->session->banner = arena_strndup(c->session->seen.arena, c->reply.line, length < 200 ? length : 200);
  } else c->session->banner = reply_text(c);
}

size_t conversation_take_text(struct conversation *c, const char *bytes, size_t length) {
  size_t taken = 0;
  while (taken < length && conversation_is_on(c) && c->waiting != SMTP_AT_HANDSHAKE) {
    taken += smtp_reply_feed(&c->reply, bytes + taken, length - taken);
    if (c->reply.fault != SMTP_REPLY_GOOD) {
      conversation_keep_partial(c);
      conversation_finish(c, SMTP_INVALID_REPLY);
    } else if (c->reply.complete) on_reply(c);
  }
  return taken;
}
