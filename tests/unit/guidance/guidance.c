/* No instruction of the guidance is dropped, and every key that a step names exists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"
#include "src/guidance/lib.h"
#include "tests/support/folder.h"

static bool serves(const char *ids, const char *id) {
  size_t length = strlen(id);
  for (const char *at = strstr(ids, id); at; at = strstr(at + 1, id))
    if ((at == ids || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
  return false;
}

static void every_id_is_served(void **state) {
  const char *root = getenv("srcdir");
  struct fault fault = { "" };
  char path[512];
  size_t length, count = 0;
  (void)state;
  snprintf(path, sizeof path, "%s/tests/unit/guidance/ids.txt", root ? root : ".");
  char *text = file_read(path, 1 << 16, &length, &fault);
  assert_non_null(text);
  for (char *id = text; *id;) {
    size_t size = strcspn(id, "\n");
    bool more = id[size] != '\0', served = false;
    id[size] = '\0';
    for (size_t i = 0; i < guidance_step_count(); i++) served |= serves(guidance_step_at(i)->ids, id);
    if (!served) fail_msg("no step serves %s", id);
    count++;
    id += size + more;
  }
  free(text);
  assert_int_equal(count, 68);
}

static void ids_exist(const char *ids, const char *all) {
  while (*ids) {
    char id[64];
    size_t length = strcspn(ids, " ");
    snprintf(id, sizeof id, "%.*s", (int)length, ids);
    if (!serves(all, id)) fail_msg("%s is no instruction of the guidance, or not one of its step", id);
    ids += length;
    while (*ids == ' ') ids++;
  }
}

static void steps_are_whole(void **state) {
  unsigned sections = 0;
  struct arena *arena = arena_new();
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s/help", getenv("srcdir") ? getenv("srcdir") : ".");
  setenv("MAILSTEAD_HELP", path, 1);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    assert_ptr_equal(guidance_step_find(step->id), step);
    assert_in_range(step->section, 1, 7);
    sections |= 1u << step->section;
    assert_true(*step->says);
    const char *help = help_text(arena, step->help);
    if (!help) fail_msg("step %s: there is no help page %s", step->id, step->help);
    bool own_work = strcmp(step->help, "checks") == 0 || strcmp(step->help, "change-requests") == 0;
    if (!own_work && !strstr(help, "## What the guidance asks for (27 April 2020)")) fail_msg("help page %s does not say what the guidance asks for", step->help);
    if (!own_work && !strstr(help, "## Our advice")) fail_msg("help page %s has no advice", step->help);
    bool does_something = step->topics || step->questions[0] || step->tasks[0].id || step->records;
    assert_true(does_something);
    for (size_t q = 0; q < MEM_COUNT(step->questions) && step->questions[q]; q++)
      if (!guidance_question_find(step->questions[q])) fail_msg("step %s asks %s, which is no question", step->id, step->questions[q]);
    for (size_t q = 0; q < MEM_COUNT(step->services) && step->services[q]; q++)
      if (!guidance_service_question_find(step->services[q])) fail_msg("step %s asks services %s, which is no question", step->id, step->services[q]);
    for (size_t t = 0; t < MEM_COUNT(step->tasks) && step->tasks[t].id; t++) {
      const struct guidance_step *owner;
      const struct guidance_task *task;
      assert_true(guidance_task_find(step->tasks[t].id, &owner, &task));
      assert_ptr_equal(owner, step);
      ids_exist(task->ids, step->ids);
      if (task->proof && (!rule_find(task->proof) || rule_find(task->proof)->severity != SEVERITY_PASS)) fail_msg("task %s: %s proves nothing", task->id, task->proof);
    }
  }
  assert_int_equal(sections, 0xfe);
  arena_free(&arena);
}

/* Every question is asked by some step, and every prefix of a step's rules names a rule. */
static void nothing_is_idle(void **state) {
  (void)state;
  for (size_t i = 0; i < guidance_question_count(); i++) {
    const char *key = guidance_question_at(i)->key;
    bool asked = strcmp(key, "reports-clean") == 0; /* on the way of DMARC */
    for (size_t n = 0; n < guidance_step_count(); n++)
      for (size_t q = 0; q < MEM_COUNT(guidance_step_at(n)->questions) && guidance_step_at(n)->questions[q]; q++) asked |= strcmp(guidance_step_at(n)->questions[q], key) == 0;
    if (!asked) fail_msg("no step asks %s", key);
  }
  for (size_t i = 0; i < guidance_step_count(); i++)
    for (const char *prefix = guidance_step_at(i)->rules ? guidance_step_at(i)->rules : ""; *prefix;) {
      size_t length = strcspn(prefix, " ");
      bool known = false;
      for (size_t n = 0; n < rule_count(); n++) known |= strncmp(rule_at(n)->id, prefix, length) == 0;
      if (!known) fail_msg("step %s: no rule begins with %.*s", guidance_step_at(i)->id, (int)length, prefix);
      prefix += length;
      while (*prefix == ' ') prefix++;
    }
}

