#include "checks/judge/spf_tree.h"

#include <string.h>

#include "checks/judge/spf_evaluate.h"
#include "src/base/json.h"
#include "src/base/name.h"

enum { MOST_RECORDS = 40, DEEPEST = 20 };

struct growing {
  struct store *store;
  struct arena *arena;
  struct spf_tree *tree;
  const char *above[DEEPEST + 1]; /* the domains being evaluated: a loop is one that comes again */
  unsigned depth;
  bool waiting;
};

static void grow_record(struct growing *g, struct spf_node *node, const char *domain);

static const struct dns_answer *look_up(struct growing *g, const char *name, uint16_t type) {
  const struct dns_answer *answer = store_dns(g->store, name, type);
  if (!answer) g->waiting = true;
  return answer;
}

static void could_not(struct growing *g, struct spf_node *node, const struct dns_answer *answer) {
  node->state = SPF_STATE_ERROR;
  node->answer = answer;
  g->tree->incomplete = g->tree->at_least = true;
}

/* ---- a, mx, exists ---- */

static void count_addresses(struct growing *g, struct spf_node *node, const char *host) {
  const struct dns_answer *a = look_up(g, host, DNS_TYPE_A), *aaaa = look_up(g, host, DNS_TYPE_AAAA);
  if (a && a->outcome == DNS_FAILED) could_not(g, node, a);
  if (aaaa && aaaa->outcome == DNS_FAILED) could_not(g, node, aaaa);
  if (a) node->addresses4 += a->count;
  if (aaaa) node->addresses6 += aaaa->count;
}

static void grow_a(struct growing *g, struct spf_node *node) {
  count_addresses(g, node, node->target);
  if (node->state == SPF_STATE_ERROR) return;
  node->voids4 = node->addresses4 == 0;
  node->voids6 = node->addresses6 == 0;
}

static void grow_mx(struct growing *g, struct spf_node *node) {
  const struct dns_answer *answer = look_up(g, node->target, DNS_TYPE_MX);
  if (!answer) return;
  node->answer = answer;
  if (answer->outcome == DNS_FAILED) {
    could_not(g, node, answer);
    return;
  }
  for (size_t i = 0; i < answer->count; i++) {
    if (!*answer->records[i].mx.host) continue;
    node->mx_hosts++;
    if (node->mx_hosts <= 10) count_addresses(g, node, answer->records[i].mx.host);
  }
  if (node->mx_hosts > 10) g->tree->broken = true;
  if (node->state == SPF_STATE_ERROR) return;
  node->voids4 = node->addresses4 == 0;
  node->voids6 = node->addresses6 == 0;
}

static void grow_exists(struct growing *g, struct spf_node *node) {
  const struct dns_answer *answer = look_up(g, node->target, DNS_TYPE_A);
  if (!answer) return;
  node->answer = answer;
  node->addresses4 = answer->count;
  if (answer->outcome == DNS_FAILED) could_not(g, node, answer);
  else node->voids4 = node->voids6 = answer->count == 0;
}

/* ---- records ---- */

static bool is_above(const struct growing *g, const char *domain) {
  for (unsigned i = 0; i < g->depth; i++)
    if (name_equal(g->above[i], domain)) return true;
  return false;
}

static const char *target_of(struct growing *g, const struct spf_term *term, const char *domain, bool *out_known) {
  bool uses_p;
  *out_known = true;
  if (!term->domain) return domain;
  if (spf_macro_depends_on_message(term->domain, &uses_p)) {
    *out_known = false;
    return "";
  }
  struct ip none = { .family = 4 };
  struct spf_macro_values values = { .sender_local = "postmaster", .sender_domain = g->above[0], .domain = domain, .helo = "", .ip = &none };
  return spf_macro_domain(g->arena, term->domain, &values);
}

static void grow_target(struct growing *g, struct spf_node *node) {
  if (is_above(g, node->target)) {
    node->state = SPF_STATE_LOOP;
    g->tree->broken = true;
  } else if (g->depth >= DEEPEST || g->tree->records >= MOST_RECORDS) {
    node->state = SPF_STATE_TOO_DEEP;
    g->tree->at_least = true;
  } else {
    grow_record(g, node, node->target);
  }
}

static void grow_term(struct growing *g, struct spf_node *node, const struct spf_term *term, const char *domain) {
  bool known;
  node->term = term;
  node->target = "";
  if (term->kind == SPF_MECHANISM && !spf_term_asks_dns(term)) return;
  node->cost = 1;
  g->tree->lookups++;
  node->target = target_of(g, term, domain, &known);
  if (!known || !*node->target || !name_is_valid(node->target)) {
    node->state = SPF_STATE_MACRO;
    if (term->kind == SPF_REDIRECT || term->mechanism == SPF_INCLUDE) g->tree->at_least = true;
    return;
  }
  if (term->kind == SPF_REDIRECT || term->mechanism == SPF_INCLUDE) grow_target(g, node);
  else if (term->mechanism == SPF_A) grow_a(g, node);
  else if (term->mechanism == SPF_MX) grow_mx(g, node);
  else if (term->mechanism == SPF_EXISTS) grow_exists(g, node);
  g->tree->voids4 += node->voids4;
  g->tree->voids6 += node->voids6;
}

