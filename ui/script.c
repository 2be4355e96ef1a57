/* Drives the wizard from a file, without a terminal. One command a line; empty lines and lines with # are left out:
 *   key NAME      presses a key: a character, or Enter Esc Up Down Left Right PgUp PgDn Home End Backspace Delete Tab Shift-Tab F1 Space Ctrl-C …
 *   type WORDS    types them
 *   paste WORDS   pastes them; \n stands for a line end
 *   open ID       gives the focus to the block of that id, and opens it
 *   go SCREEN [ABOUT] goes to a screen by its name, about something
 *   until WORDS   waits until they are on the screen; fails after half a minute
 *   size 60x16    the window from now on
 *   language cy   the language from now on
 *   snap [NAME]   prints the screen: a line with the name, size and cursor, then the rows, each ending in "|"
 *   roles         prints a letter for each cell's role (see canvas_roles); rows of text alone are left out
 *   sweep         draws the page at many sizes from 1x1 up: it fails when something stands outside the window, when the focused block is
 *                 out of sight, or when the key line does not fit
 * A command that cannot be done ends the run with status 2; the screen is then printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/canvas.h"
#include "ui/keys.h"

enum { UNTIL_MS = 30000 };

struct script {
  struct wizard *wizard;
  size_t rows, columns;
};

static void draw(struct script *script, struct canvas *canvas) {
  canvas_init(canvas, script->rows, script->columns);
  wizard_draw(script->wizard, canvas, script->wizard->options.ascii);
}

static void put_out(const struct buf *text) { fwrite(buf_string(text), 1, text->length, stdout); }

static void put_rows(struct buf *out, const struct canvas *canvas) {
  struct buf text = BUF_INIT(1 << 22);
  canvas_text(canvas, &text);
  for (const char *line = buf_string(&text); *line; line += strcspn(line, "\n") + 1) buf_printf(out, "%.*s|\n", (int)strcspn(line, "\n"), line);
  buf_release(&text);
}

static void snap(struct script *script, const char *name) {
  struct canvas canvas;
  struct buf text = BUF_INIT(1 << 22);
  draw(script, &canvas);
  buf_printf(&text, "== %s %zux%zu cursor %zu,%zu\n", name, script->columns, script->rows, canvas.cursor_row, canvas.cursor_column);
  put_rows(&text, &canvas);
  put_out(&text);
  buf_release(&text);
  canvas_release(&canvas);
}

/* Rows of plain text say nothing. */
static void roles(struct script *script) {
  struct canvas canvas;
  struct buf grid = BUF_INIT(1 << 22), text = BUF_INIT(1 << 22);
  size_t row = 0;
  draw(script, &canvas);
  canvas_roles(&canvas, &grid);
  for (const char *line = buf_string(&grid); *line; line += strcspn(line, "\n") + 1, row++) {
    size_t length = strcspn(line, "\n");
    if (strspn(line, ".") < length) buf_printf(&text, "%2zu %.*s\n", row, (int)length, line);
  }
  put_out(&text);
  buf_release(&text);
  buf_release(&grid);
  canvas_release(&canvas);
}

/* ---- the sweep ---- */

static bool focus_in_sight(struct wizard *wizard, const struct canvas *canvas) {
  const struct block *focus = wizard_focused(wizard);
  if (!focus || canvas->rows < 12 || canvas->columns < 40 || wizard->find.typing) return true;
  for (size_t i = 0; i < canvas->rows * canvas->columns; i++)
    if (canvas->cells[i].owner && strcmp(canvas->cells[i].owner, focus->id) == 0) return true;
  return false;
}

static bool fits(struct script *script, size_t rows, size_t columns) {
  struct canvas canvas;
  struct wizard *wizard = script->wizard;
  canvas_init(&canvas, rows, columns);
  wizard_draw(wizard, &canvas, wizard->options.ascii);
  bool inside = canvas.cursor_row < rows && canvas.cursor_column < columns;
  bool keys = text_width(wizard_key_line(wizard, wizard_page(wizard)->arena, layout_key_columns(columns))) <= layout_key_columns(columns);
  bool good = inside && keys && focus_in_sight(wizard, &canvas);
  canvas_release(&canvas);
  return good;
}

static bool sweep(struct script *script) {
  static const struct { size_t rows, columns; } wide[] = { { 12, 300 }, { 24, 200 }, { 50, 200 }, { 100, 300 }, { 100, 80 }, { 60, 60 } };
  for (size_t i = 0; i < MEM_COUNT(wide); i++)
    if (!fits(script, wide[i].rows, wide[i].columns)) {
      script->rows = wide[i].rows;
      script->columns = wide[i].columns;
      return false;
    }
  for (size_t rows = 1; rows <= 50; rows += rows < 14 || rows > 20 ? 3 : 1)
    for (size_t columns = 1; columns <= 130; columns += columns < 36 ? 5 : columns < 84 ? 3 : 9)
      if (!fits(script, rows, columns)) {
        script->rows = rows;
        script->columns = columns;
        return false;
      }
  return true;
}

