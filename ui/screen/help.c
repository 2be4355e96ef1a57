/* A help page, or the contents. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "ui/helps.h"
#include "ui/markdown.h"
#include "ui/wizard.h"

static bool is_contents(const char *topic) { return !*topic || strcmp(topic, "contents") == 0; }

static void build_contents(struct page *page) {
  size_t count;
  const char *const *topics = help_topics(&count);
  page->where = helps_where(page->arena, "");
  page_heading(page, _("Help"));
  page_paragraph(page, _("Everything here works without a network. / searches all pages, i lists every term."));
  page_blank(page);
  for (size_t i = 0; i < count; i++) page_item(page, arena_printf(page->arena, "topic:%s", topics[i]), text_safe_string(page->arena, help_title(page->arena, topics[i])), "", ROLE_TEXT);
}

static void build_topic(struct page *page, const char *topic) {
  const char *text = help_text(page->arena, topic);
  page->reading = true;
  page->where = helps_where(page->arena, help_title(page->arena, topic));
  if (text) markdown_put(page, text);
  else page_heading(page, words_fill(page->arena, _("There is no help page \"{topic}\""), "topic", topic));
  page_blank(page);
  page_item(page, "topic:contents", _("All help pages"), "", ROLE_LINK);
  page->message = _("Press the number of a link to follow it. Backspace goes back a page, Esc to your work.");
}

static void build(struct wizard *wizard, struct page *page) {
  if (is_contents(wizard_argument(wizard))) build_contents(page);
  else build_topic(page, wizard_argument(wizard));
  helps_put_actions(page);
}

const struct screen screen_help = { .name = "help", .help = "keys", .build = build, .act = helps_act };
