/* Nothing is lost: saved after every answer, locked, refused when newer, whole when the disk is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

static int fresh_folder(void **state) {
  char *folder = mem_strdup("/tmp/mailstead-case-XXXXXX");
  if (!mkdtemp(folder)) return -1;
  setenv("XDG_DATA_HOME", folder, 1);
  *state = folder;
  return 0;
}

static int drop_folder(void **state) {
  char command[300];
  snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
  FILE *done = popen(command, "r");
  if (done) pclose(done);
  free(*state);
  return 0;
}

static struct casefile *open_case(void) {
  struct fault fault = { "" };
  struct casefile *casefile = casefile_open_domain("example.gov.uk", &fault);
  if (!casefile) fail_msg("%s", fault.text);
  return casefile;
}

static void answers_come_back(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "example.gov.uk", "sends", "yes", &fault));
  assert_true(casefile_set_answer(casefile, "example.gov.uk", "sends", "no", &fault));
  assert_true(casefile_add_domain(casefile, "old.gsi.gov.uk", &fault));
  casefile_close(&casefile);
  casefile = open_case();
  assert_string_equal(casefile_answer(casefile, "example.gov.uk", "sends"), "no");
  assert_int_equal(casefile_domain_count(casefile), 2);
  assert_true(casefile_undo(casefile, &fault));
  assert_int_equal(casefile_domain_count(casefile), 1);
  assert_true(casefile_undo(casefile, &fault));
  assert_string_equal(casefile_answer(casefile, "example.gov.uk", "sends"), "yes");
  assert_true(casefile_undo(casefile, &fault));
  assert_null(casefile_answer(casefile, "example.gov.uk", "sends"));
  assert_false(casefile_undo(casefile, &fault));
  casefile_close(&casefile);
}

/* What was begun by mistake can go: a domain off its case, a case off the list. Nothing is deleted. */
static void mistakes_can_go(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_add_domain(casefile, "wrong.gov.uk", &fault));
  assert_true(casefile_set_answer(casefile, "wrong.gov.uk", "sends", "no", &fault));
  assert_true(casefile_remove_domain(casefile, "wrong.gov.uk", &fault));
  assert_false(casefile_has_domain(casefile, "wrong.gov.uk"));
  assert_true(casefile_undo(casefile, &fault));
  assert_string_equal(casefile_answer(casefile, "wrong.gov.uk", "sends"), "no");
  assert_true(casefile_remove_domain(casefile, "wrong.gov.uk", &fault));
  while (casefile_domain_count(casefile) > 1) assert_true(casefile_remove_domain(casefile, casefile_domain_at(casefile, 1), &fault));
  assert_false(casefile_remove_domain(casefile, "example.gov.uk", &fault));
  struct arena *arena = arena_new();
  char *path = mem_strdup(casefile_path(casefile));
  assert_null(casefile_put_aside(arena, path, &fault)); /* it is open */
  casefile_close(&casefile);
  const char *aside = casefile_put_aside(arena, path, &fault);
  assert_non_null(aside);
  assert_true(file_is_there(aside) && !file_is_there(path));
  assert_int_equal(rename(aside, path), 0);
  free(path);
  arena_free(&arena);
}

/* Also where the domain that gave the case its name was taken out of it. */
static void a_case_opens_by_its_name(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_add_domain(casefile, "other.gov.uk", &fault) && casefile_set_answer(casefile, "example.gov.uk", "sends", "no", &fault));
  assert_true(casefile_remove_domain(casefile, "example.gov.uk", &fault));
  assert_string_equal(casefile_undo_what(casefile), "domains");
  casefile_close(&casefile);
  casefile = open_case();
  assert_true(casefile_has_domain(casefile, "example.gov.uk") && casefile_has_domain(casefile, "other.gov.uk"));
  assert_string_equal(casefile_answer(casefile, "example.gov.uk", "sends"), "no");
  casefile_close(&casefile);
}