static void paste(struct script *script, const char *text) {
  struct buf lines = BUF_INIT(1 << 16);
  for (const char *at = text; *at; at++) {
    bool end = at[0] == '\\' && at[1] == 'n';
    buf_char(&lines, end ? '\n' : *at);
    at += end;
  }
  wizard_paste(script->wizard, buf_string(&lines), lines.length);
  buf_release(&lines);
}

static bool shows(struct script *script, const char *words) {
  struct canvas canvas;
  struct buf text = BUF_INIT(1 << 22);
  draw(script, &canvas);
  canvas_text(&canvas, &text);
  bool found = strstr(buf_string(&text), words) != NULL;
  buf_release(&text);
  canvas_release(&canvas);
  return found;
}

static bool until(struct script *script, const char *words) {
  int64_t end = clock_monotonic_ms() + UNTIL_MS;
  while (!shows(script, words)) {
    if (clock_monotonic_ms() > end) return false;
    script->wizard->changed = true;
    if (!uv_run(&script->wizard->loop, UV_RUN_NOWAIT)) uv_sleep(5);
  }
  return true;
}

static bool press(struct script *script, const char *name) {
  enum key key;
  if (keys_by_name(name, &key)) {
    keys_press(script->wizard, key, "", 0);
    return true;
  }
  if (strcmp(name, "Space") == 0) name = " ";
  if (strlen(name) != 1) return false;
  keys_press(script->wizard, KEY_IS_TEXT, name, 1);
  return true;
}

static void type(struct script *script, const char *text) {
  for (size_t at = 0, length = strlen(text), columns; at < length;) {
    size_t size = text_grapheme(text + at, length - at, &columns);
    keys_press(script->wizard, KEY_IS_TEXT, text + at, size);
    at += size;
  }
}

static bool go(struct script *script, const char *words) {
  size_t length = strcspn(words, " ");
  for (unsigned id = 0; id < SCREEN_COUNT; id++) {
    const char *name = ui_screen((enum screen_id)id)->name;
    if (strlen(name) != length || strncmp(name, words, length) != 0) continue;
    wizard_go(script->wizard, (enum screen_id)id, words[length] ? words + length + 1 : "");
    return true;
  }
  return false;
}

static bool set_size(struct script *script, const char *text) {
  char *end;
  script->columns = strtoul(text, &end, 10);
  script->rows = *end == 'x' ? strtoul(end + 1, NULL, 10) : 0;
  return script->rows >= 1 && script->rows <= 1000 && script->columns >= 1 && script->columns <= 1000;
}

static bool run_line(struct script *script, const char *line) {
  const char *space = strchr(line, ' '), *rest = space ? space + 1 : "";
  size_t length = space ? (size_t)(space - line) : strlen(line);
  struct arena *arena = arena_new();
  const char *verb = arena_strndup(arena, line, length);
  bool good = true;
  if (strcmp(verb, "key") == 0) good = press(script, rest);
  else if (strcmp(verb, "type") == 0) type(script, rest);
  else if (strcmp(verb, "until") == 0) good = until(script, rest);
  else if (strcmp(verb, "size") == 0) good = set_size(script, rest);
  else if (strcmp(verb, "language") == 0) intl_set_language(rest);
  else if (strcmp(verb, "snap") == 0) snap(script, rest);
  else if (strcmp(verb, "roles") == 0) roles(script);
  else if (strcmp(verb, "sweep") == 0) good = sweep(script);
  else if (strcmp(verb, "go") == 0) good = go(script, rest);
  else if (strcmp(verb, "paste") == 0) paste(script, rest);
  else if (strcmp(verb, "open") == 0) wizard_page(script->wizard), wizard_open_id(script->wizard, rest);
  else good = !*line || *line == '#';
  arena_free(&arena);
  return good;
}

int script_run(struct wizard *wizard, struct fault *fault) {
  struct script script = { .wizard = wizard, .rows = 24, .columns = 80 };
  size_t length, number = 0;
  char *text = file_read(wizard->options.script, 1 << 20, &length, fault);
  if (!text) return 2;
  int status = 0;
  for (char *line = text; line && *line && !wizard->wishes.quit && !status;) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    number++;
    if (!run_line(&script, line)) {
      fault_set(fault, _("%s, line %zu: \"%s\" could not be done"), wizard->options.script, number, line);
      snap(&script, "failed");
      status = 2;
    }
    line = end ? end + 1 : NULL;
  }
  free(text);
  return status;
}
