#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "ui/markdown.h"
#include "ui/wizard.h"

static void build_contents(struct page *page) {
  size_t count;
  const char *const *topics = help_topics(&count);
  page_heading(page, _("Help"));
  page_paragraph(page, _("Everything here works without a network. / searches."));
  page_blank(page);
  for (size_t i = 0; i < count; i++) page_item(page, arena_printf(page->arena, "topic:%s", topics[i]), text_safe_string(page->arena, help_title(page->arena, topics[i])), "", ROLE_TEXT);
}

void build_help(struct wizard *wizard, struct page *page) {
  const char *topic = wizard_place(wizard)->argument;
  if (!*topic || strcmp(topic, "contents") == 0) {
    build_contents(page);
    return;
  }
  const char *text = help_text(page->arena, topic);
  if (text) {
    markdown_put(page, text);
  } else {
    struct text_argument argument = { "topic", text_safe_string(page->arena, topic) };
    page_heading(page, text_fill(page->arena, _("There is no help page \"{topic}\""), &argument, 1));
  }
  page_blank(page);
  page_item(page, "topic:contents", _("All help pages"), "", ROLE_LINK);
  page->message = _("Press the number of a link to follow it.");
}

static bool scroll(struct place *place, enum action action) {
  size_t by = action == ACTION_UP || action == ACTION_DOWN ? 1 : 12;
  if (action == ACTION_UP || action == ACTION_PAGE_UP) place->scroll = place->scroll > by ? place->scroll - by : 0;
  else if (action == ACTION_DOWN || action == ACTION_SELECT || action == ACTION_PAGE_DOWN) place->scroll += by;
  else return false;
  place->focus[0] = '\0';
  return true;
}

bool act_help(struct wizard *wizard, enum action action, const char *focus) {
  const char *topic = wizard_place(wizard)->argument;
  if (*topic && strcmp(topic, "contents") != 0 && scroll(wizard_place(wizard), action)) return true;
  if (action != ACTION_OPEN || strncmp(focus, "topic:", 6) != 0) return false;
  wizard_go(wizard, SCREEN_HELP, focus + 6);
  return true;
}

void build_help_search(struct wizard *wizard, struct page *page) {
  struct help_hit hits[12];
  page_heading(page, _("Search help"));
  struct block *field = page_add(page, BLOCK_FIELD, _("Words"));
  field->id = "field";
  field->field = &wizard->field;
  page_blank(page);
  if (!*wizard->search) return;
  size_t count = help_search(page->arena, wizard->search, hits, MEM_COUNT(hits));
  for (size_t i = 0; i < count; i++) {
    page_item(page, arena_printf(page->arena, "topic:%s", hits[i].topic), text_safe_string(page->arena, hits[i].title), "", ROLE_LINK);
    page_add(page, BLOCK_PARAGRAPH, arena_printf(page->arena, "...%s...", hits[i].excerpt))->indent = 4;
  }
  if (!count) {
    page_paragraph(page, _("Nothing was found."));
    page_item(page, "topic:contents", _("All help pages"), "", ROLE_LINK);
  }
}

bool act_help_search(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "topic:", 6) == 0) wizard_go(wizard, SCREEN_HELP, focus + 6);
  else snprintf(wizard->search, sizeof wizard->search, "%.255s", wizard->field.text);
  return true;
}
