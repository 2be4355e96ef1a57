/* Verify, over a closed world: what is said of every state and slip, and that nothing is called live which differs by one octet that matters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/request/meaning.h"
#include "src/request/verify.h"
#include "tests/support/world.h"

static const char *const zone[] = { "z.example NS ns1.z.example", "z.example NS ns2.z.example", "ns1.z.example A 192.0.2.53", "ns2.z.example A 192.0.2.54" };

enum { MOST_LINES = 6 };
struct row {
  const char *title;
  const char *name;
  uint16_t type;
  const char *now, *wanted, *kept;   /* null: none; kept in master-file form */
  const char *lines[MOST_LINES];     /* the world: "dns …" and "at ADDRESS aa …" */
  enum verify_state state;
  enum slip slip;
  const char *rules;                 /* in order, parted by spaces */
};

#define DMARC "_dmarc.z.example"
#define OLD "v=DMARC1; p=none"
#define NEW "v=DMARC1; p=reject; rua=mailto:d@z.example"
#define NEW_LINE "\"v=DMARC1; p=reject; rua=mailto:d@z.example\""
#define KEY "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"

static const struct row rows[] = {
  { "done", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT " NEW_LINE }, VERIFY_LIVE, SLIP_NONE, "verify-done" },
  { "split elsewhere", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=rej\" \"ect; rua=mailto:d@z.example\"" }, VERIFY_LIVE, SLIP_NONE, "verify-equivalent" },
  { "white space without meaning", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1 ;p=reject;  rua = mailto:d@z.example;\"" }, VERIFY_LIVE, SLIP_NONE, "verify-equivalent" },
  { "order of tags", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; rua=mailto:d@z.example; p=reject\"" }, VERIFY_LIVE, SLIP_NONE, "verify-equivalent" },
  { "pending", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"" OLD "\"" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "pending, nothing there yet", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns x.z.example A 192.0.2.1" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "other text of the domain is no attempt", "z.example", DNS_TYPE_TXT, "v=spf1 mx ?all", "v=spf1 mx -all", "\"MS=1\"", { "dns z.example TXT \"v=spf1 mx ?all\"", "dns z.example TXT MS=1", "dns z.example TXT new-token" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "partial", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT " NEW_LINE, "at 192.0.2.54 _dmarc.z.example TXT aa \"" OLD "\"" }, VERIFY_PARTLY, SLIP_NONE, "verify-partial" },
  { "one server does not answer", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT " NEW_LINE, "at 192.0.2.54 _dmarc.z.example TXT timeout" }, VERIFY_UNKNOWN, SLIP_NONE, "verify-unknown" },
  { "one old, one does not answer", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"" OLD "\"", "at 192.0.2.54 _dmarc.z.example TXT servfail" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending verify-unknown" },
  { "the resolver still has the old one", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT ttl 600 \"" OLD "\"", "at 192.0.2.53 _dmarc.z.example TXT aa " NEW_LINE, "at 192.0.2.54 _dmarc.z.example TXT aa " NEW_LINE }, VERIFY_LIVE, SLIP_NONE, "verify-done verify-cached-old" },
  { "added, not replaced", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT " NEW_LINE, "dns _dmarc.z.example TXT \"" OLD "\"" }, VERIFY_WRONG, SLIP_SECOND_RECORD, "verify-added-not-replaced" },
  { "two that mean the same", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns _dmarc.z.example TXT " NEW_LINE, "dns _dmarc.z.example TXT \"v=DMARC1;p=reject;rua=mailto:d@z.example\"" }, VERIFY_WRONG, SLIP_SECOND_RECORD, "verify-added-not-replaced" },
  { "a second SPF beside it", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx -all", NULL, { "dns z.example TXT \"v=spf1 mx -all\"", "dns z.example TXT \"v=spf1 a -all\"" }, VERIFY_WRONG, SLIP_SECOND_RECORD, "verify-added-not-replaced" },
  { "quotation marks", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"\\\"v=DMARC1; p=reject; rua=mailto:d@z.example\\\"\"" }, VERIFY_WRONG, SLIP_QUOTES, "verify-different" },
  { "backslashes", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1\\\\; p=reject\\\\; rua=mailto:d@z.example\"" }, VERIFY_WRONG, SLIP_BACKSLASHES, "verify-different" },
  { "a leading space", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \" v=DMARC1; p=reject; rua=mailto:d@z.example\"" }, VERIFY_WRONG, SLIP_SPACES, "verify-different" },
  { "a space inside an address", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=reject; rua=mailto: d@z.example\"" }, VERIFY_WRONG, SLIP_SPACES, "verify-different" },
  { "a lost semicolon", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=reject rua=mailto:d@z.example\"" }, VERIFY_WRONG, SLIP_SEMICOLON, "verify-different" },
  { "typographic dashes", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=reject; rua=mailto:d@z\\226\\128\\147example\"" }, VERIFY_WRONG, SLIP_TYPOGRAPHIC, "verify-different" },
  { "a line break", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1;\\010 p=reject; rua=mailto:d@z.example\"" }, VERIFY_WRONG, SLIP_LINE_BREAK, "verify-different" },
  { "cut", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=reject; rua=mail\"" }, VERIFY_WRONG, SLIP_CUT, "verify-different" },
  { "another letter", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example TXT \"v=DMARC1; p=reject; rua=mailto:e@z.example\"" }, VERIFY_WRONG, SLIP_NONE, "verify-different" },
  { "the case of a key", "s._domainkey.z.example", DNS_TYPE_TXT, NULL, KEY, NULL, { "dns s._domainkey.z.example TXT \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEa\"" }, VERIFY_WRONG, SLIP_CASE, "verify-different" },
  { "white space in a key", "s._domainkey.z.example", DNS_TYPE_TXT, NULL, KEY, NULL, { "dns s._domainkey.z.example TXT \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEF AAOCAQ8AMIIBCgKCAQEA\"" }, VERIFY_LIVE, SLIP_NONE, "verify-equivalent" },
  { "spaces between SPF terms", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx -all", NULL, { "dns z.example TXT \"v=spf1  mx   -all \"" }, VERIFY_LIVE, SLIP_NONE, "verify-equivalent" },
  { "order of SPF terms", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx a -all", NULL, { "dns z.example TXT \"v=spf1 a mx -all\"" }, VERIFY_WRONG, SLIP_NONE, "verify-different" },
  { "a space before SPF", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx -all", NULL, { "dns z.example TXT \" v=spf1 mx -all\"" }, VERIFY_WRONG, SLIP_SPACES, "verify-different" },
  { "TLS-RPT takes no space at the equals sign", "_smtp._tls.z.example", DNS_TYPE_TXT, NULL, "v=TLSRPTv1; rua=mailto:t@z.example", NULL, { "dns _smtp._tls.z.example TXT \"v=TLSRPTv1; rua =mailto:t@z.example\"" }, VERIFY_WRONG, SLIP_SPACES, "verify-different" },
  { "the domain twice", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns _dmarc.z.example.z.example TXT " NEW_LINE }, VERIFY_WRONG, SLIP_NAME_DOUBLED, "verify-misplaced" },
  { "the name misspelt", "_smtp._tls.z.example", DNS_TYPE_TXT, NULL, "v=TLSRPTv1; rua=mailto:t@z.example", NULL, { "dns _stmp._tls.z.example TXT \"v=TLSRPTv1; rua=mailto:t@z.example\"" }, VERIFY_WRONG, SLIP_NAME_MISSPELT, "verify-misplaced" },
  { "the selector misspelt", "s._domainkey.z.example", DNS_TYPE_TXT, NULL, KEY, NULL, { "dns s.domainkey.z.example TXT \"" KEY "\"" }, VERIFY_WRONG, SLIP_UNDERSCORE_LOST, "verify-misplaced" },
  { "the underscore lost", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns dmarc.z.example TXT " NEW_LINE }, VERIFY_WRONG, SLIP_UNDERSCORE_LOST, "verify-misplaced" },
  { "@ as a label", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx -all", NULL, { "dns @.z.example TXT \"v=spf1 mx -all\"" }, VERIFY_WRONG, SLIP_AT_LABEL, "verify-misplaced" },
  { "in the zone above", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns _dmarc.example TXT " NEW_LINE }, VERIFY_WRONG, SLIP_PARENT_ZONE, "verify-misplaced" },
  { "a common text in the zone above proves nothing", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 -all", NULL, { "dns example TXT \"v=spf1 -all\"" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "the name belongs to a zone below", "a.sub.z.example", DNS_TYPE_TXT, NULL, NEW, NULL, { "referral 192.0.2.53 sub.z.example ns.other.example", "referral 192.0.2.54 sub.z.example ns.other.example" }, VERIFY_WRONG, SLIP_PARENT_ZONE, "verify-misplaced" },
  { "text under the old type SPF", "z.example", DNS_TYPE_TXT, NULL, "v=spf1 mx -all", NULL, { "dns z.example SPF \"v=spf1 mx -all\"" }, VERIFY_WRONG, SLIP_WRONG_TYPE, "verify-misplaced" },
  { "an alias until then", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns *.z.example CNAME web.z.example", "dns web.z.example A 192.0.2.9" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "an alias in place of text", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns _dmarc.z.example CNAME other.z.example" }, VERIFY_WRONG, SLIP_WRONG_TYPE, "verify-different" },
  { "an alias", "s._domainkey.z.example", DNS_TYPE_CNAME, NULL, "s.mailer.example.", NULL, { "dns s._domainkey.z.example CNAME S.Mailer.example" }, VERIFY_LIVE, SLIP_NONE, "verify-done" },
  { "an alias as text", "s._domainkey.z.example", DNS_TYPE_CNAME, NULL, "s.mailer.example.", NULL, { "dns s._domainkey.z.example TXT s.mailer.example" }, VERIFY_WRONG, SLIP_ALIAS_AS_TEXT, "verify-misplaced" },
  { "an alias with the zone appended", "s._domainkey.z.example", DNS_TYPE_CNAME, NULL, "s.mailer.example.", NULL, { "dns s._domainkey.z.example CNAME s.mailer.example.z.example" }, VERIFY_WRONG, SLIP_TARGET_ZONE, "verify-different" },
  { "a mail server with the zone appended", "z.example", DNS_TYPE_MX, NULL, "10 mx.mailer.example.", NULL, { "dns z.example MX 10 mx.mailer.example.z.example" }, VERIFY_WRONG, SLIP_TARGET_ZONE, "verify-different" },
  { "another preference", "z.example", DNS_TYPE_MX, NULL, "10 mx.mailer.example.", NULL, { "dns z.example MX 20 mx.mailer.example" }, VERIFY_WRONG, SLIP_NONE, "verify-different" },
  { "other mail servers are no attempt", "z.example", DNS_TYPE_MX, NULL, "10 mx.mailer.example.", "20 mx.z.example.", { "dns z.example MX 20 mx.z.example", "dns z.example MX 30 third.z.example" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "a wildcard answers for the name until then", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns *.z.example TXT \"wild text\"" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "a wildcard beside another text", DMARC, DNS_TYPE_TXT, NULL, NEW, NULL, { "dns *.z.example TXT \"wild text\"", "dns _dmarc.z.example TXT \"other text\"" }, VERIFY_WRONG, SLIP_NONE, "verify-different" },
  { "removed", "z.example", DNS_TYPE_MX, "40 gone.z.example.", NULL, "10 mx.z.example.", { "dns z.example MX 10 mx.z.example" }, VERIFY_LIVE, SLIP_NONE, "verify-done" },
  { "not removed yet", "z.example", DNS_TYPE_MX, "40 gone.z.example.", NULL, "10 mx.z.example.", { "dns z.example MX 10 mx.z.example", "dns z.example MX 40 gone.z.example" }, VERIFY_NOT_YET, SLIP_NONE, "verify-pending" },
  { "what the request rests on is gone", DMARC, DNS_TYPE_TXT, OLD, NEW, NULL, { "dns x.z.example A 192.0.2.1" }, VERIFY_WRONG, SLIP_NONE, "plan-changed-since" },
};

static struct plan_change change_of(const struct row *row, const char **storage) {
  storage[0] = row->now;
  storage[1] = row->wanted;
  storage[2] = row->kept;
  return (struct plan_change){ .action = !row->wanted ? PLAN_REMOVE : row->now ? PLAN_REPLACE : PLAN_ADD, .zone = "z.example", .name = row->name, .type = row->type, .now = &storage[0], .now_count = row->now != NULL,
                               .wanted = &storage[1], .wanted_count = row->wanted != NULL, .kept_data = &storage[2], .kept_count = row->kept != NULL };
}

static struct world *world_of(const struct row *row, bool with_zone) {
  struct world *world = world_new();
  struct fault fault = { "" };
  for (size_t i = 0; with_zone && i < MEM_COUNT(zone); i++) assert_true(world_line(world, zone[i]));
  for (size_t i = 0; i < MOST_LINES && row->lines[i]; i++) {
    char *copy = mem_strdup(row->lines[i]), *words[32];
    if (!world_read(world, words, world_split(copy, words, MEM_COUNT(words)), &fault)) fail_msg("%s: %s", row->lines[i], fault.text);
    free(copy);
  }
  return world;
}

static void verify_row(const struct row *row, int64_t due, struct arena *arena, struct verify_result *out) {
  struct inquiry inquiry = { .domain = "z.example" };
  const char *storage[3];
  struct plan_change *change = ARENA_NEW(arena, struct plan_change);
  *change = change_of(row, storage);
  struct world *world = world_of(row, true);
  struct store *store = store_new();
  bool done = false;
  for (unsigned turn = 0; turn < 20 && !done; turn++) {
    struct judgement judgement = { .store = store, .inquiry = &inquiry, .arena = arena, .topic = TOPIC_COUNT };
    done = verify_change(&judgement, change, due, out);
    world_answer(world, store, 0);
  }
  assert_true(done);
  store_free(&store);
  world_free(&world);
}

static const char *rules_of(struct arena *arena, const struct verify_result *result) {
  struct buf out = BUF_INIT(4096);
  for (size_t i = 0; i < result->finding_count; i++) buf_printf(&out, i ? " %s" : "%s", result->findings[i]->rule->id);
  const char *text = arena_strdup(arena, buf_string(&out));
  buf_release(&out);
  return text;
}

static void test_rows(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct verify_result result;
    verify_row(&rows[i], 0, arena, &result);
    const char *rules = rules_of(arena, &result);
    if (result.state != rows[i].state || result.slip != rows[i].slip || strcmp(rules, rows[i].rules) != 0)
      fail_msg("%s: %s, slip \"%s\", %s", rows[i].title, verify_state_name(result.state), slip_name(result.slip), rules);
    for (size_t n = 0; n < result.finding_count; n++) {
      const char *detail = finding_detail(arena, result.findings[n]), *remedy = finding_remedy(arena, result.findings[n]);
      if (strchr(detail, '{') || strchr(remedy, '{')) fail_msg("%s: %s %s", rows[i].title, detail, remedy);
    }
    arena_free(&arena);
  }
}

