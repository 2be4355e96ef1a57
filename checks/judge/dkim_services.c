#include <string.h>

#include "checks/judge/dkim.h"

/* ---- selectors that a service should have ---- */

static bool is_found(const struct dkim_selector_list *selectors, const char *name, bool *out_known) {
  for (size_t i = 0; i < selectors->count; i++) {
    const struct dkim_selector *selector = &selectors->all[i];
    if (!text_equal(selector->name, name)) continue;
    *out_known = *out_known && selector->answer && selector->answer->outcome != DNS_FAILED;
    return selector->found;
  }
  *out_known = false;
  return false;
}

struct expected { size_t fixed, present; const char *missing; bool known; };

static struct expected expect(struct judgement *j, const struct dkim_selector_list *selectors, const struct service_facts *facts) {
  struct expected out = { .known = true, .missing = "" };
  for (size_t i = 0; i < facts->dkim_count; i++) {
    const char *name = facts->dkim[i].selector;
    bool again = false; /* a service whose targets have had several forms lists a selector for each */
    for (size_t n = 0; n < i; n++) again = again || (dkim_selector_is_fixed(&facts->dkim[n]) && text_equal(facts->dkim[n].selector, name));
    if (again || !dkim_selector_is_fixed(&facts->dkim[i])) continue;
    out.fixed++;
    if (is_found(selectors, name, &out.known)) out.present++;
    else out.missing = *out.missing ? arena_printf(j->arena, "%s, %s", out.missing, name) : name;
  }
  return out;
}

static void judge_expected(struct judgement *j, const struct dkim_selector_list *selectors, const struct service_facts *facts, const char *name, bool listed) {
  struct expected expected = expect(j, selectors, facts);
  if (!expected.known || expected.fixed == 0 || expected.present == expected.fixed) return;
  const char *rule = expected.present == 0 ? "dkim-selector-expected-missing" : facts->dkim_pair ? "dkim-selector-pair-incomplete" : NULL;
  if (!rule || (expected.present == 0 && !listed)) return;
  find_argument(j, find(j, rule, name), "selectors", "%s", expected.missing);
}

/* A service that nobody listed shows itself by the target of a selector's CNAME. */
static void judge_seen(struct judgement *j, const struct dkim_selector_list *selectors) {
  const struct service_facts *told[16];
  size_t count = 0;
  for (size_t i = 0; i < selectors->count; i++) {
    const struct dkim_selector *selector = &selectors->all[i];
    if (!selector->found || !selector->answer->links) continue;
    const struct service_facts *facts = facts_service_of_dkim(j->inquiry->facts, selector->name, selector->answer->final_name, j->inquiry->domain);
    bool known = !facts || count == MEM_COUNT(told);
    for (size_t n = 0; n < count; n++) known = known || told[n] == facts;
    for (size_t n = 0; n < j->inquiry->service_count; n++) known = known || (facts && text_equal(j->inquiry->services[n].id, facts->id));
    if (known) continue;
    told[count++] = facts;
    judge_expected(j, selectors, facts, facts->name, false);
  }
}

/* ---- answers ---- */

/* It sends under your name, since your DNS takes part, and cannot sign with it. */
static bool never_aligns(const struct service_facts *facts) { return facts && facts->dkim_aligns == FACT_NO && facts->spf_count + facts->dkim_count > 0; }

static void judge_answers(struct judgement *j, const struct inquiry_service *service, const struct service_facts *facts) {
  if (service->filters && service->footers && service->signs != TRI_YES) find(j, "dkim-footer-after-signing", service->name);
  if (!service->sends) return;
  if (service->can_sign == TRI_NO) find(j, "dkim-service-cannot-sign", service->name);
  else if (service->signs == TRI_NO) find(j, "dkim-service-unsigned", service->name);
  else if (service->signs == TRI_YES && never_aligns(facts)) find(j, "dkim-not-aligned", service->name);
}

void dkim_judge_services(struct judgement *j, const struct dkim_selector_list *selectors) {
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const struct inquiry_service *service = &j->inquiry->services[i];
    const struct service_facts *facts = dkim_service_facts(j->inquiry, service);
    bool same_body = dkim_service_is_here(j->inquiry, service) || suffix_same(service->domain, j->inquiry->domain);
    judge_answers(j, service, same_body ? facts : NULL);
    if (facts && service->sends && dkim_service_is_here(j->inquiry, service)) judge_expected(j, selectors, facts, service->name, true);
  }
  if (j->inquiry->facts) judge_seen(j, selectors);
}

/* ---- the right record at the wrong name ---- */

static void judge_place(struct judgement *j, const char *name, const struct dns_answer *wildcard) {
  const struct dns_answer *answer = ask_dns(j, name, DNS_TYPE_TXT);
  if (!answer || answer->count != 1) return;
  const struct dns_rr *rr = &answer->records[0];
  if (wildcard && wildcard->count == 1 && strcmp(wildcard->records[0].txt.bytes, rr->txt.bytes) == 0) return;
  if (!dkim_looks_like_key(rr->txt.bytes) || dkim_parse(j->arena, rr->txt.bytes, rr->txt.length)->key == DKIM_KEY_MISSING) return;
  find_seen(j, find(j, "dkim-name-misplaced", name), &answer->seen);
}

void dkim_judge_misplaced(struct judgement *j, const struct dkim_selector_list *selectors, bool any_found, const struct dns_answer *wildcard) {
  for (size_t i = 0; i < selectors->count; i++) {
    const struct dkim_selector *selector = &selectors->all[i];
    bool wanted = selector->source <= DKIM_SOURCE_SERVICE || (!any_found && selector->source <= DKIM_SOURCE_LIKELIEST);
    if (!wanted || selector->found) continue;
    judge_place(j, ask_name(j, selector->name), wildcard);
    judge_place(j, ask_name(j, arena_printf(j->arena, "_domainkey.%s", selector->name)), wildcard);
  }
}
