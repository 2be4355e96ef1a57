/* The only interruptions on the way out: something is not saved, or checks are still running. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/saving.h"
#include "ui/wizard.h"

static void build_unsaved(struct wizard *wizard, struct page *page) {
  page_heading(page, _("Some of your answers are not saved yet"));
  page_blank(page);
  page_paragraph(page, words_fill(page->arena, _("{why}. Make room on the disk, or wherever the trouble is, and try again."), "why", saving_trouble(wizard)));
  page_blank(page);
  page_item(page, "retry", _("Try again to save them"), "", ROLE_TEXT);
  if (wizard->casefile) page_item(page, "copy", _("Save a copy in the folder for temporary files, then quit"), "", ROLE_TEXT);
  page_item(page, "back", _("Go back to what I was doing"), "", ROLE_TEXT);
  page_item(page, "quit", _("Quit and lose what is not saved"), "", ROLE_TEXT);
}

static void build_running(struct wizard *wizard, struct page *page) {
  unsigned finished = 0;
  for (unsigned i = 0; i < TOPIC_COUNT && wizard->live.examination; i++) finished += examination_topic(wizard->live.examination, (enum topic)i) == TOPIC_DONE;
  struct text_argument counts[] = {
    { "left", arena_printf(page->arena, "%u", TOPIC_COUNT - finished) }, { "all", arena_printf(page->arena, "%u", (unsigned)TOPIC_COUNT) }, { "done", arena_printf(page->arena, "%u", finished) },
  };
  page_heading(page, _("Checks are still running"));
  page_blank(page);
  page_paragraph(page, text_fill(page->arena, _("{left} of {all} checks have not finished. Everything you have entered is saved, and the {done} finished checks are kept."), counts, 3));
  page_blank(page);
  page_item(page, "wait", _("Wait here"), "", ROLE_TEXT);
  page_item(page, "quit", _("Stop the checks and quit"), "", ROLE_TEXT);
  page_item(page, "back", _("Go back to what I was doing"), "", ROLE_TEXT);
  page->message = _("Nothing has been lost");
}

/* They ended while the question stood here. */
static void build_finished(struct page *page) {
  page_heading(page, _("The checks have finished"));
  page_blank(page);
  page_paragraph(page, _("Everything you have entered is saved, and so is what was found."));
  page_blank(page);
  page_item(page, "wait", _("See what was found"), "", ROLE_TEXT);
  page_item(page, "quit", _("Quit"), "", ROLE_TEXT);
  page_item(page, "back", _("Go back to what I was doing"), "", ROLE_TEXT);
}

static void build(struct wizard *wizard, struct page *page) {
  if (saving_trouble(wizard)) build_unsaved(wizard, page);
  else if (live_running(wizard)) build_running(wizard, page);
  else build_finished(page);
}

static void copy_and_quit(struct wizard *wizard) {
  struct fault fault = { "" };
  wizard->wishes.quit = saving_copy(wizard, &fault);
  if (!wizard->wishes.quit) wizard_say(wizard, "%s", fault.text);
}

static void go_back(struct wizard *wizard, bool wait) {
  wizard_back(wizard);
  if (wait && wizard_place(wizard)->screen != SCREEN_CHECKS) wizard_go(wizard, SCREEN_CHECKS, "");
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "quit") == 0) wizard->wishes.quit = true;
  else if (strcmp(focus, "copy") == 0) copy_and_quit(wizard);
  else if (strcmp(focus, "retry") != 0) go_back(wizard, strcmp(focus, "wait") == 0);
  else if (saving_try(wizard)) wizard->wishes.quit = !live_running(wizard);
  else wizard_say(wizard, "%s", saving_trouble(wizard));
  return true;
}

const struct screen screen_quit = { .name = "quit", .help = "start", .build = build, .act = act };
