#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_private.h"
#include "checks/parsed.h"

/* ---- which record ---- */

static bool has_term_like(const char *text, const char *term) {
  for (const char *at = text; *at; at++)
    if ((at == text || at[-1] == ' ') && text_starts(at, term)) return true;
  return false;
}

static bool has_whole_term(const char *text, const char *term) {
  for (const char *at = text; *at; at++)
    if ((at == text || at[-1] == ' ') && text_starts(at, term) && (!at[strlen(term)] || strchr(" \";,.", at[strlen(term)]))) return true;
  return false;
}

bool spf_is_near_miss(const char *text, size_t length) {
  static const char *const beginnings[] = { "spf1", "v=spf", "v = spf", "v spf1", "spf=" };
  if (spf_is_record(text, length)) return false;
  while (*text == '"' || is_space(*text)) text++;
  if (text_starts(text, "v=spf2.0") || text_starts(text, "spf2.0/")) return false;
  for (size_t i = 0; i < MEM_COUNT(beginnings); i++)
    if (text_starts(text, beginnings[i])) return true;
  bool sender = has_term_like(text, "include:") || has_term_like(text, "ip4:");
  static const char *const endings[] = { "~all", "-all", "?all", "+all", "all" };
  for (size_t i = 0; sender && i < MEM_COUNT(endings); i++)
    if (has_whole_term(text, endings[i])) return true;
  return false;
}

bool spf_is_sender_id(const char *text) { return text_starts(text, "spf2.0/") || text_starts(text, "v=spf2.0"); }

static void judge_neighbours(struct judgement *j, const struct dns_answer *answer, bool selected) {
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    struct finding *finding = NULL;
    if (spf_is_sender_id(rr->txt.bytes)) finding = find(j, "spf-sender-id-record", NULL);
    else if (spf_is_near_miss(rr->txt.bytes, rr->txt.length)) finding = find_as(j, "spf-near-miss-version", selected ? SEVERITY_WARN : SEVERITY_FAIL, NULL);
    if (!finding) continue;
    find_bytes(j, finding, "value", rr->txt.bytes, rr->txt.length);
    find_seen(j, finding, &answer->seen);
  }
}

