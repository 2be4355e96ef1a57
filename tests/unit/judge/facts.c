#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "checks/facts.h"
#include "src/base/mem.h"

static void names_match(void **state) {
  static const struct { const char *pattern, *name, *domain; bool matches; } rows[] = {
    { "smtp.google.com", "smtp.google.com", NULL, true },
    { "smtp.google.com", "SMTP.Google.COM.", NULL, true },
    { "smtp.google.com", "xsmtp.google.com", NULL, false },
    { "smtp.google.com", "smtp.google.com.example", NULL, false },
    { "alt<n>.aspmx.l.google.com", "alt12.aspmx.l.google.com", NULL, true },
    { "alt<n>.aspmx.l.google.com", "alt.aspmx.l.google.com", NULL, false },
    { "alt<n>.aspmx.l.google.com", "altx.aspmx.l.google.com", NULL, false },
    { "<d-dash>.mail.protection.outlook.com", "example-gov-uk.mail.protection.outlook.com", "example.gov.uk", true },
    { "<d-dash>.mail.protection.outlook.com", "other-gov-uk.mail.protection.outlook.com", "example.gov.uk", false },
    { "<d-dash>.mail.protection.outlook.com", "other-gov-uk.mail.protection.outlook.com", NULL, true },
    { "<d-dash>.mail.protection.outlook.com", "a.b.mail.protection.outlook.com", NULL, false },
    { "<id>.<d>.dkim.<id>.oracle.example", "s1.example.gov.uk.dkim.lhr1.oracle.example", "example.gov.uk", true },
    { "<id>.<d>.dkim.<id>.oracle.example", "s1.example.gov.uk.dkim.lhr1.oracle.example", NULL, true },
    { "<id>.<d>.dkim.<id>.oracle.example", "s1.dkim.lhr1.oracle.example", NULL, false },
    { "*.messagelabs.com", "cluster5.eu.messagelabs.com", NULL, true },
    { "*.messagelabs.com", "messagelabs.com", NULL, false },
    { "*.messagelabs.com", "notmessagelabs.com", NULL, false },
    { "*.messagelabs.com", ".messagelabs.com", NULL, false },
    { "ns<n>-<n>.azure-dns.com", "ns1-07.azure-dns.com", NULL, true },
    { "selector1", "selector1", NULL, true },
    { "hs1-<id>", "hs1-", NULL, false },
    { "k1", "k1", NULL, true },
    { "k1", "ak1", NULL, false },
    { "k1", "1", NULL, false },
    { "*.g.net", "a.g.net", NULL, true },
    { "a.<d>", "a.example.gov.uk", "example.gov.uk", true },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    if (fact_name_matches(rows[i].pattern, rows[i].name, rows[i].domain) != rows[i].matches) fail_msg("%s against %s", rows[i].pattern, rows[i].name);
    const struct fact_pattern pattern = { .text = rows[i].pattern, .tail = fact_tail(rows[i].pattern) };
    const struct service_facts service = { .id = "it", .mx = &pattern, .mx_count = 1 };
    const struct facts facts = { .services = &service, .service_count = 1 };
    if ((facts_service_of_mx(&facts, rows[i].name, rows[i].domain) != NULL) != rows[i].matches) fail_msg("%s is not refused or taken by its end for %s", rows[i].name, rows[i].pattern);
  }
}

static struct facts *shipped(struct arena *arena) {
  struct fault fault = { "" };
  struct facts *facts = facts_load(arena, &fault);
  assert_string_equal(fault.text, "");
  return facts;
}

static void shipped_files_are_whole(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  struct facts *facts = shipped(arena);
  assert_true(facts->service_count >= 45);
  assert_true(facts->dns_host_count >= 30);
  assert_int_equal(facts->mail_system_count, 9);
  for (size_t i = 0; i < facts->mail_system_count; i++) {
    bool requires = false;
    for (size_t n = 0; n < facts->mail_systems[i].setting_count; n++) requires = requires || strcmp(facts->mail_systems[i].settings[n].purpose, "require-tls") == 0;
    assert_true(requires);
  }
  arena_free(&arena);
}

static void services_are_recognised(void **state) {
  static const struct { const char *kind, *value, *id; } rows[] = {
    { "mx", "example-gov-uk.mail.protection.outlook.com", "m365" }, { "mx", "example-gov-uk.j-v1.mx.microsoft", "m365" }, { "mx", "eu-smtp-inbound-1.mimecast.com", "mimecast" },
    { "mx", "cluster1.gsi.messagelabs.com", "broadcom" }, { "mx", "mx1.hc4567-89.eu.iphmx.com", "cisco" }, { "mx", "mx.example.gov.uk", NULL },
    { "spf", "include:spf.protection.outlook.com", "m365" }, { "spf", "~INCLUDE:SPF.protection.outlook.com.", "m365" }, { "spf", "a:spf.protection.outlook.com", NULL },
    { "spf", "exists:%{i}.spf.hc4567-89.eu.iphmx.com", "cisco" }, { "spf", "include:%{ir}.%{v}.%{d}.spf.has.pphosted.com", "pps" }, { "spf", "include", NULL }, { "spf", "mx", NULL },
    { "dkim", "k2.dkim2.mcsv.net", NULL }, { "dkim", "dkim2.mcsv.net", "mailchimp" }, { "dkim", "selector1-example-gov-uk._domainkey.tenant.onmicrosoft.com", "m365" },
    { "dkim", "selector2-example-gov-uk._domainkey.tenant.b-v1.dkim.mail.microsoft", "m365" }, { "selector", "google", "google" }, { "selector", "selector1", "m365" }, { "selector", "unheard-of", NULL },
  };
  struct arena *arena = arena_new();
  (void)state;
  const struct facts *facts = shipped(arena);
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    const struct service_facts *service = NULL;
    if (strcmp(rows[i].kind, "mx") == 0) service = facts_service_of_mx(facts, rows[i].value, "example.gov.uk");
    else if (strcmp(rows[i].kind, "spf") == 0) service = facts_service_of_spf(facts, rows[i].value, "example.gov.uk", NULL);
    else if (strcmp(rows[i].kind, "dkim") == 0) service = facts_service_of_dkim(facts, "x", rows[i].value, "example.gov.uk");
    else service = facts_service_of_dkim(facts, rows[i].value, NULL, "example.gov.uk");
    const char *id = service ? service->id : "none", *expected = rows[i].id ? rows[i].id : "none";
    if (strcmp(id, expected) != 0) fail_msg("%s %s: %s", rows[i].kind, rows[i].value, id);
  }
  assert_null(facts_service_of_mx(NULL, "smtp.google.com", NULL));
  arena_free(&arena);
}

