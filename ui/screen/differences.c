/* Everything in which the guidance of 2020 and today's advice differ, with what is chosen for the domain. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/differs.h"

static void put_group(struct wizard *wizard, struct page *page, const char *title, bool chosen_here) {
  page_blank(page);
  page_section(page, title);
  for (size_t i = 0; i < guidance_difference_count(); i++) {
    const struct guidance_difference *difference = guidance_difference_at(i);
    if ((difference->choice == CHOICE_VALUE) == chosen_here) differs_put_one(wizard, page, difference);
  }
}

static void build(struct wizard *wizard, struct page *page) {
  page_heading(page, words_fill(page->arena, _("The guidance of 2020, or today's advice, for {domain}"), "domain", wizard->domain));
  page_paragraph(page, _("Much has changed since 27 April 2020. Where the two differ, you choose."));
  page_blank(page);
  page_item(page, "today", _("Take today's advice everywhere"), "", ROLE_LINK);
  page_item(page, "2020", _("Take the values of 2020 everywhere"), "", ROLE_LINK);
  put_group(wizard, page, _("Chosen here: Space changes, Enter says more"), true);
  put_group(wizard, page, _("Decided by your answers, or by the world"), false);
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_difference *difference = text_starts(focus, "difference:") ? guidance_difference_find(focus + strlen("difference:")) : NULL;
  if (action == ACTION_SELECT && difference && difference->choice == CHOICE_VALUE) {
    differs_choose(wizard, difference, !differs_as_2020(wizard, difference));
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "today") == 0 || strcmp(focus, "2020") == 0) differs_choose_all(wizard, "", strcmp(focus, "2020") == 0);
  else return false;
  return true;
}

const struct screen screen_differences = { .name = "differences", .help = "guidance-2020", .build = build, .act = act, .leads = differs_leads };
