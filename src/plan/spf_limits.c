#include <string.h>

#include "checks/judge/spf_tree.h"
#include "src/plan/spf.h"

enum { MOST_LOOKUPS = 10, MOST_VOIDS = 2 };

static const struct spf_tree *tree_of(struct spf_making *making) {
  const char *text = spf_write(making);
  const struct spf_tree *tree = spf_tree_grow(making->p->j.store, making->p->j.arena, making->p->inquiry->domain, text, strlen(text));
  if (!tree) making->p->j.waiting = true;
  return tree;
}

static bool fits(const struct spf_tree *tree) { return !tree || (tree->lookups <= MOST_LOOKUPS && tree->voids4 <= MOST_VOIDS); }

static void remove_term(struct spf_terms *terms, const char *text) {
  for (size_t i = 0; i < terms->count; i++) {
    if (strcmp(terms->text[i], text) != 0) continue;
    memmove(&terms->text[i], &terms->text[i + 1], (terms->count - i - 1) * sizeof terms->text[0]);
    terms->count--;
    return;
  }
}

static bool holds_term(const struct spf_terms *terms, const char *text) {
  for (size_t i = 0; i < terms->count; i++)
    if (strcmp(terms->text[i], text) == 0) return true;
  return false;
}

/* ---- what another include holds already ---- */

static bool reaches(const struct spf_node *node, const char *target) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    bool include = child->term->kind == SPF_MECHANISM && child->term->mechanism == SPF_INCLUDE && child->term->qualifier == '+';
    if (include && (name_equal(child->target, target) || reaches(child, target))) return true;
  }
  return false;
}

bool spf_reaches(struct planning *p, const char *record, const char *target) {
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, record, strlen(record));
  if (!tree) p->j.waiting = true;
  return tree && reaches(&tree->root, target);
}

static void leave_out_repeated(struct spf_making *making, const struct spf_tree *tree) {
  for (size_t i = 0; i < tree->root.count; i++) {
    const struct spf_node *node = &tree->root.children[i];
    if (node->term->kind != SPF_MECHANISM || node->term->mechanism != SPF_INCLUDE || node->term->qualifier != '+') continue;
    for (size_t n = 0; n < tree->root.count; n++) {
      const struct spf_node *other = &tree->root.children[n];
      if (n == i || other->term->kind != SPF_MECHANISM || other->term->mechanism != SPF_INCLUDE || other->term->qualifier != '+') continue;
      if (!reaches(other, node->target) || !holds_term(&making->terms, other->term->text)) continue;
      remove_term(&making->terms, node->term->text);
      break;
    }
  }
}

/* ---- addresses in place of names ---- */

/* How many there are. */
static size_t put_addresses(struct spf_making *making, const char *host, struct spf_terms *out) {
  struct planning *p = making->p;
  size_t count = 0;
  const struct dns_answer *answers[] = { ask_dns(&p->j, host, DNS_TYPE_A), ask_dns(&p->j, host, DNS_TYPE_AAAA) };
  for (size_t n = 0; n < MEM_COUNT(answers); n++)
    for (size_t i = 0; answers[n] && i < answers[n]->count; i++, count++) {
      char text[IP_TEXT];
      ip_format(&answers[n]->records[i].address, text);
      spf_terms_add(p->j.arena, out, arena_printf(p->j.arena, n ? "ip6:%s" : "ip4:%s", text), p->inquiry->domain);
    }
  return count;
}

/* Hosts of one's own stay where they are; those of a service move without notice. */
static bool is_own_host(struct planning *p, const struct spf_term *term) {
  bool host = term->kind == SPF_MECHANISM && (term->mechanism == SPF_A || term->mechanism == SPF_MX) && !term->prefix_written && term->qualifier == '+';
  if (!host || (term->domain && spf_has_macro(term->domain))) return false;
  const char *target = term->domain ? name_lower(p->j.arena, term->domain) : p->inquiry->domain;
  return suffix_same(target, p->inquiry->domain);
}

static bool are_own(struct planning *p, const struct dns_answer *mx) {
  for (size_t i = 0; i < mx->count; i++)
    if (!suffix_same(mx->records[i].mx.host, p->inquiry->domain)) return false;
  return mx->count > 0;
}

/* Replaces own `a` and `mx` terms by the addresses behind them: each saves a look-up. */
static void name_addresses(struct spf_making *making) {
  struct planning *p = making->p;
  struct spf_terms out = { .count = 0 };
  for (size_t i = 0; i < making->terms.count; i++) {
    struct spf_term term;
    const char *text = making->terms.text[i];
    spf_parse_term(p->j.arena, text, strlen(text), &term);
    const char *target = term.domain ? name_lower(p->j.arena, term.domain) : p->inquiry->domain;
    bool own = is_own_host(p, &term);
    const struct dns_answer *mx = own && term.mechanism == SPF_MX ? ask_dns(&p->j, target, DNS_TYPE_MX) : NULL;
    size_t put = 0;
    for (size_t n = 0; mx && are_own(p, mx) && n < mx->count; n++) put += put_addresses(making, mx->records[n].mx.host, &out);
    if (own && term.mechanism == SPF_A) put += put_addresses(making, target, &out);
    if (!put) spf_terms_add(p->j.arena, &out, text, p->inquiry->domain);
  }
  making->terms = out;
}

/* ---- a sender moves to a subdomain ---- */

