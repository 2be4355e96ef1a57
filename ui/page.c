#include "ui/page.h"

#include <string.h>

struct page *page_new(struct arena *arena, const char *where) {
  struct page *page = ARENA_NEW(arena, struct page);
  page->arena = arena;
  page->where = where;
  page->message = "";
  page->keys = "";
  return page;
}

struct block *page_add(struct page *page, enum block_kind kind, const char *text) {
  page->blocks = arena_grow(page->arena, page->blocks, page->count, sizeof *page->blocks);
  struct block *block = &page->blocks[page->count++];
  *block = (struct block){ .kind = kind, .text = text, .detail = "" };
  return block;
}

void page_heading(struct page *page, const char *text) { page_add(page, BLOCK_HEADING, text)->role = ROLE_HEADING; }
void page_section(struct page *page, const char *text) { page_add(page, BLOCK_SECTION, text)->role = ROLE_HEADING; }
void page_paragraph(struct page *page, const char *text) {
  if (*text) page_add(page, BLOCK_PARAGRAPH, text);
}
void page_blank(struct page *page) { page_add(page, BLOCK_BLANK, ""); }

struct block *page_item(struct page *page, const char *id, const char *text, const char *status, enum role role) {
  struct block *block = page_add(page, BLOCK_ITEM, text);
  block->id = arena_strdup(page->arena, id);
  block->detail = status;
  block->detail_role = role;
  block->number = ++page->numbered;
  return block;
}

void page_pair(struct page *page, const char *label, const char *value) { page_add(page, BLOCK_PAIR, label)->detail = value; }

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
