/* A seeded generator of domains, good, bad and ugly: what is planned, published and planned again is empty, its findings are gone, and nothing
 * that passed fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/plan/lib.h"
#include "tests/support/world.h"

enum { DOMAINS = 600, TOPICS_ASKED = 1u << TOPIC_SPF | 1u << TOPIC_DMARC | 1u << TOPIC_TLSRPT | 1u << TOPIC_DKIM | 1u << TOPIC_MX | 1u << TOPIC_MTASTS | 1u << TOPIC_GSI };

static uint32_t next(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static const char *const spf[] = {
  NULL, "v=spf1 -all", "v=spf1 mx ~all", "v=spf1 include:spf.good.example ~all", "v=spf1 include:gone.good.example mx ~all", "v=spf1 mx ptr ?all", "v=spf1 ip4:192.0.2.1, mx -all", "v=spf1 mx",
  "v=spf1 mx -all ip4:192.0.2.7", "v=spf1 a a a mx mx include:spf.good.example include:spf.good.example ~all", "v=spf1 include:x.gsi.gov.uk include:spf.good.example ~all", "v=spf1 +all",
  "v=spf1 redirect=spf.good.example", "v=spf1 mx ~all redirect=spf.good.example", "v=spf1; mx ~all", "v=spf1 ipv4:192.0.2.5 mx ~all", "spf1 mx ~all",
  "v=spf1 include:five.good.example include:six.good.example mx ~all", "v=spf1 exists:%{i}.spf.good.example mx ~all", "v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 unknown=1 ~all",
};
static const char *const dmarc[] = {
  NULL, "v=DMARC1; p=none", "v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk", "v=DMARC1;p=reject;sp=none;pct=50;rua=mailto:a@example.gsi.gov.uk", "v=DMARC1; p=foo; rua=mailto:dmarc@example.gov.uk",
  "v=DMARC1 p=none", "v=dmarc1; p=none", "p=none; v=DMARC1; rua=mailto:dmarc@example.gov.uk", "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.gov.uk,mailto:x@unauthorised.example", "v=DMARC1; p=reject; adkim=x; fo=9; rua=mailto:dmarc@example.gov.uk",
  "v=DMARC1; p=none; rua=dmarc@example.gov.uk", "v=DMARC1; p=none; psd=y; t=z; rua=mailto:dmarc-rua@dmarc.service.gov.uk",
};
static const char *const tlsrpt[] = { NULL, "v=TLSRPTv1; rua=mailto:tls@example.gov.uk", "v=TLSRPTv1 rua=mailto:tls@example.gov.uk", "v=TLSRPTv1; rua=mailto:t@x.gsi.gov.uk", "v=TLSRPTv1;", "v=TLSRPTv1; rua = mailto:tls@example.gov.uk", "v=TLSRPTv1; rua=mailto:tls@example.gov.uk; rua=mailto:b@example.gov.uk" };

static void add_txt(struct world *world, const char *name, const char *value) {
  struct arena *arena = arena_new();
  if (value) assert_true(world_line(world, arena_printf(arena, "%s TXT \"%s\"", name, value)));
  arena_free(&arena);
}

static void make_world(struct world *world, uint32_t *seed) {
  static const char *const fixed[] = {
    "example.gov.uk SOA ns1.example.gov.uk host 1", "mx1.example.gov.uk A 192.0.2.25", "good.example SOA ns1 host 1", "spf.good.example TXT \"v=spf1 ip4:203.0.113.0/24 -all\"",
    "five.good.example TXT \"v=spf1 a:h1.good.example a:h1.good.example a:h1.good.example a:h1.good.example -all\"", "six.good.example TXT \"v=spf1 a:h1.good.example a:h1.good.example a:h1.good.example a:h1.good.example -all\"",
    "h1.good.example A 203.0.113.1", "unauthorised.example MX 10 h1.good.example", "dmarc.service.gov.uk MX 10 h1.good.example", "example.gov.uk A 192.0.2.80",
  };
  for (size_t i = 0; i < MEM_COUNT(fixed); i++) assert_true(world_line(world, fixed[i]));
  if (next(seed) % 8) assert_true(world_line(world, "example.gov.uk MX 10 mx1.example.gov.uk"));
  if (next(seed) % 4 == 0) assert_true(world_line(world, "example.gov.uk MX 20 dead.example.gov.uk"));
  if (next(seed) % 3 == 0) add_txt(world, "_dmarc.gov.uk", "v=DMARC1;p=reject;sp=none;np=reject");
  if (next(seed) % 2) add_txt(world, "example.gov.uk", "some-verification=1234");
  add_txt(world, "example.gov.uk", spf[next(seed) % MEM_COUNT(spf)]);
  if (next(seed) % 9 == 0) add_txt(world, "example.gov.uk", "v=spf1 ip4:198.51.100.7 -all");
  add_txt(world, "_dmarc.example.gov.uk", dmarc[next(seed) % MEM_COUNT(dmarc)]);
  if (next(seed) % 9 == 0) add_txt(world, "_dmarc.example.gov.uk", "v=DMARC1; p=none");
  add_txt(world, "_smtp._tls.example.gov.uk", tlsrpt[next(seed) % MEM_COUNT(tlsrpt)]);
  if (next(seed) % 5 == 0) add_txt(world, "s1._domainkey.example.gov.uk", "s1.dkim.good.example");
}

static struct plan *settle_plan(struct world *world, struct store *store, struct store *over, const struct verdict *verdict, const struct inquiry *inquiry, struct arena *arena) {
  struct plan_options options = { .guidance_2020 = false };
  for (unsigned turn = 0; turn < 60; turn++) {
    struct plan *plan = plan_make(arena, over, verdict, inquiry, &options);
    if (!world_answer(world, store, 0)) return plan;
  }
  return NULL;
}

static struct verdict *settle_verdict(struct world *world, struct store *store, struct store *over, const struct inquiry *inquiry, struct arena *arena) {
  for (unsigned turn = 0; turn < 60; turn++) {
    struct verdict *verdict = examine_store(arena, over, inquiry);
    if (!world_answer(world, store, 0)) return verdict;
  }
  return NULL;
}

static void one_domain(uint32_t seed, unsigned *planned) {
  uint32_t at = seed;
  struct world *world = world_new();
  struct store *store = store_new();
  struct arena *arena = arena_new();
  struct inquiry inquiry = { .domain = "example.gov.uk", .profile = next(&at) % 6 ? PROFILE_MAIL : PROFILE_PARKED, .topics = TOPICS_ASKED, .selectors = (const char *const[]){ "s1" }, .selector_count = 1 };
  make_world(world, &at);
  const struct verdict *before = world_examine(world, store, &inquiry, arena, 0);
  struct plan *plan = settle_plan(world, store, store, before, &inquiry, arena), *twice = settle_plan(world, store, store, before, &inquiry, arena);
  assert_non_null(plan);
  assert_int_equal(plan->change_count, twice->change_count);
  *planned += plan->change_count > 0;
  if (!plan_blocked(plan)) {
    struct store *over = store_overlay(store);
    plan_apply(plan, over);
    const struct verdict *after = settle_verdict(world, store, over, &inquiry, arena);
    for (size_t i = 0; i < after->count; i++) {
      const struct finding *finding = after->findings[i];
      if (finding->severity == SEVERITY_FAIL && !verdict_find(before, finding->rule->id, finding->subject)) fail_msg("seed %u: %s speaks after the change: %s", seed, finding->rule->id, finding_detail(arena, finding));
    }
    for (size_t c = 0; c < plan->change_count; c++)
      if (strcmp(plan->changes[c].section, "dns-spf") == 0 && (after->topics[TOPIC_SPF] == SEVERITY_FAIL)) fail_msg("seed %u: SPF still fails: %s", seed, plan->changes[c].wanted[0]);
    struct plan *again = settle_plan(world, store, over, after, &inquiry, arena);
    for (size_t c = 0; c < again->change_count; c++)
      fail_msg("seed %u: planned again: %s %s now [%s] wanted [%s]", seed, plan_action_name(again->changes[c].action), again->changes[c].name, again->changes[c].now_count ? again->changes[c].now[0] : "",
               again->changes[c].wanted_count ? again->changes[c].wanted[0] : "");
    store_free(&over);
  }
  arena_free(&arena);
  store_free(&store);
  world_free(&world);
}

static void round_trip(void **state) {
  unsigned planned = 0;
  (void)state;
  for (uint32_t seed = 1; seed <= DOMAINS; seed++) one_domain(seed * 2654435761u, &planned);
  assert_true(planned > DOMAINS / 2);
}

static void unknown_is_left_alone(void **state) {
  (void)state;
  struct world *world = world_new();
  struct store *store = store_new();
  struct arena *arena = arena_new();
  struct inquiry inquiry = { .domain = "example.gov.uk", .profile = PROFILE_MAIL, .topics = TOPICS_ASKED };
  assert_true(world_line(world, "example.gov.uk SOA ns1 host 1"));
  assert_true(world_line(world, "example.gov.uk TXT timeout"));
  assert_true(world_line(world, "_dmarc.example.gov.uk TXT servfail"));
  struct plan *plan = settle_plan(world, store, store, world_examine(world, store, &inquiry, arena, 0), &inquiry, arena);
  for (size_t i = 0; i < plan->change_count; i++) {
    assert_string_not_equal(plan->changes[i].section, "dns-spf");
    assert_string_not_equal(plan->changes[i].section, "dns-dmarc");
  }
  assert_true(plan->problem_count >= 2);
  arena_free(&arena);
  store_free(&store);
  world_free(&world);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(round_trip), cmocka_unit_test(unknown_is_left_alone) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
