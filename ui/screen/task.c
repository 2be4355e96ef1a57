/* Who has something in hand, a note, and whether it is done: for a task of a step, or for trouble that the checks found ("fix:STEP"). */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static bool is_fix(const char *id) { return strncmp(id, "fix:", 4) == 0; }

/* Null: there is no such task. */
static const char *heading_of(struct page *page, const char *id) {
  const struct guidance_step *step;
  struct guidance_todo todo;
  if (is_fix(id)) return (step = guidance_step_find(id + 4)) ? words_fill(page->arena, _("Who deals with it: {step}"), "step", _(step->title)) : NULL;
  return guidance_todo_find(page->arena, id, &step, &todo) ? todo.text : NULL;
}

static const char *state_of(struct wizard *wizard, struct page *page, const char *id, const struct casefile_task *task) {
  const struct guidance_step *step;
  struct guidance_todo todo;
  struct guidance_view view = wizard_view(wizard);
  bool by_check = false;
  if (!is_fix(id) && guidance_todo_find(page->arena, id, &step, &todo) && guidance_todo_done(&todo, &view, &by_check) && by_check)
    return view.checked ? words_fill(page->arena, _("Completed, by the checks, {when}"), "when", words_date(page->arena, view.checked)) : _("Completed, by the checks");
  if (task->done) return words_fill(page->arena, *task->who ? _("Done, {when}, by them") : _("Done, {when}, by you"), "when", words_date(page->arena, task->when));
  return *task->who && task->when ? words_fill(page->arena, _("In their hands, {when}"), "when", words_ago(page->arena, task->when, view.now)) : _("Not done yet");
}

static void build(struct wizard *wizard, struct page *page) {
  const char *id = wizard_argument(wizard), *heading = heading_of(page, id);
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, id);
  if (!heading) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("There is no task by the name of {name}"), "name", id));
    return;
  }
  page_heading(page, heading);
  if (is_fix(id)) page_paragraph(page, _("Servers and certificates are mended elsewhere. Say who has it in hand, and the step waits for them. When they are done, tick it and check again. A warning that you decide to live with can be accepted here: tick it and say why."));
  page_pair(page, _("State"), state_of(wizard, page, id, &task));
  page_blank(page);
  form_field(wizard, page, "who", _("Who has it in hand"), _("A person or a team"), task.who);
  form_field(wizard, page, "note", _("Note"), _("A date, a ticket number, a reason"), task.note);
  page_blank(page);
  page_tick(page, "done", is_fix(id) ? _("It is mended, or accepted") : _("It is done"), task.done)->number = ++page->numbered;
  page_button(page, "continue", _("Continue"));
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

static const char *about(struct wizard *wizard) {
  const struct guidance_step *step;
  const char *id = wizard_argument(wizard);
  struct arena *arena = arena_new_sized(1024);
  struct guidance_todo todo;
  if (is_fix(id)) step = guidance_step_find(id + 4);
  else if (!guidance_todo_find(arena, id, &step, &todo)) step = NULL;
  arena_free(&arena);
  return step ? step->help : NULL;
}

static bool put(struct wizard *wizard, struct casefile_task *task) {
  struct fault fault = { "" };
  task->when = wizard_now(wizard);
  task->how = "you";
  bool saved = casefile_set_task(wizard->casefile, wizard->domain, wizard_argument(wizard), task, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, wizard_argument(wizard));
  bool who = strcmp(id, "who") == 0;
  if (!who && strcmp(id, "note") != 0) return false;
  if (strcmp(who ? task.who : task.note, text) == 0) return true;
  if (who) task.who = text;
  else task.note = text;
  return put(wizard, &task);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (strcmp(focus, "done") == 0 && (action == ACTION_OPEN || action == ACTION_SELECT)) {
    wizard_leave(wizard);
    struct casefile_task task = casefile_task(wizard->casefile, wizard->domain, wizard_argument(wizard));
    task.done = !task.done;
    put(wizard, &task);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  wizard_back(wizard);
  return true;
}

const struct screen screen_task = { .name = "task", .help = "start", .about = about, .build = build, .act = act, .keep = keep };
