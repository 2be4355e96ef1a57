/* Registration data: answers as RFC 9083 has them, the list of RFC 9224, times of RFC 3339, and what is odd or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checks/record/rdap.h"
#include "src/base/lib.h"

static struct arena *arena;

static const struct rdap_domain *parse(const char *text) { return rdap_domain_parse(arena, text, strlen(text)); }

static void whole_answer(void **state) {
  (void)state;
  const struct rdap_domain *domain = parse(
      "{\"rdapConformance\":[\"rdap_level_0\"],\"objectClassName\":\"domain\",\"handle\":\"X\",\"ldhName\":\"EXAMPLE.gov.uk.\",\"status\":[\"client Hold\",\"active\",\"active\"],"
      "\"nameservers\":[{\"objectClassName\":\"nameserver\",\"ldhName\":\"NS1.example.net.\"},{\"ldhName\":\"ns2.example.net\"},{\"ldhName\":\"ns1.example.net\"}],"
      "\"events\":[{\"eventAction\":\"registration\",\"eventDate\":\"1995-08-13T04:00:00Z\"},{\"eventAction\":\"expiration\",\"eventDate\":\"2027-08-13T06:00:00+02:00\"}],"
      "\"entities\":[{\"objectClassName\":\"entity\",\"roles\":[\"registrar\"],\"vcardArray\":[\"vcard\",[[\"version\",{},\"text\",\"4.0\"],[\"fn\",{},\"text\",\"Good Registrar\"]]],"
      "\"entities\":[{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"abuse@registrar.example\"],[\"email\",{\"type\":\"work\"},\"text\",\"second@registrar.example\"]]]}]},"
      "{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"A. Clerk\"],[\"org\",{},\"text\",\"Council\"],[\"email\",{},\"text\",\"dns@example.gov.uk\"]]]}],\"secureDNS\":{\"delegationSigned\":true}}");
  assert_non_null(domain);
  assert_string_equal(domain->name, "example.gov.uk");
  assert_int_equal(domain->expiration, rdap_time("2027-08-13T04:00:00Z"));
  assert_int_equal(domain->registration, rdap_time("1995-08-13T04:00:00Z"));
  assert_int_equal(domain->delegation, RDAP_DELEGATION_SIGNED);
  assert_string_equal(domain->registrant, "Council");
  assert_int_equal(domain->status_count, 2);
  assert_string_equal(domain->statuses[0], "client hold");
  assert_int_equal(domain->name_server_count, 2);
  assert_string_equal(domain->name_servers[0], "ns1.example.net");
  assert_string_equal(domain->registrar, "Good Registrar");
  assert_int_equal(domain->contact_count, 3);
  assert_string_equal(domain->contacts[0], "abuse@registrar.example");
  assert_string_equal(domain->contacts[2], "dns@example.gov.uk");
}

/* Members of the wrong kind are as good as none. */
static void odd_answers(void **state) {
  static const char *const rows[] = {
    "{\"objectClassName\":\"domain\"}", "{\"objectClassName\":\"DOMAIN\",\"status\":\"active\",\"nameservers\":{},\"events\":7,\"entities\":\"x\",\"ldhName\":[]}",
    "{\"objectClassName\":\"domain\",\"status\":[1,null,[]],\"nameservers\":[1,[],{\"ldhName\":5},null],\"events\":[1,{},{\"eventAction\":\"expiration\"},{\"eventAction\":5}],\"entities\":[1,null,{\"roles\":5},{\"vcardArray\":{}}]}",
    "{\"objectClassName\":\"domain\",\"events\":[{\"eventAction\":\"expiration\",\"eventDate\":\"soon\"}],\"entities\":[{\"roles\":[\"registrar\"],\"vcardArray\":[\"vcard\",[[\"fn\"],[],[\"fn\",{},\"text\",[\"a\"]],5]]}]}",
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const struct rdap_domain *domain = parse(rows[i]);
    if (!domain) fail_msg("row %zu", i);
    assert_int_equal(domain->expiration + domain->registration, 0);
    assert_int_equal(domain->delegation, RDAP_DELEGATION_NOT_TOLD);
    assert_int_equal(domain->status_count + domain->name_server_count + domain->contact_count, 0);
    assert_string_equal(domain->registrar, "");
    assert_string_equal(domain->registrant, "");
    assert_string_equal(domain->name, "");
  }
}

