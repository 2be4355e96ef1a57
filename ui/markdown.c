#include "ui/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/intl.h"
#include "src/base/text.h"

enum { MOST_LINKS = 40 };

struct reading {
  struct page *page;
  struct buf text;
  unsigned heading, item, quote;
  bool code, cell;
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
  if (type == MD_BLOCK_TD || type == MD_BLOCK_TH) {
    if (r->text.length) buf_text(&r->text, "  |  ");
  }
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
  case MD_BLOCK_P:
  case MD_BLOCK_TR: flush(r); break;
  default: break;
  }
  return 0;
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
  r->link_count++;
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
    if (strchr(name, ':')) page_paragraph(page, arena_printf(page->arena, "%s: %s", reading.labels[i], name));
    else page_item(page, arena_printf(page->arena, "topic:%.*s", (int)length, name), reading.labels[i], "", ROLE_LINK);
  }
  buf_release(&reading.text);
}
