#ifndef UI_PAGE_H
#define UI_PAGE_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/arena.h"
#include "ui/actions.h"
#include "ui/field.h"

/* A page is data: what a screen wants to say, without any drawing. All text is the arena's, translated and safe. */

enum role {
  ROLE_TEXT, ROLE_HEADING, ROLE_RULE, ROLE_GOOD, ROLE_NOTE, ROLE_WARN, ROLE_FAIL, ROLE_UNKNOWN, ROLE_BUSY, ROLE_LINK, ROLE_ADDED, ROLE_REMOVED, ROLE_CHANGED, ROLE_FOCUS, ROLE_BANNER, ROLE_MATCH, ROLE_COUNT,
};

enum block_kind {
  BLOCK_HEADING, BLOCK_SECTION, BLOCK_PARAGRAPH, BLOCK_BLANK, BLOCK_BULLET,
  BLOCK_STEP,     /* a numbered line that takes no focus: "1  Send the file" */
  BLOCK_ITEM,     /* a row that opens: text left, status right */
  BLOCK_OPTION,   /* a choice of one, with its consequence below; `group` names the choice */
  BLOCK_TICK,     /* a box */
  BLOCK_FIELD,    /* a text field with label, hint and error */
  BLOCK_PAIR,     /* label and value */
  BLOCK_SUMMARY,  /* label, value, Change */
  BLOCK_VALUE,    /* a long value, cut anywhere to fit: one line in truth */
  BLOCK_LINK,     /* neighbours stand on one line while there is room */
  BLOCK_BUTTON,   /* the same, in brackets */
  BLOCK_TITLES,   /* the titles of a table's columns */
  BLOCK_ROW,      /* a row of a table, or of a tree */
  BLOCK_TIMELINE, /* stages, side by side while there is room */
};

/* A column sizes itself by its widest cell. When the table is too wide, narrow windows have the columns that fold below the row; then columns
 * that may go are left out (the highest `drop` first), then the widest cells are cut, but for columns that are kept whole. */
struct column {
  const char *title;  /* "" : none */
  unsigned drop;      /* 0: stays; else left out where it does not fit */
  bool whole;         /* never cut: names of states, numbers */
  bool wrap;          /* goes on below instead of being cut */
  bool fold;          /* words: stands below the row in narrow windows; else goes on below while the window has room, and is cut at a word */
  bool right;         /* aligned: numbers */
  bool said;          /* its title is said before each cell in the line dialogue, as that of numbers is */
};
struct table { const struct column *columns; size_t count; };
struct cell_text { const char *text; enum role role; };

enum branch { BRANCH_LEAF, BRANCH_CLOSED, BRANCH_OPEN };

struct stage { const char *title, *detail, *date; enum { STAGE_DONE, STAGE_HERE, STAGE_LATER } state; };

struct block {
  enum block_kind kind;
  enum role role;
  const char *text, *detail;       /* detail: status at the right, consequence below, value of a pair */
  enum role detail_role;
  const char *id;                  /* what focus and actions name; null: takes no focus */
  const char *explain;             /* shown in the message line while it has focus; "" */
  const char *group;               /* of an option: the field of the form that holds the choice */
  unsigned number;                 /* 1 up for what can be chosen by digit; 0: none */
  bool chosen;                     /* of an option or tick */
  bool closed;                     /* takes focus and explains itself, but does not open */
  bool side;                       /* stands in the second pane where there is one */
  unsigned indent;
  const struct field *field;       /* of a field */
  const char *hint, *error;        /* of a field: "" when there is none */
  const struct table *table;       /* of titles and rows */
  struct cell_text *cells;
  unsigned level;                  /* of a row in a tree: 1 up; 0: the row is in no tree */
  enum branch branch;
  const struct stage *stages; size_t stage_count;
};

/* What may be done on a page besides moving about. */
struct page_action { enum action action; const char *reason; /* null: may be done; else why not */ };

