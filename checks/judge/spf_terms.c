#include <string.h>

#include "checks/judge/spf_private.h"

/* Nested records are judged for what breaks the domain; their style is their owner's affair, unless it is the domain's own organisation
 * (who else could mend it). */
struct walk {
  struct judgement *j;
  const char *own;          /* the registrable domain */
  const char *seen[64];     /* targets included so far */
  bool told[64];
  size_t count;
};

/* What is so of a record because of the way to it. */
struct way {
  bool own;      /* it belongs to the domain's own organisation */
  bool passes;   /* what it passes, the domain passes: no include above it has another sign than + */
  bool repeated; /* it hangs below a target that was included before */
};

/* ---- targets ---- */

static void judge_target(struct judgement *j, const struct spf_node *node, bool in_own_record) {
  const char *problems[SPF_NODE_PROBLEMS];
  if (in_own_record && spf_rule_of_domain(j, node->term)) return; /* one cause, one finding */
  if (!spf_node_problems(node, problems) || node->state == SPF_STATE_GOOD || node->state == SPF_STATE_TOO_DEEP) return;
  struct finding *finding = find(j, problems[0], NULL);
  find_argument(j, finding, "target", "%s", node->target);
  find_argument(j, finding, "term", "%s", node->term->text);
  const char *reason = node->answer ? dns_reason(j->arena, node->answer) : "";
  if (node->state == SPF_STATE_SEVERAL) reason = "spf-multiple";
  for (size_t i = 0; node->state == SPF_STATE_SYNTAX && i < node->record->count; i++) {
    if (!node->record->terms[i].fault) continue;
    reason = arena_printf(j->arena, "%s: %s", spf_fault_rule(node->record->terms[i].fault), node->record->terms[i].text);
    break;
  }
  find_argument(j, finding, "reason", "%s", reason);
  if (node->answer) find_seen(j, finding, &node->answer->seen);
}

/* Once for each target, however often it comes; what a repeated target repeats in turn is no cause of its own. Was it included before? */
static bool judge_duplicate(struct walk *walk, const char *target, bool below_repeated) {
  for (size_t i = 0; i < walk->count; i++) {
    if (strcmp(walk->seen[i], target) != 0) continue;
    if (!walk->told[i] && !below_repeated) {
      find_argument(walk->j, find(walk->j, "spf-include-duplicate", NULL), "target", "%s", target);
      walk->told[i] = true;
    }
    return true;
  }
  if (walk->count < MEM_COUNT(walk->seen)) walk->seen[walk->count++] = target;
  return false;
}

/* ---- hosts ---- */

static void judge_mx_term(struct judgement *j, const struct spf_node *node, bool own) {
  if (node->mx_hosts > 10) {
    struct finding *finding = find(j, "spf-mx-too-many", NULL);
    find_argument(j, finding, "target", "%s", node->target);
    find_argument(j, finding, "count", "%zu", node->mx_hosts);
  } else if (node->addresses4 > 10 || node->addresses6 > 10) {
    find_argument(j, find(j, "spf-mx-host-many-addresses", NULL), "target", "%s", node->target);
  } else if (own && node->mx_hosts == 0 && node->answer && node->state != SPF_STATE_ERROR) {
    find_argument(j, find(j, "spf-mx-without-mx", NULL), "target", "%s", node->target);
  }
}

static void judge_host_terms(struct judgement *j, const struct spf_node *node, bool own) {
  if (node->term->mechanism == SPF_MX) judge_mx_term(j, node, own);
  if (!own) return;
  if (node->term->mechanism == SPF_A && (node->addresses4 > 10 || node->addresses6 > 10)) find_argument(j, find(j, "spf-a-many-addresses", NULL), "target", "%s", node->target);
  if (node->term->mechanism == SPF_EXISTS && !spf_has_macro(node->term->domain)) {
    bool open = node->addresses4 > 0 && node->term->qualifier == '+';
    find_argument(j, find_as(j, "spf-exists-constant", open ? SEVERITY_FAIL : SEVERITY_WARN, NULL), "term", "%s", node->term->text);
  }
}

