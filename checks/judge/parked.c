#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/spf.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/parsed.h"

/* MX and SPF of domains that send nothing. */

static struct finding *tell(struct judgement *j, const char *rule, const char *subject, const struct dns_answer *seen) {
  struct finding *finding = find(j, rule, subject);
  find_seen(j, finding, &seen->seen);
  return finding;
}

/* ---- mx ---- */

/* A DNS host that is known not to take a null MX. */
static bool host_refuses_null_mx(struct judgement *j) {
  const struct dns_answer *ns = ask_dns(j, j->inquiry->domain, DNS_TYPE_NS);
  const char *names[16];
  size_t count = 0;
  if (!ns || !j->inquiry->facts) return false;
  for (; count < ns->count && count < MEM_COUNT(names); count++) names[count] = ns->records[count].target;
  const struct dns_host_facts *host = count ? facts_dns_host_of(j->inquiry->facts, j->inquiry->domain, names, count, NULL) : NULL;
  return host && host->null_mx == FACT_NO;
}

/* Without MX mail goes to the domain's own address (RFC 5321 section 5.1): is anybody there? */
static void judge_answers(struct judgement *j, const struct dns_answer *addresses) {
  for (size_t i = 0; i < addresses->count && i < 4; i++) {
    char text[IP_TEXT];
    ip_format(&addresses->records[i].address, text);
    const struct smtp_session *session = ask_smtp(j, j->inquiry->domain, arena_strdup(j->arena, text), 0);
    if (!session || session->banner_code != 220) continue;
    struct finding *finding = find(j, "parked-answers-smtp", NULL);
    find_seen(j, finding, &session->seen);
    find_argument(j, finding, "address", "%s", text);
    return;
  }
}

static void judge_no_mx(struct judgement *j, const struct dns_answer *mx, const struct dns_answer *a, const struct dns_answer *aaaa) {
  bool reachable = a->count || aaaa->count;
  if (!reachable && (answer_failed(a) || answer_failed(aaaa))) return;
  struct finding *finding = find_as(j, "parked-null-mx-missing", reachable && !host_refuses_null_mx(j) ? SEVERITY_WARN : SEVERITY_INFO, NULL);
  find_seen(j, finding, &mx->seen);
  judge_answers(j, a);
  if (!found(j, "parked-answers-smtp")) judge_answers(j, aaaa);
}

static void judge_wildcard_mx(struct judgement *j) {
  const struct dns_answer *any = ask_dns(j, ask_name(j, unused_label(j->arena, j->inquiry->domain)), DNS_TYPE_MX);
  if (!any || !any->count || answer_is_null_mx(any)) return;
  find_argument(j, tell(j, "parked-wildcard-mx", NULL, any), "host", "%s", any->records[0].mx.host);
}

/* Nothing uses the name: no address, no mail, and no text but the records that protect it. */
static void judge_unused(struct judgement *j, const struct dns_answer *mx, const struct dns_answer *a, const struct dns_answer *aaaa) {
  const struct dns_answer *txt = ask_dns(j, j->inquiry->domain, DNS_TYPE_TXT);
  if (suffix_is_public(j->inquiry->domain)) return; /* what lies below uses it */
  if (answer_failed(txt) || answer_failed(a) || answer_failed(aaaa) || a->count || aaaa->count || (mx->count && !answer_is_null_mx(mx))) return;
  for (size_t i = 0; i < txt->count; i++)
    if (!spf_is_record(txt->records[i].txt.bytes, txt->records[i].txt.length)) return;
  struct finding *finding = tell(j, "parked-delete", NULL, mx);
  find_seen(j, finding, &a->seen);
  find_seen(j, finding, &aaaa->seen);
  find_seen(j, finding, &txt->seen);
}

