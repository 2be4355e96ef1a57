#include "ui/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"

enum { MOST_LINKS = 40, MOST_COLUMNS = 6 };

struct table_row { const char *cells[MOST_COLUMNS]; };

struct reading {
  struct page *page;
  struct buf text;
  unsigned heading, item, quote;
  bool code;
  struct table_row *rows; size_t row_count, columns, at; /* of the table being read; the first row holds its titles */
  const char *links[MOST_LINKS], *labels[MOST_LINKS];
  size_t link_count, link_start;
};

static const char *taken(struct reading *r) {
  const char *text = text_safe_copy(r->page->arena, buf_string(&r->text), r->text.length);
  buf_clear(&r->text);
  return text;
}

static void flush(struct reading *r) {
  if (!r->text.length) return;
  const char *text = taken(r);
  if (r->heading == 1) page_heading(r->page, text);
  else if (r->heading) page_section(r->page, text);
  else if (r->item) page_add(r->page, BLOCK_BULLET, arena_printf(r->page->arena, "- %s", text));
  else page_paragraph(r->page, text);
}

static void flush_code(struct reading *r) {
  char *at = buf_take(&r->text);
  for (char *line = at; *line;) {
    size_t length = strcspn(line, "\n");
    page_add(r->page, BLOCK_VALUE, text_safe_copy(r->page->arena, line, length));
    line += length + (line[length] == '\n');
  }
  free(at);
}

/* The last column wraps: it holds the sentences. */
static void flush_table(struct reading *r) {
  struct column columns[MOST_COLUMNS] = { { .title = "" } };
  size_t count = r->columns < MOST_COLUMNS ? r->columns : MOST_COLUMNS;
  if (!r->row_count || !count) return;
  page_blank(r->page);
  for (size_t i = 0; i < count; i++) columns[i] = (struct column){ .title = r->rows[0].cells[i] ? r->rows[0].cells[i] : "", .wrap = i + 1 == count, .whole = i == 0 };
  const struct table *table = page_table(r->page, columns, count);
  for (size_t n = 1; n < r->row_count; n++) {
    struct block *row = page_row(r->page, table, NULL);
    for (size_t i = 0; i < count; i++) page_cell(row, i, r->rows[n].cells[i] ? r->rows[n].cells[i] : "", ROLE_TEXT);
  }
  r->row_count = r->columns = 0;
  r->rows = NULL;
}

static void begin_row(struct reading *r) {
  r->rows = arena_grow(r->page->arena, r->rows, r->row_count, sizeof *r->rows);
  r->rows[r->row_count++] = (struct table_row){ .cells = { NULL } };
  r->at = 0;
}

static void end_cell(struct reading *r) {
  const char *text = taken(r);
  if (r->row_count && r->at < MOST_COLUMNS) r->rows[r->row_count - 1].cells[r->at] = text;
  r->at++;
  if (r->at > r->columns) r->columns = r->at;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context) {
  struct reading *r = context;
  if (type == MD_BLOCK_H) {
    page_blank(r->page);
    r->heading = ((const MD_BLOCK_H_DETAIL *)detail)->level;
  }
  if (type == MD_BLOCK_LI) {
    flush(r);
    r->item++;
  }
  if (type == MD_BLOCK_P && !r->item) page_blank(r->page);
  if (type == MD_BLOCK_CODE) {
    page_blank(r->page);
    r->code = true;
  }
  if (type == MD_BLOCK_TR) begin_row(r);
  return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context) {
  struct reading *r = context;
  (void)detail;
  switch (type) {
  case MD_BLOCK_H:
    flush(r);
    r->heading = 0;
    break;
  case MD_BLOCK_LI:
    flush(r);
    r->item--;
    break;
  case MD_BLOCK_CODE:
    flush_code(r);
    r->code = false;
    break;
  case MD_BLOCK_P: flush(r); break;
  case MD_BLOCK_TH:
  case MD_BLOCK_TD: end_cell(r); break;
  case MD_BLOCK_TABLE: flush_table(r); break;
  default: break;
  }
  return 0;
}

/* Links to other pages are followed by number; addresses are only shown. */
static bool is_page(const char *link) { return !strchr(link, ':'); }

static unsigned number_of(const struct reading *r, size_t index) {
  unsigned number = 1;
  for (size_t i = 0; i < index; i++) number += is_page(r->links[i]);
  return number;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *context) {
  struct reading *r = context;
  if (type != MD_SPAN_A || r->link_count == MOST_LINKS) return 0;
  const MD_SPAN_A_DETAIL *link = detail;
  r->links[r->link_count] = arena_strndup(r->page->arena, link->href.text, link->href.size);
  r->link_start = r->text.length;
  return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *context) {
  struct reading *r = context;
  (void)detail;
  if (type != MD_SPAN_A || r->link_count == MOST_LINKS) return 0;
  r->labels[r->link_count] = text_safe_copy(r->page->arena, buf_string(&r->text) + r->link_start, r->text.length - r->link_start);
  size_t same = 0;
  while (strcmp(r->links[same], r->links[r->link_count]) != 0) same++;
  if (same == r->link_count) r->link_count++;
  if (is_page(r->links[same])) buf_printf(&r->text, " [%u]", number_of(r, same));
  return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context) {
  struct reading *r = context;
  if (type == MD_TEXT_SOFTBR || type == MD_TEXT_BR) buf_char(&r->text, ' ');
  else buf_bytes(&r->text, text, size);
  return 0;
}

void markdown_put(struct page *page, const char *text) {
  struct reading reading = { .page = page, .text = BUF_INIT(1 << 20) };
  MD_PARSER parser = { .flags = MD_FLAG_TABLES | MD_FLAG_NOHTML, .enter_block = on_enter_block, .leave_block = on_leave_block, .enter_span = on_enter_span, .leave_span = on_leave_span, .text = on_text };
  md_parse(text, (MD_SIZE)strlen(text), &parser, &reading);
  flush(&reading);
  if (reading.link_count) {
    page_blank(page);
    page_section(page, _("Links"));
  }
  for (size_t i = 0; i < reading.link_count; i++) {
    const char *name = reading.links[i];
    size_t length = strcspn(name, ".#");
    if (!is_page(name)) page_paragraph(page, arena_printf(page->arena, "%s: %s", reading.labels[i], name));
    else page_item(page, arena_printf(page->arena, "topic:%.*s", (int)length, name), reading.labels[i], "", ROLE_LINK);
  }
  buf_release(&reading.text);
}
