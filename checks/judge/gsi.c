#include "checks/judge/gsi.h"

#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/record/mtasts_policy.h"
#include "checks/judge/mtasts.h"

bool gsi_is_family(const char *name) {
  static const char *const families[] = { "gsi.gov.uk", "gse.gov.uk", "gcsx.gov.uk", "gsx.gov.uk" };
  for (size_t i = 0; i < MEM_COUNT(families); i++)
    if (name_is_under(name, families[i])) return true;
  return false;
}

bool gsi_is_replacement_suffix(const char *name) {
  static const char *const suffixes[] = { "gov.uk", "gov.scot", "gov.wales", "llyw.cymru" };
  for (size_t i = 0; i < MEM_COUNT(suffixes); i++)
    if (name_is_below(name, suffixes[i])) return true;
  return false;
}

static struct finding *tell(struct judgement *j, const char *rule, const char *value, const struct dns_answer *seen) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value);
  if (seen) find_seen(j, finding, &seen->seen);
  return finding;
}

/* ---- leftovers in the records of the domain ---- */

static void judge_mx_leftovers(struct judgement *j) {
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    if (gsi_is_family(host) || name_is_under(host, "gsi.messagelabs.com")) tell(j, "gsi-mx-leftover", host, mx);
  }
}

static void judge_spf_term(struct judgement *j, const struct spf_term *term, const struct dns_answer *seen) {
  if (!term->domain || spf_has_macro(term->domain)) return;
  const char *target = name_lower(j->arena, term->domain);
  if (!gsi_is_family(target) && !name_is_under(target, "gsi.messagelabs.com")) return;
  const struct dns_rr *record = NULL;
  bool needs_record = term->kind == SPF_REDIRECT || term->mechanism == SPF_INCLUDE;
  enum spf_selection selection = needs_record ? spf_select(j->store, target, &record, NULL) : SPF_SELECT_ONE;
  if (selection == SPF_SELECT_WAITING) {
    j->waiting = true;
    return;
  }
  bool fails = term->kind == SPF_REDIRECT || selection == SPF_SELECT_NONE;
  struct finding *finding = find_as(j, "gsi-spf-leftover", fails ? SEVERITY_FAIL : SEVERITY_WARN, NULL);
  find_argument(j, finding, "value", "%s", term->text);
  find_seen(j, finding, &seen->seen);
}

static bool mx_under(const struct dns_answer *mx, const char *suffix) {
  for (size_t i = 0; i < mx->count; i++)
    if (name_is_under(mx->records[i].mx.host, suffix)) return true;
  return false;
}

static bool lists_service(const struct inquiry *inquiry, const char *id) {
  for (size_t i = 0; i < inquiry->service_count; i++)
    if (strcmp(inquiry->services[i].id, id) == 0) return true;
  return false;
}

static void judge_spf_leftovers(struct judgement *j) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &record, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection != SPF_SELECT_ONE) return;
  const struct spf_record *spf = spf_parse(j->arena, record->txt.bytes, record->txt.length);
  bool messagelabs = false;
  for (size_t i = 0; i < spf->count; i++) {
    judge_spf_term(j, &spf->terms[i], answer);
    messagelabs |= spf->terms[i].domain && text_equal(spf->terms[i].domain, "spf.messagelabs.com");
  }
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (!mx || mx->outcome == DNS_FAILED) return;
  bool listed = lists_service(j->inquiry, "broadcom");
  if (messagelabs && !listed && !mx_under(mx, "messagelabs.com")) tell(j, "gsi-spf-messagelabs-unneeded", "include:spf.messagelabs.com", answer);
  if (!messagelabs && listed) tell(j, "gsi-spf-messagelabs-needed", "include:spf.messagelabs.com", answer);
}

static void judge_uris(struct judgement *j, const struct report_uris *uris, const char *rule, const struct dns_answer *seen) {
  for (size_t i = 0; uris && i < uris->count; i++)
    if (uris->all[i].scheme == REPORT_MAILTO && gsi_is_family(uris->all[i].host)) tell(j, rule, uris->all[i].address, seen);
}

static void judge_report_leftovers(struct judgement *j) {
  const struct dns_answer *dmarc = ask_dns(j, ask_name(j, "_dmarc"), DNS_TYPE_TXT), *tls = ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT);
  for (size_t i = 0; dmarc && i < dmarc->count; i++) {
    if (!dmarc_is_record(dmarc->records[i].txt.bytes, dmarc->records[i].txt.length)) continue;
    const struct dmarc_record *record = dmarc_parse(j->arena, dmarc->records[i].txt.bytes, dmarc->records[i].txt.length);
    judge_uris(j, record->rua, "gsi-dmarc-report-leftover", dmarc);
    judge_uris(j, record->ruf, "gsi-dmarc-report-leftover", dmarc);
  }
  for (size_t i = 0; tls && i < tls->count; i++) {
    const struct tag *rua = taglist_find(taglist_parse(j->arena, tls->records[i].txt.bytes, tls->records[i].txt.length), "rua");
    if (rua) judge_uris(j, report_uris_parse(j->arena, rua->value), "gsi-tlsrpt-report-leftover", tls);
  }
}

