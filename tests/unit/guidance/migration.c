/* The way off the gsi family as a table: what was seen and answered, and how each stage of the plan then stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/migration.h"
#include "tests/support/folder.h"

#define NEW "example.gov.uk"
#define OLD "old.gsi.gov.uk"

struct row {
  const char *name;
  const char *seen;      /* lines, of the new domain's examination; "-": never checked. "TOPIC SEVERITY", "RULE VALUE", "old RULE" (about the old name), "names RULE NAMES" */
  const char *answers;   /* words: see answer_read */
  const char *states;    /* of ready, mail, references, protect, tell */
  const char *says;      /* "STAGE words" lines: in the sentence of that stage */
  size_t leftovers;
};

static const struct row rows[] = {
  { "nothing is known", "-", "", "cannot new cannot cannot new", "0 Check example.gov.uk first", 0 },
  { "no new domain", "-", "unpaired", "new cannot cannot cannot cannot", "0 Choose the domain", 0 },
  { "the new one is old too", "-", "paired=other.gcsx.gov.uk", "problem new cannot cannot new", "0 itself of the gsi family", 0 },
  { "a clean new domain, and nothing said", "", "", "done new done done new", "3 nothing takes email", 0 },
  { "paired since the last check", "", "forwards=no paired-since", "done done done cannot new", "3 old.gsi.gov.uk was not on the list", 0 },
  { "the new one is not of government", "", "paired=example.org.uk", "progress new done done new", "0 does not end in gov.uk", 0 },
  { "and that is accepted", "", "paired=example.org.uk accepted", "done new done done new", "", 0 },
  { "faults of the new domain", "mx fail\ndkim fail", "", "problem new done done new", "0 Mail servers (MX), DKIM", 0 },
  { "faults elsewhere do not stand in the way", "ns fail\nmtasts fail\naddress fail", "", "done new done done new", "", 0 },
  { "faults that are asked for", "dmarc fail", "asked=_dmarc.example.gov.uk", "dns new done done new", "0 have been asked for", 0 },
  { "faults after all that was asked for is live", "dmarc fail", "asked=_dmarc.example.gov.uk live", "problem new done done new", "", 0 },
  { "a part could not be looked at", "tls unknown", "", "progress new done done new", "0 could not be looked at from here: TLS and certificates", 0 },
  { "a mail server of the family", "gsi-mx-leftover mail.old.gsi.gov.uk", "forwards=no", "done problem done done new", "1 Take its MX record out", 1 },
  { "and its removal is asked for", "gsi-mx-leftover mail.old.gsi.gov.uk", "forwards=no asked=example.gov.uk", "done dns done done new", "", 1 },
  { "forwarded", "", "forwards=yes", "done others done done new", "1 is forwarded", 0 },
  { "forwarded to a domain with faults", "tls fail", "forwards=yes", "problem problem done done new", "1 which is not ready", 0 },
  { "aliases", "", "forwards=aliases", "done others done done new", "1 are aliases", 0 },
  { "about to move, and ready", "", "forwards=planned", "done progress done cannot new", "1 move the mailboxes\n3 when its email has moved", 0 },
  { "about to move, and not ready", "spf fail", "forwards=planned", "problem cannot done cannot new", "1 is not ready", 0 },
  { "not delivered any more", "", "forwards=no", "done done done done new", "", 0 },
  { "nobody knows", "", "forwards=unknown", "done new done done new", "1 Say what happens", 0 },
  { "an answer of an earlier version, for all old names", "", "for-all=yes", "done others done done new", "", 0 },
  { "references", "gsi-spf-leftover include:spf.old.gsi.gov.uk\ngsi-dmarc-report-leftover dmarc@old.gsi.gov.uk", "forwards=no", "done done problem done new", "2 2 places still name it", 2 },
  { "one reference", "gsi-ptr-leftover mail.old.gsi.gov.uk", "forwards=no", "done done problem done new", "2 One place still names it", 1 },
  { "references that are asked for", "gsi-spf-leftover include:spf.old.gsi.gov.uk", "forwards=no asked=example.gov.uk", "done done dns done new", "2 have been asked for", 1 },
  { "what does no harm", "gsi-certificate-leftover mail.old.gsi.gov.uk\ngsi-smtp-name-leftover mail.old.gsi.gov.uk\ngsi-spf-range-leftover relay.old.gsi.gov.uk", "forwards=no", "done done done done new", "2 does no harm", 3 },
  { "a part of the records could not be looked up", "gsi unknown\nnames gsi-lookup-failed _dmarc.example.gov.uk TXT", "forwards=no", "done done progress done new", "2 could not be looked up", 0 },
  { "a service in the case", "", "forwards=no service", "done done problem done new", "2 One place still names it", 1 },
  { "a service in the case cannot be asked for", "", "forwards=no service asked=example.gov.uk", "done done problem done new", "", 1 },
  { "an answer in the case", "", "forwards=no hosts=relay.old.gsi.gov.uk", "done done problem done new", "", 1 },
  { "an answer that merely looks like it", "", "forwards=no hosts=relay.very-old.gsi.gov.uk", "done done done done new", "", 0 },
  { "what names another old name is of that one's page", "gsi-spf-leftover include:spf.other.gsi.gov.uk", "forwards=no other=other.gsi.gov.uk", "done done done done new", "", 0 },
  { "what names none of them is of each", "gsi-mx-leftover cluster2.gsi.messagelabs.com", "forwards=no other=other.gsi.gov.uk", "done problem done done new", "", 1 },
  { "the old name is not protected", "old gsi-old-not-protected", "forwards=no", "done done done problem new", "3 Anyone can send in its name", 0 },
  { "not protected, and forwarded", "old gsi-old-not-protected\nold gsi-old-still-resolves", "forwards=yes", "done others done problem new", "3 its mail servers stay", 1 },
  { "not protected, and it still sends", "old gsi-old-not-protected", "forwards=no old-sends=yes", "done done done cannot new", "3 still sends as it", 0 },
  { "protection is asked for", "old gsi-old-not-protected", "forwards=no asked=_dmarc.old.gsi.gov.uk", "done done done dns new", "", 0 },
  { "a request for the new domain asks nothing of the old", "old gsi-old-not-protected", "forwards=no asked=_dmarc.example.gov.uk", "done done done problem new", "", 0 },
  { "protected, and forwarded", "old gsi-old-still-resolves", "forwards=yes", "done others done others new", "3 until you end the old addresses", 1 },
  { "protected, and still there", "old gsi-old-still-resolves", "forwards=no", "done done done progress new", "3 Ask for a null MX", 1 },
  { "it could not be looked up", "names gsi-lookup-failed old.gsi.gov.uk MX", "forwards=no", "done done done progress new", "3 could not be looked up", 0 },
  { "it is gone", "old gsi-old-gone", "forwards=yes", "done done done done new", "1 nothing can be sent to it", 0 },
  { "people: in someone's hands", "", "forwards=no who=Comms", "done done done done others", "4 With Comms", 0 },
  { "all of it", "", "forwards=no told", "done done done done done", "", 0 },
};

