#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/text.h"

void canvas_init(struct canvas *canvas, size_t rows, size_t columns) {
  *canvas = (struct canvas){ .rows = rows, .columns = columns, .cells = mem_zalloc(rows * columns + 1, sizeof(struct cell)), .owners = arena_new_sized(4096) };
  canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas) {
  for (size_t i = 0; i < canvas->rows * canvas->columns; i++) canvas->cells[i] = (struct cell){ .text = " " };
  canvas->cursor_row = canvas->cursor_column = 0;
  arena_clear(canvas->owners);
}

void canvas_release(struct canvas *canvas) {
  free(canvas->cells);
  arena_free(&canvas->owners);
  canvas->cells = NULL;
  canvas->rows = canvas->columns = 0;
}

struct cell *canvas_cell(const struct canvas *canvas, size_t row, size_t column) {
  return row < canvas->rows && column < canvas->columns ? &canvas->cells[row * canvas->columns + column] : NULL;
}

size_t canvas_put(struct canvas *canvas, size_t row, size_t column, size_t limit, const char *text, enum role role) {
  size_t length = strlen(text), used = 0;
  for (size_t at = 0; at < length;) {
    size_t width, size = text_grapheme(text + at, length - at, &width);
    struct cell *cell = canvas_cell(canvas, row, column + used);
    if (!cell || used + width > limit || column + used + width > canvas->columns) break;
    if (width > 0) {
      bool fits = size < CELL_BYTES;
      memcpy(cell->text, fits ? text + at : "?", fits ? size : 1);
      cell->text[fits ? size : 1] = '\0';
      cell->role = (unsigned char)role;
      for (size_t i = 1; i < width; i++) {
        struct cell *half = canvas_cell(canvas, row, column + used + i);
        if (!half) break;
        half->text[0] = '\0';
        half->role = (unsigned char)role;
      }
    }
    used += width;
    at += size;
  }
  return used;
}

void canvas_focus_row(struct canvas *canvas, size_t row, size_t from, size_t to) {
  for (size_t column = from; column < to; column++) {
    struct cell *cell = canvas_cell(canvas, row, column);
    if (cell) cell->focused = true;
  }
}

void canvas_own(struct canvas *canvas, size_t row, size_t column, size_t count, const char *owner) {
  const char *kept = count ? arena_strdup(canvas->owners, owner) : NULL; /* the page may go before the canvas */
  for (size_t i = 0; i < count; i++) {
    struct cell *cell = canvas_cell(canvas, row, column + i);
    if (cell) cell->owner = kept;
  }
}

/* The row's text with the column of each byte, then every place where the words stand. */
void canvas_match(struct canvas *canvas, size_t row, const char *words) {
  struct buf text = BUF_INIT(1 << 20);
  size_t columns[4096], count = 0, length;
  for (size_t column = 0; column < canvas->columns; column++) {
    const struct cell *cell = canvas_cell(canvas, row, column);
    size_t size = cell ? strlen(cell->text) : 0;
    if (count + size > MEM_COUNT(columns)) break;
    while (size--) columns[count++] = column;
    if (cell) buf_text(&text, cell->text);
  }
  const char *start = buf_string(&text);
  for (const char *at = start; (at = text_find(at, words, &length)) != NULL && length; at += length)
    for (size_t i = 0; i < length; i++) {
      struct cell *cell = canvas_cell(canvas, row, columns[(size_t)(at - start) + i]);
      if (cell) cell->role = ROLE_MATCH;
    }
  buf_release(&text);
}

void canvas_text(const struct canvas *canvas, struct buf *out) {
  for (size_t row = 0; row < canvas->rows; row++) {
    size_t start = out->length, end = start;
    for (size_t column = 0; column < canvas->columns; column++) {
      const struct cell *cell = canvas_cell(canvas, row, column);
      if (!cell) continue;
      buf_text(out, cell->text);
      if (strcmp(cell->text, " ") != 0) end = out->length;
    }
    if (out->data) {
      out->length = end;
      out->data[end] = '\0';
    }
    buf_char(out, '\n');
  }
}

void canvas_roles(const struct canvas *canvas, struct buf *out) {
  static const char letters[ROLE_COUNT + 1] = ".H-gnwfubL+x~FBM";
  for (size_t row = 0; row < canvas->rows; row++) {
    for (size_t column = 0; column < canvas->columns; column++) {
      const struct cell *cell = canvas_cell(canvas, row, column);
      if (cell) buf_char(out, cell->focused ? 'F' : letters[cell->role]);
    }
    buf_char(out, '\n');
  }
}
