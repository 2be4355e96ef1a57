#include <string.h>

#include "checks/judge/lib.h"
#include "checks/judge/spf.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"

/* ---- which record ---- */

static bool has_term_like(const char *text, const char *term) {
  for (const char *at = text; *at; at++)
    if ((at == text || at[-1] == ' ') && text_starts(at, term)) return true;
  return false;
}

bool spf_is_near_miss(const struct dns_rr *rr) {
  const char *text = rr->txt.bytes;
  static const char *const beginnings[] = { "spf1", "v=spf", "v = spf", "v spf1", "spf=" };
  if (spf_is_record(text, rr->txt.length)) return false;
  while (*text == '"' || is_space(*text)) text++;
  if (text_starts(text, "v=spf2.0") || text_starts(text, "spf2.0/")) return false;
  for (size_t i = 0; i < MEM_COUNT(beginnings); i++)
    if (text_starts(text, beginnings[i])) return true;
  bool sender = has_term_like(text, "include:") || has_term_like(text, "ip4:");
  return sender && (has_term_like(text, "~all") || has_term_like(text, "-all") || has_term_like(text, "?all"));
}

static bool is_sender_id(const struct dns_rr *rr) { return text_starts(rr->txt.bytes, "spf2.0/") || text_starts(rr->txt.bytes, "v=spf2.0"); }

static void judge_neighbours(struct judgement *j, const struct dns_answer *answer, bool selected) {
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    struct finding *finding = NULL;
    if (is_sender_id(rr)) finding = find(j, "spf-sender-id-record", NULL);
    else if (spf_is_near_miss(rr)) finding = find_as(j, "spf-near-miss-version", selected ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    if (!finding) continue;
    find_bytes(j, finding, "value", rr->txt.bytes, rr->txt.length);
    find_seen(j, finding, &answer->seen);
  }
}

static void judge_several(struct judgement *j, const struct dns_answer *answer) {
  unsigned count = 0;
  struct buf values = BUF_INIT(4096);
  for (size_t i = 0; i < answer->count; i++) {
    if (!spf_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    if (count++) buf_text(&values, " | ");
    buf_bytes(&values, answer->records[i].txt.bytes, answer->records[i].txt.length);
  }
  struct finding *finding = find(j, "spf-multiple", NULL);
  find_argument(j, finding, "count", "%u", count);
  find_bytes(j, finding, "values", buf_string(&values), values.length);
  find_seen(j, finding, &answer->seen);
  buf_release(&values);
}

/* ---- syntax ---- */

static const char *const fault_rules[] = {
  [SPF_FAULT_SYNTAX] = "spf-syntax-error", [SPF_FAULT_UNKNOWN_MECHANISM] = "spf-unknown-mechanism", [SPF_FAULT_MISSING_SPACE] = "spf-missing-space",
  [SPF_FAULT_BAD_SEPARATOR] = "spf-bad-separator", [SPF_FAULT_NON_ASCII] = "spf-non-ascii", [SPF_FAULT_ALL_ARGUMENT] = "spf-all-with-argument",
  [SPF_FAULT_INCLUDE_NO_DOMAIN] = "spf-include-without-domain", [SPF_FAULT_ARGUMENT_SPACE] = "spf-argument-space",
  [SPF_FAULT_INCLUDE_CIDR] = "spf-include-with-cidr", [SPF_FAULT_PTR_CIDR] = "spf-ptr-with-cidr", [SPF_FAULT_EXISTS_NO_DOMAIN] = "spf-exists-without-domain",
  [SPF_FAULT_IP4] = "spf-ip4-invalid", [SPF_FAULT_IP4_PREFIX] = "spf-ip4-prefix-invalid", [SPF_FAULT_IP6] = "spf-ip6-invalid",
  [SPF_FAULT_IP6_PREFIX] = "spf-ip6-prefix-invalid", [SPF_FAULT_FAMILY_SWAPPED] = "spf-address-family-swapped", [SPF_FAULT_DUAL_CIDR] = "spf-dual-cidr-invalid",
  [SPF_FAULT_DOMAIN_SPEC] = "spf-domain-spec-invalid", [SPF_FAULT_REDIRECT_AS_MECHANISM] = "spf-redirect-as-mechanism", [SPF_FAULT_MACRO] = "spf-macro-invalid",
  [SPF_FAULT_DUPLICATE_REDIRECT] = "spf-duplicate-redirect", [SPF_FAULT_DUPLICATE_EXP] = "spf-duplicate-exp",
};

static struct finding *find_term(struct judgement *j, const char *rule, const struct spf_term *term) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "term", "%s", term->text);
  find_argument(j, finding, "position", "%zu", term->position + 1);
  return finding;
}

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
    if (!left.fault && !right.fault && right.kind == SPF_MECHANISM) return true;
  }
  return false;
}

