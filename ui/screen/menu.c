/* Everything that can be done on the page before this one, with the reason where something cannot; Enter does it there. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static void put_row(struct page *page, const struct table *table, const struct action_row *action, const char *reason) {
  struct block *row = page_row(page, table, arena_printf(page->arena, "action:%s", action->id));
  row->closed = reason != NULL;
  row->explain = reason ? reason : _("Press Enter to do it.");
  page_cell(row, 0, _(action->key), ROLE_TEXT);
  page_cell(row, 1, reason ? arena_printf(page->arena, _("%s. Not now: %s"), _(action->sentence), reason) : _(action->sentence), reason ? ROLE_NOTE : ROLE_TEXT);
}

/* The page's own actions first, then what works everywhere, then the keys that only move about. */
static void put_actions(struct page *page, const struct page *below, bool in_case, bool plain) {
  const struct column columns[] = { { .title = _("Key"), .whole = true }, { .title = _("What it does"), .wrap = true } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < below->action_count; i++) put_row(page, table, action_find(below->actions[i].action), below->actions[i].reason);
  for (int moves = 0; moves < 2; moves++) {
    for (size_t i = 0; action_at(i); i++) {
      const struct action_row *action = action_at(i);
      bool usable = action->scope == SCOPE_EVERYWHERE || (action->scope == SCOPE_CASE && in_case);
      if (!usable || page_action(below, action->action) || action_moves(action->action) != (moves == 1) || action->action == ACTION_MENU) continue;
      if (action->action == ACTION_LANGUAGE && !intl_has("cy")) continue;
      if (plain && (moves || !action->letter)) continue; /* lines of text have no keys but letters */
      put_row(page, table, action, NULL);
    }
  }
}

static void build(struct wizard *wizard, struct page *page) {
  const struct page *below = wizard_page_below(wizard, page->arena);
  page_heading(page, _("What you can do here"));
  page_paragraph(page, _("A key means the same on every screen. Letters do not work while a text field has focus. Digits choose the row of that number."));
  page_blank(page);
  if (below) put_actions(page, below, wizard->casefile != NULL, wizard->options.plain);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || strncmp(focus, "action:", 7) != 0) return false;
  const struct action_row *row = action_of_id(focus + 7);
  wizard_back(wizard);
  if (row && row->action != ACTION_BACK) wizard_act(wizard, row->action);
  else wizard_back(wizard);
  return true;
}

const struct screen screen_menu = { .name = "menu", .help = "keys", .build = build, .act = act };
