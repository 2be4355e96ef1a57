/* One step: what the guidance asks, what has changed since, its questions, what was found, what is done elsewhere. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/refs.h"
#include "ui/wizard.h"

enum { MOST_GOOD = 6 };

static const char *shown_answer(struct wizard *wizard, struct arena *arena, const struct guidance_question *question) {
  const char *answer = casefile_answer(wizard->casefile, question->whole_case ? "" : wizard->domain, question->key);
  if (!answer) return _("Not answered");
  for (size_t i = 0; i < MEM_COUNT(question->options) && question->options[i].value; i++)
    if (strcmp(question->options[i].value, answer) == 0) return _(question->options[i].text);
  return *answer ? text_safe_string(arena, answer) : _("none");
}

static void put_questions(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  bool first = true;
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    if (!guidance_applies(question->when, wizard->casefile, wizard->domain)) continue;
    if (first) page_blank(page), page_section(page, _("Questions"));
    first = false;
    page_item(page, arena_printf(page->arena, "question:%s", question->key), _(question->text), shown_answer(wizard, page->arena, question), ROLE_TEXT);
  }
}

static void put_findings(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  const struct verdict *verdict = live_verdict(wizard);
  size_t shown = 0, *order;
  if (!step->topics) return;
  page_blank(page);
  page_section(page, _("What we found"));
  if (!verdict) {
    bool running = live_running(wizard);
    page_item(page, running ? "checks" : "check", running ? _("The checks are running") : _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  size_t count = findings_in_order(page->arena, verdict, "", &order);
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (!guidance_finding_counts(step, finding) || finding->severity == SEVERITY_INFO) continue;
    if (finding->severity == SEVERITY_PASS && shown >= MOST_GOOD) continue;
    page_item(page, arena_printf(page->arena, "finding:%s", finding_ref(page->arena, verdict, order[i])), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    shown++;
  }
  if (!shown) page_paragraph(page, _("Nothing to change."));
}

static void put_tasks(struct page *page, const struct guidance_step *step, const struct guidance_view *view) {
  bool first = true;
  for (size_t i = 0; i < MEM_COUNT(step->tasks) && step->tasks[i].id; i++) {
    const struct guidance_task *task = &step->tasks[i];
    bool by_check;
    struct casefile_task kept = casefile_task(view->casefile, view->domain, task->id);
    if (!guidance_task_applies(task, view->casefile, view->domain)) continue;
    if (first) page_blank(page), page_section(page, _("Done elsewhere"));
    first = false;
    struct block *tick = page_tick(page, arena_printf(page->arena, "task:%s", task->id), _(task->text), guidance_task_done(task, view, &by_check));
    tick->number = ++page->numbered;
    if (by_check) tick->detail = _("Completed by the checks");
    else if (kept.done && kept.when) tick->detail = words_fill(page->arena, _("Ticked off by you, {when}"), "when", words_ago(page->arena, kept.when, view->now));
  }
}

static void put_links(struct page *page, const struct guidance_step *step) {
  page_blank(page);
  if (step->records && *step->records) page_link(page, "records", _("The records to ask for"));
  if (step->screens && strstr(step->screens, "spf-tree")) page_link(page, "spf", _("Who may send, as a tree"));
  if (step->screens && strstr(step->screens, "services")) page_link(page, "services", _("The list of services"));
  page_link(page, "help", _("Help on this step"));
}

static void build(struct wizard *wizard, struct page *page) {
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  if (!step) return;
  struct guidance_view view = wizard_view(wizard);
  struct step_status status = guidance_status(page->arena, step, &view);
  page->reading = true;
  page_heading(page, _(step->title));
  page_said(page, arena_printf(page->arena, "%s. %s", step_state_word(status.state), status.reason), step_state_role(status.state));
  page_blank(page);
  page_section(page, _("What the guidance asks for (27 April 2020)"));
  page_paragraph(page, _(step->says));
  if (*step->changed) {
    page_blank(page);
    page_section(page, _("What has changed since (checked 23 November 2026)"));
    page_paragraph(page, _(step->changed));
  }
  put_questions(wizard, page, step);
  put_findings(wizard, page, step);
  put_tasks(page, step, &view);
  put_links(page, step);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_FINDINGS);
  page_can(page, ACTION_HELP);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_TASKS);
}

static void toggle_task(struct wizard *wizard, const char *id) {
  struct fault fault = { "" };
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, id);
  task.done = !task.done;
  task.when = wizard_now(wizard);
  task.how = "you";
  bool done = task.done, saved = casefile_set_task(wizard->casefile, wizard->domain, id, &task, &fault);
  wizard_say(wizard, "%s", !saved ? fault.text : done ? _("Saved: done") : _("Saved: not done"));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  if (!step) return false;
  if (action == ACTION_HELP || (action == ACTION_OPEN && strcmp(focus, "help") == 0)) {
    wizard_go(wizard, SCREEN_HELP, step->help);
    return true;
  }
  bool ticks = strncmp(focus, "task:", 5) == 0;
  if (action != ACTION_OPEN && !(action == ACTION_SELECT && ticks)) return false;
  if (ticks) toggle_task(wizard, focus + 5);
  else if (strncmp(focus, "question:", 9) == 0) wizard_go(wizard, SCREEN_QUESTION, focus + 9);
  else if (strncmp(focus, "finding:", 8) == 0) wizard_go(wizard, SCREEN_FINDING, focus + 8);
  else if (strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else if (strcmp(focus, "checks") == 0) wizard_go(wizard, SCREEN_CHECKS, "");
  else if (strcmp(focus, "records") == 0) wizard_go(wizard, SCREEN_RECORDS, step->records);
  else if (strcmp(focus, "spf") == 0) wizard_go(wizard, SCREEN_SPF, "");
  else if (strcmp(focus, "services") == 0) wizard_go(wizard, SCREEN_SERVICES, "");
  return true;
}

const struct screen screen_step = { .name = "step", .help = "start", .build = build, .act = act };
