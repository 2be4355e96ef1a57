#include <stdio.h>
#include <string.h>

#include "src/cli/lib.h"
#include "src/guidance/help_rules.h"
#include "ui/lines.h"
#include "ui/markdown.h"

/* mailstead help: the same pages as in the wizard, laid out by the same hands. */

static int print_search(struct cli *cli) {
  struct help_hit hits[12];
  size_t count = help_search(cli->arena, cli->search, hits, 12);
  for (size_t i = 0; i < count; i++) printf("%-18s %s\n    ...%s...\n", hits[i].topic, hits[i].title, hits[i].excerpt);
  if (!count) printf("%s\n", _("Nothing was found. mailstead help lists all pages."));
  return 0;
}

static void print_topics(struct arena *arena) {
  size_t count;
  const char *const *topics = help_topics(&count);
  printf("%s\n\n", _("Help pages. Read one with: mailstead help TOPIC"));
  for (size_t i = 0; i < count; i++) printf("  %-18s %s\n", topics[i], help_title(arena, topics[i]));
  for (size_t i = 0; i < TOPIC_COUNT; i++) printf("  %-18s %s\n", help_list_name(arena, (enum topic)i), help_list_title(arena, (enum topic)i));
  printf("\n%s\n", _("Each finding has a page too, by its name: mailstead help spf-too-many-lookups"));
}

/* A link is followed by a command here. */
static void links_as_commands(struct page *page) {
  for (size_t i = 0; i < page->count; i++) {
    struct block *block = &page->blocks[i];
    if (block->id && text_starts(block->id, "topic:")) block->text = arena_printf(page->arena, "%s: mailstead help %s", block->text, block->id + strlen("topic:"));
  }
}

static void print_page(struct arena *arena, const char *text) {
  enum { WIDTH = 80 };
  struct page *page = page_new(arena, "");
  page->reading = true;
  markdown_put(page, text);
  links_as_commands(page);
  struct lines lines = { .arena = arena, .width = WIDTH, .table_width = WIDTH };
  lines_make(&lines, page, false);
  size_t first = 0;
  while (first < lines.count && lines_are_blank(&lines.all[first])) first++;
  for (size_t i = first; i < lines.count; i++) {
    size_t column = 0;
    for (size_t k = 0; k < lines.all[i].count; k++) {
      const struct piece *piece = &lines.all[i].pieces[k];
      if (!*piece->text) continue;
      printf("%*s%s", (int)(piece->column > column ? piece->column - column : 0), "", piece->text);
      column = piece->column + text_width(piece->text);
    }
    putchar('\n');
  }
}

int cli_help(struct cli *cli) {
  struct fault fault = { "" };
  if (cli->search) return print_search(cli);
  if (cli->word_count == 0) {
    print_topics(cli->arena);
    return 0;
  }
  const char *text = help_text(cli->arena, cli->words[0]);
  if (text) {
    print_page(cli->arena, text);
  } else {
    fault_set(&fault, _("There is no help page \"%s\". mailstead help lists them all"), text_safe_string(cli->arena, cli->words[0]));
    return cli_refuse(&fault);
  }
  return 0;
}
