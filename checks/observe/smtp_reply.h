#ifndef OBSERVE_SMTP_REPLY_H
#define OBSERVE_SMTP_REPLY_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/buf.h"

/* One reply of an SMTP server (RFC 5321 section 4.2), read as its bytes come in. Pure. */

enum { SMTP_LINE_MOST = 4096, SMTP_REPLY_MOST = 65536 };

enum smtp_reply_fault {
  SMTP_REPLY_GOOD,
  SMTP_REPLY_NOT_SMTP,     /* a line does not begin with three digits and space, hyphen or its end */
  SMTP_REPLY_CODES_DIFFER, /* RFC 5321 section 4.2.1: one code in all lines */
  SMTP_REPLY_LINE_LONG,
  SMTP_REPLY_NUL,
  SMTP_REPLY_ENDLESS,      /* more than SMTP_REPLY_MOST octets */
};

struct smtp_reply {
  int code;                /* 0: no whole line yet */
  bool complete, bare_lf;
  enum smtp_reply_fault fault;
  struct buf text;         /* what stands after the codes, lines joined by \n: all of it, so that no keyword is missed */
  unsigned lines;
  size_t octets, line_length;
  char line[SMTP_LINE_MOST + 1];
};

void smtp_reply_init(struct smtp_reply *reply);
void smtp_reply_clear(struct smtp_reply *reply);   /* for the next reply */
void smtp_reply_release(struct smtp_reply *reply);
/* Takes bytes until the reply is complete or faulty; returns how many it took. */
size_t smtp_reply_feed(struct smtp_reply *reply, const char *bytes, size_t length);

/* Does the text of a reply to EHLO hold the keyword? Its first line is the greeting. */
bool smtp_reply_has_keyword(const char *text, const char *keyword);
/* Does it hold a keyword of X or *, as firewalls write over STARTTLS? */
bool smtp_reply_has_mask(const char *text);
#endif
