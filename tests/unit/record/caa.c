/* CAA records: the forms of RFC 8659 sections 4.1 to 4.4, and what is malformed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checks/record/caa.h"
#include "src/base/lib.h"

static struct arena *arena;

static bool read(uint8_t flags, const char *tag, const char *value, size_t length, struct caa *out) {
  size_t size = strlen(tag);
  uint8_t *data = arena_alloc(arena, 2 + size + length + 1);
  data[0] = flags, data[1] = (uint8_t)size;
  memcpy(data + 2, tag, size);
  if (length) memcpy(data + 2 + size, value, length);
  struct dns_rr rr = { .owner = "example", .type = DNS_TYPE_CAA, .data = data, .data_length = (uint16_t)(2 + size + length) };
  return caa_read(arena, &rr, out);
}

static void issuers(void **state) {
  static const struct { const char *tag, *value, *issuer; } rows[] = {
    { "issue", "ca1.example.net", "ca1.example.net" }, { "issue", "CA1.Example.NET", "ca1.example.net" }, { "ISSUE", "ca1.example.net", "ca1.example.net" }, { "issuewild", "ca2.example.org", "ca2.example.org" },
    { "issue", ";", "" }, { "issue", "", "" }, { "issue", " \t", "" }, { "issue", "  ca1.example.net  ", "ca1.example.net" },
    { "issue", "ca1.example.net; account=230123", "ca1.example.net" }, { "issue", "ca1.example.net ; account=230123", "ca1.example.net" }, { "issue", "ca1.example.net;", "ca1.example.net" },
    { "issue", "ca1.example.net; policy=ev; a-b = x", "ca1.example.net" }, { "issue", "ca1.example.net; validationmethods=dns-01,http-01", "ca1.example.net" }, { "issue", "ca1.example.net; a=", "ca1.example.net" },
    { "issue", "; account=1", "" },
    /* Not in the grammar: as good as one without an issuer (section 4.2). */
    { "issue", "%%%%%", "" }, { "issue", "ca1.example.net other.example", "" }, { "issue", "ca1..example", "" }, { "issue", "ca1.example.net; account", "" }, { "issue", "ca1.example.net; =1", "" },
    { "issue", "ca1.example.net; a=1 b=2", "" }, { "issue", "ca1.example.net; a=1;;b=2", "" }, { "issue", "ca1.example.net; -a=1", "" }, { "issue", "-ca1.example.net", "" }, { "issue", "ca1.example.net; a=\x01", "" },
    { "iodef", "mailto:security@example.com", "" }, { "contactemail", "ca1.example.net", "" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct caa caa;
    assert_true(read(0, rows[i].tag, rows[i].value, strlen(rows[i].value), &caa));
    if (strcmp(caa.issuer, rows[i].issuer) != 0) fail_msg("%s \"%s\": %s", rows[i].tag, rows[i].value, caa.issuer);
    assert_string_equal(caa.value, rows[i].value);
    for (const char *at = caa.tag; *at; at++) assert_false(is_upper(*at));
    assert_false(caa.critical);
  }
}

/* Only the first bit of the flags has a meaning (section 4.1). */
static void flags(void **state) {
  struct caa caa;
  (void)state;
  assert_true(read(128, "tbs", "Unknown", 7, &caa));
  assert_true(caa.critical);
  assert_string_equal(caa.tag, "tbs");
  assert_true(read(255, "issue", "a.example", 9, &caa));
  assert_true(caa.critical);
  assert_true(read(127, "issue", "a.example", 9, &caa));
  assert_false(caa.critical);
}

static void malformed(void **state) {
  static const uint8_t data[] = { 0, 5, 'i', 's', 's', 'u', 'e', 'a' };
  struct caa caa;
  (void)state;
  for (size_t length = 0; length <= sizeof data; length++) {
    struct dns_rr rr = { .owner = "example", .type = DNS_TYPE_CAA, .data = data, .data_length = (uint16_t)length };
    assert_int_equal(caa_read(arena, &rr, &caa), length >= 7);
  }
  struct dns_rr other = { .owner = "example", .type = DNS_TYPE_TXT, .data = data, .data_length = sizeof data };
  assert_false(caa_read(arena, &other, &caa));
  assert_false(read(0, "", "ca.example", 10, &caa));
  assert_true(read(0, "issue", "ca.example\0.evil.example", 24, &caa));
  assert_int_equal(caa.length, 24);
  assert_string_equal(caa.issuer, "");
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(issuers), cmocka_unit_test(flags), cmocka_unit_test(malformed) };
  arena = arena_new();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(&arena);
  return failed;
}