struct bench { const struct row *row; struct arena *arena; struct casefile *casefile; const char *new; struct verdict *verdict; int64_t checked_at; struct fault fault; };

/* ---- what was seen ---- */

static struct finding *add(struct bench *b, const char *rule, const char *subject, const char *name, const char *value) {
  struct finding *finding = ARENA_NEW(b->arena, struct finding);
  *finding = (struct finding){ .rule = rule_find(rule), .subject = subject, .arguments = ARENA_NEW(b->arena, struct text_argument), .argument_count = 1 };
  if (!finding->rule) fail_msg("%s: no rule %s", b->row->name, rule);
  finding->severity = finding->rule->severity;
  finding->topic = finding->rule->topic;
  finding->arguments[0] = (struct text_argument){ name, value };
  b->verdict->findings = arena_grow(b->arena, b->verdict->findings, b->verdict->count, sizeof *b->verdict->findings);
  b->verdict->findings[b->verdict->count++] = finding;
  return finding;
}

static void see(struct bench *b, char *line) {
  char *rest = strchr(line, ' ');
  enum topic topic;
  enum severity severity;
  assert_non_null(rest);
  *rest++ = '\0';
  if (topic_from_name(line, &topic) && severity_from_name(rest, &severity)) b->verdict->topics[topic] = severity;
  else if (strcmp(line, "old") == 0) add(b, rest, OLD, "value", OLD);
  else if (strcmp(line, "names") == 0) add(b, "gsi-lookup-failed", b->new, "names", strchr(rest, ' ') + 1);
  else add(b, line, b->new, "value", rest);
}

static void see_all(struct bench *b) {
  char *rest = arena_strdup(b->arena, b->row->seen);
  b->verdict = ARENA_NEW(b->arena, struct verdict);
  while (*rest) {
    char *line = rest, *end = strchr(rest, '\n');
    rest = end ? end + 1 : rest + strlen(rest);
    if (end) *end = '\0';
    see(b, line);
  }
}

/* ---- what was answered ---- */

