#include <string.h>

#include "checks/judge/spf_private.h"

/* ---- syntax ---- */

static const char *const fault_rules[] = {
  [SPF_FAULT_SYNTAX] = "spf-syntax-error", [SPF_FAULT_ARGUMENT_OF_LAST] = "spf-argument-space", [SPF_FAULT_UNKNOWN_MECHANISM] = "spf-unknown-mechanism", [SPF_FAULT_MISSING_SPACE] = "spf-missing-space",
  [SPF_FAULT_BAD_SEPARATOR] = "spf-bad-separator", [SPF_FAULT_NON_ASCII] = "spf-non-ascii", [SPF_FAULT_ALL_ARGUMENT] = "spf-all-with-argument",
  [SPF_FAULT_INCLUDE_NO_DOMAIN] = "spf-include-without-domain", [SPF_FAULT_ARGUMENT_SPACE] = "spf-argument-space",
  [SPF_FAULT_INCLUDE_CIDR] = "spf-include-with-cidr", [SPF_FAULT_PTR_CIDR] = "spf-ptr-with-cidr", [SPF_FAULT_EXISTS_NO_DOMAIN] = "spf-exists-without-domain",
  [SPF_FAULT_IP4] = "spf-ip4-invalid", [SPF_FAULT_IP4_PREFIX] = "spf-ip4-prefix-invalid", [SPF_FAULT_IP6] = "spf-ip6-invalid",
  [SPF_FAULT_IP6_PREFIX] = "spf-ip6-prefix-invalid", [SPF_FAULT_FAMILY_SWAPPED] = "spf-address-family-swapped", [SPF_FAULT_DUAL_CIDR] = "spf-dual-cidr-invalid",
  [SPF_FAULT_DOMAIN_SPEC] = "spf-domain-spec-invalid", [SPF_FAULT_REDIRECT_AS_MECHANISM] = "spf-redirect-as-mechanism", [SPF_FAULT_MACRO] = "spf-macro-invalid",
  [SPF_FAULT_DUPLICATE_REDIRECT] = "spf-duplicate-redirect", [SPF_FAULT_DUPLICATE_EXP] = "spf-duplicate-exp",
};

const char *spf_fault_rule(enum spf_fault fault) { return fault_rules[fault]; }

struct finding *spf_find_term_as(struct judgement *j, const char *rule, enum severity severity, const struct spf_term *term) {
  struct finding *finding = find_as(j, rule, severity, NULL);
  find_argument(j, finding, "term", "%s", term->text);
  find_argument(j, finding, "position", "%zu", term->position + 1);
  return finding;
}

struct finding *spf_find_term(struct judgement *j, const char *rule, const struct spf_term *term) { return spf_find_term_as(j, rule, rule_find(rule)->severity, term); }

/* The faulty term spans the border of two character-strings, and both parts are valid terms. */
static bool is_glued(struct judgement *j, const struct dns_rr *rr, const struct spf_term *term) {
  size_t border = 0;
  for (uint16_t i = 0; rr && i + 1 < rr->txt.strings; i++) {
    border += rr->txt.lengths[i];
    if (border <= term->position || border >= term->position + term->length) continue;
    struct spf_term left, right;
    size_t cut = border - term->position;
    spf_parse_term(j->arena, term->text, cut, &left);
    spf_parse_term(j->arena, term->text + cut, term->length - cut, &right);
    if (!left.fault && !right.fault && (right.kind == SPF_MECHANISM || right.kind == SPF_REDIRECT || right.kind == SPF_EXP)) return true;
  }
  return false;
}

static void judge_syntax(struct judgement *j, const struct spf_record *record, const struct dns_rr *rr) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (!term->fault || term->fault == SPF_FAULT_ARGUMENT_OF_LAST) continue; /* one cause, one finding */
    struct finding *finding = spf_find_term(j, is_glued(j, rr, term) ? "spf-strings-glued" : fault_rules[term->fault], term);
    find_argument(j, finding, "nearest", "%s", term->hint ? term->hint : _("none"));
  }
}

/* ---- valid, and not what was meant ---- */

const char *spf_mechanism_like(const char *modifier) {
  const char *like = NULL;
  for (enum spf_mechanism m = SPF_ALL; m <= SPF_EXISTS; m++) {
    const char *name = spf_mechanism_name(m);
    if (text_equal(modifier, name)) return name;
    if (strlen(name) > 2 && text_distance(modifier, name, 1) <= 1) like = name;
  }
  return like;
}

static void judge_modifiers(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind != SPF_UNKNOWN_MODIFIER) continue;
    if (text_equal(term->name, "v")) spf_find_term(j, "spf-version-repeated", term);
    else if (spf_mechanism_like(term->name)) spf_find_term(j, "spf-mechanism-written-as-modifier", term);
    else spf_find_term(j, "spf-unknown-modifier", term);
  }
}

