#include "ui/layout.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"
#include "ui/lines.h"

enum { LEAST_ROWS = 12, LEAST_COLUMNS = 40, MEASURE = 78, TABLE_MEASURE = 130, NARROW = 70, TWO_PANES = 120, BACK_FROM_ROWS = 20, FIRST_BODY_ROW = 2, FRAME_ROWS = 5, MESSAGE_MOST = 3 };

size_t layout_body_rows(size_t rows) { return rows > FRAME_ROWS ? rows - FRAME_ROWS : 1; }
size_t layout_key_columns(size_t columns) { return columns > 4 ? columns - 3 : columns; }

static void rule(struct canvas *canvas, size_t row) {
  for (size_t column = 0; column < canvas->columns; column++) canvas_put(canvas, row, column, 1, "-", ROLE_RULE);
}

static void too_small(struct canvas *canvas) {
  struct arena *arena = arena_new();
  struct text_argument size[] = { { "columns", arena_printf(arena, "%zu", canvas->columns) }, { "rows", arena_printf(arena, "%zu", canvas->rows) } };
  const char *rows[] = { _("mailstead needs 40x12."), text_fill(arena, _("This window is {columns}x{rows}."), size, 2), _("Make it bigger to carry on,"), _("or press q to quit."), _("Your work is saved.") };
  for (size_t i = 0; i < 5; i++) canvas_put(canvas, i, 0, canvas->columns, rows[i], ROLE_TEXT);
  canvas->cursor_row = canvas->cursor_column = 0;
  arena_free(&arena);
}

/* ---- one pane ---- */

struct pane { size_t from, width, table_width, rows; const struct block *focus; };

static bool fills_row(const struct block *block) { return block->kind != BLOCK_LINK && block->kind != BLOCK_BUTTON && block->kind != BLOCK_FIELD; }

static void put_focus(struct canvas *canvas, size_t row, const struct line *line, const struct piece *piece, const struct pane *pane, bool ascii) {
  size_t column = pane->from + piece->column;
  if (line->first || piece->block != line->block) {
    canvas_put(canvas, row, pane->from, 1, ascii ? ">" : "\xe2\x96\xb8", ROLE_HEADING);
    canvas->cursor_row = row;
    canvas->cursor_column = column + line->cursor < canvas->columns ? column + line->cursor : canvas->columns - 1;
  }
  if (fills_row(piece->block)) canvas_focus_row(canvas, row, column, pane->from + (piece->block->kind == BLOCK_ROW ? pane->table_width : pane->width));
  else if (piece->block->kind != BLOCK_FIELD) canvas_focus_row(canvas, row, column, column + text_width(piece->text));
}

static void put_line(struct canvas *canvas, size_t row, const struct line *line, const struct pane *pane, bool ascii) {
  bool marked = false;
  for (size_t i = 0; i < line->count; i++) {
    const struct piece *piece = &line->pieces[i];
    size_t taken = piece->column < pane->table_width ? canvas_put(canvas, row, pane->from + piece->column, pane->table_width - piece->column, piece->text, piece->role) : 0;
    if (piece->block && piece->block->id) canvas_own(canvas, row, pane->from + piece->column, taken, piece->block->id);
  }
  for (size_t i = 0; i < line->count && !marked; i++) {
    const struct piece *piece = &line->pieces[i];
    if (!pane->focus || piece->block != pane->focus) continue;
    put_focus(canvas, row, line, piece, pane, ascii);
    marked = true;
  }
}

static bool stands_on(const struct line *line, const struct block *block) {
  for (size_t i = 0; i < line->count; i++)
    if (line->pieces[i].block == block) return true;
  return line->block == block;
}

/* Scrolls so that the block is in sight; near the top the heading stays in sight with it. */
static void show_block(const struct lines *lines, const struct block *block, size_t rows, size_t *scroll) {
  size_t first = lines->count, last = 0;
  for (size_t i = 0; block && i < lines->count; i++) {
    if (!stands_on(&lines->all[i], block)) continue;
    if (i < first) first = i;
    last = i;
  }
  if (first == lines->count) return;
  if (last >= *scroll + rows) *scroll = last + 1 - rows;
  if (first < *scroll || last >= first + rows) *scroll = first > 0 && last < rows / 2 + 1 ? 0 : first;
}

static void put_pane(struct canvas *canvas, const struct lines *lines, const struct pane *pane, const struct layout_view *view, size_t *scroll) {
  show_block(lines, pane->focus, pane->rows, scroll);
  show_block(lines, view->reveal, pane->rows, scroll);
  if (*scroll + pane->rows > lines->count) *scroll = lines->count > pane->rows ? lines->count - pane->rows : 0;
  for (size_t row = 0; row < pane->rows && *scroll + row < lines->count; row++) {
    put_line(canvas, FIRST_BODY_ROW + row, &lines->all[*scroll + row], pane, view->ascii);
    if (view->find && *view->find) canvas_match(canvas, FIRST_BODY_ROW + row, view->find);
  }
}

static void put_hidden(struct canvas *canvas, size_t row, size_t above, size_t below) {
  struct arena *arena = arena_new();
  struct text_argument counts[] = { { "above", arena_printf(arena, "%zu", above) }, { "below", arena_printf(arena, "%zu", below) } };
  const char *words = above && below ? _(" More above ({above}) and below ({below}) ") : below ? _(" More below ({below}) ") : _(" More above ({above}) ");
  const char *note = above || below ? text_fill(arena, words, counts, 2) : "";
  size_t width = text_width(note);
  if (width && width + 2 < canvas->columns) canvas_put(canvas, row, canvas->columns - width - 1, width, note, ROLE_NOTE);
  arena_free(&arena);
}

/* ---- the body ---- */

