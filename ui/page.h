#ifndef UI_PAGE_H
#define UI_PAGE_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "ui/field.h"

/* A page is data: what a screen wants to say, without any drawing. All text is the arena's, translated and safe. */

enum role { ROLE_TEXT, ROLE_HEADING, ROLE_RULE, ROLE_GOOD, ROLE_NOTE, ROLE_WARN, ROLE_FAIL, ROLE_UNKNOWN, ROLE_BUSY, ROLE_LINK, ROLE_ADDED, ROLE_REMOVED, ROLE_FOCUS, ROLE_BANNER };

enum block_kind {
  BLOCK_HEADING, BLOCK_SECTION, BLOCK_PARAGRAPH, BLOCK_BLANK, BLOCK_BULLET,
  BLOCK_ITEM,    /* a row that opens: text left, status right */
  BLOCK_OPTION,  /* a choice of one, with its consequence below */
  BLOCK_TICK,    /* a box */
  BLOCK_FIELD,   /* a text field with its label */
  BLOCK_PAIR,    /* label and value */
  BLOCK_VALUE,   /* a long value, cut anywhere to fit: one line in truth */
};

struct block {
  enum block_kind kind;
  enum role role;
  const char *text, *detail;       /* detail: status at the right, consequence below, value of a pair */
  enum role detail_role;
  const char *id;                  /* what focus and actions name; null: takes no focus */
  unsigned number;                 /* 1 up for what can be chosen by digit; 0: none */
  bool chosen;                     /* of an option or tick */
  const struct field *field;
  unsigned indent;
};

struct page {
  struct arena *arena;
  const char *where;               /* first row: program, domain */
  const char *message;             /* row above the keys; "" */
  bool has_back, practice;
  struct block *blocks;
  size_t count;
  unsigned numbered;
  const char *keys;                /* letters of the actions that the key line shows, most useful first */
};

struct page *page_new(struct arena *arena, const char *where);
struct block *page_add(struct page *page, enum block_kind kind, const char *text);
void page_heading(struct page *page, const char *text);
void page_section(struct page *page, const char *text);
void page_paragraph(struct page *page, const char *text);
void page_blank(struct page *page);
struct block *page_item(struct page *page, const char *id, const char *text, const char *status, enum role role);
void page_pair(struct page *page, const char *label, const char *value);
/* The nth block that takes focus, and back. */
size_t page_focus_count(const struct page *page);
const struct block *page_focus_at(const struct page *page, size_t index);
size_t page_focus_index(const struct page *page, const char *id); /* 0 when there is none of that id */
#endif
