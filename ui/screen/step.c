/* One step: what the guidance asks, what has changed since, its questions, what was found, what is done elsewhere. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/differs.h"
#include "ui/offers.h"
#include "ui/refs.h"
#include "ui/wizard.h"

enum { MOST_GOOD = 6, SHORT_BODY = 16 /* rows: what is to be done comes before what the guidance says */ };

/* The first thing that is left to do has the focus. */
static void left_to_do(struct page *page, const char *id) {
  if (!page->start) page->start = id;
}

static void put_questions(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  struct guidance_asked *asked;
  size_t count = guidance_asked(page->arena, step, wizard->casefile, wizard->domain, &asked);
  if (count) page_blank(page), page_section(page, _("Questions"));
  for (size_t i = 0; i < count; i++) {
    const struct guidance_question *question = asked[i].question;
    const char *id = question->of_old ? arena_printf(page->arena, "question:%s %s", question->key, asked[i].domain) : arena_printf(page->arena, "question:%s", question->key);
    page_item(page, id, asked[i].text, words_answer(page->arena, &asked[i]), ROLE_TEXT);
    if (!asked[i].answer) left_to_do(page, id);
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
    left_to_do(page, running ? "checks" : "check");
    return;
  }
  size_t count = findings_in_order(page->arena, verdict, "", &order);
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (!guidance_finding_counts(step, finding) || finding->severity == SEVERITY_INFO) continue;
    if (finding->severity == SEVERITY_PASS && shown >= MOST_GOOD) continue;
    const struct block *item = page_item(page, arena_printf(page->arena, "finding:%s", finding_ref(page->arena, verdict, order[i])), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    if (finding->severity > SEVERITY_INFO) left_to_do(page, item->id);
    shown++;
  }
  if (!shown) page_paragraph(page, _("Nothing to change."));
}

static void put_tasks(struct page *page, const struct guidance_step *step, const struct guidance_view *view, int64_t checked) {
  struct guidance_todo *todos;
  size_t count = guidance_todos(page->arena, step, view->casefile, view->domain, &todos);
  if (count) page_blank(page), page_section(page, _("Done elsewhere")), page_can(page, ACTION_SELECT);
  for (size_t i = 0; i < count; i++) {
    bool by_check;
    struct casefile_task kept = casefile_task(view->casefile, view->domain, todos[i].id);
    struct block *tick = page_tick(page, arena_printf(page->arena, "task:%s", todos[i].id), todos[i].text, guidance_todo_done(&todos[i], view, &by_check));
    tick->number = ++page->numbered;
    if (!tick->chosen) left_to_do(page, tick->id);
    tick->explain = _("Space ticks it. Enter says who has it in hand, with a note.");
    if (by_check) tick->detail = checked ? words_fill(page->arena, _("Completed by the checks, {when}"), "when", words_ago(page->arena, checked, view->now)) : _("Completed by the checks");
    else if (!kept.done && *kept.who) tick->detail = words_fill(page->arena, _("With {who}"), "who", kept.who);
    else if (kept.done && kept.when) tick->detail = words_fill(page->arena, _("Ticked off by you, {when}"), "when", words_ago(page->arena, kept.when, view->now));
  }
}

static bool lists_services(const struct wizard *wizard) {
  for (size_t i = 0; i < casefile_service_count(wizard->casefile); i++)
    if (casefile_service_at(wizard->casefile, i).state == CASEFILE_CONFIRMED) return true;
  return false;
}

/* What is asked of each service that it concerns, one row a service. */
static void put_services(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  bool first = true;
  for (size_t i = 0; i < MEM_COUNT(step->services) && step->services[i]; i++) {
    const struct guidance_service_question *question = guidance_service_question_find(step->services[i]);
    for (size_t n = 0; n < casefile_service_count(wizard->casefile); n++) {
      struct casefile_service service = casefile_service_at(wizard->casefile, n);
      const json_t *json = json_array_get(json_object_get(casefile_root(wizard->casefile), "services"), n);
      const char *answer = json_text(json, question->key, NULL);
      if (!guidance_concerns(question, &service)) continue;
      if (first) page_blank(page), page_section(page, _("Asked of each service"));
      first = false;
      const char *shown = !answer ? _("Not answered") : question->free_text ? text_safe_string(page->arena, answer) : strcmp(answer, "yes") == 0 ? _("Yes") : strcmp(answer, "no") == 0 ? _("No") : _("I do not know");
      const struct block *item = page_item(page, arena_printf(page->arena, "service:%s %zu", question->key, n), words_fill(page->arena, _(question->text), "service", service.name), shown, ROLE_TEXT);
      if (!answer) left_to_do(page, item->id);
    }
  }
  if (!first || !step->services[0] || lists_services(wizard)) return;
  page_blank(page);
  page_section(page, _("Asked of each service"));
  page_item(page, "services", _("No service is on your list yet: list them"), "", ROLE_LINK);
  left_to_do(page, "services");
}

