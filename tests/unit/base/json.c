/* The reader of JSON: a table of texts that are taken and refused, the places that it tells, and the same verdict as jansson on texts that were
 * damaged in every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); /* tests/fuzz/json.c: the comparison with jansson; aborts where they differ */

#define SIXTEEN "\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":12,\"m\":13,\"n\":14,\"o\":15,\"p\":16"
#define EIGHT_DEEP(inside) "[[[[[[[[" inside "]]]]]]]]"
#define DEEP(inside) EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(EIGHT_DEEP(inside))))))))

static const char *const taken[] = {
  "{}", "[]", " \t\r\n{ \n} ", "[null,true,false]", "[0,-0,1,-1,10,9223372036854775807,-9223372036854775808]", "[0.5,-0.5,1e5,1E+5,1e-5,1.25e2,1e-999]",
  "[\"\",\" \",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0001\\u001f\\u007f\\u0080\\uFFFF\",\"\x7f\"]", "[\"\\ud83d\\ude00\",\"\xf0\x9f\x98\x80\",\"\xef\xbf\xbf\",\"\xc2\x80\"]",
  "{\"\":1,\"a\":2,\"A\":3,\"\\u0062\":4}", "{" SIXTEEN "}", "{" SIXTEEN ",\"q\":17,\"r\":{" SIXTEEN ",\"q\":1}}", DEEP("1"),
};

static const char *const refused[] = {
  "", " ", "nonsense", "1", "\"text\"", "null", "{", "[", "}", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}",
  "[1] x", "[1][2]", "{}{}", "[tru]", "[True]", "[nul]", "[NaN]", "[Infinity]", "[-Infinity]", "[01]", "[+1]", "[-]", "[1.]", "[.5]", "[1e]", "[1e+]", "[0x10]", "[- 1]", "[--1]",
  "[9223372036854775808]", "[-9223372036854775809]", "[99999999999999999999999999]", "[1e999]", "[-1e999]", "[\"", "[\"a", "[\"a]", "[\"\\\"]", "[\"\\x41\"]", "[\"\\'\"]", "[\"\\u12\"]",
  "[\"\\u12g4\"]", "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\\ud800\\u0041\"]", "[\"\\ud800x\"]", "[\"a\nb\"]", "[\"a\tb\"]", "[\"\x01\"]", "[\"\x1f\"]", "[\"\xff\"]", "[\"\xc0\x80\"]",
  "[\"\xc3\"]", "[\"\xc3(\"]", "[\"\xed\xa0\x80\"]", "[\"\xf4\x90\x80\x80\"]", "[\"\xf8\x88\x80\x80\x80\"]", "\xef\xbb\xbf[]", "[\xc2\xa0]", "[1,// x\n2]", "/* x */[]", "{\"a\":1,\"a\":1}",
  "{\"a\":1,\"\\u0061\":2}", "{\"\\u0000\":1}", "{" SIXTEEN ",\"q\":17,\"a\":1}", "{" SIXTEEN ",\"p\":1}", "{\"a\":[{\"b\":{},\"b\":{}}]}", DEEP("[1]"), "[\v1]", "[\f]",
};

static const struct value *read(struct arena *arena, const char *text, struct fault *fault) { return json_read(arena, text, strlen(text), fault); }

static void each_text_is_taken_or_refused(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(taken) + MEM_COUNT(refused); i++) {
    bool good = i < MEM_COUNT(taken);
    const char *text = good ? taken[i] : refused[i - MEM_COUNT(taken)];
    struct arena *arena = arena_new();
    struct fault fault = { "" };
    const struct value *value = read(arena, text, &fault);
    if (!value != !good) fail_msg("%s: %s %s", good ? "refused" : "taken", text, fault.text);
    if (!good && (!*fault.text || !text_is_safe(fault.text))) fail_msg("says nothing that can be shown: %s", text);
    arena_free(&arena);
  }
}

