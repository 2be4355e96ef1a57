/* Help pages, and any hostile text, through pages and canvases of several sizes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/canvas.h"
#include "ui/layout.h"
#include "ui/markdown.h"
#include "ui/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draw(struct page *page, const char *text, size_t rows, size_t columns) {
  struct canvas canvas;
  size_t scroll = 0;
  struct buf out = BUF_INIT(1 << 20);
  canvas_init(&canvas, rows, columns);
  layout_page(&canvas, page, &(struct layout_view){ .scroll = &scroll, .find = "", .language = "", .key_line = "" });
  canvas_put(&canvas, rows / 2, columns / 2, columns, text, 0);
  canvas_text(&canvas, &out);
  buf_release(&out);
  canvas_release(&canvas);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct { size_t rows, columns; } sizes[] = { { 24, 80 }, { 16, 60 }, { 1, 1 }, { 3, 500 } };
  for (size_t i = 0; i < MEM_COUNT(sizes); i++) {
    struct arena *arena = arena_new();
    struct page *page = page_new(arena, text_safe_copy(arena, data, size < 60 ? size : 60));
    const char *text = text_safe_copy(arena, data, size);
    markdown_put(page, arena_strndup(arena, (const char *)data, size));
    page_pair(page, text, text);
    page_bullet(page, text);
    draw(page, text, sizes[i].rows, sizes[i].columns);
    arena_free(&arena);
  }
  return 0;
}
