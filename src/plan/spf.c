#include "src/plan/spf.h"

#include <string.h>

#include "checks/judge/spf.h"

static const struct plan_kind spf_kind = {
  "dns-spf", ORDER_SPF, N_("SPF: lists the servers that may send email for this domain."), N_("It comes before any change of DMARC, which judges by it."), "spf- gsi-spf ns-txt-l ns-txt-ty ns-txt-b",
};
static const struct plan_kind disowned_kind = {
  "dns-spf", ORDER_SPF, N_("SPF: lists the servers that may send email for this domain. A service that is not ours leaves the list."), N_("It comes before any change of DMARC, which judges by it."), "spf- gsi-spf ns-txt-l ns-txt-ty ns-txt-b",
};
static const struct plan_kind parked_kind = {
  "dns-spf", ORDER_SPF, N_("SPF: says that no server may send email for this domain."), N_("It comes before any change of DMARC, which judges by it."), "spf- parked-spf parked-looks gsi- ns-txt-l ns-txt-ty ns-txt-b",
};

/* ---- what is there ---- */

/* Of a wildcard's answer nothing is at the name itself, and what it authorises is meant all the same. */
struct present { const struct dns_rr *now[SPF_MOST_RECORDS]; const char *text[SPF_MOST_RECORDS]; size_t count, selected; bool own; };

/* What was meant by "spf1 mx", "v=spf1; mx", "v = spf1 mx", and by terms without a version. */
static const char *versioned(struct arena *arena, const char *text) {
  static const char *const beginnings[] = { "v=spf1", "v = spf1", "v spf1", "spf1", "spf=1", "spf=", "v=spf" };
  for (size_t i = 0; i < MEM_COUNT(beginnings); i++) {
    if (!text_starts(text, beginnings[i])) continue;
    const char *rest = text + strlen(beginnings[i]);
    while (*rest && strchr(" ;,:.\t", *rest)) rest++;
    return arena_printf(arena, "v=spf1 %s", rest);
  }
  return arena_printf(arena, "v=spf1 %s", text);
}

static void add_present(struct planning *p, struct present *present, const struct dns_rr *rr) {
  bool is = spf_is_record(rr->txt.bytes, rr->txt.length);
  if (present->count == SPF_MOST_RECORDS || (!is && !spf_is_near_miss(rr->txt.bytes, rr->txt.length))) return;
  const char *clean = plan_clean(p->j.arena, rr->txt.bytes);
  present->selected += is;
  present->now[present->count] = rr;
  present->text[present->count++] = spf_is_record(clean, strlen(clean)) ? clean : versioned(p->j.arena, clean);
}

/* A text that is no record authorises nobody now: it counts only where there is no record, and goes in any case. */
static bool counts(const struct present *present, size_t i) {
  return !present->selected || spf_is_record(present->now[i]->txt.bytes, present->now[i]->txt.length);
}

/* ---- wanted ---- */

static void finish_ending(struct spf_making *making, size_t records) {
  struct planning *p = making->p;
  if (making->redirect && (records > 1 || making->ending)) {
    spf_terms_add(p->j.arena, &making->terms, arena_printf(p->j.arena, "include:%s", making->redirect), p->inquiry->domain);
    making->redirect = NULL;
  }
  if (p->options->spf_ending && !making->redirect) making->ending = p->options->spf_ending;
  if (!making->ending) making->ending = '~';
}

static bool is_bare(struct planning *p, const struct present *present) {
  const struct spf_record *record = present->count ? spf_parse(p->j.arena, present->text[0], strlen(present->text[0])) : NULL;
  return record && present->count == 1 && record->count == 1 && record->all;
}

/* Null: nothing can be asked for. */
static const char *wanted_record(struct planning *p, const struct present *present, struct spf_making *making) {
  size_t records = 0;
  for (size_t i = 0; i < present->count; i++) {
    if (!counts(present, i)) continue;
    spf_merge(making, present->text[i]);
    records++;
  }
  spf_add_services(making);
  if (!making->terms.count && !making->redirect && !is_bare(p, present)) spf_add_mail_servers(making);
  finish_ending(making, records);
  bool fits = spf_fit(making);
  spf_add_addresses(making);
  if (!fits || (!making->terms.count && !making->redirect && !records)) return NULL;
  return spf_write(making);
}

/* What a wildcard says rightly is not asked for at the name: nobody could tell the two apart afterwards. */
static bool is_sound(struct planning *p, const struct present *present, const char *wanted) {
  return present->count == 1 && present->selected == 1 && spf_same(p->j.arena, present->now[0]->txt.bytes, wanted, p->inquiry->domain);
}