static void judge_syntax(struct judgement *j, const struct spf_record *record, const struct dns_rr *rr) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (!term->fault) continue;
    struct finding *finding = find_term(j, is_glued(j, rr, term) ? "spf-strings-glued" : fault_rules[term->fault], term);
    find_argument(j, finding, "nearest", "%s", term->hint ? term->hint : "-");
  }
}

/* ---- valid, and not what was meant ---- */

static bool named_like_mechanism(const char *name) {
  for (enum spf_mechanism m = SPF_ALL; m <= SPF_EXISTS; m++)
    if (text_distance(name, spf_mechanism_name(m), 1) <= (strlen(spf_mechanism_name(m)) > 2 ? 1u : 0u)) return true;
  return false;
}

static void judge_modifiers(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind != SPF_UNKNOWN_MODIFIER) continue;
    if (text_equal(term->name, "v")) find_term(j, "spf-version-repeated", term);
    else if (named_like_mechanism(term->name)) find_term(j, "spf-mechanism-written-as-modifier", term);
    else find_term(j, "spf-unknown-modifier", term);
  }
}

/* A mail address or a URL where a domain belongs: within the grammar of section 7.1, so that receivers look it up, and never what was meant. */
static bool names_no_host(const struct spf_term *term) {
  return term->domain && term->kind != SPF_UNKNOWN_MODIFIER && !spf_has_macro(term->domain) && strpbrk(term->domain, "@:/\\");
}

static void judge_ptr_and_macros(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    bool uses_p = false;
    if (term->domain && spf_has_macro(term->domain) && term->kind != SPF_UNKNOWN_MODIFIER) {
      spf_macro_depends_on_message(term->domain, &uses_p);
      find_term(j, "spf-macro-used", term);
    }
    if ((term->kind == SPF_MECHANISM && term->mechanism == SPF_PTR) || uses_p) find_term(j, "spf-ptr-used", term);
    if (term->kind == SPF_MECHANISM && (term->mechanism == SPF_A || term->mechanism == SPF_MX) && term->domain && strchr(term->domain, '_') && !spf_has_macro(term->domain))
      find_term(j, "spf-domain-spec-host-underscore", term);
    if (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE && term->qualifier != '+') find_term(j, "spf-include-negative", term);
    if (names_no_host(term)) find_term(j, "spf-domain-spec-invalid", term);
  }
}

static void judge_order(struct judgement *j, const struct spf_record *record) {
  struct buf after = BUF_INIT(2048);
  bool past = false;
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind != SPF_MECHANISM) continue;
    if (past) buf_printf(&after, after.length ? " %s" : "%s", term->text);
    past |= term == record->all;
  }
  if (after.length) find_argument(j, find(j, "spf-terms-after-all", NULL), "terms", "%s", buf_string(&after));
  buf_release(&after);
  if (record->redirect && record->all) find_term(j, "spf-redirect-ignored", record->redirect);
}

/* ---- ranges ---- */

static void judge_range(struct judgement *j, const struct spf_term *term) {
  bool six = term->mechanism == SPF_IP6;
  unsigned length = six ? term->prefix6 : term->prefix4;
  if (term->qualifier == '+' && length < (six ? 32u : 16u)) {
    struct finding *finding = find_as(j, "spf-range-too-wide", length <= 1 ? SEVERITY_FAIL : SEVERITY_WARN, NULL);
    find_argument(j, finding, "term", "%s", term->text);
  }
  if (ip_is_private(&term->network) && !j->inquiry->test_network) find_term(j, "spf-private-range", term);
  if (ip_host_bits_set(&term->network, length)) find_term(j, "spf-host-bits-set", term);
}

static bool is_range(const struct spf_term *term) { return term->kind == SPF_MECHANISM && (term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6); }

