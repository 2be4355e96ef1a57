/* The key line: what works right now, most useful first, as much as fits. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

enum { WIDE_GAP = 3, NARROW_GAP = 2, NARROW_FROM = 70 };

struct key_line {
  struct arena *arena;
  struct buf text;
  size_t room, gap;
};

static bool put(struct key_line *line, const char *key, const char *name, size_t reserved) {
  const char *one = arena_printf(line->arena, "%s %s", key, name);
  size_t gap = line->text.length ? line->gap : 0;
  if (text_width(buf_string(&line->text)) + gap + text_width(one) + reserved > line->room) return false;
  buf_pad(&line->text, ' ', gap);
  buf_text(&line->text, one);
  return true;
}

static bool leads(struct wizard *wizard, const struct block *block) {
  const char *argument;
  enum screen_id to;
  return wizard_leads(wizard, block->id, &to, &argument);
}

/* What Enter does to the focused block. */
static const char *enter_name(struct wizard *wizard, const struct block *block) {
  if (block->kind == BLOCK_TICK && leads(wizard, block)) return _("Open");
  switch (block->kind) {
  case BLOCK_OPTION: return _("Select");
  case BLOCK_SUMMARY: return _("Change");
  case BLOCK_TICK: return _("Tick");
  case BLOCK_BUTTON: return block->text;
  case BLOCK_FIELD: return _("Next");
  default: return strncmp(block->id, "error:", 6) == 0 ? _("Go to problem") : _("Open");
  }
}

static const char *name_of(enum action action) { return _(action_find(action)->name); }

static void put_typing(struct key_line *line, const struct wizard *wizard) {
  if (wizard->find.typing) {
    put(line, _("Enter"), _("Find"), 0);
    put(line, _("Esc"), _("Cancel"), 0);
    return;
  }
  put(line, _("Enter"), _("Continue"), 0);
  put(line, _("Tab"), name_of(ACTION_NEXT_FIELD), 0);
  put(line, _("Ctrl-G"), name_of(ACTION_MENU), 0);
  put(line, _("Esc"), wizard->depth > 1 ? name_of(ACTION_BACK) : name_of(ACTION_QUIT), 0);
  put(line, _("Ctrl-C"), name_of(ACTION_QUIT), 0);
}

/* The width of what every line ends with. */
static size_t tail_width(const struct key_line *line, const struct wizard *wizard) {
  size_t width = text_width("? ") + text_width(name_of(ACTION_MENU)) + line->gap;
  width += wizard->depth > 1 ? line->gap + text_width(_("Esc")) + 1 + text_width(name_of(ACTION_BACK)) : 0;
  return width + line->gap + text_width("q ") + text_width(name_of(ACTION_QUIT));
}

static void put_page_keys(struct key_line *line, struct wizard *wizard, size_t tail) {
  struct page *page = wizard_page(wizard);
  const struct block *focus = wizard_focused(wizard);
  if (find_active(wizard)) {
    put(line, "n", name_of(ACTION_NEXT), tail);
    put(line, "N", name_of(ACTION_PREVIOUS), tail);
  }
  if (focus && !focus->closed) put(line, _("Enter"), enter_name(wizard, focus), tail);
  if (!focus && wizard->below) put(line, _("Space"), name_of(ACTION_PAGE_DOWN), tail);
  if (!focus && wizard_place(wizard)->scroll) put(line, "b", name_of(ACTION_PAGE_UP), tail);
  if (focus && focus->branch != BRANCH_LEAF) put(line, _("Right/Left"), _("Open, close"), tail);
  for (size_t i = 0; i < page->action_count; i++) {
    const struct action_row *row = action_find(page->actions[i].action);
    bool said = row->action == ACTION_SELECT && focus && focus->kind == BLOCK_OPTION; /* by Enter */
    if (!page->actions[i].reason && !said) put(line, _(row->key), _(row->name), tail);
  }
  if (!focus && page_focus_count(page)) put(line, _("Tab"), _("Links"), tail);
}

const char *wizard_key_line(struct wizard *wizard, struct arena *arena, size_t columns) {
  struct key_line line = { .arena = arena, .text = BUF_INIT(4096), .room = columns, .gap = columns < NARROW_FROM ? NARROW_GAP : WIDE_GAP };
  if (wizard_typing(wizard)) {
    put_typing(&line, wizard);
  } else {
    put_page_keys(&line, wizard, tail_width(&line, wizard));
    put(&line, "?", name_of(ACTION_MENU), 0);
    if (wizard->depth > 1) put(&line, _("Esc"), name_of(ACTION_BACK), 0);
    put(&line, "q", name_of(ACTION_QUIT), 0);
  }
  const char *text = arena_strndup(arena, buf_string(&line.text), line.text.length);
  buf_release(&line.text);
  return text;
}
