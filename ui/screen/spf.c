/* The SPF picture: what a receiver looks up, in its order, with the running total, and what the total would be without a branch. */
#include <string.h>

#include "checks/judge/spf_tree.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

enum { MOST_LOOKUPS = 10 };

static bool is_good(const struct spf_node *node) { return node->state == SPF_STATE_GOOD || node->state == SPF_STATE_MACRO; }
static bool is_over(const struct spf_node *node) { return node->cost && node->total > MOST_LOOKUPS; }

/* Ranges cost nothing and are many: inside an include they are counted, not shown. */
static bool is_range(const struct spf_node *node) { return node->term && !node->cost && !node->count && !*node->target; }

static size_t ranges_in(const struct spf_node *node) {
  size_t count = 0;
  for (size_t i = 0; i < node->count; i++) count += is_range(&node->children[i]);
  return count;
}

static const char *state_words(struct arena *arena, const struct spf_node *node, bool inside) {
  switch (node->state) {
  case SPF_STATE_MISSING: return _("Problem, no SPF record");
  case SPF_STATE_NOT_FOUND: return _("Problem, no such name");
  case SPF_STATE_UNREGISTERED: return _("Problem, unregistered");
  case SPF_STATE_ERROR: return _("Could not check");
  case SPF_STATE_SEVERAL: return _("Problem, several records");
  case SPF_STATE_SYNTAX: return _("Problem, cannot be read");
  case SPF_STATE_LOOP: return _("Problem, a loop");
  case SPF_STATE_TOO_DEEP: return _("Problem, too deep");
  case SPF_STATE_MACRO: return _("Depends on the message");
  case SPF_STATE_GOOD: break;
  }
  if (is_over(node)) return _("Problem, over the limit");
  if (node->cost && node->total == MOST_LOOKUPS) return _("Good, the last allowed");
  size_t ranges = inside ? ranges_in(node) : 0;
  return ranges ? words_count(arena, ngettext("Good, {n} range", "Good, {n} ranges", (unsigned long)ranges), "n", ranges) : _("Good");
}

struct picture { struct wizard *wizard; struct page *page; const struct table *table; const struct spf_tree *tree; };

/* The domain's record itself and its `all` cannot be taken away. */
static bool can_go(const struct spf_node *node) { return node->term && !(node->term->kind == SPF_MECHANISM && node->term->mechanism == SPF_ALL); }

static const char *left_without(struct arena *arena, const struct spf_totals *left) {
  const char *count = arena_printf(arena, "%u", left->lookups);
  return left->at_least ? words_fill(arena, _("{n} or more"), "n", count) : count;
}

static const char *explain(const struct picture *picture, const struct spf_node *node, unsigned level, const char *text) {
  struct arena *arena = picture->page->arena;
  struct spf_totals left = can_go(node) ? spf_tree_without(picture->tree, node) : (struct spf_totals){ .lookups = 0 };
  struct text_argument said[] = {
    { "term", text }, { "level", arena_printf(arena, "%u", level) }, { "cost", arena_printf(arena, "%u", node->subtotal) }, { "left", left_without(arena, &left) }, { "voids", arena_printf(arena, "%u", left.voids4) },
  };
  if (!can_go(node) || (!node->subtotal && !node->voids4)) return text_fill(arena, _("{term}, level {level}"), said, 5);
  if (form_flag(picture->wizard, "what-if", false)) return text_fill(arena, _("Without {term}: {left} of 10 look-ups, {voids} of 2 empty answers"), said, 5);
  return text_fill(arena, node->count ? _("{term}, level {level}, adds {cost} look-ups with what it includes") : _("{term}, level {level}, adds {cost}"), said, 5);
}

/* What would be left, in words that say when it mends the record. */
static void put_what_if(const struct picture *picture, struct block *row, const struct spf_node *node) {
  struct spf_totals left = can_go(node) ? spf_tree_without(picture->tree, node) : (struct spf_totals){ .lookups = 0 };
  bool mends = picture->tree->lookups > MOST_LOOKUPS && left.lookups <= MOST_LOOKUPS && !left.at_least;
  bool shows = can_go(node) && left.lookups != picture->tree->lookups;
  page_cell(row, 4, shows ? left_without(picture->page->arena, &left) : "", mends ? ROLE_GOOD : ROLE_TEXT);
}

