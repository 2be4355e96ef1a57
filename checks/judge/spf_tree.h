#ifndef CHECKS_JUDGE_SPF_TREE_H
#define CHECKS_JUDGE_SPF_TREE_H
#include <stdbool.h>
#include "checks/record/spf.h"
#include "checks/store.h"

/* The worst case of an SPF evaluation as a tree: what a receiver looks up when nothing matches. Terms are walked from left to right to the
 * first `all`; each include is followed each time that it occurs; a redirect only where the record has no `all`. */

enum spf_state {
  SPF_STATE_GOOD, SPF_STATE_MISSING /* exists, no SPF record */, SPF_STATE_NOT_FOUND /* NXDOMAIN */,
  SPF_STATE_UNREGISTERED /* and so is its registrable domain */, SPF_STATE_ERROR /* could not look up */, SPF_STATE_SEVERAL, SPF_STATE_SYNTAX, SPF_STATE_LOOP,
  SPF_STATE_MACRO /* depends on the message: not followed */,
  SPF_STATE_TOO_DEEP /* beyond 20 records deep, 40 in all, or 100 terms that ask: nothing is asked for it */,
};

struct spf_node {
  const struct spf_term *term;       /* null: the record of the domain itself */
  const char *target;                /* the name that it asks for; "" when it asks nothing */
  unsigned cost;                     /* 0 or 1 */
  unsigned subtotal;                 /* look-ups of this term and all inside it */
  unsigned total;                    /* running total of the whole tree after this term and all inside it */
  unsigned voids4, voids6;           /* of this term alone, for an IPv4 and for an IPv6 sender */
  enum spf_state state;
  const struct spf_record *record;   /* of include, redirect and the root; null when there is none */
  const struct dns_answer *answer;
  size_t mx_hosts, addresses4, addresses6; /* behind a and mx */
  struct spf_node *children;
  size_t count;
};

struct spf_totals {
  unsigned lookups, voids4, voids6;
  bool at_least;                     /* macros, or what could not be looked up, hide a part */
  bool hidden;                       /* an include or redirect depends on the message: its record is not known */
  bool incomplete;                   /* something could not be looked up */
  bool broken;                       /* some record of it has an error: evaluation ends in permerror */
};

struct spf_tree {
  struct spf_node root;
  unsigned lookups, voids4, voids6;  /* of all, as in spf_totals */
  bool at_least, hidden, incomplete, broken;
  unsigned depth, records;
  char ending;                       /* qualifier of the `all` that ends it, through redirects; 0: none */
};

/* Null: not yet. The record is the domain's own, or `text` in its place when not null (a wanted record). */
const struct spf_tree *spf_tree_grow(struct store *store, struct arena *arena, const char *domain, const char *text, size_t length);

/* What if this term were not in its record: the totals of the tree without the branch. `without` is a node of the tree, but neither its
 * root nor an `all` (what stands behind an `all` is not in the tree); null leaves nothing out. Asks nothing. */
struct spf_totals spf_tree_without(const struct spf_tree *tree, const struct spf_node *without);

/* The qualifier of the `all` that ends the node's record, through its redirects; 0: none, or no valid record. */
char spf_node_ending(const struct spf_node *node);
/* It ends without an `all`, and so does the record that its redirects lead to: everyone else is neutral. False where that is not known. */
bool spf_node_is_open(const struct spf_node *node);
bool spf_node_follows(const struct spf_node *node); /* include or redirect: it leads to another record */

enum { SPF_NODE_PROBLEMS = 4 };
/* Ids of the rules that this node breaks by itself, worst first; how many. */
size_t spf_node_problems(const struct spf_node *node, const char *out[SPF_NODE_PROBLEMS]);

/* Writes the tree as JSON: the totals, and of the root and each term {"term","target","cost","subtotal","total","void_ipv4","void_ipv6",
 * "state","problems":[…],"terms":[…]}. */
void spf_tree_put_json(struct buf *out, const struct spf_tree *tree);
#endif
