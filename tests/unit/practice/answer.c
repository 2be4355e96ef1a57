#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/practice/answer.h"

static const char world[] =
  "zone example\nserver ns.registry.example 127.0.0.9\n"
  "zone z.example serial=7\nserver ns1.z.example 127.0.0.5\nserver ns2.z.example 127.0.0.6 serial=6\nserver ns3.z.example 127.0.0.7 lame\n"
  "dns z.example TXT one\nat 127.0.0.6 dns z.example TXT two\ndns z.example MX 10 m.z.example\nat 127.0.0.6 dns z.example MX absent\n"
  "dns alias.z.example CNAME z.example\ndns away.z.example CNAME gone.other.example\ndns loop.z.example CNAME loop.z.example\n"
  "dns *.w.z.example TXT wild\ndns a.deep.z.example A 127.0.0.1\n"
  "fault bad.z.example TXT servfail\nfault no.z.example any refused\nfault *.quiet.z.example any silent\nfault slow.z.example any delay=70\n"
  "fault cut.z.example any truncate\nfault id.z.example any wrong-id\nfault udp.z.example any no-tcp\nfault edns.z.example any no-edns\n"
  "zone signed.example authenticated\nserver ns1.z.example 127.0.0.5\ndns signed.example TXT s\n";

static struct scenario *scenario;

static int set_up(void **state) {
  struct fault fault = { "" };
  (void)state;
  scenario = scenario_read(world, sizeof world - 1, &fault);
  return scenario ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  scenario_free(&scenario);
  return 0;
}

/* Asks; the whole answer in an arena that the caller frees. Null: silence. */
static struct dns_message *ask_with(struct arena *arena, const char *server, bool tcp, const struct dns_query *query, struct dns_reply *reply, size_t *size) {
  struct buf wire = BUF_INIT(1024), out = BUF_INIT(65535);
  struct ip address = { .family = 0 };
  bool resolver = strcmp(server, "resolver") == 0;
  assert_true(ip_parse(resolver ? "127.0.0.1" : server, &address));
  assert_true(dns_write_query(&wire, query));
  *reply = answer_query(scenario, &address, resolver, tcp, (const uint8_t *)wire.data, wire.length, &out);
  struct dns_message *message = NULL;
  if (reply->send) {
    message = ARENA_NEW(arena, struct dns_message);
    assert_true(dns_parse(arena, arena_memdup(arena, out.data, out.length), out.length, message));
  }
  if (size) *size = out.length;
  buf_release(&wire);
  buf_release(&out);
  return message;
}

