#include "checks/judge/spf_tree.h"

#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/parsed.h"
#include "src/base/json_write.h"
#include "src/base/name.h"
#include "src/base/suffix.h"

enum { MOST_RECORDS = 40, DEEPEST = 20, MOST_ASKED = 100 };

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

static void could_not(struct spf_node *node, const struct dns_answer *answer) {
  node->state = SPF_STATE_ERROR;
  node->answer = answer;
}

/* ---- a, mx, exists ---- */

static void count_addresses(struct growing *g, struct spf_node *node, const char *host) {
  const struct dns_answer *a = look_up(g, host, DNS_TYPE_A), *aaaa = look_up(g, host, DNS_TYPE_AAAA);
  if (a && a->outcome == DNS_FAILED) could_not(node, a);
  if (aaaa && aaaa->outcome == DNS_FAILED) could_not(node, aaaa);
  if (a) node->addresses4 += a->count;
  if (aaaa) node->addresses6 += aaaa->count;
}

static void grow_a(struct growing *g, struct spf_node *node) {
  count_addresses(g, node, node->target);
  if (node->state == SPF_STATE_ERROR || g->waiting) return;
  node->voids4 = node->addresses4 == 0;
  node->voids6 = node->addresses6 == 0;
}

static void grow_mx(struct growing *g, struct spf_node *node) {
  const struct dns_answer *answer = look_up(g, node->target, DNS_TYPE_MX);
  if (!answer) return;
  node->answer = answer;
  if (answer->outcome == DNS_FAILED) {
    could_not(node, answer);
    return;
  }
  for (size_t i = 0; i < answer->count; i++) {
    if (!*answer->records[i].mx.host) continue;
    node->mx_hosts++;
    if (node->mx_hosts <= 10) count_addresses(g, node, answer->records[i].mx.host);
  }
  if (node->state == SPF_STATE_ERROR || g->waiting) return;
  node->voids4 = node->addresses4 == 0;
  node->voids6 = node->addresses6 == 0;
}

static void grow_exists(struct growing *g, struct spf_node *node) {
  const struct dns_answer *answer = look_up(g, node->target, DNS_TYPE_A);
  if (!answer) return;
  node->answer = answer;
  node->addresses4 = answer->count;
  if (answer->outcome == DNS_FAILED) could_not(node, answer);
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
  return name_from_bytes(g->arena, spf_macro_domain(g->arena, term->domain, &values));
}

static void grow_target(struct growing *g, struct spf_node *node) {
  if (is_above(g, node->target)) {
    node->state = SPF_STATE_LOOP;
  } else if (g->depth >= DEEPEST || g->tree->records >= MOST_RECORDS) {
    node->state = SPF_STATE_TOO_DEEP;
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
    return;
  }
  if (g->tree->lookups > MOST_ASKED) node->state = SPF_STATE_TOO_DEEP; /* receivers gave up long ago: nobody is asked thousands of questions for one record */
  else if (spf_node_follows(node)) grow_target(g, node);
  else if (term->mechanism == SPF_A) grow_a(g, node);
  else if (term->mechanism == SPF_MX) grow_mx(g, node);
  else if (term->mechanism == SPF_EXISTS) grow_exists(g, node);
}

static void add_child(struct growing *g, struct spf_node *node, const struct spf_term *term, const char *domain) {
  struct spf_node *child = &node->children[node->count++];
  unsigned before = g->tree->lookups;
  grow_term(g, child, term, domain);
  child->total = g->tree->lookups;
  child->subtotal = child->total - before;
}

static void grow_terms(struct growing *g, struct spf_node *node, const char *domain) {
  const struct spf_record *record = node->record;
  node->children = ARENA_ARRAY(g->arena, struct spf_node, record->count + 1);
  g->above[g->depth++] = domain;
  if (g->depth > g->tree->depth) g->tree->depth = g->depth;
  bool ended = false;
  for (size_t i = 0; i < record->count && !ended; i++) {
    if (record->terms[i].kind != SPF_MECHANISM) continue;
    add_child(g, node, &record->terms[i], domain);
    ended = record->terms[i].mechanism == SPF_ALL;
  }
  if (!record->all && record->redirect) add_child(g, node, record->redirect, domain);
  g->depth--;
}

static void read_record(struct growing *g, struct spf_node *node, const char *domain, const struct spf_record *record) {
  node->record = record;
  g->tree->records++;
  if (node->record->valid) grow_terms(g, node, domain);
  else node->state = SPF_STATE_SYNTAX;
}

