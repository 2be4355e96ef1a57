/* The change request as it will be saved, in the chosen format. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  struct buf text = BUF_INIT(4 << 20);
  struct request request;
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_PLAIN);
  page_can(page, ACTION_COPY_ALL);
  page_can(page, ACTION_HELP);
  if (plans_not_ready(wizard, page)) return;
  page->reading = true;
  plans_request(wizard, page->arena, &request);
  request_format_find(plans_format(wizard))->write(&request, &text);
  for (const char *line = buf_string(&text); *line;) {
    size_t length = strcspn(line, "\n");
    page_add(page, length ? BLOCK_VALUE : BLOCK_BLANK, text_safe_copy(page->arena, line, length));
    line += length + (line[length] == '\n');
  }
  page->value = (struct page_value){ .title = request.reference, .text = arena_strdup(page->arena, buf_string(&text)), .file = "request" };
  page->message = _("Long values wrap on this screen only. In the file each value is one line.");
  buf_release(&text);
}

const struct screen screen_preview = { .name = "preview", .help = "change-requests", .build = build };