/* The costliest of the terms; of those that are there already when `fresh` is null. */
static const struct spf_node *dearest(const struct spf_tree *tree, const struct spf_terms *fresh, bool voids) {
  const struct spf_node *worst = NULL;
  unsigned most = 0, before = 0;
  for (size_t i = 0; i < tree->root.count; i++) {
    const struct spf_node *child = &tree->root.children[i];
    unsigned cost = voids ? child->voids4 : child->total - before;
    before = child->total;
    bool include = child->term->kind == SPF_MECHANISM && child->cost && (!fresh || holds_term(fresh, child->term->text));
    if (!include || cost <= most) continue;
    most = cost;
    worst = child;
  }
  return worst;
}

/* "include:spf.mandrillapp.com" -> "mandrillapp": a label by which people know the sender. */
static const char *label_of(struct arena *arena, const char *target) {
  const char *registrable = suffix_registrable(target);
  const char *label = *registrable ? arena_strndup(arena, registrable, strcspn(registrable, ".")) : "";
  return *label && name_is_host(arena_printf(arena, "%s.x", label)) ? label : "mail";
}

static const char *subdomain_for(struct spf_making *making, const struct spf_node *node) {
  struct planning *p = making->p;
  const struct inquiry *inquiry = p->inquiry;
  const struct service_facts *service = facts_service_of_spf(inquiry->facts, node->term->text, inquiry->domain, NULL);
  for (size_t i = 0; service && i < inquiry->service_count; i++)
    if (strcmp(inquiry->services[i].id, service->id) == 0 && name_is_below(inquiry->services[i].domain, inquiry->domain)) return inquiry->services[i].domain;
  return name_join(p->j.arena, service ? service->id : label_of(p->j.arena, node->target), inquiry->domain);
}

static void plan_subdomain(struct spf_making *making, const struct spf_node *node, bool is_fresh) {
  static const struct plan_kind kind = {
    "other-subdomain", ORDER_SPF_SUBDOMAIN, N_("SPF for a subdomain from which one sender's email will come, so that the main record stays within ten look-ups."),
    N_("It must be there before the sender uses the subdomain."), "spf-too-many spf-lookups",
  };
  struct planning *p = making->p;
  const char *name = subdomain_for(making, node);
  const struct dns_answer *answer = ask_dns(&p->j, name, DNS_TYPE_TXT);
  bool there = false;
  for (size_t i = 0; answer && i < answer->count; i++) there |= spf_is_record(PLAN_TEXT(answer, i), answer->records[i].txt.length);
  if (answer && answer->outcome != DNS_FAILED && !answer->links && !there)
    plan_txt(p, name, NULL, 0, arena_printf(p->j.arena, "v=spf1 %s ~all", node->term->text), &kind);
  plan_task(p, "spf-subdomain", "other-subdomain", "",
            is_fresh ? _("Let the sender behind {term} use {name} in its sender addresses: the SPF record of {domain} has no room for it. Enter {name} in the service, and the DKIM record that the service then shows")
                     : _("Move the sender behind {term} to {name}: the SPF record of {domain} needs more than ten look-ups. Enter {name} in the service and the DKIM record that the service then shows. When nothing is sent as {domain} any more, plan again, and the term goes from the main record"),
            "term", node->term->text, "name", name, "domain", p->inquiry->domain, NULL);
}

/* New senders that do not fit go to a subdomain at once, the dearest first. */
static const struct spf_tree *move_fresh(struct spf_making *making, const struct spf_tree *tree) {
  while (!fits(tree)) {
    const struct spf_node *node = dearest(tree, &making->fresh, tree->lookups <= MOST_LOOKUPS);
    if (!node) node = dearest(tree, &making->fresh, false);
    if (!node) break;
    plan_subdomain(making, node, true);
    remove_term(&making->terms, node->term->text);
    tree = tree_of(making);
    if (!tree) return NULL;
  }
  return tree;
}

/* Senders that the user lists as sending from another name need no place here. */
static void leave_moved(struct spf_making *making) {
  const struct inquiry *inquiry = making->p->inquiry;
  for (size_t i = 0; i < making->terms.count; i++) {
    const char *text = making->terms.text[i];
    const struct service_facts *service = facts_service_of_spf(inquiry->facts, text, inquiry->domain, NULL);
    bool here = false, below = false;
    for (size_t n = 0; service && n < inquiry->service_count; n++) {
      if (strcmp(inquiry->services[n].id, service->id) != 0) continue;
      bool is_below = inquiry->services[n].domain && name_is_below(inquiry->services[n].domain, inquiry->domain);
      below |= is_below;
      here |= !is_below;
    }
    if (below && !here) remove_term(&making->terms, text), i--;
  }
}

bool spf_fit(struct spf_making *making) {
  const struct spf_tree *tree = tree_of(making);
  if (fits(tree)) return true;
  leave_out_repeated(making, tree);
  leave_moved(making);
  tree = tree_of(making);
  if (!fits(tree) && tree->lookups > MOST_LOOKUPS) {
    name_addresses(making);
    tree = tree_of(making);
  }
  if (!fits(tree)) tree = move_fresh(making, tree);
  if (fits(tree)) return true;
  const struct spf_node *node = dearest(tree, NULL, tree->lookups <= MOST_LOOKUPS);
  if (!node) node = dearest(tree, NULL, false);
  if (node) plan_subdomain(making, node, false);
  return false;
}