void spf_judge_several(struct judgement *j, const struct dns_answer *answer) {
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

/* ---- the ending ---- */

/* The `all` that ends the record, through its redirects, or its absence. */
static void judge_ending(struct judgement *j, const struct spf_tree *tree) {
  switch (tree->ending) {
  case '-': find(j, "spf-all-fail", NULL); break;
  case '~': find(j, "spf-all-softfail", NULL); break;
  case '?': find(j, "spf-all-neutral", NULL); break;
  case '+': find(j, "spf-all-pass", NULL); break;
  default:
    if (spf_node_is_open(&tree->root)) find(j, "spf-all-missing", NULL);
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

/* No term says pass: of what stands behind an all or a redirect's record nothing is asked, or it is not known. */
static bool passes_nobody(const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    const struct spf_term *term = &record->terms[i];
    if (term->kind == SPF_MECHANISM && term->qualifier == '+') return false;
    if (term == record->all) return true;
  }
  return !record->redirect;
}

static void judge_hardfail(struct judgement *j, const struct spf_tree *tree) {
  enum profile profile;
  struct dmarc_policy_found policy;
  if (tree->ending != '-' || !judge_profile(j, &profile) || profile != PROFILE_MAIL) return;
  if (dmarc_policy_for(j, j->inquiry->domain, &policy) && !policy.failed && policy.effective >= DMARC_QUARANTINE) find(j, "spf-hardfail-early-reject", NULL);
}

/* ---- what stands beside the terms ---- */

/* What is not a single TXT that can be read gives no explanation (section 6.2). */
static void judge_explanation(struct judgement *j, const struct spf_record *record) {
  bool uses_p;
  if (!record->exp || spf_macro_depends_on_message(record->exp->domain, &uses_p)) return;
  struct ip none = { .family = 4 };
  struct spf_macro_values values = { .sender_local = "postmaster", .sender_domain = j->inquiry->domain, .domain = j->inquiry->domain, .helo = "", .ip = &none };
  const char *name = name_from_bytes(j->arena, spf_macro_domain(j->arena, record->exp->domain, &values));
  const struct dns_answer *answer = name_is_valid(name) ? ask_dns(j, name, DNS_TYPE_TXT) : NULL;
  if (!answer || answer->outcome == DNS_FAILED) return;
  const char *text = answer->count ? answer->records[0].txt.bytes : "";
  bool whole = answer->count == 1 && strlen(text) == answer->records[0].txt.length;
  if (whole && spf_macro_valid(text, SPF_MACRO_EXPLANATION)) return;
  struct finding *finding = spf_find_term(j, "spf-exp-invalid", record->exp);
  find_argument(j, finding, "target", "%s", name);
  find_seen(j, finding, &answer->seen);
}

/* Records of the type that RFC 7208 section 3.1 gave up. */
static void judge_type_99(struct judgement *j, const struct dns_answer *txt) {
  const struct dns_answer *answer = ask_dns(j, j->inquiry->domain, DNS_TYPE_SPF);
  if (!answer || !answer->count) return;
  bool same = false;
  for (size_t i = 0; i < txt->count; i++)
    same = same || (txt->records[i].txt.length == answer->records[0].txt.length && !memcmp(txt->records[i].txt.bytes, answer->records[0].txt.bytes, txt->records[i].txt.length));
  struct finding *finding = find_as(j, "spf-type-99", same ? SEVERITY_INFO : SEVERITY_WARN, NULL);
  find_bytes(j, finding, "value", answer->records[0].txt.bytes, answer->records[0].txt.length);
  find_seen(j, finding, &answer->seen);
}

static bool same_texts(const struct dns_answer *a, const struct dns_answer *b) {
  bool same = a->count == b->count;
  for (size_t i = 0; same && i < a->count; i++) {
    bool met = false;
    for (size_t n = 0; n < b->count; n++) met = met || (a->records[i].data_length == b->records[n].data_length && !memcmp(a->records[i].data, b->records[n].data, a->records[i].data_length));
    same = met;
  }
  return same;
}

/* A name beside the domain that nobody made answers the same, for TXT and for MX: RFC 4592 section 2. No wildcard answers at an apex. */
static void judge_wildcard(struct judgement *j, const struct dns_answer *txt) {
  const char *domain = j->inquiry->domain, *parent = name_parent(domain);
  const struct dns_answer *soa = ask_dns(j, domain, DNS_TYPE_SOA);
  if (!soa || soa->outcome != DNS_NODATA || suffix_is_public(parent) || txt->links) return;
  const char *beside = name_join(j->arena, unused_label(j->arena, domain), parent);
  const struct dns_answer *other = ask_dns(j, beside, DNS_TYPE_TXT), *other_mx = ask_dns(j, beside, DNS_TYPE_MX), *mx = ask_dns(j, domain, DNS_TYPE_MX);
  if (!other || !other_mx || !mx || other->outcome != DNS_ANSWER || !same_texts(txt, other) || !same_texts(mx, other_mx)) return;
  find_seen(j, find(j, "spf-from-wildcard", NULL), &other->seen);
}

/* ---- the record ---- */

static void judge_form(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  if (answer->links) {
    struct finding *finding = find(j, "spf-cname", NULL);
    find_argument(j, finding, "target", "%s", answer->final_name);
  }
  if (rr->txt.length > 450 || answer->size > 512) {
    struct finding *finding = find(j, "spf-record-large", NULL);
    find_argument(j, finding, "octets", "%u", rr->txt.length);
    find_argument(j, finding, "answer", "%u", answer->size);
  }
  if (rr->txt.strings > 1 && !found(j, "spf-strings-glued")) find_argument(j, find(j, "spf-strings-many", NULL), "strings", "%u", rr->txt.strings);
}

static void judge_record(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  spf_judge_text(j, parsed_spf(answer, rr), rr);
  judge_form(j, answer, rr);
  judge_type_99(j, answer);
  judge_wildcard(j, answer);
  const struct spf_tree *tree = spf_tree_grow(j->store, j->arena, j->inquiry->domain, NULL, 0);
  if (!tree) {
    j->waiting = true;
    return;
  }
  if (tree->root.state == SPF_STATE_SYNTAX) {
    spf_judge_text_ending(j, tree->root.record);
    return;
  }
  spf_judge_terms(j, tree);
  spf_judge_limits(j, tree);
  spf_judge_total(j, tree);
  judge_ending(j, tree);
  judge_hardfail(j, tree);
  judge_explanation(j, tree->root.record);
  for (size_t i = 0; i < j->inquiry->sending_count; i++) judge_sender(j, &j->inquiry->sending[i]);
  spf_judge_services(j, tree);
  if (passes_nobody(tree->root.record) && (j->inquiry->profile == PROFILE_MAIL || j->inquiry->profile == PROFILE_SEND_ONLY)) find(j, "spf-authorises-nobody", NULL);
  bool sound = tree->ending == '-' || tree->ending == '~';
  if (sound && !found_above_info(j)) find_bytes(j, find(j, "spf-ok", NULL), "value", rr->txt.bytes, rr->txt.length);
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
  (void)ask_dns(j, j->inquiry->domain, DNS_TYPE_SPF); /* all that is sure to be needed goes out at once */
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection == SPF_SELECT_ONE && profile_known && profile != PROFILE_PARKED) {
    judge_neighbours(j, answer, true);
    judge_record(j, answer, record);
  }
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
  if (selection != SPF_SELECT_ONE) judge_neighbours(j, answer, selection != SPF_SELECT_NONE);
  if (selection == SPF_SELECT_SEVERAL) spf_judge_several(j, answer);
  else if (selection == SPF_SELECT_NONE && !found(j, "spf-near-miss-version")) find(j, "spf-missing", NULL);
  if (selection != SPF_SELECT_ONE) judge_type_99(j, answer);
  spf_judge_subdomains(j);
  attach_answer(j, answer);
}
