/* Domains by the thousand, good, bad and ugly: what is planned, published and planned again is empty; nothing that passed fails; what was a
 * reason is gone; planned twice it is the same. MAILSTEAD_SEED and MAILSTEAD_DOMAINS choose others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/plan/lib.h"
#include "tests/support/domains.h"
#include "tests/support/world.h"

enum { DOMAINS = 1500, MOST_TOLD = 12,
       TOPICS = 1u << TOPIC_NS | 1u << TOPIC_MX | 1u << TOPIC_ADDRESS | 1u << TOPIC_SPF | 1u << TOPIC_DMARC | 1u << TOPIC_TLSRPT | 1u << TOPIC_DKIM | 1u << TOPIC_MTASTS | 1u << TOPIC_GSI };

struct trip {
  struct arena *arena;
  struct world *world;
  struct store *store;
  struct generated_domain domain;
  uint32_t seed;
  unsigned told;
};

static void tell(struct trip *trip, const char *what, const char *value) {
  if (!trip->told) {
    print_message("seed %u (%s)\n", trip->seed, trip->domain.name);
    for (size_t i = 0; i < trip->domain.line_count; i++) print_message("    %.300s\n", trip->domain.lines[i]);
  }
  trip->told++;
  print_message("  %s: %.700s\n", what, value);
}

static void make_world(struct trip *trip) {
  char reverse[80];
  struct ip ip;
  for (size_t i = 0; domain_outside(i); i++) assert_true(world_line(trip->world, domain_outside(i)));
  assert_true(world_line(trip->world, arena_printf(trip->arena, "%s SOA ns1.good.example host 1", trip->domain.name)));
  assert_true(world_line(trip->world, arena_printf(trip->arena, "%s NS ns1.good.example", trip->domain.name)));
  for (size_t i = 0; i < trip->domain.line_count; i++)
    if (!world_line(trip->world, trip->domain.lines[i])) fail_msg("seed %u: %s", trip->seed, trip->domain.lines[i]);
  assert_true(ip_parse(trip->domain.address, &ip));
  ip_reverse_name(&ip, reverse);
  if (trip->domain.pointer) assert_true(world_line(trip->world, arena_printf(trip->arena, "%s PTR %s", reverse, trip->domain.pointer)));
}

static struct plan *settle_plan(struct trip *trip, struct store *over, const struct verdict *verdict) {
  for (unsigned turn = 0; turn < 80; turn++) {
    struct plan *plan = plan_make(trip->arena, over, verdict, &trip->domain.inquiry, &trip->domain.options);
    if (!world_answer(trip->world, trip->store, 0)) return plan;
  }
  fail_msg("seed %u: the plan does not settle", trip->seed);
  return NULL;
}

static struct verdict *settle_verdict(struct trip *trip, struct store *over) {
  for (unsigned turn = 0; turn < 80; turn++) {
    struct verdict *verdict = examine_store(trip->arena, over, &trip->domain.inquiry);
    if (!world_answer(trip->world, trip->store, 0)) return verdict;
  }
  fail_msg("seed %u: the examination does not settle", trip->seed);
  return NULL;
}

static bool has_problem(const struct plan *plan, const char *rule) {
  for (size_t i = 0; i < plan->problem_count; i++)
    if (strcmp(plan->problems[i].rule->id, rule) == 0) return true;
  return false;
}

static void tell_change(struct trip *trip, const char *what, const struct plan_change *change) {
  tell(trip, what, arena_printf(trip->arena, "%s %s [%s] -> [%s]", plan_action_name(change->action), change->name, change->now_count ? change->now[0] : "", change->wanted_count ? change->wanted[0] : ""));
}

static void compare(struct trip *trip, const struct plan *plan, const struct verdict *before, const struct verdict *after) {
  for (size_t i = 0; i < after->count; i++) {
    const struct finding *finding = after->findings[i];
    if (finding->severity == SEVERITY_FAIL && !verdict_find(before, finding->rule->id, finding->subject)) tell(trip, "fails afterwards", arena_printf(trip->arena, "%s: %s", finding->rule->id, finding_detail(trip->arena, finding)));
  }
  for (size_t c = 0; c < plan->change_count; c++)
    for (size_t n = 0; n < plan->changes[c].why_count; n++)
      if (verdict_has(after, plan->changes[c].why[n])) tell(trip, "was a reason, and is still there", plan->changes[c].why[n]);
}

static void go_round(struct trip *trip, const struct plan *plan, const struct verdict *before) {
  struct store *over = store_overlay(trip->store);
  plan_apply(plan, over);
  const struct verdict *after = settle_verdict(trip, over);
  const struct plan *again = settle_plan(trip, over, after);
  compare(trip, plan, before, after);
  bool later = has_problem(plan, "plan-dmarc-policy-jump"); /* the next step was said to come later */
  for (size_t c = 0; c < again->change_count; c++)
    if (!later || strncmp(again->changes[c].name, "_dmarc.", 7) != 0) tell_change(trip, "asked for again", &again->changes[c]);
  store_free(&over);
}

