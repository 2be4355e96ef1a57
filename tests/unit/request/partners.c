/* Lists of partner domains as people paste them, and the two lists that come of the results, in the forms of mail systems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/request/partners.h"

static void a_pasted_list(void **state) {
  static const char text[] = "\xef\xbb\xbf" "one.gov.uk, two.gov.uk;three.gov.uk\n"
                             "# a comment, with.a.name.example\n"
                             "Jo <jo@four.gov.uk>\thttps://www.five.gov.uk/contact ONE.gov.uk.\r\n"
                             "b\xc3\xbc" "cher.example # and a comment\n";
  struct arena *arena = arena_new();
  struct partner_list list;
  (void)state;
  partners_read(arena, text, sizeof text - 1, &list);
  static const char *const wanted[] = { "one.gov.uk", "two.gov.uk", "three.gov.uk", "four.gov.uk", "www.five.gov.uk", "xn--bcher-kva.example" };
  assert_int_equal(list.count, MEM_COUNT(wanted));
  for (size_t i = 0; i < list.count; i++) assert_string_equal(list.domains[i], wanted[i]);
  assert_int_equal(list.note_count, 5); /* the address; the URL; ONE again; Jo; the international name */
  assert_string_equal(list.notes[0].domain, "four.gov.uk");
  assert_int_equal(list.notes[0].line, 3);
  assert_true(*list.notes[2].why);
  assert_null(list.notes[3].domain);
  assert_true(list.notes[3].beside);
  assert_int_equal(list.notes[4].line, 4);
  arena_free(&arena);
}

/* As spreadsheets, documents and mail programs give them: headings, names, dates, several addresses in a cell, marks of no width. */
static void tables(void **state) {
  static const struct { const char *text, *wanted; size_t unusable; } rows[] = {
    { "Organisation,Domain,Email\r\n\"Smith, Jo\",kent.gov.uk,jo@Kent.GOV.uk.\r\nLeeds City Council;*.leeds.gov.uk;smtp:it@leeds.gov.uk\r\n", "kent.gov.uk leeds.gov.uk", 0 },
    { "Domain\nkent.gov.uk\nleedsgovuk\n", "kent.gov.uk", 1 },
    { "leedsgovuk", "", 1 },
    { "\xe2\x80\x8bhull.gov.uk\xc2\xa0" "bath.gov.uk\xef\xbb\xbf\n", "hull.gov.uk bath.gov.uk", 0 },
    { "| york.gov.uk | 01.02.2024 | 12 |\n[mailto:x@ely.gov.uk] .ely.gov.uk (x@hull.gov.uk),{bath.gov.uk}", "york.gov.uk ely.gov.uk hull.gov.uk bath.gov.uk", 0 },
    { "# a comment\rone.gov.uk\r2 # two.gov.uk\rthree.gov.uk", "one.gov.uk three.gov.uk", 1 },
    { "10.0.0.1\none.gov.uk\n10.0.0.2", "one.gov.uk", 1 }, /* the first as a heading */
    { "jo@one.gov.uk; Jo Smith <jo@two.gov.uk>; a..b.gov.uk", "one.gov.uk two.gov.uk", 1 },
    { "MÜNCHEN.example m\xc3\xbcnchen.example xn--mnchen-3ya.example.", "xn--mnchen-3ya.example", 0 },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct partner_list list;
    struct buf got = BUF_INIT(1000);
    size_t unusable = 0;
    partners_read(arena, rows[i].text, strlen(rows[i].text), &list);
    for (size_t n = 0; n < list.count; n++) buf_printf(&got, n ? " %s" : "%s", list.domains[n]);
    for (size_t n = 0; n < list.note_count; n++) unusable += !list.notes[n].domain && !list.notes[n].beside;
    assert_string_equal(buf_string(&got), rows[i].wanted);
    assert_int_equal(unusable, rows[i].unusable);
    buf_release(&got);
    arena_free(&arena);
  }
}

