#ifndef UI_KEYS_H
#define UI_KEYS_H
#include "ui/wizard.h"

/* Keys, whatever back end they come from. */
enum key {
  KEY_IS_TEXT, KEY_IS_ENTER, KEY_IS_ESCAPE, KEY_IS_UP, KEY_IS_DOWN, KEY_IS_LEFT, KEY_IS_RIGHT, KEY_IS_PAGE_UP, KEY_IS_PAGE_DOWN, KEY_IS_HOME, KEY_IS_END,
  KEY_IS_BACKSPACE, KEY_IS_DELETE, KEY_IS_TAB, KEY_IS_SHIFT_TAB, KEY_IS_F1, KEY_IS_CTRL_C, KEY_IS_CTRL_L, KEY_IS_CTRL_U, KEY_IS_CTRL_G, KEY_COUNT,
};

/* One key press; `text` with KEY_IS_TEXT: the character typed. */
void keys_press(struct wizard *wizard, enum key key, const char *text, size_t length);
/* The key of a name as scripts and the manual write it: "Enter", "Ctrl-U". */
bool keys_by_label(const char *label, enum key *out); /* as the key line has it, in the user's language */
bool keys_by_name(const char *name, enum key *out);
#endif