/* A task, a service, and an answer: each is taken back in turn, to what stood before. */
static void every_kind_of_change_is_taken_back(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  struct casefile_task task = { .done = true, .who = "A. Jones", .note = "by phone", .how = "you", .when = 5 };
  struct casefile_service service = { .id = "m365", .name = "Cloudmail", .kind = "mailboxes", .domain = "example.gov.uk", .tls12 = TRI_YES };
  assert_true(casefile_set_task(casefile, "example.gov.uk", "get-help", &task, &fault));
  assert_true(casefile_put_service(casefile, SIZE_MAX, &service, &fault));
  service.name = "Other";
  assert_true(casefile_put_service(casefile, 0, &service, &fault));
  assert_true(casefile_set_service_answer(casefile, 0, "signs", "no", &fault));
  casefile_close(&casefile);
  casefile = open_case();
  assert_true(casefile_task(casefile, "example.gov.uk", "get-help").done);
  assert_string_equal(casefile_task(casefile, "example.gov.uk", "get-help").who, "A. Jones");
  assert_int_equal(casefile_service_count(casefile), 1);
  assert_int_equal(casefile_service_at(casefile, 0).signs, TRI_NO);
  assert_int_equal(casefile_service_at(casefile, 0).tls12, TRI_YES);
  assert_int_equal(casefile_service_at(casefile, 0).receives, TRI_YES);
  assert_true(casefile_service_answered(casefile, 0, "tls12"));
  assert_string_equal(casefile_undo_what(casefile), "services");
  assert_true(casefile_undo(casefile, &fault));
  assert_false(casefile_service_answered(casefile, 0, "signs"));
  assert_true(casefile_undo(casefile, &fault));
  assert_string_equal(casefile_service_at(casefile, 0).name, "Cloudmail");
  assert_true(casefile_undo(casefile, &fault));
  assert_int_equal(casefile_service_count(casefile), 0);
  assert_string_equal(casefile_undo_what(casefile), "get-help");
  assert_true(casefile_undo(casefile, &fault));
  assert_false(casefile_task(casefile, "example.gov.uk", "get-help").done);
  assert_false(casefile_undo(casefile, &fault));
  casefile_close(&casefile);
}

static struct verdict *made_verdict(struct arena *arena, const char *rule, const char *lookups) {
  struct verdict *verdict = ARENA_NEW(arena, struct verdict);
  struct finding *finding = ARENA_NEW(arena, struct finding);
  *finding = (struct finding){ .rule = rule_find(rule), .topic = TOPIC_SPF, .severity = SEVERITY_FAIL, .subject = "example.gov.uk", .arguments = ARENA_NEW(arena, struct text_argument), .argument_count = 1 };
  finding->arguments[0] = (struct text_argument){ "lookups", lookups };
  verdict->findings = ARENA_ARRAY(arena, struct finding *, 1);
  verdict->findings[0] = finding;
  verdict->count = 1;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) verdict->topics[i] = SEVERITY_SKIPPED;
  verdict->topics[TOPIC_SPF] = verdict->status = SEVERITY_FAIL;
  return verdict;
}

static void examinations_are_kept(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile_dmarc *records;
  int64_t when = 0;
  (void)state;
  struct casefile *casefile = open_case();
  assert_null(casefile_last_verdict(arena, casefile, "example.gov.uk", &when));
  assert_true(casefile_note_examination(casefile, "example.gov.uk", made_verdict(arena, "spf-too-many-lookups", "12"), "v=DMARC1; p=none", 1000, &fault));
  assert_true(casefile_note_examination(casefile, "example.gov.uk", made_verdict(arena, "spf-missing", "0"), "v=DMARC1; p=none", 2000, &fault));
  assert_true(casefile_note_examination(casefile, "example.gov.uk", made_verdict(arena, "spf-missing", "0"), NULL, 3000, &fault));
  casefile_close(&casefile);
  casefile = open_case();
  const struct verdict *last = casefile_last_verdict(arena, casefile, "example.gov.uk", &when);
  assert_int_equal(when, 3000);
  assert_int_equal(last->count, 1);
  assert_true(verdict_has(last, "spf-missing"));
  assert_int_equal(last->topics[TOPIC_SPF], SEVERITY_FAIL);
  assert_int_equal(last->topics[TOPIC_MX], SEVERITY_SKIPPED);
  assert_int_equal(casefile_dmarc_history(arena, casefile, "example.gov.uk", &records), 1);
  assert_int_equal(records[0].since, 1000);
  casefile_close(&casefile);
  arena_free(&arena);
}