static void ask_for(struct bench *b, const char *name) {
  struct casefile_request request = { .reference = "R-1", .file = "", .when = 1000, .records = 1 };
  assert_true(casefile_add_request(b->casefile, b->new, &request, json_pack("{s:[{s:s}]}", "changes", "name", name), &b->fault));
}

static void answer_read(struct bench *b, const char *word) {
  const char *equals = strchr(word, '='), *value = equals ? equals + 1 : "", *key = arena_strndup(b->arena, word, strcspn(word, "="));
  struct casefile_task task = { .when = 1000 };
  if (strcmp(key, "forwards") == 0 || strcmp(key, "old-sends") == 0) casefile_set_answer(b->casefile, OLD, key, value, &b->fault);
  else if (strcmp(key, "for-all") == 0) casefile_set_answer(b->casefile, b->new, "forwards", value, &b->fault);
  else if (strcmp(key, "hosts") == 0) casefile_set_answer(b->casefile, b->new, "secondary-hosts", value, &b->fault);
  else if (strcmp(key, "unpaired") == 0) b->new = "";
  else if (strcmp(key, "paired") == 0) b->new = value;
  else if (strcmp(key, "paired-since") == 0) b->checked_at = 1000;
  else if (strcmp(key, "other") == 0) assert_true(casefile_set_pair(b->casefile, value, b->new, &b->fault));
  else if (strcmp(key, "asked") == 0) ask_for(b, value);
  else if (strcmp(key, "live") == 0) casefile_add_verification(b->casefile, b->new, &(struct casefile_verification){ .reference = "R-1", .when = 2000, .live = 1, .asked = 1 }, json_array(), &b->fault);
  else if (strcmp(key, "service") == 0) casefile_put_service(b->casefile, SIZE_MAX, &(struct casefile_service){ .name = "Payroll", .domain = OLD }, &b->fault);
  else if (strcmp(key, "accepted") == 0) task.done = true, casefile_set_task(b->casefile, b->new, "fix:leave-gsi", &task, &b->fault);
  else if (strcmp(key, "told") == 0) task.done = true, casefile_set_task(b->casefile, b->new, "gsi-told " OLD, &task, &b->fault);
  else if (strcmp(key, "who") == 0) task.who = value, casefile_set_task(b->casefile, b->new, "gsi-told " OLD, &task, &b->fault);
  else fail_msg("%s: unknown answer %s", b->row->name, word);
}

/* Where the pair is a word of the answers, it comes first. */
static void answer_all(struct bench *b) {
  const char *at = b->row->answers;
  b->new = NEW;
  b->checked_at = INT64_MAX;
  if (text_starts(at, "unpaired") || text_starts(at, "paired=")) {
    answer_read(b, arena_strndup(b->arena, at, strcspn(at, " ")));
    at += strcspn(at, " ");
  }
  if (*b->new) assert_true(casefile_add_domain(b->casefile, b->new, &b->fault) && casefile_set_pair(b->casefile, OLD, b->new, &b->fault));
  else assert_true(casefile_add_domain(b->casefile, OLD, &b->fault));
  while (*(at += strspn(at, " "))) {
    answer_read(b, arena_strndup(b->arena, at, strcspn(at, " ")));
    at += strcspn(at, " ");
  }
}

/* ---- the plan ---- */

static const char *state_word(enum step_state state) {
  static const char *const words[] = { [STEP_NOT_STARTED] = "new", [STEP_IN_PROGRESS] = "progress", [STEP_WAITING] = "dns", [STEP_WAITING_OTHERS] = "others", [STEP_WAITING_REPORTS] = "reports",
                                       [STEP_COMPLETED] = "done", [STEP_CANNOT_START] = "cannot", [STEP_PROBLEM] = "problem", [STEP_NOT_NEEDED] = "not-needed" };
  return words[state];
}

static void compare(struct bench *b, const struct migration *m) {
  struct buf states = BUF_INIT(200);
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) buf_printf(&states, i ? " %s" : "%s", state_word(m->steps[i].state));
  if (strcmp(buf_string(&states), b->row->states) != 0) fail_msg("%s: %s, not %s", b->row->name, buf_string(&states), b->row->states);
  buf_release(&states);
  if (m->leftover_count != b->row->leftovers) fail_msg("%s: %zu leftovers, not %zu", b->row->name, m->leftover_count, b->row->leftovers);
  for (const char *at = b->row->says; *at;) {
    size_t length = strcspn(at, "\n");
    const char *words = arena_strndup(b->arena, at + 2, length - 2), *sentence = m->steps[*at - '0'].sentence;
    if (!strstr(sentence, words)) fail_msg("%s: stage %c says \"%s\", not \"%s\"", b->row->name, *at, sentence, words);
    at += length + (at[length] == '\n');
  }
  for (unsigned i = 0; i < MIGRATION_STAGES; i++)
    if (!*m->steps[i].title || !*m->steps[i].contact || !*m->steps[i].sentence || strchr(m->steps[i].sentence, '{')) fail_msg("%s: stage %u is not whole: %s", b->row->name, i, m->steps[i].sentence);
}

