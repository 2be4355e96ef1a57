#include "ui/layout.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/text.h"
#include "ui/lines.h"

enum { LEAST_ROWS = 12, LEAST_COLUMNS = 40, MEASURE = 78, TABLE_MEASURE = 130, NARROW = 70, TWO_PANES = 120, LEFT_LEAST = 72, LEFT_MOST = 100, GUTTER = 3, LEAST_BESIDE = 8, TALL = 30, BACK_FROM_ROWS = 20, FIRST_BODY_ROW = 2, FRAME_ROWS = 5, MESSAGE_MOST = 3 };

bool layout_shows_beside(size_t rows, size_t columns) { return columns >= TWO_PANES ? rows >= LEAST_ROWS : rows >= TALL && columns >= LEAST_COLUMNS; }

/* The second pane has what the first leaves. */
static size_t layout_left(size_t columns) {
  size_t left = columns * 3 / 5;
  return left < LEFT_LEAST ? LEFT_LEAST : left > LEFT_MOST ? LEFT_MOST : left;
}

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

struct pane { size_t from, first, width, table_width, rows; const struct block *focus; const char *owner; /* of all of it: a press there opens that; null: each line its own */ };

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
    const char *owner = pane->owner ? pane->owner : piece->block ? piece->block->id : NULL;
    if (owner) canvas_own(canvas, row, pane->from + piece->column, taken, owner);
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
    put_line(canvas, pane->first + row, &lines->all[*scroll + row], pane, view->ascii);
    if (view->find && *view->find) canvas_match(canvas, pane->first + row, view->find);
  }
}

/* How much is out of sight, in the rule below: at the right of what scrolls. `more` is how to see the rest where it does not scroll. */
static void put_hidden(struct canvas *canvas, size_t row, size_t right, size_t above, size_t below, const char *more) {
  struct arena *arena = arena_new_sized(1024);
  struct text_argument counts[] = { { "above", arena_printf(arena, "%zu", above) }, { "below", arena_printf(arena, "%zu", below) } };
  const char *words = *more ? more : above && below ? _(" More above ({above}) and below ({below}) ") : below ? _(" More below ({below}) ") : _(" More above ({above}) ");
  const char *note = above || below ? text_fill(arena, words, counts, 2) : "";
  size_t width = text_width(note);
  if (width && width + 2 < right) canvas_put(canvas, row, right - width - 1, width, note, ROLE_NOTE);
  arena_free(&arena);
}

/* ---- the body ---- */

static bool has_side(const struct page *page) {
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].side) return true;
  return false;
}

/* What stands above the blocks of every page. */
static void put_top(struct lines *lines, const struct page *page, bool tall, struct block *banner, struct block *back) {
  *banner = (struct block){ .kind = BLOCK_PARAGRAPH, .text = _("PRACTICE ESTATE: nothing here is about a real domain."), .detail = "" };
  *back = (struct block){ .kind = BLOCK_PARAGRAPH, .id = LAYOUT_BACK, .text = page->back ? page->back : _("< Back (Esc)"), .detail = "" };
  if (page->practice) lines_wrap(lines, banner, lines_margin(lines), lines->width, banner->text, ROLE_BANNER, false);
  if (page->has_back && tall) lines_wrap(lines, back, lines_margin(lines), lines->width, back->text, ROLE_TEXT, false);
}

struct body { struct arena *arena; const struct page *page; const struct layout_view *view; size_t columns, rows; bool two; struct block banner, back; };

static struct lines blank_lines(const struct body *body, size_t width, size_t table_width) {
  return (struct lines){ .arena = body->arena, .ascii = body->view->ascii, .width = width < MEASURE ? width : MEASURE, .table_width = table_width, .narrow = width < NARROW };
}

/* Words that were cut go on below, as far as everything stays in sight. */
static struct lines main_lines(struct body *body, size_t width, bool tall) {
  static const size_t folds[] = { 1, 2, 100 };
  struct lines best = { .cut = true };
  for (size_t i = 0; i < MEM_COUNT(folds) && best.cut; i++) {
    struct lines made = blank_lines(body, width, width < TABLE_MEASURE ? width : TABLE_MEASURE);
    made.folds = folds[i];
    put_top(&made, body->page, tall, &body->banner, &body->back);
    lines_make(&made, body->page, body->two ? LINES_OF_MAIN : LINES_OF_ALL);
    if (i > 0 && made.count > body->rows) break;
    best = made;
    if (made.count >= body->rows) break;
  }
  return best;
}

