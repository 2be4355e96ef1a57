/* How a request is shaped for a DNS host, what stands against it, its groups and steps, and whole record sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/request/private.h"
#include "tests/unit/request/hostile.h"

static const int64_t when = (int64_t)1795428000 * 1000;
static const char *const servers[] = { "ns1.host.example", "ns2.host.example" };

static struct plan *plan_of(struct arena *arena, const struct plan_change *changes, size_t count) {
  struct plan *plan = ARENA_NEW(arena, struct plan);
  plan->domain = "x.example";
  plan->changes = arena_memdup(arena, changes, count * sizeof *changes);
  plan->change_count = count;
  plan->zones = ARENA_ARRAY(arena, struct plan_zone, 1);
  plan->zones[plan->zone_count++] = (struct plan_zone){ "x.example", servers, MEM_COUNT(servers) };
  return plan;
}

static struct plan_change change(enum plan_action action, const char *name, uint16_t type, const char **wanted) {
  return (struct plan_change){ .action = action, .zone = "x.example", .name = name, .type = type, .wanted = wanted, .wanted_count = wanted != NULL, .ttl = 300, .ttl_later = 3600, .section = "dns-spf",
                               .sentence = "Why.", .order_why = "Order.", .domain = "x.example", .host = "@", .present_known = true };
}

static struct request shaped(struct arena *arena, struct plan_change one, const struct dns_host_facts *host) {
  struct request_details *details = ARENA_NEW(arena, struct request_details);
  *details = (struct request_details){ .requester = "", .time = when, .number = 1, .provider = host };
  return request_make(arena, plan_of(arena, &one, 1), details);
}

static bool has_problem(const struct request *request, const char *rule) {
  for (size_t i = 0; i < request->problem_count; i++)
    if (strcmp(request->problems[i].rule->id, rule) == 0) return true;
  return false;
}

static void test_host_field(void **state) {
  static const struct { enum host_apex apex; enum host_name_form form; const char *at_apex, *below; } rows[] = {
    { APEX_EITHER, NAME_RELATIVE, "@", "_dmarc" },         { APEX_AT, NAME_RELATIVE, "@", "_dmarc" },         { APEX_EMPTY, NAME_RELATIVE, "(leave empty)", "_dmarc" },
    { APEX_FULL, NAME_FULL, "x.example", "_dmarc.x.example" }, { APEX_BIND, NAME_BIND, "x.example.", "_dmarc.x.example." }, { APEX_AT, NAME_EITHER, "@", "_dmarc" },
  };
  const char *wanted[] = { "v=spf1 -all" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_host_facts host = { .id = "h", .name = "Host", .apex = rows[i].apex, .name_form = rows[i].form, .where = "", .note = "", .mark = FACT_UNVERIFIED };
    struct request apex = shaped(arena, change(PLAN_ADD, "x.example", DNS_TYPE_TXT, wanted), &host), below = shaped(arena, change(PLAN_ADD, "_dmarc.x.example", DNS_TYPE_TXT, wanted), &host);
    assert_string_equal(apex.groups[0].items[0].host, rows[i].at_apex);
    assert_string_equal(below.groups[0].items[0].host, rows[i].below);
    assert_string_equal(below.groups[0].items[0].relative, "_dmarc");
    assert_string_equal(below.groups[0].items[0].full_dot, "_dmarc.x.example.");
    assert_true(has_problem(&below, "plan-quoting"));
    assert_non_null(strstr(below.groups[0].notes[0], fact_mark_words(FACT_UNVERIFIED)));
    arena_free(&arena);
  }
}

static void test_values(void **state) {
  static char long_text[301];
  static const struct { enum host_quoting quoting; enum host_long long_values; bool whole_is_quoted, long_is_quoted; } rows[] = {
    { QUOTE_RAW, LONG_WHOLE, false, false }, { QUOTE_RAW, LONG_SPLIT, false, true }, { QUOTE_QUOTED, LONG_SPLIT, true, true }, { QUOTE_EITHER, LONG_UNKNOWN, false, false },
  };
  const char *texts[] = { "v=spf1 -all", long_text };
  (void)state;
  memset(long_text, 'a', sizeof long_text - 1);
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    for (size_t n = 0; n < 2; n++) {
      struct arena *arena = arena_new();
      struct dns_host_facts host = { .id = "h", .name = "Host", .quoting = rows[i].quoting, .long_values = rows[i].long_values, .where = "", .note = "" };
      struct request request = shaped(arena, change(PLAN_ADD, "x.example", DNS_TYPE_TXT, &texts[n]), &host);
      const struct request_value *value = &request.groups[0].items[0].wanted[0];
      assert_int_equal(*value->entered == '"', n ? rows[i].long_is_quoted : rows[i].whole_is_quoted);
      assert_int_equal(value->strings, n + 1);
      arena_free(&arena);
    }
}

static void test_targets(void **state) {
  static const struct { bool dot, ticket; enum host_name_form form; const char *entered; } rows[] = { { false, false, NAME_RELATIVE, "target.example" }, { true, false, NAME_RELATIVE, "target.example." }, { false, true, NAME_BIND, "target.example." } };
  const char *wanted[] = { "target.example." };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct dns_host_facts host = { .id = "h", .name = "Host", .name_form = rows[i].form, .target_dot = rows[i].dot, .by_ticket = rows[i].ticket, .where = "", .note = "" };
    struct request request = shaped(arena, change(PLAN_ADD, "a.x.example", DNS_TYPE_CNAME, wanted), &host);
    assert_string_equal(request.groups[0].items[0].wanted[0].entered, rows[i].entered);
    assert_string_equal(request.groups[0].items[0].wanted[0].data, "target.example.");
    arena_free(&arena);
  }
}

/* A host that refuses a null MX: it is left out of every format, and each that people read says so. */
static void test_refused_null_mx(void **state) {
  const char *wanted[] = { "0 ." };
  (void)state;
  for (enum fact_tri takes = FACT_UNKNOWN; takes <= FACT_YES; takes++) {
    struct arena *arena = arena_new();
    struct dns_host_facts host = { .id = "h", .name = "Nullhost", .null_mx = takes, .where = "", .note = "" };
    struct request request = shaped(arena, change(PLAN_ADD, "x.example", DNS_TYPE_MX, wanted), &host);
    assert_int_equal(has_problem(&request, "plan-provider-limit"), takes == FACT_NO);
    assert_int_equal(request.item_count, takes == FACT_NO ? 0 : 1);
    assert_int_equal(request.omission_count, takes == FACT_NO ? 1 : 0);
    assert_false(request_blocked(&request));
    for (size_t i = 0; request_format_at(i); i++) {
      struct buf out = BUF_INIT(1 << 20);
      request_format_at(i)->write(&request, &out);
      bool machine = strcmp(request_format_at(i)->name, "csv") == 0 || strcmp(request_format_at(i)->name, "route53") == 0;
      if (!machine) assert_int_equal(strstr(buf_string(&out), "Nullhost does not accept") != NULL, takes == FACT_NO);
      buf_release(&out);
    }
    arena_free(&arena);
  }
}

