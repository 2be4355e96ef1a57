#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "src/base/mem.h"
#include "tests/unit/plan/rows.h"

static void kept(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "sound: nothing", "", "", "" },
    { "-all stays", "@ TXT \"v=spf1 mx -all\"", "", "" },
    { "redirect to a sound record", "@ TXT \"v=spf1 redirect=spf.good.example\"", "", "" },
    { "macros stay", "@ TXT \"v=spf1 exists:%{i}.spf.good.example include:%{d}.good.example mx ~all\"", "", "" },
    { "exp and unknown modifiers stay, before and after all", "@ TXT \"v=spf1 mx exp=why.good.example x=1 ~all\"", "", "" },
    { "capitals and blanks are no reason", "@ TXT \"V=SPF1  MX   ~ALL\"", "", "" },
    { "qualifiers stay", "@ TXT \"v=spf1 ?include:spf.good.example -ip4:192.0.2.9 mx ~all\"", "", "" },
    { "other texts stay", "@ TXT \"v=spf1 mx ~all\"\n@ TXT \"site-verification=1\"", "", "" },
    { "nested permission of a listed sender", "@ TXT \"v=spf1 include:both.good.example ~all\"", "sending=203.0.113.7", "" },
    { "redundant range is no reason", "@ TXT \"v=spf1 ip4:192.0.2.0/24 ip4:192.0.2.1 ~all\"", "", "" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void mended(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "void include", "@ TXT \"v=spf1 include:gone.good.example include:spf.good.example ~all\"", "", "replace @ TXT v=spf1 include:spf.good.example ~all" },
    { "include without a record", "@ TXT \"v=spf1 include:empty.good.example mx ~all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "include that is broken deeper down", "@ TXT \"v=spf1 include:deep.good.example mx ~all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "include with two records", "@ TXT \"v=spf1 include:twice.good.example mx ~all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "include that cannot be looked up stays", "@ TXT \"v=spf1 include:slow.good.example ptr ~all\"", "", "replace @ TXT v=spf1 include:slow.good.example ~all\nproblem plan-present-unknown\nproblem plan-spf-drops-unlisted" },
    { "include that cannot be looked up: nothing else, no change", "@ TXT \"v=spf1 include:slow.good.example ~all\"", "", "problem plan-present-unknown" },
    { "include of itself", "@ TXT \"v=spf1 include:example.gov.uk mx ~all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "void a and mx", "@ TXT \"v=spf1 a:nowhere.example.gov.uk mx:nothing.example mx ~all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "duplicates", "@ TXT \"v=spf1 mx mx:example.gov.uk ip4:192.0.2.1 ip4:192.0.2.1/32 include:spf.good.example include:SPF.good.example ~all\"", "", "replace @ TXT v=spf1 mx ip4:192.0.2.1 include:spf.good.example ~all" },
    { "ptr", "@ TXT \"v=spf1 mx ptr ptr:example.gov.uk ~all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted\nproblem plan-spf-drops-unlisted" },
    { "terms after all", "@ TXT \"v=spf1 mx ~all ip4:192.0.2.7 -all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "a listed sender after all comes before it", "@ TXT \"v=spf1 include:spf.good.example -all ip4:192.0.2.7\"", "sending=192.0.2.7", "replace @ TXT v=spf1 include:spf.good.example ip4:192.0.2.7 -all\nproblem plan-spf-drops-unlisted" },
    { "redirect beside all", "@ TXT \"v=spf1 mx ~all redirect=spf.good.example\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "dead redirect", "@ TXT \"v=spf1 mx redirect=gone.good.example\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "redirect keeps its place when a sender is added", "@ TXT \"v=spf1 redirect=spf.good.example\"", "sending=192.0.2.7", "replace @ TXT v=spf1 ip4:192.0.2.7 redirect=spf.good.example" },
    { "constant exists", "@ TXT \"v=spf1 mx exists:h1.good.example ~all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "gsi", "@ TXT \"v=spf1 include:spf.example.gsi.gov.uk mx ~all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "neutral ending", "@ TXT \"v=spf1 mx ?all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "open ending", "@ TXT \"v=spf1 mx +all\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "no ending", "@ TXT \"v=spf1 mx\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "the stage wants -all", "@ TXT \"v=spf1 mx ~all\"", "ending=-", "replace @ TXT v=spf1 mx -all" },
    { "a comma", "@ TXT \"v=spf1 ip4:192.0.2.1, mx ~all\"", "", "replace @ TXT v=spf1 ip4:192.0.2.1 mx ~all" },
    { "a list in one term", "@ TXT \"v=spf1 ip4:192.0.2.1,192.0.2.2 mx ~all\"", "", "replace @ TXT v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 mx ~all" },
    { "a semicolon at the end", "@ TXT \"v=spf1 mx ~all;\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "ipv4:", "@ TXT \"v=spf1 ipv4:192.0.2.5 mx ~all\"", "", "replace @ TXT v=spf1 ip4:192.0.2.5 mx ~all" },
    { "the other family", "@ TXT \"v=spf1 ip4:2001:db8::1 mx ~all\"", "", "replace @ TXT v=spf1 ip6:2001:db8::1 mx ~all" },
    { "a missing blank", "@ TXT \"v=spf1 ip4:192.0.2.1include:spf.good.example mx ~all\"", "", "replace @ TXT v=spf1 ip4:192.0.2.1 include:spf.good.example mx ~all" },
    { "a blank too many", "@ TXT \"v=spf1 include: spf.good.example mx ~all\"", "", "replace @ TXT v=spf1 include:spf.good.example mx ~all" },
    { "an equals sign", "@ TXT \"v=spf1 include=spf.good.example mx ~all\"", "", "replace @ TXT v=spf1 include:spf.good.example mx ~all" },
    { "version twice", "@ TXT \"v=spf1 mx v=spf1 include:spf.good.example ~all\"", "", "replace @ TXT v=spf1 mx include:spf.good.example ~all" },
    { "no sense", "@ TXT \"v=spf1 hello mx ~all\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void joined(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "two records", "@ TXT \"v=spf1 mx -all\"\n@ TXT \"v=spf1 include:spf.good.example ~all\"", "", "replace @ TXT v=spf1 mx include:spf.good.example ~all" },
    { "two, and one says it all", "@ TXT \"v=spf1 mx include:spf.good.example ~all\"\n@ TXT \"v=spf1 mx ~all\"", "", "remove @ TXT v=spf1 mx ~all" },
    { "two, one a redirect", "@ TXT \"v=spf1 redirect=spf.good.example\"\n@ TXT \"v=spf1 mx -all\"", "", "replace @ TXT v=spf1 mx include:spf.good.example -all" },
    { "a near miss alone", "@ TXT \"v=spf1; include:spf.good.example mx ~all\"", "", "replace @ TXT v=spf1 include:spf.good.example mx ~all" },
    { "a near miss beside a record", "@ TXT \"v=spf1 mx ~all\"\n@ TXT \"spf1 include:spf.good.example ~all\"", "", "remove @ TXT spf1 include:spf.good.example ~all" },
    { "quotation marks in the value", "@ TXT \"\\\"v=spf1 mx ~all\\\"\"", "", "replace @ TXT v=spf1 mx ~all" },
    { "a long dash", "@ TXT \"v=spf1 mx \\226\\128\\147all\"", "", "replace @ TXT v=spf1 mx -all" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void added(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "none: the mail servers", "noTXT -", "", "add @ TXT v=spf1 mx ~all" },
    { "none, and nothing known", "noTXT -\nnoMX -\n@ A 192.0.2.80", "", "no spf-subdomain\ntask spf-list-senders" },
    { "none: the mail service", "noTXT -\n@ MX 0 example-gov-uk.mail.protection.outlook.com\nexample-gov-uk.mail.protection.outlook.com. A 203.0.113.130", "", "add @ TXT v=spf1 include:spf.protection.outlook.com ~all" },
    { "none: services and addresses", "noTXT -", "service=google sending=192.0.2.7 sending=2001:db8::7", "add @ TXT v=spf1 include:_spf.google.com ip4:192.0.2.7 ip6:2001:db8::7 ~all" },
    { "a listed address that passes", "", "sending=192.0.2.25", "" },
    { "a listed address that does not", "", "sending=192.0.2.7", "replace @ TXT v=spf1 mx ip4:192.0.2.7 ~all" },
    { "a listed service that is there", "@ TXT \"v=spf1 include:_spf.google.com ~all\"", "service=google", "" },
    { "a listed service", "", "service=google", "replace @ TXT v=spf1 mx include:_spf.google.com ~all" },
    { "a service that sends with its own envelope", "", "service=mailchimp", "" },
    { "a service with several terms to choose from", "", "service=mimecast", "task spf-ask-service" },
    { "a term that the user gave", "", "term=include:spf.good.example", "replace @ TXT v=spf1 mx include:spf.good.example ~all" },
    { "a sender behind +all", "@ TXT \"v=spf1 +all\"", "sending=192.0.2.7", "replace @ TXT v=spf1 ip4:192.0.2.7 ~all" },
    { "an address that sends as a subdomain only", "", "service=sendgrid:news.example.gov.uk:192.0.2.77", "add news TXT v=spf1 ip4:192.0.2.77 ~all" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

/* What the administrator says is not theirs leaves the record, without a word about it, and nothing else does. */
static void disowned(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "a term", "@ TXT \"v=spf1 include:spf.good.example mx ~all\"", "not-ours=include:spf.good.example", "replace @ TXT v=spf1 mx ~all\nno plan-spf-drops-unlisted" },
    { "whatever its case and qualifier", "@ TXT \"v=spf1 ?include:SPF.good.example mx ~all\"", "not-ours=include:spf.good.example", "replace @ TXT v=spf1 mx ~all" },
    { "an address", "@ TXT \"v=spf1 ip4:192.0.2.7/32 ip4:192.0.2.8 mx ~all\"", "not-ours=ip4:192.0.2.7", "replace @ TXT v=spf1 ip4:192.0.2.8 mx ~all" },
    { "a redirect", "@ TXT \"v=spf1 mx redirect=spf.good.example\"", "not-ours=redirect=spf.good.example", "replace @ TXT v=spf1 mx ~all" },
    { "a service, by what is known of its terms", "@ TXT \"v=spf1 include:_spf.google.com mx ~all\"", "not-ours=google", "replace @ TXT v=spf1 mx ~all" },
    { "a broken one: its loss is no news", "@ TXT \"v=spf1 include:deep.good.example mx ~all\"", "not-ours=include:deep.good.example", "replace @ TXT v=spf1 mx ~all\nno plan-spf-drops-unlisted" },
    { "one behind all: its loss is no news", "@ TXT \"v=spf1 mx ~all include:spf.good.example\"", "not-ours=include:spf.good.example", "replace @ TXT v=spf1 mx ~all\nno plan-spf-drops-unlisted" },
    { "one that is not there", "", "not-ours=include:spf.good.example not-ours=google", "" },
    { "one inside another service stays", "@ TXT \"v=spf1 include:both.good.example ~all\"", "not-ours=include:spf.good.example", "" },
    { "a listed address of it comes by itself", "@ TXT \"v=spf1 include:spf.good.example mx ~all\"", "not-ours=include:spf.good.example sending=203.0.113.7", "replace @ TXT v=spf1 mx ip4:203.0.113.7 ~all" },
    { "with no sender left, the mail servers", "@ TXT \"v=spf1 include:spf.good.example ~all\"", "not-ours=include:spf.good.example", "replace @ TXT v=spf1 mx ~all" },
    { "a mail service that is not theirs does not come back", "noTXT -\n@ MX 0 example-gov-uk.mail.protection.outlook.com\nexample-gov-uk.mail.protection.outlook.com. A 203.0.113.130", "not-ours=m365",
      "no spf-subdomain\ntask spf-list-senders" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void limited(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "ten is enough", "@ TXT \"v=spf1 include:four.good.example include:four.good.example ~all\"", "", "replace @ TXT v=spf1 include:four.good.example ~all" },
    { "own names become addresses", "@ TXT \"v=spf1 mx a:mx1.example.gov.uk include:four.good.example a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example ~all\"", "",
      "replace @ TXT v=spf1 ip4:192.0.2.25 include:four.good.example a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example ~all" },
    { "a new sender that does not fit goes to a subdomain", "@ TXT \"v=spf1 include:four.good.example a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example ~all\"", "term=include:three.good.example",
      "add good TXT v=spf1 include:three.good.example ~all\ntask spf-subdomain" },
    { "what another include holds already is left out",
      "@ TXT \"v=spf1 include:four.good.example a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example include:both.good.example ~all\"", "",
      "replace @ TXT v=spf1 include:four.good.example a:h1.good.example a:mail.good.example include:second.good.example include:both.good.example ~all" },
    { "present senders that do not fit: the subdomain first", "@ TXT \"v=spf1 include:four.good.example include:third.example.gov.uk a:h1.good.example a:mail.good.example ~all\"\nthird TXT \"v=spf1 a:h1.good.example a:h1.good.example a:h1.good.example a:h1.good.example -all\"", "",
      "add good TXT v=spf1 include:four.good.example ~all\ntask spf-subdomain" },
    { "a sender that the user says has moved", "@ TXT \"v=spf1 include:four.good.example include:_spf.google.com a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example a:h1.good.example/24 ~all\"",
      "service=google:staff.example.gov.uk",
      "add staff TXT v=spf1 include:_spf.google.com ~all\nreplace @ TXT v=spf1 include:four.good.example a:h1.good.example a:mail.good.example include:spf.good.example include:second.good.example a:h1.good.example/24 ~all" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

static void unknown(void **state) {
  (void)state;
  static const struct plan_row rows[] = {
    { "could not look", "@ TXT timeout", "", "problem plan-present-unknown" },
    { "a wildcard answers", "noTXT -\n* TXT \"v=spf1 mx ~all\"", "", "add @ TXT v=spf1 mx ~all" },
    { "an include that lets everyone pass", "@ TXT \"v=spf1 mx include:open.good.example -all\"\nopen.good.example. TXT \"v=spf1 +all\"", "", "task spf-include-all-pass" },
    { "an include of everyone that passes nobody", "@ TXT \"v=spf1 mx ?include:open.good.example -all\"\nopen.good.example. TXT \"v=spf1 +all\"", "", "no spf-include-all-pass" },
    { "a redirect that lets everyone pass", "@ TXT \"v=spf1 redirect=open.good.example\"\nopen.good.example. TXT \"v=spf1 +all\"", "", "task spf-all-pass" },
    { "mx with too many hosts", "@ TXT \"v=spf1 mx:many.good.example -all\"\nmany.good.example. MX 1 h1.good.example\nmany.good.example. MX 2 h1.good.example\nmany.good.example. MX 3 h1.good.example\nmany.good.example. MX 4 h1.good.example\nmany.good.example. MX 5 h1.good.example\nmany.good.example. MX 6 h1.good.example\nmany.good.example. MX 7 h1.good.example\nmany.good.example. MX 8 h1.good.example\nmany.good.example. MX 9 h1.good.example\nmany.good.example. MX 10 h1.good.example\nmany.good.example. MX 11 h1.good.example\n", "", "task spf-mx-too-many" },
    { "an all that is a modifier", "@ TXT \"v=spf1 mx all=\"", "", "replace @ TXT v=spf1 mx ~all\nproblem plan-spf-drops-unlisted" },
    { "a mail address in an include", "@ TXT \"v=spf1 mx include:info@good.example -all\"", "", "replace @ TXT v=spf1 mx -all\nproblem plan-spf-drops-unlisted" },
    { "parked", "@ TXT \"v=spf1 mx ~all\"\ns1._domainkey none\n*._domainkey TXT \"v=DKIM1; p=\"\n_smtp._tls none\n@ MX 0 .", "parked", "replace @ TXT v=spf1 -all\ntask dmarc-name-mailbox" },
    { "receives only", "@ TXT \"v=spf1 mx ~all\"", "receive", "replace @ TXT v=spf1 -all" },
  };
  plan_rows_run(rows, MEM_COUNT(rows));
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(kept), cmocka_unit_test(mended), cmocka_unit_test(joined), cmocka_unit_test(added), cmocka_unit_test(disowned), cmocka_unit_test(limited), cmocka_unit_test(unknown) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