static void test_answers(void **state) {
  static const struct { const char *server, *name; uint16_t type; uint8_t rcode; bool aa; size_t answers; const char *text; } rows[] = {
    { "resolver", "z.example", DNS_TYPE_TXT, 0, false, 1, "one" },
    { "127.0.0.5", "z.example", DNS_TYPE_TXT, 0, true, 1, "one" },
    { "127.0.0.6", "z.example", DNS_TYPE_TXT, 0, true, 1, "two" },
    { "127.0.0.5", "z.example", DNS_TYPE_MX, 0, true, 1, NULL },
    { "127.0.0.6", "z.example", DNS_TYPE_MX, 0, true, 0, NULL },
    { "127.0.0.7", "z.example", DNS_TYPE_SOA, 0, false, 0, NULL },
    { "resolver", "alias.z.example", DNS_TYPE_TXT, 0, false, 2, NULL },
    { "resolver", "alias.z.example", DNS_TYPE_CNAME, 0, false, 1, NULL },
    { "resolver", "away.z.example", DNS_TYPE_TXT, DNS_RCODE_NXDOMAIN, false, 1, NULL },
    { "127.0.0.5", "away.z.example", DNS_TYPE_TXT, 0, true, 1, NULL },
    { "resolver", "loop.z.example", DNS_TYPE_TXT, 0, false, 12, NULL },
    { "resolver", "x.w.z.example", DNS_TYPE_TXT, 0, false, 1, "wild" },
    { "resolver", "y.x.w.z.example", DNS_TYPE_TXT, 0, false, 1, "wild" },
    { "resolver", "w.z.example", DNS_TYPE_TXT, 0, false, 0, NULL },
    { "resolver", "x.w.z.example", DNS_TYPE_A, 0, false, 0, NULL },
    { "resolver", "deep.z.example", DNS_TYPE_A, 0, false, 0, NULL },
    { "resolver", "nothing.z.example", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, false, 0, NULL },
    { "127.0.0.5", "nothing.z.example", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, true, 0, NULL },
    { "resolver", "unknown.invalid", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, false, 0, NULL },
    { "127.0.0.5", "unknown.invalid", DNS_TYPE_A, DNS_RCODE_REFUSED, false, 0, NULL },
    { "127.0.0.9", "z.example", DNS_TYPE_TXT, 0, false, 0, NULL },
    { "127.0.0.9", "z.example", DNS_TYPE_DS, 0, true, 0, NULL },
    { "resolver", "bad.z.example", DNS_TYPE_TXT, DNS_RCODE_SERVFAIL, false, 0, NULL },
    { "resolver", "bad.z.example", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, false, 0, NULL },
    { "127.0.0.5", "no.z.example", DNS_TYPE_A, DNS_RCODE_REFUSED, false, 0, NULL },
    { "resolver", "edns.z.example", DNS_TYPE_A, DNS_RCODE_FORMERR, false, 0, NULL },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_reply reply;
    struct dns_query query = { .id = 77, .name = rows[i].name, .type = rows[i].type, .recursion_desired = true, .udp_size = 1232 };
    struct dns_message *message = ask_with(arena, rows[i].server, false, &query, &reply, NULL);
    assert_non_null(message);
    if (message->rcode != rows[i].rcode || message->authoritative != rows[i].aa || message->answers != rows[i].answers)
      fail_msg("%s at %s: rcode %u, aa %d, %zu answers", rows[i].name, rows[i].server, message->rcode, message->authoritative, message->answers);
    assert_int_equal(message->id, 77);
    assert_int_equal(message->recursion_available, strcmp(rows[i].server, "resolver") == 0);
    if (rows[i].text) assert_string_equal(message->answer[0].txt.bytes, rows[i].text);
    if (rows[i].text) assert_string_equal(message->answer[0].owner, rows[i].name);
    arena_free(&arena);
  }
}

static void test_serial_of_each_server(void **state) {
  static const struct { const char *server; uint32_t serial; } rows[] = { { "resolver", 7 }, { "127.0.0.5", 7 }, { "127.0.0.6", 6 } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_reply reply;
    struct dns_query query = { .name = "z.example", .type = DNS_TYPE_SOA };
    assert_int_equal(ask_with(arena, rows[i].server, false, &query, &reply, NULL)->answer[0].soa.serial, rows[i].serial);
    arena_free(&arena);
  }
}

static void test_referral_has_glue(void **state) {
  struct arena *arena = arena_new();
  struct dns_reply reply;
  struct dns_query query = { .name = "m.z.example", .type = DNS_TYPE_A };
  (void)state;
  struct dns_message *message = ask_with(arena, "127.0.0.9", false, &query, &reply, NULL);
  assert_int_equal(message->authorities, 3);
  assert_int_equal(message->authority[0].type, DNS_TYPE_NS);
  assert_string_equal(message->authority[0].owner, "z.example");
  assert_int_equal(message->additionals, 3);
  arena_free(&arena);
}

static void test_negative_has_soa(void **state) {
  struct arena *arena = arena_new();
  struct dns_reply reply;
  struct dns_query query = { .name = "nothing.z.example", .type = DNS_TYPE_A };
  (void)state;
  struct dns_message *message = ask_with(arena, "resolver", false, &query, &reply, NULL);
  assert_int_equal(message->authorities, 1);
  assert_int_equal(message->authority[0].type, DNS_TYPE_SOA);
  assert_string_equal(message->authority[0].owner, "z.example");
  arena_free(&arena);
}

