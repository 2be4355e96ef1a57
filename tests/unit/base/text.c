#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"

static void made_safe(void **state) {
  static const struct { const char *bytes; size_t length; const char *safe; } rows[] = {
#define ROW(from, to) { from, sizeof from - 1, to }
    ROW("plain text", "plain text"), ROW("", ""), ROW("Gwyn\xc5\xb5ydd", "Gwyn\xc5\xb5ydd"), ROW("back\\slash", "back\\slash"),
    ROW("\x1b[2J", "\\x1B[2J"), ROW("a\0b", "a\\x00" "b"), ROW("a\nb\r\tc", "a\\x0Ab\\x0D\\x09" "c"), ROW("\x7f", "\\x7F"),
    ROW("\xc2\x9b" "31m", "\\u{009B}31m"), ROW("\xff\xfe", "\\xFF\\xFE"), ROW("\xc0\xaf", "\\xC0\\xAF"), ROW("\xed\xa0\x80", "\\xED\\xA0\\x80"),
    ROW("\xe2\x80\xae" "gnp.exe", "\\u{202E}gnp.exe"), ROW("a\xe2\x80\x8b" "b", "a\\u{200B}b"), ROW("\xef\xbb\xbfv=spf1", "\\u{FEFF}v=spf1"),
#undef ROW
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const char *safe = text_safe_copy(arena, rows[i].bytes, rows[i].length);
    if (strcmp(safe, rows[i].safe) != 0) fail_msg("row %zu: %s", i, safe);
    assert_true(text_is_safe(safe));
    assert_true(text_is_utf8(safe, strlen(safe)));
  }
  arena_free(&arena);
}

/* Whatever comes in, what comes out is safe, is UTF-8, and made safe again stays as it is. */
static void safe_whatever_comes(void **state) {
  struct arena *arena = arena_new();
  unsigned seed = 20261124;
  (void)state;
  for (unsigned round = 0; round < 2000; round++) {
    char bytes[40];
    for (size_t i = 0; i < sizeof bytes; i++) {
      seed = seed * 1103515245 + 12345;
      bytes[i] = (char)(seed >> 16);
    }
    const char *safe = text_safe_copy(arena, bytes, sizeof bytes);
    assert_true(text_is_safe(safe));
    assert_string_equal(text_safe_string(arena, safe), safe);
    assert_true(strlen(safe) <= sizeof bytes * 12);
  }
  arena_free(&arena);
}

static void words_of_a_list(void **state) {
  (void)state;
  assert_true(text_has_word("spf dkim dmarc", "spf"));
  assert_true(text_has_word("spf dkim  dmarc ", "dmarc"));
  assert_false(text_has_word("spf dkim dmarc", "dk"));
  assert_false(text_has_word("spf dkim dmarc", "dkim dmarc2"));
  assert_false(text_has_word("spf dkim dmarc", "SPF"));
  assert_false(text_has_word("spf", ""));
  assert_false(text_has_word("", "spf"));
  assert_true(text_starts_with_one("dkim-key-short", "spf- dkim-"));
  assert_false(text_starts_with_one("dkim", "spf- dkim-"));
  assert_false(text_starts_with_one("Spf-all", "spf-"));
  assert_false(text_starts_with_one("spf-all", ""));
}

static void widths(void **state) {
  size_t columns;
  (void)state;
  assert_int_equal(text_width("abc"), 3);
  assert_int_equal(text_width("\xc5\xb5"), 1);                      /* w with circumflex */
  assert_int_equal(text_width("w\xcc\x82"), 1);                     /* the same, combining */
  assert_int_equal(text_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);      /* two wide characters */
  assert_int_equal(text_fit("\xe6\x97\xa5\xe6\x9c\xac", 3, &columns), 3); /* half of a wide one does not fit */
  assert_int_equal(columns, 2);
  assert_int_equal(text_fit("w\xcc\x82" "x", 1, &columns), 3);      /* a grapheme stays whole */
  assert_int_equal(text_fit("abc", 0, &columns), 0);
  assert_int_equal(text_grapheme("w\xcc\x82" "x", 4, &columns), 3);
  assert_true(text_grapheme("\xff", 1, &columns) == 1);
}

static void distances(void **state) {
  (void)state;
  assert_int_equal(text_distance("include", "inlcude", 2), 1); /* a transposition is one */
  assert_int_equal(text_distance("rua", "rau", 2), 1);
  assert_int_equal(text_distance("ip4", "IP4", 2), 0);
  assert_int_equal(text_distance("ip4", "ipv4", 2), 1);
  assert_int_equal(text_distance("include", "all", 2), 3);
  assert_int_equal(text_distance("", "ab", 2), 2);
}