/* What copy, plain view and save give. */
struct page_value {
  const char *title;               /* for people: "Record 2 of 5 for example.gov.uk: DMARC, TXT" */
  const char *text;                /* raw, on one line; null: nothing to copy here */
  const char *quoted;              /* the zone-file form; null: none */
  const char *all;                 /* what "copy all" gives; null: the text */
  const char *file;                /* proposed name of a file: "dmarc" */
};

struct page {
  struct arena *arena;
  const char *where;               /* first row: program, domain */
  const char *message, *own_message; /* row above the keys; "". The page's own, when nothing else is to be said there */
  bool follows_focus;              /* what it shows depends on where the focus is */
  const char *warning;             /* stands in the row below that until it is over; "" */
  bool has_back, practice, reading /* text to page through: no focus until asked for */;
  const char *start;               /* id of the block that has the focus when nothing else says so; null: the first, of a page to read none */
  const char *back;                /* words of the first body line; null: the usual */
  bool in_side;                    /* while building */
  struct block *blocks;
  size_t count;
  unsigned numbered;
  struct page_action *actions;     /* most useful first */
  size_t action_count;
  struct page_value value;
};

struct page *page_new(struct arena *arena, const char *where);
struct block *page_add(struct page *page, enum block_kind kind, const char *text); /* valid until the next block is added */
void page_heading(struct page *page, const char *text);
void page_section(struct page *page, const char *text);
void page_paragraph(struct page *page, const char *text); /* nothing when it is empty */
void page_said(struct page *page, const char *text, enum role role);
void page_blank(struct page *page);
void page_bullet(struct page *page, const char *text);
void page_step(struct page *page, unsigned number, const char *text);
struct block *page_item(struct page *page, const char *id, const char *text, const char *status, enum role role);
void page_pair(struct page *page, const char *label, const char *value);
void page_value(struct page *page, const char *text); /* outside text: made safe here */
struct block *page_summary(struct page *page, const char *id, const char *label, const char *value);
struct block *page_link(struct page *page, const char *id, const char *text);
struct block *page_button(struct page *page, const char *id, const char *text);
struct block *page_tick(struct page *page, const char *id, const char *text, bool chosen);

/* Tables and trees. The columns are copied; titles when any has one. `id` null: the row takes no focus. */
const struct table *page_table(struct page *page, const struct column *columns, size_t count);
struct block *page_row(struct page *page, const struct table *table, const char *id);
void page_cell(struct block *row, size_t column, const char *text, enum role role);
/* A row of a tree, below the last row of the level before; its first cell is drawn with branches. */
struct block *page_tree_row(struct page *page, const struct table *table, const char *id, unsigned level, enum branch branch);

/* What changes: a sign and a word for each part. Make the table once, then one call a part. */
enum difference { DIFFERENCE_SAME, DIFFERENCE_ADDED, DIFFERENCE_REMOVED, DIFFERENCE_CHANGED, DIFFERENCE_UNKNOWN /* kept, not understood */ };
const struct table *page_differences(struct page *page);
void page_difference(struct page *page, const struct table *table, enum difference kind, const char *name, const char *value);

void page_timeline(struct page *page, const struct stage *stages, size_t count); /* the stages are copied, not their text */

/* From here on the blocks go to the second pane, which wide windows have; others show it below. */
void page_side(struct page *page);

/* What may be done here, in the order of the key line, and what may not, with the reason as a sentence. */
void page_can(struct page *page, enum action action);
void page_cannot(struct page *page, enum action action, const char *reason);
const struct page_action *page_action(const struct page *page, enum action action); /* null: not of this page */

/* The nth block that takes focus, and back. */
size_t page_focus_count(const struct page *page);
const struct block *page_focus_at(const struct page *page, size_t index);
size_t page_focus_index(const struct page *page, const char *id); /* 0 when there is none of that id */
const struct block *page_find_id(const struct page *page, const char *id); /* null: none */

/* All words of a block in reading order, for searching and for the plain dialogue: "name, state, detail". In the arena. */
const char *page_block_text(struct arena *arena, const struct block *block);
#endif
