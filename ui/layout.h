#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H
#include "ui/canvas.h"

/* The page on the canvas: frame, body scrolled so that the focused block is visible, message and key line. */
#define LAYOUT_BACK "@back" /* owner of the cells of the first body line, which goes back */

struct layout_view {
  const char *focus;          /* id of the focused block; "" or null: none */
  size_t *scroll;             /* the first body line shown, kept between calls */
  const struct block *reveal; /* scrolled into view besides: a match that takes no focus; null: none */
  const char *find;           /* words to mark; "" : none */
  const struct field *prompt; /* typed in the message line in place of the message; null: none */
  const char *language;       /* of the switch at the right of the first row; "" : no other language is there */
  const char *key_line;
  size_t *below;              /* out: body lines hidden below; may be null */
  const struct page *beside;  /* what the focused block opens, to be shown where there is room; null: the screen has no second pane */
  bool ascii;
};
void layout_page(struct canvas *canvas, struct page *page, const struct layout_view *view);

/* May a window of that size have room for a second pane? */
bool layout_shows_beside(size_t rows, size_t columns);
/* How many body rows a window has: for paging. */
size_t layout_body_rows(size_t rows);
/* How wide the key line may be. */
size_t layout_key_columns(size_t columns);
#endif
