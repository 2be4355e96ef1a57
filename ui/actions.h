#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H
#include <stddef.h>

/* The one table of actions: keys, the key line, the ? page and the manual come from it. A letter means one thing everywhere. */
enum action {
  ACTION_NONE, ACTION_OPEN, ACTION_BACK, ACTION_UP, ACTION_DOWN, ACTION_SELECT, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_HOME, ACTION_END, ACTION_FIND,
  ACTION_NEXT, ACTION_PREVIOUS, ACTION_MENU, ACTION_HELP, ACTION_CHECK, ACTION_STOP, ACTION_COPY, ACTION_PLAIN, ACTION_EXPORT, ACTION_SAVE, ACTION_DOMAINS,
  ACTION_FINDINGS, ACTION_TASKS, ACTION_UNDO, ACTION_GUIDANCE, ACTION_LANGUAGE, ACTION_REDRAW, ACTION_QUIT, ACTION_COUNT,
};

struct action_row {
  enum action action;
  char letter;             /* 0: a key without a letter */
  const char *key;         /* as shown: "Enter", "r" */
  const char *name;        /* in the key line: "Check again" */
  const char *sentence;    /* on the ? page */
};

const struct action_row *action_find(enum action action);
const struct action_row *action_of_letter(char letter);
const struct action_row *action_at(size_t index);  /* null past the end */
#endif
