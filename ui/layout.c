#include <stdio.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"
#include "ui/canvas.h"

enum { LEAST_ROWS = 12, LEAST_COLUMNS = 40, MEASURE = 76, NARROW = 70, MOST_LINES = 20000 };

/* One line of the body before it meets the canvas. */
struct line {
  const char *text;
  enum role role;
  size_t indent;
  const char *right;
  enum role right_role;
  const struct block *block;
  bool first;                /* of its block: gets the focus mark */
  size_t cursor;             /* of a field: columns from the indent */
};

struct lines {
  struct arena *arena;
  struct line *all;
  size_t count, width;
  bool narrow;
};

static struct line *add_line(struct lines *lines, const struct block *block, size_t indent, const char *text, enum role role) {
  if (lines->count >= MOST_LINES) return &lines->all[lines->count - 1];
  lines->all = arena_grow(lines->arena, lines->all, lines->count, sizeof *lines->all);
  struct line *line = &lines->all[lines->count++];
  *line = (struct line){ .text = text, .role = role, .indent = indent, .right = "", .block = block };
  return line;
}

static size_t break_at(const char *text, size_t room, bool anywhere) {
  size_t length = text_fit(text, room, NULL), back;
  if (!text[length] || length == 0) return length;
  if (anywhere) return length;
  for (back = length; back > 0 && text[back] != ' '; back--) {}
  return back > 0 ? back : length;
}

static struct line *wrap(struct lines *lines, const struct block *block, size_t indent, const char *text, enum role role, bool anywhere) {
  size_t first = lines->count, room = lines->width > indent ? lines->width - indent : 1;
  do {
    size_t length = break_at(text, room, anywhere);
    if (length == 0 && *text) length = strlen(text) < 4 ? strlen(text) : 1;
    add_line(lines, block, indent, arena_strndup(lines->arena, text, length), role);
    text += length;
    while (!anywhere && *text == ' ') text++;
  } while (*text);
  lines->all[first].first = true;
  return &lines->all[first];
}

/* ---- blocks ---- */

/* The text hangs under its number; the status stands at the right of its last line, or below when there is no room. */
static void add_item(struct lines *lines, const struct block *block) {
  size_t indent = (lines->narrow ? 1 : 2) + block->indent, hang = block->number ? 4 : 0, status = text_width(block->detail), first = lines->count;
  wrap(lines, block, indent + hang, block->text, block->role, false);
  struct line *head = &lines->all[first], *last = &lines->all[lines->count - 1];
  if (last->indent + text_width(last->text) + status + 2 <= lines->width) {
    last->right = block->detail;
    last->right_role = block->detail_role;
  } else {
    struct line *below = add_line(lines, block, indent + hang, "", ROLE_TEXT);
    below->right = block->detail;
    below->right_role = block->detail_role;
    head = &lines->all[first];
  }
  head->indent = indent;
  if (block->number) head->text = arena_printf(lines->arena, "%2u  %s", block->number, head->text);
}

static void add_option(struct lines *lines, const struct block *block) {
  const char *mark = block->kind == BLOCK_TICK ? (block->chosen ? "[x]" : "[ ]") : (block->chosen ? "(x)" : "( )");
  const char *label = block->number ? arena_printf(lines->arena, "%s %u  %s", mark, block->number, block->text) : arena_printf(lines->arena, "%s %s", mark, block->text);
  wrap(lines, block, 2, label, block->role, false);
  if (*block->detail) wrap(lines, block, lines->narrow ? 4 : 9, block->detail, ROLE_TEXT, false)->first = false;
}

