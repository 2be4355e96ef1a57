#include "ui/lines.h"

#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"

enum { MOST_LINES = 20000, LABEL_LEAST = 12, LABEL_MOST = 22, FIELD_MOST_COLUMNS = 66, STATE_MOST = 24, WORD_MOST = 10 };

struct line *lines_add(struct lines *lines, const struct block *block, size_t column, const char *text, enum role role) {
  if (lines->count >= MOST_LINES) return &lines->all[lines->count - 1];
  lines->all = arena_grow(lines->arena, lines->all, lines->count, sizeof *lines->all);
  struct line *line = &lines->all[lines->count++];
  *line = (struct line){ .block = block };
  lines_piece(lines, line, column, text, role);
  return line;
}

void lines_piece(struct lines *lines, struct line *line, size_t column, const char *text, enum role role) {
  line->pieces = arena_grow(lines->arena, line->pieces, line->count, sizeof *line->pieces);
  line->pieces[line->count++] = (struct piece){ column, text, role, line->block };
}

bool lines_are_blank(const struct line *line) { return line->count == 1 && !*line->pieces[0].text; }
size_t lines_margin(const struct lines *lines) { return lines->narrow ? 1 : 2; }

static size_t break_at(const char *text, size_t room, bool anywhere) {
  size_t length = text_fit(text, room, NULL), back;
  if (!text[length] || length == 0 || anywhere) return length;
  for (back = length; back > 0 && text[back] != ' '; back--) {}
  return back > 0 ? back : length;
}

size_t lines_wrap(struct lines *lines, const struct block *block, size_t column, size_t width, const char *text, enum role role, bool anywhere) {
  size_t first = lines->count, room = width > column ? width - column : 1, columns;
  do {
    size_t length = break_at(text, room, anywhere);
    if (length == 0 && *text) length = text_grapheme(text, strlen(text), &columns); /* wider than the room: the canvas cuts it */
    lines_add(lines, block, column, arena_strndup(lines->arena, text, length), role);
    text += length;
    while (!anywhere && *text == ' ') text++;
  } while (*text && lines->count < MOST_LINES);
  if (first >= lines->count) first = lines->count - 1;
  return first;
}

static const char *cut(const struct lines *lines, const char *text, size_t width, bool between_words) {
  const char *mark = lines->ascii ? "..." : "\xe2\x80\xa6";
  size_t room = text_width(mark);
  if (text_width(text) <= width) return text;
  if (width <= room) return arena_strndup(lines->arena, text, text_fit(text, width, NULL));
  size_t length = text_fit(text, width - room, NULL), back = length;
  while (between_words && back > 0 && length - back < WORD_MOST && text[back] != ' ') back--;
  if (between_words && text[back] == ' ') length = back;
  while (between_words && length > 0 && strchr(" ,;", text[length - 1])) length--;
  return arena_printf(lines->arena, "%.*s%s", (int)length, text, mark);
}

const char *lines_cut(const struct lines *lines, const char *text, size_t width) { return cut(lines, text, width, false); }
const char *lines_cut_words(const struct lines *lines, const char *text, size_t width) { return cut(lines, text, width, true); }

/* ---- blocks ---- */

static void add_plain(struct lines *lines, const struct block *block, size_t indent, bool anywhere) {
  size_t first = lines_wrap(lines, block, lines_margin(lines) + indent + block->indent, lines->width, block->text, block->role, anywhere);
  lines->all[first].first = true;
}

/* The text hangs under what stands after its "- ". */
static void add_bullet(struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines) + (lines->narrow ? 0 : 2) + block->indent;
  bool dash = strncmp(block->text, "- ", 2) == 0;
  size_t first = lines_wrap(lines, block, margin + (dash ? 2 : 0), lines->width, block->text + (dash ? 2 : 0), block->role, false);
  struct line *head = &lines->all[first];
  head->first = true;
  if (!dash) return;
  head->pieces[0].column = margin;
  head->pieces[0].text = arena_printf(lines->arena, "- %s", head->pieces[0].text);
}

/* The text hangs under its number. A state stands in a column of its own at the right of the first line; longer words at the right of the last
 * line, or below when there is no room. */