static bool has_side(const struct page *page) {
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].side) return true;
  return false;
}

/* In one pane the blocks of the second one stand below the others, as they were added. */
static void merge_side(struct page *page) {
  for (size_t i = 0; i < page->count; i++) page->blocks[i].side = false;
}

/* What stands above the blocks of every page. */
static void put_top(struct lines *lines, const struct page *page, bool tall, struct block *banner, struct block *back) {
  *banner = (struct block){ .kind = BLOCK_PARAGRAPH, .text = _("PRACTICE ESTATE: nothing here is about a real domain."), .detail = "" };
  *back = (struct block){ .kind = BLOCK_PARAGRAPH, .id = LAYOUT_BACK, .text = page->back ? page->back : _("< Back (Esc)"), .detail = "" };
  if (page->practice) lines_wrap(lines, banner, lines_margin(lines), lines->width, banner->text, ROLE_BANNER, false);
  if (page->has_back && tall) lines_wrap(lines, back, lines_margin(lines), lines->width, back->text, ROLE_TEXT, false);
}

static void put_body(struct canvas *canvas, struct page *page, const struct layout_view *view, size_t rows) {
  struct arena *arena = arena_new();
  bool wide = canvas->columns >= TWO_PANES && has_side(page);
  size_t width = canvas->columns - 1 < MEASURE ? canvas->columns - 1 : MEASURE, side_scroll = 0;
  struct lines main = { .arena = arena, .narrow = canvas->columns < NARROW, .ascii = view->ascii, .width = width }, side = main;
  const struct block *focus = view->focus && *view->focus ? page_find_id(page, view->focus) : NULL;
  struct block banner, back;
  if (!wide) merge_side(page);
  main.table_width = wide ? width : canvas->columns - 1 < TABLE_MEASURE ? canvas->columns - 1 : TABLE_MEASURE;
  put_top(&main, page, canvas->rows >= BACK_FROM_ROWS, &banner, &back);
  lines_make(&main, page, false);
  struct pane left = { .from = 0, .width = width, .table_width = main.table_width, .rows = rows, .focus = focus };
  put_pane(canvas, &main, &left, view, view->scroll);
  if (wide) {
    struct pane right = { .from = MEASURE + 2, .width = canvas->columns - MEASURE - 3, .rows = rows, .focus = focus };
    side.width = side.table_width = right.table_width = right.width < MEASURE ? right.width : MEASURE;
    side.narrow = side.width < NARROW;
    lines_make(&side, page, true);
    put_pane(canvas, &side, &right, view, &side_scroll);
  }
  size_t below = main.count > *view->scroll + rows ? main.count - *view->scroll - rows : 0;
  put_hidden(canvas, FIRST_BODY_ROW + rows, *view->scroll, below);
  if (view->below) *view->below = below;
  arena_free(&arena);
}

/* ---- the frame ---- */

static void put_first_row(struct canvas *canvas, const struct page *page, const char *language) {
  size_t width = canvas->columns - 1, right = text_width(language);
  bool shown = right && width > right + 20;
  canvas_put(canvas, 0, 0, shown ? width - right - 2 : width, page->where, ROLE_HEADING);
  if (shown) canvas_put(canvas, 0, width - right, right, language, ROLE_LINK);
}

/* "Find: words": the part that shows the cursor. */
static void put_prompt(struct canvas *canvas, const struct field *field) {
  const char *label = _("Find: ");
  size_t row = canvas->rows - 2, at = 2 + canvas_put(canvas, row, 2, canvas->columns - 3, label, ROLE_HEADING), room = canvas->columns > at + 2 ? canvas->columns - at - 2 : 1, start = field_start(field, room);
  canvas_put(canvas, row, at, room, field->text + start, ROLE_TEXT);
  canvas->cursor_row = row;
  canvas->cursor_column = at + text_width_n(field->text + start, field->cursor - start);
}

/* A message that is too long for its row takes rows of the body, three at most in all. */
static size_t split_message(struct arena *arena, const char *message, size_t width, const char *out[MESSAGE_MOST]) {
  size_t count = 0;
  while (*message && count < MESSAGE_MOST) {
    size_t length = text_fit(message, width, NULL), back = length;
    while (message[length] && back > 0 && message[back] != ' ') back--;
    if (message[length] && back > 0) length = back;
    if (!length) break;
    out[count++] = arena_strndup(arena, message, length);
    message += length;
    message += strspn(message, " ");
  }
  return count ? count : 1;
}

void layout_page(struct canvas *canvas, struct page *page, const struct layout_view *view) {
  if (canvas->rows < LEAST_ROWS || canvas->columns < LEAST_COLUMNS) {
    too_small(canvas);
    return;
  }
  put_first_row(canvas, page, view->language);
  rule(canvas, 1);
  if (*page->warning) canvas_put(canvas, 1, 2, canvas->columns - 3, page->warning, ROLE_BANNER); /* where nothing scrolls */
  const char *message[MESSAGE_MOST] = { "" };
  size_t messages = view->prompt ? 1 : split_message(page->arena, page->message, canvas->columns - 3, message), rows = layout_body_rows(canvas->rows) - (messages - 1);
  rule(canvas, FIRST_BODY_ROW + rows);
  canvas->cursor_row = FIRST_BODY_ROW;
  canvas->cursor_column = 0;
  put_body(canvas, page, view, rows);
  if (view->prompt) put_prompt(canvas, view->prompt);
  for (size_t i = 0; !view->prompt && i < messages; i++) canvas_put(canvas, canvas->rows - 1 - messages + i, 2, canvas->columns - 3, message[i], ROLE_TEXT);
  canvas_put(canvas, canvas->rows - 1, 2, layout_key_columns(canvas->columns), view->key_line, ROLE_TEXT);
}
