#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/base/zonetext.h"

static void addresses_are_read_strictly(void **state) {
  static const struct { const char *text, *canonical; } rows[] = {
    { "192.0.2.1", "192.0.2.1" }, { "0.0.0.0", "0.0.0.0" }, { "255.255.255.255", "255.255.255.255" }, { "2001:DB8::1", "2001:db8::1" }, { "::", "::" }, { "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" }, { "256.0.2.1", NULL }, { "192.0.2", NULL }, { "192.0.2.01", NULL }, { "192.0.2.1.1", NULL }, { "192.0.2.1 ", NULL }, { "0x7f.0.0.1", NULL },
    { "", NULL }, { "1", NULL }, { ":::", NULL }, { "2001:db8::1::", NULL }, { "2001:db8::12345", NULL }, { "fe80::1%eth0", NULL }, { "[::1]", NULL }, { "192.0.2.1:25", NULL }, { "1:2:3:4:5:6:7:8:9", NULL },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct ip ip;
    char text[IP_TEXT];
    bool read = ip_parse(rows[i].text, &ip);
    if (read != (rows[i].canonical != NULL)) fail_msg("%s", rows[i].text);
    if (read) {
      ip_format(&ip, text);
      assert_string_equal(text, rows[i].canonical);
    }
  }
}

static struct ip address(const char *text) {
  struct ip ip;
  assert_true(ip_parse(text, &ip));
  return ip;
}

static void prefixes(void **state) {
  static const struct { const char *ip, *network; unsigned length; bool inside; } rows[] = {
    { "192.0.2.200", "192.0.2.0", 24, true }, { "192.0.3.0", "192.0.2.0", 24, false }, { "192.0.2.128", "192.0.2.0", 25, false }, { "203.0.113.9", "0.0.0.0", 0, true }, { "192.0.2.1", "192.0.2.1", 32, true },
    { "192.0.2.0", "192.0.2.1", 32, false }, { "2001:db8:ffff::1", "2001:db8::", 32, true }, { "2001:db9::1", "2001:db8::", 32, false }, { "2001:db8::8000:0:0:1", "2001:db8::", 65, false }, { "::1", "0.0.0.0", 0, false },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct ip ip = address(rows[i].ip), network = address(rows[i].network);
    if (ip_in_prefix(&ip, &network, rows[i].length) != rows[i].inside) fail_msg("%s in %s/%u", rows[i].ip, rows[i].network, rows[i].length);
  }
  struct ip odd = address("192.0.2.1"), even = address("192.0.2.0");
  assert_true(ip_host_bits_set(&odd, 24));
  assert_false(ip_host_bits_set(&even, 24));
  struct ip network = ip_network(&odd, 24);
  assert_true(ip_equal(&network, &even));
}