static void test_overdue(void **state) {
  (void)state;
  for (int late = 0; late < 2; late++) {
    struct arena *arena = arena_new();
    struct verify_result result;
    verify_row(&rows[4], WORLD_NOW + (late ? -1000 : 1000), arena, &result);
    assert_string_equal(rules_of(arena, &result), late ? "verify-overdue" : "verify-pending");
    arena_free(&arena);
  }
}

static void test_until(void **state) {
  struct arena *arena = arena_new();
  struct verify_result result;
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].title, "the resolver still has the old one") == 0) verify_row(&rows[i], 0, arena, &result);
  assert_int_equal(result.cached_until, WORLD_NOW + 600 * 1000);
  arena_free(&arena);
}

static void test_difference_to_the_octet(void **state) {
  struct arena *arena = arena_new();
  struct verify_result result;
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].title, "another letter") == 0) verify_row(&rows[i], 0, arena, &result);
  assert_string_equal(finding_argument(result.findings[0], "octet"), "32");
  assert_string_equal(finding_argument(result.findings[0], "seen"), "\"e@z.example\"");
  assert_string_equal(finding_argument(result.findings[0], "wanted"), "\"d@z.example\"");
  arena_free(&arena);
}

static void test_without_servers(void **state) {
  struct arena *arena = arena_new();
  struct inquiry inquiry = { .domain = "z.example" };
  struct row row = rows[0];
  const char *storage[3];
  struct plan_change change = change_of(&row, storage);
  struct world *world = world_of(&row, false);
  struct store *store = store_new();
  struct verify_result result = { .finding_count = 0 };
  bool done = false;
  (void)state;
  for (unsigned turn = 0; turn < 20 && !done; turn++) {
    struct judgement judgement = { .store = store, .inquiry = &inquiry, .arena = arena, .topic = TOPIC_COUNT };
    done = verify_change(&judgement, &change, 0, &result);
    world_answer(world, store, 0);
  }
  assert_true(done);
  assert_int_equal(result.state, VERIFY_UNKNOWN);
  assert_string_equal(rules_of(arena, &result), "verify-unknown");
  store_free(&store);
  world_free(&world);
  arena_free(&arena);
}