/* What a registry may leave out or word otherwise: the name serves where no organisation is told, and "not signed" is not "not told". */
static void roles_and_delegation(void **state) {
  (void)state;
  const struct rdap_domain *domain = parse(
      "{\"objectClassName\":\"domain\",\"secureDNS\":{\"delegationSigned\":false},\"entities\":["
      "{\"roles\":[\"registrant\",\"registrar\"],\"vcardArray\":[\"vcard\",[[\"org\",{},\"text\",\"\"],[\"fn\",{},\"text\",\"Both\"]]]},"
      "{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"Second\"]]]}]}");
  assert_string_equal(domain->registrant, "Both");
  assert_string_equal(domain->registrar, "Both");
  assert_int_equal(domain->delegation, RDAP_DELEGATION_UNSIGNED);
  assert_int_equal(parse("{\"objectClassName\":\"domain\",\"secureDNS\":{\"delegationSigned\":\"true\"}}")->delegation, RDAP_DELEGATION_NOT_TOLD);
}

static void no_answers(void **state) {
  static const char *const rows[] = { "", "null", "[]", "5", "\"domain\"", "{", "{}", "{\"objectClassName\":\"error\",\"errorCode\":404}", "{\"objectClassName\":[\"domain\"]}", "<html>", "{\"objectClassName\":\"domain\"} x" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (parse(rows[i])) fail_msg("%s", rows[i]);
}

static char *repeated(const char *head, const char *one, const char *separator, size_t count, const char *tail) {
  struct buf text = BUF_INIT(8 << 20);
  buf_text(&text, head);
  for (size_t i = 0; i < count; i++) buf_printf(&text, "%s%s", i ? separator : "", one);
  buf_text(&text, tail);
  char *out = arena_strdup(arena, buf_string(&text));
  buf_release(&text);
  return out;
}

static void hostile_answers(void **state) {
  (void)state;
  struct buf many = BUF_INIT(1 << 20);
  for (unsigned i = 0; i < 5000; i++) buf_printf(&many, "%s\"s%u\"", i ? "," : "", i);
  const struct rdap_domain *domain = parse(arena_printf(arena, "{\"objectClassName\":\"domain\",\"status\":[%s]}", buf_string(&many)));
  buf_release(&many);
  assert_int_equal(domain->status_count, RDAP_MOST);
  domain = parse(repeated("{\"objectClassName\":\"domain\",\"ldhName\":\"", "a", "", 100000, "\"}"));
  assert_true(domain && strlen(domain->name) <= 1024);
  domain = parse(repeated("{\"objectClassName\":\"domain\",\"entities\":[", "{\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"a@b.example\"]]]}", ",", 20000, "]}"));
  assert_int_equal(domain->contact_count, 1);
  assert_null(parse(repeated("{\"objectClassName\":\"domain\",\"entities\":", "[", "", 5000, "")));
  domain = parse("{\"objectClassName\":\"domain\",\"entities\":[{\"entities\":[{\"entities\":[{\"entities\":[{\"entities\":[{\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"deep@b.example\"]]]}]}]}]}]}]}");
  assert_int_equal(domain->contact_count, 0); /* five deep: nobody nests so */
}

static void times(void **state) {
  static const struct { const char *text; int64_t seconds; } rows[] = {
    { "1970-01-01T00:00:01Z", 1 }, { "2000-02-29T12:00:00Z", 951825600 }, { "2026-11-23t10:00:00z", 1795428000 }, { "2026-11-23 10:00:00Z", 1795428000 }, { "2026-11-23T10:00:00.123456Z", 1795428000 },
    { "2026-11-23T11:30:00+01:30", 1795428000 }, { "2026-11-23T05:00:00-05:00", 1795428000 }, { "2016-12-31T23:59:60Z", 1483228800 },
    { "", 0 }, { "2026-11-23", 0 }, { "2026-11-23T10:00:00", 0 }, { "2026-13-23T10:00:00Z", 0 }, { "2026-11-00T10:00:00Z", 0 }, { "2026-11-23T24:00:00Z", 0 }, { "2026-11-23T10:60:00Z", 0 },
    { "2026-11-23T10:00:00+1:00", 0 }, { "2026-11-23T10:00:00+24:00", 0 }, { "2026-11-23T10:00:00Zx", 0 }, { "26-11-23T10:00:00Z", 0 }, { "2026/11/23T10:00:00Z", 0 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rdap_time(rows[i].text) != rows[i].seconds * 1000) fail_msg("%s: %lld", rows[i].text, (long long)rdap_time(rows[i].text));
}

static void where_to_ask(void **state) {
  static const char list[] = "{\"services\":[[[\"uk\"],[\"http://plain.example/\",\"https://rdap.uk.example/\"]],[[\"gov.uk\",\"org\"],[\"https://rdap.gov.example/v1/\"]],[[\"net\"],[\"http://only.example/\"]],[[\"v.uk\"],[\"https://no.example/\"]],5,[],[[1],[2]]]}";
  static const struct { const char *name, *base; } rows[] = {
    { "example.gov.uk", "https://rdap.gov.example/v1/" }, { "example.co.uk", "https://rdap.uk.example/" }, { "gov.uk", "https://rdap.gov.example/v1/" }, { "x.org", "https://rdap.gov.example/v1/" },
    { "x.net", NULL }, { "x.example", NULL }, { "xorg", NULL },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const char *base = rdap_base_of(arena, list, sizeof list - 1, rows[i].name);
    if (!base != !rows[i].base || (base && strcmp(base, rows[i].base) != 0)) fail_msg("%s: %s", rows[i].name, base);
  }
  assert_null(rdap_base_of(arena, "[]", 2, "example.org"));
  assert_null(rdap_base_of(arena, "", 0, "example.org"));
}

static void addresses(void **state) {
  static const struct { const char *address, *host, *path; } rows[] = {
    { "https://RDAP.example/v1/", "rdap.example", "/v1/" }, { "https://rdap.example", "rdap.example", "/" }, { "https://rdap.example/a?b=c", "rdap.example", "/a?b=c" },
    { "http://rdap.example/", NULL, NULL }, { "https://rdap.example:8443/", NULL, NULL }, { "https://user@rdap.example/", NULL, NULL }, { "https://rdap.example?x", NULL, NULL },
    { "https://rdap.example/a b", NULL, NULL }, { "https://rdap.example/\r\nHost: x", NULL, NULL }, { "https://rdap.example/\"", NULL, NULL }, { "https://127.0.0.1/", NULL, NULL }, { "https:///x", NULL, NULL }, { "", NULL, NULL },
    { "https://rdap.example/a#b", NULL, NULL },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const char *host, *path;
    bool good = rdap_split_address(arena, rows[i].address, &host, &path);
    if (good != (rows[i].host != NULL)) fail_msg("%s", rows[i].address);
    if (!good) continue;
    assert_string_equal(host, rows[i].host);
    assert_string_equal(path, rows[i].path);
  }
  assert_false(rdap_split_address(arena, repeated("https://rdap.example/", "a", "", 3000, ""), &(const char *){ NULL }, &(const char *){ NULL }));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(whole_answer), cmocka_unit_test(odd_answers), cmocka_unit_test(roles_and_delegation), cmocka_unit_test(no_answers), cmocka_unit_test(hostile_answers), cmocka_unit_test(times), cmocka_unit_test(where_to_ask), cmocka_unit_test(addresses),
  };
  arena = arena_new();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  arena_free(&arena);
  return failed;
}