static void add_field(struct lines *lines, const struct block *block) {
  size_t room = lines->width > 6 ? lines->width - 6 : 1, at = block->field ? block->field->cursor : 0, columns, start = 0;
  const char *text = block->field ? block->field->text : "";
  if (*block->text) wrap(lines, NULL, 2, block->text, ROLE_TEXT, false);
  while (text_width_n(text + start, at - start) >= room) start += text_grapheme(text + start, strlen(text + start), &columns);
  size_t length = text_fit(text + start, room, &columns);
  struct buf shown = BUF_INIT(16384);
  buf_printf(&shown, "[%.*s", (int)length, text + start);
  buf_pad(&shown, ' ', room > columns ? room - columns : 0);
  buf_char(&shown, ']');
  struct line *line = add_line(lines, block, 2, arena_strndup(lines->arena, buf_string(&shown), shown.length), ROLE_TEXT);
  line->first = true;
  line->cursor = 1 + text_width_n(text + start, at - start);
  buf_release(&shown);
}

static void add_pair(struct lines *lines, const struct block *block) {
  size_t indent = 2, column = 16;
  if (lines->narrow || text_width(block->text) > 13) {
    wrap(lines, block, indent, block->text, ROLE_TEXT, false);
    wrap(lines, block, indent + 2, block->detail, block->detail_role, false)->first = false;
    return;
  }
  size_t first = lines->count;
  wrap(lines, block, column, block->detail, block->detail_role, false);
  struct line *line = &lines->all[first];
  line->indent = indent;
  line->text = arena_printf(lines->arena, "%s%*s%s", block->text, (int)(column - indent - text_width(block->text)), "", line->text);
}

static void add_block(struct lines *lines, const struct block *block) {
  size_t margin = lines->narrow ? 1 : 2;
  switch (block->kind) {
  case BLOCK_HEADING: wrap(lines, block, margin, block->text, ROLE_HEADING, false); break;
  case BLOCK_SECTION: wrap(lines, block, margin, block->text, ROLE_HEADING, false); break;
  case BLOCK_PARAGRAPH: wrap(lines, block, margin + block->indent, block->text, block->role, false); break;
  case BLOCK_BLANK:
    if (lines->count && (!lines->narrow || *lines->all[lines->count - 1].text)) add_line(lines, block, 0, "", ROLE_TEXT);
    break;
  case BLOCK_BULLET: wrap(lines, block, margin + 2, block->text, block->role, false); break;
  case BLOCK_ITEM: add_item(lines, block); break;
  case BLOCK_OPTION:
  case BLOCK_TICK: add_option(lines, block); break;
  case BLOCK_FIELD: add_field(lines, block); break;
  case BLOCK_PAIR: add_pair(lines, block); break;
  case BLOCK_VALUE: wrap(lines, block, margin + 2 + block->indent, block->text, block->role, true); break;
  }
}

/* ---- the frame ---- */

static void rule(struct canvas *canvas, size_t row) {
  for (size_t column = 0; column < canvas->columns; column++) canvas_put(canvas, row, column, 1, "-", ROLE_RULE);
}

static void too_small(struct canvas *canvas) {
  char size[96];
  snprintf(size, sizeof size, _("This window is %zux%zu."), canvas->columns, canvas->rows);
  const char *rows[] = { _("mailstead needs 40x12."), size, _("Make it bigger to carry on,"), _("or press q to quit."), _("Your work is saved.") };
  for (size_t i = 0; i < 5; i++) canvas_put(canvas, i, 0, canvas->columns, rows[i], ROLE_TEXT);
}

static void put_line(struct canvas *canvas, size_t row, const struct line *line, bool focused, const struct layout_view *view, size_t width) {
  size_t column = line->indent;
  canvas_put(canvas, row, column, width - (column < width ? column : width), line->text, line->role);
  if (*line->right) {
    size_t status = text_width(line->right);
    canvas_put(canvas, row, width > status ? width - status : 0, status, line->right, line->right_role);
  }
  if (!focused) return;
  if (line->first) {
    canvas_put(canvas, row, 0, 1, view->ascii ? ">" : "\xe2\x96\xb8", ROLE_HEADING);
    canvas->cursor_row = row;
    canvas->cursor_column = column + line->cursor;
  }
  if (!line->cursor) canvas_focus_row(canvas, row, column, width);
}