static void test_transport(void **state) {
  static const struct { const char *name; bool tcp, sent, truncated; uint32_t delay; } rows[] = {
    { "cut.z.example", false, true, true, 0 }, { "cut.z.example", true, true, false, 0 }, { "udp.z.example", false, true, false, 0 },
    { "udp.z.example", true, false, false, 0 }, { "a.quiet.z.example", false, false, false, 0 }, { "quiet.z.example", false, true, false, 0 },
    { "slow.z.example", false, true, false, 70 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_reply reply;
    struct dns_query query = { .name = rows[i].name, .type = DNS_TYPE_A };
    struct dns_message *message = ask_with(arena, "resolver", rows[i].tcp, &query, &reply, NULL);
    assert_int_equal(reply.send, rows[i].sent);
    if (message) assert_int_equal(message->truncated, rows[i].truncated);
    if (message) assert_int_equal(reply.delay_ms, rows[i].delay);
    arena_free(&arena);
  }
}

static void test_size_decides(void **state) {
  static const struct { uint16_t udp_size; bool tcp, truncated; } rows[] = { { 0, false, true }, { 700, false, true }, { 4096, false, false }, { 0, true, false } };
  struct dns_rr rr = { .owner = "big.z.example", .type = DNS_TYPE_TXT, .ttl = 1 };
  uint8_t text[201] = { 200 };
  (void)state;
  memset(text + 1, 'x', 200);
  rr.data = text;
  rr.data_length = sizeof text;
  for (uint8_t i = 0; i < 4; i++) {
    text[1] = i;
    scenario_add(scenario, &rr, NULL, false);
  }
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_reply reply;
    size_t size;
    struct dns_query query = { .name = "big.z.example", .type = DNS_TYPE_TXT, .udp_size = rows[i].udp_size };
    struct dns_message *message = ask_with(arena, "resolver", rows[i].tcp, &query, &reply, &size);
    assert_int_equal(message->truncated, rows[i].truncated);
    assert_int_equal(message->answers, rows[i].truncated ? 0 : 4);
    assert_true(!rows[i].truncated || size < 512);
    arena_free(&arena);
  }
  scenario_remove(scenario, "big.z.example", DNS_TYPE_TXT, NULL);
  assert_null(scenario_node(scenario, "big.z.example")->records);
}

static void test_authenticated(void **state) {
  static const struct { const char *name; bool wants, ad; } rows[] = { { "signed.example", true, true }, { "z.example", true, false } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_reply reply;
    struct dns_query query = { .name = rows[i].name, .type = DNS_TYPE_TXT, .udp_size = 1232, .dnssec_ok = rows[i].wants };
    assert_int_equal(ask_with(arena, "resolver", false, &query, &reply, NULL)->authenticated, rows[i].ad);
    arena_free(&arena);
  }
}

static void test_wrong_id(void **state) {
  struct arena *arena = arena_new();
  struct dns_reply reply;
  struct dns_query query = { .id = 0x1234, .name = "id.z.example", .type = DNS_TYPE_A };
  (void)state;
  assert_int_equal(ask_with(arena, "resolver", false, &query, &reply, NULL)->id, 0x1235);
  arena_free(&arena);
}

static void test_rubbish_is_not_answered(void **state) {
  static const struct { const char *bytes; size_t length; } rows[] = {
    { "", 0 }, { "\0", 1 }, { "\0\1\x80\0\0\1\0\0\0\0\0\0\1z\7example\0\0\1\0\1", 27 }, { "\0\1\0\0\0\0\0\0\0\0\0\0", 12 },
    { "\0\1\0\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1", 18 },
  };
  struct ip address = { .family = 4, .bytes = { 127, 0, 0, 1 } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct buf out = BUF_INIT(65535);
    assert_false(answer_query(scenario, &address, true, false, (const uint8_t *)rows[i].bytes, rows[i].length, &out).send);
    buf_release(&out);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers), cmocka_unit_test(test_serial_of_each_server), cmocka_unit_test(test_referral_has_glue), cmocka_unit_test(test_negative_has_soa),
    cmocka_unit_test(test_transport), cmocka_unit_test(test_size_decides), cmocka_unit_test(test_authenticated), cmocka_unit_test(test_wrong_id),
    cmocka_unit_test(test_rubbish_is_not_answered),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
