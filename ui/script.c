/* Drives the wizard from a file, without a terminal: "key Down", "type words", "until words", "size 60x16", "language cy", "snap" (prints the
 * screen), "roles" (prints a letter for each cell's role). */
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

static void snap(struct script *script, bool roles) {
  struct canvas canvas;
  struct buf text = BUF_INIT(1 << 22);
  draw(script, &canvas);
  if (roles) canvas_roles(&canvas, &text);
  else canvas_text(&canvas, &text);
  put_out(&text);
  buf_release(&text);
  canvas_release(&canvas);
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
  else if (strcmp(verb, "snap") == 0) snap(script, false);
  else if (strcmp(verb, "roles") == 0) snap(script, true);
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
      snap(&script, false);
      status = 2;
    }
    line = end ? end + 1 : NULL;
  }
  free(text);
  return status;
}
