#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/spf.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"
#include "src/plan/spf.h"

/* ---- terms that say the same ---- */

static const char *domain_of(const struct spf_term *term, const char *domain) { return term->domain ? term->domain : domain; }

static bool same_term(struct arena *arena, const char *left, const char *right, const char *domain) {
  struct spf_term a, b;
  if (text_equal(left, right)) return true;
  spf_parse_term(arena, left, strlen(left), &a);
  spf_parse_term(arena, right, strlen(right), &b);
  if (a.fault || b.fault || a.kind != SPF_MECHANISM || b.kind != SPF_MECHANISM || a.mechanism != b.mechanism || a.qualifier != b.qualifier) return false;
  if (a.prefix4 != b.prefix4 || a.prefix6 != b.prefix6) return false;
  if (a.mechanism == SPF_IP4 || a.mechanism == SPF_IP6) return ip_equal(&a.network, &b.network);
  return name_equal(domain_of(&a, domain), domain_of(&b, domain));
}

void spf_terms_add(struct arena *arena, struct spf_terms *terms, const char *text, const char *domain) {
  for (size_t i = 0; i < terms->count; i++)
    if (same_term(arena, terms->text[i], text, domain)) return;
  if (terms->count < SPF_MOST_TERMS) terms->text[terms->count++] = text;
}

static bool is_modifier(const char *term) {
  size_t name = strcspn(term, "=:/%");
  return name && term[name] == '=';
}

bool spf_same(struct arena *arena, const char *a, const char *b, const char *domain) {
  const struct spf_record *left = spf_parse(arena, a, strlen(a)), *right = spf_parse(arena, b, strlen(b));
  size_t l = 0, r = 0;
  if (!left->valid || left->count != right->count) return false;
  for (;;) { /* mechanisms: in the same order */
    while (l < left->count && left->terms[l].kind != SPF_MECHANISM) l++;
    while (r < right->count && right->terms[r].kind != SPF_MECHANISM) r++;
    if (l == left->count || r == right->count) break;
    if (!same_term(arena, left->terms[l++].text, right->terms[r++].text, domain)) return false;
  }
  if (l != left->count || r != right->count) return false;
  for (size_t i = 0; i < left->count; i++) {
    bool found = left->terms[i].kind == SPF_MECHANISM;
    for (size_t n = 0; n < right->count; n++) found = found || text_equal(left->terms[i].text, right->terms[n].text);
    if (!found) return false;
  }
  return true;
}

/* ---- what works ---- */

enum fate { KEEP, DEAD, BROKEN, UNSURE };

/* What an include or redirect does to the whole record. */
static enum fate fate_of_target(struct planning *p, const struct spf_term *term) {
  const char *text = arena_printf(p->j.arena, "v=spf1 include:%s -all", term->domain);
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, text, strlen(text));
  if (!tree) {
    p->j.waiting = true;
    return KEEP;
  }
  const struct spf_node *child = tree->root.count ? &tree->root.children[0] : NULL;
  if (!child) return DEAD;
  if (child->state == SPF_STATE_MISSING || child->state == SPF_STATE_NOT_FOUND || child->state == SPF_STATE_UNREGISTERED || child->state == SPF_STATE_LOOP) return DEAD;
  if (child->state == SPF_STATE_SEVERAL || child->state == SPF_STATE_SYNTAX || tree->broken || tree->lookups > 10 || tree->voids4 > 2) return BROKEN; /* by itself beyond the limits */
  return tree->incomplete ? UNSURE : KEEP;
}

static enum fate fate_of_host(struct planning *p, const struct spf_term *term, const char *target) {
  const char *text = arena_printf(p->j.arena, "v=spf1 %s -all", term->text);
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, text, strlen(text));
  (void)target;
  if (!tree) {
    p->j.waiting = true;
    return KEEP;
  }
  if (tree->incomplete) return UNSURE;
  return tree->voids4 && tree->voids6 ? DEAD : KEEP;
}

