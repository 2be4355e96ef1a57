/* The only interruption on the way out: checks are still running. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  unsigned finished = 0;
  for (unsigned i = 0; i < TOPIC_COUNT && wizard->live.examination; i++) finished += examination_topic(wizard->live.examination, (enum topic)i) == TOPIC_DONE;
  struct text_argument counts[] = {
    { "left", arena_printf(page->arena, "%u", TOPIC_COUNT - finished) }, { "all", arena_printf(page->arena, "%u", (unsigned)TOPIC_COUNT) }, { "done", arena_printf(page->arena, "%u", finished) },
  };
  page_heading(page, live_running(wizard) ? _("Checks are still running") : _("The checks have finished"));
  page_blank(page);
  page_paragraph(page, text_fill(page->arena, _("{left} of {all} checks have not finished. Everything you have entered is saved, and the {done} finished checks are kept."), counts, 3));
  page_blank(page);
  page_item(page, "wait", _("Wait here"), "", ROLE_TEXT);
  page_item(page, "quit", _("Stop the checks and quit"), "", ROLE_TEXT);
  page_item(page, "back", _("Go back to what I was doing"), "", ROLE_TEXT);
  page->message = _("Nothing has been lost");
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "quit") == 0) {
    wizard->wishes.quit = true;
  } else {
    bool wait = strcmp(focus, "wait") == 0;
    wizard_back(wizard);
    if (wait && wizard_place(wizard)->screen != SCREEN_CHECKS) wizard_go(wizard, SCREEN_CHECKS, "");
  }
  return true;
}

const struct screen screen_quit = { .name = "quit", .help = "start", .build = build, .act = act };