/* What failed when the request was made is not the change's doing; without a record of that, nothing is said. */
static void test_made_worse(void **state) {
  struct arena *arena = arena_new();
  struct inquiry inquiry = { .domain = "z.example" };
  struct judgement judging = { .inquiry = &inquiry, .arena = arena, .topic = TOPIC_COUNT }, judgement = judging, silent = judging;
  struct requested_failing before[] = { { "spf-missing", "z.example" }, { "dmarc-missing", "elsewhere.example" } };
  struct requested requested = { .domain = "z.example", .has_before = true, .before = before, .before_count = MEM_COUNT(before) };
  struct verdict verdict = { .count = 0 };
  (void)state;
  find(&judging, "spf-missing", "z.example");
  find(&judging, "dmarc-missing", "z.example");
  find(&judging, "verify-pending", "z.example");
  verdict.findings = judging.findings;
  verdict.count = judging.count;
  verify_made_worse(&judgement, &requested, &verdict);
  assert_int_equal(judgement.count, 1);
  assert_string_equal(judgement.findings[0]->rule->id, "verify-made-worse");
  assert_string_equal(finding_argument(judgement.findings[0], "rule"), "dmarc-missing");
  requested.has_before = false;
  verify_made_worse(&silent, &requested, &verdict);
  assert_int_equal(silent.count, 0);
  arena_free(&arena);
}

