#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <openssl/ssl.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/practice/lib.h"
#include "src/practice/words.h"

static struct scenario *parse(const char *text) {
  struct fault fault = { "" };
  struct scenario *scenario = scenario_read(text, strlen(text), &fault);
  if (!scenario) fail_msg("%s", fault.text);
  return scenario;
}

static const struct record *first(const struct scenario *scenario, const char *name, uint16_t type) {
  const struct node *node = scenario_node(scenario, name);
  for (const struct record *record = node ? node->records : NULL; record; record = record->next)
    if (record->rr.type == type) return record;
  return NULL;
}

static size_t count(const struct scenario *scenario, const char *name, uint16_t type) {
  const struct node *node = scenario_node(scenario, name);
  size_t found = 0;
  for (const struct record *record = node ? node->records : NULL; record; record = record->next) found += record->rr.type == type;
  return found;
}

/* ---- words ---- */

static void test_words(void **state) {
  static const struct { const char *line; size_t count; const char *words[4]; } rows[] = {
    { "", 0, { NULL } },
    { "  # nothing", 0, { NULL } },
    { "one  two\tthree", 3, { "one", "two", "three" } },
    { "a \"b c\" d", 3, { "a", "b c", "d" } },
    { "banner=\"220 x y\" z", 2, { "banner=220 x y", "z" } },
    { "\"a\\\"b\\\\c\\065\"", 1, { "a\"b\\cA" } },
    { "\"#\" x#y # z", 2, { "#", "x#y" } },
    { "\"\"", 1, { "" } },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct words words;
    struct fault fault = { "" };
    assert_true(words_split(arena, rows[i].line, strlen(rows[i].line), &words, &fault));
    assert_int_equal(words.count, rows[i].count);
    for (size_t n = 0; n < words.count; n++) assert_string_equal(words.all[n].text, rows[i].words[n]);
    arena_free(&arena);
  }
}

static void test_open_quotation(void **state) {
  static const char *const lines[] = { "\"", "a \"b", "\"a\\\"", "\"\\", "\"\\1" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(lines); i++) {
    struct arena *arena = arena_new();
    struct words words;
    struct fault fault = { "" };
    assert_false(words_split(arena, lines[i], strlen(lines[i]), &words, &fault));
    assert_true(*fault.text);
    arena_free(&arena);
  }
}

/* ---- record data ---- */