void judge_parked_mx(struct judgement *j) {
  const char *domain = j->inquiry->domain;
  const struct dns_answer *mx = ask_dns(j, domain, DNS_TYPE_MX), *a = ask_dns(j, domain, DNS_TYPE_A), *aaaa = ask_dns(j, domain, DNS_TYPE_AAAA);
  judge_wildcard_mx(j);
  if (!mx || !a || !aaaa) return;
  if (mx->outcome == DNS_FAILED) {
    find_argument(j, find_lookup_failed(j, "mx-lookup-failed", NULL, mx), "host", "%s", domain);
    return;
  }
  if (answer_is_null_mx(mx)) tell(j, "mx-null", NULL, mx);
  else if (mx->count) find_argument(j, tell(j, "parked-mx-present", NULL, mx), "host", "%s", mx->records[0].mx.host);
  else judge_no_mx(j, mx, a, aaaa);
  judge_unused(j, mx, a, aaaa);
}

/* ---- spf ---- */

/* All four records of a domain that sends nothing are there; the policy with an address for reports. */
static bool is_whole(struct judgement *j, const struct dns_answer *seen[3]) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX), *key = dkim_ask_unused(j);
  struct dmarc_policy_found policy;
  bool found_policy = dmarc_policy_for(j, j->inquiry->domain, &policy);
  if (!mx || !key || !found_policy) return false;
  bool revoked = key->count == 1 && dkim_parse(j->arena, key->records[0].txt.bytes, key->records[0].txt.length)->key == DKIM_KEY_REVOKED;
  seen[0] = mx;
  seen[1] = key;
  seen[2] = policy.own_answer;
  return answer_is_null_mx(mx) && revoked && dmarc_is_closed(&policy) && policy.applies->rua_usable;
}

/* Does the record let anybody pass, or leave anybody undecided, before it ends with -all or ~all? RFC 7208 section 4.6.2. */
static char closing_of(const struct spf_record *spf) {
  if (!spf->valid) return '+';
  for (size_t i = 0; i < spf->count; i++) {
    const struct spf_term *term = &spf->terms[i];
    if (term->kind != SPF_MECHANISM) continue;
    if (term->mechanism == SPF_ALL) return term->qualifier;
    if (term->qualifier == '+' || term->qualifier == '?') return '+';
  }
  return '+';
}

static void judge_record(struct judgement *j, const struct dns_rr *record, const struct dns_answer *answer) {
  const struct dns_answer *seen[3] = { NULL };
  const char closing = closing_of(parsed_spf(answer, record));
  if (closing != '-') {
    find_bytes(j, tell(j, closing == '~' ? "parked-spf-softfail" : "parked-spf-not-deny-all", NULL, answer), "value", record->txt.bytes, record->txt.length);
    return;
  }
  bool whole = is_whole(j, seen) && !found_above_info(j);
  struct finding *finding = tell(j, whole ? "parked-ok" : "spf-all-fail", NULL, answer);
  for (size_t i = 0; whole && i < MEM_COUNT(seen); i++) find_seen(j, finding, &seen[i]->seen);
}

/* ---- signs of use ---- */

struct signs { struct buf words; const struct dns_answer *seen[8]; size_t count; };

static void note_sign(struct signs *signs, const struct dns_answer *seen, const char *words) {
  buf_printf(&signs->words, signs->words.length ? "; %s" : "%s", words);
  if (signs->count < MEM_COUNT(signs->seen)) signs->seen[signs->count++] = seen;
}

static void look_for_services(struct judgement *j, struct signs *signs) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection != SPF_SELECT_ONE || !j->inquiry->facts) return;
  const struct spf_record *spf = parsed_spf(answer, record);
  for (size_t i = 0; i < spf->count; i++) {
    const struct spf_term *term = &spf->terms[i];
    const char *text = term->kind == SPF_MECHANISM && term->qualifier_written ? term->text + 1 : term->text;
    const struct service_facts *service = facts_service_of_spf(j->inquiry->facts, text, j->inquiry->domain, NULL);
    if (service) note_sign(signs, answer, arena_printf(j->arena, _("SPF authorises %s"), service->name));
  }
}

