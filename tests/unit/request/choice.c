#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/request/private.h"

/* What is chosen for a request: which changes, which zone, with a way back or without. */

#define D "example.gov.uk"
enum { MOST = 8 };

/* "add TXT name value", "replace …" with the value that goes after " <- ", "-" before one that is left out. */
struct line { bool left_out; enum plan_action action; uint16_t type; const char *name, *now, *wanted; };

static struct plan *plan_of(struct arena *arena, const struct line *lines, size_t count) {
  struct plan *plan = ARENA_NEW(arena, struct plan);
  plan->domain = D;
  plan->changes = ARENA_ARRAY(arena, struct plan_change, MOST);
  for (size_t i = 0; i < count; i++) {
    struct plan_change *change = &plan->changes[plan->change_count++];
    const char **values = ARENA_ARRAY(arena, const char *, 4);
    values[0] = lines[i].now, values[1] = lines[i].wanted, values[2] = lines[i].now;
    *change = (struct plan_change){ .action = lines[i].action, .zone = text_ends(lines[i].name, D) ? D : "other.example", .name = lines[i].name, .type = lines[i].type, .now = values, .now_count = lines[i].now ? 1 : 0,
                                    .wanted = values + 1, .wanted_count = lines[i].wanted ? 1 : 0, .now_data = values + 2, .present_known = true, .sentence = "Why.", .order_why = "", .section = "dns-spf", .domain = D, .host = "x",
                                    .ttl = 300, .ttl_later = 3600, .left_out = lines[i].left_out };
  }
  return plan;
}