static void add_item(struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines) + block->indent, hang = block->number ? (lines->narrow ? 3 : 4) : 0;
  const char *detail = lines_cut_words(lines, block->detail, lines->width > margin + 4 ? lines->width - margin - 4 : 4);
  size_t status = text_width(detail), right = lines->width > status ? lines->width - status : 0;
  bool beside = status && status <= STATE_MOST && right > margin + hang + STATE_MOST;
  size_t first = lines_wrap(lines, block, margin + hang, beside ? right - 2 : lines->width, block->text, block->role, false);
  struct line *bearer = &lines->all[beside ? first : lines->count - 1];
  if (status && !beside && margin + hang + text_width(bearer->pieces[0].text) + 2 > right) bearer = lines_add(lines, block, margin + hang, "", ROLE_TEXT);
  if (status) lines_piece(lines, bearer, right, detail, block->detail_role);
  struct line *head = &lines->all[first];
  head->first = true;
  if (!block->number) return;
  head->pieces[0].column = margin;
  head->pieces[0].text = arena_printf(lines->arena, lines->narrow ? "%2u %s" : "%2u  %s", block->number, head->pieces[0].text);
}

static void add_step(struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines) + 2, first = lines_wrap(lines, block, margin + text_width(block->detail) + 2, lines->width, block->text, block->role, false);
  struct line *head = &lines->all[first];
  head->pieces[0].column = margin;
  head->pieces[0].text = arena_printf(lines->arena, "%s  %s", block->detail, head->pieces[0].text);
}

static void add_option(struct lines *lines, const struct block *block) {
  const char *mark = block->kind == BLOCK_TICK ? (block->chosen ? "[x]" : "[ ]") : (block->chosen ? "(x)" : "( )");
  const char *label = block->number ? arena_printf(lines->arena, "%s %u  ", mark, block->number) : arena_printf(lines->arena, "%s ", mark);
  size_t margin = lines_margin(lines) + block->indent, hang = margin + text_width(label);
  bool fits = block->kind == BLOCK_TICK && hang + text_width(block->text) + 3 + text_width(block->detail) <= lines->width;
  size_t first = lines_wrap(lines, block, hang, lines->width, block->text, block->role, false);
  struct line *head = &lines->all[first];
  head->first = true;
  head->pieces[0].column = margin;
  head->pieces[0].text = arena_printf(lines->arena, "%s%s", label, head->pieces[0].text);
  if (*block->detail && fits) lines_piece(lines, head, lines->width - text_width(block->detail), block->detail, block->detail_role);
  else if (*block->detail) lines_wrap(lines, block, hang, lines->width, block->detail, block->detail_role, false);
}

/* The part of the text that shows the cursor, in a box. */
static void add_box(struct lines *lines, const struct block *block, size_t column) {
  size_t room = lines->width > column + 2 ? lines->width - column - 2 : 1, at = block->field ? block->field->cursor : 0, columns;
  const char *text = block->field ? block->field->text : "";
  if (room > FIELD_MOST_COLUMNS) room = FIELD_MOST_COLUMNS;
  size_t start = block->field ? field_start(block->field, room) : 0;
  size_t length = text_fit(text + start, room, &columns);
  struct buf shown = BUF_INIT(16384);
  buf_printf(&shown, "[%.*s", (int)length, text + start);
  buf_pad(&shown, ' ', room > columns ? room - columns : 0);
  buf_char(&shown, ']');
  struct line *line = lines_add(lines, block, column, arena_strndup(lines->arena, buf_string(&shown), shown.length), ROLE_TEXT);
  line->first = true;
  line->cursor = 1 + text_width_n(text + start, at - start);
  buf_release(&shown);
}

static void add_field(struct lines *lines, const struct block *block) {
  size_t margin = lines_margin(lines) + block->indent;
  if (*block->text) lines_wrap(lines, block, margin, lines->width, block->text, ROLE_TEXT, false);
  if (*block->hint) lines_wrap(lines, block, margin, lines->width, block->hint, ROLE_NOTE, false);
  if (*block->error) lines_wrap(lines, block, margin, lines->width, arena_printf(lines->arena, _("Error: %s"), block->error), ROLE_FAIL, false);
  add_box(lines, block, margin);
}

