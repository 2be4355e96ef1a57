/* The change request as it will be saved, in the chosen format: each file after the other. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/plans.h"
#include "ui/values.h"
#include "ui/wizard.h"

static void put_text(struct page *page, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    page_add(page, length ? BLOCK_VALUE : BLOCK_BLANK, text_safe_copy(page->arena, line, length));
    line += length + (line[length] == '\n');
  }
}

static void build(struct wizard *wizard, struct page *page) {
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_PLAIN);
  page_can(page, ACTION_COPY_ALL);
  page_can(page, ACTION_HELP);
  if (plans_not_ready(wizard, page)) return;
  page->reading = true;
  size_t count;
  struct buf all = BUF_INIT(4 << 20);
  const struct plans_file *files = plans_files(wizard, page->arena, &count);
  for (size_t i = 0; i < count; i++) {
    page_section(page, values_short_path(page->arena, files[i].path));
    put_text(page, files[i].text);
    buf_text(&all, files[i].text);
  }
  page->value = (struct page_value){ .title = _("Change request"), .text = arena_strdup(page->arena, buf_string(&all)), .file = "request" };
  page->message = _("Long values wrap on this screen only. In the file each value is one line.");
  buf_release(&all);
}

const struct screen screen_preview = { .name = "preview", .help = "change-requests", .build = build };