/* ---- states ---- */

enum { DAY = 86400000 };
static const char domain[] = "example.gov.uk";

static struct casefile *open_case(void) {
  struct fault fault = { "" };
  const char *folder = test_folder();
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  struct casefile *casefile = casefile_open_domain(domain, &fault);
  if (!casefile) fail_msg("%s", fault.text);
  return casefile;
}

static void add_finding(struct arena *arena, struct verdict *verdict, const char *rule, enum severity severity) {
  struct finding *finding = ARENA_NEW(arena, struct finding);
  *finding = (struct finding){ .rule = rule_find(rule), .severity = severity, .subject = domain };
  assert_non_null(finding->rule);
  finding->topic = finding->rule->topic;
  verdict->findings = arena_grow(arena, verdict->findings, verdict->count, sizeof *verdict->findings);
  verdict->findings[verdict->count++] = finding;
}

static enum step_state state_of(struct arena *arena, const char *step, const struct guidance_view *view) { return guidance_status(arena, guidance_step_find(step), view).state; }

static void steps_have_states(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct verdict verdict = { .arena = arena };
  struct guidance_view view = { casefile, domain, NULL, 10 * (int64_t)DAY, 0 };
  (void)state;
  assert_int_equal(state_of(arena, "tls-inbound", &view), STEP_NOT_STARTED);
  assert_true(guidance_next(arena, &view).check);
  assert_true(casefile_set_answer(casefile, "", "inbound-tls", "unknown", &fault));
  assert_int_equal(state_of(arena, "tls-inbound", &view), STEP_IN_PROGRESS);
  assert_true(casefile_set_answer(casefile, "", "inbound-tls", "no", &fault));
  assert_int_equal(state_of(arena, "tls-inbound", &view), STEP_IN_PROGRESS);
  view.verdict = &verdict;
  assert_int_equal(state_of(arena, "tls-inbound", &view), STEP_COMPLETED);
  assert_string_equal(guidance_next(arena, &view).step->id, "list-services");
  add_finding(arena, &verdict, "tls-inbound-mandatory", SEVERITY_WARN);
  assert_int_equal(state_of(arena, "tls-inbound", &view), STEP_IN_PROGRESS);
  assert_int_equal(state_of(arena, "psn-encrypt", &view), STEP_NOT_NEEDED);
  view.verdict = NULL;
  assert_int_equal(state_of(arena, "ask-for-changes", &view), STEP_CANNOT_START);
  casefile_close(&casefile);
  arena_free(&arena);
}

