#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static enum role state_role(enum step_state state) {
  switch (state) {
  case STEP_PROBLEM: return ROLE_FAIL;
  case STEP_WAITING:
  case STEP_WAITING_OTHERS:
  case STEP_WAITING_REPORTS: return ROLE_BUSY;
  case STEP_IN_PROGRESS: return ROLE_WARN;
  case STEP_NOT_STARTED:
  case STEP_CANNOT_START: return ROLE_NOTE;
  case STEP_COMPLETED:
  case STEP_NOT_NEEDED: break;
  }
  return ROLE_TEXT;
}

/* ---- the hub: the guidance's own sections, in its order ---- */

struct guidance_view wizard_view(struct wizard *wizard, struct arena *arena) {
  const struct verdict *verdict = wizard_verdict(wizard);
  if (!verdict) verdict = casefile_last_verdict(arena, wizard->casefile, wizard->domain, NULL);
  return (struct guidance_view){ .casefile = wizard->casefile, .domain = wizard->domain, .verdict = verdict, .now = clock_wall_ms() };
}

static const char *checked_line(struct wizard *wizard, struct arena *arena) {
  if (wizard_checking(wizard)) return _("The checks are running.");
  int64_t when = wizard->examined_at;
  if (!wizard_verdict(wizard) && !casefile_last_verdict(arena, wizard->casefile, wizard->domain, &when)) return _("Not checked yet: press r.");
  struct text_argument argument = { "when", ago(arena, when) };
  return text_fill(arena, _("Checked {when}."), &argument, 1);
}

void build_hub(struct wizard *wizard, struct page *page) {
  struct guidance_view view = wizard_view(wizard, page->arena);
  struct section_status all = guidance_section(page->arena, 0, &view);
  struct text_argument heading = { "domain", wizard->domain };
  page_heading(page, text_fill(page->arena, _("Set up email securely for {domain}"), &heading, 1));
  page_paragraph(page, arena_printf(page->arena, _("You have completed %u of %u steps. %s"), all.completed, all.all, checked_line(wizard, page->arena)));
  page_paragraph(page, guidance_next(page->arena, &view).sentence);
  const char *focus = wizard_place(wizard)->focus;
  unsigned section = 0;
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    struct step_status status = guidance_status(page->arena, step, &view);
    if (step->section != section) {
      section = step->section;
      page_blank(page);
      page_section(page, arena_printf(page->arena, "%u  %s", section, guidance_section_title(section)));
    }
    if (status.state == STEP_NOT_NEEDED) continue;
    page_item(page, step->id, _(step->title), step_state_word(status.state), state_role(status.state));
    if (strcmp(focus, step->id) == 0) page->message = status.reason;
  }
}

bool act_hub(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "ask-for-changes") == 0) wizard_go(wizard, SCREEN_REQUEST, "");
  else wizard_go(wizard, SCREEN_STEP, focus);
  return true;
}

/* ---- a step ---- */

static const char *shown_answer(struct wizard *wizard, const struct guidance_question *question) {
  const char *answer = casefile_answer(wizard->casefile, question->whole_case ? "" : wizard->domain, question->key);
  if (!answer) return _("Not answered");
  for (size_t i = 0; i < MEM_COUNT(question->options) && question->options[i].value; i++)
    if (strcmp(question->options[i].value, answer) == 0) return _(question->options[i].text);
  return *answer ? answer : _("none");
}

static void put_step_questions(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  bool first = true;
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    if (!guidance_applies(question->when, wizard->casefile, wizard->domain)) continue;
    if (first) page_blank(page), page_section(page, _("Questions"));
    first = false;
    page_item(page, arena_printf(page->arena, "question:%s", question->key), _(question->text), text_safe_string(page->arena, shown_answer(wizard, question)), ROLE_TEXT);
  }
}

