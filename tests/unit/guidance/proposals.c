/* What the wizard proposes from what is seen: services, the way of DMARC, and what changed since last time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/changes.h"
#include "src/guidance/dmarc_route.h"
#include "src/guidance/inventory.h"
#include "src/guidance/options.h"
#include "tests/support/world.h"
#include "tests/support/folder.h"

enum { DAY = 86400000 };
static const char domain[] = "example.gov.uk";

struct setting { struct arena *arena; struct casefile *casefile; struct fault fault; };

static void set_up(struct setting *s) {
  const char *folder = test_folder();
  s->arena = arena_new();
  s->fault.text[0] = '\0';
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  setenv("TZ", "UTC", 1);
  s->casefile = casefile_open_domain(domain, &s->fault);
  if (!s->casefile) fail_msg("%s", s->fault.text);
}

static void tear_down(struct setting *s) {
  casefile_close(&s->casefile);
  arena_free(&s->arena);
}

/* ---- services ---- */

static const struct inventory_entry *entry_named(const struct inventory *inventory, const char *name) {
  for (size_t i = 0; i < inventory->count; i++)
    if (strcmp(inventory->entries[i].service.name, name) == 0) return &inventory->entries[i];
  return NULL;
}

static struct inventory *seen(struct setting *s, struct world *world, struct store *store) {
  struct inquiry inquiry = casefile_inquiry(s->arena, s->casefile, domain);
  inquiry.facts = facts_load(s->arena, &s->fault);
  inquiry.topics = 1u << TOPIC_MX | 1u << TOPIC_SPF | 1u << TOPIC_DKIM;
  world_examine(world, store, &inquiry, s->arena, 0);
  return inventory_make(s->arena, store, s->casefile, &inquiry);
}

static void services_are_proposed(void **state) {
  static const char *const lines[] = {
    "example.gov.uk SOA ns1.example.gov.uk host 1", "example.gov.uk MX 10 example-gov-uk.mail.protection.outlook.com", "example.gov.uk MX 20 mx2.example.gov.uk", "mx2.example.gov.uk A 192.0.2.25",
    "example.gov.uk TXT \"v=spf1 mx a include:spf.protection.outlook.com include:servers.mcsv.net ip4:198.51.100.7 -ip4:203.0.113.1 include:_spf.parking.example ~all\"",
    "selector1._domainkey.example.gov.uk CNAME selector1-example-gov-uk._domainkey.example.onmicrosoft.com", "selector1-example-gov-uk._domainkey.example.onmicrosoft.com TXT \"v=DKIM1; p=\"",
  };
  struct setting s;
  (void)state;
  set_up(&s);
  struct world *world = world_new();
  struct store *store = store_new();
  for (size_t i = 0; i < MEM_COUNT(lines); i++) assert_true(world_line(world, lines[i]));
  struct inventory *inventory = seen(&s, world, store);
  const struct inventory_entry *m365 = entry_named(inventory, "Microsoft 365"), *own = entry_named(inventory, "Own mail servers"), *parking = entry_named(inventory, "parking.example");
  assert_non_null(m365);
  assert_int_equal(m365->state, INVENTORY_FOUND);
  assert_true(m365->known);
  assert_string_equal(m365->service.selectors, "selector1");
  assert_string_equal(m365->service.spf, "include:spf.protection.outlook.com");
  assert_int_equal(m365->service.receives, TRI_YES);
  assert_int_equal(m365->service.signs, TRI_YES);
  assert_non_null(strstr(m365->seen, "MX example-gov-uk.mail.protection.outlook.com"));
  assert_non_null(own);
  assert_string_equal(own->service.kind, "relay");
  assert_string_equal(own->service.addresses, "192.0.2.25");
  assert_non_null(parking);
  assert_false(parking->known);
  assert_non_null(entry_named(inventory, "Unknown sender ip4:198.51.100.7"));
  for (size_t i = 0; i < inventory->count; i++) assert_null(strstr(inventory->entries[i].service.name, "203.0.113.1"));
  assert_int_equal(inventory->found, inventory->count);
  /* Nothing of it is an answer yet. */
  assert_int_equal(casefile_service_count(s.casefile), 0);
  /* Confirmed under a name of the administrator's own, or said to be not theirs: no longer proposed. */
  struct casefile_service mine = parking->service, not_ours = entry_named(inventory, "Unknown sender ip4:198.51.100.7")->service;
  mine.name = "Parking permits";
  not_ours.state = CASEFILE_NOT_OURS;
  size_t before = inventory->found;
  assert_true(casefile_put_service(s.casefile, SIZE_MAX, &mine, &s.fault) && casefile_put_service(s.casefile, SIZE_MAX, &not_ours, &s.fault));
  inventory = seen(&s, world, store);
  assert_int_equal(inventory->found, before - 2);
  assert_int_equal(entry_named(inventory, "Parking permits")->state, INVENTORY_CONFIRMED);
  assert_null(entry_named(inventory, "parking.example"));
  assert_int_equal(entry_named(inventory, "Unknown sender ip4:198.51.100.7")->state, INVENTORY_NOT_OURS);
  store_free(&store);
  world_free(&world);
  tear_down(&s);
}