static void put_node(const struct picture *picture, const struct spf_node *node, unsigned level, const char *path) {
  struct page *page = picture->page;
  bool inside = node->term != NULL, open = wizard_branch_open(picture->wizard, path, true), what_if = form_flag(picture->wizard, "what-if", false);
  size_t shown = node->count - (inside ? ranges_in(node) : 0);
  const char *text = text_safe_string(page->arena, node->term ? node->term->text : picture->wizard->domain);
  struct block *row = page_tree_row(page, picture->table, path, level, !shown ? BRANCH_LEAF : open ? BRANCH_OPEN : BRANCH_CLOSED);
  row->explain = explain(picture, node, level, text);
  page_cell(row, 0, text, ROLE_TEXT);
  page_cell(row, 1, node->cost ? arena_printf(page->arena, "+%u", node->cost) : "-", ROLE_TEXT);
  page_cell(row, 2, arena_printf(page->arena, "%u", node->total), is_over(node) ? ROLE_FAIL : ROLE_TEXT);
  page_cell(row, 3, state_words(page->arena, node, inside), is_over(node) || !is_good(node) ? (node->state == SPF_STATE_ERROR ? ROLE_UNKNOWN : ROLE_FAIL) : ROLE_TEXT);
  if (what_if) put_what_if(picture, row, node);
  for (size_t i = 0; open && i < node->count; i++)
    if (!inside || !is_range(&node->children[i])) put_node(picture, &node->children[i], level + 1, arena_printf(page->arena, "%s/%zu", path, i));
}

static void put_head(struct page *page, const struct spf_tree *tree) {
  struct text_argument counts[] = { { "lookups", arena_printf(page->arena, "%u", tree->lookups) }, { "voids", arena_printf(page->arena, "%u", tree->voids4) } };
  const char *words = tree->at_least                 ? _("At least {lookups} of 10 look-ups used, {voids} of 2 empty answers used")
                      : tree->lookups > MOST_LOOKUPS ? _("{lookups} of 10 look-ups used (too many), {voids} of 2 empty answers used")
                                                     : _("{lookups} of 10 look-ups used, {voids} of 2 empty answers used");
  page_said(page, text_fill(page->arena, words, counts, 2), tree->lookups > MOST_LOOKUPS ? ROLE_FAIL : ROLE_TEXT);
  page_blank(page);
}

static void build(struct wizard *wizard, struct page *page) {
  struct store *store = live_store(wizard);
  bool what_if = form_flag(wizard, "what-if", false);
  page_heading(page, words_fill(page->arena, _("SPF: who may send as {domain}"), "domain", wizard->domain));
  const struct spf_tree *tree = store ? spf_tree_grow(store, page->arena, wizard->domain, NULL, 0) : NULL;
  if (!tree) {
    page_paragraph(page, _("Check the domain to see the picture: it is drawn from what is published now."));
    page_blank(page);
    page_item(page, "check", _("Check the domain now"), "", ROLE_TEXT);
    return;
  }
  page_can(page, ACTION_WHAT_IF);
  page_can(page, ACTION_ALL);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_HELP);
  put_head(page, tree);
  const struct column columns[] = { { .title = _("Record") }, { .title = _("Adds"), .whole = true, .right = true, .drop = 2 }, { .title = _("Total"), .whole = true, .right = true },
                                    { .title = _("State"), .whole = true, .drop = 1 }, { .title = _("Without it"), .whole = true, .right = true } };
  struct picture picture = { wizard, page, page_table(page, columns, what_if ? 5 : 4), tree };
  put_node(&picture, &tree->root, 1, "root");
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_OPEN && strcmp(focus, "check") == 0) {
    wizard_act(wizard, ACTION_CHECK);
    return true;
  }
  if (action != ACTION_WHAT_IF) return false;
  form_set_flag(wizard, "what-if", !form_flag(wizard, "what-if", false));
  return true;
}

const struct screen screen_spf = { .name = "spf", .help = "spf", .build = build, .act = act };
