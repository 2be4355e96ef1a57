#include "ui/helps.h"

#include <string.h>

#include "src/base/lib.h"

const char *helps_topic(struct wizard *wizard) {
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  const char *topic = screen->about ? screen->about(wizard) : NULL;
  return topic ? topic : screen->help;
}

static bool is_help(enum screen_id screen) { return screen == SCREEN_HELP || screen == SCREEN_INDEX || screen == SCREEN_SEARCH; }

void helps_put_actions(struct page *page) {
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_INDEX);
  page_can(page, ACTION_BEFORE);
  page->back = _("< Back to your work (Esc)");
}

const char *helps_where(struct arena *arena, const char *title) {
  return *title ? words_fill(arena, _("Help   Contents > {title}"), "title", title) : _("Help   Contents");
}

static void leave(struct wizard *wizard) {
  while (wizard->depth > 1 && is_help(wizard_place(wizard)->screen)) wizard_back(wizard);
}

bool helps_act(struct wizard *wizard, enum action action) {
  switch (action) {
  case ACTION_FIND: wizard_go(wizard, SCREEN_SEARCH, ""); return true;
  case ACTION_INDEX: wizard_go(wizard, SCREEN_INDEX, ""); return true;
  case ACTION_BACK: leave(wizard); return true;
  case ACTION_HELP: wizard_go(wizard, SCREEN_HELP, "keys"); return true;
  default: return false;
  }
}

bool helps_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  *out_screen = SCREEN_HELP;
  if (text_starts(id, "topic:")) *out_argument = id + strlen("topic:");
  return text_starts(id, "topic:");
}
