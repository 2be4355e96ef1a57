/* One thing in which the guidance of 2020 and today's advice differ: both, why, and the choice. The argument is its id. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/differs.h"

#define CHOICE "choice"

static const struct guidance_difference *difference_here(struct wizard *wizard) { return guidance_difference_find(wizard_argument(wizard)); }

/* The two stand side by side where the window is wide enough. */
static void put_both(struct page *page, const struct guidance_difference *difference) {
  page_section(page, _("The guidance of 27 April 2020"));
  page_paragraph(page, _(difference->then));
  page_blank(page);
  page_section(page, _("Today's advice (23 November 2026)"));
  page_paragraph(page, _(difference->now));
}

static void put_choice(struct wizard *wizard, struct page *page, const struct guidance_difference *difference) {
  page_blank(page);
  switch (difference->choice) {
  case CHOICE_VALUE:
    if (!form_choice(wizard, CHOICE)) form_choose(wizard, CHOICE, differs_as_2020(wizard, difference) ? "2020" : "today");
    page_paragraph(page, words_fill(page->arena, _("Which of the two is right for {domain}?"), "domain", wizard->domain));
    form_option(wizard, page, CHOICE, "today", _("Today's advice"), "");
    form_option(wizard, page, CHOICE, "2020", _("As in the guidance of 2020"), "");
    page_blank(page);
    page_button(page, "continue", _("Continue"));
    page_can(page, ACTION_SELECT);
    break;
  case CHOICE_QUESTION: page_item(page, "question", _("Answer the question that decides"), differs_chosen(wizard, difference), ROLE_TEXT); break;
  case CHOICE_TASK:
  case CHOICE_NONE: page_link(page, "go:back", _("Go back")); break;
  }
}

static void build(struct wizard *wizard, struct page *page) {
  const struct guidance_difference *difference = difference_here(wizard);
  page_can(page, ACTION_HELP);
  if (!difference) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("No difference is known by the name of {name}"), "name", wizard_argument(wizard)));
    return;
  }
  page_heading(page, _(difference->title));
  page_blank(page);
  put_both(page, difference);
  if (*difference->why) {
    page_blank(page);
    page_paragraph(page, _(difference->why));
  }
  put_choice(wizard, page, difference);
  page->reading = true; /* both values are read before one is chosen */
  if (page_focus_count(page)) page->start = page_focus_at(page, 0)->id;
  page_can(page, ACTION_YEAR);
  page_can(page, ACTION_UNDO);
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  const struct guidance_difference *difference = difference_here(wizard);
  bool as_2020 = strcmp(text, "2020") == 0;
  if (!difference || difference->choice != CHOICE_VALUE || strcmp(id, CHOICE) != 0) return false;
  return differs_as_2020(wizard, difference) == as_2020 || differs_choose(wizard, difference, as_2020);
}

/* The help of the first step that it belongs to. */
static const char *about(struct wizard *wizard) {
  const struct guidance_difference *difference = difference_here(wizard);
  for (size_t i = 0; difference && i < guidance_step_count(); i++)
    if (guidance_difference_of_step(difference, guidance_step_at(i))) return guidance_step_at(i)->help;
  return NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_difference *difference = difference_here(wizard);
  if (action != ACTION_OPEN) return false;
  if (difference && strcmp(focus, "question") == 0) {
    wizard_go(wizard, SCREEN_QUESTION, difference->question);
    return true;
  }
  wizard_leave(wizard);
  wizard_back(wizard);
  return true;
}

const struct screen screen_difference = { .name = "difference", .help = "guidance-2020", .about = about, .build = build, .act = act, .keep = keep };
