#ifndef UI_LINES_H
#define UI_LINES_H
#include "ui/page.h"

/* The body of a page as lines of a given width, before it meets the canvas. A line is made of pieces at columns; every piece knows its block,
 * so that focus can be shown on a part of a line. All text is the arena's or the page's. */
struct piece {
  size_t column;
  const char *text;
  enum role role;
  const struct block *block;  /* null: belongs to nothing that takes focus */
};

struct line {
  struct piece *pieces;
  size_t count;
  const struct block *block;  /* of the whole line */
  bool first;                 /* carries the focus mark and the cursor of its block */
  size_t cursor;              /* of a field: columns from the first piece */
};

struct lines {
  struct arena *arena;
  struct line *all;
  size_t count, width;
  size_t table_width;         /* tables may be wider than text */
  bool narrow, ascii;
  size_t folds;               /* lines that a cell of a column that folds may take before it is cut; 0 counts as 1 */
  bool cut;                   /* one of them was cut: more room would show more */
  const struct page *page;
  size_t label_width;         /* of pairs and summary rows */
  const struct table *table;  /* whose widths are known */
  size_t *widths;             /* 0: the column is left out, or stands below */
  bool folded;                /* the table has columns below its rows */
  unsigned numbered;          /* the highest number in the margin of the table; 0: none */
};

/* Which blocks: in one pane those of the second stand below the others, as they were added. */
enum lines_of { LINES_OF_ALL, LINES_OF_MAIN, LINES_OF_SIDE };
void lines_make(struct lines *lines, const struct page *page, enum lines_of which);
bool lines_are_blank(const struct line *line);

/* For the kinds of blocks that have a file of their own. */
struct line *lines_add(struct lines *lines, const struct block *block, size_t column, const char *text, enum role role);
void lines_piece(struct lines *lines, struct line *line, size_t column, const char *text, enum role role);
/* Wraps at spaces (or anywhere); the first of the lines in the return. */
size_t lines_wrap(struct lines *lines, const struct block *block, size_t column, size_t width, const char *text, enum role role, bool anywhere);
/* Text that does not fit ends in "..."; sentences are cut between words where that does not take much. */
const char *lines_cut(const struct lines *lines, const char *text, size_t width);
const char *lines_cut_words(const struct lines *lines, const char *text, size_t width);
size_t lines_margin(const struct lines *lines);
void lines_add_row(struct lines *lines, size_t index);
void lines_add_timeline(struct lines *lines, const struct block *block);
#endif