static void test_limits(void **state) {
  static char long_text[700];
  const char *texts[] = { long_text, "", "a\"b", "a\\b" };
  (void)state;
  memset(long_text, 'a', sizeof long_text - 1);
  for (size_t i = 0; i < MEM_COUNT(texts); i++)
    for (int limited = 0; limited < 2; limited++) {
      struct arena *arena = arena_new();
      struct dns_host_facts host = { .id = "h", .name = "Host", .where = "", .note = "", .txt_most = limited && i == 0 ? 509 : 0, .refuses_empty_txt = limited && i == 1, .refuses_quotes = limited && i == 2, .refuses_backslash = limited && i == 3 };
      struct request request = shaped(arena, change(PLAN_ADD, "x.example", DNS_TYPE_TXT, &texts[i]), &host);
      assert_int_equal(has_problem(&request, "plan-provider-limit"), limited);
      assert_int_equal(request.groups[0].items[0].note_count, limited);
      arena_free(&arena);
    }
}

static void test_least_ttl(void **state) {
  struct arena *arena = arena_new();
  struct dns_host_facts host = { .id = "h", .name = "Host", .ttl_least = 600, .where = "", .note = "" };
  const char *wanted[] = { "v=spf1 -all" };
  struct request request = shaped(arena, change(PLAN_ADD, "x.example", DNS_TYPE_TXT, wanted), &host);
  (void)state;
  assert_int_equal(request.groups[0].items[0].ttl, 600);
  assert_int_equal(request.groups[0].items[0].ttl_later, 3600);
  assert_int_equal(request.groups[0].items[0].note_count, 1);
  arena_free(&arena);
}

static void test_what_stands_against_it(void **state) {
  struct arena *arena = arena_new();
  const char *wanted[] = { "v=spf1 -all" }, *now[] = { "v=spf1 mx -all" }, *data[] = { "\"v=spf1 mx -all\"" };
  struct plan_change blind = change(PLAN_REPLACE, "x.example", DNS_TYPE_TXT, wanted), seen;
  (void)state;
  blind.now = now;
  blind.now_count = 1;
  seen = blind;
  seen.now_data = data;
  seen.now_ttl = seen.set_ttl = 86400;
  struct request without = shaped(arena, blind, NULL), with = shaped(arena, seen, NULL);
  assert_true(has_problem(&without, "plan-rollback-missing") && request_blocked(&without));
  assert_false(has_problem(&with, "plan-rollback-missing") || request_blocked(&with));
  assert_true(has_problem(&with, "plan-contact-missing"));
  assert_int_equal(with.groups[0].lower_count, 1);
  assert_int_equal(with.groups[0].lower[0].from, 86400);
  assert_int_equal(with.groups[0].raise[0].to, 3600);
  arena_free(&arena);
}

