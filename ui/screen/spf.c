/* The SPF picture: what a receiver looks up, in its order, with the running total. */
#include <string.h>

#include "checks/judge/spf_tree.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

enum { MOST_LOOKUPS = 10 };

static bool is_good(const struct spf_node *node) { return node->state == SPF_STATE_GOOD || node->state == SPF_STATE_MACRO; }

static void put_node(struct wizard *wizard, struct page *page, const struct table *table, const struct spf_node *node, unsigned level, const char *path) {
  bool open = wizard_branch_open(wizard, path, true), over = node->cost && node->total > MOST_LOOKUPS;
  enum branch branch = !node->count ? BRANCH_LEAF : open ? BRANCH_OPEN : BRANCH_CLOSED;
  const char *text = text_safe_string(page->arena, node->term ? node->term->text : wizard->domain);
  struct block *row = page_tree_row(page, table, path, level, branch);
  struct text_argument said[] = { { "term", text }, { "level", arena_printf(page->arena, "%u", level) }, { "state", spf_state_name(node->state) } };
  row->explain = text_fill(page->arena, _("{term}, level {level}: {state}"), said, 3);
  page_cell(row, 0, text, ROLE_TEXT);
  page_cell(row, 1, node->cost ? arena_printf(page->arena, "+%u", node->cost) : "-", ROLE_TEXT);
  page_cell(row, 2, arena_printf(page->arena, "%u", node->total), over ? ROLE_FAIL : ROLE_TEXT);
  page_cell(row, 3, over ? _("over the limit") : spf_state_name(node->state), over || !is_good(node) ? ROLE_FAIL : ROLE_TEXT);
  for (size_t i = 0; open && i < node->count; i++) put_node(wizard, page, table, &node->children[i], level + 1, arena_printf(page->arena, "%s/%zu", path, i));
}

static void build(struct wizard *wizard, struct page *page) {
  struct store *store = live_store(wizard);
  page_heading(page, words_fill(page->arena, _("SPF: who may send as {domain}"), "domain", wizard->domain));
  page_can(page, ACTION_ALL);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_HELP);
  const struct spf_tree *tree = store ? spf_tree_grow(store, page->arena, wizard->domain, NULL, 0) : NULL;
  if (!tree) {
    page_paragraph(page, _("Check the domain first: press r."));
    return;
  }
  struct text_argument counts[] = { { "lookups", arena_printf(page->arena, "%u", tree->lookups) }, { "voids", arena_printf(page->arena, "%u", tree->voids4) } };
  page_paragraph(page, text_fill(page->arena, tree->at_least ? _("At least {lookups} of 10 look-ups used, {voids} of 2 empty answers used") : _("{lookups} of 10 look-ups used, {voids} of 2 empty answers used"), counts, 2));
  page_blank(page);
  const struct column columns[] = { { .title = _("Record") }, { .title = _("Adds"), .whole = true, .right = true, .drop = 2 }, { .title = _("Total"), .whole = true, .right = true }, { .title = _("State"), .whole = true, .drop = 1 } };
  put_node(wizard, page, page_table(page, columns, MEM_COUNT(columns)), &tree->root, 1, "root");
}

const struct screen screen_spf = { .name = "spf", .help = "spf", .build = build };