static void a_second_copy_is_refused(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_null(casefile_open_domain("example.gov.uk", &fault));
  assert_non_null(strstr(fault.text, "another copy"));
  casefile_close(&casefile);
  casefile = open_case();
  casefile_close(&casefile);
}

static void put_file(const char *folder, const char *text) {
  struct fault fault = { "" };
  char path[300];
  snprintf(path, sizeof path, "%s/mailstead", folder);
  assert_true(file_make_folders(path, &fault));
  snprintf(path, sizeof path, "%s/mailstead/example.gov.uk.json", folder);
  assert_true(file_replace(path, text, strlen(text), &fault));
}

static void odd_files_are_left_alone(void **state) {
  static const char *const texts[] = { "{\"kind\":\"mailstead case\",\"version\":99}", "not json", "[]", "{\"kind\":\"other\",\"version\":1}", "" };
  for (size_t i = 0; i < MEM_COUNT(texts); i++) {
    struct fault fault = { "" };
    char path[300];
    size_t length;
    put_file(*state, texts[i]);
    assert_null(casefile_open_domain("example.gov.uk", &fault));
    assert_true(strlen(fault.text) > 20);
    snprintf(path, sizeof path, "%s/mailstead/example.gov.uk.json", (char *)*state);
    char *now = file_read(path, 1000, &length, &fault);
    assert_string_equal(now, texts[i]);
    free(now);
  }
}

static void unknown_members_stay(void **state) {
  struct fault fault = { "" };
  put_file(*state, "{\"kind\":\"mailstead case\",\"version\":1,\"domains\":[\"example.gov.uk\"],\"answers\":{},\"later\":{\"x\":1}}");
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "", "psn", "no", &fault));
  assert_int_equal(json_integer_value(json_object_get(json_object_get(casefile_root(casefile), "later"), "x")), 1);
  casefile_close(&casefile);
  casefile = open_case();
  assert_non_null(json_object_get(casefile_root(casefile), "later"));
  casefile_close(&casefile);
}

/* Looks that show the same are kept once, with the time of the last; all live completes the task of asking, and not for ever. */
static void looks_are_kept(void **state) {
  struct fault fault = { "" };
  struct casefile_verification look = { .reference = "r-1", .when = 1000, .live = 0, .asked = 2 }, last;
  struct casefile_request request = { .reference = "r-1", .file = "f", .when = 900, .records = 2 };
  (void)state;
  struct casefile *casefile = open_case();
  assert_false(casefile_last_verification(casefile, "example.gov.uk", &last));
  assert_null(casefile_open_requested("example.gov.uk", &fault));
  assert_string_equal(fault.text, "");
  assert_true(casefile_add_request(casefile, "example.gov.uk", &request, json_pack("{s:[]}", "changes"), &fault));
  for (look.when = 1000; look.when < 1300; look.when += 100) assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "not-yet"), &fault));
  assert_true(casefile_last_verification(casefile, "example.gov.uk", &last));
  assert_int_equal(last.since, 1000);
  assert_int_equal(last.when, 1200);
  assert_false(casefile_task(casefile, "example.gov.uk", "ask-for-changes").done);
  struct casefile_task mine = { .who = "the desk", .note = "ticket 7", .how = "you", .when = 1250 };
  assert_true(casefile_set_task(casefile, "example.gov.uk", "ask-for-changes", &mine, &fault));
  look.live = 2;
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "live"), &fault));
  assert_int_equal(json_array_size(json_object_get(casefile_root(casefile), "verifications")), 2);
  assert_true(casefile_task(casefile, "example.gov.uk", "ask-for-changes").done);
  struct casefile_task done = casefile_task(casefile, "example.gov.uk", "ask-for-changes");
  assert_string_equal(done.how, "check");
  assert_string_equal(done.who, "the desk"); /* whoever has it, and what was noted, stays */
  assert_string_equal(done.note, "ticket 7");
  assert_int_equal(done.when, look.when);
  assert_true(casefile_undo(casefile, &fault)); /* takes the note back, not what the check saw */
  assert_string_equal(casefile_task(casefile, "example.gov.uk", "ask-for-changes").note, "");
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "live"), &fault));
  assert_true(casefile_task(casefile, "example.gov.uk", "ask-for-changes").done);
  request.when = 1400;
  assert_true(casefile_add_request(casefile, "example.gov.uk", &request, json_pack("{s:[]}", "changes"), &fault)); /* asked for anew */
  assert_false(casefile_task(casefile, "example.gov.uk", "ask-for-changes").done);
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "live"), &fault));
  casefile_close(&casefile);
  casefile = casefile_open_requested("example.gov.uk", &fault);
  assert_non_null(casefile);
  look.live = 1;
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "wrong"), &fault));
  assert_false(casefile_task(casefile, "example.gov.uk", "ask-for-changes").done);
  struct casefile *second = casefile_open_requested("example.gov.uk", &fault);
  assert_null(second);
  assert_true(*fault.text);
  casefile_close(&casefile);
}