static enum fate fate_of(struct planning *p, const struct spf_term *term) {
  bool follows = term->kind == SPF_REDIRECT || (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE);
  bool host = term->kind == SPF_MECHANISM && (term->mechanism == SPF_A || term->mechanism == SPF_MX);
  if (term->domain && spf_has_macro(term->domain)) return KEEP;
  const char *target = term->domain ? name_lower(p->j.arena, term->domain) : p->inquiry->domain;
  if (term->domain && term->kind != SPF_UNKNOWN_MODIFIER && term->kind != SPF_EXP && gsi_is_family(target) && !gsi_is_family(p->inquiry->domain)) return DEAD;
  if (term->kind == SPF_MECHANISM && term->mechanism == SPF_EXISTS) return BROKEN; /* without a macro: the same for every sender */
  return follows ? fate_of_target(p, term) : host ? fate_of_host(p, term, target) : KEEP;
}

bool spf_term_works(struct planning *p, const char *text) {
  struct spf_term term;
  spf_parse_term(p->j.arena, text, strlen(text), &term);
  if (term.fault || term.kind != SPF_MECHANISM) return false;
  enum fate fate = term.mechanism == SPF_ALL ? DEAD : fate_of(p, &term);
  return fate == KEEP || fate == UNSURE;
}

/* ---- what is not theirs ---- */

static bool speaks_of(struct planning *p, const struct plan_not_ours *disowned, const char *text, const struct service_facts *service) {
  if (!name_equal(disowned->domain, p->inquiry->domain)) return false;
  if (service && strcmp(service->id, disowned->service) == 0) return true;
  return *text && *disowned->term && same_term(p->j.arena, text, disowned->term, p->inquiry->domain);
}

static bool is_disowned(struct planning *p, const struct spf_term *term) {
  const char *text = term->text + term->qualifier_written;
  const struct service_facts *service = p->inquiry->facts ? facts_service_of_spf(p->inquiry->facts, text, p->inquiry->domain, NULL) : NULL;
  if (term->kind == SPF_MECHANISM && term->mechanism == SPF_ALL) return false;
  for (size_t i = 0; i < p->options->not_ours_count; i++)
    if (speaks_of(p, &p->options->not_ours[i], text, service)) return true;
  return false;
}

bool spf_service_is_ours(struct planning *p, const struct service_facts *service) {
  for (size_t i = 0; i < p->options->not_ours_count; i++)
    if (speaks_of(p, &p->options->not_ours[i], "", service)) return false;
  return true;
}

/* ---- what was meant ---- */

static bool is_good(struct arena *arena, const char *text) {
  struct spf_term term;
  spf_parse_term(arena, text, strlen(text), &term);
  return *text && !term.fault && (term.kind == SPF_MECHANISM || term.kind == SPF_REDIRECT);
}

/* "ip4:2001:db8::1", "ip6:192.0.2.1": the other family. */
static const char *swapped(struct arena *arena, const char *text) {
  const char *colon = strchr(text, ':');
  if (!colon || !(text_starts(text, "ip4:") || text_starts(text, "ip6:"))) return text;
  return arena_printf(arena, "ip%c:%s", text[2] == '4' ? '6' : '4', colon + 1);
}

/* A faulty term that can be told what was meant by it: "ipv4:…", an equals sign for a colon, a length where none may be. */
static const char *repaired(struct arena *arena, const struct spf_term *term) {
  const char *copy = term->text;
  const char *rest = strpbrk(copy, ":=");
  if (term->hint && rest && strcmp(term->hint, "all") != 0) copy = arena_printf(arena, "%s:%s", term->hint, rest + 1);
  else if (term->fault == SPF_FAULT_FAMILY_SWAPPED) copy = swapped(arena, copy);
  else if (term->fault == SPF_FAULT_REDIRECT_AS_MECHANISM && rest) copy = arena_printf(arena, "redirect=%s", rest + 1);
  else if (term->fault == SPF_FAULT_INCLUDE_CIDR && strchr(copy, '/')) copy = arena_strndup(arena, copy, (size_t)(strrchr(copy, '/') - copy));
  return is_good(arena, copy) ? copy : NULL;
}

/* Where a second term begins inside one: "ip4:192.0.2.1include:x", "-allip4:…"; 0: nowhere. */
static size_t seam_of(struct arena *arena, const char *text) {
  static const char *const beginnings[] = { "include:", "ip4:", "ip6:", "exists:", "redirect=", "~all", "-all", "?all", "+all", "a:", "mx:" };
  for (size_t at = 1; text[at]; at++)
    for (size_t i = 0; i < MEM_COUNT(beginnings); i++)
      if (text_starts(text + at, beginnings[i]) && is_good(arena, arena_strndup(arena, text, at)) && is_good(arena, text + at)) return at;
  return 0;
}