static void answers_shape_the_plan(void **state) {
  struct setting s;
  (void)state;
  set_up(&s);
  const struct facts *facts = facts_load(s.arena, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .id = "m365", .name = "Boxes", .kind = "mailboxes", .domain = domain }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Payroll", .kind = "business", .domain = domain, .addresses = "192.0.2.80 2001:db8::1" }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Old", .kind = "business", .domain = domain, .spf = "include:spf.x.gsi.gov.uk include:spf.new.example" }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "News", .kind = "cloud", .domain = "news.example.gov.uk", .spf = "include:news.example" }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .id = "google", .name = "Gone", .kind = "mailboxes", .domain = domain, .spf = "include:_spf.google.com", .state = CASEFILE_NOT_OURS }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Two names", .domain = domain, .spf = "include:spf.new.example", .addresses = "192.0.2.81", .state = CASEFILE_NOT_OURS }, &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .id = "m365", .name = "Another of its kind", .domain = domain, .state = CASEFILE_NOT_OURS }, &s.fault);
  casefile_set_answer(s.casefile, domain, "spf-ending", "fail", &s.fault);
  casefile_set_answer(s.casefile, domain, "dmarc-step", "quarantine", &s.fault);
  casefile_set_answer(s.casefile, domain, "dkim-key:k1", "k1.keys.example", &s.fault);
  struct plan_options options = guidance_plan_options(s.arena, s.casefile, domain, facts, false);
  static const char *const wanted[] = { "ip4:192.0.2.80", "ip6:2001:db8::1", "include:spf.new.example" };
  assert_int_equal(options.spf_term_count, MEM_COUNT(wanted));
  for (size_t i = 0; i < MEM_COUNT(wanted); i++) assert_string_equal(options.spf_terms[i], wanted[i]);
  /* What is confirmed under another name is theirs, whatever else was said. */
  static const struct plan_not_ours gone[] = { { domain, "include:_spf.google.com", "google" }, { domain, "ip4:192.0.2.81", "" } };
  size_t meant = 0;
  for (size_t i = 0; i < options.not_ours_count; i++) {
    const struct plan_not_ours *one = &options.not_ours[i];
    if (!*one->term && !*one->service) continue;
    assert_true(meant < MEM_COUNT(gone));
    assert_string_equal(one->domain, gone[meant].domain);
    assert_string_equal(one->term, gone[meant].term);
    assert_string_equal(one->service, gone[meant++].service);
  }
  assert_int_equal(meant, MEM_COUNT(gone));
  assert_int_equal(options.spf_ending, '-');
  assert_int_equal(options.dmarc_step, PLAN_DMARC_QUARANTINE);
  assert_int_equal(options.key_count, 1);
  assert_string_equal(options.keys[0].value, "k1.keys.example");
  tear_down(&s);
}

/* ---- verdicts by hand ---- */

static struct verdict *verdict_new(struct arena *arena) {
  struct verdict *verdict = ARENA_NEW(arena, struct verdict);
  verdict->arena = arena;
  return verdict;
}

static struct finding *add(struct verdict *verdict, const char *rule, enum severity severity, const char *value) {
  struct finding *finding = ARENA_NEW(verdict->arena, struct finding);
  *finding = (struct finding){ .rule = rule_find(rule), .severity = severity, .subject = domain };
  assert_non_null(finding->rule);
  finding->topic = finding->rule->topic;
  if (value) {
    finding->arguments = ARENA_NEW(verdict->arena, struct text_argument);
    finding->arguments[0] = (struct text_argument){ "value", value };
    finding->argument_count = 1;
  }
  verdict->findings = arena_grow(verdict->arena, verdict->findings, verdict->count, sizeof *verdict->findings);
  verdict->findings[verdict->count++] = finding;
  return finding;
}

