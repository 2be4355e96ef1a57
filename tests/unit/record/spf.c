#include "checks/record/spf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "src/base/lib.h"

struct row {
  const char *term;
  enum spf_fault fault;
  const char *domain; /* null: not looked at */
  unsigned prefix4, prefix6;
};

static void check_row(struct arena *arena, const struct row *row) {
  const char *text = arena_printf(arena, "v=spf1 mx %s", row->term);
  const struct spf_record *record = spf_parse(arena, text, strlen(text));
  const struct spf_term *term = &record->terms[1];
  if (term->fault != row->fault) fail_msg("\"%s\": fault %d, expected %d", row->term, (int)term->fault, (int)row->fault);
  assert_int_equal(term->position, 10);
  assert_true(record->valid == (row->fault == SPF_FAULT_NONE));
  if (!row->domain) return;
  assert_string_equal(term->domain, row->domain);
  assert_int_equal(term->prefix4, row->prefix4);
  assert_int_equal(term->prefix6, row->prefix6);
}

static void check_rows(const struct row *rows, size_t count) {
  struct arena *arena = arena_new();
  for (size_t i = 0; i < count; i++) check_row(arena, &rows[i]);
  arena_free(&arena);
}

/* RFC 7208 section 7.1: any visible character but '%' may stand in a domain-spec, slashes and colons too. */
static void test_slashes_in_domain_spec(void **state) {
  (void)state;
  static const struct row rows[] = {
    { "a:foo:bar/baz.example.com", SPF_FAULT_NONE, "foo:bar/baz.example.com", 32, 128 },
    { "mx:foo:bar/baz.example.com", SPF_FAULT_NONE, "foo:bar/baz.example.com", 32, 128 },
    { "a:foo/bar.example.com/24", SPF_FAULT_NONE, "foo/bar.example.com", 24, 128 },
    { "a:foo/24.example.com/24//64", SPF_FAULT_NONE, "foo/24.example.com", 24, 64 },
    { "a:example.com//64", SPF_FAULT_NONE, "example.com", 32, 64 },
    { "a:%{d/}/8", SPF_FAULT_NONE, "%{d/}", 8, 128 },
    { "include:foo/bar.example.com", SPF_FAULT_NONE, "foo/bar.example.com", 32, 128 },
    { "a:user@example.com", SPF_FAULT_NONE, "user@example.com", 32, 128 },
    { "a:example.com/abc", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a:example.com/33", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a:example.com/024", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a:example.com//129", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a:example.com/24/64", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a:example.com/", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "a/24/", SPF_FAULT_DUAL_CIDR, NULL, 0, 0 },
    { "include:example.com/24", SPF_FAULT_INCLUDE_CIDR, NULL, 0, 0 },
    { "include:example.com/x", SPF_FAULT_DOMAIN_SPEC, NULL, 0, 0 },
    { "include:http://example.com/", SPF_FAULT_DOMAIN_SPEC, NULL, 0, 0 },
    { "include/x", SPF_FAULT_INCLUDE_NO_DOMAIN, NULL, 0, 0 },
    { "ptr/x", SPF_FAULT_DOMAIN_SPEC, NULL, 0, 0 },
    { "ptr:example.com/24", SPF_FAULT_PTR_CIDR, NULL, 0, 0 },
    { "exists:example.com/24", SPF_FAULT_EXISTS_NO_DOMAIN, NULL, 0, 0 },
  };
  check_rows(rows, MEM_COUNT(rows));
}

/* One row for each name that a syntax fault can have. */
static void test_faults(void **state) {
  (void)state;
  static const struct row rows[] = {
    { "=x", SPF_FAULT_SYNTAX, NULL, 0, 0 },
    { "inlcude:example.com", SPF_FAULT_UNKNOWN_MECHANISM, NULL, 0, 0 },
    { "-allinclude:example.com", SPF_FAULT_MISSING_SPACE, NULL, 0, 0 },
    { "-all;", SPF_FAULT_BAD_SEPARATOR, NULL, 0, 0 },
    { "ip4:192.0.2.1,192.0.2.2", SPF_FAULT_BAD_SEPARATOR, NULL, 0, 0 },
    { "ip4:192.0.2.1\t-all", SPF_FAULT_BAD_SEPARATOR, NULL, 0, 0 },
    { "\xe2\x80\x93" "all", SPF_FAULT_NON_ASCII, NULL, 0, 0 },
    { "all:example.com", SPF_FAULT_ALL_ARGUMENT, NULL, 0, 0 },
    { "include", SPF_FAULT_INCLUDE_NO_DOMAIN, NULL, 0, 0 },
    { "include:", SPF_FAULT_INCLUDE_NO_DOMAIN, NULL, 0, 0 },
    { "include: example.com", SPF_FAULT_ARGUMENT_SPACE, NULL, 0, 0 },
    { "exists", SPF_FAULT_EXISTS_NO_DOMAIN, NULL, 0, 0 },
    { "ip4:192.0.2.256", SPF_FAULT_IP4, NULL, 0, 0 },
    { "ip4:192.0.2.01", SPF_FAULT_IP4, NULL, 0, 0 },
    { "ip4:192.0.2.1/33", SPF_FAULT_IP4_PREFIX, NULL, 0, 0 },
    { "ip4:192.0.2.0/024", SPF_FAULT_IP4_PREFIX, NULL, 0, 0 },
    { "ip6:[2001:db8::1]", SPF_FAULT_IP6, NULL, 0, 0 },
    { "ip6:2001:db8::/129", SPF_FAULT_IP6_PREFIX, NULL, 0, 0 },
    { "ip4:2001:db8::1", SPF_FAULT_FAMILY_SWAPPED, NULL, 0, 0 },
    { "ip6:192.0.2.1", SPF_FAULT_FAMILY_SWAPPED, NULL, 0, 0 },
    { "a:localhost", SPF_FAULT_DOMAIN_SPEC, NULL, 0, 0 },
    { "a:example.123", SPF_FAULT_DOMAIN_SPEC, NULL, 0, 0 },
    { "redirect:example.com", SPF_FAULT_REDIRECT_AS_MECHANISM, NULL, 0, 0 },
    { "-redirect=example.com", SPF_FAULT_REDIRECT_AS_MECHANISM, NULL, 0, 0 },
    { "exists:%{x}.example.com", SPF_FAULT_MACRO, NULL, 0, 0 },
    { "exists:%{d0}.example.com", SPF_FAULT_MACRO, NULL, 0, 0 },
    { "exists:%{c}.example.com", SPF_FAULT_MACRO, NULL, 0, 0 },
  };
  check_rows(rows, MEM_COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_slashes_in_domain_spec), cmocka_unit_test(test_faults) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