static void run(const struct row *row) {
  const char *folder = test_folder();
  struct bench b = { .row = row, .arena = arena_new() };
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  b.casefile = casefile_open_domain(NEW, &b.fault);
  if (!b.casefile) fail_msg("%s", b.fault.text);
  answer_all(&b);
  bool checked = strcmp(row->seen, "-") != 0;
  if (checked) see_all(&b);
  struct migration_input input = { .casefile = b.casefile, .pair = { OLD, b.new }, .of_new = checked ? b.verdict : NULL, .of_new_at = b.checked_at };
  compare(&b, migration_make(b.arena, &input));
  casefile_close(&b.casefile);
  arena_free(&b.arena);
}

static void stages_stand_as_they_should(void **state) {
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) run(&rows[i]);
}

/* ---- records ---- */

static void records_go_to_their_stage(void **state) {
  const char *mx[] = { "gsi-mx-leftover" }, *spf[] = { "gsi-spf-leftover" }, *other[] = { "dmarc-missing" };
  struct plan_change changes[] = {
    { .name = NEW, .why = spf, .why_count = 1, .contact = CONTACT_REGISTRAR }, { .name = "_dmarc." NEW, .why = other, .why_count = 1 }, { .name = NEW, .why = mx, .why_count = 1 },
    { .name = "_dmarc." OLD, .contact = CONTACT_GSI }, { .name = OLD "._report._dmarc." NEW }, { .name = "_dmarc.other.gsi.gov.uk", .contact = CONTACT_GSI }, { .name = "other.gsi.gov.uk._report._dmarc." NEW },
  };
  static const size_t wanted[MIGRATION_STAGES] = { [MIGRATE_READY] = 1, [MIGRATE_MAIL] = 1, [MIGRATE_REFERENCES] = 1, [MIGRATE_PROTECT] = 2 };
  struct plan plan = { .domain = NEW, .changes = changes, .change_count = MEM_COUNT(changes) };
  struct arena *arena = arena_new();
  struct fault fault;
  (void)state;
  setenv("XDG_DATA_HOME", test_folder(), 1);
  struct casefile *casefile = casefile_open_domain(NEW, &fault);
  assert_true(casefile_set_pair(casefile, OLD, NEW, &fault) && casefile_set_pair(casefile, "other.gsi.gov.uk", NEW, &fault));
  struct migration_input input = { .casefile = casefile, .pair = { OLD, NEW }, .plan_new = &plan };
  struct migration *m = migration_make(arena, &input);
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) assert_int_equal(m->steps[i].change_count, wanted[i]);
  assert_non_null(strstr(m->steps[MIGRATE_PROTECT].contact, "Vodafone"));
  casefile_close(&casefile);
  arena_free(&arena);
}

/* ---- pairs ---- */

static void expect_pairs(struct casefile *casefile, const char *wanted) {
  struct arena *arena = arena_new();
  struct buf text = BUF_INIT(1000);
  struct migration_pair *pairs;
  size_t count = migration_pairs(arena, casefile, &pairs);
  for (size_t i = 0; i < count; i++) buf_printf(&text, "%s%s>%s", i ? " " : "", pairs[i].old_name, pairs[i].new_name);
  assert_string_equal(buf_string(&text), wanted);
  buf_release(&text);
  arena_free(&arena);
}

