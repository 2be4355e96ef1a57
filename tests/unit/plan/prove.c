/* The proof of a plan, on plans made by hand: the planner avoids most of what it looks for. Each rule speaks in one row and is silent in
 * another just beside its border; a rule of the catalogue that lacks either, and is not tested elsewhere, fails the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checks/catalogue.h"
#include "checks/record/dnssec.h"
#include "src/base/lib.h"
#include "src/plan/prove.h"
#include "tests/support/key_words.h"
#include "tests/support/mint.h"
#include "tests/support/world.h"

#define D "example.gov.uk"
enum { MOST_CHANGES = 3, MOST_WORDS = 64 };

struct given {
  enum plan_action action;
  const char *name;
  uint16_t type;
  const char *now, *wanted, *zone; /* zone null: the domain's */
  uint32_t ttl;                    /* 0: 300 */
};

/* `published`: lines of the world; one of them stands in place of the usual ones of its name and type. */
struct row {
  const char *rule;
  bool speaks;
  const char *what, *published;
  struct given changes[MOST_CHANGES];
  const char *sending, *mailbox;
  bool file_changed, unknown /* what is there now is not filled in */;
};

#define TXT DNS_TYPE_TXT
#define ADD PLAN_ADD
#define REPLACE PLAN_REPLACE
#define REMOVE PLAN_REMOVE
#define SPF_NOW "v=spf1 mx ~all"
#define DMARC "_dmarc." D
#define DMARC_NOW "v=DMARC1; p=reject; rua=mailto:dmarc@example.gov.uk"
#define STS "_mta-sts." D
#define KEY "s1._domainkey." D
#define POLICY(mode, mx, age) \
  "certificate ca cn=ca ca trusted\ncertificate sts names=mta-sts.example.gov.uk issuer=ca\ndns mta-sts.example.gov.uk A 192.0.2.80\nhttps mta-sts.example.gov.uk /.well-known/mta-sts.txt chain=sts " \
  "body=version:~STSv1\\nmode:~" mode "\\nmx:~" mx "\\nmax_age:~" age "\\n"
#define TLSA_NAME "_25._tcp.mx1." D
#define SERVER "certificate leaf names=mx1.example.gov.uk key=p256\ncertificate other names=mx1.example.gov.uk key=p384\nsmtp mx1.example.gov.uk 192.0.2.25 chain=leaf"
#define WITH_RECORD SERVER "\ndns " TLSA_NAME " TLSA 3 1 1 @leaf"

