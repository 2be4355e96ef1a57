#ifndef OBSERVE_SMTP_PRIVATE_H
#define OBSERVE_SMTP_PRIVATE_H
#include <uv.h>
#include "checks/observe/private.h"
#include "checks/observe/smtp_reply.h"
#include "checks/observe/tls_client.h"
#include "checks/observe/tls_flight.h"
#include "src/base/ip.h"

/* One conversation per question: connect, greeting, EHLO, STARTTLS, handshake, EHLO, QUIT. Never MAIL FROM. In parts: smtp.c opens and closes it
 * and gives it its turn, smtp_stages.c is what is said, smtp_tls.c the handshake, smtp_send.c the way out. */

struct smtp_observer;

struct conversation {
  struct smtp_observer *observer;
  struct conversation *next;
  uint64_t ticket;
  struct smtp_session *session; /* null: handed over */
  uv_tcp_t tcp;
  uv_timer_t timer;
  uv_connect_t connecting;
  uv_work_t work;
  bool tcp_open, again, helo, encrypted, tls_seen, dropped;
  bool working;                 /* a worker thread has the handshake, and session->tls with it: nobody else touches them, and nothing is read */
  bool described;               /* session->tls is filled in */
  unsigned closing;             /* handles whose close is under way, and work of a conversation that is dropped */
  enum smtp_stage waiting;      /* for what */
  uint64_t began, stage_began, deadline; /* uv_now */
  struct ip address;
  uint16_t port;
  struct smtp_reply reply;
  SSL *ssl;
  struct tls_notes notes;
  struct tls_flight flight;     /* of an offer that is not carried through */
  enum { HANDSHAKE_MORE, HANDSHAKE_DONE, HANDSHAKE_FAILED } handshake; /* what the work came to */
};

const struct observe_options *conversation_options(const struct conversation *c);
struct tls_client *conversation_tls(const struct conversation *c);
/* Is it still to be told what comes? False once it has ended, or will begin anew. */
static inline bool conversation_is_on(const struct conversation *c) { return c->session && !c->again; }
uint32_t conversation_since(const struct conversation *c, uint64_t when);
void conversation_wait_for(struct conversation *c, enum smtp_stage stage);
/* Hands the session over and takes the next from the queue. */
void conversation_finish(struct conversation *c, enum smtp_ending ending);
/* A 4xx may pass: one more try after a pause, in what is left of the time. */
void conversation_finish_temporary(struct conversation *c);
void conversation_read(struct conversation *c);       /* takes what comes, from now on */
void conversation_closed(struct conversation *c);     /* one of those that `closing` counts is done */

/* Plain text, before or inside TLS. Stops where the conversation ends or TLS begins; returns what was taken. */
size_t conversation_take_text(struct conversation *c, const char *bytes, size_t length);
void conversation_greet(struct conversation *c);      /* EHLO with TLS */
void conversation_keep_partial(struct conversation *c); /* of a greeting that did not come to its end */

void conversation_begin_tls(struct conversation *c);
void conversation_take_tls(struct conversation *c, const char *bytes, size_t length);

void conversation_send_bytes(struct conversation *c, const void *bytes, size_t length);
void conversation_send(struct conversation *c, const char *text);
void conversation_send_hello(struct conversation *c, const char *verb);
void conversation_flush_tls(struct conversation *c);
#endif