/* Inside a nested record of the domain's own organisation; the domain's own record is judged as text. */
static void judge_nested_ptr(struct judgement *j, const struct spf_node *node) {
  for (size_t i = 0; node->record && i < node->record->count; i++) {
    const struct spf_term *term = &node->record->terms[i];
    bool uses_p = false;
    if (term->domain && term->kind != SPF_UNKNOWN_MODIFIER && !term->fault) spf_macro_depends_on_message(term->domain, &uses_p);
    if (uses_p || (term->kind == SPF_MECHANISM && term->mechanism == SPF_PTR)) find_argument(j, spf_find_term(j, "spf-ptr-used", term), "record", "%s", node->target);
  }
}

static void walk_down(struct walk *walk, const struct spf_node *node, struct way way) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    if (!spf_node_follows(child)) {
      if (child->cost) judge_host_terms(walk->j, child, way.own);
      continue;
    }
    judge_target(walk->j, child, !node->term);
    bool include = child->term->kind == SPF_MECHANISM, good = child->state == SPF_STATE_GOOD;
    struct way below = { .own = way.own && name_is_under(child->target, walk->own), .passes = way.passes && (!include || child->term->qualifier == '+') };
    below.repeated = (good && judge_duplicate(walk, child->target, way.repeated)) || way.repeated;
    if (include && below.passes && spf_node_ending(child) == '+') find_argument(walk->j, find(walk->j, "spf-include-all-pass", NULL), "target", "%s", child->target);
    if (below.own && good) judge_nested_ptr(walk->j, child);
    walk_down(walk, child, below);
  }
}

void spf_judge_terms(struct judgement *j, const struct spf_tree *tree) {
  struct walk walk = { .j = j, .own = suffix_registrable(j->inquiry->domain) };
  walk_down(&walk, &tree->root, (struct way){ .own = true, .passes = true });
}

/* ---- limits ---- */

/* What comes of voids for one family: their terms in order, and whether a term behind the third could pass an IPv6 sender. */
struct voids {
  bool six; /* the family that is counted */
  struct buf terms;
  unsigned count;
  bool reaches_six;
};

static void read_voids(struct voids *voids, const struct spf_node *node) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    bool is_six = child->term->kind == SPF_MECHANISM && child->term->mechanism == SPF_IP6;
    if (voids->count > 2 && (is_six || child->addresses6)) voids->reaches_six = true;
    if (voids->six ? child->voids6 : child->voids4) {
      buf_printf(&voids->terms, voids->count ? ", %s" : "%s", child->term->text);
      voids->count++;
    }
    read_voids(voids, child);
  }
}

static void tell_voids(struct judgement *j, const struct spf_tree *tree, const char *rule, bool six) {
  struct voids voids = { .six = six, .terms = BUF_INIT(1024) };
  read_voids(&voids, &tree->root);
  struct finding *finding = find_as(j, rule, six && voids.reaches_six ? SEVERITY_WARN : rule_find(rule)->severity, NULL);
  find_argument(j, finding, "voids", "%u", voids.count);
  find_bytes(j, finding, "terms", buf_string(&voids.terms), voids.terms.length);
  buf_release(&voids.terms);
}

static void judge_voids(struct judgement *j, const struct spf_tree *tree) {
  if (tree->voids4 > 2) tell_voids(j, tree, "spf-too-many-void", false);
  else if (tree->voids4 > 0) tell_voids(j, tree, "spf-void-lookup", false);
  if (tree->voids4 <= 2 && tree->voids6 > 2) tell_voids(j, tree, "spf-void-ipv6-only", true);
}

static void find_lookups(struct judgement *j, const char *rule, const struct spf_tree *tree) { find_argument(j, find(j, rule, NULL), "lookups", "%u", tree->lookups); }

void spf_judge_limits(struct judgement *j, const struct spf_tree *tree) {
  if (tree->lookups > 10) {
    find_lookups(j, "spf-too-many-lookups", tree);
  } else if (!tree->broken) {
    if (tree->incomplete) find_lookups(j, "spf-lookups-incomplete", tree);
    if (tree->lookups >= 8) find_lookups(j, "spf-lookups-near-limit", tree);
  }
  if (tree->hidden) find_lookups(j, "spf-lookups-lower-bound", tree);
  judge_voids(j, tree);
  if (tree->depth > 6) find_argument(j, find(j, "spf-depth", NULL), "depth", "%u", tree->depth - 1);
}
