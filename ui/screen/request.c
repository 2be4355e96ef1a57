/* Check the change request, and save it. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/details.h"
#include "ui/differs.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static bool is_who(const struct detail *detail) { return strcmp(detail->id, "recipient") == 0 || strcmp(detail->id, "requester") == 0; }

static void put_detail(struct wizard *wizard, struct page *page, const struct detail *detail) {
  const char *words = detail_words(wizard, page->arena, detail);
  bool is_name = strcmp(detail->id, "name") == 0;
  struct block *row = page_summary(page, arena_printf(page->arena, "detail:%s", detail->id), _(detail->title), *words ? words : is_name ? _("By the reference") : _("Not answered"));
  row->explain = *detail->hint ? _(detail->hint) : "";
}

/* `who`: whom it goes to and who asks; else its form. */
static void put_details(struct wizard *wizard, struct page *page, const struct plan *plan, bool who) {
  size_t zones;
  request_zones(page->arena, plan, &zones);
  for (size_t i = 0; detail_at(i); i++)
    if (is_who(detail_at(i)) == who && (zones > 1 || strcmp(detail_at(i)->id, "files") != 0)) put_detail(wizard, page, detail_at(i));
  if (!who) page_summary(page, "values", _("Values"), differs_any_2020(wizard, "") ? _("some as in 2020") : _("today's advice"))->explain = _("Where the guidance of 2020 and today's advice differ, Enter shows both");
}

/* Nothing is saved while a problem stands against it: the request's own too, not only the plan's. */
static void put_problems(struct wizard *wizard, struct page *page, const struct plan *plan) {
  struct request request = { .problem_count = 0 };
  plans_put_problems(page, plan->problems, plan->problem_count, true);
  if (plans_request(wizard, page->arena, NULL, &request)) plans_put_problems(page, request.problems, request.problem_count, !plan->problem_count);
}

/* What is to be done next, and where: the first thing that is missing has the focus. */
static void put_next(struct wizard *wizard, struct page *page, const struct plan *plan) {
  struct request request = { .problem_count = 0 };
  bool known = *detail_value(wizard, "recipient"), blocked = plans_request(wizard, page->arena, NULL, &request) && request_blocked(&request);
  if (!plan->change_count) page_said(page, _("No DNS change is needed."), ROLE_HEADING);
  else if (blocked) page_said(page, _("Next: put right what stands against it, below the records. Until then it is not saved."), ROLE_HEADING);
  else if (!known) page_said(page, _("Next: say whom it is sent to."), ROLE_HEADING);
  else page_said(page, _("Next: look the records through, then save the request: press s."), ROLE_HEADING);
  if (plan->change_count && !blocked && !known) page->start = "detail:recipient";
  else if (plan->change_count) page->start = arena_printf(page->arena, "record:%s", plan_ref(page->arena, plan, 0));
}

static void put_actions(struct page *page) {
  page_can(page, ACTION_SAVE);
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_YEAR);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
}

static void build(struct wizard *wizard, struct page *page) {
  put_actions(page);
  if (plans_not_ready(wizard, page)) return;
  const struct plan *plan = live_plan(wizard);
  size_t chosen = plan->change_count - plan_left_out_count(plan);
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%zu", chosen) }, { "all", arena_printf(page->arena, "%zu", plan->change_count) } };
  page_heading(page, _("Check your change request before you save it"));
  put_next(wizard, page, plan);
  page_blank(page);
  put_details(wizard, page, plan, true);
  page_blank(page);
  if (plan->change_count) page_paragraph(page, text_fill(page->arena, _("{n} of {all} records chosen. Space takes one in or leaves it out, Enter shows it."), counts, MEM_COUNT(counts)));
  plans_put_records(page, plan, true);
  plans_put_left_out(page, plan);
  put_problems(wizard, page, plan);
  page_blank(page);
  put_details(wizard, page, plan, false);
  page_blank(page);
  page_button(page, "preview", _("Preview"));
  page_button(page, "save", _("Save the change request"));
  plans_put_tasks(page, plan);
}

/* ---- saving ---- */

/* All files or none: what was written is taken away again. */
static bool write_files(struct arena *arena, const struct plans_file *files, size_t count, struct fault *fault) {
  for (size_t i = 0; i < count; i++) {
    const char *folder = arena_strndup(arena, files[i].path, (size_t)(strrchr(files[i].path, '/') - files[i].path));
    if (file_make_folders(folder, fault) && file_create(files[i].path, files[i].text, strlen(files[i].text), 0644, fault)) continue;
    while (i-- > 0) remove(files[i].path);
    return false;
  }
  return true;
}

static const char *paths_of(struct arena *arena, const struct plans_file *files, size_t count) {
  const char *list = "";
  for (size_t i = 0; i < count; i++) list = arena_printf(arena, "%s%s%s", list, i ? "\n" : "", files[i].path);
  return list;
}

static bool save_request(struct wizard *wizard, struct arena *arena, const struct request *request, struct fault *fault) {
  size_t count;
  const struct plans_file *files = plans_files(wizard, arena, &count);
  if (!write_files(arena, files, count, fault)) return false;
  struct casefile_request record = { .reference = request->reference, .file = paths_of(arena, files, count), .when = request->details->time, .records = (unsigned)request->item_count };
  return casefile_add_request(wizard->casefile, wizard->domain, &record, request_to_json(request), fault);
}

static void save(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct request request;
  if (!plans_request(wizard, arena, NULL, &request)) {
    bool coming = live_running(wizard) || live_store(wizard);
    wizard_say(wizard, "%s", coming ? _("The records are still being worked out: a moment") : _("Check the domain first: press r"));
  } else if (!request.item_count) {
    wizard_say(wizard, "%s", request.left_out_count ? _("Every record is left out: choose one first") : _("No DNS change is needed, so there is nothing to save"));
  } else if (request_blocked(&request)) {
    wizard_say(wizard, "%s", _("The request cannot be saved while a problem stands against it. It is shown on this screen."));
  } else {
    bool saved = save_request(wizard, arena, &request, &fault);
    if (saved) wizard_go(wizard, SCREEN_SAVED, "");
    wizard_say_saved(wizard, saved, &fault);
  }
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  bool record = strncmp(focus, "record:", 7) == 0;
  if (action == ACTION_SAVE) save(wizard);
  else if (action == ACTION_SELECT && record) plans_toggle(wizard, focus + 7);
  else if (action != ACTION_OPEN) return false;
  else if (strcmp(focus, "values") == 0) wizard_act(wizard, ACTION_YEAR);
  else if (strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else if (strcmp(focus, "save") == 0) save(wizard);
  else return false;
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  bool record = text_starts(id, "record:"), detail = text_starts(id, "detail:");
  *out_screen = record ? SCREEN_RECORD : detail ? SCREEN_DETAIL : SCREEN_PREVIEW;
  if (record || detail) *out_argument = id + strlen("record:");
  return record || detail || strcmp(id, "preview") == 0;
}

const struct screen screen_request = { .name = "request", .help = "change-requests", .build = build, .act = act, .leads = leads };
