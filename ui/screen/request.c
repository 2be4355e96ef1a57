/* Check the change request, and save it. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  page_can(page, ACTION_SAVE);
  page_can(page, ACTION_YEAR);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
  if (plans_not_ready(wizard, page)) return;
  const struct plan *plan = live_plan(wizard);
  page_heading(page, _("Check your change request before you save it"));
  page_blank(page);
  plans_put_records(wizard, page, plan, NULL);
  plans_put_rest(page, plan);
  page_blank(page);
  page_summary(page, "format", _("Format"), plans_format(wizard))->explain = _("Enter takes the next format: text, Markdown, HTML, CSV, JSON, zone file and others");
  page_summary(page, "values", _("Values"), wizard->guidance_2020 ? _("of the 2020 guidance") : _("today's advice"))->explain = _("Where they differ, each record says so");
  form_field(wizard, page, "requester", _("Asked for by"), _("Your name and team"), json_text(wizard->settings, "requester", ""));
  page_blank(page);
  page_button(page, "preview", _("Preview"));
  page_button(page, "save", _("Save the change request"));
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct fault fault = { "" };
  if (strcmp(id, "requester") != 0) return false;
  json_object_set_new(wizard->settings, "requester", json_string(text));
  return settings_save(wizard->settings, &fault);
}

static void save(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct buf text = BUF_INIT(64 << 20);
  struct request request;
  form_leave_all(wizard);
  if (!plans_request(wizard, arena, &request)) {
    wizard_say(wizard, "%s", _("Check the domain first: press r"));
  } else if (plan_blocked(request.plan) || request_blocked(&request)) {
    wizard_say(wizard, "%s", _("The request cannot be saved while a problem stands against it. It is shown on this screen."));
  } else {
    const char *path = plans_proposed_file(wizard, arena, request.reference), *folder = arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path));
    struct casefile_request record = { .reference = request.reference, .file = path, .when = request.details->time, .records = (unsigned)request.item_count };
    request_format_find(plans_format(wizard))->write(&request, &text);
    bool saved = file_make_folders(folder, &fault) && file_create(path, buf_string(&text), text.length, 0644, &fault) &&
                 casefile_add_request(wizard->casefile, wizard->domain, &record, request_to_json(&request), &fault);
    if (saved) wizard_go(wizard, SCREEN_SAVED, "");
    wizard_say_saved(wizard, saved, &fault);
  }
  buf_release(&text);
  arena_free(&arena);
}

static void next_format(struct wizard *wizard) {
  struct fault fault = { "" };
  size_t i = 0;
  while (request_format_at(i) && strcmp(request_format_at(i)->name, plans_format(wizard)) != 0) i++;
  const struct request_format *next = request_format_at(i + 1);
  json_object_set_new(wizard->settings, "format", json_string(next ? next->name : request_format_at(0)->name));
  wizard_say_saved(wizard, settings_save(wizard->settings, &fault), &fault);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_SAVE) {
    save(wizard);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "record:", 7) == 0) wizard_go(wizard, SCREEN_RECORD, focus + 7);
  else if (strcmp(focus, "format") == 0) next_format(wizard);
  else if (strcmp(focus, "values") == 0) wizard_act(wizard, ACTION_YEAR);
  else if (strcmp(focus, "preview") == 0) wizard_go(wizard, SCREEN_PREVIEW, "");
  else if (strcmp(focus, "check") == 0) wizard_act(wizard, ACTION_CHECK);
  else if (strcmp(focus, "save") == 0) save(wizard);
  else return false;
  return true;
}

const struct screen screen_request = { .name = "request", .help = "change-requests", .build = build, .act = act, .keep = keep };