static void put_step_findings(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  const struct verdict *verdict = wizard_verdict(wizard);
  size_t shown = 0;
  if (!step->topics) return;
  page_blank(page);
  page_section(page, _("What we found"));
  if (!verdict) {
    page_item(page, "check", wizard_checking(wizard) ? _("The checks are running") : _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (!guidance_finding_counts(step, finding) || finding->severity == SEVERITY_INFO) continue;
    if (finding->severity == SEVERITY_PASS && shown >= 6) continue;
    page_item(page, arena_printf(page->arena, "finding:%zu", i), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    shown++;
  }
  if (!shown) page_paragraph(page, _("Nothing to change."));
}

static void put_step_links(struct wizard *wizard, struct page *page, const struct guidance_step *step) {
  page_blank(page);
  if (step->records && *step->records) page_item(page, "records", _("The records to ask for"), "", ROLE_LINK);
  if (step->screens && strstr(step->screens, "spf-tree")) page_item(page, "tree", _("See who may send, as a tree"), "", ROLE_LINK);
  if (step->screens && strstr(step->screens, "services")) page_item(page, "services", _("The list of services"), "", ROLE_LINK);
  page_item(page, "help", _("Help on this step"), "", ROLE_LINK);
  (void)wizard;
}

static void put_step_tasks(struct page *page, const struct guidance_step *step, const struct guidance_view *view) {
  bool first = true;
  for (size_t i = 0; i < MEM_COUNT(step->tasks) && step->tasks[i].id; i++) {
    const struct guidance_task *task = &step->tasks[i];
    bool by_check;
    struct casefile_task kept = casefile_task(view->casefile, view->domain, task->id);
    if (!guidance_task_applies(task, view->casefile, view->domain)) continue;
    if (first) page_blank(page), page_section(page, _("Done elsewhere"));
    first = false;
    struct block *tick = page_add(page, BLOCK_TICK, _(task->text));
    tick->id = arena_printf(page->arena, "task:%s", task->id);
    tick->number = ++page->numbered;
    tick->chosen = guidance_task_done(task, view, &by_check);
    if (by_check) tick->detail = _("Completed by the checks");
    else if (kept.done && kept.when) tick->detail = arena_printf(page->arena, "%s, %s", _("Ticked off by you"), ago(page->arena, kept.when));
  }
}

void build_step(struct wizard *wizard, struct page *page) {
  const struct guidance_step *step = guidance_step_find(wizard_place(wizard)->argument);
  if (!step) return;
  struct guidance_view view = wizard_view(wizard, page->arena);
  struct step_status status = guidance_status(page->arena, step, &view);
  page_heading(page, _(step->title));
  page_add(page, BLOCK_PARAGRAPH, arena_printf(page->arena, "%s. %s", step_state_word(status.state), status.reason))->role = state_role(status.state);
  page_blank(page);
  page_section(page, _("What the guidance asks for (27 April 2020)"));
  page_paragraph(page, _(step->says));
  if (*step->changed) {
    page_blank(page);
    page_section(page, _("What has changed since (checked 23 November 2026)"));
    page_paragraph(page, _(step->changed));
  }
  put_step_questions(wizard, page, step);
  put_step_findings(wizard, page, step);
  put_step_tasks(page, step, &view);
  put_step_links(wizard, page, step);
}

static void toggle_task(struct wizard *wizard, const char *id) {
  struct fault fault = { "" };
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, id);
  task.done = !task.done;
  task.when = clock_wall_ms();
  task.how = "you";
  bool done = task.done;
  if (casefile_set_task(wizard->casefile, wizard->domain, id, &task, &fault)) wizard_say(wizard, "%s", done ? _("Saved: done") : _("Saved: not done"));
  else wizard_say(wizard, "%s", fault.text);
}

bool act_step(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_step *step = guidance_step_find(wizard_place(wizard)->argument);
  if (action == ACTION_HELP && step) {
    wizard_go(wizard, SCREEN_HELP, step->help);
    return true;
  }
  if (!step || (action != ACTION_OPEN && !(action == ACTION_SELECT && strncmp(focus, "task:", 5) == 0))) return false;
  if (strncmp(focus, "question:", 9) == 0) wizard_go(wizard, SCREEN_QUESTION, focus + 9);
  else if (strncmp(focus, "finding:", 8) == 0) wizard_go(wizard, SCREEN_FINDING, focus + 8);
  else if (strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else if (strcmp(focus, "records") == 0) wizard_go(wizard, SCREEN_RECORDS, step->records);
  else if (strcmp(focus, "tree") == 0) wizard_go(wizard, SCREEN_TREE, "");
  else if (strcmp(focus, "services") == 0) wizard_go(wizard, SCREEN_SERVICES, "");
  else if (strcmp(focus, "help") == 0) wizard_go(wizard, SCREEN_HELP, step->help);
  else if (strncmp(focus, "task:", 5) == 0) toggle_task(wizard, focus + 5);
  return true;
}

/* ---- a question ---- */

static const char *question_domain(const struct wizard *wizard, const struct guidance_question *question) { return question->whole_case ? "" : wizard->domain; }

void build_question(struct wizard *wizard, struct page *page) {
  const struct guidance_question *question = guidance_question_find(wizard_place(wizard)->argument);
  if (!question) return;
  const char *answer = casefile_answer(wizard->casefile, question_domain(wizard, question), question->key);
  if (*wizard->problem) {
    page_add(page, BLOCK_SECTION, _("There is a problem"))->role = ROLE_FAIL;
    page_add(page, BLOCK_PARAGRAPH, arena_strdup(page->arena, wizard->problem))->role = ROLE_FAIL;
    page_blank(page);
  }
  page_heading(page, _(question->text));
  page_paragraph(page, *question->hint ? _(question->hint) : "");
  page_blank(page);
  if (question->kind == ASK_CHOICE) {
    page_paragraph(page, _("Select one option"));
    for (size_t i = 0; i < MEM_COUNT(question->options) && question->options[i].value; i++) {
      struct block *option = page_add(page, BLOCK_OPTION, _(question->options[i].text));
      option->id = question->options[i].value;
      option->number = ++page->numbered;
      option->detail = _(question->options[i].consequence);
      option->chosen = answer && strcmp(answer, question->options[i].value) == 0;
    }
    page->message = answer ? _("Saved. Choose another to change it.") : _("Not answered yet");
    return;
  }
  if (answer && !wizard->field.length && !wizard->field_active) field_set(&wizard->field, answer);
  struct block *field = page_add(page, BLOCK_FIELD, _("Your answer"));
  field->id = "field";
  field->field = &wizard->field;
  page_blank(page);
  page_item(page, "continue", _("Save and continue"), "", ROLE_TEXT)->number = 0;
  page_item(page, "none", _("None, or I do not know"), "", ROLE_TEXT)->number = 0;
}

/* Every word must be of the kind that was asked for. */
static bool words_fit(struct wizard *wizard, const struct guidance_question *question) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  bool good = true;
  const char *at = wizard->field.text;
  while (good && *(at += strspn(at, " ,;"))) {
    struct ip ip;
    size_t length = strcspn(at, " ,;");
    const char *word = arena_strndup(arena, at, length);
    if (question->kind == ASK_ADDRESSES && !ip_parse(word, &ip)) {
      fault_set(&fault, _("\"%s\" must be an IP address, such as 192.0.2.1"), word);
      good = false;
    } else if (question->kind == ASK_NAMES && !name_from_user(arena, word, &fault)) {
      good = false;
    }
    at += length;
  }
  if (!good) snprintf(wizard->problem, sizeof wizard->problem, "%s", fault.text);
  arena_free(&arena);
  return good;
}

static void save_answer(struct wizard *wizard, const struct guidance_question *question, const char *value) {
  struct fault fault = { "" };
  bool saved = casefile_set_answer(wizard->casefile, question_domain(wizard, question), question->key, value, &fault);
  wizard_back(wizard);
  wizard_say(wizard, "%s", saved ? _("Saved") : fault.text);
}

bool act_question(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_question *question = guidance_question_find(wizard_place(wizard)->argument);
  if (!question || (action != ACTION_OPEN && action != ACTION_SELECT)) return false;
  if (question->kind == ASK_CHOICE) {
    save_answer(wizard, question, focus);
  } else if (strcmp(focus, "none") == 0) {
    save_answer(wizard, question, "");
  } else if (words_fit(wizard, question)) {
    char value[FIELD_MOST + 1];
    snprintf(value, sizeof value, "%s", wizard->field.text);
    save_answer(wizard, question, value);
  }
  return true;
}

/* ---- services ---- */

void build_services(struct wizard *wizard, struct page *page) {
  size_t services = casefile_service_count(wizard->casefile);
  page_heading(page, _("Which services send email as your domains?"));
  page_paragraph(page, _("Type a name, its kind (mailboxes, relay, filtering, own, cloud, delivery, business) and the IP addresses it sends from, if you know them. For example: Payroll business 192.0.2.80"));
  page_blank(page);
  for (size_t i = 0; i < services; i++) {
    struct casefile_service one = casefile_service_at(wizard->casefile, i);
    page_item(page, arena_printf(page->arena, "remove:%zu", i), text_safe_string(page->arena, arena_printf(page->arena, "%s %s", one.name, one.addresses)), casefile_kind_title(one.kind), ROLE_TEXT);
  }
  if (services) page_paragraph(page, _("Enter on a service takes it off the list."));
  page_blank(page);
  struct block *field = page_add(page, BLOCK_FIELD, _("Add a service"));
  field->id = "field";
  field->field = &wizard->field;
}

/* Words that name a kind, addresses, and the name from all others. */
static bool read_service(struct wizard *wizard, struct arena *arena, struct casefile_service *out) {
  struct buf name = BUF_INIT(512), addresses = BUF_INIT(2048);
  const char *kind = "own", *at = wizard->field.text;
  while (*(at += strspn(at, " ,;"))) {
    struct ip ip;
    size_t length = strcspn(at, " ,;");
    const char *word = arena_strndup(arena, at, length);
    bool is_kind = false;
    for (size_t i = 0; casefile_kind_at(i); i++)
      if (text_equal(word, casefile_kind_at(i))) kind = casefile_kind_at(i), is_kind = true;
    if (ip_parse(word, &ip)) buf_printf(&addresses, addresses.length ? " %s" : "%s", word);
    else if (!is_kind) buf_printf(&name, name.length ? " %s" : "%s", word);
    at += length;
  }
  *out = (struct casefile_service){ .name = arena_strdup(arena, buf_string(&name)), .kind = kind, .addresses = arena_strdup(arena, buf_string(&addresses)), .domain = wizard->domain };
  buf_release(&name);
  buf_release(&addresses);
  return *out->name;
}

bool act_services(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "remove:", 7) == 0) {
    size_t index = 0;
    for (const char *c = focus + 7; is_digit(*c); c++) index = index * 10 + (size_t)(*c - '0');
    casefile_remove_service(wizard->casefile, index, &fault);
    wizard_say(wizard, "%s", *fault.text ? fault.text : _("Taken off the list"));
    return true;
  }
  struct arena *arena = arena_new();
  struct casefile_service service;
  if (!read_service(wizard, arena, &service)) wizard_say(wizard, "%s", _("Type the name of the service first"));
  else if (casefile_put_service(wizard->casefile, SIZE_MAX, &service, &fault)) field_set(&wizard->field, ""), wizard_say(wizard, "%s", _("Saved"));
  else wizard_say(wizard, "%s", fault.text);
  arena_free(&arena);
  return true;
}
