/* Searching all help pages. The argument is what was searched for. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "ui/helps.h"
#include "ui/wizard.h"

enum { MOST_HITS = 12 };

static void put_hits(struct page *page, const char *words) {
  struct help_hit hits[MOST_HITS];
  size_t count = help_search(page->arena, words, hits, MOST_HITS);
  struct text_argument said[] = { { "n", arena_printf(page->arena, "%zu", count) }, { "words", text_safe_string(page->arena, words) } };
  const char *found = ngettext("{n} result for \"{words}\"", "{n} results for \"{words}\"", (unsigned long)count), *none = _("Nothing was found for \"{words}\". Try another word, or the index.");
  page_paragraph(page, text_fill(page->arena, count ? found : none, said, 2));
  page_blank(page);
  for (size_t i = 0; i < count; i++) {
    page_item(page, arena_printf(page->arena, "topic:%s", hits[i].topic), text_safe_string(page->arena, hits[i].title), "", ROLE_LINK);
    page_add(page, BLOCK_PARAGRAPH, arena_printf(page->arena, "...%s...", hits[i].excerpt))->indent = 4;
  }
  if (count) return;
  const char *nearest = help_nearest(page->arena, words);
  if (nearest) page_item(page, arena_printf(page->arena, "topic:%s", nearest), words_fill(page->arena, _("Did you mean: {title}"), "title", help_title(page->arena, nearest)), "", ROLE_LINK);
  page_item(page, "index", _("Index"), "", ROLE_LINK);
  page_item(page, "topic:contents", _("All help pages"), "", ROLE_LINK);
}

static void build(struct wizard *wizard, struct page *page) {
  const char *words = wizard_argument(wizard);
  page->where = helps_where(page->arena, _("Search"));
  page_heading(page, _("Search help"));
  form_field(wizard, page, "words", _("Words"), "", words);
  page_blank(page);
  if (*words) put_hits(page, words);
  const char *also = help_also(page->arena, words);
  page->message = *also ? words_fill(page->arena, _("Also searched: {words}"), "words", also) : _("Type words and press Enter.");
  helps_put_actions(page);
}

static void search(struct wizard *wizard) {
  struct arena *arena = arena_new();
  struct help_hit first;
  const char *words = arena_strdup(arena, form_text(wizard, "words"));
  form_forget(wizard);
  wizard_set_argument(wizard, words);
  if (*words && help_search(arena, words, &first, 1)) wizard_focus(wizard, "topic:", first.topic);
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_FIND) {
    wizard_focus(wizard, "", "words");
    return true;
  }
  if (action == ACTION_OPEN && strcmp(focus, "words") == 0) search(wizard);
  else return helps_act(wizard, action);
  return true;
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  bool index = strcmp(id, "index") == 0;
  if (helps_leads(wizard, id, out_screen, out_argument)) return true;
  *out_screen = SCREEN_INDEX;
  return index;
}

const struct screen screen_search = { .name = "search", .help = "keys", .build = build, .act = act, .leads = leads };