/* Trouble that someone has in hand waits for them; said to be mended, it is looked at again; a warning can be accepted, a problem cannot. */
static void trouble_is_handed_over(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct verdict verdict = { .arena = arena };
  struct guidance_view view = { casefile, domain, &verdict, 10 * (int64_t)DAY, 0 };
  struct casefile_task task = { .who = "the network team", .when = 7 * (int64_t)DAY };
  (void)state;
  add_finding(arena, &verdict, "tls-cert-expired", SEVERITY_FAIL);
  assert_int_equal(state_of(arena, "check-certificates", &view), STEP_PROBLEM);
  assert_true(casefile_set_task(casefile, domain, "fix:check-certificates", &task, &fault));
  struct step_status status = guidance_status(arena, guidance_step_find("check-certificates"), &view);
  assert_int_equal(status.state, STEP_WAITING_OTHERS);
  assert_non_null(strstr(status.reason, "the network team for 3 days"));
  task.done = true;
  assert_true(casefile_set_task(casefile, domain, "fix:check-certificates", &task, &fault));
  assert_int_equal(state_of(arena, "check-certificates", &view), STEP_IN_PROGRESS);
  verdict.findings[0]->severity = SEVERITY_WARN;
  assert_int_equal(state_of(arena, "check-certificates", &view), STEP_COMPLETED);
  casefile_close(&casefile);
  arena_free(&arena);
}

/* What was asked for waits for DNS and counts the days, for the records that were asked for only. */
static void asked_for_is_waited_for(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct verdict verdict = { .arena = arena };
  struct guidance_view view = { casefile, domain, &verdict, 10 * (int64_t)DAY, 0 };
  struct casefile_request request = { .reference = "r", .file = "f", .when = 6 * (int64_t)DAY, .records = 1 };
  (void)state;
  add_finding(arena, &verdict, "spf-missing", SEVERITY_FAIL);
  add_finding(arena, &verdict, "dmarc-missing", SEVERITY_FAIL);
  assert_int_equal(state_of(arena, "spf-record", &view), STEP_PROBLEM);
  assert_true(casefile_add_request(casefile, domain, &request, json_pack("{s:[{s:s}]}", "changes", "section", "dns-spf"), &fault));
  struct step_status status = guidance_status(arena, guidance_step_find("spf-record"), &view);
  assert_int_equal(status.state, STEP_WAITING);
  assert_non_null(strstr(status.reason, "4 days ago"));
  assert_string_equal(step_status_words(arena, &status, view.now), "Waiting for DNS, 4 days");
  assert_string_equal(step_status_words(arena, &status, status.since + 1000), "Waiting for DNS");
  assert_string_equal(step_status_words(arena, &status, status.since + DAY), "Waiting for DNS, 1 day");
  assert_int_equal(state_of(arena, "dmarc-record", &view), STEP_PROBLEM);
  assert_int_equal(state_of(arena, "ask-for-changes", &view), STEP_WAITING);
  /* The provider made a mistake: that is told, not waited for. */
  struct casefile_verification mistake = { .reference = "r", .when = 8 * (int64_t)DAY, .live = 0, .asked = 1 };
  assert_true(casefile_add_verification(casefile, domain, &mistake, json_pack("[{s:s, s:s}]", "name", domain, "state", "wrong"), &fault));
  status = guidance_status(arena, guidance_step_find("ask-for-changes"), &view);
  assert_int_equal(status.state, STEP_PROBLEM);
  assert_non_null(strstr(status.reason, "1 of 1 records was published otherwise"));
  /* All live, by a look that is later than what was found: the finding is of before. A later check that still finds it is right. */
  struct casefile_verification look = { .reference = "r", .when = 9 * (int64_t)DAY, .live = 1, .asked = 1 };
  assert_true(casefile_add_verification(casefile, domain, &look, json_array(), &fault));
  view.checked = 8 * (int64_t)DAY;
  assert_int_equal(state_of(arena, "ask-for-changes", &view), STEP_COMPLETED);
  assert_int_equal(state_of(arena, "spf-record", &view), STEP_IN_PROGRESS);
  assert_int_equal(state_of(arena, "dmarc-record", &view), STEP_PROBLEM);
  view.checked = 10 * (int64_t)DAY;
  assert_int_equal(state_of(arena, "spf-record", &view), STEP_PROBLEM);
  /* Another request: the task is open again. */
  request.when = 10 * (int64_t)DAY;
  assert_true(casefile_add_request(casefile, domain, &request, json_pack("{s:[{s:s}]}", "changes", "section", "dns-spf"), &fault));
  assert_int_equal(state_of(arena, "ask-for-changes", &view), STEP_WAITING);
  assert_int_equal(state_of(arena, "spf-record", &view), STEP_WAITING);
  casefile_close(&casefile);
  arena_free(&arena);
}