static void test_rdata(void **state) {
  static const struct { const char *line; uint16_t type; size_t length; const char *bytes; } rows[] = {
    { "dns x.example A 127.0.0.9", DNS_TYPE_A, 4, "\x7f\0\0\x09" },
    { "dns x.example AAAA ::1", DNS_TYPE_AAAA, 16, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" },
    { "dns x.example MX 10 M.Example.", DNS_TYPE_MX, 13, "\0\x0a\1m\7example\0" },
    { "dns x.example MX 0 .", DNS_TYPE_MX, 3, "\0\0\0" },
    { "dns x.example CNAME y.example", DNS_TYPE_CNAME, 11, "\1y\7example\0" },
    { "dns x.example TXT \"a b\" c", DNS_TYPE_TXT, 6, "\3a b\1c" },
    { "dns x.example TXT \"\"", DNS_TYPE_TXT, 1, "\0" },
    { "dns x.example TXT \"\\000\\255\"", DNS_TYPE_TXT, 3, "\2\0\xff" },
    { "dns x.example TLSA 3 1 1 0a0B 0c", DNS_TYPE_TLSA, 6, "\3\1\1\x0a\x0b\x0c" },
    { "dns x.example DS 258 13 2 ff", DNS_TYPE_DS, 5, "\1\2\x0d\2\xff" },
    { "dns x.example CAA 0 issue ca.example", DNS_TYPE_CAA, 17, "\0\5issueca.example" },
    { "dns x.example DNSKEY \\# 3 01 0203", DNS_TYPE_DNSKEY, 3, "\1\2\3" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct scenario *scenario = parse(rows[i].line);
    const struct record *record = first(scenario, "x.example", rows[i].type);
    assert_non_null(record);
    assert_int_equal(record->rr.data_length, rows[i].length);
    assert_memory_equal(record->rr.data, rows[i].bytes, rows[i].length);
    scenario_free(&scenario);
  }
}

static void test_long_string_is_cut(void **state) {
  char text[400] = "dns x.example TXT \"";
  size_t at = strlen(text);
  (void)state;
  memset(text + at, 'k', 300);
  memcpy(text + at + 300, "\"", 2);
  struct scenario *scenario = parse(text);
  const struct record *record = first(scenario, "x.example", DNS_TYPE_TXT);
  assert_int_equal(record->rr.txt.strings, 2);
  assert_int_equal(record->rr.txt.lengths[0], 255);
  assert_int_equal(record->rr.txt.lengths[1], 45);
  scenario_free(&scenario);
}

/* ---- lines ---- */

static void test_wrong_lines(void **state) {
  static const struct { const char *text, *fault; } rows[] = {
    { "nonsense", "line 1:" },
    { "title \"x\"\n\nzone", "line 3:" },
    { "server ns.example 127.0.0.5", "must follow a zone" },
    { "zone z.example\nserver ns.example 192.0.2.1", "loopback" },
    { "zone z.example\nserver ns.example 127.0.0.5 quickly", "quickly" },
    { "zone z.example\nzone z.example", "already" },
    { "zone z.example serial=4294967296", "serial" },
    { "dns x.example A 1.2.3", "A record" },
    { "dns x.example A 127.0.0.1 127.0.0.2", "A record" },
    { "dns x.example MX m.example", "MX record" },
    { "dns x.example MX 65536 m.example", "MX record" },
    { "dns x.example NOTYPE 1", "NOTYPE" },
    { "dns x.example TXT", "needs" },
    { "dns x.example TLSA 3 1 1 abc", "TLSA" },
    { "dns x.example DNSKEY \\# 4 010203", "DNSKEY" },
    { "dns x.example ttl x A 127.0.0.1", "TTL" },
    { "dns a..b A 127.0.0.1", "a..b" },
    { "at 127.0.0.5 fault x.example any silent", "fault" },
    { "fault x.example NOTYPE silent", "NOTYPE" },
    { "smtp m.example 127.0.0.5 tls=2.0", "tls=2.0" },
    { "smtp m.example 127.0.0.5 certificate=fine", "certificate=fine" },
    { "smtp m.example 127.0.0.5 delay=600001", "delay" },
    { "page /x", "must follow" },
    { "| text", "must follow" },
    { "https h.example 127.0.0.5\npage /x status=99", "status" },
    { "dns x.example TXT \"open", "line 1:" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault = { "" };
    assert_null(scenario_read(rows[i].text, strlen(rows[i].text), &fault));
    if (!strstr(fault.text, rows[i].fault)) fail_msg("%s: %s", rows[i].text, fault.text);
  }
}

static void test_hosts_get_names(void **state) {
  (void)state;
  struct scenario *scenario = parse("smtp m.example 127.0.0.5\nsmtp m.example 127.0.0.6\nsmtp n.example 127.0.0.7\n"
                                   "dns 7.0.0.127.in-addr.arpa PTR other.example\nhttps w.example 127.0.0.8\ndns w.example CNAME v.example\n");
  assert_int_equal(count(scenario, "m.example", DNS_TYPE_A), 2);
  assert_string_equal(first(scenario, "5.0.0.127.in-addr.arpa", DNS_TYPE_PTR)->rr.target, "m.example");
  assert_int_equal(count(scenario, "7.0.0.127.in-addr.arpa", DNS_TYPE_PTR), 1);
  assert_string_equal(first(scenario, "7.0.0.127.in-addr.arpa", DNS_TYPE_PTR)->rr.target, "other.example");
  assert_int_equal(count(scenario, "w.example", DNS_TYPE_A), 0);
  scenario_free(&scenario);
}

static void test_zones(void **state) {
  (void)state;
  struct scenario *scenario = parse("zone z.example serial=7 ttl=60\nserver ns1.d.example 127.0.0.5\nserver ns2.d.example 127.0.0.6 hidden serial=6\n"
                                   "zone y.example\nserver ns1.d.example 127.0.0.5\ndns a.b.z.example A 127.0.0.9\n");
  assert_int_equal(first(scenario, "z.example", DNS_TYPE_SOA)->rr.soa.serial, 7);
  assert_string_equal(first(scenario, "z.example", DNS_TYPE_SOA)->rr.soa.primary, "ns1.d.example");
  assert_int_equal(count(scenario, "z.example", DNS_TYPE_NS), 1);
  assert_int_equal(count(scenario, "ns1.d.example", DNS_TYPE_A), 1);
  assert_int_equal(first(scenario, "a.b.z.example", DNS_TYPE_A)->rr.ttl, 60);
  assert_non_null(scenario_node(scenario, "b.z.example"));
  assert_null(scenario_node(scenario, "c.z.example"));
  assert_string_equal(scenario_zone_of(scenario, "a.b.z.example")->name, "z.example");
  assert_null(scenario_zone_of(scenario, "example"));
  scenario_free(&scenario);
}

static void test_manners(void **state) {
  (void)state;
  struct scenario *scenario = parse("smtp m.example 127.0.0.5 tls=1.0 certificate=expired banner=\"450 later\" delay=20 pace=3 close=ehlo starttls=refused\n"
                                   "https w.example 127.0.0.6\npage /a status=301 location=/b type=\"\" size=9 delay=4\n| one\n|  two\n");
  const struct smtp_host *host = &scenario->smtp[0];
  assert_int_equal(host->tls.only_version, TLS1_VERSION);
  assert_int_equal(host->tls.certificate, CERTIFICATE_EXPIRED);
  assert_string_equal(host->banner, "450 later");
  assert_int_equal(host->delay_ms, 20);
  assert_int_equal(host->pace_ms, 3);
  assert_int_equal(host->close, CLOSE_AT_EHLO);
  assert_int_equal(host->starttls, STARTTLS_REFUSED);
  const struct page *page = scenario->https[0].pages;
  assert_int_equal(page->status, 301);
  assert_string_equal(page->location, "/b");
  assert_null(page->type);
  assert_string_equal(page->body, "one\n two\n");
  scenario_free(&scenario);
}

static void test_shipped(void **state) {
  static const char *const names[] = { "exampleshire", "department", "parked" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(names); i++) {
    struct fault fault = { "" };
    char *path = mem_printf("%s/%s.scenario", PRACTICE_DATA, names[i]);
    struct scenario *scenario = scenario_load(path, &fault);
    if (!scenario) fail_msg("%s", fault.text);
    assert_true(*scenario->title && scenario->zone_count > 1);
    scenario_free(&scenario);
    free(path);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_words), cmocka_unit_test(test_open_quotation), cmocka_unit_test(test_rdata), cmocka_unit_test(test_long_string_is_cut),
    cmocka_unit_test(test_wrong_lines), cmocka_unit_test(test_hosts_get_names), cmocka_unit_test(test_zones), cmocka_unit_test(test_manners),
    cmocka_unit_test(test_shipped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
