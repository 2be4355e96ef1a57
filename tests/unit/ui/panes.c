/* What a window has room for: a second pane with what the focused row opens, words that go on below or fold, and marks where something is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "ui/canvas.h"
#include "tests/support/wizard.h"

/* ---- the second pane ---- */

/* Where the words stand on the screen, in all its text. */
static char *drawn(struct wizard *wizard, struct canvas *canvas, size_t rows, size_t columns) {
  struct buf text = BUF_INIT(1 << 22);
  canvas_init(canvas, rows, columns);
  wizard_draw(wizard, canvas, true);
  canvas_text(canvas, &text);
  return buf_take(&text);
}

static void what_opens_stands_beside(void **state) {
  static const struct { size_t rows, columns; bool shown; } sizes[] = { { 40, 120, true }, { 24, 119, false }, { 90, 80, true }, { 24, 80, false }, { 50, 200, true }, { 12, 40, false } };
  struct wizard wizard;
  (void)state;
  start(&wizard);
  for (size_t i = 0; i < MEM_COUNT(sizes); i++) {
    struct canvas canvas;
    char *text = drawn(&wizard, &canvas, sizes[i].rows, sizes[i].columns);
    assert_int_equal(strstr(text, "What the guidance asks for") != NULL, sizes[i].shown);
    canvas_release(&canvas);
    free(text);
  }
  wizard_release(&wizard);
}

/* A press anywhere in the pane opens what it shows, and nothing there can be chosen besides. */
static void the_pane_belongs_to_the_row(void **state) {
  struct wizard wizard;
  struct canvas canvas;
  (void)state;
  start(&wizard);
  size_t owned = 0;
  free(drawn(&wizard, &canvas, 40, 120));
  const char *focus = wizard_focused(&wizard)->id;
  for (size_t row = 0; row < 40; row++)
    for (size_t column = 75; column < 120; column++) {
      const struct cell *cell = canvas_cell(&canvas, row, column);
      if (!cell->owner) continue;
      assert_string_equal(cell->owner, focus);
      owned++;
    }
  assert_true(owned > 100);
  canvas_release(&canvas);
  wizard_release(&wizard);
}

/* Looking ahead leaves nothing behind: no place in the history, no choice in a form. */
static void looking_ahead_changes_nothing(void **state) {
  struct wizard wizard;
  (void)state;
  start(&wizard);
  wizard_go(&wizard, SCREEN_STEP, "spf-record");
  size_t depth = wizard.depth;
  struct arena *arena = arena_new();
  const struct page *ahead = wizard_page_ahead(&wizard, arena, SCREEN_DETAIL, "format");
  assert_non_null(page_find_id(ahead, "value=text"));
  assert_true(page_find_id(ahead, "value=text")->chosen);
  assert_int_equal(wizard.depth, depth);
  assert_false(wizard.ahead);
  wizard_go(&wizard, SCREEN_DETAIL, "format");
  assert_null(form_choice(&wizard, "value"));
  arena_free(&arena);
  wizard_release(&wizard);
}

/* ---- tables ---- */

static const char *const SENTENCE = "one two three four five six seven eight nine ten eleven twelve";

static char *table_drawn(size_t rows, size_t columns) {
  struct arena *arena = arena_new();
  struct page *page = page_new(arena, "where");
  const struct column shape[] = { { .title = "Name", .whole = true }, { .title = "State", .whole = true }, { .title = "Words", .fold = true } };
  const struct table *table = page_table(page, shape, MEM_COUNT(shape));
  for (unsigned i = 0; i < 10; i++) {
    struct block *row = page_row(page, table, arena_printf(arena, "row:%u", i));
    page_cell(row, 0, arena_printf(arena, "a name of some length %u", i), ROLE_TEXT);
    page_cell(row, 1, "Problem", ROLE_FAIL);
    page_cell(row, 2, SENTENCE, ROLE_TEXT);
  }
  struct canvas canvas;
  size_t scroll = 0;
  struct layout_view view = { .focus = "", .scroll = &scroll, .find = "", .language = "", .key_line = "", .ascii = true };
  canvas_init(&canvas, rows, columns);
  layout_page(&canvas, page, &view);
  struct buf text = BUF_INIT(1 << 20);
  canvas_text(&canvas, &text);
  canvas_release(&canvas);
  arena_free(&arena);
  return buf_take(&text);
}

/* One line a row where there is no more room, and the cut is marked between words; two, or all, where there is; below the row in narrow windows. */
static void words_have_what_room_there_is(void **state) {
  static const struct { size_t rows, columns; const char *there, *not_there; } sizes[] = {
    { 18, 80, "five six seven...\n", "twelve" }, { 27, 80, "nine ten eleven twelve\n", "..." }, { 60, 80, "twelve", "..." }, { 40, 130, "eleven twelve\n", "..." },
    { 40, 60, "\n   one two three", "Words" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(sizes); i++) {
    char *text = table_drawn(sizes[i].rows, sizes[i].columns);
    if (!strstr(text, sizes[i].there) || strstr(text, sizes[i].not_there)) fail_msg("%zux%zu:\n%s", sizes[i].columns, sizes[i].rows, text);
    free(text);
  }
}

/* The first row and the message say that they were cut. */
static void the_frame_marks_what_it_cuts(void **state) {
  struct arena *arena = arena_new();
  struct page *page = page_new(arena, "mailstead   a-very-long-name.of-a-domain.that-does-not-fit.in-the-first-row.gov.uk");
  struct canvas canvas;
  size_t scroll = 0;
  struct layout_view view = { .focus = "", .scroll = &scroll, .find = "", .language = "", .key_line = "", .ascii = true };
  page->message = "A message that is much too long for all the three rows that a message may take of the window has to end somewhere, and it says so by three full stops at its end, as is usual everywhere.";
  (void)state;
  page_heading(page, "A heading");
  canvas_init(&canvas, 14, 44);
  layout_page(&canvas, page, &view);
  struct buf text = BUF_INIT(1 << 20);
  canvas_text(&canvas, &text);
  assert_non_null(strstr(buf_string(&text), "a-very-long-name.of-a-domain...\n"));
  assert_non_null(strstr(buf_string(&text), "...\n\n"));
  buf_release(&text);
  canvas_release(&canvas);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(what_opens_stands_beside), cmocka_unit_test(the_pane_belongs_to_the_row), cmocka_unit_test(looking_ahead_changes_nothing), cmocka_unit_test(words_have_what_room_there_is), cmocka_unit_test(the_frame_marks_what_it_cuts) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
