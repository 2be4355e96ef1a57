#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "checks/judge/spf_tree.h"
#include "src/base/lib.h"
#include "tests/support/world.h"

/* What the totals would be without a branch must be what they are when the term is really gone. */

#define DOMAIN "example.gov.uk"

struct bench { struct arena *arena; struct world *world; struct store *store; };

static void set_up(struct bench *bench) {
  static const char *const lines[] = {
    "example.gov.uk SOA ns1.example.gov.uk host 1", "example.gov.uk MX 10 mx1.example.gov.uk", "mx1.example.gov.uk A 192.0.2.25", "one.example TXT \"v=spf1 a:h1.one.example include:two.example ~all\"",
    "h1.one.example A 203.0.113.1", "two.example TXT \"v=spf1 a:gone.two.example mx:two.example ip4:203.0.113.0/24 -all\"", "two.example MX 10 mail.two.example", "mail.two.example A 203.0.113.9",
    "broken.example TXT \"v=spf1 ip4:1 -all\"", "slow.example TXT timeout", "loop.example TXT \"v=spf1 include:loop.example -all\"", "base.example TXT \"v=spf1 include:two.example -all\"",
  };
  *bench = (struct bench){ arena_new(), world_new(), store_new() };
  for (size_t i = 0; i < MEM_COUNT(lines); i++) assert_true(world_line(bench->world, lines[i]));
}

static void tear_down(struct bench *bench) {
  store_free(&bench->store);
  world_free(&bench->world);
  arena_free(&bench->arena);
}

static const struct spf_tree *grow(struct bench *bench, const char *text) {
  for (unsigned turn = 0; turn < 20; turn++) {
    const struct spf_tree *tree = spf_tree_grow(bench->store, bench->arena, DOMAIN, text, strlen(text));
    if (tree) return tree;
    world_answer(bench->world, bench->store, 0);
  }
  fail_msg("the tree of %s does not grow", text);
  return NULL;
}

static void same_totals(const char *name, const struct spf_totals *a, const struct spf_totals *b) {
  if (a->lookups != b->lookups || a->voids4 != b->voids4 || a->voids6 != b->voids6 || a->at_least != b->at_least || a->hidden != b->hidden || a->incomplete != b->incomplete || a->broken != b->broken)
    fail_msg("without %s: %u look-ups, %u and %u voids, broken %d; grown without it: %u, %u and %u, %d", name, a->lookups, a->voids4, a->voids6, a->broken, b->lookups, b->voids4, b->voids6, b->broken);
}

/* The record of the row without its term number `index`. */
static const char *without_term(struct arena *arena, const char *text, size_t index) {
  struct buf out = BUF_INIT(4096);
  size_t seen = 0;
  for (const char *at = text; *at; at += strspn(at, " ")) {
    size_t length = strcspn(at, " ");
    if (seen++ != index + 1) buf_printf(&out, "%s%.*s", out.length ? " " : "", (int)length, at);
    at += length;
  }
  const char *copy = arena_strdup(arena, buf_string(&out));
  buf_release(&out);
  return copy;
}

static void a_branch_away_is_a_term_away(void **state) {
  static const char *const records[] = {
    "v=spf1 mx include:one.example include:two.example a:h1.one.example ip4:192.0.2.1 ~all", "v=spf1 include:broken.example include:one.example -all", "v=spf1 include:slow.example mx ~all",
    "v=spf1 include:%{d}.one.example exists:%{i}.one.example include:loop.example ~all", "v=spf1 a:gone.two.example a:gone.one.example include:missing.example ?all", "v=spf1 mx redirect=base.example",
  };
  struct bench bench;
  (void)state;
  set_up(&bench);
  for (size_t i = 0; i < MEM_COUNT(records); i++) {
    const struct spf_tree *tree = grow(&bench, records[i]);
    struct spf_totals all = spf_tree_without(tree, NULL), own = { tree->lookups, tree->voids4, tree->voids6, tree->at_least, tree->hidden, tree->incomplete, tree->broken };
    same_totals("nothing", &all, &own);
    for (size_t n = 0; n < tree->root.count; n++) {
      const struct spf_node *node = &tree->root.children[n];
      if (node->term->kind == SPF_MECHANISM && node->term->mechanism == SPF_ALL) continue;
      const struct spf_tree *gone = grow(&bench, without_term(bench.arena, records[i], n));
      struct spf_totals left = spf_tree_without(tree, node), grown = { gone->lookups, gone->voids4, gone->voids6, gone->at_least, gone->hidden, gone->incomplete, gone->broken };
      same_totals(node->term->text, &left, &grown);
    }
  }
  tear_down(&bench);
}

/* Also of a branch deep inside, by numbers counted by hand. */
static void a_branch_inside(void **state) {
  struct bench bench;
  (void)state;
  set_up(&bench);
  const struct spf_tree *tree = grow(&bench, "v=spf1 mx include:one.example include:two.example ~all");
  assert_int_equal(tree->lookups, 9); /* mx; one, its a, its two with a and mx; two with a and mx */
  assert_int_equal(tree->voids4, 2);
  const struct spf_node *one = &tree->root.children[1], *inside = &one->children[1];
  assert_string_equal(inside->target, "two.example");
  struct spf_totals left = spf_tree_without(tree, inside);
  assert_int_equal(left.lookups, 6);
  assert_int_equal(left.voids4, 1);
  left = spf_tree_without(tree, one);
  assert_int_equal(left.lookups, 4);
  assert_int_equal(left.voids4, 1);
  tear_down(&bench);
}

/* A text of 64 KiB full of terms that ask is no reason to ask thousands of questions: it is wrong in any case. */
static void asks_no_more_than_it_must(void **state) {
  struct bench bench;
  struct buf text = BUF_INIT(65535);
  (void)state;
  set_up(&bench);
  buf_text(&text, "v=spf1");
  for (unsigned i = 0; i < 2000; i++) buf_printf(&text, " exists:h%u.one.example", i);
  const struct spf_tree *tree = grow(&bench, buf_string(&text));
  assert_int_equal(tree->lookups, 2000);
  assert_true(tree->at_least);
  assert_non_null(store_dns(bench.store, "h99.one.example", DNS_TYPE_A));
  assert_null(store_dns(bench.store, "h100.one.example", DNS_TYPE_A));
  buf_release(&text);
  tear_down(&bench);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(a_branch_away_is_a_term_away), cmocka_unit_test(a_branch_inside), cmocka_unit_test(asks_no_more_than_it_must) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
