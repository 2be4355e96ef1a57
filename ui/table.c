/* Tables and trees as lines: columns that size themselves by their cells. */
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"
#include "ui/lines.h"

enum { GAP = 2, LEAST_CUT = 8, LEAST_WHOLE = 3, NUMBER_MARGIN = 4 /* the mark of the focus, two digits, a space */ };

/* ---- the branches of a tree ---- */

/* Does the node at `index`, or its ancestor at that level, have a sister below? */
static bool has_sister(const struct page *page, size_t index, unsigned level) {
  for (size_t i = index + 1; i < page->count; i++) {
    const struct block *block = &page->blocks[i];
    if (block->table != page->blocks[index].table || block->level < level) return false;
    if (block->level == level) return true;
  }
  return false;
}

static const char *tree_cell(struct lines *lines, size_t index) {
  const struct block *block = &lines->page->blocks[index];
  struct buf out = BUF_INIT(4096);
  for (unsigned level = 2; level < block->level; level++)
    buf_text(&out, !has_sister(lines->page, index, level) ? "    " : lines->ascii ? "|   " : "\xe2\x94\x82   ");
  bool more = has_sister(lines->page, index, block->level);
  if (block->level > 1) buf_text(&out, lines->ascii ? (more ? "|-- " : "`-- ") : (more ? "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 " : "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 "));
  if (block->branch == BRANCH_CLOSED) buf_text(&out, "+ ");
  buf_text(&out, block->cells[0].text);
  const char *text = arena_strndup(lines->arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static const char *cell(struct lines *lines, size_t index, size_t column) {
  const struct block *block = &lines->page->blocks[index];
  return column == 0 && block->level ? tree_cell(lines, index) : block->cells[column].text;
}

/* ---- widths ---- */

static size_t total(const struct lines *lines, const struct table *table) {
  size_t sum = 0, shown = 0;
  for (size_t i = 0; i < table->count; i++) {
    sum += lines->widths[i];
    shown += lines->widths[i] > 0;
  }
  return sum + (shown ? (shown - 1) * GAP : 0);
}

/* Takes a column's width down, the widest one that may be cut; false when none may. */
static bool cut_one(struct lines *lines, const struct table *table, bool whole_too) {
  size_t widest = table->count;
  for (size_t i = 0; i < table->count; i++) {
    if (lines->widths[i] <= (whole_too ? LEAST_WHOLE : LEAST_CUT) || (table->columns[i].whole && !whole_too)) continue;
    if (widest == table->count || lines->widths[i] > lines->widths[widest]) widest = i;
  }
  if (widest == table->count) return false;
  lines->widths[widest]--;
  return true;
}

/* How much could be cut without leaving a column out. */
static size_t slack(const struct lines *lines, const struct table *table) {
  size_t sum = 0;
  for (size_t i = 0; i < table->count; i++)
    if (!table->columns[i].whole && lines->widths[i] > LEAST_CUT) sum += lines->widths[i] - LEAST_CUT;
  return sum;
}

static bool drop_one(struct lines *lines, const struct table *table) {
  size_t chosen = table->count;
  for (size_t i = 0; i < table->count; i++)
    if (table->columns[i].drop && lines->widths[i] && (chosen == table->count || table->columns[i].drop > table->columns[chosen].drop)) chosen = i;
  if (chosen == table->count) return false;
  lines->widths[chosen] = 0;
  return true;
}

static void choose_widths(struct lines *lines, const struct table *table, size_t room) {
  lines->table = table;
  lines->widths = ARENA_ARRAY(lines->arena, size_t, table->count);
  for (size_t i = 0; i < lines->page->count; i++) {
    if (lines->page->blocks[i].table != table) continue;
    for (size_t column = 0; column < table->count; column++) {
      size_t width = text_width(cell(lines, i, column));
      if (width > lines->widths[column]) lines->widths[column] = width;
    }
  }
  while (total(lines, table) > room + slack(lines, table) && drop_one(lines, table)) {}
  while (total(lines, table) > room && cut_one(lines, table, false)) {}
  while (total(lines, table) > room && cut_one(lines, table, true)) {}
}

/* ---- rows ---- */

/* How much of the text goes in a line of its cell: to a space in the second half of it, else as much as fits. */
static size_t cell_break(const char *text, size_t width) {
  size_t length = text_fit(text, width, NULL), back = length;
  if (!text[length]) return length;
  while (back > length / 2 && text[back] != ' ') back--;
  return back > length / 2 ? back : length;
}

/* What does not fit in a cell that wraps, below it. */
static void add_rest(struct lines *lines, const struct block *block, size_t column, size_t width, const char *text, enum role role) {
  for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
    size_t length = cell_break(text, width);
    if (!length) return;
    lines_add(lines, block, column, arena_strndup(lines->arena, text, length), role);
    text += length;
  }
}

static bool is_numbered(const struct lines *lines, const struct table *table) {
  for (size_t i = 0; i < lines->page->count; i++)
    if (lines->page->blocks[i].table == table && lines->page->blocks[i].number) return true;
  return false;
}

/* The number by which a row is chosen stands in the margin. */
static void add_number(struct lines *lines, struct line *line, const struct block *block, size_t margin) {
  const char *number = block->number ? arena_printf(lines->arena, "%u", block->number) : "";
  size_t width = text_width(number);
  if (width && width + 2 <= margin) lines_piece(lines, line, margin - width - 1, number, ROLE_TEXT);
}

void lines_add_row(struct lines *lines, size_t index) {
  const struct block *block = &lines->page->blocks[index];
  const struct table *table = block->table;
  size_t at = lines_margin(lines) + (is_numbered(lines, table) ? NUMBER_MARGIN - lines_margin(lines) : lines->narrow ? 0 : 2) + block->indent, room = lines->table_width > at ? lines->table_width - at : 1, rest_column = 0, rest_width = 0;
  const char *rest = "";
  enum role rest_role = ROLE_TEXT;
  if (lines->table != table) choose_widths(lines, table, room);
  struct line *line = lines_add(lines, block, at, "", ROLE_TEXT);
  line->first = true;
  line->count = 0;
  add_number(lines, line, block, at);
  for (size_t i = 0; i < table->count; i++) {
    size_t width = lines->widths[i];
    const char *text = cell(lines, index, i), *shown = text;
    if (!width) continue;
    if (text_width(text) > width && table->columns[i].wrap && !*rest) {
      size_t length = cell_break(text, width);
      shown = arena_strndup(lines->arena, text, length);
      rest = text + length;
      rest_column = at;
      rest_width = width;
      rest_role = block->cells[i].role;
    } else {
      shown = lines_cut(lines, text, width);
    }
    size_t column = table->columns[i].right ? at + width - text_width(shown) : at;
    lines_piece(lines, line, column, shown, block->cells[i].role);
    at += width + GAP;
  }
  if (rest_width) add_rest(lines, block, rest_column, rest_width, rest, rest_role);
}

/* ---- the timeline ---- */

static const char *stage_label(struct lines *lines, const struct block *block, size_t index) { return arena_printf(lines->arena, "[%zu %s]", index + 1, block->stages[index].title); }

static const char *stage_word(const struct stage *stage) { return stage->state == STAGE_DONE ? _("done") : stage->state == STAGE_HERE ? _("you are here") : _("not started"); }

static bool stages_fit(struct lines *lines, const struct block *block, size_t each) {
  for (size_t i = 0; i < block->stage_count; i++) {
    const struct stage *stage = &block->stages[i];
    if (text_width(stage_label(lines, block, i)) + 2 > each || text_width(stage->detail) + 2 > each || text_width(stage->date) + 2 > each || text_width(stage_word(stage)) + 2 > each) return false;
  }
  return true;
}

static void add_stage_row(struct lines *lines, const struct block *block, size_t margin, size_t each, int which) {
  struct line *line = lines_add(lines, block, margin, "", ROLE_TEXT);
  bool any = false;
  for (size_t i = 0; i < block->stage_count; i++) {
    const struct stage *stage = &block->stages[i];
    const char *text = which == 0 ? stage->date : which == 1 ? stage->detail : stage_word(stage);
    any |= *text != '\0';
    lines_piece(lines, line, margin + i * each + 1, text, which == 2 && stage->state == STAGE_HERE ? ROLE_HEADING : ROLE_TEXT);
  }
  if (!any) lines->count--;
}

/* Done and present stages are joined by "=", later ones by ".". */
static void add_road(struct lines *lines, const struct block *block, size_t margin, size_t each) {
  struct line *line = lines_add(lines, block, margin, "", ROLE_TEXT);
  for (size_t i = 0; i < block->stage_count; i++) {
    const char *label = stage_label(lines, block, i);
    size_t width = text_width(label);
    lines_piece(lines, line, margin + i * each, label, block->stages[i].state == STAGE_HERE ? ROLE_HEADING : ROLE_TEXT);
    if (i + 1 == block->stage_count) break;
    struct buf road = BUF_INIT(512);
    buf_pad(&road, block->stages[i].state == STAGE_DONE ? '=' : '.', each - width);
    lines_piece(lines, line, margin + i * each + width, arena_strndup(lines->arena, buf_string(&road), road.length), ROLE_RULE);
    buf_release(&road);
  }
}

void lines_add_timeline(struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines) + 2, each = block->stage_count && lines->width > margin ? (lines->width - margin) / block->stage_count : 0;
  if (stages_fit(lines, block, each)) {
    add_stage_row(lines, block, margin, each, 0);
    add_road(lines, block, margin, each);
    add_stage_row(lines, block, margin, each, 1);
    add_stage_row(lines, block, margin, each, 2);
    return;
  }
  for (size_t i = 0; i < block->stage_count; i++) {
    const struct stage *stage = &block->stages[i];
    const char *text = arena_printf(lines->arena, "%zu %s%s%s: %s%s%s", i + 1, stage->title, *stage->detail ? ", " : "", stage->detail, stage_word(stage), *stage->date ? ", " : "", stage->date);
    lines_wrap(lines, block, margin, lines->width, text, stage->state == STAGE_HERE ? ROLE_HEADING : ROLE_TEXT, false);
  }
}
