#include "ui/actions.h"

#include "src/base/intl.h"
#include "src/base/mem.h"

static const struct action_row rows[] = {
  { ACTION_OPEN, 0, "Enter", N_("Open"), N_("Open, continue, do the focused thing") },
  { ACTION_BACK, 0, "Esc", N_("Back"), N_("Go back. Nothing is lost") },
  { ACTION_UP, 'k', "Up", N_("Up"), N_("Move up") },
  { ACTION_DOWN, 'j', "Down", N_("Move"), N_("Move down") },
  { ACTION_SELECT, ' ', "Space", N_("Select"), N_("Select or tick. A page down in text") },
  { ACTION_PAGE_UP, 'b', "PgUp", N_("Page up"), N_("A page up") },
  { ACTION_PAGE_DOWN, 0, "PgDn", N_("Page down"), N_("A page down") },
  { ACTION_HOME, 'g', "Home", N_("Top"), N_("Go to the first") },
  { ACTION_END, 'G', "End", N_("End"), N_("Go to the last") },
  { ACTION_FIND, '/', "/", N_("Find"), N_("Find words in this screen, or in the help pages") },
  { ACTION_NEXT, 'n', "n", N_("Next"), N_("The next problem, record or match") },
  { ACTION_PREVIOUS, 'N', "N", N_("Previous"), N_("The one before") },
  { ACTION_MENU, '?', "?", N_("Keys"), N_("Every key, with what it does") },
  { ACTION_HELP, 'h', "h", N_("Help"), N_("The help page for this screen") },
  { ACTION_CHECK, 'r', "r", N_("Check again"), N_("Examine the domain live") },
  { ACTION_STOP, 'x', "x", N_("Stop"), N_("Stop the checks that are running") },
  { ACTION_COPY, 'c', "c", N_("Copy value"), N_("Send the value to your terminal's clipboard") },
  { ACTION_PLAIN, 'v', "v", N_("Plain view"), N_("Show the value on one line outside this screen, to copy it") },
  { ACTION_EXPORT, 'e', "e", N_("Change request"), N_("The change request") },
  { ACTION_SAVE, 's', "s", N_("Save"), N_("Save the change request as a file") },
  { ACTION_DOMAINS, 'd', "d", N_("Domains"), N_("The domains of this case") },
  { ACTION_FINDINGS, 'f', "f", N_("Findings"), N_("Everything that was found") },
  { ACTION_TASKS, 't', "t", N_("Tasks"), N_("The list of all steps") },
  { ACTION_UNDO, 'u', "u", N_("Undo"), N_("Take the last answer back") },
  { ACTION_GUIDANCE, 'w', "w", N_("2020 or today"), N_("Values of the 2020 guidance, or today's advice") },
  { ACTION_LANGUAGE, 'L', "L", N_("Language"), N_("English or Welsh") },
  { ACTION_REDRAW, 0, "Ctrl-L", N_("Redraw"), N_("Draw the screen again") },
  { ACTION_QUIT, 'q', "q", N_("Quit"), N_("Leave mailstead. Your work is saved") },
};

const struct action_row *action_at(size_t index) { return index < MEM_COUNT(rows) ? &rows[index] : 0; }

const struct action_row *action_find(enum action action) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].action == action) return &rows[i];
  return 0;
}

const struct action_row *action_of_letter(char letter) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].letter && rows[i].letter == letter) return &rows[i];
  return 0;
}