/* Nobody owns the name (or that where its aliases end), so that whoever registers it sends as the domain: that is more than a name that is
 * not there. */
static enum spf_state absence_of(struct growing *g, const struct dns_answer *answer) {
  const char *domain = answer->final_name;
  if (answer->outcome != DNS_NXDOMAIN) return SPF_STATE_MISSING;
  if (strpbrk(domain, "@:/\\,;")) return SPF_STATE_NOT_FOUND; /* no name that anyone could register */
  const struct dns_answer *owner;
  enum tri is_free = domain_is_free(g->store, domain, &owner);
  if (is_free == TRI_UNKNOWN) g->waiting = true;
  return is_free == TRI_YES ? SPF_STATE_UNREGISTERED : SPF_STATE_NOT_FOUND;
}

static void grow_record(struct growing *g, struct spf_node *node, const char *domain) {
  const struct dns_rr *record = NULL;
  switch (spf_select(g->store, domain, &record, &node->answer)) {
  case SPF_SELECT_WAITING: g->waiting = true; break;
  case SPF_SELECT_ERROR: could_not(node, node->answer); break;
  case SPF_SELECT_NONE: node->state = absence_of(g, node->answer); break;
  case SPF_SELECT_SEVERAL: node->state = SPF_STATE_SEVERAL; break;
  case SPF_SELECT_ONE: read_record(g, node, domain, parsed_spf(node->answer, record)); break;
  }
}

bool spf_node_follows(const struct spf_node *node) {
  return node->term && (node->term->kind == SPF_REDIRECT || (node->term->kind == SPF_MECHANISM && node->term->mechanism == SPF_INCLUDE));
}

char spf_node_ending(const struct spf_node *node) {
  if (!node->record || !node->record->valid) return 0;
  if (node->record->all) return node->record->all->qualifier;
  const struct spf_node *last = node->count ? &node->children[node->count - 1] : NULL;
  return last && last->term->kind == SPF_REDIRECT ? spf_node_ending(last) : 0;
}

bool spf_node_is_open(const struct spf_node *node) {
  if (!node->record || !node->record->valid || node->record->all) return false;
  const struct spf_node *last = node->count ? &node->children[node->count - 1] : NULL;
  return !last || last->term->kind != SPF_REDIRECT || spf_node_is_open(last);
}

/* ---- totals ---- */

static bool is_broken(const struct spf_node *node) {
  switch (node->state) {
  case SPF_STATE_MISSING:
  case SPF_STATE_NOT_FOUND:
  case SPF_STATE_UNREGISTERED:
  case SPF_STATE_SEVERAL:
  case SPF_STATE_SYNTAX:
  case SPF_STATE_LOOP: return true;
  case SPF_STATE_GOOD:
  case SPF_STATE_ERROR:
  case SPF_STATE_MACRO:
  case SPF_STATE_TOO_DEEP: break;
  }
  return node->mx_hosts > 10;
}

static void add_totals(const struct spf_node *node, const struct spf_node *without, struct spf_totals *totals) {
  if (node == without) return;
  totals->lookups += node->cost;
  totals->voids4 += node->voids4;
  totals->voids6 += node->voids6;
  totals->broken |= is_broken(node);
  totals->hidden |= node->state == SPF_STATE_MACRO && spf_node_follows(node);
  totals->incomplete |= node->state == SPF_STATE_ERROR;
  totals->at_least |= node->state == SPF_STATE_ERROR || node->state == SPF_STATE_TOO_DEEP || (node->state == SPF_STATE_MACRO && spf_node_follows(node));
  for (size_t i = 0; i < node->count; i++) add_totals(&node->children[i], without, totals);
}

struct spf_totals spf_tree_without(const struct spf_tree *tree, const struct spf_node *without) {
  struct spf_totals totals = { .lookups = 0 };
  add_totals(&tree->root, without, &totals);
  return totals;
}

static void sum_up(struct spf_tree *tree) {
  struct spf_totals totals = spf_tree_without(tree, NULL);
  tree->voids4 = totals.voids4;
  tree->voids6 = totals.voids6;
  tree->at_least = totals.at_least;
  tree->hidden = totals.hidden;
  tree->incomplete = totals.incomplete;
  tree->broken = totals.broken;
  tree->root.total = tree->root.subtotal = tree->lookups;
  tree->ending = spf_node_ending(&tree->root);
}

