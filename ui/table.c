/* Tables and trees as lines: columns that size themselves by their cells. */
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"
#include "ui/lines.h"

enum { GAP = 2, LEAST_CUT = 8, LEAST_WHOLE = 3, NUMBER_MARGIN = 2 /* the mark of the focus before the digits, a space behind them */ };

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

/* What the cells would take, and whether rows have numbers. */
static void measure(struct lines *lines, const struct table *table) {
  lines->numbered = 0;
  for (size_t i = 0; i < lines->page->count; i++) {
    if (lines->page->blocks[i].table != table) continue;
    if (lines->page->blocks[i].number > lines->numbered) lines->numbered = lines->page->blocks[i].number;
    for (size_t column = 0; column < table->count; column++) {
      size_t width = text_width(cell(lines, i, column));
      if (width > lines->widths[column]) lines->widths[column] = width;
    }
  }
}

static bool fold(struct lines *lines, const struct table *table) {
  bool any = false;
  for (size_t i = 0; i < table->count; i++) {
    if (!table->columns[i].fold || !lines->widths[i]) continue;
    lines->widths[i] = 0;
    any = true;
  }
  return any;
}

/* Where the row begins: its number stands before it, in the margin. */
static size_t row_start(const struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines), digits = 2;
  for (unsigned most = 100; most <= lines->numbered && digits < 6; most *= 10) digits++;
  return (lines->numbered ? NUMBER_MARGIN + digits : lines->narrow ? margin : margin + 2) + block->indent;
}

static void choose_widths(struct lines *lines, const struct block *block) {
  const struct table *table = block->table;
  lines->table = table;
  lines->widths = ARENA_ARRAY(lines->arena, size_t, table->count);
  measure(lines, table);
  size_t start = row_start(lines, block), room = lines->table_width > start ? lines->table_width - start : 1;
  lines->folded = lines->narrow && total(lines, table) > room && fold(lines, table);
  while (total(lines, table) > room + slack(lines, table) && drop_one(lines, table)) {}
  while (total(lines, table) > room && cut_one(lines, table, false)) {}
  while (total(lines, table) > room && cut_one(lines, table, true)) {}
}

/* ---- rows ---- */

/* How much of the text goes in a line of its cell: to a space in the second half of it (of words, to any), else as much as fits. */
static size_t cell_break(const char *text, size_t width, bool words) {
  size_t length = text_fit(text, width, NULL), least = words ? 0 : length / 2, back = length;
  if (!text[length]) return length;
  while (back > least && text[back] != ' ') back--;
  return back > least ? back : length;
}

/* What stands in the line of a cell: all that fits, and the rest of the text for the line below; or the text cut, and no rest. */
static const char *cell_line(struct lines *lines, const struct column *column, size_t width, size_t number, const char **text) {
  const char *whole = *text;
  bool goes_on = column->wrap || (column->fold && number < lines->folds);
  *text = "";
  if (text_width(whole) <= width) return whole;
  lines->cut |= column->fold && !goes_on;
  size_t length = goes_on ? cell_break(whole, width, column->fold) : 0;
  if (!length) return column->fold ? lines_cut_words(lines, whole, width) : lines_cut(lines, whole, width);
  *text = whole + length + strspn(whole + length, " ");
  return arena_strndup(lines->arena, whole, length);
}

/* The number by which a row is chosen stands in the margin. */
static void add_number(struct lines *lines, struct line *line, const struct block *block, size_t margin) {
  const char *number = block->number ? arena_printf(lines->arena, "%u", block->number) : "";
  size_t width = text_width(number);
  if (width && width + 2 <= margin) lines_piece(lines, line, margin - width - 1, number, ROLE_TEXT);
}

/* The line of that number, from 1, of the row; what is left of each cell stands in `rest` afterwards. False: nothing is left. */
static bool add_row_line(struct lines *lines, const struct block *block, size_t at, size_t number, const char **rest) {
  const struct table *table = block->table;
  struct line *line = lines_add(lines, block, at, "", ROLE_TEXT);
  bool more = false, first = number == 1;
  line->first = first;
  line->count = 0;
  if (first) add_number(lines, line, block, at);
  for (size_t i = 0; i < table->count; i++) {
    size_t width = lines->widths[i];
    if (!width) continue;
    const char *shown = cell_line(lines, &table->columns[i], width, number, &rest[i]);
    size_t column = table->columns[i].right ? at + width - text_width(shown) : at;
    if (first || *shown) lines_piece(lines, line, column, shown, block->cells[i].role);
    more |= *rest[i] != '\0';
    at += width + GAP;
  }
  return more;
}

/* The columns that folded, below the row: two lines of words at most. */
static void add_folded(struct lines *lines, const struct block *block, size_t at) {
  const struct table *table = block->table;
  struct buf text = BUF_INIT(1 << 16);
  enum role role = ROLE_TEXT;
  for (size_t i = 0; block->kind == BLOCK_ROW && i < table->count; i++) {
    const struct column *column = &table->columns[i];
    if (!column->fold || !*block->cells[i].text) continue;
    role = text.length ? ROLE_TEXT : block->cells[i].role;
    buf_printf(&text, "%s%s%s%s", text.length ? ", " : "", column->said || column->right ? column->title : "", column->said || column->right ? " " : "", block->cells[i].text);
  }
  size_t room = lines->table_width > at ? lines->table_width - at : 1;
  const char *words = arena_strndup(lines->arena, buf_string(&text), text.length);
  size_t length = cell_break(words, room, true);
  if (*words) lines_add(lines, block, at, arena_strndup(lines->arena, words, length), role);
  words += length + strspn(words + length, " ");
  if (*words && length) lines_add(lines, block, at, lines_cut_words(lines, words, room), role);
  buf_release(&text);
}

void lines_add_row(struct lines *lines, size_t index) {
  const struct block *block = &lines->page->blocks[index];
  if (lines->table != block->table) choose_widths(lines, block);
  size_t at = row_start(lines, block);
  const char **rest = ARENA_ARRAY(lines->arena, const char *, block->table->count);
  for (size_t i = 0; i < block->table->count; i++) rest[i] = cell(lines, index, i);
  for (size_t number = 1; add_row_line(lines, block, at, number, rest); number++) {}
  if (lines->folded) add_folded(lines, block, at + 2);
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