static const struct row rows[] = {
  { "plan-record-invalid", true, "a record that fails", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx ip4:1 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-record-invalid", false, "a record that does not", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx ip4:192.0.2.1 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-spf-second-record", true, "added beside one", "", { { ADD, D, TXT, NULL, "v=spf1 a ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-spf-second-record", false, "in its place", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 a mx ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-spf-lookups", true, "eleven", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx a:mx1." D " a:mx1." D "/31 a:mx1." D "/30 a:mx1." D "/29 a:mx1." D "/28 a:mx1." D "/27 a:mx1." D "/26 a:mx1." D "/25 a:mx1." D "/24 a:mx1." D "/23 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-spf-lookups", false, "ten", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx a:mx1." D " a:mx1." D "/31 a:mx1." D "/30 a:mx1." D "/29 a:mx1." D "/28 a:mx1." D "/27 a:mx1." D "/26 a:mx1." D "/25 a:mx1." D "/24 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-spf-loses-sender", true, "a listed address", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 ip4:192.0.2.26 ~all", NULL, 0 } }, "192.0.2.25", NULL, false, false },
  { "plan-spf-loses-sender", false, "it passes by another term", "", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 ip4:192.0.2.24/31 ~all", NULL, 0 } }, "192.0.2.25", NULL, false, false },
  { "plan-dmarc-loses-report", true, "an address of one's own", "", { { REPLACE, DMARC, TXT, DMARC_NOW, "v=DMARC1; p=reject; rua=mailto:other@example.gov.uk", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-loses-report", false, "another beside it", "", { { REPLACE, DMARC, TXT, DMARC_NOW, "v=DMARC1; p=reject; rua=mailto:other@example.gov.uk,mailto:dmarc@example.gov.uk", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-second-record", true, "added beside one", "", { { ADD, DMARC, TXT, NULL, "v=DMARC1; p=none", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-second-record", false, "in its place", "", { { REPLACE, DMARC, TXT, DMARC_NOW, "v=DMARC1; p=reject; rua=mailto:dmarc@example.gov.uk; sp=reject", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-loses-tag", true, "strict alignment", "dns " DMARC " TXT \"v=DMARC1; p=reject; adkim=s\"", { { REPLACE, DMARC, TXT, "v=DMARC1; p=reject; adkim=s", "v=DMARC1; p=reject", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-loses-tag", false, "it stays", "dns " DMARC " TXT \"v=DMARC1; p=reject; adkim=s\"", { { REPLACE, DMARC, TXT, "v=DMARC1; p=reject; adkim=s", "v=DMARC1; p=reject; adkim=s; aspf=s", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-policy-jump", true, "none to reject", "dns " DMARC " TXT \"v=DMARC1; p=none\"", { { REPLACE, DMARC, TXT, "v=DMARC1; p=none", "v=DMARC1; p=reject", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-policy-jump", false, "none to quarantine", "dns " DMARC " TXT \"v=DMARC1; p=none\"", { { REPLACE, DMARC, TXT, "v=DMARC1; p=none", "v=DMARC1; p=quarantine", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-policy-lowered", true, "reject to quarantine", "", { { REPLACE, DMARC, TXT, DMARC_NOW, "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.gov.uk", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-policy-lowered", false, "reject stays", "", { { REPLACE, DMARC, TXT, DMARC_NOW, "v=DMARC1; p=reject; rua=mailto:dmarc@example.gov.uk; np=reject", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-external-report", true, "no permission", "dns out.example MX 10 mail.out.example\ndns mail.out.example A 203.0.113.2", { { REPLACE, DMARC, TXT, DMARC_NOW, DMARC_NOW ",mailto:a@out.example", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dmarc-external-report", false, "with it", "dns out.example MX 10 mail.out.example\ndns mail.out.example A 203.0.113.2\ndns example.gov.uk._report._dmarc.out.example TXT \"v=DMARC1\"",
    { { REPLACE, DMARC, TXT, DMARC_NOW, DMARC_NOW ",mailto:a@out.example", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-no-key", true, "an empty key", "", { { ADD, "s2._domainkey." D, TXT, NULL, "v=DKIM1; p=", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-no-key", false, "a key", "", { { ADD, "s2._domainkey." D, TXT, NULL, "v=DKIM1; k=rsa; p=%rsa:2048%", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-live-selector", true, "another key in its place", "", { { REPLACE, KEY, TXT, "v=DKIM1; k=rsa; p=%rsa:2048%", "v=DKIM1; k=ed25519; p=%ed25519%", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-live-selector", false, "the same key", "", { { REPLACE, KEY, TXT, "v=DKIM1; k=rsa; p=%rsa:2048%", "v=DKIM1; p=%rsa:2048%", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-private-key", true, "a private key", "", { { ADD, "s2._domainkey." D, TXT, NULL, "-----BEGIN RSA PRIVATE KEY-----", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-dkim-private-key", false, "a public one", "", { { ADD, "s2._domainkey." D, TXT, NULL, "v=DKIM1; p=%rsa:2048%", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-placeholder-left", true, "a bracket", "", { { ADD, "s2._domainkey." D, DNS_TYPE_CNAME, NULL, "s2.<account>.mailer.example.", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-placeholder-left", true, "yourdomain", "", { { REPLACE, DMARC, TXT, DMARC_NOW, DMARC_NOW ",mailto:a@yourdomain.gov.uk", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-placeholder-left", false, "a word that holds it", "", { { REPLACE, DMARC, TXT, DMARC_NOW, DMARC_NOW ",mailto:yourdomains@example.gov.uk", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-host-doubled", true, "the zone's name twice", "", { { ADD, "_dmarc." D "." D, TXT, NULL, "v=DMARC1; p=none", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-host-doubled", false, "once", "", { { ADD, "_dmarc.news." D, TXT, NULL, "v=DMARC1; p=none", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-host-not-in-zone", true, "another zone's", "", { { ADD, "_dmarc." D, TXT, NULL, "v=DMARC1; p=none", "other.gov.uk", 0 } }, NULL, NULL, false, false },
  { "plan-host-not-in-zone", false, "its own", "", { { ADD, "_dmarc.news." D, TXT, NULL, "v=DMARC1; p=none", D, 0 } }, NULL, NULL, false, false },
  { "plan-cname-conflict", true, "text at an alias", "dns a." D " CNAME mx1." D, { { ADD, "a." D, TXT, NULL, "x", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-cname-conflict", true, "an alias at text", "dns a." D " TXT x", { { ADD, "a." D, DNS_TYPE_CNAME, NULL, "mx1." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-cname-conflict", false, "the text goes", "dns a." D " TXT x", { { REMOVE, "a." D, TXT, "x", NULL, NULL, 0 }, { ADD, "a." D, DNS_TYPE_CNAME, NULL, "mx1." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-cname-apex", true, "at the top", "", { { ADD, D, DNS_TYPE_CNAME, NULL, "mx1." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-cname-apex", false, "below it", "", { { ADD, "a." D, DNS_TYPE_CNAME, NULL, "mx1." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-null-mx-with-mx", true, "beside one", "", { { ADD, D, DNS_TYPE_MX, NULL, "0 .", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-null-mx-with-mx", false, "in its place", "", { { REPLACE, D, DNS_TYPE_MX, "10 mx1." D ".", "0 .", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mx-target-bad", true, "no address", "", { { ADD, D, DNS_TYPE_MX, NULL, "20 gone." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mx-target-bad", true, "an alias", "dns a." D " CNAME mx1." D, { { ADD, D, DNS_TYPE_MX, NULL, "20 a." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mx-target-bad", false, "an address", "dns mx2." D " AAAA 2001:db8::25", { { ADD, D, DNS_TYPE_MX, NULL, "20 mx2." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mtasts-before-policy", true, "no file", "", { { ADD, STS, TXT, NULL, "v=STSv1; id=1", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mtasts-before-policy", false, "the file is there", POLICY("testing", "mx1.example.gov.uk", "86400"), { { ADD, STS, TXT, NULL, "v=STSv1; id=1", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mtasts-id-unchanged", true, "the file changes and the id stays", POLICY("testing", "mx1.example.gov.uk", "86400") "\ndns " STS " TXT \"v=STSv1; id=1;;\"", { { REPLACE, STS, TXT, "v=STSv1; id=1;;", "v=STSv1; id=1", NULL, 0 } }, NULL, NULL, true, false },
  { "plan-mtasts-id-unchanged", false, "and so does the id", POLICY("testing", "mx1.example.gov.uk", "86400") "\ndns " STS " TXT \"v=STSv1; id=1\"", { { REPLACE, STS, TXT, "v=STSv1; id=1", "v=STSv1; id=2", NULL, 0 } }, NULL, NULL, true, false },
  { "plan-mx-before-mtasts", true, "not in the enforced policy", POLICY("enforce", "mx1.example.gov.uk", "1209600") "\ndns " STS " TXT \"v=STSv1; id=1\"\ndns mx2." D " A 192.0.2.26", { { ADD, D, DNS_TYPE_MX, NULL, "20 mx2." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-mx-before-mtasts", false, "the policy is in testing", POLICY("testing", "mx1.example.gov.uk", "86400") "\ndns " STS " TXT \"v=STSv1; id=1\"\ndns mx2." D " A 192.0.2.26", { { ADD, D, DNS_TYPE_MX, NULL, "20 mx2." D ".", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-ttl-high", true, "more than an hour", "", { { ADD, "_dmarc.news." D, TXT, NULL, "v=DMARC1; p=none", NULL, 3601 } }, NULL, NULL, false, false },
  { "plan-ttl-high", false, "an hour", "", { { ADD, "_dmarc.news." D, TXT, NULL, "v=DMARC1; p=none", NULL, 3600 } }, NULL, NULL, false, false },
  { "plan-ttl-first", true, "a day", "dns _dmarc.news." D " TXT ttl 86400 \"v=DMARC1; p=none\"", { { REMOVE, "_dmarc.news." D, TXT, "v=DMARC1; p=none", NULL, NULL, 0 } }, NULL, NULL, false, false },
  { "plan-ttl-first", false, "an hour", "dns _dmarc.news." D " TXT ttl 3600 \"v=DMARC1; p=none\"", { { REMOVE, "_dmarc.news." D, TXT, "v=DMARC1; p=none", NULL, NULL, 0 } }, NULL, NULL, false, false },
  { "plan-two-operators", true, "zones of two", "dns other.gov.uk NS ns1.elsewhere.example\ndns other.gov.uk SOA ns1.elsewhere.example host 1", { { ADD, "a." D, TXT, NULL, "x", NULL, 0 }, { ADD, "a.other.gov.uk", TXT, NULL, "x", "other.gov.uk", 0 } }, NULL, NULL, false, false },
  { "plan-two-operators", false, "zones of one", "dns other.gov.uk NS ns3." D "\ndns other.gov.uk SOA ns3." D " host 1", { { ADD, "a." D, TXT, NULL, "x", NULL, 0 }, { ADD, "a.other.gov.uk", TXT, NULL, "x", "other.gov.uk", 0 } }, NULL, NULL, false, false },
  { "plan-rollback-missing", true, "not known what goes", "", { { REMOVE, D, TXT, "v=spf1 a ~all", NULL, NULL, 0 } }, NULL, NULL, false, false },
  { "plan-rollback-missing", false, "known", "", { { REMOVE, D, TXT, SPF_NOW, NULL, NULL, 0 } }, NULL, NULL, false, false },
  { "plan-txt-answer-large", true, "more than a packet", "dns " D " TXT %long%\ndns " D " TXT %long%\ndns " D " TXT %long%\ndns " D " TXT \"v=spf1 mx ~all\"\ndns " D " TXT %long%\ndns " D " TXT %long%", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx ip4:192.0.2.1 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-txt-answer-large", false, "within one", "dns " D " TXT %long%\ndns " D " TXT %long%\ndns " D " TXT %long%\ndns " D " TXT %long%\ndns " D " TXT \"v=spf1 mx ~all\"", { { REPLACE, D, TXT, SPF_NOW, "v=spf1 mx ip4:192.0.2.1 ~all", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-tlsa-order", true, "the record of another key in place of the one in use", WITH_RECORD, { { REPLACE, TLSA_NAME, DNS_TYPE_TLSA, "@leaf", "@other", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-tlsa-order", false, "beside it", WITH_RECORD, { { ADD, TLSA_NAME, DNS_TYPE_TLSA, NULL, "@other", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-tlsa-order", false, "the record of the key in use", SERVER, { { ADD, TLSA_NAME, DNS_TYPE_TLSA, NULL, "@leaf", NULL, 0 } }, NULL, NULL, false, false },
  { "plan-tlsa-order", false, "all of them go: DANE ends", WITH_RECORD, { { REMOVE, TLSA_NAME, DNS_TYPE_TLSA, "@leaf", NULL, NULL, 0 } }, NULL, NULL, false, false },
  { "plan-ds-order", true, "one server lacks the key", "dns " D " DNSKEY 257 3 13 key\nat 198.51.100.53 " D " DNSKEY nodata", { { ADD, D, DNS_TYPE_DS, NULL, "@ds", "gov.uk", 0 } }, NULL, NULL, false, false },
  { "plan-ds-order", false, "both give it", "dns " D " DNSKEY 257 3 13 key", { { ADD, D, DNS_TYPE_DS, NULL, "@ds", "gov.uk", 0 } }, NULL, NULL, false, false },
  { "plan-ds-order", false, "one could not be asked", "dns " D " DNSKEY 257 3 13 key\nat 198.51.100.53 timeout", { { ADD, D, DNS_TYPE_DS, NULL, "@ds", "gov.uk", 0 } }, NULL, NULL, false, false },
};

/* Of the planner rather than of the proof, or of the request: their rows stand there. */
static const struct { const char *rule, *where /* a test program, or a test of this one */; } elsewhere[] = {
  { "plan-present-unknown", "tests/unit/plan/spf" }, { "plan-spf-drops-unlisted", "tests/unit/plan/spf" }, { "plan-mtasts-enforce-early", "tests/unit/plan/others" }, { "plan-mtasts-id-before-file", "tests/unit/plan/others" },
  { "plan-provider-limit", "tests/unit/request/hosts" }, { "plan-quoting", "tests/unit/request/hosts" }, { "plan-contact-missing", "tests/unit/request/hosts" }, { "plan-changed-since", "tests/unit/request/verify" },
  { "plan-string-too-long", "strings" }, { "plan-split-inside-escape", "strings" },
};

/* ---- the world ---- */

struct bench { struct arena *arena; struct world *world; struct store *store; struct inquiry inquiry; struct plan_options options; struct ip sending; const char *selector; };

static const char *const usual[] = {
  "dns gov.uk SOA ns1.gov.uk host 1", "dns gov.uk NS ns1.gov.uk", "dns ns1.gov.uk A 192.0.2.1", "dns " D " SOA ns1." D " host 1", "dns " D " NS ns1." D, "dns " D " NS ns2." D, "dns ns1." D " A 192.0.2.53", "dns ns2." D " A 198.51.100.53",
  "dns " D " MX 10 mx1." D, "dns mx1." D " A 192.0.2.25", "dns 25.2.0.192.in-addr.arpa PTR mx1." D, "dns " D " TXT \"" SPF_NOW "\"", "dns " DMARC " TXT \"" DMARC_NOW "\"", "dns " KEY " TXT \"v=DKIM1; k=rsa; p=%rsa:2048%\"",
};

/* Does a line of the row stand in place of this one? */
static bool is_replaced(const char *published, const char *line) {
  char name[256], type[64], key[340];
  if (sscanf(line, "dns %255s %63s", name, type) != 2) return false;
  snprintf(key, sizeof key, "%s %s", name, type);
  for (const char *at = published; *at;) {
    size_t length = strcspn(at, "\n");
    const char *start = strncmp(at, "dns ", 4) == 0 ? at + 4 : NULL;
    if (start && strncmp(start, key, strlen(key)) == 0 && (start[strlen(key)] == ' ' || start[strlen(key)] == '\n' || !start[strlen(key)])) return true;
    at += length + (at[length] == '\n');
  }
  return false;
}

static void read_line(struct bench *bench, const struct row *row, const char *line) {
  struct fault fault = { "" };
  char longest[253];
  memset(longest, 'x', sizeof longest);
  longest[0] = longest[251] = '"';
  longest[252] = '\0';
  char *copy = arena_strdup(bench->arena, key_words_fill(bench->arena, line)), *found = strstr(copy, "%long%");
  if (found) copy = arena_printf(bench->arena, "%.*s%s%s", (int)(found - copy), copy, longest, found + 6);
  char *words[MOST_WORDS];
  size_t count = world_split(copy, words, MOST_WORDS);
  bool session = count && session_world_knows(words[0]);
  if (!count) return;
  if (!(session ? session_world_read(world_sessions(bench->world), words, count, &fault) : world_read(bench->world, words, count, &fault))) fail_msg("%s: %s: %s", row->rule, line, fault.text);
}

static void set_up(struct bench *bench, const struct row *row) {
  *bench = (struct bench){ .arena = arena_new(), .world = world_new(), .store = store_new(), .selector = "s1" };
  for (size_t i = 0; i < MEM_COUNT(usual); i++)
    if (!is_replaced(row->published, usual[i])) read_line(bench, row, usual[i]);
  for (char *line = arena_strdup(bench->arena, row->published), *next; *line; line = next) {
    next = line + strcspn(line, "\n");
    if (*next) *next++ = '\0';
    read_line(bench, row, line);
  }
  bench->inquiry = (struct inquiry){ .domain = D, .profile = PROFILE_MAIL, .topics = TOPICS_ALL & ~(1u << TOPIC_TLS), .selectors = &bench->selector, .selector_count = 1 };
  if (row->sending) {
    assert_true(ip_parse(row->sending, &bench->sending));
    bench->inquiry.sending = &bench->sending;
    bench->inquiry.sending_count = 1;
  }
  bench->options = (struct plan_options){ .mtasts_file_changed = row->file_changed };
}

static void tear_down(struct bench *bench) {
  store_free(&bench->store);
  world_free(&bench->world);
  arena_free(&bench->arena);
}

/* ---- the plan ---- */

/* "@leaf": the TLSA record of a certificate of the row; "@ds": the DS record of the zone's key; the rest as it stands. */
static const char *value_of(struct bench *bench, const char *text) {
  if (!text) return NULL;
  if (strcmp(text, "@ds") == 0) {
    struct question question = { .kind = QUESTION_DNS, .name = D, .server = "", .path = "", .type = DNS_TYPE_DNSKEY };
    struct observation *seen = world_observe(bench->world, &question);
    const struct dns_answer *keys = (const struct dns_answer *)(const void *)seen;
    uint8_t digest[64];
    struct dnskey key;
    assert_true(keys->count && dnskey_read(&keys->records[0], &key));
    size_t length = ds_digest(D, &keys->records[0], DNSSEC_DIGEST_SHA256, digest);
    struct buf out = BUF_INIT(512);
    buf_printf(&out, "%u %u 2 ", key.tag, key.algorithm);
    for (size_t i = 0; i < length; i++) buf_printf(&out, "%02x", digest[i]);
    const char *value = arena_strdup(bench->arena, buf_string(&out));
    buf_release(&out);
    observation_unref(seen);
    return value;
  }
  if (*text != '@') return key_words_fill(bench->arena, text);
  return arena_printf(bench->arena, "3 1 1 %s", session_world_tlsa(world_sessions(bench->world), bench->arena, text + 1, 1, 1));
}

static void add_change(struct bench *bench, struct planning *p, const struct given *given) {
  static const struct plan_kind kind = { "dns-spf", 1, "Why.", "First.", "" };
  struct plan_change *change = plan_change_new(p, given->action, given->name, given->type, &kind);
  change->zone = given->zone ? given->zone : D;
  if (given->ttl) change->ttl = given->ttl;
  const struct dns_answer *answer = ask_dns(&p->j, given->name, given->type);
  const char *now = value_of(bench, given->now), *wanted = value_of(bench, given->wanted);
  for (size_t i = 0; now && answer && i < answer->count; i++)
    if (strcmp(plan_value_of(bench->arena, &answer->records[i]), now) == 0) plan_change_now(p, change, &answer->records[i]);
  if (now && !change->now_count) {
    change->now = ARENA_NEW(bench->arena, const char *);
    change->now[0] = now;
    change->now_count = 1;
  }
  if (wanted) plan_change_wanted(p, change, wanted);
}

static const struct plan *proved(struct bench *bench, const struct row *row, const struct verdict *verdict) {
  for (unsigned turn = 0; turn < 80; turn++) {
    struct plan *plan = ARENA_NEW(bench->arena, struct plan);
    struct planning p = { .j = { .store = bench->store, .inquiry = &bench->inquiry, .arena = bench->arena, .topic = TOPIC_SPF }, .plan = plan, .verdict = verdict, .inquiry = &bench->inquiry, .options = &bench->options,
                          .profile = PROFILE_MAIL };
    plan->domain = D;
    for (size_t i = 0; i < MOST_CHANGES && row->changes[i].name; i++) add_change(bench, &p, &row->changes[i]);
    plan_fill_present(&p);
    plan_prove(&p);
    if (!world_answer(bench->world, bench->store, 0)) return plan;
  }
  fail_msg("%s, %s: the proof does not settle", row->rule, row->what);
  return NULL;
}

static bool says(const struct plan *plan, const char *rule) {
  for (size_t i = 0; i < plan->problem_count; i++)
    if (strcmp(plan->problems[i].rule->id, rule) == 0) return true;
  return false;
}

static bool run_row(const struct row *row) {
  struct bench bench;
  set_up(&bench, row);
  const struct verdict *verdict = world_examine(bench.world, bench.store, &bench.inquiry, bench.arena, 0);
  const struct plan *plan = proved(&bench, row, verdict);
  bool good = says(plan, row->rule) == row->speaks;
  if (!good) {
    print_message("%s %s: %s\n", row->rule, row->speaks ? "is silent" : "speaks", row->what);
    for (size_t i = 0; i < plan->problem_count; i++) print_message("    %s: %s\n", plan->problems[i].rule->id, plan->problems[i].detail);
  }
  tear_down(&bench);
  return good;
}

static void every_row(void **state) {
  size_t failed = 0;
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) failed += !run_row(&rows[i]);
  mint_forget();
  assert_int_equal(failed, 0);
}

/* ---- what the planner makes of it ---- */

static const struct plan *planned(struct bench *bench, struct store *store) {
  for (unsigned turn = 0; turn < 80; turn++) {
    const struct verdict *verdict = examine_store(bench->arena, store, &bench->inquiry);
    const struct plan *plan = plan_make(bench->arena, store, verdict, &bench->inquiry, &bench->options);
    if (!world_answer(bench->world, bench->store, 0)) return plan;
  }
  fail_msg("the plan does not settle");
  return NULL;
}

/* The one change of this type; null: there is none. */
static const struct plan_change *change_of(const struct plan *plan, uint16_t type) {
  for (size_t i = 0; i < plan->change_count; i++)
    if (plan->changes[i].type == type) return &plan->changes[i];
  return NULL;
}

/* Publishes the plan, and wants nothing more of that type. */
static void settles(struct bench *bench, const struct plan *plan, uint16_t type) {
  struct store *over = store_overlay(bench->store);
  assert_false(plan_blocked(plan));
  plan_apply(plan, over);
  assert_null(change_of(planned(bench, over), type));
  store_free(&over);
}

/* The server shows a key of which no record is out: its record is added, and the old ones stay. */
static void key_without_record(void **state) {
  static const struct row row = { .rule = "dane-no-match", .what = "", .published = SERVER "\ndns " TLSA_NAME " TLSA 3 1 1 8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d\ndns " D " signed" };
  static const struct row right = { .rule = "dane-ok", .what = "", .published = WITH_RECORD "\ndns " D " signed" };
  struct bench bench;
  (void)state;
  set_up(&bench, &row);
  const struct plan *plan = planned(&bench, bench.store);
  const struct plan_change *change = change_of(plan, DNS_TYPE_TLSA);
  assert_non_null(change);
  assert_int_equal(change->action, PLAN_ADD);
  assert_string_equal(change->name, TLSA_NAME);
  assert_string_equal(change->wanted[0], value_of(&bench, "@leaf"));
  assert_int_equal(change->kept_count, 1);
  settles(&bench, plan, DNS_TYPE_TLSA);
  tear_down(&bench);
  set_up(&bench, &right);
  assert_null(change_of(planned(&bench, bench.store), DNS_TYPE_TLSA));
  tear_down(&bench);
  mint_forget();
}

/* A DS record that names no key of the zone gives way to those of its keys, in the zone above; where there is no key, it goes. */
static void ds_without_key(void **state) {
#define OLD_DS "dns " D " DS 4711 13 2 8d02536c887482bc34ff54e41d2ba659bf85b341a0a20afadb5813dcfbcf286d\n"
  static const struct row keyed = { .rule = "ns-dnssec-ds-without-dnskey", .what = "", .published = OLD_DS "dns " D " DNSKEY 257 3 13 key\ndns " D " DNSKEY 256 3 13 other\ndns . SOA ad a.root host 1" };
  static const struct row bare = { .rule = "ns-dnssec-ds-without-dnskey", .what = "", .published = OLD_DS "dns . SOA ad a.root host 1" };
  struct bench bench;
  (void)state;
  set_up(&bench, &keyed);
  const struct plan *plan = planned(&bench, bench.store);
  const struct plan_change *change = change_of(plan, DNS_TYPE_DS);
  assert_non_null(change);
  assert_int_equal(change->action, PLAN_REPLACE);
  assert_string_equal(change->zone, "gov.uk");
  assert_string_equal(change->host, "example");
  assert_int_equal(change->wanted_count, 1); /* of the key that signs the others */
  assert_string_equal(change->wanted[0], value_of(&bench, "@ds"));
  settles(&bench, plan, DNS_TYPE_DS);
  tear_down(&bench);
  set_up(&bench, &bare);
  plan = planned(&bench, bench.store);
  change = change_of(plan, DNS_TYPE_DS);
  assert_non_null(change);
  assert_int_equal(change->action, PLAN_REMOVE);
  settles(&bench, plan, DNS_TYPE_DS);
  tear_down(&bench);
}

/* Lines of a zone file that hold a value, rightly and wrongly: our own writer makes no wrong ones. */
static void strings(void **state) {
  char most[260], text[280];
  (void)state;
  memset(most, 'x', 256);
  most[255] = '\0';
  snprintf(text, sizeof text, "\"%s\"", most);
  assert_null(prove_split(text, most));
  most[255] = 'x';
  most[256] = '\0';
  snprintf(text, sizeof text, "\"%s\"", most);
  assert_string_equal(prove_split(text, most), "plan-string-too-long");
  assert_null(prove_split("\"a\\\"b\" \"c\\226d\"", "a\"bc\342d"));
  assert_string_equal(prove_split("\"a\\\" \"b\"", "a\"b"), "plan-split-inside-escape");
  assert_string_equal(prove_split("\"a\\22\" \"6b\"", "a\342b"), "plan-split-inside-escape");
  assert_string_equal(prove_split("\"a \" \"b\"", "ab"), "plan-split-inside-escape"); /* something added at the border */
}

static void every_rule(void **state) {
  size_t lacking = 0;
  (void)state;
  for (size_t i = 0; i < catalogue_plan_count; i++) {
    const char *id = catalogue_plan[i].id;
    bool spoke = false, silent = false, other = false;
    for (size_t n = 0; n < MEM_COUNT(rows); n++)
      if (strcmp(rows[n].rule, id) == 0) *(rows[n].speaks ? &spoke : &silent) = true;
    for (size_t n = 0; n < MEM_COUNT(elsewhere); n++) other |= strcmp(elsewhere[n].rule, id) == 0;
    if (other || (spoke && silent)) continue;
    print_message("%s lacks a row in which it %s\n", id, spoke ? "is silent" : "speaks");
    lacking++;
  }
  assert_int_equal(lacking, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_row), cmocka_unit_test(key_without_record), cmocka_unit_test(ds_without_key), cmocka_unit_test(strings), cmocka_unit_test(every_rule) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
