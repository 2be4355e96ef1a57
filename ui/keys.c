#include "ui/keys.h"

#include <string.h>

#include "src/base/lib.h"

static const struct { const char *name; enum key key; enum action action; enum { EDITS_NOT, EDITS } edits; enum field_edit edit; } rows[] = {
  { "Enter", KEY_IS_ENTER, ACTION_OPEN, EDITS_NOT, 0 },          { "Esc", KEY_IS_ESCAPE, ACTION_BACK, EDITS_NOT, 0 },
  { "Up", KEY_IS_UP, ACTION_UP, EDITS_NOT, 0 },                  { "Down", KEY_IS_DOWN, ACTION_DOWN, EDITS_NOT, 0 },
  { "Left", KEY_IS_LEFT, ACTION_LEFT, EDITS, FIELD_LEFT },       { "Right", KEY_IS_RIGHT, ACTION_RIGHT, EDITS, FIELD_RIGHT },
  { "PgUp", KEY_IS_PAGE_UP, ACTION_PAGE_UP, EDITS_NOT, 0 },      { "PgDn", KEY_IS_PAGE_DOWN, ACTION_PAGE_DOWN, EDITS_NOT, 0 },
  { "Home", KEY_IS_HOME, ACTION_HOME, EDITS, FIELD_START },      { "End", KEY_IS_END, ACTION_END, EDITS, FIELD_END },
  { "Backspace", KEY_IS_BACKSPACE, ACTION_BEFORE, EDITS, FIELD_ERASE }, { "Delete", KEY_IS_DELETE, ACTION_REMOVE, EDITS, FIELD_DELETE },
  { "Tab", KEY_IS_TAB, ACTION_NEXT_FIELD, EDITS_NOT, 0 },        { "Shift-Tab", KEY_IS_SHIFT_TAB, ACTION_PREVIOUS_FIELD, EDITS_NOT, 0 },
  { "F1", KEY_IS_F1, ACTION_MENU, EDITS_NOT, 0 },                { "Ctrl-C", KEY_IS_CTRL_C, ACTION_QUIT, EDITS_NOT, 0 },
  { "Ctrl-L", KEY_IS_CTRL_L, ACTION_REDRAW, EDITS_NOT, 0 },      { "Ctrl-U", KEY_IS_CTRL_U, ACTION_NONE, EDITS, FIELD_CLEAR },
  { "Ctrl-G", KEY_IS_CTRL_G, ACTION_MENU, EDITS_NOT, 0 },
};

bool keys_by_name(const char *name, enum key *out) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].name, name) == 0) {
      *out = rows[i].key;
      return true;
    }
  return false;
}

bool keys_by_label(const char *label, enum key *out) {
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(_(rows[i].name), label) == 0) {
      *out = rows[i].key;
      return true;
    }
  return false;
}

/* The words to look for are typed in the message line; other keys end that. */
static bool in_find(struct wizard *wizard, enum key key) {
  if (!wizard->find.typing) return false;
  if (key == KEY_IS_ENTER) find_end(wizard, true);
  else if (key == KEY_IS_ESCAPE) find_end(wizard, false);
  else return key != KEY_IS_CTRL_C && key != KEY_IS_CTRL_L;
  return true;
}

static bool in_field(struct wizard *wizard, enum key key, const char *text, size_t length) {
  struct field *field = !wizard_typing(wizard) ? NULL : wizard->find.typing ? &wizard->find.field : form_edit(wizard, wizard_place(wizard)->focus);
  if (!field) return false;
  if (key == KEY_IS_TEXT) {
    if (!field_insert(field, text, length)) wizard_say_full(wizard);
    return true;
  }
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].key == key && rows[i].edits == EDITS) {
      field_edit(field, rows[i].edit);
      return true;
    }
  return false;
}

static void letter(struct wizard *wizard, char c) {
  const struct action_row *row = action_of_letter(c);
  if (is_digit(c)) wizard_digit(wizard, (unsigned)(c - '0'));
  else if (row) wizard_act(wizard, row->action);
  else wizard_say(wizard, "%s", _("That key does nothing here. Press ? to see the keys."));
}

void keys_press(struct wizard *wizard, enum key key, const char *text, size_t length) {
  wizard_page(wizard);
  if (in_field(wizard, key, text, length) || in_find(wizard, key)) return;
  if (key == KEY_IS_TEXT) {
    if (length == 1) letter(wizard, text[0]);
    return;
  }
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (rows[i].key == key && rows[i].action != ACTION_NONE) wizard_act(wizard, rows[i].action);
}