static bool range_holds(const struct spf_term *outer, const struct spf_term *inner) {
  unsigned out = outer->mechanism == SPF_IP6 ? outer->prefix6 : outer->prefix4, in = inner->mechanism == SPF_IP6 ? inner->prefix6 : inner->prefix4;
  return out <= in && ip_in_prefix(&inner->network, &outer->network, out);
}

static void judge_ranges(struct judgement *j, const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (!is_range(term)) continue;
    judge_range(j, term);
    for (size_t n = 0; n < record->count; n++) {
      const struct spf_term *other = &record->terms[n];
      if (n == i || !is_range(other) || !range_holds(other, term) || (range_holds(term, other) && n > i)) continue;
      find_argument(j, find_term(j, "spf-range-redundant", term), "other", "%s", other->text);
      break;
    }
  }
}

/* ---- the tree ---- */

static void judge_target(struct judgement *j, const struct spf_node *node) {
  static const char *const rules[] = {
    [SPF_STATE_MISSING] = "spf-include-missing", [SPF_STATE_ERROR] = "spf-include-temperror", [SPF_STATE_SEVERAL] = "spf-include-permerror",
    [SPF_STATE_SYNTAX] = "spf-include-permerror", [SPF_STATE_LOOP] = "spf-include-loop", [SPF_STATE_TOO_DEEP] = NULL,
  };
  const char *rule = node->state < MEM_COUNT(rules) ? rules[node->state] : NULL;
  if (node->state == SPF_STATE_NOT_FOUND) {
    const char *registrable = suffix_registrable(node->target);
    const struct dns_answer *answer = strcmp(registrable, node->target) == 0 ? node->answer : ask_dns(j, registrable, DNS_TYPE_SOA);
    if (!answer) return;
    rule = answer->outcome == DNS_NXDOMAIN ? "spf-include-unregistered" : "spf-include-not-found";
  }
  if (!rule) return;
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "target", "%s", node->target);
  find_argument(j, finding, "term", "%s", node->term->text);
  find_argument(j, finding, "reason", "%s", node->state == SPF_STATE_SEVERAL ? "spf-multiple" : node->state == SPF_STATE_SYNTAX ? "spf-syntax-error" : node->answer ? dns_failure_word(node->answer->failure) : "");
  if (node->answer) find_seen(j, finding, &node->answer->seen);
}

static void judge_host_terms(struct judgement *j, const struct spf_node *node, bool own) {
  if (node->term->mechanism == SPF_MX && node->mx_hosts > 10) {
    struct finding *finding = find(j, "spf-mx-too-many", NULL);
    find_argument(j, finding, "target", "%s", node->target);
    find_argument(j, finding, "count", "%zu", node->mx_hosts);
  } else if (node->term->mechanism == SPF_MX && (node->addresses4 > 10 || node->addresses6 > 10)) {
    find_argument(j, find(j, "spf-mx-host-many-addresses", NULL), "target", "%s", node->target);
  } else if (own && node->term->mechanism == SPF_MX && node->mx_hosts == 0 && node->answer) {
    find_argument(j, find(j, "spf-mx-without-mx", NULL), "target", "%s", node->target);
  }
  if (own && node->term->mechanism == SPF_A && node->addresses4 > 10) find_argument(j, find(j, "spf-a-many-addresses", NULL), "target", "%s", node->target);
  if (own && node->term->mechanism == SPF_EXISTS && node->term->domain && !spf_has_macro(node->term->domain)) {
    bool open = node->addresses4 > 0 && node->term->qualifier == '+';
    find_argument(j, find_as(j, "spf-exists-constant", open ? SEVERITY_FAIL : SEVERITY_WARN, NULL), "term", "%s", node->term->text);
  }
}

struct seen_targets {
  const char *names[64];
  size_t count;
};

static void judge_duplicate(struct judgement *j, struct seen_targets *seen, const char *target) {
  for (size_t i = 0; i < seen->count; i++) {
    if (strcmp(seen->names[i], target) != 0) continue;
    find_argument(j, find(j, "spf-include-duplicate", NULL), "target", "%s", target);
    return;
  }
  if (seen->count < MEM_COUNT(seen->names)) seen->names[seen->count++] = target;
}

