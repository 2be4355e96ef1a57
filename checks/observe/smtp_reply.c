#include "checks/observe/smtp_reply.h"

#include <string.h>
#include "src/base/ctype.h"

void smtp_reply_init(struct smtp_reply *reply) {
  buf_init(&reply->text, SMTP_REPLY_MOST);
  smtp_reply_clear(reply);
}

void smtp_reply_clear(struct smtp_reply *reply) {
  buf_clear(&reply->text);
  reply->code = 0;
  reply->complete = reply->bare_lf = false;
  reply->fault = SMTP_REPLY_GOOD;
  reply->lines = 0;
  reply->octets = reply->line_length = 0;
}

void smtp_reply_release(struct smtp_reply *reply) { buf_release(&reply->text); }

static void keep_text(struct smtp_reply *reply, size_t length) {
  if (reply->lines > 0) buf_char(&reply->text, '\n');
  if (length > 4) buf_bytes(&reply->text, reply->line + 4, length - 4);
}

static void end_line(struct smtp_reply *reply) {
  size_t length = reply->line_length;
  const char *line = reply->line;
  reply->line_length = 0;
  if (length > 0 && line[length - 1] == '\r') length--;
  else reply->bare_lf = true;
  bool shaped = length >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]) && (length == 3 || line[3] == ' ' || line[3] == '-');
  if (!shaped || line[0] < '2' || line[0] > '5') {
    reply->fault = SMTP_REPLY_NOT_SMTP;
    return;
  }
  int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (reply->lines > 0 && code != reply->code) {
    reply->fault = SMTP_REPLY_CODES_DIFFER;
    return;
  }
  reply->code = code;
  keep_text(reply, length);
  reply->lines++;
  reply->complete = length == 3 || line[3] == ' ';
}

size_t smtp_reply_feed(struct smtp_reply *reply, const char *bytes, size_t length) {
  size_t taken = 0;
  while (taken < length && !reply->complete && reply->fault == SMTP_REPLY_GOOD) {
    char c = bytes[taken++];
    if (++reply->octets > SMTP_REPLY_MOST) reply->fault = SMTP_REPLY_ENDLESS;
    else if (c == '\0') reply->fault = SMTP_REPLY_NUL;
    else if (c == '\n') end_line(reply);
    else if (reply->line_length == SMTP_LINE_MOST) reply->fault = SMTP_REPLY_LINE_LONG;
    else reply->line[reply->line_length++] = c;
  }
  return taken;
}

/* The next line's first word after the line at `text`; null at the end. */
static const char *next_keyword(const char *text, size_t *out_length) {
  const char *at = strchr(text, '\n');
  if (!at) return NULL;
  at++;
  *out_length = strcspn(at, " \t\n");
  return at;
}

bool smtp_reply_has_keyword(const char *text, const char *keyword) {
  size_t length = 0, wanted = strlen(keyword);
  for (const char *at = next_keyword(text, &length); at; at = next_keyword(at, &length))
    if (length == wanted && text_equal_n(at, keyword, length)) return true;
  return false;
}

bool smtp_reply_has_mask(const char *text) {
  size_t length = 0;
  for (const char *at = next_keyword(text, &length); at; at = next_keyword(at, &length)) {
    if (length < 7 || length > 10) continue;
    size_t masked = strspn(at, "X*");
    if (masked >= length || (masked == length - 1 && at[masked] == 'A')) return true;
  }
  return false;
}
