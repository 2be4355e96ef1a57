/* The index of the help: every page, every heading that says something by itself, every term of the glossary, and the
 * lists of findings, from A to Z. */
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/help_rules.h"
#include "ui/helps.h"
#include "ui/wizard.h"

enum { MOST_ENTRIES = 1000 };
struct entry { const char *words, *topic; };

static int by_words(const void *a, const void *b) {
  const char *left = ((const struct entry *)a)->words, *right = ((const struct entry *)b)->words;
  while (*left && to_lower(*left) == to_lower(*right)) left++, right++;
  return (unsigned char)to_lower(*left) - (unsigned char)to_lower(*right);
}

/* "- rua: where reports go." explains one term, "- NODATA, NXDOMAIN: ..." two. */
static size_t read_terms(struct arena *arena, const char *line, const char *topic, struct entry *out, size_t room) {
  size_t count = 0, length = strcspn(line, ":\n");
  if (line[length] != ':') return 0;
  for (const char *at = line; at < line + length && count < room;) {
    size_t size = strcspn(at, ",:");
    out[count++] = (struct entry){ text_safe_copy(arena, at, size), topic };
    at += size + strspn(at + size, ", ");
  }
  return count;
}

/* Headings are the lines that begin with "#"; the glossary is a list of terms. */
static size_t read_entries(struct arena *arena, const char *topic, struct entry *out, size_t room) {
  const char *text = help_text(arena, topic);
  size_t count = 0;
  bool glossary = strcmp(topic, "glossary") == 0;
  while (text && *text && count < room) {
    size_t length = strcspn(text, "\n"), hashes = strspn(text, "#");
    if (hashes && text[hashes] == ' ') out[count++] = (struct entry){ text_safe_copy(arena, text + hashes + 1, length - hashes - 1), topic };
    else if (glossary && strncmp(text, "- ", 2) == 0) count += read_terms(arena, text + 2, topic, out + count, room - count);
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
  for (size_t i = 0; i < topic_count; i++) count += read_entries(page->arena, topics[i], all + count, MOST_ENTRIES - count);
  for (unsigned i = 0; i < TOPIC_COUNT && count < MOST_ENTRIES; i++) all[count++] = (struct entry){ help_list_title(page->arena, (enum topic)i), help_list_name(page->arena, (enum topic)i) };
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
  (void)focus;
  return action == ACTION_FIND ? false : helps_act(wizard, action); /* here / finds in the list */
}

static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  return helps_leads(wizard, arena_strndup(wizard->page_arena, id, strcspn(id, "#")), out_screen, out_argument);
}

const struct screen screen_index = { .name = "index", .help = "keys", .build = build, .act = act, .leads = leads };
