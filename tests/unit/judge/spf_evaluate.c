/* check_host() of RFC 7208, clause by clause: records, a question, the result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "checks/judge/spf_evaluate.h"
#include "src/base/lib.h"
#include "tests/support/world.h"

#define E "example.com TXT "

static const struct row { const char *clause, *lines, *ip, *sender, *result; } rows[] = {
  { "2.6.1 none: no record", "example.com A 192.0.2.1", "192.0.2.1", "a@example.com", "none" },
  { "2.6.1 none: no such domain", "other.com A 192.0.2.1", "192.0.2.1", "a@example.com", "none" },
  { "4.3 none: one label", "com A 192.0.2.1", "192.0.2.1", "a@com", "none" },
  { "4.4 temperror", "example.com TXT servfail", "192.0.2.1", "a@example.com", "temperror" },
  { "4.4 temperror: timeout", "example.com TXT timeout", "192.0.2.1", "a@example.com", "temperror" },
  { "4.5 two records", E "\"v=spf1 -all\"\n" E "\"v=spf1 +all\"", "192.0.2.1", "a@example.com", "permerror" },
  { "4.5 version without space", E "\"v=spf10 -all\"", "192.0.2.1", "a@example.com", "none" },
  { "4.5 version in capitals", E "\"V=SPF1 -all\"", "192.0.2.1", "a@example.com", "fail" },
  { "3.3 strings joined", E "\"v=spf1 ip4:192.0.2\" \".1 -all\"", "192.0.2.1", "a@example.com", "pass" },
  { "4.6 syntax error before match", E "\"v=spf1 +all foo\"", "192.0.2.1", "a@example.com", "permerror" },
  { "4.6.2 qualifiers", E "\"v=spf1 ?ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "neutral" },
  { "4.6.2 softfail", E "\"v=spf1 ~all\"", "192.0.2.1", "a@example.com", "softfail" },
  { "4.7 default neutral", E "\"v=spf1 ip4:192.0.2.9\"", "192.0.2.1", "a@example.com", "neutral" },
  { "4.7 empty record", E "\"v=spf1\"", "192.0.2.1", "a@example.com", "neutral" },
  { "5.1 after all", E "\"v=spf1 -all ip4:192.0.2.1\"", "192.0.2.1", "a@example.com", "fail" },
  { "5.2 include pass", E "\"v=spf1 include:p.example.net -all\"\np.example.net TXT \"v=spf1 ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "pass" },
  { "5.2 include fail goes on", E "\"v=spf1 include:p.example.net ~all\"\np.example.net TXT \"v=spf1 -all\"", "192.0.2.1", "a@example.com", "softfail" },
  { "5.2 include none", E "\"v=spf1 include:p.example.net ~all\"\np.example.net A 192.0.2.1", "192.0.2.1", "a@example.com", "permerror" },
  { "5.2 include temperror", E "\"v=spf1 include:p.example.net ~all\"\np.example.net TXT servfail", "192.0.2.1", "a@example.com", "temperror" },
  { "5.3 a", E "\"v=spf1 a -all\"\nexample.com A 192.0.2.1", "192.0.2.1", "a@example.com", "pass" },
  { "5.3 a with length", E "\"v=spf1 a/24 -all\"\nexample.com A 192.0.2.1", "192.0.2.200", "a@example.com", "pass" },
  { "5.3 a IPv6", E "\"v=spf1 a//64 -all\"\nexample.com AAAA 2001:db8::1", "2001:db8::9", "a@example.com", "pass" },
  { "5.3 a of another", E "\"v=spf1 a:m.example.org -all\"\nm.example.org A 192.0.2.1", "192.0.2.1", "a@example.com", "pass" },
  { "5.3 a servfail", E "\"v=spf1 a -all\"\nexample.com A servfail", "192.0.2.1", "a@example.com", "temperror" },
  { "5.4 mx", E "\"v=spf1 mx -all\"\nexample.com MX 10 m.example.com\nm.example.com A 192.0.2.1", "192.0.2.1", "a@example.com", "pass" },
  { "5.4 no implicit mx", E "\"v=spf1 mx -all\"\nexample.com A 192.0.2.1", "192.0.2.1", "a@example.com", "fail" },
  { "5.5 ptr", E "\"v=spf1 ptr -all\"\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.1", "192.0.2.1", "a@example.com", "pass" },
  { "5.5 ptr not confirmed", E "\"v=spf1 ptr -all\"\n1.2.0.192.in-addr.arpa PTR m.example.com\nm.example.com A 192.0.2.2", "192.0.2.1", "a@example.com", "fail" },
  { "5.6 ip4 range", E "\"v=spf1 ip4:192.0.2.0/25 -all\"", "192.0.2.128", "a@example.com", "fail" },
  { "5.6 ip6", E "\"v=spf1 ip6:2001:db8::/32 -all\"", "2001:db8:1::1", "a@example.com", "pass" },
  { "5 mapped address", E "\"v=spf1 ip4:192.0.2.1 -all\"", "::ffff:192.0.2.1", "a@example.com", "pass" },
  { "5.7 exists", E "\"v=spf1 exists:%{ir}.%{l}._spf.%{d} -all\"\n1.2.0.192.a._spf.example.com A 127.0.0.2", "192.0.2.1", "a@example.com", "pass" },
  { "5.7 exists not", E "\"v=spf1 exists:%{ir}.x.%{d} -all\"", "192.0.2.1", "a@example.com", "fail" },
  { "6.1 redirect", E "\"v=spf1 redirect=r.example.net\"\nr.example.net TXT \"v=spf1 ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "pass" },
  { "6.1 redirect to none", E "\"v=spf1 redirect=r.example.net\"\nr.example.net A 192.0.2.1", "192.0.2.1", "a@example.com", "permerror" },
  { "6.1 redirect ignored beside all", E "\"v=spf1 ?all redirect=r.example.net\"\nr.example.net TXT \"v=spf1 -all\"", "192.0.2.1", "a@example.com", "neutral" },
  { "6 two redirects", E "\"v=spf1 redirect=a.example.net redirect=b.example.net\"", "192.0.2.1", "a@example.com", "permerror" },
  { "6 unknown modifier", E "\"v=spf1 foo=bar -all\"", "192.0.2.1", "a@example.com", "fail" },
  { "7.1 bad macro", E "\"v=spf1 exists:%{x}.example.com -all\"", "192.0.2.1", "a@example.com", "permerror" },
  { "4.6.4 ten look-ups pass", E "\"v=spf1 a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a2.e.com -all\"\na1.e.com A 192.0.2.9\na2.e.com A 192.0.2.1", "192.0.2.1", "a@example.com", "pass" },
  { "4.6.4 eleventh fails", E "\"v=spf1 a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a1.e.com a:a2.e.com -all\"\na1.e.com A 192.0.2.9\na2.e.com A 192.0.2.1", "192.0.2.1", "a@example.com", "permerror" },
  { "4.6.4 two voids", E "\"v=spf1 a:v1.e.com a:v2.e.com ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "pass" },
  { "4.6.4 three voids", E "\"v=spf1 a:v1.e.com a:v2.e.com a:v3.e.com ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "permerror" },
  { "4.6.4 include loop", E "\"v=spf1 include:example.com -all\"", "192.0.2.1", "a@example.com", "permerror" },
  { "CNAME followed", "example.com CNAME r.example.net\nr.example.net TXT \"v=spf1 ip4:192.0.2.1 -all\"", "192.0.2.1", "a@example.com", "pass" },
};

static void read_world(struct world *world, const char *lines) {
  struct arena *arena = arena_new();
  for (const char *at = lines; *at;) {
    size_t length = strcspn(at, "\n");
    assert_true(world_line(world, arena_strndup(arena, at, length)));
    at += length + (at[length] == '\n');
  }
  arena_free(&arena);
}

static void clauses(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct world *world = world_new();
    struct store *store = store_new();
    struct arena *arena = arena_new();
    struct spf_outcome outcome;
    struct spf_request request = { .domain = strchr(rows[i].sender, '@') + 1, .sender = rows[i].sender, .helo = "helo.example.com" };
    assert_true(ip_parse(rows[i].ip, &request.ip));
    read_world(world, rows[i].lines);
    unsigned turns = 0;
    while (!spf_evaluate(store, arena, &request, &outcome) && turns++ < 60) assert_true(world_answer(world, store, 0));
    if (strcmp(spf_result_name(outcome.result), rows[i].result) != 0) fail_msg("%s: %s, not %s (%s)", rows[i].clause, spf_result_name(outcome.result), rows[i].result, outcome.problem);
    arena_free(&arena);
    store_free(&store);
    world_free(&world);
  }
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
  const struct CMUnitTest tests[] = { cmocka_unit_test(clauses), cmocka_unit_test(macros) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