static bool same_json(const struct plan *a, const struct plan *b) {
  json_t *one = plan_json(a), *other = plan_json(b);
  bool same = json_equal(one, other) == 1;
  json_decref(one);
  json_decref(other);
  return same;
}

struct tally { unsigned planned, blocked, changes, wrong; };

static void one_domain(uint32_t seed, struct tally *tally) {
  struct trip trip = { .arena = arena_new(), .world = world_new(), .store = store_new(), .seed = seed };
  domain_generate(trip.arena, seed, seed % 60000, &trip.domain);
  trip.domain.inquiry.topics = TOPICS;
  make_world(&trip);
  const struct verdict *before = settle_verdict(&trip, trip.store);
  const struct plan *plan = settle_plan(&trip, trip.store, before);
  if (seed % 4 == 0 && !same_json(plan, settle_plan(&trip, trip.store, before))) tell(&trip, "planned twice, and not the same", "");
  if (plan->waiting) tell(&trip, "still waiting", "");
  if (plan_blocked(plan)) {
    for (size_t i = 0; i < plan->problem_count; i++)
      if (plan->problems[i].severity == SEVERITY_FAIL) tell(&trip, plan->problems[i].rule->id, plan->problems[i].detail);
  } else {
    go_round(&trip, plan, before);
  }
  tally->planned += plan->change_count > 0;
  tally->changes += (unsigned)plan->change_count;
  tally->blocked += plan_blocked(plan);
  tally->wrong += trip.told > 0;
  arena_free(&trip.arena);
  store_free(&trip.store);
  world_free(&trip.world);
}

static unsigned long number_from(const char *variable, unsigned long otherwise) {
  const char *text = getenv(variable);
  return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

static void round_trip(void **state) {
  struct tally tally = { 0 };
  (void)state;
  unsigned long first = number_from("MAILSTEAD_SEED", 1), count = number_from("MAILSTEAD_DOMAINS", DOMAINS);
  for (unsigned long i = 0; i < count && tally.wrong < MOST_TOLD; i++) one_domain((uint32_t)(first + i), &tally);
  print_message("%lu domains from seed %lu: %u with changes (%u), %u blocked\n", count, first, tally.planned, tally.changes, tally.blocked);
  assert_int_equal(tally.wrong, 0);
  assert_true(tally.planned > count / 2);
}

static void unknown_is_left_alone(void **state) {
  (void)state;
  struct trip trip = { .arena = arena_new(), .world = world_new(), .store = store_new() };
  trip.domain = (struct generated_domain){ .name = "example.gov.uk", .inquiry = { .domain = "example.gov.uk", .profile = PROFILE_MAIL, .topics = TOPICS } };
  assert_true(world_line(trip.world, "example.gov.uk SOA ns1 host 1"));
  assert_true(world_line(trip.world, "example.gov.uk TXT timeout"));
  assert_true(world_line(trip.world, "_dmarc.example.gov.uk TXT servfail"));
  const struct plan *plan = settle_plan(&trip, trip.store, settle_verdict(&trip, trip.store));
  for (size_t i = 0; i < plan->change_count; i++) {
    assert_string_not_equal(plan->changes[i].section, "dns-spf");
    assert_string_not_equal(plan->changes[i].section, "dns-dmarc");
  }
  assert_true(has_problem(plan, "plan-present-unknown"));
  arena_free(&trip.arena);
  store_free(&trip.store);
  world_free(&trip.world);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(round_trip), cmocka_unit_test(unknown_is_left_alone) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