static void services_are_asked_one_by_one(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct verdict verdict = { .arena = arena };
  struct guidance_view view = { casefile, domain, &verdict, 0, 0 };
  (void)state;
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Boxes", .kind = "mailboxes" }, &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Payroll", .kind = "business" }, &fault);
  casefile_put_service(casefile, SIZE_MAX, &(struct casefile_service){ .name = "Gone", .kind = "cloud", .state = CASEFILE_NOT_OURS }, &fault);
  assert_int_equal(state_of(arena, "tls-everywhere", &view), STEP_IN_PROGRESS);
  assert_true(casefile_set_service_answer(casefile, 0, "tls12", "yes", &fault));
  assert_true(casefile_set_service_answer(casefile, 1, "tls12", "unknown", &fault));
  assert_int_equal(state_of(arena, "tls-everywhere", &view), STEP_IN_PROGRESS);
  assert_true(casefile_set_service_answer(casefile, 1, "tls12", "no", &fault));
  assert_int_equal(state_of(arena, "tls-everywhere", &view), STEP_IN_PROGRESS);
  assert_true(casefile_set_service_answer(casefile, 1, "tls12", "yes", &fault));
  assert_int_equal(state_of(arena, "tls-everywhere", &view), STEP_COMPLETED);
  assert_int_equal(state_of(arena, "footers", &view), STEP_NOT_NEEDED);
  assert_true(casefile_set_answer(casefile, "", "services-complete", "yes", &fault));
  const struct guidance_step *step;
  const struct guidance_task *task;
  assert_true(guidance_task_find("tell-business", &step, &task) && guidance_task_applies(task, casefile, domain));
  assert_true(guidance_task_find("tell-cloud", &step, &task) && !guidance_task_applies(task, casefile, domain));
  casefile_close(&casefile);
  arena_free(&arena);
}

static void tasks_are_completed_by_a_check(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct verdict verdict = { .arena = arena };
  struct guidance_view view = { casefile, domain, &verdict, 0, 0 };
  bool by_check;
  (void)state;
  struct guidance_todo *todo;
  assert_int_equal(guidance_todos(arena, guidance_step_find("mta-sts"), casefile, domain, &todo), 1);
  assert_false(guidance_todo_done(todo, &view, &by_check));
  add_finding(arena, &verdict, "mtasts-ok", SEVERITY_PASS);
  assert_true(guidance_todo_done(todo, &view, &by_check));
  assert_true(by_check);
  assert_int_equal(state_of(arena, "mta-sts", &view), STEP_COMPLETED);
  assert_true(casefile_set_answer(casefile, domain, "sends", "no", &fault) && casefile_set_answer(casefile, domain, "receives", "no", &fault));
  assert_int_equal(state_of(arena, "mta-sts", &view), STEP_NOT_NEEDED);
  struct section_status section = guidance_section(arena, 3, &view);
  assert_int_equal(section.all, 1);
  assert_int_equal(section.state, STEP_IN_PROGRESS);
  assert_true(casefile_set_answer(casefile, "", "psn", "no", &fault));
  assert_int_equal(guidance_section(arena, 3, &view).state, STEP_COMPLETED);
  casefile_close(&casefile);
  arena_free(&arena);
}