static void rubbish(void **state) {
  static const char text[] = "\x1b[31m ,,,; \0 a..b .. -- <> 'x' \xff\xfe";
  struct arena *arena = arena_new();
  struct partner_list list;
  (void)state;
  partners_read(arena, text, sizeof text - 1, &list);
  assert_int_equal(list.count, 0);
  for (size_t i = 0; i < list.note_count; i++) {
    assert_null(list.notes[i].domain);
    assert_null(strchr(list.notes[i].typed, '\x1b')); /* safe to show */
  }
  arena_free(&arena);
}

/* What Excel calls "Unicode text", in both orders of octets. */
static void utf16(void **state) {
  static const char little[] = "\xff\xfeo\0n\0e\0.\0u\0k\0\r\0\n\0t\0w\0\xf6\0.\0u\0k\0", big[] = "\xfe\xff\0o\0n\0e\0.\0u\0k\0\n\0t\0w\0\xf6\0.\0u\0k";
  static const struct { const char *text; size_t length; } rows[] = { { little, sizeof little - 1 }, { big, sizeof big - 1 } };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct arena *arena = arena_new();
    struct partner_list list;
    partners_read(arena, rows[i].text, rows[i].length, &list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.domains[0], "one.uk");
    assert_string_equal(list.domains[1], "xn--tw-gka.uk");
    arena_free(&arena);
  }
}

/* Half of a name is not the name. */
static void nul(void **state) {
  static const char text[] = "one.gov.uk\0.evil.example\ntwo.gov.uk";
  struct arena *arena = arena_new();
  struct partner_list list;
  (void)state;
  partners_read(arena, text, sizeof text - 1, &list);
  assert_int_equal(list.count, 1);
  assert_string_equal(list.domains[0], "two.gov.uk");
  assert_int_equal(list.note_count, 1);
  assert_null(list.notes[0].domain);
  arena_free(&arena);
}

static void many(void **state) {
  struct buf text = BUF_INIT(8 << 20);
  struct arena *arena = arena_new();
  struct partner_list list;
  (void)state;
  for (int i = 0; i < 40000; i++) buf_printf(&text, "p%d.gov.uk%s", i / 2, i % 3 ? "\r\n" : "; ");
  partners_read(arena, buf_string(&text), text.length, &list);
  assert_int_equal(list.count, 20000);
  assert_int_equal(list.note_count, 20000); /* each again */
  buf_release(&text);
  arena_free(&arena);
}

static const char *const good_hosts[] = { "mx1.good.gov.uk", "mx2.good.gov.uk" };
static const struct partner_result results[] = {
  { .domain = "good.gov.uk", .valid_certificate = true, .hosts = good_hosts, .host_count = 2, .host = "", .reason = "" },
  { .domain = "old.gov.uk", .needs_exception = true, .host = "mx.old.gov.uk", .reason = "mx.old.gov.uk does not take TLS 1.2." },
  { .domain = "silent.gov.uk", .unknown = true, .host = "mx.silent.gov.uk", .reason = "mx.silent.gov.uk could not be looked at." },
  { .domain = "self.gov.uk", .host = "", .reason = "" },
  { .domain = "none.gov.uk", .no_mail = true, .host = "", .reason = "" },
};

