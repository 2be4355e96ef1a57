#ifndef CHECKS_JUDGE_SPF_TREE_H
#define CHECKS_JUDGE_SPF_TREE_H
#include <jansson.h>
#include <stdbool.h>
#include "checks/record/spf.h"
#include "checks/store.h"

/* The worst case of an SPF evaluation as a tree: what a receiver looks up when nothing matches. Terms are walked from left to right to the
 * first `all`; each include is followed each time that it occurs; a redirect only where the record has no `all`. */

enum spf_state {
  SPF_STATE_GOOD, SPF_STATE_MISSING /* exists, no SPF record */, SPF_STATE_NOT_FOUND /* NXDOMAIN */, SPF_STATE_ERROR /* could not look up */,
  SPF_STATE_SEVERAL, SPF_STATE_SYNTAX, SPF_STATE_LOOP, SPF_STATE_MACRO /* depends on the message: not followed */, SPF_STATE_TOO_DEEP,
};

struct spf_node {
  const struct spf_term *term;       /* null: the record of the domain itself */
  const char *target;                /* the domain that it asks for; "" when it asks nothing */
  unsigned cost;                     /* 0 or 1 */
  unsigned total;                    /* running total after this term and all inside it */
  unsigned voids4, voids6;           /* of this term alone */
  enum spf_state state;
  const struct spf_record *record;   /* of include, redirect and the root; null when there is none */
  const struct dns_answer *answer;
  size_t mx_hosts, addresses4, addresses6; /* behind a and mx */
  struct spf_node *children;
  size_t count;
};

struct spf_tree {
  struct spf_node root;
  unsigned lookups, voids4, voids6, depth, records;
  bool at_least;                     /* macros, or what could not be looked up, hide a part */
  bool incomplete;                   /* something could not be looked up */
  bool broken;                       /* some record of it has an error: evaluation ends in permerror */
  char ending;                       /* qualifier of the `all` that ends it, through redirects; 0: none */
};

/* Null: not yet. The record is the domain's own, or `text` in its place when not null (a wanted record). */
const struct spf_tree *spf_tree_grow(struct store *store, struct arena *arena, const char *domain, const char *text, size_t length);

/* The tree as JSON: {"term","target","cost","total","state","terms":[…]}. */
json_t *spf_tree_json(const struct spf_tree *tree);
const char *spf_state_name(enum spf_state state);
#endif