size_t layout_body_rows(size_t rows) { return rows > 5 ? rows - 5 : 1; }

static void choose_scroll(const struct lines *lines, const struct block *focus, size_t rows, size_t *scroll) {
  size_t first = lines->count, last = 0;
  for (size_t i = 0; focus && i < lines->count; i++) {
    if (lines->all[i].block != focus) continue;
    if (i < first) first = i;
    last = i;
  }
  if (first < lines->count) {
    bool heads = first > 0 && first <= rows / 2; /* near the top the heading stays in sight */
    if (last >= *scroll + rows) *scroll = last + 1 - rows;
    if (first < *scroll) *scroll = heads ? 0 : first;
  }
  if (*scroll + rows > lines->count) *scroll = lines->count > rows ? lines->count - rows : 0;
}

static void put_body(struct canvas *canvas, const struct page *page, const struct layout_view *view) {
  struct arena *arena = arena_new();
  struct lines lines = { .arena = arena, .narrow = canvas->columns < NARROW, .width = canvas->columns - 1 < MEASURE + 2 ? canvas->columns - 1 : MEASURE + 2 };
  const struct block *focus = view->focus && *view->focus ? page_focus_at(page, page_focus_index(page, view->focus)) : NULL;
  struct block back = { .kind = BLOCK_PARAGRAPH, .text = _("< Back (Esc)"), .detail = "" }, banner = { .kind = BLOCK_PARAGRAPH, .role = ROLE_BANNER, .detail = "" };
  banner.text = _("PRACTICE ESTATE: nothing here is about a real domain.");
  if (page->practice) add_block(&lines, &banner);
  if (page->has_back && canvas->rows >= 20) add_block(&lines, &back);
  for (size_t i = 0; i < page->count; i++) add_block(&lines, &page->blocks[i]);
  size_t rows = layout_body_rows(canvas->rows), more = 0;
  choose_scroll(&lines, focus, rows, view->scroll);
  for (size_t row = 0; row < rows && *view->scroll + row < lines.count; row++) {
    const struct line *line = &lines.all[*view->scroll + row];
    put_line(canvas, row + 2, line, focus && line->block == focus, view, lines.width);
  }
  more = lines.count > *view->scroll + rows ? lines.count - *view->scroll - rows : 0;
  if (more || *view->scroll) {
    char note[96];
    if (*view->scroll && more) snprintf(note, sizeof note, _(" %zu more above, %zu below "), *view->scroll, more);
    else if (more) snprintf(note, sizeof note, _(" %zu more below "), more);
    else snprintf(note, sizeof note, _(" %zu more above "), *view->scroll);
    size_t width = text_width(note);
    if (width + 2 < canvas->columns) canvas_put(canvas, canvas->rows - 3, canvas->columns - width - 1, width, note, ROLE_RULE);
  }
  arena_free(&arena);
}

void layout_page(struct canvas *canvas, const struct page *page, const struct layout_view *view) {
  if (canvas->rows < LEAST_ROWS || canvas->columns < LEAST_COLUMNS) {
    too_small(canvas);
    return;
  }
  const char *language = strcmp(intl_language(), "cy") == 0 ? "English (L)" : "Cymraeg (L)";
  size_t width = canvas->columns - 1, right = text_width(language);
  canvas_put(canvas, 0, 0, width > right + 2 ? width - right - 2 : width, page->where, ROLE_HEADING);
  if (width > right + 20) canvas_put(canvas, 0, width - right, right, language, ROLE_LINK);
  rule(canvas, 1);
  rule(canvas, canvas->rows - 3);
  canvas->cursor_row = 2;
  canvas->cursor_column = 0;
  put_body(canvas, page, view);
  canvas_put(canvas, canvas->rows - 2, 2, width - 2, page->message, ROLE_TEXT);
  canvas_put(canvas, canvas->rows - 1, 2, width - 2, view->key_line, ROLE_TEXT);
}