static void pairs_come_and_go(void **state) {
  struct fault fault;
  struct arena *arena = arena_new();
  const char *const *names;
  (void)state;
  setenv("XDG_DATA_HOME", test_folder(), 1);
  struct casefile *casefile = casefile_open_domain(NEW, &fault);
  expect_pairs(casefile, "");
  casefile_set_answer(casefile, NEW, "old-domains", "https://One.GSI.gov.uk/x, one.gsi.gov.uk two.gsx.gov.uk rubbish " NEW, &fault);
  expect_pairs(casefile, "one.gsi.gov.uk>" NEW " two.gsx.gov.uk>" NEW);
  casefile_add_domain(casefile, "three.gcsx.gov.uk", &fault);
  expect_pairs(casefile, "one.gsi.gov.uk>" NEW " two.gsx.gov.uk>" NEW " three.gcsx.gov.uk>");
  casefile_add_domain(casefile, "second.gov.uk", &fault);
  assert_true(casefile_set_pair(casefile, "three.gcsx.gov.uk", "second.gov.uk", &fault));
  assert_true(casefile_set_pair(casefile, "one.gsi.gov.uk", "second.gov.uk", &fault));
  expect_pairs(casefile, "two.gsx.gov.uk>" NEW " three.gcsx.gov.uk>second.gov.uk one.gsi.gov.uk>second.gov.uk");
  assert_string_equal(casefile_answer(casefile, NEW, "old-domains"), "two.gsx.gov.uk");
  assert_int_equal(casefile_old_domains(arena, casefile, "second.gov.uk", &names), 2);
  assert_string_equal(casefile_replacement(arena, casefile, "one.gsi.gov.uk"), "second.gov.uk");
  assert_true(casefile_set_pair(casefile, "two.gsx.gov.uk", "", &fault));
  expect_pairs(casefile, "three.gcsx.gov.uk>second.gov.uk one.gsi.gov.uk>second.gov.uk");
  assert_true(casefile_undo(casefile, &fault)); /* one step, however many answers it changed */
  expect_pairs(casefile, "two.gsx.gov.uk>" NEW " three.gcsx.gov.uk>second.gov.uk one.gsi.gov.uk>second.gov.uk");
  /* The answer of the old name alone makes a pair too, and the inquiry of either knows it. */
  casefile_add_domain(casefile, "four.gse.gov.uk", &fault);
  casefile_set_answer(casefile, "four.gse.gov.uk", "replacement", "Second.gov.uk.", &fault);
  casefile_set_answer(casefile, "four.gse.gov.uk", "forwards", "aliases", &fault);
  struct inquiry of_new = casefile_inquiry(arena, casefile, "second.gov.uk"), of_old = casefile_inquiry(arena, casefile, "four.gse.gov.uk");
  assert_int_equal(of_new.old_domain_count, 3);
  assert_string_equal(of_new.old_domains[2].name, "four.gse.gov.uk");
  assert_true(of_new.old_domains[2].aliases && !of_new.old_domains[0].aliases);
  assert_true(of_old.old_itself.aliases);
  assert_string_equal(of_old.replacement, "second.gov.uk");
  casefile_set_answer(casefile, "four.gse.gov.uk", "replacement", "third.gov.uk", &fault);
  assert_true(guidance_applies(WHEN_OLD, casefile, "third.gov.uk"));
  assert_false(guidance_applies(WHEN_OLD, casefile, "fourth.gov.uk"));
  casefile_close(&casefile);
  arena_free(&arena);
}

/* ---- proposals ---- */

static void names_are_proposed(void **state) {
  static const struct row row = { .name = "proposals", .seen = "gsi-dmarc-report-leftover dmarc@council.gsi.gov.uk\ngsi-spf-leftover include:_spf.council.gsi.gov.uk\ngsi-mx-leftover mail.County.GCSX.gov.uk\n"
    "gsi-ptr-leftover relay.body.x.gsi.gov.uk\ngsi-soa-contact-leftover hostmaster.gsi.gov.uk\ngsi-mx-leftover cluster2.gsi.messagelabs.com\ngsi-spf-leftover a:gsi.gov.uk\n"
    "gsi-partner-rule-leftover partner.gsi.gov.uk\ngsi-spf-leftover a:mail.old.gsi.gov.uk" };
  static const char *const wanted[] = { "council.gsi.gov.uk", "county.gcsx.gov.uk", "body.x.gsi.gov.uk" };
  struct bench b = { .row = &row, .arena = arena_new(), .new = NEW };
  const char **names;
  (void)state;
  setenv("XDG_DATA_HOME", test_folder(), 1);
  b.casefile = casefile_open_domain(NEW, &b.fault);
  assert_true(casefile_set_pair(b.casefile, OLD, NEW, &b.fault));
  see_all(&b);
  assert_int_equal(migration_seen(b.arena, b.casefile, b.verdict, &names), MEM_COUNT(wanted));
  for (size_t i = 0; i < MEM_COUNT(wanted); i++) assert_string_equal(names[i], wanted[i]);
  assert_int_equal(migration_seen(b.arena, b.casefile, NULL, &names), 0);
  casefile_close(&b.casefile);
  arena_free(&b.arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(stages_stand_as_they_should), cmocka_unit_test(records_go_to_their_stage), cmocka_unit_test(pairs_come_and_go), cmocka_unit_test(names_are_proposed) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