static bool ends_open(const struct spf_node *node) {
  return node->record && node->record->valid && node->record->all && node->record->all->qualifier == '+';
}

static void walk(struct judgement *j, const struct spf_node *node, struct seen_targets *seen, unsigned depth) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    bool follows = child->term->kind == SPF_REDIRECT || (child->term->kind == SPF_MECHANISM && child->term->mechanism == SPF_INCLUDE);
    if (!follows) {
      if (child->cost) judge_host_terms(j, child, depth == 0);
      continue;
    }
    judge_target(j, child);
    if (child->state == SPF_STATE_GOOD && child->term->kind != SPF_REDIRECT) judge_duplicate(j, seen, child->target);
    if (child->term->kind == SPF_MECHANISM && ends_open(child)) find_argument(j, find(j, "spf-include-all-pass", NULL), "target", "%s", child->target);
    walk(j, child, seen, depth + 1);
  }
}

static void void_names(struct buf *out, const struct spf_node *node, bool six) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    if (six ? child->voids6 : child->voids4) buf_printf(out, out->length ? ", %s" : "%s", child->term->text);
    void_names(out, child, six);
  }
}

static bool reaches_ipv6(const struct spf_node *node) {
  for (size_t i = 0; i < node->count; i++)
    if (node->children[i].term->mechanism == SPF_IP6 || reaches_ipv6(&node->children[i])) return true;
  return false;
}

static void judge_voids(struct judgement *j, const struct spf_tree *tree) {
  struct buf names = BUF_INIT(1024);
  bool six_only = tree->voids4 <= 2 && tree->voids6 > 2;
  void_names(&names, &tree->root, six_only);
  struct finding *finding = NULL;
  if (tree->voids4 > 2) finding = find(j, "spf-too-many-void", NULL);
  else if (six_only) finding = find_as(j, "spf-void-ipv6-only", reaches_ipv6(&tree->root) ? SEVERITY_WARN : SEVERITY_INFO, NULL);
  else if (tree->voids4 > 0) finding = find(j, "spf-void-lookup", NULL);
  if (finding) {
    find_argument(j, finding, "voids", "%u", tree->voids4 > 2 || !six_only ? tree->voids4 : tree->voids6);
    find_bytes(j, finding, "terms", buf_string(&names), names.length);
  }
  buf_release(&names);
}

static void judge_limits(struct judgement *j, const struct spf_tree *tree) {
  const char *lookups = arena_printf(j->arena, "%u", tree->lookups);
  if (tree->lookups > 10) {
    find_argument(j, find(j, "spf-too-many-lookups", NULL), "lookups", "%s", lookups);
  } else if (!tree->broken) {
    if (tree->incomplete) find_argument(j, find(j, "spf-lookups-incomplete", NULL), "lookups", "%s", lookups);
    else if (tree->at_least) find_argument(j, find(j, "spf-lookups-lower-bound", NULL), "lookups", "%s", lookups);
    if (tree->lookups >= 8) find_argument(j, find(j, "spf-lookups-near-limit", NULL), "lookups", "%s", lookups);
  }
  judge_voids(j, tree);
  if (tree->depth > 6) find_argument(j, find(j, "spf-depth", NULL), "depth", "%u", tree->depth - 1);
}

static void judge_ending(struct judgement *j, const struct spf_tree *tree) {
  switch (tree->ending) {
  case '-': find(j, "spf-all-fail", NULL); break;
  case '~': find(j, "spf-all-softfail", NULL); break;
  case '?': find(j, "spf-all-neutral", NULL); break;
  case '+': find(j, "spf-all-pass", NULL); break;
  default:
    if (!tree->broken && !tree->incomplete && !tree->at_least) find(j, "spf-all-missing", NULL);
  }
}

/* ---- senders that the administrator listed ---- */

static void judge_sender(struct judgement *j, const struct ip *ip) {
  char text[IP_TEXT];
  struct spf_outcome outcome;
  struct spf_request request = { .ip = *ip, .domain = j->inquiry->domain, .sender = "", .helo = j->inquiry->domain };
  ip_format(ip, text);
  if (!spf_evaluate(j->store, j->arena, &request, &outcome)) {
    j->waiting = true;
    return;
  }
  if (outcome.result == SPF_TEMPERROR || outcome.result == SPF_NONE) return;
  struct finding *finding = find(j, outcome.result == SPF_PASS ? "spf-sender-covered" : "spf-sender-not-covered", NULL);
  find_argument(j, finding, "address", "%s", text);
  find_argument(j, finding, "result", "%s", spf_result_name(outcome.result));
  find_argument(j, finding, "mechanism", "%s", outcome.mechanism);
}

