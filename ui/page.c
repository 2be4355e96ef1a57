#include "ui/page.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"

struct page *page_new(struct arena *arena, const char *where) {
  struct page *page = ARENA_NEW(arena, struct page);
  page->arena = arena;
  page->where = where;
  page->message = page->own_message = page->warning = "";
  return page;
}

struct block *page_add(struct page *page, enum block_kind kind, const char *text) {
  page->blocks = arena_grow(page->arena, page->blocks, page->count, sizeof *page->blocks);
  struct block *block = &page->blocks[page->count++];
  *block = (struct block){ .kind = kind, .text = text, .detail = "", .explain = "", .hint = "", .error = "", .side = page->in_side };
  return block;
}

static struct block *add_focus(struct page *page, enum block_kind kind, const char *id, const char *text) {
  struct block *block = page_add(page, kind, text);
  block->id = arena_strdup(page->arena, id);
  return block;
}

void page_heading(struct page *page, const char *text) { page_add(page, BLOCK_HEADING, text)->role = ROLE_HEADING; }
void page_section(struct page *page, const char *text) { page_add(page, BLOCK_SECTION, text)->role = ROLE_HEADING; }
void page_paragraph(struct page *page, const char *text) { page_said(page, text, ROLE_TEXT); }
void page_said(struct page *page, const char *text, enum role role) {
  if (*text) page_add(page, BLOCK_PARAGRAPH, text)->role = role;
}
void page_blank(struct page *page) { page_add(page, BLOCK_BLANK, ""); }
void page_bullet(struct page *page, const char *text) { page_add(page, BLOCK_BULLET, text); }
void page_value(struct page *page, const char *text) { page_add(page, BLOCK_VALUE, text_safe_string(page->arena, text)); }

void page_step(struct page *page, unsigned number, const char *text) { page_add(page, BLOCK_STEP, text)->detail = arena_printf(page->arena, "%u", number); }

struct block *page_item(struct page *page, const char *id, const char *text, const char *status, enum role role) {
  struct block *block = add_focus(page, BLOCK_ITEM, id, text);
  block->detail = status;
  block->detail_role = role;
  block->number = ++page->numbered;
  return block;
}

void page_pair(struct page *page, const char *label, const char *value) { page_add(page, BLOCK_PAIR, label)->detail = value; }

struct block *page_summary(struct page *page, const char *id, const char *label, const char *value) {
  struct block *block = add_focus(page, BLOCK_SUMMARY, id, label);
  block->detail = value;
  return block;
}

struct block *page_link(struct page *page, const char *id, const char *text) {
  struct block *block = add_focus(page, BLOCK_LINK, id, text);
  block->role = ROLE_LINK;
  return block;
}

struct block *page_button(struct page *page, const char *id, const char *text) { return add_focus(page, BLOCK_BUTTON, id, text); }

struct block *page_tick(struct page *page, const char *id, const char *text, bool chosen) {
  struct block *block = add_focus(page, BLOCK_TICK, id, text);
  block->chosen = chosen;
  return block;
}

/* ---- tables ---- */

const struct table *page_table(struct page *page, const struct column *columns, size_t count) {
  struct table *table = ARENA_NEW(page->arena, struct table);
  bool titled = false;
  for (size_t i = 0; i < count; i++) titled |= *columns[i].title != '\0';
  *table = (struct table){ .columns = arena_memdup(page->arena, columns, count * sizeof *columns), .count = count };
  if (!titled) return table;
  struct block *block = page_add(page, BLOCK_TITLES, "");
  block->table = table;
  block->cells = ARENA_ARRAY(page->arena, struct cell_text, count);
  for (size_t i = 0; i < count; i++) block->cells[i] = (struct cell_text){ .text = columns[i].title };
  return table;
}

struct block *page_row(struct page *page, const struct table *table, const char *id) {
  struct block *block = page_add(page, BLOCK_ROW, "");
  block->id = id ? arena_strdup(page->arena, id) : NULL;
  block->table = table;
  block->cells = ARENA_ARRAY(page->arena, struct cell_text, table->count);
  for (size_t i = 0; i < table->count; i++) block->cells[i].text = "";
  return block;
}

void page_cell(struct block *row, size_t column, const char *text, enum role role) { row->cells[column] = (struct cell_text){ text, role }; }

struct block *page_tree_row(struct page *page, const struct table *table, const char *id, unsigned level, enum branch branch) {
  struct block *block = page_row(page, table, id);
  block->level = level;
  block->branch = branch;
  return block;
}

/* ---- differences ---- */

const struct table *page_differences(struct page *page) {
  static const struct column columns[] = { { .title = "", .whole = true }, { .title = "", .whole = true }, { .title = "", .wrap = true }, { .title = "", .whole = true } };
  return page_table(page, columns, 4);
}