static void changes_are_told(void **state) {
  struct arena *arena = arena_new();
  struct verdict *before = verdict_new(arena), *now = verdict_new(arena);
  size_t count;
  (void)state;
  add(before, "spf-missing", SEVERITY_FAIL, NULL);
  add(before, "mx-target-not-found", SEVERITY_FAIL, "old.example.gov.uk");
  add(before, "tlsrpt-missing", SEVERITY_WARN, NULL);
  add(before, "dmarc-policy-none", SEVERITY_WARN, NULL);
  add(before, "spf-all-softfail", SEVERITY_PASS, NULL);
  add(now, "mx-target-not-found", SEVERITY_FAIL, "other.example.gov.uk");
  add(now, "tlsrpt-lookup-failed", SEVERITY_UNKNOWN, NULL);
  add(now, "dmarc-policy-none", SEVERITY_WARN, NULL);
  struct change_line *lines = changes_between(arena, before, now, &count);
  assert_int_equal(count, 3);
  assert_int_equal(lines[0].kind, CHANGED_NEW);
  assert_string_equal(lines[0].finding->rule->id, "mx-target-not-found");
  assert_int_equal(lines[1].kind, CHANGED_MENDED);
  assert_string_equal(lines[1].finding->rule->id, "spf-missing");
  assert_int_equal(lines[2].kind, CHANGED_MENDED);
  changes_between(arena, before, before, &count);
  assert_int_equal(count, 0);
  arena_free(&arena);
}

/* ---- DMARC ---- */

static void dmarc_goes_step_by_step(void **state) {
  struct setting s;
  (void)state;
  set_up(&s);
  struct verdict *verdict = verdict_new(s.arena);
  struct guidance_view view = { s.casefile, domain, verdict, 100 * (int64_t)DAY, 0 };
  const char *record = "v=DMARC1; p=none; pct=50; rua=mailto:dmarc@example.gov.uk; adkim=s";
  struct dmarc_route *route = dmarc_route_make(s.arena, &view, "", NULL, view.now);
  assert_int_equal(route->stage, DMARC_STAGE_NONE);
  assert_string_equal(route->next_policy, "none");
  casefile_note_examination(s.casefile, domain, verdict, "v=DMARC1; p=none", 2 * (int64_t)DAY, &s.fault);
  casefile_note_examination(s.casefile, domain, verdict, record, 50 * (int64_t)DAY, &s.fault);
  route = dmarc_route_make(s.arena, &view, record, NULL, view.now);
  assert_int_equal(route->stage, DMARC_STAGE_WATCH);
  assert_int_equal(route->since, 2 * (int64_t)DAY);
  assert_true(route->long_here);
  assert_false(route->ready);
  assert_string_equal(route->next_record, "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.gov.uk; adkim=s");
  setenv("MAILSTEAD_NOW", "1970-04-01T00:00:00Z", 1);
  casefile_set_answer(s.casefile, domain, "reports-read", "yes", &s.fault);
  casefile_set_answer(s.casefile, domain, "reports-clean", "yes", &s.fault);
  casefile_set_answer(s.casefile, "", "services-complete", "yes", &s.fault);
  casefile_put_service(s.casefile, SIZE_MAX, &(struct casefile_service){ .name = "Boxes", .kind = "mailboxes", .domain = domain, .spf = "include:x.example" }, &s.fault);
  route = dmarc_route_make(s.arena, &view, record, NULL, view.now);
  assert_int_equal(route->stage, DMARC_STAGE_FIX);
  for (size_t i = 0; i < route->need_count; i++)
    if (!route->needs[i].met) fail_msg("%s: %s", route->needs[i].id, route->needs[i].source);
  assert_true(route->ready);
  add(verdict, "spf-too-many-lookups", SEVERITY_FAIL, NULL);
  assert_false(dmarc_route_make(s.arena, &view, record, NULL, view.now)->ready);
  verdict->count = 0;
  /* Reject needs every service to sign, and two weeks of the present policy. */
  route = dmarc_route_make(s.arena, &view, "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.gov.uk", NULL, view.now);
  assert_int_equal(route->stage, DMARC_STAGE_QUARANTINE);
  assert_string_equal(route->next_policy, "reject");
  assert_int_equal(route->since, 0);
  assert_false(route->ready);
  assert_int_equal(dmarc_route_make(s.arena, &view, "v=DMARC1; p=reject; t=y", NULL, view.now)->stage, DMARC_STAGE_QUARANTINE);
  route = dmarc_route_make(s.arena, &view, "v=DMARC1; p=reject", NULL, view.now);
  assert_int_equal(route->stage, DMARC_STAGE_REJECT);
  assert_null(route->next_policy);
  unsetenv("MAILSTEAD_NOW");
  tear_down(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(services_are_proposed), cmocka_unit_test(answers_shape_the_plan), cmocka_unit_test(changes_are_told), cmocka_unit_test(dmarc_goes_step_by_step) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