static void look_for_keys(struct judgement *j, struct signs *signs) {
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT), *any = dkim_ask_unused(j);
  struct dkim_selector_list *selectors = ARENA_NEW(j->arena, struct dkim_selector_list);
  if (!apex || !any || answer_nothing_below(apex)) return;
  dkim_selectors_find(j, selectors);
  for (size_t i = 0; i < selectors->count; i++) {
    const char *name = selectors->all[i].name;
    const struct dns_answer *answer = ask_dns(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", name)), DNS_TYPE_TXT);
    if (!answer || answer->count != 1 || answers_same(j->arena, answer, any)) continue;
    if (dkim_parse(j->arena, answer->records[0].txt.bytes, answer->records[0].txt.length)->key != DKIM_KEY_GOOD) continue;
    note_sign(signs, answer, arena_printf(j->arena, _("a live DKIM key at %s"), name));
    return;
  }
}

/* Only the answer of a person can be contradicted by what is seen: what is inferred is made of it. */
static void judge_used(struct judgement *j) {
  struct signs signs = { .words = BUF_INIT(1024) };
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX), *sts = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT);
  if (mx && mx->count && !answer_is_null_mx(mx)) note_sign(&signs, mx, arena_printf(j->arena, _("the mail server %s"), mx->records[0].mx.host));
  look_for_keys(j, &signs);
  look_for_services(j, &signs);
  for (size_t i = 0; sts && i < sts->count; i++)
    if (text_starts(sts->records[i].txt.bytes, "v=STSv1")) {
      note_sign(&signs, sts, _("a policy for MTA-STS"));
      break;
    }
  if (signs.words.length) {
    struct finding *finding = find(j, "parked-looks-used", NULL);
    find_argument(j, finding, "signs", "%s", buf_string(&signs.words));
    for (size_t i = 0; i < signs.count; i++) find_seen(j, finding, &signs.seen[i]->seen);
  }
  buf_release(&signs.words);
}

/* ---- names below ---- */

/* What the wildcard of the domain says of every name is no property of this one. */
static bool owns(struct judgement *j, const char *name, uint16_t type) {
  const struct dns_answer *answer = ask_dns(j, name, type);
  if (!answer || !answer->count || (type == DNS_TYPE_MX && answer_is_null_mx(answer))) return false;
  const struct dns_answer *any = ask_dns(j, ask_name(j, unused_label(j->arena, j->inquiry->domain)), type);
  return any && !answers_same(j->arena, answer, any);
}

static bool owns_anything(struct judgement *j, const char *name) {
  bool a = owns(j, name, DNS_TYPE_A), aaaa = owns(j, name, DNS_TYPE_AAAA), mx = owns(j, name, DNS_TYPE_MX); /* all are asked at once */
  return a || aaaa || mx;
}

/* SPF is not inherited (RFC 7208 section 4.4). */
static void judge_subdomain(struct judgement *j, const char *name, bool listed) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(j->store, name, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection != SPF_SELECT_NONE) return;
  if (!listed && (answer->outcome == DNS_NXDOMAIN || !owns_anything(j, name))) return;
  find_argument(j, tell(j, "parked-subdomain-open", name, answer), "name", "%s", name);
}

static void judge_subdomains(struct judgement *j) {
  const char *www = ask_name(j, "www");
  bool seen_www = false;
  for (size_t i = 0; i < j->inquiry->subdomain_count; i++) {
    const char *name = j->inquiry->subdomains[i];
    if (!name_is_below(name, j->inquiry->domain)) continue;
    seen_www = seen_www || strcmp(name, www) == 0;
    judge_subdomain(j, name, true);
  }
  if (!seen_www) judge_subdomain(j, www, false);
}

void judge_parked_spf(struct judgement *j) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (j->inquiry->profile == PROFILE_PARKED) judge_used(j);
  judge_subdomains(j);
  switch (selection) {
  case SPF_SELECT_WAITING: break;
  case SPF_SELECT_ERROR: find_lookup_failed(j, "spf-lookup-failed", NULL, answer); break;
  case SPF_SELECT_NONE: tell(j, "parked-spf-missing", NULL, answer); break;
  case SPF_SELECT_SEVERAL: spf_judge_several(j, answer); break;
  case SPF_SELECT_ONE: judge_record(j, record, answer); break;
  }
}