/* Each old name has its own task of telling people; the step is not complete before all are done. */
static void each_old_name_has_its_task(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  const struct guidance_step *step, *leave = guidance_step_find("leave-gsi");
  struct guidance_todo *todos, one;
  struct casefile_task done = { .done = true };
  (void)state;
  assert_int_equal(guidance_todos(arena, leave, casefile, domain, &todos), 0);
  assert_true(casefile_set_pair(casefile, "a.gsi.gov.uk", domain, &fault) && casefile_set_pair(casefile, "b.gsx.gov.uk", domain, &fault));
  assert_int_equal(guidance_todos(arena, leave, casefile, domain, &todos), 2);
  assert_string_equal(todos[0].id, "gsi-told a.gsi.gov.uk");
  assert_non_null(strstr(todos[1].text, "b.gsx.gov.uk"));
  assert_true(casefile_set_task(casefile, domain, todos[0].id, &done, &fault));
  struct guidance_view view = { .casefile = casefile, .domain = domain };
  assert_true(guidance_todo_done(&todos[0], &view, NULL));
  assert_false(guidance_todo_done(&todos[1], &view, NULL));
  assert_true(guidance_todo_find(arena, "gsi-told b.gsx.gov.uk", &step, &one) && step == leave);
  assert_string_equal(one.text, todos[1].text);
  assert_false(guidance_todo_find(arena, "gsi-told", &step, &one));
  assert_false(guidance_todo_find(arena, "tell-cloud b.gsx.gov.uk", &step, &one));
  casefile_close(&casefile);
  arena_free(&arena);
}

/* As earlier versions kept it: one task for all old names. It counts for each, until one has its own. */
static void an_old_tick_counts_for_each_name(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct casefile *casefile = open_case();
  struct guidance_todo *todos;
  struct casefile_task done = { .done = true, .who = "Communications", .note = "newsletter of May" }, open = { .done = false };
  struct guidance_view view = { .casefile = casefile, .domain = domain };
  (void)state;
  assert_true(casefile_set_pair(casefile, "a.gsi.gov.uk", domain, &fault) && casefile_set_pair(casefile, "b.gsx.gov.uk", domain, &fault));
  assert_true(casefile_set_task(casefile, domain, "gsi-told", &done, &fault));
  assert_int_equal(guidance_todos(arena, guidance_step_find("leave-gsi"), casefile, domain, &todos), 2);
  assert_true(guidance_todo_done(&todos[0], &view, NULL) && guidance_todo_done(&todos[1], &view, NULL));
  assert_string_equal(casefile_task(casefile, domain, todos[1].id).note, "newsletter of May");
  assert_true(casefile_set_task(casefile, domain, todos[0].id, &open, &fault));
  assert_false(guidance_todo_done(&todos[0], &view, NULL));
  assert_true(guidance_todo_done(&todos[1], &view, NULL));
  casefile_close(&casefile);
  arena_free(&arena);
}

