#include "ui/actions.h"

#include <string.h>

#include "src/base/intl.h"
#include "src/base/mem.h"

static const struct action_row rows[] = {
  { ACTION_OPEN, SCOPE_EVERYWHERE, 0, N_("Enter"), "open", N_("Open"), N_("Open, continue, do the focused thing") },
  { ACTION_BACK, SCOPE_EVERYWHERE, 0, N_("Esc"), "back", N_("Back"), N_("Go back. Nothing is lost") },
  { ACTION_BEFORE, SCOPE_EVERYWHERE, 0, N_("Backspace"), "before", N_("Page before"), N_("To the page before: in help through its pages, elsewhere the same as Back") },
  { ACTION_UP, SCOPE_EVERYWHERE, 'k', N_("Up"), "up", N_("Up"), N_("Move up") },
  { ACTION_DOWN, SCOPE_EVERYWHERE, 'j', N_("Down"), "down", N_("Move"), N_("Move down") },
  { ACTION_NEXT_FIELD, SCOPE_EVERYWHERE, 0, N_("Tab"), "next-field", N_("Next"), N_("To the next field, row or link; Shift-Tab to the one before") },
  { ACTION_PREVIOUS_FIELD, SCOPE_EVERYWHERE, 0, N_("Shift-Tab"), "previous-field", N_("Previous"), N_("To the field, row or link before") },
  { ACTION_LEFT, SCOPE_EVERYWHERE, 0, N_("Left"), "left", N_("Close"), N_("Close a branch, else go back") },
  { ACTION_RIGHT, SCOPE_EVERYWHERE, 0, N_("Right"), "right", N_("Open"), N_("Open a branch, else open the focused thing") },
  { ACTION_SELECT, SCOPE_EVERYWHERE, ' ', N_("Space"), "select", N_("Select"), N_("Select or tick. A page down in text") },
  { ACTION_PAGE_UP, SCOPE_EVERYWHERE, 'b', "b", "page-up", N_("Page up"), N_("A page up (also PgUp)") },
  { ACTION_PAGE_DOWN, SCOPE_EVERYWHERE, 0, N_("PgDn"), "page-down", N_("Page down"), N_("A page down") },
  { ACTION_HOME, SCOPE_EVERYWHERE, 'g', "g", "top", N_("Top"), N_("Go to the first (also Home)") },
  { ACTION_END, SCOPE_EVERYWHERE, 'G', "G", "end", N_("End"), N_("Go to the last (also End)") },
  { ACTION_FIND, SCOPE_EVERYWHERE, '/', "/", "find", N_("Find"), N_("Find words in this screen; in help, in all its pages") },
  { ACTION_NEXT, SCOPE_LISTED, 'n', "n", "next", N_("Next"), N_("The next problem, record or match") },
  { ACTION_PREVIOUS, SCOPE_LISTED, 'N', "N", "previous", N_("Previous"), N_("The problem, record or match before") },
  { ACTION_MENU, SCOPE_EVERYWHERE, '?', "?", "menu", N_("Keys"), N_("Everything that can be done here") },
  { ACTION_HELP, SCOPE_EVERYWHERE, 'h', "h", "help", N_("Help"), N_("The help page for this screen") },
  { ACTION_INDEX, SCOPE_LISTED, 'i', "i", "index", N_("Index"), N_("All help pages and terms from A to Z") },
  { ACTION_CHECK, SCOPE_CASE, 'r', "r", "check", N_("Check again"), N_("Examine the domain live") },
  { ACTION_AGAIN, SCOPE_LISTED, 'R', "R", "again", N_("Check this"), N_("Examine only this live again: the topic, or what the step or finding is about") },
  { ACTION_STOP, SCOPE_LISTED, 'S', "S", "stop", N_("Stop"), N_("Stop the checks that are running") },
  { ACTION_HIDE, SCOPE_LISTED, 'p', "p", "hide", N_("Hide good"), N_("Show only what needs attention, or everything") },
  { ACTION_SINCE, SCOPE_LISTED, 'l', "l", "since", N_("Since last time"), N_("What has changed since the check before") },
  { ACTION_COPY, SCOPE_EVERYWHERE, 'c', "c", "copy", N_("Copy"), N_("Send the value, or the focused line, to your terminal's clipboard") },
  { ACTION_COPY_ALL, SCOPE_EVERYWHERE, 'C', "C", "copy-all", N_("Copy all"), N_("Send all of it, or the whole page, to your terminal's clipboard") },
  { ACTION_PLAIN, SCOPE_EVERYWHERE, 'v', "v", "plain", N_("Plain view"), N_("Show the value on one line, or the whole page, outside this screen, to copy it") },
  { ACTION_SAVE, SCOPE_LISTED, 's', "s", "save", N_("Save"), N_("Save it as a file") },
  { ACTION_EXPORT, SCOPE_CASE, 'e', "e", "request", N_("Change request"), N_("The change request") },
  { ACTION_DOMAINS, SCOPE_CASE, 'd', "d", "domains", N_("Domains"), N_("The domains of this case") },
  { ACTION_FINDINGS, SCOPE_CASE, 'f', "f", "findings", N_("Findings"), N_("Everything that was found") },
  { ACTION_TASKS, SCOPE_CASE, 't', "t", "tasks", N_("Tasks"), N_("The list of all steps") },
  { ACTION_ADD, SCOPE_LISTED, 'a', "a", "add", N_("Add"), N_("Add one to the list") },
  { ACTION_REMOVE, SCOPE_LISTED, '-', "-", "remove", N_("Remove"), N_("Take the focused one off the list") },
  { ACTION_MESSAGE, SCOPE_LISTED, 'm', "m", "message", N_("Message"), N_("Draft a message about it") },
  { ACTION_WHAT_IF, SCOPE_LISTED, 'w', "w", "what-if", N_("What if I remove this"), N_("What the total would be without each branch") },
  { ACTION_YEAR, SCOPE_CASE, 'y', "y", "year", N_("2020 or today"), N_("The values of the 2020 guidance, or today's advice: both, and the choice; on a record, the other value") },
  { ACTION_ALL, SCOPE_LISTED, 'x', "x", "all", N_("Open all"), N_("Open or close every branch") },
  { ACTION_UNDO, SCOPE_CASE, 'u', "u", "undo", N_("Undo"), N_("Take the last answer back") },
  { ACTION_DEFAULT, SCOPE_LISTED, 'D', "D", "default", N_("Default"), N_("Set the focused setting back to its default") },
  { ACTION_LANGUAGE, SCOPE_EVERYWHERE, 'L', "L", "language", N_("Language"), N_("English or Welsh") },
  { ACTION_REDRAW, SCOPE_EVERYWHERE, 0, N_("Ctrl-L"), "redraw", N_("Redraw"), N_("Draw the screen again") },
  { ACTION_SUSPEND, SCOPE_EVERYWHERE, 0, N_("Ctrl-Z"), "suspend", N_("Suspend"), N_("Back to the shell for a while; fg returns") },
  { ACTION_QUIT, SCOPE_EVERYWHERE, 'q', "q", "quit", N_("Quit"), N_("Leave mailstead. Your work is saved") },
};

const struct action_row *action_at(size_t index) { return index < MEM_COUNT(rows) ? &rows[index] : NULL; }

const struct action_row *action_find(enum action action) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].action == action) return &rows[i];
  return NULL;
}

const struct action_row *action_of_letter(char letter) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].letter && rows[i].letter == letter) return &rows[i];
  return NULL;
}

const struct action_row *action_of_id(const char *id) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].id, id) == 0) return &rows[i];
  return NULL;
}

bool action_moves(enum action action) { return action >= ACTION_UP && action <= ACTION_END; }
