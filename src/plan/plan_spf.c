#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"
#include "src/plan/private.h"

enum { MOST_TERMS = 200, MOST_OCTETS = 4096 };

struct terms {
  const char *text[MOST_TERMS];
  size_t count;
};

static void add(struct terms *terms, const char *text) {
  for (size_t i = 0; i < terms->count; i++)
    if (text_equal(terms->text[i], text)) return;
  if (terms->count < MOST_TERMS) terms->text[terms->count++] = text;
}

/* An include or redirect that ends in permerror, or a gsi name: dead weight that breaks the record. */
static bool is_dead(struct planning *p, const struct spf_term *term) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer;
  bool follows = term->kind == SPF_REDIRECT || (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE);
  if (!term->domain || spf_has_macro(term->domain)) return false;
  const char *target = name_lower(p->j.arena, term->domain);
  if (follows) {
    enum spf_selection selection = spf_select(p->j.store, target, &record, &answer);
    if (selection == SPF_SELECT_WAITING) p->j.waiting = true;
    return selection == SPF_SELECT_NONE || (gsi_is_family(target) && selection != SPF_SELECT_WAITING);
  }
  if (gsi_is_family(target)) return true;
  if (term->kind != SPF_MECHANISM || (term->mechanism != SPF_A && term->mechanism != SPF_MX)) return false;
  if (term->mechanism == SPF_MX) {
    answer = ask_dns(&p->j, target, DNS_TYPE_MX);
    return answer && (answer->outcome == DNS_NXDOMAIN || answer->outcome == DNS_NODATA);
  }
  const struct dns_answer *a = ask_dns(&p->j, target, DNS_TYPE_A), *aaaa = ask_dns(&p->j, target, DNS_TYPE_AAAA);
  return a && aaaa && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED && !a->count && !aaaa->count;
}

static bool is_kept(struct planning *p, const struct spf_term *term) {
  if (term->fault || term->kind == SPF_BROKEN) return false;
  if (term->kind == SPF_UNKNOWN_MODIFIER) return !text_equal(term->name, "v");
  if (term->kind == SPF_EXP) return true;
  if (term->kind == SPF_REDIRECT) return false;
  if (term->mechanism == SPF_ALL || term->mechanism == SPF_PTR) return false;
  return !is_dead(p, term);
}

/* A faulty term that can be told what was meant by it: "ip4:192.0.2.1," without its comma, "ipv4:…", an equals sign for a colon. */
static const char *repaired(struct planning *p, const struct spf_term *term) {
  size_t length = strlen(term->text);
  char *copy = arena_strdup(p->j.arena, term->text);
  struct spf_term again;
  while (length && strchr(";,", copy[length - 1])) copy[--length] = '\0';
  if (term->hint && term->name && strcmp(term->hint, "all") != 0) {
    const char *rest = strchr(copy, ':');
    if (rest) copy = arena_printf(p->j.arena, "%s%s", term->hint, rest);
  }
  spf_parse_term(p->j.arena, copy, strlen(copy), &again);
  return *copy && !again.fault && again.kind == SPF_MECHANISM && again.mechanism != SPF_ALL && again.mechanism != SPF_PTR ? copy : NULL;
}

static void merge(struct planning *p, struct terms *out, const struct dns_rr *rr, char *ending, const char **redirect) {
  const struct spf_record *record = spf_parse(p->j.arena, rr->txt.bytes, rr->txt.length);
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    const char *mended = term->fault ? repaired(p, term) : NULL;
    if (mended) add(out, mended);
    else if (is_kept(p, term)) add(out, term->text);
    else if (term->fault && term->fault != SPF_FAULT_ALL_ARGUMENT)
      plan_problem(p, "plan-spf-drops-unlisted", p->inquiry->domain, _("The term \"%s\" cannot be understood and is left out. Check what it was for."), text_safe_string(p->j.arena, term->text));
  }
  if (record->all && !*ending) *ending = record->all->qualifier;
  if (record->redirect && !record->all && !is_dead(p, record->redirect)) *redirect = record->redirect->text;
}