/* The disk is full: the write fails with a sentence, and the file is as it was. */
static void a_full_disk_loses_nothing(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "", "psn", "no", &fault));
  casefile_close(&casefile);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = { 64, 64 };
    signal(SIGXFSZ, SIG_IGN);
    casefile = open_case();
    setrlimit(RLIMIT_FSIZE, &limit);
    bool saved = casefile_set_answer(casefile, "", "psn", "yes", &fault);
    _exit(saved || !strstr(fault.text, "as it was") ? 1 : 0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  casefile = open_case();
  assert_string_equal(casefile_answer(casefile, "", "psn"), "no");
  casefile_close(&casefile);
}

static void the_inquiry_has_the_answers(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  (void)state;
  struct casefile *casefile = open_case();
  casefile_set_answer(casefile, "example.gov.uk", "sends", "no", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "receives", "no", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "sending", "192.0.2.1, 2001:db8::1 rubbish", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "subdomains", "a.example.gov.uk, example.gov.uk elsewhere.gov.uk", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "digital-services", "apply.example.gov.uk", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "footers", "yes", &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .id = "broadcom", .name = "Filter", .kind = "filtering", .addresses = "198.51.100.7", .selectors = "s1 s2", .domain = "news.example.gov.uk" }, &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Gone", .kind = "cloud", .domain = "example.gov.uk", .state = CASEFILE_NOT_OURS }, &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Elsewhere", .kind = "cloud", .domain = "another.gov.uk" }, &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Relay", .kind = "cloud", .addresses = "198.51.100.8" }, &fault);
  struct inquiry inquiry = casefile_inquiry(arena, casefile, "example.gov.uk");
  assert_int_equal(inquiry.profile, PROFILE_PARKED);
  assert_int_equal(inquiry.sending_count, 3); /* not the address of what sends as a name below */
  assert_int_equal(inquiry.service_count, 2);
  assert_true(inquiry.services[0].filters && inquiry.services[0].footers);
  assert_int_equal(inquiry.services[0].selector_count, 2);
  assert_int_equal(inquiry.services[0].address_count, 1);
  assert_int_equal(inquiry.subdomain_count, 3);
  casefile_close(&casefile);
  arena_free(&arena);
}