const struct spf_tree *spf_tree_grow(struct store *store, struct arena *arena, const char *domain, const char *text, size_t length) {
  struct spf_tree *tree = ARENA_NEW(arena, struct spf_tree);
  struct growing g = { .store = store, .arena = arena, .tree = tree };
  tree->root.target = domain;
  g.above[0] = domain;
  if (text) read_record(&g, &tree->root, domain, spf_parse(arena, text, length));
  else grow_record(&g, &tree->root, domain);
  sum_up(tree);
  return g.waiting ? NULL : tree;
}

/* ---- what stands in it ---- */

static const char *state_name(enum spf_state state) {
  static const char *const names[] = { "good", "missing", "not-found", "unregistered", "error", "several", "syntax", "loop", "macro", "too-deep" };
  return names[state];
}

static const char *problem_of_state(enum spf_state state) {
  switch (state) {
  case SPF_STATE_MISSING: return "spf-include-missing";
  case SPF_STATE_NOT_FOUND: return "spf-include-not-found";
  case SPF_STATE_UNREGISTERED: return "spf-include-unregistered";
  case SPF_STATE_ERROR: return "spf-include-temperror";
  case SPF_STATE_SEVERAL:
  case SPF_STATE_SYNTAX: return "spf-include-permerror";
  case SPF_STATE_LOOP: return "spf-include-loop";
  case SPF_STATE_TOO_DEEP: return "spf-too-many-lookups";
  case SPF_STATE_GOOD:
  case SPF_STATE_MACRO: break;
  }
  return NULL;
}

size_t spf_node_problems(const struct spf_node *node, const char *out[SPF_NODE_PROBLEMS]) {
  size_t count = 0;
  const char *of_state = spf_node_follows(node) ? problem_of_state(node->state) : NULL;
  bool is_mx = node->term && node->term->kind == SPF_MECHANISM && node->term->mechanism == SPF_MX && node->answer && node->state != SPF_STATE_ERROR;
  if (of_state) out[count++] = of_state;
  if (node->term && node->term->kind == SPF_MECHANISM && node->term->mechanism == SPF_INCLUDE && node->term->qualifier == '+' && spf_node_ending(node) == '+')
    out[count++] = "spf-include-all-pass";
  if (is_mx && node->mx_hosts > 10) out[count++] = "spf-mx-too-many";
  else if (is_mx && (node->addresses4 > 10 || node->addresses6 > 10)) out[count++] = "spf-mx-host-many-addresses";
  else if (is_mx && !node->mx_hosts) out[count++] = "spf-mx-without-mx";
  if (node->voids4) out[count++] = "spf-void-lookup";
  return count;
}

static void put_member(struct buf *out, const char *key, const char *value) {
  buf_printf(out, "\"%s\":", key);
  json_put_bytes(out, value, strlen(value));
}

static void put_node(struct buf *out, const struct spf_node *node) {
  const char *problems[SPF_NODE_PROBLEMS];
  size_t problem_count = spf_node_problems(node, problems);
  put_member(out, "term", node->term ? node->term->text : "");
  buf_char(out, ',');
  put_member(out, "target", node->target);
  buf_printf(out, ",\"cost\":%u,\"subtotal\":%u,\"total\":%u,\"void_ipv4\":%u,\"void_ipv6\":%u,\"state\":\"%s\",\"problems\":[", node->cost, node->subtotal, node->total,
             node->voids4, node->voids6, state_name(node->state));
  for (size_t i = 0; i < problem_count; i++) buf_printf(out, "%s\"%s\"", i ? "," : "", problems[i]);
  buf_text(out, "],\"terms\":[");
  for (size_t i = 0; i < node->count; i++) {
    buf_text(out, i ? ",{" : "{");
    put_node(out, &node->children[i]);
    buf_char(out, '}');
  }
  buf_char(out, ']');
}

void spf_tree_put_json(struct buf *out, const struct spf_tree *tree) {
  buf_printf(out, "{\"lookups\":%u,\"void_lookups_ipv4\":%u,\"void_lookups_ipv6\":%u,\"at_least\":%s,\"broken\":%s,", tree->lookups, tree->voids4, tree->voids6,
             tree->at_least ? "true" : "false", tree->broken ? "true" : "false");
  put_node(out, &tree->root);
  buf_char(out, '}');
}