/* ---- senders that the record does not cover ---- */

static const char *address_term(struct planning *p, const struct ip *ip) {
  char text[IP_TEXT];
  ip_format(ip, text);
  return arena_printf(p->j.arena, ip->family == 6 ? "ip6:%s" : "ip4:%s", text);
}

static void add_senders(struct planning *p, struct terms *terms) {
  for (size_t i = 0; i < p->options->spf_term_count; i++) add(terms, p->options->spf_terms[i]);
  for (size_t i = 0; i < p->inquiry->sending_count; i++) {
    char text[IP_TEXT];
    ip_format(&p->inquiry->sending[i], text);
    for (size_t n = 0; n < p->verdict->count; n++) {
      const struct finding *finding = p->verdict->findings[n];
      const char *address = strcmp(finding->rule->id, "spf-sender-not-covered") == 0 ? finding_argument(finding, "address") : NULL;
      if (address && strcmp(address, text) == 0) add(terms, address_term(p, &p->inquiry->sending[i]));
    }
    if (verdict_has(p->verdict, "spf-missing")) add(terms, address_term(p, &p->inquiry->sending[i]));
  }
}

/* With no record at all, the mail servers are the one thing that is known to handle the domain's email. */
static void add_mail_servers(struct planning *p, struct terms *terms) {
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  if (mx && mx->count && *mx->records[0].mx.host) add(terms, "mx");
}

static const char *write_record(struct planning *p, const struct terms *terms, char ending, const char *redirect) {
  struct buf out = BUF_INIT(MOST_OCTETS);
  buf_text(&out, "v=spf1");
  for (size_t i = 0; i < terms->count; i++) buf_printf(&out, " %s", terms->text[i]);
  if (redirect) buf_printf(&out, " %s", redirect);
  else buf_printf(&out, " %call", ending);
  const char *text = arena_strndup(p->j.arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* ---- the limit of ten ---- */

/* Replaces own `a` and `mx` terms by the addresses behind them: each saves a look-up. */
static void name_addresses(struct planning *p, struct terms *terms) {
  struct terms out = { .count = 0 };
  for (size_t i = 0; i < terms->count; i++) {
    struct spf_term term;
    spf_parse_term(p->j.arena, terms->text[i], strlen(terms->text[i]), &term);
    bool own = term.kind == SPF_MECHANISM && (term.mechanism == SPF_A || term.mechanism == SPF_MX) && !term.prefix_written && term.qualifier == '+' && (!term.domain || !spf_has_macro(term.domain));
    if (!own) {
      add(&out, terms->text[i]);
      continue;
    }
    const char *target = term.domain ? name_lower(p->j.arena, term.domain) : p->inquiry->domain;
    const struct dns_answer *mx = term.mechanism == SPF_MX ? ask_dns(&p->j, target, DNS_TYPE_MX) : NULL;
    for (size_t n = 0; n < (mx ? mx->count : 1); n++) {
      const char *host = mx ? mx->records[n].mx.host : target;
      const struct dns_answer *a = ask_dns(&p->j, host, DNS_TYPE_A), *aaaa = ask_dns(&p->j, host, DNS_TYPE_AAAA);
      for (size_t k = 0; a && k < a->count; k++) add(&out, address_term(p, &a->records[k].address));
      for (size_t k = 0; aaaa && k < aaaa->count; k++) add(&out, address_term(p, &aaaa->records[k].address));
    }
  }
  *terms = out;
}

static const struct spf_node *dearest(const struct spf_tree *tree) {
  const struct spf_node *worst = NULL;
  unsigned most = 0, before = 0;
  for (size_t i = 0; i < tree->root.count; i++) {
    const struct spf_node *child = &tree->root.children[i];
    unsigned cost = child->total - before;
    before = child->total;
    if (cost <= most) continue;
    most = cost;
    worst = child;
  }
  return worst;
}

static void prove_limits(struct planning *p, const char *text) {
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, text, strlen(text));
  if (!tree) {
    p->j.waiting = true;
    return;
  }
  if (tree->lookups <= 10 && tree->voids4 <= 2) return;
  const struct spf_node *worst = dearest(tree);
  plan_problem(p, "plan-spf-lookups", p->inquiry->domain, _("The wanted SPF record would need %u look-ups (10 are allowed) and %u empty ones (2 are allowed). Move the sender behind %s to a subdomain of its own."),
               tree->lookups, tree->voids4, worst ? worst->term->text : "-");
  plan_add_task(p, "spf-subdomain", "other-subdomain", _("Move a sender to a subdomain of its own, with its own SPF record, so that this record stays within 10 look-ups"), worst ? worst->term->text : "");
}

static bool needs_fewer(struct planning *p, const char *text) {
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, text, strlen(text));
  if (!tree) p->j.waiting = true;
  return tree && tree->lookups > 10;
}