static void drop(struct spf_making *making, const char *term, const char *why) {
  struct spf_term parsed;
  spf_parse_term(making->p->j.arena, term, strlen(term), &parsed);
  if (is_disowned(making->p, &parsed)) making->disowned = true;
  else
    plan_problem(making->p, "plan-spf-drops-unlisted", making->p->inquiry->domain, why, "term", term, NULL);
}

/* ---- one term ---- */

static void take_redirect(struct spf_making *making, const char *domain) {
  if (!making->redirect) making->redirect = domain;
  else if (!name_equal(making->redirect, domain)) spf_terms_add(making->p->j.arena, &making->terms, arena_printf(making->p->j.arena, "include:%s", domain), making->p->inquiry->domain);
}

static void take_working(struct spf_making *making, const struct spf_term *term) {
  struct planning *p = making->p;
  if (is_disowned(p, term)) {
    making->disowned = true;
    return;
  }
  enum fate fate = fate_of(p, term);
  if (fate == UNSURE) {
    making->keeps = true;
    plan_problem(p, "plan-present-unknown", p->inquiry->domain, _("What {term} leads to could not be looked up. The term stays as it is."), "term", term->text, NULL);
  }
  if (fate == BROKEN)
    drop(making, term->text, term->mechanism == SPF_EXISTS && term->kind == SPF_MECHANISM ? _("{term} gives the same result for every sender and is left out.")
                                                                                         : _("The record behind {term} is itself faulty and breaks this one, so the term is left out. Tell its owner, and check whether the sender is still needed."));
  else if (fate == DEAD && term->domain && strpbrk(term->domain, "@:/\\"))
    drop(making, term->text, _("{term} does not name a domain, and is left out. Check what it was for."));
  if (fate == BROKEN || fate == DEAD) return;
  if (term->kind == SPF_REDIRECT) take_redirect(making, term->domain);
  else spf_terms_add(p->j.arena, &making->terms, term->text, p->inquiry->domain);
}

static void take_text(struct spf_making *making, const char *text, bool whole);

static void take_modifier(struct spf_making *making, const struct spf_term *term) {
  struct arena *arena = making->p->j.arena;
  const char *value = strchr(term->text, '=') + 1;
  if (text_equal(term->name, "v")) return;
  const char *meant = spf_mechanism_like(term->name), *written = meant ? arena_printf(arena, "%s:%s", meant, value) : NULL;
  if (meant && is_good(arena, written)) take_text(making, written, false);
  else if (meant) drop(making, term->text, _("{term} has no effect as it is written, and is left out. Check what it was for."));
  else spf_terms_add(arena, &making->modifiers, term->text, making->p->inquiry->domain);
}

static void take_faulty(struct spf_making *making, const struct spf_term *term, bool whole) {
  struct arena *arena = making->p->j.arena;
  const char *mended = repaired(arena, term);
  size_t seam = whole && !mended ? seam_of(arena, term->text) : 0;
  if (mended) {
    take_text(making, mended, false);
  } else if (seam) {
    take_text(making, arena_strndup(arena, term->text, seam), false);
    take_text(making, term->text + seam, false);
  } else if (term->fault != SPF_FAULT_ALL_ARGUMENT && term->fault != SPF_FAULT_DUPLICATE_EXP && term->fault != SPF_FAULT_PTR_CIDR) {
    drop(making, term->text, _("The term \"{term}\" cannot be understood and is left out. Check what it was for."));
  }
}

/* The softer of two endings: nobody who passed by one record is refused by the join. */
static void take_ending(struct spf_making *making, char qualifier) {
  if (qualifier != '-' && qualifier != '~') qualifier = '~';
  if (making->ending != '~') making->ending = qualifier;
}

static void take_text(struct spf_making *making, const char *text, bool whole) {
  struct spf_term term;
  spf_parse_term(making->p->j.arena, text, strlen(text), &term);
  if (term.fault || term.kind == SPF_BROKEN) take_faulty(making, &term, whole);
  else if (term.kind == SPF_UNKNOWN_MODIFIER) take_modifier(making, &term);
  else if (term.kind == SPF_EXP) spf_terms_add(making->p->j.arena, &making->modifiers, term.text, making->p->inquiry->domain);
  else if (term.kind == SPF_MECHANISM && term.mechanism == SPF_ALL) take_ending(making, term.qualifier);
  else if (term.kind == SPF_MECHANISM && term.mechanism == SPF_PTR)
    drop(making, term.text, _("{term} is left out: receivers ignore it or refuse to follow it. If a server was authorised by it alone, list its address."));
  else take_working(making, &term);
}