/* Excerpts are read, not parsed: no Markdown, whole characters, and the words are found whatever their case, accents and order. */
static void help_is_searched(void **state) {
  static const struct { const char *words, *first; } rows[] = {
    { "reverse dns", "ptr" }, { "DNS reverse", "ptr" }, { "rdns", "ptr" }, { "SPF", "spf" }, { "sp\xc3\xa9" "f", NULL }, { "m\xc3\xa0il serv\xc3\xa9rs", "mx" }, { "zebra", NULL }, { "", NULL },
  };
  struct help_hit hits[40];
  struct arena *arena = arena_new();
  char path[512];
  (void)state;
  snprintf(path, sizeof path, "%s/help", getenv("srcdir") ? getenv("srcdir") : ".");
  setenv("MAILSTEAD_HELP", path, 1);
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    size_t count = help_search(arena, rows[i].words, hits, MEM_COUNT(hits));
    if (!rows[i].first && count) fail_msg("\"%s\" found %s", rows[i].words, hits[0].topic);
    if (rows[i].first && (!count || strcmp(hits[0].topic, rows[i].first) != 0)) fail_msg("\"%s\" found %s first", rows[i].words, count ? hits[0].topic : "nothing");
    for (size_t n = 0; n < count; n++)
      if (strstr(hits[n].excerpt, "](") || strchr(hits[n].excerpt, '`') || strchr(hits[n].excerpt, '#') || !text_is_safe(hits[n].excerpt)) fail_msg("\"%s\" in %s: %s", rows[i].words, hits[n].topic, hits[n].excerpt);
  }
  assert_int_equal(help_search(arena, "dns", hits, 2), 2);
  assert_string_equal(help_also(arena, "Reverse SSL"), "ptr, tls");
  assert_string_equal(help_also(arena, "zebra"), "");
  assert_string_equal(help_nearest(arena, "certifcates"), "certificates");
  assert_null(help_nearest(arena, "zebra"));
  arena_free(&arena);
}

static bool has_heading(const char *text, const char *heading) {
  struct arena *arena = arena_new();
  bool found = strstr(text, arena_printf(arena, "\n## %s\n", heading)) != NULL;
  arena_free(&arena);
  return found;
}

/* Each rule has a page that says what it means, what to do and where it is written, leads to a page that exists, and stands in one list at most. */
static void every_finding_has_help(void **state) {
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < rule_count(); i++) {
    const struct rule *rule = rule_at(i);
    const char *text = help_text(arena, rule->id), *link = strstr(text, "](");
    if (!has_heading(text, "What to do about it") || !has_heading(text, "How much it matters") || !has_heading(text, "Where it is written") || !strstr(text, rule->id)) fail_msg("%s", rule->id);
    if (!link || !help_text(arena, arena_strndup(arena, link + 2, strcspn(link + 2, ")")))) fail_msg("%s leads nowhere", rule->id);
    if (strchr(help_title(arena, rule->id), '{')) fail_msg("%s", rule->id);
    size_t lists = 0;
    for (unsigned t = 0; t < TOPIC_COUNT; t++) lists += help_rule_of_topic(rule, (enum topic)t);
    bool of_request = text_starts(rule->id, "plan-") || text_starts(rule->id, "verify-");
    assert_int_equal(lists, of_request ? 0 : 1);
    arena_clear(arena);
  }
  assert_non_null(strstr(help_text(arena, "findings-spf"), "- spf-too-many-lookups: "));
  assert_null(help_text(arena, "findings-nothing"));
  arena_free(&arena);
}

/* A rule is found by its id and by its words, below the pages that people should read first. */
static void findings_are_searched(void **state) {
  struct help_hit hits[400];
  struct arena *arena = arena_new();
  (void)state;
  assert_true(help_search(arena, "spf-too-many-lookups", hits, MEM_COUNT(hits)) >= 1);
  assert_string_equal(hits[0].topic, "spf-too-many-lookups");
  size_t count = help_search(arena, "certificate", hits, MEM_COUNT(hits)), rules = 0;
  assert_string_equal(hits[0].topic, "certificates");
  for (size_t i = 0; i < count; i++) rules += rule_find(hits[i].topic) != NULL;
  assert_true(rules > 5);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_id_is_served), cmocka_unit_test(steps_are_whole), cmocka_unit_test(nothing_is_idle), cmocka_unit_test(steps_have_states), cmocka_unit_test(trouble_is_handed_over),
                                      cmocka_unit_test(asked_for_is_waited_for), cmocka_unit_test(services_are_asked_one_by_one), cmocka_unit_test(tasks_are_completed_by_a_check), cmocka_unit_test(each_old_name_has_its_task), cmocka_unit_test(an_old_tick_counts_for_each_name), cmocka_unit_test(help_is_searched), cmocka_unit_test(every_finding_has_help), cmocka_unit_test(findings_are_searched) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