void page_difference(struct page *page, const struct table *table, enum difference kind, const char *name, const char *value) {
  static const struct { const char *sign, *word; enum role role; } looks[] = {
    [DIFFERENCE_SAME] = { " ", N_("same"), ROLE_TEXT },
    [DIFFERENCE_ADDED] = { "+", N_("added"), ROLE_ADDED },
    [DIFFERENCE_REMOVED] = { "-", N_("removed"), ROLE_REMOVED },
    [DIFFERENCE_CHANGED] = { "~", N_("changed"), ROLE_CHANGED },
    [DIFFERENCE_UNKNOWN] = { " ", N_("kept, we do not know this one"), ROLE_NOTE },
  };
  struct block *row = page_row(page, table, NULL);
  page_cell(row, 0, looks[kind].sign, looks[kind].role);
  page_cell(row, 1, name, ROLE_TEXT);
  page_cell(row, 2, value, looks[kind].role);
  page_cell(row, 3, _(looks[kind].word), looks[kind].role);
}

void page_timeline(struct page *page, const struct stage *stages, size_t count) {
  struct block *block = page_add(page, BLOCK_TIMELINE, "");
  block->stages = arena_memdup(page->arena, stages, count * sizeof *stages);
  block->stage_count = count;
}

void page_side(struct page *page) { page->in_side = true; }

/* ---- actions ---- */

void page_cannot(struct page *page, enum action action, const char *reason) {
  page->actions = arena_grow(page->arena, page->actions, page->action_count, sizeof *page->actions);
  page->actions[page->action_count++] = (struct page_action){ action, reason };
}

void page_can(struct page *page, enum action action) { page_cannot(page, action, NULL); }

const struct page_action *page_action(const struct page *page, enum action action) {
  for (size_t i = 0; i < page->action_count; i++)
    if (page->actions[i].action == action) return &page->actions[i];
  return NULL;
}

/* ---- focus ---- */

size_t page_focus_count(const struct page *page) {
  size_t count = 0;
  for (size_t i = 0; i < page->count; i++) count += page->blocks[i].id != NULL;
  return count;
}

const struct block *page_focus_at(const struct page *page, size_t index) {
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].id && index-- == 0) return &page->blocks[i];
  return NULL;
}

size_t page_focus_index(const struct page *page, const char *id) {
  size_t index = 0;
  for (size_t i = 0; id && i < page->count; i++) {
    if (!page->blocks[i].id) continue;
    if (strcmp(page->blocks[i].id, id) == 0) return index;
    index++;
  }
  return 0;
}

const struct block *page_find_id(const struct page *page, const char *id) {
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].id && strcmp(page->blocks[i].id, id) == 0) return &page->blocks[i];
  return NULL;
}

/* ---- words ---- */

static void put_part(struct buf *out, const char *text, const char *separator) {
  if (!*text) return;
  if (out->length) buf_text(out, separator);
  buf_text(out, text);
}

/* "name: state, detail": the first cell names the row; a title stands where a cell alone would say nothing. */
static void put_cells(struct buf *out, const struct block *block) {
  size_t shown = 0;
  for (size_t i = 0; i < block->table->count; i++) {
    const char *text = block->cells[i].text, *title = block->table->columns[i].title;
    bool is_number = i == 0 && block->number && strtoul(text, NULL, 10) == block->number; /* stands before the line already */
    if (!*text || strcmp(text, " ") == 0 || is_number) continue;
    buf_text(out, shown == 0 ? "" : shown == 1 ? ": " : ", ");
    if (shown && *title && (block->table->columns[i].right || block->table->columns[i].said) && block->kind == BLOCK_ROW) buf_printf(out, "%s ", title);
    buf_text(out, text);
    shown++;
  }
}

static void put_stages(struct buf *out, const struct block *block) {
  static const char *const states[] = { N_("done"), N_("you are here"), N_("not started") };
  for (size_t i = 0; i < block->stage_count; i++) {
    const struct stage *stage = &block->stages[i];
    buf_printf(out, i ? ". %s" : "%s", stage->title);
    put_part(out, stage->detail, ", ");
    put_part(out, stage->date, ", ");
    put_part(out, _(states[stage->state]), ", ");
  }
}

const char *page_block_text(struct arena *arena, const struct block *block) {
  struct buf out = BUF_INIT(1 << 20);
  switch (block->kind) {
  case BLOCK_TITLES:
  case BLOCK_ROW:
    if (block->level) buf_printf(&out, _("level %u, "), block->level);
    put_cells(&out, block);
    break;
  case BLOCK_TIMELINE: put_stages(&out, block); break;
  case BLOCK_ITEM:
  case BLOCK_SUMMARY:
  case BLOCK_PAIR:
    put_part(&out, block->text, "");
    put_part(&out, block->detail, ": ");
    break;
  case BLOCK_STEP:
    put_part(&out, block->detail, "");
    put_part(&out, block->text, ". ");
    break;
  case BLOCK_FIELD:
    put_part(&out, block->text, "");
    put_part(&out, block->hint, ". ");
    put_part(&out, block->error, ". ");
    break;
  case BLOCK_HEADING:
  case BLOCK_SECTION:
  case BLOCK_PARAGRAPH:
  case BLOCK_BLANK:
  case BLOCK_BULLET:
  case BLOCK_OPTION:
  case BLOCK_TICK:
  case BLOCK_VALUE:
  case BLOCK_LINK:
  case BLOCK_BUTTON:
    put_part(&out, block->text, "");
    put_part(&out, block->detail, ". ");
    break;
  }
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}