/* What earlier looks, tests and requests left in the case is part of the next examination's input. */
static void the_inquiry_knows_what_was_seen(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct finding mismatch = { .rule = rule_find("ns-serial-mismatch"), .topic = TOPIC_NS, .severity = SEVERITY_INFO, .subject = "example.gov.uk" }, *findings[] = { &mismatch };
  struct verdict differ = { .findings = findings, .count = 1, .topics = { [TOPIC_NS] = SEVERITY_PASS } }, blind = { .topics = { [TOPIC_NS] = SEVERITY_UNKNOWN } }, agree = { .topics = { [TOPIC_NS] = SEVERITY_PASS } };
  const struct { const struct verdict *verdict; int64_t when, since; } looks[] = { { &agree, 1000, 0 }, { &differ, 2000, 2000 }, { &differ, 3000, 2000 }, { &blind, 4000, 2000 }, { &differ, 5000, 2000 }, { &agree, 6000, 0 }, { &differ, 7000, 7000 } };
  struct casefile_request request = { .reference = "r-1", .file = "f", .when = 900, .records = 2 };
  struct casefile_verification look = { .reference = "r-1", .when = 1000, .live = 1, .asked = 2 };
  (void)state;
  struct casefile *casefile = open_case();
  for (size_t i = 0; i < MEM_COUNT(looks); i++) {
    assert_true(casefile_note_examination(casefile, "example.gov.uk", looks[i].verdict, NULL, looks[i].when, &fault));
    assert_int_equal(casefile_inquiry(arena, casefile, "example.gov.uk").serials_differ_since, looks[i].since);
  }
  assert_int_equal(casefile_inquiry(arena, casefile, "example.gov.uk").partner_name_count, 0);
  assert_true(casefile_put_partners(casefile, json_pack("[{s:s}, {s:s}]", "domain", "Northmoor.GCSX.gov.uk", "domain", "eastvale.gov.uk"), &fault));
  struct inquiry inquiry = casefile_inquiry(arena, casefile, "example.gov.uk");
  assert_int_equal(inquiry.partner_name_count, 2);
  assert_string_equal(inquiry.partner_names[0], "northmoor.gcsx.gov.uk");
  assert_int_equal(inquiry.changing_count, 0);
  assert_true(casefile_add_request(casefile, "example.gov.uk", &request, json_pack("{s:[{s:s,s:s}, {s:s,s:s}]}", "changes", "name", "_dmarc.example.gov.uk", "type", "TXT", "name", "example.gov.uk", "type", "MX"), &fault));
  inquiry = casefile_inquiry(arena, casefile, "example.gov.uk");
  assert_int_equal(inquiry.changing_count, 2);
  assert_string_equal(inquiry.changing[0].name, "_dmarc.example.gov.uk");
  assert_int_equal(inquiry.changing[1].type, DNS_TYPE_MX);
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "not-yet"), &fault));
  assert_int_equal(casefile_inquiry(arena, casefile, "example.gov.uk").changing_count, 2);
  look.live = 2;
  assert_true(casefile_add_verification(casefile, "example.gov.uk", &look, json_pack("[{s:s}]", "state", "live"), &fault));
  assert_int_equal(casefile_inquiry(arena, casefile, "example.gov.uk").changing_count, 0);
  request.when = 2000; /* asked for anew */
  assert_true(casefile_add_request(casefile, "example.gov.uk", &request, json_pack("{s:[{s:s,s:s}]}", "changes", "name", "example.gov.uk", "type", "TXT"), &fault));
  assert_int_equal(casefile_inquiry(arena, casefile, "example.gov.uk").changing_count, 1);
  casefile_close(&casefile);
  arena_free(&arena);
}

/* Names with anything between, the header that they were seen in, or the word that says that there are none. */
static void selectors_are_read(void **state) {
  static const struct { const char *typed; size_t count; const char *first, *last; } rows[] = {
    { "", 0, "", "" }, { "none", 0, "", "" }, { "None", 0, "", "" }, { "s1", 1, "s1", "s1" }, { "Selector1, selector2;s3", 3, "selector1", "s3" },
    { "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.gov.uk; s=Mail2026; h=from:to; bh=AAs=; b=BBBs=", 1, "mail2026", "mail2026" },
    { "v=1;\n\ts=a; d=x\nv=1; s=b", 2, "a", "b" }, { "s=only", 1, "only", "only" }, { "s=", 1, "s=", "s=" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault;
    struct arena *arena = arena_new();
    struct casefile *casefile = open_case();
    casefile_set_answer(casefile, "example.gov.uk", "selectors", rows[i].typed, &fault);
    struct inquiry inquiry = casefile_inquiry(arena, casefile, "example.gov.uk");
    if (inquiry.selector_count != rows[i].count) fail_msg("%s: %zu", rows[i].typed, inquiry.selector_count);
    if (rows[i].count) assert_string_equal(inquiry.selectors[0], rows[i].first);
    if (rows[i].count) assert_string_equal(inquiry.selectors[rows[i].count - 1], rows[i].last);
    casefile_close(&casefile);
    arena_free(&arena);
  }
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, fresh_folder, drop_folder)

int main(void) {
  const struct CMUnitTest tests[] = { FRESH(the_inquiry_knows_what_was_seen), FRESH(answers_come_back), FRESH(mistakes_can_go), FRESH(a_case_opens_by_its_name), FRESH(every_kind_of_change_is_taken_back), FRESH(examinations_are_kept), FRESH(a_second_copy_is_refused), FRESH(odd_files_are_left_alone), FRESH(unknown_members_stay), FRESH(looks_are_kept), FRESH(a_full_disk_loses_nothing), FRESH(the_inquiry_has_the_answers), FRESH(selectors_are_read) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