static void say_no_senders(struct planning *p) {
  plan_task(p, "spf-list-senders", "prep-inventory", "", _("List the systems that send email as {domain}: without them its SPF record cannot be written"), "domain", p->inquiry->domain, NULL);
}

static void ask_about(struct planning *p, const struct spf_node *node, const char *problem) {
  if (strcmp(problem, "spf-mx-too-many") == 0)
    plan_task(p, problem, "prep-inventory", "", _("List the servers behind {term} that send as {domain}: it leads to more than 10 mail servers, and receivers stop there with an error"), "term", node->term->text, "domain", p->inquiry->domain, NULL);
  if (strcmp(problem, "spf-include-all-pass") == 0 || strcmp(problem, "spf-all-pass") == 0)
    plan_task(p, problem, "prep-inventory", "", _("Ask the owner of {target} to end its SPF record with ~all or -all: it lets every sender pass, so anyone can send as {domain}. If they do not, list the servers that send through it, and have {term} removed"),
              "target", node->target, "term", node->term->text, "domain", p->inquiry->domain, NULL);
}

/* Faults that only somebody who knows the senders can mend: the terms stay. */
static void ask_about_rest(struct planning *p, const char *wanted) {
  const struct spf_tree *tree = spf_tree_grow(p->j.store, p->j.arena, p->inquiry->domain, wanted, strlen(wanted));
  p->j.waiting |= !tree;
  for (size_t i = 0; tree && i < tree->root.count; i++) {
    const char *problems[SPF_NODE_PROBLEMS];
    const struct spf_node *node = &tree->root.children[i];
    size_t count = spf_node_problems(node, problems);
    for (size_t n = 0; n < count; n++) ask_about(p, node, problems[n]);
    if (node->term->kind == SPF_REDIRECT && tree->ending == '+') ask_about(p, node, "spf-all-pass");
  }
}

static void plan_mail(struct planning *p, const struct present *present) {
  struct spf_making making = { .p = p };
  const char *wanted = wanted_record(p, present, &making);
  bool bare = !making.terms.count && !making.redirect;
  if (bare) say_no_senders(p);
  if (!wanted || (bare && !is_bare(p, present))) return; /* a record that authorises nobody is no improvement for a domain that sends */
  if (strlen(wanted) > 450)
    plan_problem(p, "spf-record-large", p->inquiry->domain, _("The wanted SPF record has {octets} octets; up to 450 fit every receiver. Remove old senders when you can."), "octets", arena_printf(p->j.arena, "%zu", strlen(wanted)), NULL);
  for (size_t i = 0; i < present->count && present->selected == 1; i++) /* what says the same stays as it is */
    if (spf_is_record(present->now[i]->txt.bytes, present->now[i]->txt.length) && spf_same(p->j.arena, present->now[i]->txt.bytes, wanted, p->inquiry->domain)) wanted = present->now[i]->txt.bytes;
  ask_about_rest(p, wanted);
  if (is_sound(p, present, wanted)) return;
  struct plan_change *change = plan_txt(p, p->inquiry->domain, present->now, present->own ? present->count : 0, wanted, making.disowned ? &disowned_kind : &spf_kind);
  if (change && name_is_below(p->inquiry->domain, p->plan->domain)) change->order = ORDER_SPF_SUBDOMAIN; /* a sender that moves there needs it first */
}

static void tell_alias(struct planning *p, const struct dns_answer *answer) {
  plan_task(p, "spf-alias", "dns-spf", "", _("{name} is an alias of {target}, so its SPF record is the one there: ask the owner of {target} for changes"), "name", p->inquiry->domain, "target", answer->final_name, NULL);
}

void plan_spf(struct planning *p) {
  const struct dns_answer *answer = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_TXT);
  struct present present = { .count = 0 };
  if (!answer) return;
  if (answer->outcome == DNS_FAILED) {
    plan_unknown(p, p->inquiry->domain, _("The TXT records of {name} could not be looked up, so SPF is left out of the plan."));
    return;
  }
  if (answer->links) {
    tell_alias(p, answer);
    return;
  }
  present.own = plan_is_own(p, answer);
  for (size_t i = 0; i < answer->count; i++) add_present(p, &present, &answer->records[i]);
  if (p->profile == PROFILE_PARKED || p->profile == PROFILE_RECEIVE_ONLY) {
    if (!is_sound(p, &present, "v=spf1 -all")) plan_txt(p, p->inquiry->domain, present.now, present.own ? present.count : 0, "v=spf1 -all", &parked_kind);
  } else {
    if (!present.own && is_bare(p, &present)) present.count = present.selected = 0; /* said of names that nobody uses */
    plan_mail(p, &present);
  }
}