const char *spf_rule_of_domain(struct judgement *j, const struct spf_term *term) {
  if (!term->domain || term->kind == SPF_UNKNOWN_MODIFIER) return NULL;
  if (strstr(term->domain, "%_") || strstr(term->domain, "%-")) return "spf-domain-spec-invalid";
  if (spf_has_macro(term->domain)) return NULL;
  if (strpbrk(term->domain, ",;")) return "spf-bad-separator";
  if (!strpbrk(term->domain, "@:/\\")) return NULL;
  return spf_term_lacks_space(j->arena, term) ? "spf-missing-space" : "spf-domain-spec-invalid";
}

/* What a receiver would look up for an ordinary message. */
static const char *example_of(struct judgement *j, const struct spf_term *term) {
  struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 3 } };
  struct spf_macro_values values = { .sender_local = "name", .sender_domain = j->inquiry->domain, .domain = j->inquiry->domain,
                                     .helo = name_join(j->arena, "mail", j->inquiry->domain), .validated = name_join(j->arena, "mail", j->inquiry->domain), .ip = &ip };
  return spf_macro_domain(j->arena, term->domain, &values);
}

static void judge_ptr_and_macros(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    bool uses_p = false;
    if (term->fault) continue;
    if (term->domain && spf_has_macro(term->domain) && term->kind != SPF_UNKNOWN_MODIFIER) {
      spf_macro_depends_on_message(term->domain, &uses_p);
      find_argument(j, spf_find_term(j, "spf-macro-used", term), "example", "%s", example_of(j, term));
    }
    if ((term->kind == SPF_MECHANISM && term->mechanism == SPF_PTR) || uses_p) spf_find_term(j, "spf-ptr-used", term);
    if (term->kind == SPF_MECHANISM && (term->mechanism == SPF_A || term->mechanism == SPF_MX) && term->domain && strchr(term->domain, '_') && !spf_has_macro(term->domain))
      spf_find_term(j, "spf-domain-spec-host-underscore", term);
    if (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE && term->qualifier != '+') spf_find_term(j, "spf-include-negative", term);
    if (spf_rule_of_domain(j, term)) spf_find_term(j, spf_rule_of_domain(j, term), term);
  }
}

static void judge_order(struct judgement *j, const struct spf_record *record) {
  struct buf after = BUF_INIT(2048);
  const struct spf_term *first = NULL;
  bool past = false;
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind != SPF_MECHANISM) continue;
    if (past && !first) first = term;
    if (past) buf_printf(&after, after.length ? " %s" : "%s", term->text);
    past |= term == record->all;
  }
  if (after.length) {
    struct finding *finding = spf_find_term(j, "spf-terms-after-all", first);
    find_argument(j, finding, "terms", "%s", buf_string(&after));
  }
  buf_release(&after);
  if (record->redirect && !record->redirect->fault && record->all) spf_find_term(j, "spf-redirect-ignored", record->redirect);
}

void spf_judge_text_lookups(struct judgement *j, const struct spf_record *record) {
  unsigned lookups = !record->all && record->redirect;
  for (size_t i = 0; i < record->count && &record->terms[i] != record->all; i++)
    lookups += record->terms[i].kind == SPF_MECHANISM && spf_term_asks_dns(&record->terms[i]);
  if (record->valid && lookups > 10) find_argument(j, find(j, "spf-too-many-lookups", NULL), "lookups", "%u", lookups);
}

static const char *target_of(struct judgement *j, const struct spf_term *term) {
  bool follows = term->kind == SPF_REDIRECT || (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE);
  return follows && !spf_has_macro(term->domain) ? name_lower(j->arena, term->domain) : NULL;
}

void spf_judge_text_targets(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const char *target = target_of(j, &record->terms[i]);
    bool again = false;
    for (size_t n = 0; target && n < i; n++) again = again || (target_of(j, &record->terms[n]) && name_equal(target_of(j, &record->terms[n]), target));
    if (again) find_argument(j, spf_find_term(j, "spf-include-duplicate", &record->terms[i]), "target", "%s", target);
    else if (target && name_equal(target, j->inquiry->domain)) find_argument(j, spf_find_term(j, "spf-include-loop", &record->terms[i]), "target", "%s", target);
  }
}

void spf_judge_text_ending(struct judgement *j, const struct spf_record *record) {
  char ending = record->all ? record->all->qualifier : '\0';
  if (ending == '+' && (record->valid || record->all->qualifier_written)) find(j, "spf-all-pass", NULL); /* "- all": the sign stands apart, and that is the fault */
  if (ending == '?') find(j, "spf-all-neutral", NULL);
  if (!record->valid) return;
  if (ending == '-') find(j, "spf-all-fail", NULL);
  if (ending == '~') find(j, "spf-all-softfail", NULL);
  if (!ending && !record->redirect) find(j, "spf-all-missing", NULL);
}

/* Every fault is told, of a record that receivers give up on too: who mends one term would else meet the next one only then. */
void spf_judge_text(struct judgement *j, const struct spf_record *record, const struct dns_rr *rr) {
  judge_syntax(j, record, rr);
  judge_modifiers(j, record);
  judge_ptr_and_macros(j, record);
  judge_order(j, record);
  spf_judge_ranges(j, record);
}
