/* The hub: the steps of the guidance by its own seven sections, with the state of each and what to do next. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static const char *checked_line(struct wizard *wizard, struct arena *arena) {
  int64_t when = live_checked_at(wizard);
  if (live_running(wizard) && live_is_of_domain(wizard)) return _("The checks are running.");
  if (!when) return _("Not checked yet: press r.");
  return words_fill(arena, _("Last checked {when}."), "when", words_time(arena, when, wizard_now(wizard)));
}

/* Nothing is left to do for this domain: the next one of the case, round from it, for which something is. Null: none, or it is not known yet. */
static const char *other_domain(struct wizard *wizard, struct arena *arena) {
  size_t count = casefile_domain_count(wizard->casefile), here = 0;
  while (here < count && strcmp(casefile_domain_at(wizard->casefile, here), wizard->domain) != 0) here++;
  for (size_t i = 1; i < count; i++) {
    const char *name = casefile_domain_at(wizard->casefile, (here + i) % count);
    struct guidance_view view = { .casefile = wizard->casefile, .domain = name, .now = wizard_now(wizard) };
    view.verdict = casefile_last_verdict(arena, wizard->casefile, name, &view.checked);
    struct guidance_next next = guidance_next(arena, &view);
    if (next.check || next.step) return name;
  }
  return NULL;
}

static void put_head(struct wizard *wizard, struct page *page, const struct guidance_view *view) {
  struct section_status all = guidance_section(page->arena, 0, view);
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%u", all.completed) }, { "all", arena_printf(page->arena, "%u", all.all) }, { "checked", checked_line(wizard, page->arena) } };
  page_heading(page, words_fill(page->arena, _("Set up email securely for {domain}"), "domain", wizard->domain));
  page_paragraph(page, text_fill(page->arena, _("You have completed {n} of {all} steps. {checked}"), counts, 3));
  struct guidance_next next = guidance_next(page->arena, view);
  page_said(page, next.sentence, ROLE_HEADING);
  if (next.step) page->start = next.step->id;
  const char *other = next.step || next.check ? NULL : other_domain(wizard, page->arena);
  if (!other) return;
  page_item(page, "other", words_fill(page->arena, _("Go on with the next domain of this case ({domain})"), "domain", other), "", ROLE_LINK);
  page->start = "other";
}

/* Line by line its number would be taken for that of a choice. */
static const char *section_words(const struct wizard *wizard, struct arena *arena, unsigned section) {
  struct text_argument arguments[] = { { "n", arena_printf(arena, "%u", section) }, { "title", guidance_section_title(section) } };
  return text_fill(arena, wizard->options.plain ? _("Section {n}: {title}") : "{n}  {title}", arguments, 2);
}

/* "1  Prepare to secure your email service: 3 of 8 completed" */
static const char *section_heading(const struct wizard *wizard, struct arena *arena, unsigned section, const struct guidance_view *view) {
  struct section_status status = guidance_section(arena, section, view);
  struct text_argument arguments[] = { { "section", section_words(wizard, arena, section) }, { "n", arena_printf(arena, "%u", status.completed) }, { "all", arena_printf(arena, "%u", status.all) },
                                       { "waiting", arena_printf(arena, "%u", status.waiting) } };
  if (!status.all) return arguments[0].value;
  return text_fill(arena, status.waiting ? _("{section}: {n} of {all} completed, {waiting} waiting") : _("{section}: {n} of {all} completed"), arguments, MEM_COUNT(arguments));
}

static void build(struct wizard *wizard, struct page *page) {
  struct guidance_view view = wizard_view(wizard);
  unsigned section = 0;
  put_head(wizard, page, &view);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    struct step_status status = guidance_status(page->arena, step, &view);
    if (step->section != section) {
      section = step->section;
      page_blank(page);
      page_section(page, section_heading(wizard, page->arena, section, &view));
    }
    if (status.state == STEP_NOT_NEEDED) continue;
    struct block *item = page_item(page, step->id, _(step->title), step_status_words(page->arena, &status, view.now), step_state_role(status.state));
    item->explain = status.reason;
    item->closed = status.state == STEP_CANNOT_START;
  }
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_FINDINGS);
  if (live_verdict(wizard)) page_can(page, ACTION_EXPORT);
  else page_cannot(page, ACTION_EXPORT, _("Check the domain first: press r"));
  page_can(page, ACTION_DOMAINS);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

/* A request that is waited for is shown again, and what became of it where the provider made a mistake; e makes another. */
static enum screen_id request_screen(struct wizard *wizard) {
  struct guidance_view view = wizard_view(wizard);
  struct arena *arena = arena_new_sized(1024);
  enum step_state state = guidance_status(arena, guidance_step_find("ask-for-changes"), &view).state;
  arena_free(&arena);
  return state == STEP_WAITING ? SCREEN_SAVED : state == STEP_PROBLEM ? SCREEN_VERIFY : SCREEN_REQUEST;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  bool asks = strcmp(id, "ask-for-changes") == 0;
  *out_screen = asks ? request_screen(wizard) : SCREEN_STEP;
  *out_argument = asks ? "" : id;
  return guidance_step_find(id) != NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || strcmp(focus, "other") != 0) return false;
  struct arena *arena = arena_new();
  const char *name = other_domain(wizard, arena);
  if (name) wizard_work_on(wizard, name);
  arena_free(&arena);
  return true;
}

const struct screen screen_tasks = { .name = "tasks", .help = "start", .build = build, .act = act, .leads = leads };
