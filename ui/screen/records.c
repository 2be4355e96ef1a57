/* The records to ask for; only those of a step when the argument names them ("spf dmarc"). */
#include <string.h>

#include "src/base/lib.h"
#include "ui/differs.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_YEAR);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_TASKS);
  page_can(page, ACTION_HELP);
  if (plans_not_ready(wizard, page)) return;
  const struct plan *plan = live_plan(wizard);
  page_heading(page, differs_any_2020(wizard, "") ? _("Records to ask for (some values as in 2020)") : _("Records to ask for"));
  page_blank(page);
  plans_put_records(page, plan, false);
  plans_put_left_out(page, plan);
  plans_put_problems(page, plan->problems, plan->problem_count, true);
  plans_put_tasks(page, plan);
  page_blank(page);
  page_link(page, "request", _("Check and save the change request"));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || !*focus) return false;
  if (strcmp(focus, "check") != 0) return false;
  wizard_act(wizard, ACTION_CHECK);
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  bool record = text_starts(id, "record:");
  *out_screen = record ? SCREEN_RECORD : SCREEN_REQUEST;
  if (record) *out_argument = id + strlen("record:");
  return record || strcmp(id, "request") == 0;
}

const struct screen screen_records = { .name = "records", .help = "change-requests", .build = build, .act = act, .leads = leads };