static void places_are_told(void **state) {
  static const struct { const char *text, *place; } rows[] = {
    { "", "line 1, column 1: it ends too soon" }, { "{\n \"a\": 1,\n \"b\" 2}", "line 3, column 6: a colon was expected" }, { "[1,\r\n 2 3]", "line 2, column 4: a comma or ]" },
    { "[\"\xc3\xa9\xc3\xa9\", x]", "line 1, column 8: a value was expected" } /* columns are characters */, { "[\"\\n\\n\", x]", "line 1, column 10: a value" },
    { "{\"a\":1,\n\n  \"a\":2}", "line 3, column 3: the name \"a\" stands there a second time" }, { "[\"ab\\q\"]", "line 1, column 5: JSON has no such escape" },
    { "[\n[\n\"ab\ncd\"]]", "line 3, column 4: text may hold no" }, { "[1]\n\nx", "line 3, column 1: something follows" }, { "[12345678901234567890]", "line 1, column 2: the number is too large" },
    { "{" SIXTEEN ",\"q\":1,\n\"\\u0061\":1}", "line 2, column 1: the name \"a\"" }, { "{\"a\x1b\":1}", "line 1, column 4: text may hold" }, { "{\"\\u001b\":1,\"\\u001b\":2}", "the name \"\\x1B\"" },
    { "[\"a\xff\"]", "line 1, column 4: its octets are not UTF-8" }, { DEEP("[1]"), "64 levels deep, at line 1, column 65" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct fault fault = { "" };
    assert_null(read(arena, rows[i].text, &fault));
    if (!strstr(fault.text, rows[i].place)) fail_msg("%s: says \"%s\", not \"%s\"", rows[i].text, fault.text, rows[i].place);
    arena_free(&arena);
  }
}

static void values_come_as_written(void **state) {
  struct arena *arena = arena_new();
  size_t length = 0;
  (void)state;
  const struct value *root = read(arena, "{\"text\":\"a\\u00e9\\ud83d\\ude00\\n\",\"least\":-9223372036854775808,\"real\":-2.5e1,\"yes\":true,\"no\":false,\"nul\":\"a\\u0000b\",\n"
                                         " \"list\":[1,[],{\"deep\":\"x\"}],\"bytes\":\"\\u0000\\u00ff\\u0080z\",\"wide\":\"\\u0100\"}", NULL);
  assert_string_equal(value_text(root, "text", ""), "a\xc3\xa9\xf0\x9f\x98\x80\n");
  assert_true(value_number(root, "least", 0) == INT64_MIN);
  assert_true(value_get(root, "real")->real == -25.0);
  assert_true(value_flag(root, "yes", false) && !value_flag(root, "no", true) && value_flag(root, "text", true) && !value_flag(root, "absent", false));
  assert_string_equal(value_text(root, "nul", "otherwise"), "otherwise"); /* a C string would hide what follows */
  assert_int_equal(value_get(root, "nul")->count, 3);
  assert_int_equal(value_count(value_get(root, "list")), 3);
  assert_string_equal(value_text(value_at(value_get(root, "list"), 2), "deep", ""), "x");
  assert_null(value_at(value_get(root, "list"), 3));
  assert_memory_equal(value_bytes(arena, value_get(root, "bytes"), &length), "\0\xff\x80z", 5);
  assert_int_equal(length, 4);
  assert_null(value_bytes(arena, value_get(root, "wide"), &length));
  assert_int_equal(value_get(root, "list")->line, 2);
  assert_int_equal(value_get(root, "list")->column, 2);
  assert_int_equal(value_number(root, "text", -7), -7); /* of another kind: as if it were not there */
  assert_null(value_get(value_get(root, "text"), "x"));
  assert_int_equal(value_count(NULL), 0);
  arena_free(&arena);
}

/* An enemy's text costs no more than its size: neither a name for each member nor brackets without end take long. */
static void size_alone_costs(void **state) {
  enum { MEMBERS = 200000 };
  struct buf out = BUF_INIT(64 << 20);
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  (void)state;
  buf_char(&out, '{');
  for (unsigned i = 0; i < MEMBERS; i++) buf_printf(&out, "\"%u\":%u,", i, i);
  buf_text(&out, "\"77777\":0}");
  assert_null(read(arena, buf_string(&out), &fault));
  assert_non_null(strstr(fault.text, "\"77777\" stands there a second time"));
  buf_clear(&out);
  buf_char(&out, '[');
  for (unsigned i = 0; i < JSON_MOST_VALUES; i++) buf_text(&out, "1,");
  assert_null(read(arena, buf_string(&out), &fault));
  assert_non_null(strstr(fault.text, "more than"));
  buf_clear(&out);
  buf_pad(&out, '[', 32 << 20);
  assert_null(read(arena, buf_string(&out), &fault));
  assert_non_null(strstr(fault.text, "64 levels"));
  arena_free(&arena);
  buf_release(&out);
}

static void same_as_jansson(const char *text, size_t length) {
  char *exact = mem_alloc(length + 1); /* so that a read past the end is seen */
  if (length) memcpy(exact, text, length);
  LLVMFuzzerTestOneInput((const uint8_t *)exact, length);
  free(exact);
}

/* Cut at every octet; one octet replaced, left out or doubled at every place. */
static void damage(const char *text, size_t length) {
  static const char instead[] = "\"\\{}[],:0-.eE \n\0\x1f\x7f\x80\xc3\xed\xff" "u";
  char *copy = mem_alloc(length + 1);
  for (size_t i = 0; i <= length; i++) same_as_jansson(text, i);
  for (size_t i = 0; i < length; i++) {
    memcpy(copy, text, length);
    copy[i] = instead[i % (sizeof instead - 1)];
    same_as_jansson(copy, length);
    copy[i] = instead[(i + 1 + i / 7) % (sizeof instead - 1)];
    same_as_jansson(copy, length);
    memcpy(copy, text, i);
    memcpy(copy + i, text + i + 1, length - i - 1);
    same_as_jansson(copy, length - 1);
    memcpy(copy, text, i + 1);
    memcpy(copy + i + 1, text + i, length - i);
    same_as_jansson(copy, length + 1);
  }
  free(copy);
}

static void damaged_texts_as_in_jansson(void **state) {
  static const char sample[] = "{\"version\":1,\n \"observations\":[{\"kind\":\"dns\",\"name\":\"a\\u00e9\\ud83d\\ude00.\xc3\xa9\",\"flags\":-12,\"x\":1.5e-3,\"aa\":true,\"no\":false,\"nil\":null,"
                               "\"answer\":[],\"deep\":{\"a\":[[1,2],{\"b\":\"\\\"\\\\\"}]}}]," SIXTEEN "}";
  (void)state;
  damage(sample, sizeof sample - 1);
  for (size_t i = 0; i < MEM_COUNT(taken); i++) damage(taken[i], strlen(taken[i]));
  for (size_t i = 0; i < MEM_COUNT(refused); i++) damage(refused[i], strlen(refused[i]));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(each_text_is_taken_or_refused), cmocka_unit_test(places_are_told), cmocka_unit_test(values_come_as_written), cmocka_unit_test(size_alone_costs),
    cmocka_unit_test(damaged_texts_as_in_jansson),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
