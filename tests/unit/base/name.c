#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

#include "src/base/lib.h"

static void names_from_users(void **state) {
  static const struct { const char *typed, *name; } rows[] = {
    { "example.gov.uk", "example.gov.uk" }, { "  Example.GOV.uk.  ", "example.gov.uk" }, { "https://www.example.gov.uk/path?x=1", "www.example.gov.uk" },
    { "mailto:someone@example.gov.uk", "example.gov.uk" }, { "someone@example.gov.uk", "example.gov.uk" }, { "example.gov.uk:25", "example.gov.uk" },
    { "b\xc3\xbc" "cher.example", "xn--bcher-kva.example" }, { "xn--bcher-kva.example", "xn--bcher-kva.example" }, { "a_b.example.gov.uk", "a_b.example.gov.uk" },
    { "", NULL }, { "   ", NULL }, { "riverton", NULL }, { "a..b", NULL }, { ".example.gov.uk", NULL }, { "exa mple.gov.uk", NULL }, { "exam\tple.gov.uk", NULL }, { "a\x1b[2J.gov.uk", NULL },
    { "a;b.example", NULL }, { "_dmarc.gov.uk", "gov.uk" }, { "s1._domainkey.example.gov.uk", "example.gov.uk" }, { "_dmarc.uk", NULL }, { "192.0.2.1", NULL }, { "2001:db8::1", NULL }, { "me@[IPv6:2001:db8::1]", NULL }, { "\xff\xfe.example", NULL },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", NULL },
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault = { "" };
    const char *name = name_from_user(arena, rows[i].typed, &fault);
    if (!rows[i].name && (name || !*fault.text)) fail_msg("taken: \"%s\" as %s", rows[i].typed, name ? name : "nothing, without a word why");
    if (rows[i].name && (!name || strcmp(name, rows[i].name) != 0)) fail_msg("\"%s\": %s %s", rows[i].typed, name ? name : "refused", fault.text);
    assert_true(text_is_safe(fault.text));
  }
  arena_free(&arena);
}

static void lengths_at_their_limits(void **state) {
  char label63[64], label64[65], name[300];
  (void)state;
  memset(label63, 'a', 63), label63[63] = '\0';
  memset(label64, 'a', 64), label64[64] = '\0';
  assert_true(name_is_valid(label63));
  assert_false(name_is_valid(label64));
  snprintf(name, sizeof name, "%s.%s.%s.%.61s", label63, label63, label63, label63); /* 63 x 3 + 61 + 3 dots: 253 */
  assert_true(name_is_valid(name));
  snprintf(name, sizeof name, "%s.%s.%s.%.62s", label63, label63, label63, label63);
  assert_false(name_is_valid(name));
  assert_true(name_is_valid(""));
  assert_false(name_is_valid("."));
  assert_false(name_is_valid("a..b"));
  assert_true(name_is_valid("a\\.b.c"));
  assert_int_equal(name_labels("a\\.b.c"), 2);
}

static void host_names(void **state) {
  static const char *const good[] = { "mx1.example.gov.uk", "a.b", "1.example", "x-y.example" }, *const bad[] = { "", "_dmarc.example", "a-.example", "-a.example", "192.0.2.1", "a b.example", "a\\.b.example" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(good); i++)
    if (!name_is_host(good[i])) fail_msg("%s", good[i]);
  for (size_t i = 0; i < MEM_COUNT(bad); i++)
    if (name_is_host(bad[i])) fail_msg("%s", bad[i]);
}

static void ancestry_is_by_whole_labels(void **state) {
  (void)state;
  assert_true(name_is_under("a.example.gov.uk", "example.gov.uk"));
  assert_true(name_is_under("example.gov.uk", "example.gov.uk"));
  assert_true(name_is_under("example.gov.uk", ""));
  assert_false(name_is_under("badexample.gov.uk", "example.gov.uk"));
  assert_false(name_is_under("gov.uk", "example.gov.uk"));
  assert_false(name_is_under("a\\.example.gov.uk", "example.gov.uk"));
  assert_true(name_is_below("a.example.gov.uk", "example.gov.uk"));
  assert_false(name_is_below("example.gov.uk", "example.gov.uk"));
  assert_string_equal(name_parent("a\\.b.c.d"), "c.d");
  assert_string_equal(name_parent("uk"), "");
  assert_string_equal(name_parent(""), "");
  assert_string_equal(name_last_labels("a.b.gov.uk", 2), "gov.uk");
  assert_string_equal(name_last_labels("gov.uk", 5), "gov.uk");
  assert_true(name_equal("Example.GOV.uk.", "example.gov.uk"));
  assert_false(name_equal("example.gov.uk", "example.gov.ukx"));
}

static void joined_and_relative(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  assert_string_equal(name_join(arena, "_dmarc", "example.gov.uk"), "_dmarc.example.gov.uk");
  assert_string_equal(name_join(arena, "", "example.gov.uk"), "example.gov.uk");
  assert_string_equal(name_join(arena, "uk", ""), "uk");
  assert_string_equal(name_relative(arena, "_dmarc.example.gov.uk", "example.gov.uk"), "_dmarc");
  assert_string_equal(name_relative(arena, "example.gov.uk", "example.gov.uk"), "@");
  assert_null(name_relative(arena, "example.org", "example.gov.uk"));
  assert_null(name_relative(arena, "badexample.gov.uk", "example.gov.uk"));
  assert_string_equal(name_lower(arena, "A.Example."), "a.example");
  arena_free(&arena);
}

static void organisational_domains_by_the_list(void **state) {
  (void)state;
  assert_true(suffix_is_public("gov.uk"));
  assert_false(suffix_is_public("example.gov.uk"));
  assert_string_equal(suffix_registrable("a.b.example.gov.uk"), "example.gov.uk");
  assert_string_equal(suffix_registrable("example.co.uk"), "example.co.uk");
  assert_string_equal(suffix_registrable("gov.uk"), "gov.uk");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_from_users), cmocka_unit_test(lengths_at_their_limits), cmocka_unit_test(host_names), cmocka_unit_test(ancestry_is_by_whole_labels),
    cmocka_unit_test(joined_and_relative), cmocka_unit_test(organisational_domains_by_the_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
