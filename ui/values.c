#include "ui/values.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "ui/settings.h"

/* A page without a value of its own is copied as the text that it is. */
static const char *page_text(struct page *page) {
  struct buf out = BUF_INIT(4 << 20);
  for (size_t i = 0; i < page->count; i++) buf_printf(&out, "%s\n", page->blocks[i].kind == BLOCK_BLANK ? "" : page_block_text(page->arena, &page->blocks[i]));
  const char *text = arena_strndup(page->arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

const char *values_to_copy(struct wizard *wizard, bool all) {
  struct page *page = wizard_page(wizard);
  const struct page_value *value = &page->value;
  const struct block *focus = wizard_focused(wizard);
  if (!value->text) return !all && focus ? page_block_text(page->arena, focus) : page_text(page);
  if (all && value->all) return value->all;
  return value->quoted && strcmp(setting_value(wizard->settings, "copy-form"), "split") == 0 ? value->quoted : value->text;
}

/* A text of several lines stays one; each line is made safe. */
static void put_lines(struct page *page, struct buf *out, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    buf_printf(out, "%s\n", text_safe_copy(page->arena, line, length));
    line += length + (line[length] == '\n');
  }
}

static void put_value(struct page *page, struct buf *out, const struct page_value *value) {
  buf_printf(out, "%s\n", value->title);
  if (!strchr(value->text, '\n')) buf_printf(out, "%s\n", _("Value, on one line:"));
  buf_char(out, '\n');
  put_lines(page, out, value->text);
  if (!value->quoted || strcmp(value->quoted, value->text) == 0) return;
  buf_printf(out, "\n%s\n\n", _("For a zone file, quoted and split:"));
  put_lines(page, out, value->quoted);
}

const char *values_plain(struct wizard *wizard) {
  struct page *page = wizard_page(wizard);
  struct buf out = BUF_INIT(4 << 20);
  if (page->value.text) put_value(page, &out, &page->value);
  else buf_printf(&out, "%s\n%s", page->where, page_text(page));
  const char *text = arena_strndup(page->arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

const char *values_free_path(struct arena *arena, const char *name, const char *suffix) {
  const char *home = file_home(), *folder = arena_printf(arena, "%s/mailstead", home ? home : ".");
  for (unsigned number = 1; number < 1000; number++) {
    const char *path = number == 1 ? arena_printf(arena, "%s/%s.%s", folder, name, suffix) : arena_printf(arena, "%s/%s-%u.%s", folder, name, number, suffix);
    if (access(path, F_OK) != 0) return path;
  }
  return arena_printf(arena, "%s/%s.%s", folder, name, suffix);
}

const char *values_short_path(struct arena *arena, const char *path) {
  const char *home = file_home();
  size_t length = home ? strlen(home) : 0;
  if (length > 1 && strncmp(path, home, length) == 0 && path[length] == '/') path = arena_printf(arena, "~%s", path + length);
  return text_safe_string(arena, path);
}

void values_save(struct wizard *wizard) {
  struct fault fault = { "" };
  const struct page_value *value = &wizard_page(wizard)->value;
  if (!value->text) {
    wizard_say(wizard, "%s", _("There is no value on this screen"));
    return;
  }
  struct arena *arena = arena_new();
  const char *name = value->file ? value->file : "value";
  size_t length = strlen(name) - (text_ends(name, ".txt") ? 4 : 0);
  const char *path = values_free_path(arena, arena_strndup(arena, name, length), "txt"), *folder = arena_strndup(arena, path, (size_t)(strrchr(path, '/') - path));
  const char *text = arena_printf(arena, "%s\n", value->all ? value->all : value->text);
  bool saved = file_make_folders(folder, &fault) && file_create(path, text, strlen(text), 0644, &fault);
  wizard_say(wizard, "%s", saved ? words_fill(arena, _("Saved as {path}"), "path", path) : fault.text);
  arena_free(&arena);
}