/* The second pane, at a place: what the page puts there, or what the focused row opens. It does not scroll: Enter shows it whole. */
static void put_beside(struct canvas *canvas, const struct body *body, size_t from, size_t first, size_t rows) {
  bool own = has_side(body->page);
  size_t width = canvas->columns - 1 - from, scroll = 0;
  struct lines side = blank_lines(body, width, width < MEASURE ? width : MEASURE);
  struct pane pane = { .from = from, .first = first, .width = side.width, .table_width = side.table_width, .rows = rows, .owner = own ? NULL : body->view->focus };
  if (own && body->view->focus) pane.focus = page_find_id(body->page, body->view->focus);
  lines_make(&side, own ? body->page : body->view->beside, own ? LINES_OF_SIDE : LINES_OF_ALL);
  put_pane(canvas, &side, &pane, body->view, &scroll);
  size_t below = side.count > scroll + rows ? side.count - scroll - rows : 0;
  put_hidden(canvas, first + rows, canvas->columns, scroll, below, own ? "" : _(" Enter shows {below} more lines "));
}

static void put_body(struct canvas *canvas, struct arena *arena, struct page *page, const struct layout_view *view, size_t rows) {
  struct body body = { .arena = arena, .page = page, .view = view, .columns = canvas->columns, .rows = rows };
  body.two = canvas->columns >= TWO_PANES && (view->beside || has_side(page));
  size_t left = body.two ? layout_left(canvas->columns) : canvas->columns, width = body.two ? left : canvas->columns - 1;
  struct lines main = main_lines(&body, width, canvas->rows >= BACK_FROM_ROWS);
  struct pane pane = { .first = FIRST_BODY_ROW, .width = main.width, .table_width = main.table_width, .rows = rows };
  if (view->focus && *view->focus) pane.focus = page_find_id(page, view->focus);
  put_pane(canvas, &main, &pane, view, view->scroll);
  size_t below = main.count > *view->scroll + rows ? main.count - *view->scroll - rows : 0;
  put_hidden(canvas, FIRST_BODY_ROW + rows, left, *view->scroll, below, "");
  if (view->below) *view->below = below;
  if (body.two) {
    put_beside(canvas, &body, left + GUTTER, FIRST_BODY_ROW, rows);
  } else if (view->beside && view->beside->count && main.count + LEAST_BESIDE < rows) {
    rule(canvas, FIRST_BODY_ROW + main.count + 1);
    put_beside(canvas, &body, 0, FIRST_BODY_ROW + main.count + 2, rows - main.count - 2);
  }
}

/* ---- the frame ---- */

static void put_first_row(struct canvas *canvas, struct arena *arena, const struct page *page, const struct layout_view *view) {
  const struct lines one = { .arena = arena, .ascii = view->ascii };
  const char *language = view->language;
  size_t width = canvas->columns - 1, right = text_width(language);
  bool shown = right && width > right + 20;
  canvas_put(canvas, 0, 0, width, lines_cut(&one, page->where, shown ? width - right - 2 : width), ROLE_HEADING);
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
static size_t split_message(struct arena *arena, const char *message, bool ascii, size_t width, const char *out[MESSAGE_MOST]) {
  const struct lines one = { .arena = arena, .ascii = ascii };
  size_t count = 0;
  while (*message && count < MESSAGE_MOST) {
    size_t length = text_fit(message, width, NULL), back = length;
    while (message[length] && back > 0 && message[back] != ' ') back--;
    if (message[length] && back > 0) length = back;
    if (!length) break;
    out[count] = count + 1 < MESSAGE_MOST ? arena_strndup(arena, message, length) : lines_cut_words(&one, message, width);
    count++;
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
  struct arena *arena = arena_new();
  put_first_row(canvas, arena, page, view);
  rule(canvas, 1);
  if (*page->warning) canvas_put(canvas, 1, 2, canvas->columns - 3, page->warning, ROLE_BANNER); /* where nothing scrolls */
  const char *message[MESSAGE_MOST] = { "" };
  size_t messages = view->prompt ? 1 : split_message(arena, page->message, view->ascii, canvas->columns - 3, message), rows = layout_body_rows(canvas->rows) - (messages - 1);
  rule(canvas, FIRST_BODY_ROW + rows);
  canvas->cursor_row = FIRST_BODY_ROW;
  canvas->cursor_column = 0;
  put_body(canvas, arena, page, view, rows);
  if (view->prompt) put_prompt(canvas, view->prompt);
  for (size_t i = 0; !view->prompt && i < messages; i++) canvas_put(canvas, canvas->rows - 1 - messages + i, 2, canvas->columns - 3, message[i], ROLE_TEXT);
  canvas_put(canvas, canvas->rows - 1, 2, layout_key_columns(canvas->columns), view->key_line, ROLE_TEXT);
  arena_free(&arena);
}