static void templates(void **state) {
  const struct text_argument arguments[] = { { "n", "12" }, { "domain", "{n}" } };
  struct arena *arena = arena_new();
  (void)state;
  assert_string_equal(text_fill(arena, "needs {n} look-ups", arguments, 2), "needs 12 look-ups");
  assert_string_equal(text_fill(arena, "{domain} {other} {", arguments, 2), "{n} {other} {"); /* a value is not filled again */
  assert_string_equal(text_fill(arena, "{n}{n}", arguments, 2), "1212");
  arena_free(&arena);
}

static void buffers_keep_their_cap(void **state) {
  struct buf buf = BUF_INIT(10);
  (void)state;
  assert_string_equal(buf_string(&buf), "");
  buf_text(&buf, "12345");
  buf_printf(&buf, "%d", 678);
  assert_false(buf.overflowed);
  buf_text(&buf, "9abc");
  assert_true(buf.overflowed);
  assert_true(buf.length <= 10);
  assert_int_equal(strlen(buf_string(&buf)), buf.length);
  buf_clear(&buf);
  assert_false(buf.overflowed);
  buf_pad(&buf, '-', 4);
  char *taken = buf_take(&buf);
  assert_string_equal(taken, "----");
  free(taken);
  assert_int_equal(buf.length, 0);
  buf_release(&buf);
}

static void cursors_remember_their_error(void **state) {
  const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
  struct cursor cursor;
  (void)state;
  cursor_init(&cursor, bytes, sizeof bytes);
  assert_int_equal(cursor_u16(&cursor), 0x0102);
  assert_int_equal(cursor_u32(&cursor), 0); /* three are left */
  assert_true(cursor.failed);
  assert_int_equal(cursor_u8(&cursor), 0);  /* and after it nothing is read */
  assert_null(cursor_bytes(&cursor, 1));
  cursor_init(&cursor, bytes, sizeof bytes);
  cursor_skip(&cursor, 5);
  assert_true(cursor_at_end(&cursor));
  assert_false(cursor.failed);
}

static void clocks_read_what_they_write(void **state) {
  static const char *const bad[] = { "", "2026-11-24", "2026-11-24T10:00:00", "2026-13-24T10:00:00Z", "2026-11-24T25:00:00Z", "2026-11-24 10:00:00Z", "x026-11-24T10:00:00Z" };
  char text[32];
  (void)state;
  clock_format_utc(clock_parse_utc("2026-02-28T23:59:59Z"), text);
  assert_string_equal(text, "2026-02-28T23:59:59Z");
  clock_format_utc(0, text);
  assert_string_equal(text, "1970-01-01T00:00:00Z");
  for (size_t i = 0; i < MEM_COUNT(bad); i++)
    if (clock_parse_utc(bad[i]) != -1) fail_msg("read: %s", bad[i]);
  struct clock_date leap = clock_utc(clock_parse_utc("2028-02-29T12:30:05Z"));
  assert_int_equal(leap.month * 100 + leap.day, 229);
}

/* Case and accents make no difference to a search, however the accents are written; what is found is whole characters. */
static void found_without_case_and_accents(void **state) {
  static const struct { const char *text, *words; int at; size_t length; } rows[] = {
    { "Reverse DNS", "reverse dns", 0, 11 }, { "the SPF record", "spf", 4, 3 }, { "D\xc5\xb4R", "d\xc5\xb5r", 0, 4 }, { "d\xc5\xb5r", "dwr", 0, 4 }, { "dw\xcc\x82r", "D\xc5\xb4R", 0, 5 },
    { "dwr", "d\xc5\xb5r", 0, 3 }, { "\xc3\x89t\xc3\xa9", "ETE", 0, 5 }, { "e\xcc\x81x", "e", 0, 3 }, { "abc", "abd", -1, 0 }, { "abc", "", -1, 0 }, { "", "a", -1, 0 }, { "ab", "abc", -1, 0 },
    { "\xff\xfe a", "A", 3, 1 }, { "aab", "ab", 1, 2 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    size_t length = 0;
    const char *found = text_find(rows[i].text, rows[i].words, &length);
    if ((found ? (int)(found - rows[i].text) : -1) != rows[i].at || (found && length != rows[i].length)) fail_msg("row %zu: at %td, %zu bytes", i, found ? found - rows[i].text : -1, length);
  }
  assert_true(text_same_folded("D\xc5\xb4R", "dwr"));
  assert_false(text_same_folded("dwr", "dwrs"));
  assert_false(text_same_folded("dwrs", "dwr"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(made_safe), cmocka_unit_test(safe_whatever_comes), cmocka_unit_test(words_of_a_list), cmocka_unit_test(widths), cmocka_unit_test(distances), cmocka_unit_test(templates),
    cmocka_unit_test(buffers_keep_their_cap), cmocka_unit_test(cursors_remember_their_error), cmocka_unit_test(clocks_read_what_they_write), cmocka_unit_test(found_without_case_and_accents),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