static void dns_hosts_by_majority(void **state) {
  struct arena *arena = arena_new();
  bool mixed;
  (void)state;
  const struct facts *facts = shipped(arena);
  const char *const aws[] = { "ns-12.awsdns-01.com", "ns-1234.awsdns-02.org", "ns-600.awsdns-11.net", "ns-1700.awsdns-20.co.uk" };
  const char *const two[] = { "ns1.krystal.uk", "ns2.krystal.uk", "dana.ns.cloudflare.com" };
  const char *const own[] = { "ns1.example.gov.uk", "ns2.example.gov.uk" };
  const char *const even[] = { "ns1.krystal.uk", "dana.ns.cloudflare.com", "evan.ns.cloudflare.com", "ns2.krystal.uk" };
  const char *const strange[] = { "ns1.somewhere.example", "ns2.somewhere.example" };
  assert_string_equal(facts_dns_host_of(facts, "example.gov.uk", aws, 4, &mixed)->id, "route53");
  assert_false(mixed);
  assert_string_equal(facts_dns_host_of(facts, "example.gov.uk", two, 3, &mixed)->id, "krystal");
  assert_true(mixed);
  assert_string_equal(facts_dns_host_of(facts, "example.gov.uk", even, 4, &mixed)->id, "krystal");
  assert_true(mixed);
  assert_string_equal(facts_dns_host_of(facts, "example.gov.uk", own, 2, &mixed)->id, "own");
  assert_null(facts_dns_host_of(facts, "example.gov.uk", strange, 2, &mixed));
  assert_null(facts_dns_host_of(NULL, "example.gov.uk", aws, 4, &mixed));
  arena_free(&arena);
}

static bool reads(struct arena *arena, struct facts *facts, const char *text, struct fault *fault) { return facts_read(arena, facts, text, strlen(text), "mine.json", fault); }

static void users_rows_replace(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  (void)state;
  struct facts *facts = shipped(arena);
  size_t before = facts->service_count;
  assert_true(reads(arena, facts, "{\"services\":[{\"id\":\"m365\",\"name\":\"Ours\"},{\"id\":\"our-crm\",\"spf\":[{\"text\":\"include:crm.example\",\"old\":true}]}]}", &fault));
  assert_int_equal(facts->service_count, before + 1);
  assert_string_equal(facts_service_find(facts, "m365")->name, "Ours");
  const struct fact_pattern *pattern = NULL;
  assert_string_equal(facts_service_of_spf(facts, "include:crm.example", NULL, &pattern)->id, "our-crm");
  assert_true(pattern->old);
  assert_int_equal(pattern->mark, FACT_UNVERIFIED);
  arena_free(&arena);
}

static void bad_files_are_refused_whole(void **state) {
  static const char *const bad[] = {
    "", "[]", "{", "{\"services\":{}}", "{\"services\":[{\"name\":\"x\"}]}", "{\"services\":[{\"id\":\"Upper\"}]}", "{\"services\":[{\"id\":\"x\",\"kind\":\"sender\"}]}",
    "{\"services\":[{\"id\":\"a\"},{\"id\":\"x\",\"mx\":\"a\"}]}", "{\"services\":[{\"id\":\"x\",\"mx\":[\"\"]}]}", "{\"services\":[{\"id\":\"x\",\"mx\":[\"a\\u001b[2J\"]}]}", "{\"services\":[{\"id\":\"x\",\"mx\":[3]}]}",
    "{\"dns_hosts\":[{\"id\":\"x\",\"ttl_least\":-1}]}", "{\"dns_hosts\":[{\"id\":\"x\",\"apex\":\"top\"}]}", "{\"services\":[{\"id\":\"x\",\"dkim\":[{}]}]}", "{\"services\":[7]}",
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(bad); i++) {
    struct facts facts = { 0 };
    struct fault fault = { "" };
    if (reads(arena, &facts, bad[i], &fault)) fail_msg("accepted: %s", bad[i]);
    assert_non_null(strstr(fault.text, "mine.json"));
    assert_int_equal(facts.service_count, 0);
    assert_int_equal(facts.dns_host_count, 0);
  }
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(names_match), cmocka_unit_test(shipped_files_are_whole), cmocka_unit_test(services_are_recognised), cmocka_unit_test(dns_hosts_by_majority),
    cmocka_unit_test(users_rows_replace), cmocka_unit_test(bad_files_are_refused_whole),
  };
  setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