/* ---- one record ---- */

struct words { const char *all[SPF_MOST_TERMS]; size_t count; };

static void add_word(struct words *words, const char *text) {
  if (*text && words->count < SPF_MOST_TERMS) words->all[words->count++] = text;
}

/* "ip4:192.0.2.1,192.0.2.2;" is a list of terms, and what follows a comma may lack its name. */
static void split_word(struct arena *arena, const char *word, struct words *out) {
  const char *colon = strchr(word, ':'), *name = colon ? arena_strndup(arena, word, (size_t)(colon + 1 - word)) : "";
  if (is_good(arena, word) || is_modifier(word)) {
    add_word(out, word);
    return;
  }
  for (const char *at = word; *at;) {
    size_t length = strcspn(at, ",;");
    const char *part = arena_strndup(arena, at, length);
    add_word(out, is_good(arena, part) || !is_good(arena, arena_printf(arena, "%s%s", name, part)) ? part : arena_printf(arena, "%s%s", name, part));
    at += length;
    at += strspn(at, ",;");
  }
}

/* The words after the version; "include:" and its domain parted by a blank are one. */
static void split_record(struct arena *arena, const char *text, struct words *out) {
  out->count = 0;
  for (const char *at = text; *at;) {
    size_t length = strcspn(at, " ");
    const char *word = arena_strndup(arena, at, length);
    at += length;
    at += strspn(at, " ");
    if (length && strchr(":=", word[length - 1]) && *at) {
      size_t next = strcspn(at, " ");
      const char *joined = arena_printf(arena, "%s%.*s", word, (int)next, at);
      if (is_good(arena, joined)) {
        word = joined;
        at += next;
        at += strspn(at, " ");
      }
    }
    split_word(arena, word, out);
  }
}

static bool is_all(struct arena *arena, const char *text) {
  struct spf_term term;
  spf_parse_term(arena, text, strlen(text), &term);
  return term.kind == SPF_MECHANISM && !term.fault && term.mechanism == SPF_ALL;
}

static bool says_who(struct arena *arena, const char *text) {
  struct spf_term term;
  spf_parse_term(arena, text, strlen(text), &term);
  return term.kind == SPF_MECHANISM || term.kind == SPF_REDIRECT;
}

void spf_merge(struct spf_making *making, const char *text) {
  struct arena *arena = making->p->j.arena;
  const char *all = NULL, *own_redirect = making->redirect;
  struct words words;
  making->redirect = NULL;
  split_record(arena, text + strlen("v=spf1"), &words);
  for (size_t i = 0; i < words.count; i++) {
    if (all && says_who(arena, words.all[i])) {
      if (!is_all(arena, words.all[i])) drop(making, words.all[i], _("{term} stands after \"all\", where no receiver looks, and is left out. If it belongs to a sender that you use, add the sender to your list."));
      continue;
    }
    if (is_all(arena, words.all[i])) all = words.all[i];
    take_text(making, words.all[i], true);
  }
  const char *redirect = making->redirect;
  making->redirect = own_redirect;
  if (redirect && all) drop(making, arena_printf(arena, "redirect=%s", redirect), _("{term} has no effect beside \"all\" and is left out. If it belongs to a sender that you use, add the sender to your list."));
  else if (redirect) take_redirect(making, redirect);
}

/* ---- writing ---- */

const char *spf_write(struct spf_making *making) {
  struct buf out = BUF_INIT(8192);
  buf_text(&out, "v=spf1");
  for (size_t i = 0; i < making->terms.count; i++) buf_printf(&out, " %s", making->terms.text[i]);
  if (making->redirect) buf_printf(&out, " redirect=%s", making->redirect);
  else buf_printf(&out, " %call", making->ending);
  for (size_t i = 0; i < making->modifiers.count; i++) buf_printf(&out, " %s", making->modifiers.text[i]);
  const char *text = arena_strndup(making->p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}
