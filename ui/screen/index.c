/* The index of the help: every page and every heading, from A to Z. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "ui/helps.h"
#include "ui/wizard.h"

enum { MOST_ENTRIES = 1000 };
struct entry { const char *words, *topic; };

static int by_words(const void *a, const void *b) {
  const char *left = ((const struct entry *)a)->words, *right = ((const struct entry *)b)->words;
  while (*left && to_lower(*left) == to_lower(*right)) left++, right++;
  return (unsigned char)to_lower(*left) - (unsigned char)to_lower(*right);
}

/* Headings are the lines that begin with "#". */
static size_t read_headings(struct arena *arena, const char *topic, struct entry *out, size_t room) {
  const char *text = help_text(arena, topic);
  size_t count = 0;
  while (text && *text && count < room) {
    size_t length = strcspn(text, "\n"), hashes = strspn(text, "#");
    if (hashes && text[hashes] == ' ') out[count++] = (struct entry){ text_safe_copy(arena, text + hashes + 1, length - hashes - 1), topic };
    text += length + (text[length] == '\n');
  }
  return count;
}

/* A heading that many pages have says nothing without its page. */
static bool is_alone(const struct entry *all, size_t count, const struct entry *entry) {
  for (size_t i = 0; i < count; i++)
    if (&all[i] != entry && strcmp(all[i].words, entry->words) == 0) return false;
  return true;
}

static void build(struct wizard *wizard, struct page *page) {
  size_t topic_count, count = 0;
  const char *const *topics = help_topics(&topic_count);
  struct entry *all = ARENA_ARRAY(page->arena, struct entry, MOST_ENTRIES);
  (void)wizard;
  for (size_t i = 0; i < topic_count; i++) count += read_headings(page->arena, topics[i], all + count, MOST_ENTRIES - count);
  qsort(all, count, sizeof *all, by_words);
  page->where = helps_where(page->arena, _("Index"));
  page_heading(page, _("Index"));
  page_blank(page);
  for (size_t i = 0; i < count; i++) {
    const char *title = text_safe_string(page->arena, help_title(page->arena, all[i].topic));
    if (!is_alone(all, count, &all[i])) continue;
    struct block *item = page_item(page, arena_printf(page->arena, "topic:%s", all[i].topic), all[i].words, strcmp(title, all[i].words) == 0 ? "" : title, ROLE_NOTE);
    item->id = arena_printf(page->arena, "topic:%s#%zu", all[i].topic, i);
    item->number = 0;
  }
  page->numbered = 0;
  helps_put_actions(page);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct arena *arena = arena_new_sized(512);
  const char *plain = arena_strndup(arena, focus, strcspn(focus, "#"));
  bool taken = action == ACTION_FIND ? false : helps_act(wizard, action, plain); /* here / finds in the list */
  arena_free(&arena);
  return taken;
}

const struct screen screen_index = { .name = "index", .help = "keys", .build = build, .act = act };
