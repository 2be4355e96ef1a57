/* The domains of the case, with the state of each. */
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/names.h"
#include "ui/wizard.h"

static const struct column columns[] = {
  { .title = N_("Domain") },
  { .title = N_("Completed"), .whole = true, .said = true },
  { .title = N_("Last checked"), .whole = true, .drop = 1, .said = true },
  { .title = N_("State"), .whole = true },
};

static const struct table *put_table(struct page *page) {
  struct column translated[MEM_COUNT(columns)];
  for (size_t i = 0; i < MEM_COUNT(columns); i++) {
    translated[i] = columns[i];
    translated[i].title = _(columns[i].title);
  }
  return page_table(page, translated, MEM_COUNT(columns));
}

static void put_domain(struct wizard *wizard, struct page *page, const struct table *table, const char *name) {
  int64_t when = 0;
  const struct verdict *verdict = strcmp(name, wizard->domain) == 0 ? live_verdict(wizard) : casefile_last_verdict(page->arena, wizard->casefile, name, &when);
  if (strcmp(name, wizard->domain) == 0) when = live_checked_at(wizard);
  struct guidance_view view = { .casefile = wizard->casefile, .domain = name, .verdict = verdict, .now = wizard_now(wizard), .checked = when };
  struct section_status all = guidance_section(page->arena, 0, &view);
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%u", all.completed) }, { "all", arena_printf(page->arena, "%u", all.all) } };
  bool here = strcmp(name, wizard->domain) == 0;
  struct block *row = page_row(page, table, arena_printf(page->arena, "domain:%s", name));
  row->number = ++page->numbered;
  row->explain = here ? _("You are working on this one.") : gsi_is_family(name) ? _("A name of the gsi family: it must be replaced.") : _("Press Enter to work on it.");
  page_cell(row, 0, text_safe_string(page->arena, name), here ? ROLE_HEADING : ROLE_TEXT);
  page_cell(row, 1, text_fill(page->arena, _("{n} of {all}"), counts, 2), ROLE_TEXT);
  page_cell(row, 2, when ? words_ago(page->arena, when, wizard_now(wizard)) : _("never"), ROLE_TEXT);
  page_cell(row, 3, step_state_word(all.state), step_state_role(all.state));
}

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, _("Domains of this case"));
  page_blank(page);
  const struct table *table = put_table(page);
  for (size_t i = 0; i < casefile_domain_count(wizard->casefile); i++) put_domain(wizard, page, table, casefile_domain_at(wizard->casefile, i));
  page_blank(page);
  form_field(wizard, page, "add", _("Add domains"), _("One or more, with spaces between"), "");
  page_button(page, "save", _("Add"));
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_ADD);
  page_can(page, ACTION_REMOVE);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_TASKS);
}

static void work_on(struct wizard *wizard, const char *domain) {
  struct arena *arena = arena_new_sized(512);
  const char *name = arena_strdup(arena, domain);
  wizard_work_on(wizard, name);
  wizard_go_to_tasks(wizard);
  if (gsi_is_family(name) && !casefile_replacement(arena, wizard->casefile, name)) wizard_go(wizard, SCREEN_GSI, name);
  arena_free(&arena);
}

static void add(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  const char **names, *changed;
  size_t count;
  form_clear_errors(wizard);
  if (!names_read(arena, form_text(wizard, "add"), &names, &count, &changed, &fault)) form_error(wizard, "add", "%s", fault.text);
  else if (!count) form_error(wizard, "add", "%s", _("Enter a domain, for example example.gov.uk"));
  for (size_t i = 0; !form_error_count(wizard) && i < count; i++)
    if (!casefile_add_domain(wizard->casefile, names[i], &fault)) break;
  if (!form_error_count(wizard)) {
    form_forget(wizard);
    wizard_say_saved(wizard, !*fault.text, &fault);
  }
  arena_free(&arena);
}

static bool take_off(struct wizard *wizard, const char *domain) {
  struct fault fault = { "" };
  struct arena *arena = arena_new_sized(1024);
  const char *name = arena_strdup(arena, domain);
  bool removed = casefile_remove_domain(wizard->casefile, name, &fault);
  if (removed && strcmp(wizard->domain, name) == 0) wizard_work_on(wizard, casefile_domain_at(wizard->casefile, 0));
  wizard_say(wizard, "%s", removed ? words_fill(arena, _("Off the case: {domain}. Its answers are kept. u takes that back."), "domain", name) : fault.text);
  arena_free(&arena);
  return true;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_REMOVE) return strncmp(focus, "domain:", 7) == 0 && take_off(wizard, focus + 7);
  if (action == ACTION_ADD) {
    wizard_focus(wizard, "", "add");
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "domain:", 7) == 0) work_on(wizard, focus + 7);
  else add(wizard);
  return true;
}

const struct screen screen_domains = { .name = "domains", .help = "domains", .build = build, .act = act };
