#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "src/base/mem.h"
#include "tests/unit/plan/rows.h"

#define SUFFIX "\n_dmarc.gov.uk. TXT \"v=DMARC1;p=reject;sp=none;np=reject\""

static void kept(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "sound: nothing", "", "", "" },
    { "order, blanks and a last semicolon are no reason", "_dmarc TXT \"v=DMARC1;rua=mailto:dmarc@example.gov.uk ; p=Reject;\"", "", "" },
    { "the owner's tags stay", "_dmarc TXT \"v=DMARC1; p=quarantine; sp=reject; np=reject; adkim=s; aspf=r; fo=1:d; ruf=mailto:f@example.gov.uk; rua=mailto:a@example.gov.uk,mailto:b@allowed.example\"", "", "" },
    { "an unknown valid tag stays", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk; xyz=1\"", "", "" },
    { "t stays", "_dmarc TXT \"v=DMARC1; p=reject; t=y; rua=mailto:a@example.gov.uk\"", "", "" },
    { "Mail Check beside an own address stays", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:a@example.gov.uk\"", "", "" },
    { "blanks beside commas are no reason", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk, mailto:b@example.gov.uk ,mailto:c@example.gov.uk\"", "", "" },
    { "psd=u under a suffix with a record", "_dmarc TXT \"v=DMARC1; p=reject; psd=u; rua=mailto:a@example.gov.uk\"" SUFFIX, "", "replace _dmarc TXT v=DMARC1; p=reject; psd=n; rua=mailto:a@example.gov.uk" },
    { "a mark that begins no size", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a!b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a%21b@example.gov.uk" },
    { "other texts stay", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk\"\n_dmarc TXT \"hello\"", "", "" },
    { "somebody else's record behind an alias", "_dmarc CNAME _dmarc.good.example\n_dmarc.good.example. TXT \"v=DMARC1; p=none; rua=mailto:x@good.example\"", "", "task dmarc-alias" },
    { "could not look", "_dmarc TXT servfail", "", "problem plan-present-unknown" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void added(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "none", "_dmarc none", "", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk\ntask dmarc-mailbox" },
    { "none, under a suffix with a record", "_dmarc none" SUFFIX, "", "add _dmarc TXT v=DMARC1; p=none; psd=n; rua=mailto:dmarc@example.gov.uk" },
    { "none, and a mailbox given", "_dmarc none", "mailbox=reports@example.gov.uk", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:reports@example.gov.uk\nno dmarc-mailbox" },
    { "none, the mailbox elsewhere", "_dmarc none", "mailbox=x@unauthorised.example", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:x@unauthorised.example\nproblem plan-dmarc-external-report\ntask dmarc-report-permission" },
    { "none, the mailbox in another domain of one's own", "_dmarc none", "mailbox=x@own.gov.uk own=own.gov.uk",
      "add example.gov.uk._report._dmarc.own.gov.uk. TXT v=DMARC1\nadd _dmarc TXT v=DMARC1; p=none; rua=mailto:x@own.gov.uk" },
    { "none, and reject wanted", "_dmarc none", "step=reject", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk\nproblem plan-dmarc-policy-jump" },
    { "2020, sound as it is", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.gov.uk\"", "2020", "" },
    { "2020, a record that changes", "_dmarc TXT \"v=DMARC1; p=quarantine; pct=50; rua=mailto:dmarc@example.gov.uk\"" SUFFIX, "2020",
      "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:dmarc@example.gov.uk; fo=1" },
    { "2020 to the letter", "_dmarc none" SUFFIX, "2020", "add _dmarc TXT v=DMARC1;p=none;fo=1;rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:dmarc@example.gov.uk" },
    { "a wildcard answers", "_dmarc none\n* TXT \"v=DMARC1; p=none\"\n@ TXT \"v=spf1 mx ~all\"", "", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk" },
    { "a wildcard answers, and its policy stays", "_dmarc none\n* TXT \"v=DMARC1; p=reject; adkim=s; pct=100; rua=mailto:a@example.gov.uk\"\n@ TXT \"v=spf1 mx ~all\"", "",
      "add _dmarc TXT v=DMARC1; p=reject; adkim=s; rua=mailto:a@example.gov.uk" },
    { "a wildcard answers rightly", "_dmarc none\n* TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk\"\n@ TXT \"v=spf1 mx ~all\"", "", "" },
    { "a dead alias", "_dmarc CNAME gone.good.example", "", "remove _dmarc CNAME gone.good.example.\nadd _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void steps(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "none stays until the reports are read", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"", "", "" },
    { "none to quarantine", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"", "step=quarantine", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk" },
    { "quarantine to reject", "_dmarc TXT \"v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk\"", "step=reject", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "none to reject is two steps", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"", "step=reject", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk\nproblem plan-dmarc-policy-jump" },
    { "never lower", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk\"", "step=quarantine", "" },
    { "the testing mark is a step", "_dmarc TXT \"v=DMARC1; p=quarantine; t=y; rua=mailto:a@example.gov.uk\"", "step=quarantine", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk" },
    { "the testing mark before reject", "_dmarc TXT \"v=DMARC1; p=reject; t=y; rua=mailto:a@example.gov.uk\"", "step=reject", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "a record below keeps its subdomain policy", "_dmarc TXT \"v=DMARC1; p=none; sp=none; rua=mailto:a@example.gov.uk\"", "step=quarantine", "replace _dmarc TXT v=DMARC1; p=quarantine; sp=none; rua=mailto:a@example.gov.uk" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void mended(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "suffix record: psd", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk\"" SUFFIX, "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk; psd=n" },
    { "suffix record, strict alignment: no psd", "_dmarc TXT \"v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:a@example.gov.uk\"" SUFFIX, "", "" },
    { "suffix record with psd=y", "_dmarc.gov.uk. TXT \"v=DMARC1; p=reject; psd=y\"", "", "" },
    { "no address", "_dmarc TXT \"v=DMARC1; p=none\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk" },
    { "Mail Check alone", "_dmarc TXT \"v=DMARC1;p=reject;rua=mailto:dmarc-rua@dmarc.service.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:dmarc@example.gov.uk" },
    { "a gsi address", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gsi.gov.uk,mailto:b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:b@example.gov.uk" },
    { "an address whose domain is gone", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@gone.example,mailto:b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:b@example.gov.uk" },
    { "an outside address without permission stays", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@unauthorised.example,mailto:b@example.gov.uk\"", "", "task dmarc-report-permission" },
    { "pct, rf and ri go", "_dmarc TXT \"v=DMARC1; p=quarantine; pct=50; rf=afrf; ri=86400; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk" },
    { "pct=0 was a test", "_dmarc TXT \"v=DMARC1; p=reject; pct=0; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk; t=y\nproblem plan-dmarc-policy-lowered" },
    { "a size", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk!10m\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "an address without mailto", "_dmarc TXT \"v=DMARC1; p=reject; rua=a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "addresses parted by a semicolon", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk;mailto:b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk,mailto:b@example.gov.uk" },
    { "an address twice", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk,mailto:a@EXAMPLE.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "bad values", "_dmarc TXT \"v=DMARC1; p=reject; adkim=x; aspf=strict; fo=9; t=maybe; psd=y; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=reject; rua=mailto:a@example.gov.uk" },
    { "no policy that counts", "_dmarc TXT \"v=DMARC1; p=foo; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "no policy at all", "_dmarc TXT \"v=DMARC1; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "a bad subdomain policy undid the whole", "_dmarc TXT \"v=DMARC1; p=reject; sp=rejected; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk\nproblem plan-dmarc-policy-jump" },
    { "the version in small letters", "_dmarc TXT \"v=dmarc1; p=none; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "a broken record that says reject starts at quarantine", "_dmarc TXT \"DMARC1; p=reject; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=quarantine; rua=mailto:a@example.gov.uk\nproblem plan-dmarc-policy-jump" },
    { "no semicolons", "_dmarc TXT \"v=DMARC1 p=none rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "commas for semicolons", "_dmarc TXT \"v=DMARC1, p=none, rua=mailto:a@example.gov.uk,mailto:b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk,mailto:b@example.gov.uk" },
    { "the version last", "_dmarc TXT \"p=none; rua=mailto:a@example.gov.uk; v=DMARC1\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "a misspelt tag", "_dmarc TXT \"v=DMARC1; p=none; rau=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "capitals", "_dmarc TXT \"v=DMARC1; P=none; RUA=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "a tag that nobody knows", "_dmarc TXT \"v=DMARC1; p=none; ps=reject; rua=mailto:a@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk\nproblem plan-dmarc-loses-tag" },
    { "quotation marks and backslashes", "_dmarc TXT \"\\\"v=DMARC1\\\\; p=none\\\\; rua=mailto:a@example.gov.uk\\\"\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "two records", "_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:b@example.gov.uk\"", "", "replace _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk,mailto:b@example.gov.uk" },
    { "a record and what was meant as one", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.gov.uk\"\n_dmarc TXT \"v=dmarc1; p=none\"", "", "remove _dmarc TXT v=dmarc1; p=none" },
    { "at a doubled name", "_dmarc none\n_dmarc.example.gov.uk TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"", "", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk\nremove _dmarc.example.gov.uk TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "at a misspelt name", "_dmarc none\n_damrc TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"", "", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk\nremove _damrc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
    { "at the domain itself", "_dmarc none\n@ TXT \"v=DMARC1; p=none; rua=mailto:a@example.gov.uk\"\n@ TXT \"v=spf1 mx ~all\"", "", "add _dmarc TXT v=DMARC1; p=none; rua=mailto:a@example.gov.uk" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void parked(void **state) {
  (void)state;
#define CLOSED "\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\ns1._domainkey none\n*._domainkey TXT \"v=DKIM1; p=\"\n_smtp._tls none"
  static const struct plan_row rows[] = {
    { "the whole set", "s1._domainkey none\n_dmarc none\n_smtp._tls none\nnoTXT -", "parked mailbox=x@own.gov.uk own=own.gov.uk",
      "add *._domainkey TXT v=DKIM1; p=\nadd @ TXT v=spf1 -all\nadd example.gov.uk._report._dmarc.own.gov.uk. TXT v=DMARC1\nadd _dmarc TXT v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s; rua=mailto:x@own.gov.uk\nreplace @ MX 0 ." },
    { "nothing to do", "_dmarc TXT \"v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s; rua=mailto:x@allowed.example\"" CLOSED, "parked", "" },
    { "no mailbox known", "_dmarc none" CLOSED, "parked", "add _dmarc TXT v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s\ntask dmarc-name-mailbox" },
    { "a weak record", "_dmarc TXT \"v=DMARC1; p=none; sp=none; t=y; rua=mailto:x@allowed.example\"" CLOSED, "parked", "replace _dmarc TXT v=DMARC1; p=reject; sp=reject; rua=mailto:x@allowed.example" },
    { "live selectors", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:x@allowed.example\"\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_smtp._tls none\nselector1._domainkey CNAME k1.dkim.good.example", "parked",
      "add *._domainkey TXT v=DKIM1; p=\nremove s1._domainkey TXT v=DKIM1; k=rsa; p={KEY}\nremove selector1._domainkey CNAME k1.dkim.good.example." },
    { "a live wildcard", "_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:x@allowed.example\"\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_smtp._tls none\ns1._domainkey none\n*._domainkey TXT \"v=DKIM1; p={KEY}\"", "parked", "replace *._domainkey TXT v=DKIM1; p=" },
    { "2020", "_dmarc none" CLOSED, "parked 2020 mailbox=x@allowed.example", "add _dmarc TXT v=DMARC1;p=reject;sp=reject;adkim=s;aspf=s;fo=1;rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:x@allowed.example" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(kept), cmocka_unit_test(added), cmocka_unit_test(steps), cmocka_unit_test(mended), cmocka_unit_test(parked) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
