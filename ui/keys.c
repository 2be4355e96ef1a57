#include "ui/keys.h"

#include <string.h>

#include "src/base/lib.h"

static void in_field(struct wizard *wizard, enum key key, const char *text, size_t length) {
  struct field *field = &wizard->field;
  wizard->changed = true;
  switch (key) {
  case KEY_IS_TEXT: field_insert(field, text, length); break;
  case KEY_IS_BACKSPACE: field_edit(field, FIELD_ERASE); break;
  case KEY_IS_DELETE: field_edit(field, FIELD_DELETE); break;
  case KEY_IS_LEFT: field_edit(field, FIELD_LEFT); break;
  case KEY_IS_RIGHT: field_edit(field, FIELD_RIGHT); break;
  case KEY_IS_HOME: field_edit(field, FIELD_START); break;
  case KEY_IS_END: field_edit(field, FIELD_END); break;
  case KEY_IS_CTRL_U: field_edit(field, FIELD_CLEAR); break;
  default: break;
  }
}

static enum action action_of(enum key key) {
  switch (key) {
  case KEY_IS_ENTER: return ACTION_OPEN;
  case KEY_IS_ESCAPE:
  case KEY_IS_BACKSPACE:
  case KEY_IS_LEFT: return ACTION_BACK;
  case KEY_IS_UP:
  case KEY_IS_SHIFT_TAB: return ACTION_UP;
  case KEY_IS_DOWN:
  case KEY_IS_TAB: return ACTION_DOWN;
  case KEY_IS_RIGHT: return ACTION_OPEN;
  case KEY_IS_PAGE_UP: return ACTION_PAGE_UP;
  case KEY_IS_PAGE_DOWN: return ACTION_PAGE_DOWN;
  case KEY_IS_HOME: return ACTION_HOME;
  case KEY_IS_END: return ACTION_END;
  case KEY_IS_F1:
  case KEY_IS_CTRL_G: return ACTION_MENU;
  case KEY_IS_CTRL_C: return ACTION_QUIT;
  case KEY_IS_CTRL_L: return ACTION_REDRAW;
  default: return ACTION_NONE;
  }
}

static bool is_for_field(enum key key) {
  return key == KEY_IS_TEXT || key == KEY_IS_BACKSPACE || key == KEY_IS_DELETE || key == KEY_IS_LEFT || key == KEY_IS_RIGHT || key == KEY_IS_HOME || key == KEY_IS_END || key == KEY_IS_CTRL_U;
}

static void letter(struct wizard *wizard, char c) {
  const struct action_row *row = action_of_letter(c);
  if (is_digit(c) && c != '0') wizard_choose(wizard, (unsigned)(c - '0'));
  else if (row) wizard_act(wizard, row->action);
  else wizard_say(wizard, "%s", _("That key does nothing here. Press ? to see the keys."));
  wizard->changed = true;
}

void keys_press(struct wizard *wizard, enum key key, const char *text, size_t length, bool pasted) {
  if (!wizard->page) wizard_build(wizard);
  if (wizard->field_active && is_for_field(key)) {
    in_field(wizard, key, text, length);
    return;
  }
  if (key == KEY_IS_TEXT) {
    if (pasted) wizard_say(wizard, "%s", _("There is no text field here to paste into"));
    else if (length == 1) letter(wizard, text[0]);
    wizard->changed = true;
    return;
  }
  enum action action = action_of(key);
  if (action != ACTION_NONE) wizard_act(wizard, action);
}