static const struct line spf = { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 mx ~all" };
static const struct line dmarc = { true, PLAN_ADD, DNS_TYPE_TXT, "_dmarc." D, NULL, "v=DMARC1; p=none" };
static const struct line other = { false, PLAN_ADD, DNS_TYPE_TXT, "a.other.example", NULL, "v=DMARC1" };

static struct request make(struct arena *arena, const struct plan *plan, const char *zone, bool no_undo) {
  struct request_details *details = ARENA_NEW(arena, struct request_details);
  *details = (struct request_details){ .requester = "A. Jones", .recipient = "The desk", .time = (int64_t)1795428000 * 1000, .number = 1, .zone = zone, .no_undo = no_undo };
  return request_make(arena, plan, details);
}

static const char *written(struct arena *arena, const struct request *request, const char *format) {
  struct buf out = BUF_INIT(1 << 20);
  request_format_find(format)->write(request, &out);
  const char *text = arena_strdup(arena, buf_string(&out));
  buf_release(&out);
  return text;
}

/* What is left out stands in no format's changes; the requester is told, the desk of one zone is not. */
static void left_out(void **state) {
  struct arena *arena = arena_new();
  const struct line lines[] = { spf, dmarc, other };
  const struct plan *plan = plan_of(arena, lines, MEM_COUNT(lines));
  struct request request = make(arena, plan, NULL, false), zone = make(arena, plan, D, false);
  (void)state;
  assert_int_equal(request.item_count, 2);
  assert_int_equal(request.left_out_count, 1);
  assert_ptr_equal(request.left_out[0], &plan->changes[1]);
  assert_int_equal(plan_left_out_count(plan), 1);
  for (size_t i = 0; request_format_at(i); i++) assert_null(strstr(written(arena, &request, request_format_at(i)->name), "p=none"));
  assert_non_null(strstr(written(arena, &request, "text"), "_dmarc." D));
  assert_non_null(strstr(written(arena, &request, "markdown"), "left out"));
  assert_non_null(strstr(written(arena, &request, "html"), "left out"));
  json_t *json = request_to_json(&request);
  assert_int_equal(json_array_size(json_object_get(json, "changes")), 2);
  assert_int_equal(json_array_size(json_object_get(json, "left_out")), 1);
  json_decref(json);
  assert_int_equal(zone.item_count, 1);
  assert_null(strstr(written(arena, &zone, "text"), "left out"));
  assert_null(strstr(written(arena, &zone, "text"), "other.example"));
  arena_free(&arena);
}

static void zones(void **state) {
  struct arena *arena = arena_new();
  const struct line lines[] = { other, spf, { false, PLAN_ADD, DNS_TYPE_TXT, "s1._domainkey." D, NULL, "v=DKIM1; p=" } }, gone[] = { { true, PLAN_ADD, DNS_TYPE_TXT, "a.other.example", NULL, "x" }, spf };
  size_t count;
  (void)state;
  const char **list = request_zones(arena, plan_of(arena, lines, MEM_COUNT(lines)), &count);
  assert_int_equal(count, 2);
  assert_string_equal(list[0], "other.example");
  assert_string_equal(list[1], D);
  list = request_zones(arena, plan_of(arena, gone, MEM_COUNT(gone)), &count);
  assert_int_equal(count, 1);
  assert_string_equal(list[0], D);
  arena_free(&arena);
}

static void way_back(void **state) {
  struct arena *arena = arena_new();
  const struct plan *plan = plan_of(arena, &spf, 1);
  static const char *const formats[] = { "text", "markdown", "html" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(formats); i++) {
    struct request with = make(arena, plan, NULL, false), without = make(arena, plan, NULL, true);
    assert_non_null(strstr(written(arena, &with, formats[i]), "Undo"));
    assert_null(strstr(written(arena, &without, formats[i]), "Undo"));
    assert_non_null(strstr(written(arena, &without, formats[i]), formats[i][0] == 't' ? "v=spf1 a ~all" : "spf1 a")); /* what is there now is named in any case */
  }
  arena_free(&arena);
}

/* ---- what rests on what is left out ---- */

struct pair { const char *what; struct line kept, gone; bool rests; };

static void needs(void **state) {
  static const struct pair pairs[] = {
    { "reports that the other side does not take", { false, PLAN_ADD, DNS_TYPE_TXT, "_dmarc." D, NULL, "v=DMARC1; p=none" }, { true, PLAN_ADD, DNS_TYPE_TXT, D "._report._dmarc.other.example", NULL, "v=DMARC1" }, true },
    { "reports of another domain", { false, PLAN_ADD, DNS_TYPE_TXT, "_dmarc." D, NULL, "v=DMARC1; p=none" }, { true, PLAN_ADD, DNS_TYPE_TXT, "else.gov.uk._report._dmarc.other.example", NULL, "v=DMARC1" }, false },
    { "an alias in the way", { false, PLAN_ADD, DNS_TYPE_TXT, "_dmarc." D, NULL, "v=DMARC1; p=none" }, { true, PLAN_REMOVE, DNS_TYPE_CNAME, "_dmarc." D, "x.example.", NULL }, true },
    { "text in an alias's way", { false, PLAN_ADD, DNS_TYPE_CNAME, "s1._domainkey." D, NULL, "x.example." }, { true, PLAN_REMOVE, DNS_TYPE_TXT, "s1._domainkey." D, "v=DKIM1; p=", NULL }, true },
    { "an alias at another name", { false, PLAN_ADD, DNS_TYPE_TXT, "_dmarc." D, NULL, "v=DMARC1; p=none" }, { true, PLAN_REMOVE, DNS_TYPE_CNAME, "_smtp._tls." D, "x.example.", NULL }, false },
    { "a sender that moves to a subdomain", { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a mx ~all", "v=spf1 a ~all" }, { true, PLAN_ADD, DNS_TYPE_TXT, "news." D, NULL, "v=spf1 mx ~all" }, true },
    { "a key at a subdomain is no sender", { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a mx ~all", "v=spf1 a ~all" }, { true, PLAN_ADD, DNS_TYPE_TXT, "s1._domainkey." D, NULL, "v=DKIM1; p=x" }, false },
    { "mail servers that SPF names", { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 mx ~all" }, { true, PLAN_REPLACE, DNS_TYPE_MX, D, "10 a.example.", "10 b.example." }, true },
    { "mail servers that SPF does not name", { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 ip4:192.0.2.1 ~all" }, { true, PLAN_REPLACE, DNS_TYPE_MX, D, "10 a.example.", "10 b.example." }, false },
    { "a dead mail server that stays", { false, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 mx ~all" }, { true, PLAN_REMOVE, DNS_TYPE_MX, D, "10 a.example.", NULL }, false },
    { "a stricter policy before SPF is right", { false, PLAN_REPLACE, DNS_TYPE_TXT, "_dmarc." D, "v=DMARC1; p=none", "v=DMARC1; p=reject" }, { true, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 mx ~all" }, true },
    { "the same policy with other reports", { false, PLAN_REPLACE, DNS_TYPE_TXT, "_dmarc." D, "v=DMARC1; p=none", "v=DMARC1; p=none; rua=mailto:a@" D }, { true, PLAN_REPLACE, DNS_TYPE_TXT, D, "v=spf1 a ~all", "v=spf1 mx ~all" }, false },
    { "MTA-STS without reports", { false, PLAN_ADD, DNS_TYPE_TXT, "_mta-sts." D, NULL, "v=STSv1; id=1" }, { true, PLAN_ADD, DNS_TYPE_TXT, "_smtp._tls." D, NULL, "v=TLSRPTv1; rua=mailto:a@" D }, true },
    { "reports without MTA-STS", { false, PLAN_ADD, DNS_TYPE_TXT, "_smtp._tls." D, NULL, "v=TLSRPTv1; rua=mailto:a@" D }, { true, PLAN_ADD, DNS_TYPE_TXT, "_mta-sts." D, NULL, "v=STSv1; id=1" }, false },
    { "a reverse name without address", { false, PLAN_ADD, DNS_TYPE_PTR, "1.2.0.192.in-addr.arpa", NULL, "out." D "." }, { true, PLAN_ADD, DNS_TYPE_A, "out." D, NULL, "192.0.2.1" }, true },
    { "a reverse name of another host", { false, PLAN_ADD, DNS_TYPE_PTR, "1.2.0.192.in-addr.arpa", NULL, "outer." D "." }, { true, PLAN_ADD, DNS_TYPE_A, "out." D, NULL, "192.0.2.1" }, false },
    { "every key revoked but one", { false, PLAN_ADD, DNS_TYPE_TXT, "*._domainkey." D, NULL, "v=DKIM1; p=" }, { true, PLAN_REMOVE, DNS_TYPE_TXT, "s1._domainkey." D, "v=DKIM1; p=x", NULL }, true },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(pairs); i++) {
    struct arena *arena = arena_new();
    const struct line lines[] = { pairs[i].kept, pairs[i].gone };
    struct plan *plan = plan_of(arena, lines, 2);
    size_t count;
    struct request_need *list = request_needs(arena, plan, &count);
    if (count != pairs[i].rests) fail_msg("%s: %zu", pairs[i].what, count);
    if (count) assert_ptr_equal(list[0].needs, &plan->changes[1]);
    plan->changes[1].left_out = false; /* nothing is left out: nothing to tell */
    request_needs(arena, plan, &count);
    assert_int_equal(count, 0);
    arena_free(&arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(left_out), cmocka_unit_test(zones), cmocka_unit_test(way_back), cmocka_unit_test(needs) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