/* Label and value side by side; one below the other in narrow windows. A summary row says Change at the right. */
static void add_pair(struct lines *lines, const struct block *block) {
  const char *change = block->kind == BLOCK_SUMMARY && !block->closed ? _("Change") : "";
  size_t margin = lines_margin(lines), side = margin + lines->label_width + 2, right = lines->width - text_width(change), limit = *change ? right - 2 : lines->width;
  size_t first = lines->count;
  if (lines->narrow && text_width(block->text) + text_width(block->detail) + margin + 3 > limit) {
    lines_wrap(lines, block, margin, limit, block->text, ROLE_TEXT, false);
    lines_wrap(lines, block, margin + 2, lines->width, block->detail, block->detail_role, false);
  } else if (text_width(block->text) > lines->label_width) {
    lines_wrap(lines, block, margin, limit, block->text, ROLE_TEXT, false);
    lines_wrap(lines, block, side < lines->width ? side : margin, limit, block->detail, block->detail_role, false);
  } else {
    first = lines_wrap(lines, block, side, limit, block->detail, block->detail_role, false);
    struct line *line = &lines->all[first];
    struct piece value = line->pieces[0];
    line->pieces[0] = (struct piece){ margin, block->text, ROLE_TEXT, block };
    lines_piece(lines, line, value.column, value.text, value.role);
  }
  lines->all[first].first = true;
  if (*change) lines_piece(lines, &lines->all[first], right, change, ROLE_LINK);
}

static bool flows(const struct block *block) { return block->kind == BLOCK_LINK || block->kind == BLOCK_BUTTON; }

/* Links and buttons: on the line of the one before when there is room. */
static void add_flow(struct lines *lines, const struct block *block, const struct block *before) {
  const char *text = block->kind == BLOCK_BUTTON ? arena_printf(lines->arena, "[ %s ]", block->text) : block->text;
  struct line *line = before && flows(before) && lines->count ? &lines->all[lines->count - 1] : NULL;
  const struct piece *last = line ? &line->pieces[line->count - 1] : NULL;
  size_t column = last ? last->column + text_width(last->text) + 3 : 0;
  if (!line || column + text_width(text) > lines->width) {
    size_t first = lines_wrap(lines, block, lines_margin(lines) + block->indent, lines->width, text, block->role, false);
    lines->all[first].first = true;
    return;
  }
  lines_piece(lines, line, column, text, block->role);
  line->pieces[line->count - 1].block = block;
}

static void add_block(struct lines *lines, size_t index, const struct block *before) {
  const struct block *block = &lines->page->blocks[index];
  switch (block->kind) {
  case BLOCK_HEADING:
  case BLOCK_SECTION:
  case BLOCK_PARAGRAPH: add_plain(lines, block, 0, false); break;
  case BLOCK_BULLET: add_bullet(lines, block); break;
  case BLOCK_VALUE: add_plain(lines, block, 2, true); break;
  case BLOCK_BLANK:
    if (lines->count && !lines_are_blank(&lines->all[lines->count - 1])) lines_add(lines, block, 0, "", ROLE_TEXT);
    break;
  case BLOCK_STEP: add_step(lines, block); break;
  case BLOCK_ITEM: add_item(lines, block); break;
  case BLOCK_OPTION:
  case BLOCK_TICK: add_option(lines, block); break;
  case BLOCK_FIELD: add_field(lines, block); break;
  case BLOCK_PAIR:
  case BLOCK_SUMMARY: add_pair(lines, block); break;
  case BLOCK_LINK:
  case BLOCK_BUTTON: add_flow(lines, block, before); break;
  case BLOCK_TITLES:
  case BLOCK_ROW: lines_add_row(lines, index); break;
  case BLOCK_TIMELINE: lines_add_timeline(lines, block); break;
  }
}

static size_t label_width(const struct page *page) {
  size_t widest = LABEL_LEAST;
  for (size_t i = 0; i < page->count; i++) {
    const struct block *block = &page->blocks[i];
    size_t width = block->kind == BLOCK_PAIR || block->kind == BLOCK_SUMMARY ? text_width(block->text) : 0;
    if (width > widest && width <= LABEL_MOST) widest = width;
  }
  return widest;
}

void lines_make(struct lines *lines, const struct page *page, enum lines_of which) {
  const struct block *before = NULL;
  lines->page = page;
  lines->label_width = label_width(page);
  for (size_t i = 0; i < page->count; i++) {
    if (which != LINES_OF_ALL && page->blocks[i].side != (which == LINES_OF_SIDE)) continue;
    add_block(lines, i, before);
    before = &page->blocks[i];
  }
  while (lines->count && lines_are_blank(&lines->all[lines->count - 1])) lines->count--;
}
