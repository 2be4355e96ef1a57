/* The domains of the case, with the state of each. */
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/names.h"
#include "ui/refs.h"
#include "ui/wizard.h"

enum { LONG_NAME = 28 };

static const struct column columns[] = {
  { .title = N_("Domain") },
  { .title = N_("Completed"), .whole = true, .said = true, .fold = true },
  { .title = N_("Last checked"), .whole = true, .drop = 1, .said = true, .fold = true },
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
  struct overview_of of = overview_of(wizard, name);
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%u", of.all.completed) }, { "all", arena_printf(page->arena, "%u", of.all.all) } };
  bool here = strcmp(name, wizard->domain) == 0;
  bool checking = live_running(wizard) && strcmp(wizard->live.domain, name) == 0 && !round_waits(wizard, name);
  struct block *row = page_row(page, table, arena_printf(page->arena, "domain:%s", name));
  row->number = ++page->numbered;
  const char *said = here ? _("You are working on this one.") : gsi_is_family(name) ? _("A name of the gsi family: it must be replaced.") : _("Press Enter to work on it.");
  row->explain = text_width(name) > LONG_NAME ? arena_printf(page->arena, "%s: %s", text_safe_string(page->arena, name), said) : said; /* it may be cut in the table */
  page_cell(row, 0, text_safe_string(page->arena, name), here ? ROLE_HEADING : ROLE_TEXT);
  page_cell(row, 1, text_fill(page->arena, _("{n} of {all}"), counts, 2), ROLE_TEXT);
  page_cell(row, 2, of.checked ? words_ago(page->arena, of.checked, wizard_now(wizard)) : _("never"), ROLE_TEXT);
  if (checking || round_waits(wizard, name)) page_cell(row, 3, checking ? _("Checking") : _("Waiting"), ROLE_BUSY);
  else page_cell(row, 3, step_state_word(of.all.state), step_state_role(of.all.state));
}

/* What is known of a domain: what is next, and what was found, worst first. */
static void beside(struct wizard *wizard, const char *id, struct page *page) {
  if (!text_starts(id, "domain:")) return;
  const char *name = id + strlen("domain:");
  bool here = strcmp(name, wizard->domain) == 0;
  int64_t when = 0;
  const struct verdict *verdict = here ? live_verdict(wizard) : casefile_last_verdict(page->arena, wizard->casefile, name, &when);
  if (here) when = live_checked_at(wizard);
  struct guidance_view view = { .casefile = wizard->casefile, .domain = name, .verdict = verdict, .now = wizard_now(wizard), .checked = when };
  page_heading(page, text_safe_string(page->arena, name));
  if (gsi_is_family(name)) page_paragraph(page, _("A name of the gsi family: it must be replaced."));
  page_paragraph(page, when ? words_fill(page->arena, _("Last checked {when}."), "when", words_time(page->arena, when, wizard_now(wizard))) : _("Not checked yet."));
  page_said(page, guidance_next(page->arena, &view).sentence, ROLE_HEADING);
  if (!verdict) return;
  size_t *order, count = findings_in_order(page->arena, verdict, "", &order);
  page_blank(page);
  page_section(page, _("What we found"));
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (finding->severity <= SEVERITY_INFO) continue;
    page_item(page, "", finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity))->number = 0;
  }
}

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, _("Domains of this case"));
  if (wizard->round.on) page_said(page, round_words(wizard, page->arena), ROLE_BUSY);
  page_blank(page);
  const struct table *table = put_table(page);
  for (size_t i = 0; i < casefile_domain_count(wizard->casefile); i++) put_domain(wizard, page, table, casefile_domain_at(wizard->casefile, i));
  page_blank(page);
  form_field(wizard, page, "add", _("Add domains"), _("One or more, with spaces between"), "");
  page_button(page, "save", _("Add"));
  if (casefile_domain_count(wizard->casefile) > 1 && !live_running(wizard)) page_button(page, "round", _("Check all domains"));
  if (live_running(wizard)) page_can(page, ACTION_STOP);
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
  if (action == ACTION_STOP) {
    live_stop(wizard);
    wizard_say(wizard, "%s", _("Stopping the checks. What has been found stays."));
    return true;
  }
  if (action == ACTION_CHECK && text_starts(focus, "domain:") && !live_running(wizard)) {
    wizard_work_on(wizard, focus + strlen("domain:"));
    return false;
  }
  if (action == ACTION_ADD) {
    wizard_focus(wizard, "", "add");
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "round") == 0) round_start(wizard);
  else if (strncmp(focus, "domain:", 7) == 0) work_on(wizard, focus + 7);
  else add(wizard);
  return true;
}

const struct screen screen_domains = { .name = "domains", .help = "domains", .build = build, .act = act, .beside = beside };