static void test_recognised(void **state) {
  struct arena *arena = arena_new();
  static const struct fact_pattern ns[] = { { .text = "<id>.host.example", .mark = FACT_OBSERVED } };
  struct dns_host_facts host = { .id = "h", .name = "Host", .ns = ns, .ns_count = 1, .where = "", .note = "" };
  struct facts facts = { .dns_hosts = &host, .dns_host_count = 1 };
  const char *wanted[] = { "v=spf1 -all" };
  struct plan_change one = change(PLAN_ADD, "x.example", DNS_TYPE_TXT, wanted), other = one;
  struct request_details details = { .requester = "", .time = when, .number = 1, .facts = &facts };
  (void)state;
  other.contact = CONTACT_ADDRESS_OWNER;
  struct plan_change both[] = { one, other };
  struct request request = request_make(arena, plan_of(arena, both, 2), &details);
  assert_int_equal(request.group_count, 2);
  assert_ptr_equal(request.groups[0].host, &host);
  assert_false(request.groups[0].host_chosen);
  assert_false(has_problem(&request, "plan-contact-missing"));
  details.provider = &host;
  request = request_make(arena, plan_of(arena, both, 2), &details);
  assert_true(request.groups[0].host_chosen);
  assert_false(request.groups[1].host_chosen);
  details.zone = "elsewhere.example";
  request = request_make(arena, plan_of(arena, both, 2), &details);
  assert_int_equal(request.item_count, 0);
  arena_free(&arena);
}

/* Two changes of one set become one set afterwards, with all that stays. */
static void test_sets(void **state) {
  struct arena *arena = arena_new();
  struct request_details details = { .requester = "", .time = when, .number = 1 };
  struct request request = request_make(arena, hostile_plan(arena), &details);
  size_t count, found = 0;
  const struct request_set *sets = request_sets(arena, &request, &count);
  (void)state;
  for (size_t i = 0; i < count; i++) {
    for (size_t n = 0; n < i; n++) assert_false(sets[i].type == sets[n].type && strcmp(sets[i].name, sets[n].name) == 0);
    if (sets[i].type != DNS_TYPE_TXT || strcmp(sets[i].name, "hostile.example") != 0) continue;
    found++;
    assert_int_equal(sets[i].before_count, 4);
    assert_int_equal(sets[i].after_count, 2);
    assert_string_equal(sets[i].after[0], "\"MS=ms123; \\\"quoted\\\"\"");
    assert_string_equal(sets[i].after[1], "\"v=spf1 mx ~all\"");
  }
  assert_int_equal(found, 1);
  arena_free(&arena);
}

static void test_shell_words(void **state) {
  static const struct { const char *text, *word; } rows[] = { { "_dmarc.x.example", "_dmarc.x.example" }, { "*.x", "'*.x'" }, { "a;b", "'a;b'" }, { "a'b", "'a'\\''b'" }, { "$(x)", "'$(x)'" }, { "", "''" } };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) assert_string_equal(request_shell_word(arena, rows[i].text), rows[i].word);
  arena_free(&arena);
}

static void test_zone_text(void **state) {
  static const struct { const char *name, *text; } names[] = { { "", "." }, { "a.example", "a.example." }, { "se;mi.example", "se\\;mi.example." }, { "sp\\032ace.example", "sp\\032ace.example." }, { "do\\.t.@.example", "do\\.t.\\@.example." } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(names); i++) {
    struct buf out = BUF_INIT(1024);
    zone_text_name(&out, names[i].name);
    assert_string_equal(buf_string(&out), names[i].text);
    buf_release(&out);
  }
  struct buf out = BUF_INIT(4096);
  const uint8_t lengths[] = { 1, 0, 2 };
  zone_text_strings(&out, "a\"\x01", lengths, 3);
  assert_string_equal(buf_string(&out), "\"a\" \"\" \"\\\"\\001\"");
  buf_clear(&out);
  zone_text_data(&out, &(struct dns_rr){ .type = 65280, .data = (const uint8_t *)"\x01\xff", .data_length = 2 });
  assert_string_equal(buf_string(&out), "\\# 2 01ff");
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_host_field), cmocka_unit_test(test_values), cmocka_unit_test(test_targets), cmocka_unit_test(test_refused_null_mx), cmocka_unit_test(test_limits), cmocka_unit_test(test_least_ttl),
    cmocka_unit_test(test_what_stands_against_it), cmocka_unit_test(test_recognised), cmocka_unit_test(test_sets), cmocka_unit_test(test_shell_words), cmocka_unit_test(test_zone_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
