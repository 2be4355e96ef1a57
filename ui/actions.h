#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H
#include <stdbool.h>
#include <stddef.h>

/* The one table of actions: keys, the key line, the ? menu and the manual come from it. A letter means one thing everywhere. */
enum action {
  ACTION_NONE, ACTION_OPEN, ACTION_BACK, ACTION_BEFORE, ACTION_UP, ACTION_DOWN, ACTION_NEXT_FIELD, ACTION_PREVIOUS_FIELD, ACTION_LEFT, ACTION_RIGHT, ACTION_SELECT, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_HOME, ACTION_END,
  ACTION_FIND, ACTION_NEXT, ACTION_PREVIOUS, ACTION_MENU, ACTION_HELP, ACTION_INDEX, ACTION_CHECK, ACTION_AGAIN, ACTION_STOP, ACTION_HIDE, ACTION_SINCE, ACTION_COPY, ACTION_COPY_ALL, ACTION_PLAIN,
  ACTION_SAVE, ACTION_EXPORT, ACTION_DOMAINS, ACTION_FINDINGS, ACTION_TASKS, ACTION_ADD, ACTION_REMOVE, ACTION_MESSAGE, ACTION_WHAT_IF, ACTION_YEAR, ACTION_ALL, ACTION_UNDO,
  ACTION_DEFAULT, ACTION_LANGUAGE, ACTION_REDRAW, ACTION_SUSPEND, ACTION_QUIT, ACTION_COUNT,
};

/* Where an action may be done: everywhere; on every screen while a case is open; only on pages that list it (page_can). */
enum action_scope { SCOPE_EVERYWHERE, SCOPE_CASE, SCOPE_LISTED };

struct action_row {
  enum action action;
  enum action_scope scope;
  char letter;             /* 0: a key without a letter */
  const char *key;         /* as shown: "Enter", "r" */
  const char *id;          /* in the ? menu and in scripts: "check" */
  const char *name;        /* in the key line: "Check again" */
  const char *sentence;    /* in the ? menu and the manual */
};

const struct action_row *action_find(enum action action);
const struct action_row *action_of_letter(char letter);
const struct action_row *action_of_id(const char *id);
const struct action_row *action_at(size_t index);  /* null past the end */
bool action_moves(enum action action);             /* only moves about: not worth a line in the ? menu's first part */
#endif