static void test_topics(void **state) {
  static const struct { const char *name; uint16_t type; enum topic topic; } names[] = {
    { "z.example", DNS_TYPE_TXT, TOPIC_SPF }, { "_dmarc.z.example", DNS_TYPE_TXT, TOPIC_DMARC }, { "s._domainkey.z.example", DNS_TYPE_CNAME, TOPIC_DKIM }, { "_smtp._tls.z.example", DNS_TYPE_TXT, TOPIC_TLSRPT },
    { "_mta-sts.z.example", DNS_TYPE_TXT, TOPIC_MTASTS }, { "z.example", DNS_TYPE_MX, TOPIC_MX }, { "1.2.0.192.in-addr.arpa", DNS_TYPE_PTR, TOPIC_ADDRESS },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(names); i++) {
    struct plan_change change = { .name = names[i].name, .type = names[i].type };
    struct requested requested = { .changes = &change, .count = 1 };
    assert_int_equal(verify_topics(&requested), 1u << names[i].topic);
  }
}

/* Change, drop or double any one octet of a record: unless its standard gives the octet no meaning, it is never live. */
static void test_one_octet(void **state) {
  static const struct { const char *value; bool dkim; } values[] = { { "v=spf1 mx include:a.example -all", false }, { NEW, false }, { "v=TLSRPTv1; rua=mailto:t@z.example", false }, { "v=STSv1; id=20260101", false }, { KEY, true }, { "verification=abc 123", false } };
  (void)state;
  for (size_t v = 0; v < MEM_COUNT(values); v++) {
    const char *value = values[v].value;
    size_t length = strlen(value);
    char *copy = mem_alloc(length + 2);
    for (size_t at = 0; at < length; at++)
      for (int octet = 1; octet < 256; octet++) {
        memcpy(copy, value, length + 1);
        copy[at] = (char)octet;
        bool same = same_meaning(copy, length, value, length, values[v].dkim), free_place = strchr(" \t", octet) && strchr(" ", value[at]);
        if (same && octet != (unsigned char)value[at] && !free_place) fail_msg("%s taken for %s", copy, value);
      }
    for (size_t at = 0; at < length; at++) {
      if (strchr(" ", value[at])) continue;
      memcpy(copy, value, at);
      memcpy(copy + at, value + at + 1, length - at);
      if (same_meaning(copy, length - 1, value, length, values[v].dkim)) fail_msg("%s taken for %s", copy, value);
      memcpy(copy, value, at + 1);
      memcpy(copy + at + 1, value + at, length - at + 1);
      if (same_meaning(copy, length + 1, value, length, values[v].dkim)) fail_msg("%s taken for %s", copy, value);
    }
    free(copy);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_overdue), cmocka_unit_test(test_until), cmocka_unit_test(test_difference_to_the_octet), cmocka_unit_test(test_without_servers), cmocka_unit_test(test_made_worse), cmocka_unit_test(test_topics), cmocka_unit_test(test_one_octet) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
