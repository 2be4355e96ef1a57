#include "ui/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"

/* Prose wraps at its words; what has none, a value, anywhere. */
static void put_line(struct page *page, const char *line, size_t length) {
  size_t indent = strspn(line, " ") < length ? strspn(line, " ") : length;
  bool prose = memchr(line + indent, ' ', length - indent) != NULL;
  const char *text = text_safe_copy(page->arena, line + indent, length - indent);
  page_add(page, !*text ? BLOCK_BLANK : prose ? BLOCK_PARAGRAPH : BLOCK_VALUE, text)->indent = (unsigned)indent + (prose ? 2 : 0);
}

void files_put_text(struct page *page, const char *title, const char *text, const char *file_name) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    put_line(page, line, length);
    line += length + (line[length] == '\n');
  }
  page->value = (struct page_value){ .title = title, .text = text, .file = file_name };
  page_can(page, ACTION_SAVE);
  page_can(page, ACTION_COPY_ALL);
  page_can(page, ACTION_PLAIN);
}

static const char *folder(struct arena *arena) {
  const char *home = file_home();
  return arena_printf(arena, "%s/mailstead", home ? home : ".");
}

/* A path in that folder that is free; in the arena. */
static const char *free_path(struct arena *arena, const char *stem, const char *suffix) {
  const char *path = arena_printf(arena, "%s/%s.%s", folder(arena), stem, suffix);
  for (unsigned number = 2; number < 1000 && access(path, F_OK) == 0; number++) path = arena_printf(arena, "%s/%s-%u.%s", folder(arena), stem, number, suffix);
  return path;
}

void files_save(struct wizard *wizard, const char *stem, const char *suffix, const char *text) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  const char *path = free_path(arena, stem, suffix);
  bool saved = file_make_folders(folder(arena), &fault) && file_create(path, text, strlen(text), 0644, &fault);
  wizard_say(wizard, saved ? _("Saved: %s") : "%s", saved ? text_safe_string(arena, path) : fault.text);
  arena_free(&arena);
}
