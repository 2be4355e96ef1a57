#ifndef UI_CANVAS_H
#define UI_CANVAS_H
#include <stdbool.h>
#include <stddef.h>
#include "src/base/buf.h"
#include "ui/page.h"

/* A grid of cells with text and role, and the cursor. Layout writes to it through width-aware functions only; nothing is ever written
 * outside it, whatever its size. */
enum { CELL_BYTES = 40 };
struct cell {
  char text[CELL_BYTES]; /* one grapheme; "" is the second half of a wide one */
  unsigned char role;
  bool focused;
  const char *owner;     /* id of the block that a press here means: of the canvas; null: none */
};

struct canvas {
  size_t rows, columns;
  struct cell *cells;
  size_t cursor_row, cursor_column;
  struct arena *owners;  /* the ids */
};

void canvas_init(struct canvas *canvas, size_t rows, size_t columns);
void canvas_clear(struct canvas *canvas);
void canvas_release(struct canvas *canvas);
struct cell *canvas_cell(const struct canvas *canvas, size_t row, size_t column); /* null outside */
/* Writes from (row, column) on, up to `limit` columns; how many it took. */
size_t canvas_put(struct canvas *canvas, size_t row, size_t column, size_t limit, const char *text, enum role role);
void canvas_focus_row(struct canvas *canvas, size_t row, size_t from, size_t to);
void canvas_own(struct canvas *canvas, size_t row, size_t column, size_t count, const char *owner);
void canvas_match(struct canvas *canvas, size_t row, const char *words); /* marks what was looked for, without regard to case */
void canvas_text(const struct canvas *canvas, struct buf *out);  /* rows without trailing spaces */
void canvas_roles(const struct canvas *canvas, struct buf *out); /* a letter for each cell's role */

#endif
