/* Every screen at every size, fields, and hostile text on the canvas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/names.h"
#include "tests/support/wizard.h"

static void draw(struct wizard *wizard, size_t rows, size_t columns) {
  struct canvas canvas;
  canvas_init(&canvas, rows, columns);
  wizard_draw(wizard, &canvas, true);
  assert_true(canvas.cursor_row < rows && canvas.cursor_column <= columns);
  struct buf text = BUF_INIT(1 << 20);
  canvas_text(&canvas, &text);
  for (const char *line = buf_string(&text); *line; line += strcspn(line, "\n") + 1) assert_true(text_width_n(line, strcspn(line, "\n")) <= columns);
  assert_true(text_width(wizard_key_line(wizard, wizard_page(wizard)->arena, layout_key_columns(columns))) <= layout_key_columns(columns));
  buf_release(&text);
  canvas_release(&canvas);
}

static const char *about(enum screen_id screen) {
  switch (screen) {
  case SCREEN_STEP: return "spf-record";
  case SCREEN_QUESTION: return "spf-ending";
  case SCREEN_GSI: return "old.gsi.gov.uk";
  case SCREEN_DETAIL: return "format";
  case SCREEN_DIFFERENCE: return "dmarc-aim";
  default: return "spf";
  }
}

static void sweep(void **state) {
  struct wizard wizard;
  (void)state;
  start(&wizard);
  for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
    wizard_go(&wizard, (enum screen_id)screen, about((enum screen_id)screen));
    for (size_t rows = 1; rows <= 50; rows += rows < 16 ? 1 : 7)
      for (size_t columns = 1; columns <= 130; columns += columns < 44 ? 1 : 17) draw(&wizard, rows, columns);
    wizard_back(&wizard);
  }
  wizard_release(&wizard);
}

/* Whatever a page is asked to be about, it has a heading and something to do: no dead end. */
static void nonsense_leads_on(void **state) {
  struct wizard wizard;
  (void)state;
  start(&wizard);
  for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
    bool heading = false;
    wizard_go(&wizard, (enum screen_id)screen, "nonsense of no kind");
    const struct page *page = wizard_page(&wizard);
    for (size_t i = 0; i < page->count; i++) heading |= page->blocks[i].kind == BLOCK_HEADING && *page->blocks[i].text;
    if (!heading || (!page_focus_count(page) && !page->reading)) fail_msg("%s", ui_screen((enum screen_id)screen)->name);
    if (page_find_id(page, "go:back")) {
      wizard_open_id(&wizard, "go:back");
      assert_int_equal(wizard_place(&wizard)->screen, SCREEN_TASKS);
    } else {
      wizard_back(&wizard);
    }
  }
  wizard_release(&wizard);
}

static unsigned words_in(const char *text) {
  unsigned count = 0;
  for (const char *at = text; *at; at += strspn(at, " ")) at += strcspn(at, " "), count++;
  return count;
}

/* A heading of a page stands in the index without its page in sight: one or two words would say nothing. */
static void index_is_understood_alone(void **state) {
  struct wizard wizard;
  char path[512];
  size_t headings = 0;
  (void)state;
  snprintf(path, sizeof path, "%s/help", getenv("srcdir") ? getenv("srcdir") : ".");
  setenv("MAILSTEAD_HELP", path, 1);
  start(&wizard);
  wizard_go(&wizard, SCREEN_INDEX, "");
  const struct page *page = wizard_page(&wizard);
  for (size_t i = 0; i < page->count; i++) {
    const struct block *item = &page->blocks[i];
    if (item->kind != BLOCK_ITEM || !*item->detail || text_starts(item->id, "topic:glossary")) continue;
    headings++;
    if (words_in(item->text) < 3) fail_msg("%s (%s)", item->text, item->detail);
  }
  assert_true(headings > 15);
  wizard_release(&wizard);
  unsetenv("MAILSTEAD_HELP");
}