static void judge_zone_leftovers(struct judgement *j) {
  const struct dns_answer *soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA), *ns = ask_dns(j, j->inquiry->domain, DNS_TYPE_NS);
  if (soa && soa->count && gsi_is_family(name_parent(soa->records[0].soa.contact))) tell(j, "gsi-soa-contact-leftover", soa->records[0].soa.contact, soa);
  for (size_t i = 0; ns && i < ns->count; i++)
    if (gsi_is_family(ns->records[i].target)) tell(j, "gsi-ns-leftover", ns->records[i].target, ns);
}

static void judge_ptr_of(struct judgement *j, const struct ip *ip) {
  char reverse[80];
  ip_reverse_name(ip, reverse);
  const struct dns_answer *pointers = ask_dns(j, reverse, DNS_TYPE_PTR);
  for (size_t i = 0; pointers && i < pointers->count; i++)
    if (gsi_is_family(pointers->records[i].target)) tell(j, "gsi-ptr-leftover", pointers->records[i].target, pointers);
}

static void judge_ptr_leftovers(struct judgement *j) {
  for (size_t i = 0; i < j->inquiry->sending_count; i++) judge_ptr_of(j, &j->inquiry->sending[i]);
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count && i < 10; i++) {
    const char *host = mx->records[i].mx.host;
    if (!name_is_host(host) || !suffix_same(host, j->inquiry->domain)) continue;
    const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A);
    for (size_t n = 0; a && n < a->count; n++) judge_ptr_of(j, &a->records[n].address);
  }
}

static void judge_policy_leftovers(struct judgement *j) {
  const struct mtasts_policy *policy = mtasts_policy_of(j, j->inquiry->domain);
  for (size_t i = 0; policy && i < policy->mx_count; i++) {
    const char *host = strncmp(policy->mx[i], "*.", 2) == 0 ? policy->mx[i] + 2 : policy->mx[i];
    if (gsi_is_family(host)) tell(j, "gsi-mtasts-leftover", host, NULL);
  }
}

/* ---- old domains ---- */

static void judge_old(struct judgement *j, const char *old) {
  const struct dns_answer *soa = ask_dns(j, old, DNS_TYPE_SOA), *mx = ask_dns(j, old, DNS_TYPE_MX), *a = ask_dns(j, old, DNS_TYPE_A);
  const struct dns_rr *record = NULL;
  struct dmarc_policy_found policy;
  enum spf_selection selection = spf_select(j->store, old, &record, NULL);
  bool has_policy = dmarc_policy_for(j, old, &policy);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (!soa || !mx || !a || !has_policy || selection == SPF_SELECT_WAITING) return;
  if (soa->outcome == DNS_NXDOMAIN) {
    tell(j, "gsi-old-gone", old, soa);
    return;
  }
  if (soa->outcome == DNS_FAILED || selection == SPF_SELECT_ERROR || policy.failed) return;
  if (mx->count || a->count) tell(j, "gsi-old-still-resolves", old, mx);
  const struct spf_record *spf = selection == SPF_SELECT_ONE ? spf_parse(j->arena, record->txt.bytes, record->txt.length) : NULL;
  bool denies = spf && spf->valid && spf->count == 1 && spf->all && spf->all->qualifier == '-';
  if ((!denies || policy.effective != DMARC_REJECT) && !j->inquiry->old_domain_forwards) tell(j, "gsi-old-not-protected", old, mx);
}

static void judge_family(struct judgement *j) {
  find(j, "gsi-domain", NULL);
  tell(j, "gsi-request-route", j->inquiry->domain, NULL);
  if (!j->inquiry->replacement) find(j, "gsi-replacement-missing", NULL);
  else if (!gsi_is_replacement_suffix(j->inquiry->replacement)) tell(j, "gsi-replacement-not-government", j->inquiry->replacement, NULL);
  judge_old(j, j->inquiry->domain);
}

void judge_gsi(struct judgement *j) {
  if (!judge_domain_exists(j)) return;
  judge_mx_leftovers(j);
  judge_spf_leftovers(j);
  judge_report_leftovers(j);
  judge_zone_leftovers(j);
  judge_ptr_leftovers(j);
  judge_policy_leftovers(j);
  for (size_t i = 0; i < j->inquiry->old_domain_count; i++) judge_old(j, j->inquiry->old_domains[i]);
  if (gsi_is_family(j->inquiry->domain)) judge_family(j);
  if (!j->waiting && !found_above_info(j)) find(j, "gsi-clean", NULL);
}