static bool has_trouble(struct wizard *wizard, const struct guidance_step *step) {
  const struct verdict *verdict = live_verdict(wizard);
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    enum severity severity = verdict->findings[i]->severity;
    if (guidance_finding_counts(step, verdict->findings[i]) && (severity == SEVERITY_FAIL || severity == SEVERITY_WARN || severity == SEVERITY_UNKNOWN)) return true;
  }
  return false;
}

/* What is mended elsewhere than in DNS is in someone's hands. */
static void put_fix(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  const char *id = arena_printf(page->arena, "fix:%s", step->id);
  struct casefile_task fix = casefile_task(wizard->casefile, wizard->domain, id);
  if (!has_trouble(wizard, step) && !*fix.who && !fix.done) return;
  const char *state = fix.done ? _("Mended, or accepted") : *fix.who ? text_safe_string(page->arena, fix.who) : _("Nobody yet");
  page_item(page, id, _("Who deals with what we found"), state, ROLE_TEXT);
}

static void put_links(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  offers_put(wizard, page, step);
  page_blank(page);
  if (step->records && *step->records) page_link(page, "records", _("The records to ask for"));
  page_link(page, "help", _("Help on this step"));
}

/* What has changed stands beside, or at the end. */
static void put_changed(struct page *page, const struct guidance_step *step) {
  size_t count = 0;
  for (size_t i = 0; i < guidance_difference_count(); i++) count += guidance_difference_of_step(guidance_difference_at(i), step);
  if (count) page_paragraph(page, words_count(page->arena, ngettext("1 thing has changed since. Both stand on this page.", "{n} things have changed since. Both stand on this page.", (unsigned long)count), "n", count));
}

static void put_says(struct page *page, const struct guidance_step *step) {
  page_blank(page);
  page_section(page, _("What the guidance asks for (27 April 2020)"));
  page_paragraph(page, _(step->says));
  put_changed(page, step);
}

static void build(struct wizard *wizard, struct page *page) {
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  if (!step) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("There is no step by the name of {name}"), "name", wizard_argument(wizard)));
    return;
  }
  struct guidance_view view = wizard_view(wizard);
  struct step_status status = guidance_status(page->arena, step, &view);
  page->reading = true;
  page_heading(page, _(step->title));
  page_said(page, arena_printf(page->arena, "%s. %s", step_state_word(status.state), status.reason), step_state_role(status.state));
  bool is_short = wizard->body_rows < SHORT_BODY;
  if (!is_short) put_says(page, step);
  put_questions(wizard, page, step);
  put_services(wizard, page, step);
  put_findings(wizard, page, step);
  put_fix(wizard, page, step);
  put_tasks(page, step, &view, live_checked_at(wizard));
  if (is_short) put_says(page, step);
  put_links(wizard, page, step);
  page_side(page);
  differs_put(wizard, page, step, NULL, NULL);
  if (step->topics) page_can(page, ACTION_AGAIN);
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

static const char *about(struct wizard *wizard) {
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  return step ? step->help : NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  if (!step) return false;
  if (action == ACTION_AGAIN) {
    live_check_again(wizard, step->topics);
    return true;
  }
  bool ticks = strncmp(focus, "task:", 5) == 0;
  if (action != ACTION_OPEN && !(action == ACTION_SELECT && ticks)) return false;
  if (ticks && action == ACTION_SELECT) toggle_task(wizard, focus + 5);
  else if (strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else return false;
  return true;
}

/* Ids are words, or kinds with what they are about after a colon. */
static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  static const struct { const char *kind; enum screen_id screen; } kinds[] = {
    { "task:", SCREEN_TASK }, { "question:", SCREEN_QUESTION }, { "finding:", SCREEN_FINDING }, { "service:", SCREEN_ANSWER }, { "checks", SCREEN_CHECKS }, { "services", SCREEN_SERVICES },
    { "records", SCREEN_RECORDS }, { "help", SCREEN_HELP }, { "fix:", SCREEN_TASK },
  };
  const struct guidance_step *step = guidance_step_find(wizard_argument(wizard));
  for (size_t i = 0; step && i < MEM_COUNT(kinds); i++) {
    bool word = kinds[i].kind[strlen(kinds[i].kind) - 1] != ':';
    if (word ? strcmp(id, kinds[i].kind) != 0 : !text_starts(id, kinds[i].kind)) continue;
    *out_screen = kinds[i].screen;
    *out_argument = word ? "" : id + strlen(kinds[i].kind);
    if (strcmp(id, "records") == 0) *out_argument = step->records;
    if (strcmp(id, "help") == 0) *out_argument = step->help;
    if (text_starts(id, "fix:")) *out_argument = id;
    return true;
  }
  return differs_leads(wizard, id, out_screen, out_argument) || offers_leads(wizard, id, out_screen, out_argument);
}

const struct screen screen_step = { .name = "step", .help = "start", .about = about, .build = build, .act = act, .leads = leads };
