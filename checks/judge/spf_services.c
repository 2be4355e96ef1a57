#include <string.h>

#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_private.h"

/* ---- services that are known ---- */

static bool holds_term_of(const struct judgement *j, const struct spf_node *node, const struct service_facts *service) {
  for (size_t i = 0; i < node->count; i++) {
    const struct spf_node *child = &node->children[i];
    if (facts_service_of_spf(j->inquiry->facts, child->term->text, j->inquiry->domain, NULL) == service || holds_term_of(j, child, service)) return true;
  }
  return false;
}

static const char *term_of(const struct service_facts *service) {
  for (size_t i = 0; i < service->spf_count; i++)
    if (!service->spf[i].old) return service->spf[i].text;
  return NULL;
}

static void judge_missing(struct judgement *j, const struct spf_tree *tree) {
  for (size_t i = 0; i < j->inquiry->service_count; i++) {
    const struct inquiry_service *listed = &j->inquiry->services[i];
    const struct service_facts *service = *listed->id ? facts_service_find(j->inquiry->facts, listed->id) : NULL;
    const char *term = service ? term_of(service) : NULL;
    if (!term || !listed->sends || !service->spf_wanted || service->spf_aligns == FACT_NO || !name_equal(listed->domain, j->inquiry->domain)) continue;
    if (holds_term_of(j, &tree->root, service)) continue;
    struct finding *finding = find(j, "spf-provider-missing", NULL);
    find_argument(j, finding, "service", "%s", listed->name);
    find_argument(j, finding, "term", "%s", term);
  }
}

static bool is_listed(const struct inquiry *inquiry, const struct service_facts *service) {
  for (size_t i = 0; i < inquiry->service_count; i++)
    if (text_equal(inquiry->services[i].id, service->id)) return true;
  return false;
}

static void tell_term(struct judgement *j, const char *rule, const struct service_facts *service, const struct spf_term *term) {
  find_argument(j, spf_find_term(j, rule, term), "service", "%s", service->name);
}

/* The record's own terms that belong to known services. */
static void judge_present(struct judgement *j, const struct spf_tree *tree) {
  for (size_t i = 0; i < tree->root.count; i++) {
    const struct spf_term *term = tree->root.children[i].term;
    const struct fact_pattern *pattern = NULL;
    const struct service_facts *service = facts_service_of_spf(j->inquiry->facts, term->text, j->inquiry->domain, &pattern);
    if (!service) continue;
    if (j->inquiry->services_complete && !is_listed(j->inquiry, service)) tell_term(j, "spf-provider-unused", service, term);
    if (service->spf_aligns == FACT_NO) tell_term(j, "spf-provider-not-aligned", service, term);
    if (pattern->old) tell_term(j, "spf-provider-old-term", service, term);
  }
}

/* ---- a bare `a` ---- */

static bool is_listed_address(const struct inquiry *inquiry, const struct ip *address) {
  for (size_t i = 0; i < inquiry->sending_count; i++)
    if (ip_equal(&inquiry->sending[i], address)) return true;
  for (size_t i = 0; i < inquiry->service_count; i++)
    for (size_t n = 0; n < inquiry->services[i].address_count; n++)
      if (ip_equal(&inquiry->services[i].addresses[n], address)) return true;
  return false;
}

static bool answer_holds(const struct dns_answer *answer, const struct ip *address) {
  for (size_t i = 0; answer && i < answer->count; i++)
    if (ip_equal(&answer->records[i].address, address)) return true;
  return false;
}

static bool is_mail_host(struct judgement *j, const struct ip *address) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count && i < 10; i++)
    if (*mx->records[i].mx.host && answer_holds(ask_dns(j, mx->records[i].mx.host, DNS_TYPE_A), address)) return true;
  return false;
}

/* The domain's own address is the web server's: "www" has it too, no MX has it, and nobody lists it. */
static void judge_bare_a(struct judgement *j, const struct spf_tree *tree) {
  for (size_t i = 0; i < tree->root.count; i++) {
    const struct spf_term *term = tree->root.children[i].term;
    if (term->kind != SPF_MECHANISM || term->mechanism != SPF_A || term->domain || term->qualifier != '+') continue;
    const struct dns_answer *own = ask_dns(j, j->inquiry->domain, DNS_TYPE_A), *web = ask_dns(j, ask_name(j, "www"), DNS_TYPE_A);
    for (size_t n = 0; own && web && n < own->count; n++) {
      char text[IP_TEXT];
      const struct ip *address = &own->records[n].address;
      if (!answer_holds(web, address) || is_listed_address(j->inquiry, address) || is_mail_host(j, address)) continue;
      ip_format(address, text);
      find_argument(j, spf_find_term(j, "spf-a-not-mail", term), "address", "%s", text);
      return;
    }
  }
}

void spf_judge_services(struct judgement *j, const struct spf_tree *tree) {
  if (j->inquiry->facts && !tree->at_least) judge_missing(j, tree);
  if (j->inquiry->facts) judge_present(j, tree);
  judge_bare_a(j, tree);
}

/* ---- names below the domain ---- */

static void judge_name(struct judgement *j, const char *name, bool sends) {
  const struct dns_rr *record;
  const struct dns_answer *answer, *mx = sends ? NULL : ask_dns(j, name, DNS_TYPE_MX);
  switch (spf_select(j->store, name, &record, &answer)) {
  case SPF_SELECT_WAITING: j->waiting = true; return;
  case SPF_SELECT_NONE: break;
  case SPF_SELECT_ERROR:
  case SPF_SELECT_ONE:
  case SPF_SELECT_SEVERAL: return;
  }
  bool takes = mx && mx->count && !(mx->count == 1 && !*mx->records[0].mx.host);
  if (sends || takes) find_seen(j, find(j, "spf-subdomain-missing", name), &answer->seen);
}

void spf_judge_subdomains(struct judgement *j) {
  const struct inquiry *q = j->inquiry;
  for (size_t i = 0; i < q->service_count; i++) {
    bool again = !q->services[i].sends || !q->services[i].domain || !name_is_below(q->services[i].domain, q->domain);
    for (size_t n = 0; n < i && !again; n++) again = q->services[n].sends && name_equal(q->services[n].domain, q->services[i].domain);
    if (!again) judge_name(j, q->services[i].domain, true);
  }
  for (size_t i = 0; i < q->subdomain_count; i++) {
    bool again = !name_is_below(q->subdomains[i], q->domain);
    for (size_t n = 0; n < q->service_count && !again; n++) again = q->services[n].sends && name_equal(q->services[n].domain, q->subdomains[i]);
    if (!again) judge_name(j, q->subdomains[i], false);
  }
}
