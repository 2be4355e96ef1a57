#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "src/base/mem.h"
#include "tests/unit/plan/rows.h"

#define GOOD "v=DKIM1; k=rsa; p={KEY}"

static void there(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "sound: nothing", "", "", "" },
    { "no version: allowed", "s1._domainkey TXT \"k=rsa; p={KEY}\"", "", "" },
    { "quotation marks", "s1._domainkey TXT \"\\\"v=DKIM1; k=rsa; p={KEY}\\\"\"", "", "replace s1._domainkey TXT " GOOD },
    { "strings pasted with their marks", "s1._domainkey TXT \"\\\"v=DKIM1; k=rsa; \\\" \\\"p={KEY}\\\"\"", "", "replace s1._domainkey TXT " GOOD },
    { "backslashes", "s1._domainkey TXT \"v=DKIM1\\\\; k=rsa\\\\; p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "the version last", "s1._domainkey TXT \"k=rsa; p={KEY}; v=DKIM1\"", "", "replace s1._domainkey TXT " GOOD },
    { "another version", "s1._domainkey TXT \"v=DKIM2; k=rsa; p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "a stray letter", "s1._domainkey TXT \"v=DKIM1; nk=rsa; p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "a lost semicolon", "s1._domainkey TXT \"v=DKIM1; k=rsa p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "the marks of a key file", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={PEM}\"", "", "replace s1._domainkey TXT " GOOD },
    { "Ed25519 in a wrapper", "s1._domainkey TXT \"v=DKIM1; k=ed25519; p={EDSPKI}\"", "", "replace s1._domainkey TXT v=DKIM1; k=ed25519; p={ED}" },
    { "the wrong type", "s1._domainkey TXT \"v=DKIM1; k=ed25519; p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "hashes that nobody takes", "s1._domainkey TXT \"v=DKIM1; h=sha1; k=rsa; p={KEY}\"", "", "replace s1._domainkey TXT " GOOD },
    { "two records, one of them a key", "s1._domainkey TXT \"" GOOD "\"\ns1._domainkey TXT \"v=spf1 -all\"", "", "remove s1._domainkey TXT v=spf1 -all" },
    { "two keys", "s1._domainkey TXT \"" GOOD "\"\ns1._domainkey TXT \"v=DKIM1; k=rsa; p={OTHER}\"", "", "task dkim-multiple-records" },
    { "cut", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={CUT}\"", "", "task dkim-key-truncated" },
    { "short", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={KEY1024}\"", "", "task dkim-rsa-1024" },
    { "withdrawn", "s1._domainkey TXT \"v=DKIM1; p=\"", "", "task dkim-key-revoked" },
    { "missing", "s1._domainkey none\nx._domainkey TXT \"" GOOD "\"", "selector=x", "task dkim-selector-missing" },
    { "none at all", "s1._domainkey none", "", "task dkim-selector-missing" },
    { "a private key published", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={PRIVATE}\"", "", "task dkim-key-pem" },
    { "an alias's target as text", "s1._domainkey TXT \"k1.dkim.good.example\"", "", "remove s1._domainkey TXT k1.dkim.good.example\nadd s1._domainkey CNAME k1.dkim.good.example." },
    { "an alias's target as text, and it leads to nothing", "s1._domainkey TXT \"k9.dkim.good.example\"", "", "task dkim-cname-in-txt" },
    { "a dead alias", "s1._domainkey CNAME k9.dkim.good.example", "", "task dkim-cname-broken" },
    { "at a wrong name", "s1._domainkey none\ns1 TXT \"" GOOD "\"", "", "add s1._domainkey TXT " GOOD "\nremove s1 TXT " GOOD },
    { "a domain that signs nothing has none", "s1._domainkey none\n@ TXT \"v=spf1 -all\"", "receive", "" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void pasted(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "a key", "", "\"key=s2=v=DKIM1; k=rsa; p={KEY}\"", "add s2._domainkey TXT " GOOD },
    { "a bare key", "", "\"key=s2={KEY}\"", "add s2._domainkey TXT " GOOD },
    { "a key in quotation marks", "", "\"key=s2='v=DKIM1; k=rsa; p={KEY}'\"", "problem plan-dkim-no-key" },
    { "an alias", "", "key=s2=k1.dkim.good.example", "add s2._domainkey CNAME k1.dkim.good.example." },
    { "an alias with its dot", "", "key=s2=K1.dkim.good.example.", "add s2._domainkey CNAME k1.dkim.good.example." },
    { "there already", "", "\"key=s1=v=DKIM1; k=rsa; p={KEY}\"", "" },
    { "the same key in other words", "", "\"key=s1=v=DKIM1;p={KEY}\"", "" },
    { "another key at a selector in use", "", "\"key=s1=v=DKIM1; k=rsa; p={OTHER}\"", "problem plan-dkim-live-selector" },
    { "an alias at a selector in use", "", "key=s1=k1.dkim.good.example", "problem plan-dkim-live-selector" },
    { "another key behind an alias in use", "s2._domainkey CNAME k1.dkim.good.example", "\"key=s2=v=DKIM1; k=rsa; p={OTHER}\"", "problem plan-dkim-live-selector" },
    { "in place of a damaged key", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={CUT}\"", "\"key=s1=v=DKIM1; k=rsa; p={KEY}\"", "replace s1._domainkey TXT " GOOD },
    { "an alias in place of a damaged key", "s1._domainkey TXT \"v=DKIM1; k=rsa; p={CUT}\"", "key=s1=k1.dkim.good.example", "remove s1._domainkey TXT v=DKIM1; k=rsa; p={CUT}\nadd s1._domainkey CNAME k1.dkim.good.example." },
    { "a key in place of a dead alias", "s1._domainkey CNAME k9.dkim.good.example", "\"key=s1=v=DKIM1; k=rsa; p={KEY}\"", "remove s1._domainkey CNAME k9.dkim.good.example.\nadd s1._domainkey TXT " GOOD },
    { "half a key", "", "\"key=s2=v=DKIM1; k=rsa; p={CUT}\"", "problem plan-dkim-no-key" },
    { "a short key", "", "\"key=s2=v=DKIM1; k=rsa; p={KEY1024}\"", "problem plan-dkim-no-key" },
    { "an empty key", "", "\"key=s2=v=DKIM1; p=\"", "problem plan-dkim-no-key" },
    { "a placeholder", "", "\"key=s2=v=DKIM1; k=rsa; p=<key>\"", "problem plan-placeholder-left" },
    { "a private key", "", "\"key=s2={PRIVATE}\"", "problem plan-dkim-private-key" },
    { "no name", "", "key=s2=not..a.name", "problem plan-dkim-no-key" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(there), cmocka_unit_test(pasted) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
