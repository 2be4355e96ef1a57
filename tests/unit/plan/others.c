#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "src/base/mem.h"
#include "tests/unit/plan/rows.h"

static void tlsrpt(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "sound: nothing", "", "", "" },
    { "none", "_smtp._tls none", "", "add _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-reports@example.gov.uk\ntask tls-mailbox" },
    { "none, 2020", "_smtp._tls none", "2020", "add _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-rua@mailcheck.service.ncsc.gov.uk" },
    { "Mail Check alone", "_smtp._tls TXT \"v=TLSRPTv1;rua=mailto:tls-rua@mailcheck.service.ncsc.gov.uk\"\nmailcheck.service.ncsc.gov.uk. MX 10 mail.good.example", "",
      "replace _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-rua@mailcheck.service.ncsc.gov.uk,mailto:tls-reports@example.gov.uk" },
    { "two", "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.gov.uk\"\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:b@example.gov.uk\"", "", "replace _smtp._tls TXT v=TLSRPTv1; rua=mailto:a@example.gov.uk,mailto:b@example.gov.uk" },
    { "a lost semicolon", "_smtp._tls TXT \"v=TLSRPTv1 rua=mailto:a@example.gov.uk\"", "", "replace _smtp._tls TXT v=TLSRPTv1; rua=mailto:a@example.gov.uk" },
    { "a wrong scheme", "_smtp._tls TXT \"v=TLSRPTv1; rua=http://good.example/,mailto:a@example.gov.uk\"", "", "replace _smtp._tls TXT v=TLSRPTv1; rua=mailto:a@example.gov.uk" },
    { "an extension stays", "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.gov.uk; x=1\"", "", "" },
    { "at a misspelt name", "_smtp._tls none\n_stmp._tls TXT \"v=TLSRPTv1; rua=mailto:a@example.gov.uk\"", "", "add _smtp._tls TXT v=TLSRPTv1; rua=mailto:a@example.gov.uk\nremove _stmp._tls TXT v=TLSRPTv1; rua=mailto:a@example.gov.uk" },
    { "not for a domain that takes no email", "_smtp._tls none\n@ MX 0 .\n@ TXT \"v=spf1 ip4:192.0.2.25 ~all\"", "send", "" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void mx(void **state) {
  (void)state;
#define OWN "@ MX 10 mx1.example.gov.uk\n"
  static const struct plan_row rows[] = {
    { "dead", OWN "@ MX 20 dead.example.gov.uk", "", "remove @ MX 20 dead.example.gov.uk." },
    { "the last one stays", "@ MX 20 dead.example.gov.uk", "", "task mx-name-server" },
    { "a leftover of a verification", OWN "@ MX 32767 ms1.msv1.invalid", "", "remove @ MX 32767 ms1.msv1.invalid." },
    { "gsi", OWN "@ MX 20 cluster2.gsi.messagelabs.com\ncluster2.gsi.messagelabs.com. A 203.0.113.9", "", "remove @ MX 20 cluster2.gsi.messagelabs.com." },
    { "twice", OWN "@ MX 20 mx1.example.gov.uk", "", "remove @ MX 20 mx1.example.gov.uk." },
    { "doubled", OWN "@ MX 20 mail.good.example.example.gov.uk", "", "replace @ MX 20 mail.good.example." },
    { "doubled, and the only one", "@ MX 20 mail.good.example.example.gov.uk", "", "replace @ MX 20 mail.good.example." },
    { "one label", OWN "@ MX 20 mx2\nmx2 A 192.0.2.26\n26.2.0.192.in-addr.arpa. PTR mx2.example.gov.uk", "", "replace @ MX 20 mx2.example.gov.uk." },
    { "mistyped service", "@ MX 0 example-gov-uk.mail.protection.outlok.com\nexample-gov-uk.mail.protection.outlook.com. A 203.0.113.130\n130.113.0.203.in-addr.arpa. PTR example-gov-uk.mail.protection.outlook.com\n@ TXT \"v=spf1 include:spf.protection.outlook.com ~all\"", "",
      "replace @ MX 0 example-gov-uk.mail.protection.outlook.com." },
    { "null beside another", OWN "@ MX 0 .", "", "remove @ MX 0 ." },
    { "an alias", OWN "@ MX 20 alias.example.gov.uk\nalias CNAME mx1.example.gov.uk", "", "task mx-canonical-name" },
    { "could not look", "@ MX timeout", "", "problem plan-present-unknown" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void pointers(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "missing", "25.2.0.192.in-addr.arpa. none", "", "add 25.2.0.192.in-addr.arpa. PTR mx1.example.gov.uk." },
    { "another name", "25.2.0.192.in-addr.arpa. PTR host.nowhere.example", "", "replace 25.2.0.192.in-addr.arpa. PTR mx1.example.gov.uk." },
    { "a name of the gsi family that leads back", "25.2.0.192.in-addr.arpa. PTR mail.old.gsi.gov.uk\nmail.old.gsi.gov.uk. A 192.0.2.25", "", "replace 25.2.0.192.in-addr.arpa. PTR mx1.example.gov.uk." },
    { "an own name without address", "25.2.0.192.in-addr.arpa. PTR out.example.gov.uk", "", "add out A 192.0.2.25" },
    { "an address of no known host", "", "sending=192.0.2.77 term=ip4:192.0.2.77", "replace @ TXT v=spf1 mx ip4:192.0.2.77 ~all\ntask address-ptr-missing" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void leftovers_of_gsi(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "contact of the zone", "@ SOA ns1.example.gov.uk hostmaster.old.gsi.gov.uk 1", "", "task gsi-zone-contact" },
    { "a name server", "@ NS ns1.example.gov.uk\n@ NS ns0.old.gsi.gov.uk", "", "task gsi-name-server" },
    { "a selector", "s1._domainkey none\ns1._domainkey CNAME s1.keys.old.gsi.gov.uk\ns1.keys.old.gsi.gov.uk. TXT \"v=DKIM1; k=rsa; p={KEY}\"", "", "task gsi-dkim-signer" },
    { "names that merely look like it", "@ SOA ns1.example.gov.uk gsi.gov.uk.example.gov.uk 1\n@ NS ns1.example-gsi.gov.uk", "", "" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void beneath(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "a subdomain with mail servers", "sub MX 10 mx1.example.gov.uk", "sub=sub.example.gov.uk", "add sub TXT v=spf1 mx ~all" },
    { "a subdomain with nothing", "", "sub=sub.example.gov.uk", "" },
    { "a service on a subdomain", "", "service=google:staff.example.gov.uk", "add staff TXT v=spf1 include:_spf.google.com ~all" },
    { "a digital service", "apply.service.gov.uk. A 192.0.2.80\nservice.gov.uk. SOA ns1.service.gov.uk host 1\napply.service.gov.uk. SOA ns1.service.gov.uk host 1", "digital=apply.service.gov.uk",
      "add _dmarc.apply.service.gov.uk. TXT v=DMARC1; p=none; rua=mailto:dmarc@apply.service.gov.uk" },
    { "an old domain", "old.gsi.gov.uk. SOA ns1.gsi.gov.uk host 1\nold.gsi.gov.uk. MX 10 mail.good.example", "old=old.gsi.gov.uk own=example.gov.uk",
      "add *._domainkey.old.gsi.gov.uk. TXT v=DKIM1; p=\nadd old.gsi.gov.uk. TXT v=spf1 -all\nadd old.gsi.gov.uk._report._dmarc TXT v=DMARC1\n"
      "add _dmarc.old.gsi.gov.uk. TXT v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s; rua=mailto:dmarc@example.gov.uk\nreplace old.gsi.gov.uk. MX 0 ." },
    { "an old domain that forwards", "old.gsi.gov.uk. SOA ns1.gsi.gov.uk host 1\nold.gsi.gov.uk. MX 10 mail.good.example", "old=old.gsi.gov.uk forwards own=example.gov.uk",
      "add *._domainkey.old.gsi.gov.uk. TXT v=DKIM1; p=\nadd old.gsi.gov.uk. TXT v=spf1 -all\nadd old.gsi.gov.uk._report._dmarc TXT v=DMARC1\n"
      "add _dmarc.old.gsi.gov.uk. TXT v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s; rua=mailto:dmarc@example.gov.uk" },
    { "an old domain that still sends", "old.gsi.gov.uk. SOA ns1.gsi.gov.uk host 1\nold.gsi.gov.uk. MX 10 mail.good.example", "old=old.gsi.gov.uk forwards old-sends", "" },
    { "an old domain whose mail has not moved", "old.gsi.gov.uk. SOA ns1.gsi.gov.uk host 1\nold.gsi.gov.uk. MX 10 mail.good.example", "old=old.gsi.gov.uk moving", "" },
    { "an old domain that is gone", "", "old=old.gsi.gov.uk", "" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void mtasts(void **state) {
  (void)state;
#define STS_FILE(mx) "certificate ca cn=ca ca trusted\ncertificate sts names=mta-sts.example.gov.uk issuer=ca\nmta-sts A 192.0.2.80\nhttps mta-sts.example.gov.uk /.well-known/mta-sts.txt chain=sts body=version:~STSv1\\nmode:~testing\\nmx:~" mx "\\nmax_age:~86400\\n"
#define STS_RECORD "\n_mta-sts TXT \"v=STSv1; id=20260101;\""
#define BAD_RECORD "\n_mta-sts TXT \"v=STSv1; id=2026-01-01;\""
  static const struct plan_row rows[] = {
    { "enforced before there is a file", "", "enforce", "problem plan-mtasts-enforce-early\ntask mtasts-host-policy" },
    { "a first file for testing", "", "", "task mtasts-host-policy\nno plan-mtasts-enforce-early" },
    { "enforced while nobody reads reports", STS_FILE("mx1.example.gov.uk") STS_RECORD "\n_smtp._tls none", "enforce", "add _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-reports@example.gov.uk\nproblem plan-mtasts-enforce-early\ntask mtasts-change-policy" },
    { "in testing, and sound", STS_FILE("mx1.example.gov.uk") STS_RECORD, "", "no plan-mtasts-enforce-early\nno mtasts-change-policy" },
    { "a new id before the file changes", STS_FILE("old.example.gov.uk") BAD_RECORD, "", "replace _mta-sts TXT v=STSv1; id=7811a26726bb7752\nproblem plan-mtasts-id-before-file\ntask mtasts-change-policy" },
    { "a new id for a file that is right", STS_FILE("mx1.example.gov.uk") BAD_RECORD, "", "replace _mta-sts TXT v=STSv1; id=0a00cf86a97ea4de\nno plan-mtasts-id-before-file" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

/* What is left out is proved as if it were not asked for, and what rests on it is found. */
static void left_out(void **state) {
  (void)state;
#define TWO "@ TXT \"v=spf1 mx include:gone.good.example ~all\"\n_smtp._tls none"
#define ALIAS "_dmarc CNAME gone.example"
  static const struct plan_row rows[] = {
    { "one of two", TWO, "\"leave=TXT example.gov.uk\"", "left-out replace @ TXT v=spf1 mx ~all\nadd _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-reports@example.gov.uk" },
    { "all", TWO, "\"leave=TXT example.gov.uk\" \"leave=TXT _smtp._tls.example.gov.uk\"", "left-out replace @ TXT v=spf1 mx ~all\nleft-out add _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-reports@example.gov.uk" },
    { "one that is no longer there", TWO, "\"leave=MX example.gov.uk\"", "replace @ TXT v=spf1 mx ~all\nadd _smtp._tls TXT v=TLSRPTv1; rua=mailto:tls-reports@example.gov.uk" },
    { "its own problem goes with it", "@ TXT \"v=spf1 hello mx ~all\"", "\"leave=TXT example.gov.uk\"", "left-out replace @ TXT v=spf1 mx ~all\nno plan-spf-drops-unlisted" },
    { "the alias that stands in the way", ALIAS, "", "remove _dmarc CNAME gone.example.\nadd _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk\nno plan-cname-conflict" },
    { "left out, and the record asked for", ALIAS, "\"leave=CNAME _dmarc.example.gov.uk\"", "left-out remove _dmarc CNAME gone.example.\nadd _dmarc TXT v=DMARC1; p=none; rua=mailto:dmarc@example.gov.uk\nproblem plan-cname-conflict" },
    { "two of one name: one of them", "@ MX 10 mx1.example.gov.uk\n@ MX 20 dead.example.gov.uk\n@ MX 30 dead2.example.gov.uk", "\"leave=MX example.gov.uk 30 dead2.example.gov.uk.\"", "remove @ MX 20 dead.example.gov.uk.\nleft-out remove @ MX 30 dead2.example.gov.uk." },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(tlsrpt), cmocka_unit_test(mx), cmocka_unit_test(mtasts), cmocka_unit_test(pointers), cmocka_unit_test(leftovers_of_gsi), cmocka_unit_test(beneath), cmocka_unit_test(left_out) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
