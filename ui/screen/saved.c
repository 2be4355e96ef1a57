/* The change request has been saved: what happens next. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

/* The longest time for which an old value may still be given, by the plan that was asked for. */
static uint32_t longest_ttl(struct wizard *wizard) {
  const struct plan *plan = live_plan(wizard);
  uint32_t longest = 0;
  for (size_t i = 0; plan && i < plan->change_count; i++)
    if (plan->changes[i].now_ttl > longest) longest = plan->changes[i].now_ttl;
  return longest;
}

static void build(struct wizard *wizard, struct page *page) {
  struct casefile_request request;
  if (!casefile_last_request(wizard->casefile, wizard->domain, &request)) {
    page_heading(page, _("No change request has been saved yet"));
    page_link(page, "tasks", _("Go back to your tasks"));
    return;
  }
  uint32_t ttl = longest_ttl(wizard);
  page_heading(page, _("Change request saved"));
  page_blank(page);
  page_pair(page, _("Reference"), text_safe_string(page->arena, request.reference));
  page_pair(page, _("File"), text_safe_string(page->arena, request.file));
  page_pair(page, _("Records"), arena_printf(page->arena, "%u", request.records));
  page_blank(page);
  page_section(page, _("What happens next"));
  page_step(page, 1, _("Send the file to whoever changes your DNS."));
  page_step(page, 2, ttl ? words_fill(page->arena, _("They publish the records. Old values can stay in use for up to {time} after that."), "time", words_span(page->arena, ttl)) : _("They publish the records."));
  page_step(page, 3, _("Come back here and press r. We compare what is published with what you asked for."));
  page_blank(page);
  page_item(page, "tasks", _("Go back to your tasks"), "", ROLE_TEXT);
  page_item(page, "domains", _("Work on another domain"), "", ROLE_TEXT);
  page_item(page, "quit", _("Quit"), "", ROLE_TEXT);
  page->value = (struct page_value){ .title = _("File"), .text = arena_strdup(page->arena, request.file), .file = "file-name" };
  page_can(page, ACTION_COPY);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_BACK || action == ACTION_LEFT) {
    wizard_go_to_tasks(wizard);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "domains") == 0) wizard_go(wizard, SCREEN_DOMAINS, "");
  else wizard_act(wizard, strcmp(focus, "quit") == 0 ? ACTION_QUIT : ACTION_TASKS);
  return true;
}

const struct screen screen_saved = { .name = "saved", .help = "change-requests", .build = build, .act = act };