static void kinds_of_addresses(void **state) {
  static const char *const private[] = { "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.1.2.3", "::1", "fc00::1", "fdff::1", "fe80::1" };
  static const char *const public[] = { "9.255.255.255", "11.0.0.0", "172.32.0.1", "172.15.255.255", "100.128.0.1", "192.0.2.1", "2001:db8::1", "2a00::1" };
  char reverse[80];
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(private); i++) {
    struct ip ip = address(private[i]);
    if (!ip_is_private(&ip)) fail_msg("%s", private[i]);
  }
  for (size_t i = 0; i < MEM_COUNT(public); i++) {
    struct ip ip = address(public[i]);
    if (ip_is_private(&ip)) fail_msg("%s", public[i]);
  }
  struct ip v4 = address("192.0.2.1"), v6 = address("2001:db8::1");
  assert_true(ip_is_documentation(&v4) && ip_is_documentation(&v6));
  ip_reverse_name(&v4, reverse);
  assert_string_equal(reverse, "1.2.0.192.in-addr.arpa");
  ip_reverse_name(&v6, reverse);
  assert_string_equal(reverse, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void endpoints(void **state) {
  struct ip ip;
  uint16_t port = 53;
  (void)state;
  assert_true(ip_parse_endpoint("192.0.2.1:5353", &ip, &port));
  assert_int_equal(port, 5353);
  port = 53;
  assert_true(ip_parse_endpoint("2001:db8::1", &ip, &port));
  assert_int_equal(port, 53);
  assert_true(ip_parse_endpoint("[2001:db8::1]:99", &ip, &port));
  assert_int_equal(port, 99);
  static const char *const bad[] = { "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[2001:db8::1", "example.gov.uk", "192.0.2.1:53:53" };
  for (size_t i = 0; i < MEM_COUNT(bad); i++)
    if (ip_parse_endpoint(bad[i], &ip, &port)) fail_msg("%s", bad[i]);
}

/* Records from the wire form of their data to master-file form. */
static void records_in_zone_form(void **state) {
  static const struct { uint16_t type; const char *data; size_t length; const char *text; } rows[] = {
#define ROW(type, data, text) { type, data, sizeof data - 1, text }
    ROW(DNS_TYPE_A, "\xc0\x00\x02\x01", "192.0.2.1"), ROW(DNS_TYPE_NS, "\x02" "ns\x07" "example\x00", "ns.example."), ROW(DNS_TYPE_MX, "\x00\x0a\x02" "mx\x07" "example\x00", "10 mx.example."),
    ROW(DNS_TYPE_MX, "\x00\x00\x00", "0 ."), ROW(DNS_TYPE_TXT, "\x03" "a\"b\x02\\\xff", "\"a\\\"b\" \"\\\\\\255\""), ROW(DNS_TYPE_TXT, "\x00", "\"\""),
    ROW(DNS_TYPE_SOA, "\x02" "ns\x07" "example\x00\x04" "host\x00\x00\x00\x00\x01\x00\x00\x0e\x10\x00\x00\x03\x84\x00\x12\x75\x00\x00\x00\x01\x2c", "ns.example. host. 1 3600 900 1209600 300"),
    ROW(DNS_TYPE_TLSA, "\x03\x01\x01\xab\xcd", "3 1 1 abcd"), ROW(DNS_TYPE_DS, "\x30\x39\x0d\x02\xbe\xef", "12345 13 2 beef"), ROW(999, "\x01\x02", "\\# 2 0102"), ROW(999, "", "\\# 0"),
#undef ROW
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct dns_rr rr = { .owner = "x", .type = rows[i].type, .data = arena_memdup(arena, rows[i].data, rows[i].length), .data_length = (uint16_t)rows[i].length };
    struct buf out = BUF_INIT(4096);
    assert_true(dns_rdata_decode(arena, &rr));
    zone_text_data(&out, &rr);
    if (strcmp(buf_string(&out), rows[i].text) != 0) fail_msg("row %zu: %s", i, buf_string(&out));
    buf_release(&out);
  }
  arena_free(&arena);
}

static void split_then_escaped(void **state) {
  char text[512];
  struct buf out = BUF_INIT(4096);
  (void)state;
  memset(text, 'a', sizeof text);
  text[254] = '"'; /* the last octet of the first string */
  zone_text_split(&out, text, 256);
  assert_int_equal(strlen(buf_string(&out)), 1 + 254 + 2 + 1 + 1 + 1 + 1 + 1);
  assert_non_null(strstr(buf_string(&out), "\\\"\" \"a\""));
  buf_clear(&out);
  zone_text_split(&out, text, 0);
  assert_string_equal(buf_string(&out), "\"\"");
  buf_release(&out);
}

static void malformed_data_is_refused(void **state) {
  static const struct { uint16_t type; const char *data; size_t length; } rows[] = {
#define ROW(type, data) { type, data, sizeof data - 1 }
    ROW(DNS_TYPE_A, "\xc0\x00\x02"), ROW(DNS_TYPE_A, "\xc0\x00\x02\x01\x01"), ROW(DNS_TYPE_AAAA, "\x01"), ROW(DNS_TYPE_MX, "\x00\x0a"), ROW(DNS_TYPE_MX, "\x00\x0a\x02mx"), ROW(DNS_TYPE_NS, "\x40x\x00"),
    ROW(DNS_TYPE_NS, "\xc0\x00"), ROW(DNS_TYPE_NS, "\x01x\x00z"), ROW(DNS_TYPE_TXT, "\x05" "abc"), ROW(DNS_TYPE_SOA, "\x00\x00\x00\x00"), ROW(DNS_TYPE_TLSA, "\x03"),
#undef ROW
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct dns_rr rr = { .owner = "x", .type = rows[i].type, .data = arena_memdup(arena, rows[i].data, rows[i].length), .data_length = (uint16_t)rows[i].length };
    if (dns_rdata_decode(arena, &rr)) fail_msg("row %zu was read", i);
  }
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(addresses_are_read_strictly), cmocka_unit_test(prefixes), cmocka_unit_test(kinds_of_addresses), cmocka_unit_test(endpoints), cmocka_unit_test(records_in_zone_form),
    cmocka_unit_test(split_then_escaped), cmocka_unit_test(malformed_data_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
