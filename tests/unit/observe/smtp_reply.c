#include "checks/observe/smtp_reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "src/base/mem.h"

#define BYTES(text) text, sizeof(text) - 1

static const struct { const char *bytes; size_t length; int code; bool complete, bare_lf; enum smtp_reply_fault fault; size_t taken; const char *text; } rows[] = {
  { BYTES("220 mx ESMTP\r\n"), 220, true, false, SMTP_REPLY_GOOD, 14, "mx ESMTP" },
  { BYTES("220-a\r\n220 b\r\nrest"), 220, true, false, SMTP_REPLY_GOOD, 14, "a\nb" },
  { BYTES("220\r\n"), 220, true, false, SMTP_REPLY_GOOD, 5, "" },
  { BYTES("220 a\n"), 220, true, true, SMTP_REPLY_GOOD, 6, "a" },
  { BYTES("220-a\r\n"), 220, false, false, SMTP_REPLY_GOOD, 7, "a" },
  { BYTES("220 a"), 0, false, false, SMTP_REPLY_GOOD, 5, "" },
  { BYTES("HTTP/1.1 400\r\n"), 0, false, false, SMTP_REPLY_NOT_SMTP, 14, "" },
  { BYTES("220+a\r\n"), 0, false, false, SMTP_REPLY_NOT_SMTP, 7, "" },
  { BYTES("\r\n"), 0, false, false, SMTP_REPLY_NOT_SMTP, 2, "" },
  { BYTES("199 a\r\n"), 0, false, false, SMTP_REPLY_NOT_SMTP, 7, "" },
  { BYTES("600 a\r\n"), 0, false, false, SMTP_REPLY_NOT_SMTP, 7, "" },
  { BYTES("250-a\r\n220 b\r\n"), 250, false, false, SMTP_REPLY_CODES_DIFFER, 14, "a" },
  { BYTES("220 a\0b\r\n"), 0, false, false, SMTP_REPLY_NUL, 6, "" },
};

static void check(const struct smtp_reply *reply, size_t i, size_t taken) {
  if (reply->code != rows[i].code || reply->complete != rows[i].complete || reply->fault != rows[i].fault) fail_msg("row %zu", i);
  if (reply->fault == SMTP_REPLY_GOOD) assert_int_equal(reply->bare_lf, rows[i].bare_lf);
  assert_int_equal(taken, rows[i].taken);
  assert_string_equal(buf_string(&reply->text), rows[i].text);
}

static void test_rows(void **state) {
  (void)state;
  struct smtp_reply *reply = mem_alloc(sizeof *reply);
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    memset(reply, 0, sizeof *reply);
    smtp_reply_init(reply);
    check(reply, i, smtp_reply_feed(reply, rows[i].bytes, rows[i].length));
    smtp_reply_clear(reply);
    size_t taken = 0; /* the same a byte at a time */
    for (size_t k = 0; k < rows[i].length; k++) taken += smtp_reply_feed(reply, rows[i].bytes + k, 1);
    check(reply, i, taken);
    smtp_reply_release(reply);
  }
  free(reply);
}

static void feed_many(struct smtp_reply *reply, const char *piece, size_t times) {
  for (size_t i = 0; i < times; i++) smtp_reply_feed(reply, piece, strlen(piece));
}

static void test_limits(void **state) {
  (void)state;
  struct smtp_reply *reply = mem_zalloc(1, sizeof *reply);
  smtp_reply_init(reply);
  feed_many(reply, "220 ", 1);
  feed_many(reply, "a", SMTP_LINE_MOST - 5);
  feed_many(reply, "\r\n", 1);
  assert_true(reply->complete); /* 4096 octets with the CR */
  smtp_reply_clear(reply);
  feed_many(reply, "a", SMTP_LINE_MOST + 1);
  assert_int_equal(reply->fault, SMTP_REPLY_LINE_LONG);
  smtp_reply_clear(reply);
  feed_many(reply, "250-x\r\n", 9000);
  assert_int_equal(reply->fault, SMTP_REPLY_GOOD);
  feed_many(reply, "250 STARTTLS\r\n", 1);
  assert_true(reply->complete); /* a keyword counts however late it comes */
  assert_true(smtp_reply_has_keyword(buf_string(&reply->text), "STARTTLS"));
  smtp_reply_clear(reply);
  feed_many(reply, "220-endless banner\r\n", 4000);
  assert_int_equal(reply->fault, SMTP_REPLY_ENDLESS);
  smtp_reply_release(reply);
  free(reply);
}

static void test_keywords(void **state) {
  (void)state;
  assert_true(smtp_reply_has_keyword("mx\nSIZE 1\nstarttls", "STARTTLS"));
  assert_true(smtp_reply_has_keyword("mx\nSTARTTLS \nSIZE", "STARTTLS"));
  assert_false(smtp_reply_has_keyword("STARTTLS\nSIZE", "STARTTLS"));
  assert_false(smtp_reply_has_keyword("mx\nSTARTTLSX\nXSTARTTLS\nSIZE STARTTLS", "STARTTLS"));
  assert_true(smtp_reply_has_mask("mx\nXXXXXXXA"));
  assert_true(smtp_reply_has_mask("mx\nSIZE\n********"));
  assert_true(smtp_reply_has_mask("mx\nXXXXXXXX 1"));
  assert_false(smtp_reply_has_mask("mx\nXCLIENT NAME\nXFORWARD\nSIZE"));
  assert_false(smtp_reply_has_mask("XXXXXXXX\nSIZE"));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_limits), cmocka_unit_test(test_keywords) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