static void lists_in_each_form(void **state) {
  static const struct { const char *system, *exceptions, *valid; } rows[] = {
    { "postfix", "old.gov.uk may\nsilent.gov.uk may\n", "good.gov.uk secure match=mx1.good.gov.uk:mx2.good.gov.uk protocols=>=TLSv1.2\n" },
    { "exim", "old.gov.uk\nsilent.gov.uk\n", "good.gov.uk\n" },
    { "sendmail", "TLS_Rcpt:old.gov.uk\tOK\nTLS_Rcpt:silent.gov.uk\tOK\n", "TLS_Rcpt:good.gov.uk\tVERIFY:112\n" },
    { "exchange-online", "Set-TransportRule -Identity \"Require TLS to gov.uk\" -ExceptIfRecipientDomainIs \"old.gov.uk\",\"silent.gov.uk\"\n",
      "New-OutboundConnector -Name \"TLS with valid certificates\" -ConnectorType Partner -UseMXRecord $true -TlsSettings CertificateValidation -RecipientDomains \"good.gov.uk\"\n" },
    { "exchange", "New-SendConnector -Name gov-tls-exceptions -DNSRoutingEnabled $true -RequireTLS $false -AddressSpaces \"SMTP:old.gov.uk;1\",\"SMTP:silent.gov.uk;1\"\n",
      "New-SendConnector -Name gov-tls-valid -DNSRoutingEnabled $true -RequireTLS $true -TlsAuthLevel CertificateValidation -AddressSpaces \"SMTP:good.gov.uk;1\"\n" },
    { "google", "old.gov.uk\nsilent.gov.uk\n", "good.gov.uk\n" },
    { "mimecast", "old.gov.uk\nsilent.gov.uk\n", "good.gov.uk\n" },
    { "proofpoint-essentials", "old.gov.uk\nsilent.gov.uk\n", "good.gov.uk\n" },
    { "proofpoint", "old.gov.uk\tIf available\nsilent.gov.uk\tIf available\n", "good.gov.uk\tAlways\n" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct buf exceptions = BUF_INIT(4096), valid = BUF_INIT(4096);
    assert_true(partners_write_list(&exceptions, rows[i].system, PARTNERS_EXCEPTIONS, results, MEM_COUNT(results)));
    assert_true(partners_write_list(&valid, rows[i].system, PARTNERS_VALID, results, MEM_COUNT(results)));
    assert_string_equal(buf_string(&exceptions), rows[i].exceptions);
    assert_string_equal(buf_string(&valid), rows[i].valid);
    buf_release(&exceptions);
    buf_release(&valid);
  }
}

static void an_empty_list_writes_nothing(void **state) {
  struct buf out = BUF_INIT(4096);
  (void)state;
  assert_true(partners_write_list(&out, "exchange-online", PARTNERS_EXCEPTIONS, results, 1)); /* only the good one */
  assert_int_equal(out.length, 0);
  assert_false(partners_write_list(&out, "pigeon", PARTNERS_EXCEPTIONS, results, 1));
  buf_release(&out);
}

/* Every mail system of the facts has a form. */
static void facts_and_forms_agree(void **state) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  struct buf out = BUF_INIT(4096);
  const struct facts *facts = facts_load(arena, &fault);
  (void)state;
  assert_true(facts->mail_system_count > 0);
  for (size_t i = 0; i < facts->mail_system_count; i++) assert_true(partners_write_list(&out, facts->mail_systems[i].id, PARTNERS_EXCEPTIONS, results, 1));
  buf_release(&out);
  arena_free(&arena);
}

static void the_text(void **state) {
  struct buf out = BUF_INIT(1 << 20);
  (void)state;
  partners_write_text(&out, results, MEM_COUNT(results), NULL);
  const char *text = buf_string(&out), *exceptions = strstr(text, "Exceptions"), *valid = strstr(text, "Could be held");
  assert_non_null(exceptions);
  assert_non_null(valid);
  assert_non_null(strstr(exceptions, "silent.gov.uk")); /* unknown stays until it can be looked at */
  assert_null(strstr(valid, "self.gov.uk"));
  assert_non_null(strstr(text, "postmaster"));
  buf_clear(&out);
  partners_write_text(&out, results, 1, NULL);
  assert_null(strstr(buf_string(&out), "postmaster")); /* nobody to write to */
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_pasted_list),  cmocka_unit_test(rubbish), cmocka_unit_test(tables), cmocka_unit_test(utf16), cmocka_unit_test(nul), cmocka_unit_test(many),  cmocka_unit_test(lists_in_each_form), cmocka_unit_test(an_empty_list_writes_nothing),
    cmocka_unit_test(facts_and_forms_agree), cmocka_unit_test(the_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