static struct spf_node *add_child(struct growing *g, struct spf_node *node) { (void)g; return &node->children[node->count++]; }

static void grow_terms(struct growing *g, struct spf_node *node, const char *domain) {
  const struct spf_record *record = node->record;
  node->children = ARENA_ARRAY(g->arena, struct spf_node, record->count + 1);
  g->above[g->depth++] = domain;
  if (g->depth > g->tree->depth) g->tree->depth = g->depth;
  bool ended = false;
  for (size_t i = 0; i < record->count && !ended; i++) {
    if (record->terms[i].kind != SPF_MECHANISM) continue;
    struct spf_node *child = add_child(g, node);
    grow_term(g, child, &record->terms[i], domain);
    child->total = g->tree->lookups;
    ended = record->terms[i].mechanism == SPF_ALL;
  }
  if (!record->all && record->redirect) {
    struct spf_node *child = add_child(g, node);
    grow_term(g, child, record->redirect, domain);
    child->total = g->tree->lookups;
  }
  g->depth--;
}

static void read_record(struct growing *g, struct spf_node *node, const char *domain, const char *text, size_t length) {
  node->record = spf_parse(g->arena, text, length);
  g->tree->records++;
  if (node->record->valid) {
    grow_terms(g, node, domain);
  } else {
    node->state = SPF_STATE_SYNTAX;
    g->tree->broken = true;
  }
}

static void grow_record(struct growing *g, struct spf_node *node, const char *domain) {
  const struct dns_rr *record = NULL;
  switch (spf_select(g->store, domain, &record, &node->answer)) {
  case SPF_SELECT_WAITING: g->waiting = true; break;
  case SPF_SELECT_ERROR: could_not(g, node, node->answer); break;
  case SPF_SELECT_NONE:
    node->state = node->answer->outcome == DNS_NXDOMAIN ? SPF_STATE_NOT_FOUND : SPF_STATE_MISSING;
    g->tree->broken = true;
    break;
  case SPF_SELECT_SEVERAL:
    node->state = SPF_STATE_SEVERAL;
    g->tree->broken = true;
    break;
  case SPF_SELECT_ONE: read_record(g, node, domain, record->txt.bytes, record->txt.length); break;
  }
}

/* The qualifier that ends the record, through its redirects. */
static char ending_of(const struct spf_node *node) {
  if (!node->record || !node->record->valid) return 0;
  if (node->record->all) return node->record->all->qualifier;
  const struct spf_node *last = node->count ? &node->children[node->count - 1] : NULL;
  return last && last->term->kind == SPF_REDIRECT ? ending_of(last) : 0;
}

const struct spf_tree *spf_tree_grow(struct store *store, struct arena *arena, const char *domain, const char *text, size_t length) {
  struct spf_tree *tree = ARENA_NEW(arena, struct spf_tree);
  struct growing g = { .store = store, .arena = arena, .tree = tree };
  tree->root.target = domain;
  g.above[0] = domain;
  if (text) read_record(&g, &tree->root, domain, text, length);
  else grow_record(&g, &tree->root, domain);
  tree->root.total = tree->lookups;
  tree->ending = ending_of(&tree->root);
  return g.waiting ? NULL : tree;
}

const char *spf_state_name(enum spf_state state) {
  static const char *const names[] = { "good", "missing", "not-found", "error", "several", "syntax", "loop", "macro", "too-deep" };
  return names[state];
}

static json_t *node_json(const struct spf_node *node) {
  json_t *terms = json_array();
  for (size_t i = 0; i < node->count; i++) json_array_append_new(terms, node_json(&node->children[i]));
  return json_pack("{s:o, s:o, s:i, s:i, s:i, s:i, s:s, s:o}", "term", node->term ? json_bytes(node->term->text, strlen(node->term->text)) : json_string(""),
                   "target", json_bytes(node->target, strlen(node->target)), "cost", (int)node->cost, "total", (int)node->total, "void_ipv4", (int)node->voids4,
                   "void_ipv6", (int)node->voids6, "state", spf_state_name(node->state), "terms", terms);
}

json_t *spf_tree_json(const struct spf_tree *tree) {
  json_t *json = node_json(&tree->root);
  json_object_set_new(json, "lookups", json_integer(tree->lookups));
  json_object_set_new(json, "void_lookups", json_integer(tree->voids4));
  json_object_set_new(json, "at_least", json_boolean(tree->at_least));
  return json;
}
