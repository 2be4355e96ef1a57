/* Macros of RFC 7208, and bytes that no table can hold. Evaluations stand in tests/conformance/spf_evaluate.rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "checks/record/spf.h"
#include "src/base/lib.h"

/* A NUL octet ends no string: it is a byte that does not belong (section 12). */
static void nul_octets(void **state) {
  static const char inside[] = "v=spf1 -all\0 +all", version[] = "v=spf1\0 -all";
  struct arena *arena = arena_new();
  (void)state;
  assert_false(spf_is_record(version, sizeof version - 1));
  const struct spf_record *record = spf_parse(arena, inside, sizeof inside - 1);
  assert_false(record->valid);
  assert_int_equal(record->terms[0].fault, SPF_FAULT_NON_ASCII);
  assert_int_equal(record->count, 2);
  arena_free(&arena);
}

/* RFC 7208 section 7.4. */
static void macros(void **state) {
  static const struct { const char *text, *expanded; } examples[] = {
    { "%{s}", "strong-bad@email.example.com" }, { "%{o}", "email.example.com" }, { "%{d}", "email.example.com" }, { "%{d4}", "email.example.com" }, { "%{d3}", "email.example.com" },
    { "%{d2}", "example.com" }, { "%{d1}", "com" }, { "%{dr}", "com.example.email" }, { "%{d2r}", "example.email" }, { "%{l}", "strong-bad" }, { "%{l-}", "strong.bad" }, { "%{lr}", "strong-bad" },
    { "%{lr-}", "bad.strong" }, { "%{l1r-}", "strong" }, { "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" }, { "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
    { "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
  };
  struct ip ip;
  (void)state;
  assert_true(ip_parse("192.0.2.3", &ip));
  struct spf_macro_values values = { .sender_local = "strong-bad", .sender_domain = "email.example.com", .domain = "email.example.com", .helo = "h", .ip = &ip };
  for (size_t i = 0; i < MEM_COUNT(examples); i++) {
    struct buf out = BUF_INIT(1024);
    spf_macro_expand(&out, examples[i].text, &values);
    assert_string_equal(buf_string(&out), examples[i].expanded);
    buf_release(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(nul_octets), cmocka_unit_test(macros) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