static void any_key_anywhere(void **state) {
  struct wizard wizard;
  uint32_t seed = 7;
  (void)state;
  start(&wizard);
  for (unsigned i = 0; i < 4000; i++) {
    seed = seed * 1664525u + 1013904223u;
    char letter = (char)(32 + (seed >> 16) % 95);
    if (letter == 'r' || letter == 's') continue; /* no network and no files from here */
    if ((seed >> 10) % 3) keys_press(&wizard, KEY_IS_TEXT, &letter, 1);
    else keys_press(&wizard, (enum key)((seed >> 12) % KEY_COUNT), "x", 1);
    wizard.wishes = (struct wishes){ .quit = false };
    draw(&wizard, 24, 80);
  }
  wizard_release(&wizard);
}

static void hostile_text(void **state) {
  static const char *const texts[] = { "\033[2J\033]0;x\a", "\xff\xfe broken", "w\xcc\x82ide \xe4\xb8\xad\xe6\x96\x87 text", "\xe2\x80\xae right to left", "a\xcc\x80\xcc\x80\xcc\x80\xcc\x80", "" };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(texts); i++) {
    struct arena *arena = arena_new();
    struct canvas canvas;
    canvas_init(&canvas, 2, 10);
    canvas_put(&canvas, 0, 0, 10, text_safe_string(arena, texts[i]), ROLE_TEXT);
    canvas_put(&canvas, 1, 9, 10, "\xe4\xb8\xad", ROLE_TEXT);
    canvas_put(&canvas, 9, 99, 10, "outside", ROLE_TEXT);
    struct buf text = BUF_INIT(4096);
    canvas_text(&canvas, &text);
    assert_null(strchr(buf_string(&text), '\033'));
    buf_release(&text);
    canvas_release(&canvas);
    arena_free(&arena);
  }
}

static void fields(void **state) {
  struct field field;
  (void)state;
  field_set(&field, "");
  field_insert(&field, "d\xc5\xb5r\x1b[31m\n", 10);
  assert_string_equal(field.text, "d\xc5\xb5r[31m ");
  field_edit(&field, FIELD_START);
  field_edit(&field, FIELD_RIGHT);
  field_edit(&field, FIELD_DELETE);
  assert_string_equal(field.text, "dr[31m ");
  field_edit(&field, FIELD_CLEAR);
  field_edit(&field, FIELD_ERASE);
  assert_int_equal(field.length, 0);
  for (int i = 0; i < FIELD_MOST / 2; i++) assert_true(field_insert(&field, "ab", 2));
  assert_false(field_insert(&field, "ab", 2));
  assert_true(field.length <= FIELD_MOST);
}

/* Names as people type them: of a record, of a website, of an ending, and what cannot be one. */
static void typed_names(void **state) {
  static const struct { const char *typed, *taken, *said; } rows[] = {
    { "_dmarc.example.gov.uk", "example.gov.uk", "Taken" }, { "k1._domainkey.Example.gov.uk", "example.gov.uk", "Taken" }, { "https://www.example.gov.uk/x", "example.gov.uk", "Taken" },
    { "www.gov.uk", "www.gov.uk", "" }, { "gov.uk", "gov.uk", "Others register" }, { "-x.gov.uk", NULL, "" }, { "x-.gov.uk", NULL, "" }, { "a.example b.example", "a.example", "" },
  };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    struct fault fault = { "" };
    struct arena *arena = arena_new();
    const char **names = NULL, *said = "";
    size_t count = 0;
    assert_int_equal(names_read(arena, rows[i].typed, &names, &count, &said, &fault), rows[i].taken != NULL);
    if (rows[i].taken) assert_string_equal(names[0], rows[i].taken);
    assert_int_equal(strncmp(said, rows[i].said, strlen(rows[i].said)), 0);
    arena_free(&arena);
  }
}

/* A letter or a key means one thing. */
static void one_meaning(void **state) {
  (void)state;
  for (size_t i = 0; action_at(i); i++) {
    const struct action_row *row = action_at(i);
    assert_ptr_equal(action_find(row->action), row);
    assert_ptr_equal(action_of_id(row->id), row);
    if (row->letter) assert_ptr_equal(action_of_letter(row->letter), row);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(sweep), cmocka_unit_test(nonsense_leads_on), cmocka_unit_test(index_is_understood_alone), cmocka_unit_test(any_key_anywhere), cmocka_unit_test(hostile_text), cmocka_unit_test(fields), cmocka_unit_test(typed_names), cmocka_unit_test(one_meaning) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