static void judge_hardfail(struct judgement *j, const struct spf_tree *tree) {
  enum profile profile;
  if (tree->ending != '-' || !judge_profile(j, &profile) || profile != PROFILE_MAIL) return;
  const struct dns_answer *dmarc = ask_dns(j, ask_name(j, "_dmarc"), DNS_TYPE_TXT);
  for (size_t i = 0; dmarc && i < dmarc->count; i++)
    if (strstr(dmarc->records[i].txt.bytes, "p=quarantine") || strstr(dmarc->records[i].txt.bytes, "p=reject")) {
      find(j, "spf-hardfail-early-reject", NULL);
      return;
    }
}

static bool is_deny_all(const struct spf_record *record) { return record->count == 1 && record->all && record->all->qualifier == '-'; }

/* ---- the record ---- */

void spf_judge_text(struct judgement *j, const char *text, size_t length, const struct dns_rr *rr) {
  const struct spf_record *record = spf_parse(j->arena, text, length);
  judge_syntax(j, record, rr);
  judge_modifiers(j, record);
  if (!record->valid) return;
  judge_ptr_and_macros(j, record);
  judge_order(j, record);
  judge_ranges(j, record);
}

static void judge_form(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  if (answer->links) {
    struct finding *finding = find(j, "spf-cname", NULL);
    find_argument(j, finding, "target", "%s", answer->final_name);
  }
  if (rr->txt.length > 450 || answer->size > 512) find_argument(j, find(j, "spf-record-large", NULL), "octets", "%u", rr->txt.length);
  if (rr->txt.strings > 1) find_argument(j, find(j, "spf-strings-many", NULL), "strings", "%u", rr->txt.strings);
}

static void judge_record(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  judge_form(j, answer, rr);
  spf_judge_text(j, rr->txt.bytes, rr->txt.length, rr);
  const struct spf_tree *tree = spf_tree_grow(j->store, j->arena, j->inquiry->domain, NULL, 0);
  if (!tree) {
    j->waiting = true;
    return;
  }
  if (tree->root.state == SPF_STATE_SYNTAX) return;
  struct seen_targets seen = { .count = 0 };
  walk(j, &tree->root, &seen, 0);
  judge_limits(j, tree);
  judge_ending(j, tree);
  judge_hardfail(j, tree);
  for (size_t i = 0; i < j->inquiry->sending_count; i++) judge_sender(j, &j->inquiry->sending[i]);
  if (is_deny_all(tree->root.record) && (j->inquiry->profile == PROFILE_MAIL || j->inquiry->profile == PROFILE_SEND_ONLY)) find(j, "spf-authorises-nobody", NULL);
}

static void attach_answer(struct judgement *j, const struct dns_answer *answer) {
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}

void judge_spf(struct judgement *j) {
  enum profile profile;
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  if (!judge_domain_exists(j)) return;
  bool profile_known = judge_profile(j, &profile);
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection == SPF_SELECT_ONE && profile_known && profile != PROFILE_PARKED) judge_record(j, answer, record);
  if (!profile_known || selection == SPF_SELECT_WAITING) {
    j->waiting = true;
    return;
  }
  if (profile == PROFILE_PARKED) {
    judge_parked_spf(j);
    return;
  }
  if (selection == SPF_SELECT_ERROR) {
    find_lookup_failed(j, "spf-lookup-failed", NULL, answer);
    return;
  }
  judge_neighbours(j, answer, selection != SPF_SELECT_NONE);
  if (selection == SPF_SELECT_SEVERAL) judge_several(j, answer);
  else if (selection == SPF_SELECT_NONE && !found(j, "spf-near-miss-version")) find(j, "spf-missing", NULL);
  else if (selection == SPF_SELECT_ONE && !found_above_info(j)) find_bytes(j, find(j, "spf-ok", NULL), "value", record->txt.bytes, record->txt.length);
  attach_answer(j, answer);
}