/* ---- ---- */

static const char *near_miss_value(struct planning *p) {
  const struct finding *finding = verdict_find(p->verdict, "spf-near-miss-version", NULL);
  return finding && finding->severity == SEVERITY_FAIL ? finding_argument(finding, "value") : NULL;
}

static void put(struct planning *p, const struct dns_answer *answer, const char *wanted) {
  const struct dns_rr *first = NULL;
  struct plan_change *change = NULL;
  const char *near = near_miss_value(p);
  size_t records = 0;
  for (size_t i = 0; i < answer->count; i++) {
    bool is = spf_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length) || (near && strcmp(answer->records[i].txt.bytes, near) == 0);
    if (!is) continue;
    if (!first) first = &answer->records[i];
    records++;
  }
  if (records == 1 && strcmp(first->txt.bytes, wanted) == 0) return;
  change = plan_change_new(p, records ? PLAN_REPLACE : PLAN_ADD, p->inquiry->domain, DNS_TYPE_TXT);
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    if (spf_is_record(rr->txt.bytes, rr->txt.length) || (near && strcmp(rr->txt.bytes, near) == 0)) plan_change_now(p, change, rr->txt.bytes, rr->ttl);
  }
  plan_change_wanted(p, change, wanted);
  change->section = "dns-spf";
  change->order = 20;
  change->sentence = p->profile == PROFILE_PARKED ? N_("SPF: says that no server may send email for this domain.") : N_("SPF: lists the servers that may send email for this domain.");
  plan_why(p, change, "spf- parked-spf gsi-spf");
}

void plan_spf(struct planning *p) {
  const struct dns_answer *answer = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_TXT);
  struct terms terms = { .count = 0 };
  char ending = '\0';
  const char *redirect = NULL;
  if (!answer) return;
  if (answer->outcome == DNS_FAILED || answer->links) {
    if (answer->outcome == DNS_FAILED) plan_problem(p, "plan-present-unknown", p->inquiry->domain, "%s", _("The TXT records of the domain could not be looked up, so SPF is left out of the plan."));
    return;
  }
  if (p->profile == PROFILE_PARKED) {
    put(p, answer, "v=spf1 -all");
    return;
  }
  size_t records = 0;
  for (size_t i = 0; i < answer->count; i++) {
    if (!spf_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    merge(p, &terms, &answer->records[i], &ending, &redirect);
    records++;
  }
  if (!records) add_mail_servers(p, &terms);
  add_senders(p, &terms);
  if (p->options->spf_ending) ending = p->options->spf_ending;
  if (ending != '-' && ending != '~') ending = '~';
  if (redirect && (terms.count || p->options->spf_ending)) redirect = terms.count ? redirect : NULL;
  const char *wanted = write_record(p, &terms, ending, redirect);
  if (needs_fewer(p, wanted)) {
    name_addresses(p, &terms);
    wanted = write_record(p, &terms, ending, redirect);
  }
  bool sound = records == 1 && !p->j.waiting;
  if (sound && strcmp(wanted, answer->records[0].txt.bytes) == 0) return;
  put(p, answer, wanted);
  prove_limits(p, wanted);
}
