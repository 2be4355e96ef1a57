#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/dmarc.h"
#include "checks/judge/gsi_private.h"
#include "checks/judge/mtasts.h"
#include "checks/judge/registry.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/judge/spf_tree.h"
#include "checks/parsed.h"

/* The family in the records of the domain itself. */

static const char filter_service[] = "broadcom", filter_include[] = "spf.messagelabs.com", filter_domain[] = "messagelabs.com";

/* ---- mail servers ---- */

static void judge_mail_servers(struct gsi *gsi) {
  const struct dns_answer *mx = gsi_ask(gsi, gsi->j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count; i++)
    if (gsi_is_old_host(mx->records[i].mx.host)) gsi_tell(gsi, "gsi-mx-leftover", NULL, mx->records[i].mx.host, &mx->seen);
}

/* ---- SPF ---- */

/* The part of a domain-spec that no message changes: whole labels after its last macro. */
static const char *fixed_part(struct arena *arena, const char *domain_spec) {
  const char *name = name_lower(arena, domain_spec), *brace = strrchr(name, '}');
  if (!brace) return name;
  return brace[1] == '.' ? brace + 2 : name_parent(brace + 1);
}

static void judge_spf_term(struct gsi *gsi, const struct spf_term *term, const struct dns_answer *record) {
  struct judgement *j = gsi->j;
  const char *target = term->domain && term->kind != SPF_UNKNOWN_MODIFIER ? fixed_part(j->arena, term->domain) : "";
  const struct dns_answer *there = NULL;
  const struct dns_rr *ignored = NULL;
  if (!gsi_is_old_host(target)) return;
  bool fails = term->kind == SPF_REDIRECT;
  if (term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE && !spf_has_macro(term->domain)) {
    enum spf_selection selection = spf_select(j->store, target, &ignored, &there);
    if (selection == SPF_SELECT_WAITING) {
      j->waiting = true;
      return;
    }
    fails = selection == SPF_SELECT_NONE; /* permerror: RFC 7208 section 5.2 */
  }
  struct finding *finding = find_as(j, "gsi-spf-leftover", fails ? SEVERITY_FAIL : SEVERITY_WARN, NULL);
  find_argument(j, finding, "value", "%s", term->text);
  find_seen(j, finding, &record->seen);
  if (there) find_seen(j, finding, &there->seen);
}

static bool mx_under(const struct dns_answer *mx, const char *suffix) {
  for (size_t i = 0; i < mx->count; i++)
    if (name_is_under(mx->records[i].mx.host, suffix)) return true;
  return false;
}

static bool lists_filter(const struct inquiry *inquiry) {
  for (size_t i = 0; i < inquiry->service_count; i++)
    if (strcmp(inquiry->services[i].id, filter_service) == 0 && dkim_service_is_here(inquiry, &inquiry->services[i])) return true;
  return false;
}

static bool is_include_of_filter(const struct spf_term *term) {
  return term->kind == SPF_MECHANISM && term->mechanism == SPF_INCLUDE && term->domain && name_equal(term->domain, filter_include);
}

static bool tree_has_filter(const struct spf_node *node) {
  if (node->term && is_include_of_filter(node->term)) return true;
  for (size_t i = 0; i < node->count; i++)
    if (tree_has_filter(&node->children[i])) return true;
  return false;
}

/* The include may stand in a record that the domain's own includes. */
static void judge_filter_needed(struct gsi *gsi, const struct dns_answer *record) {
  struct judgement *j = gsi->j;
  const struct spf_tree *tree = spf_tree_grow(j->store, j->arena, j->inquiry->domain, NULL, 0);
  if (!tree) {
    j->waiting = true;
    return;
  }
  if (!tree->hidden && !tree->incomplete && !tree_has_filter(&tree->root)) gsi_tell(gsi, "gsi-spf-messagelabs-needed", NULL, "include:spf.messagelabs.com", &record->seen);
}

static void judge_filter(struct gsi *gsi, const struct spf_record *spf, const struct dns_answer *record) {
  bool there = false;
  for (size_t i = 0; i < spf->count; i++) there = there || is_include_of_filter(&spf->terms[i]);
  const struct dns_answer *mx = gsi_ask(gsi, gsi->j->inquiry->domain, DNS_TYPE_MX);
  bool listed = lists_filter(gsi->j->inquiry);
  if (!there && listed) judge_filter_needed(gsi, record);
  if (there && !listed && mx && !mx_under(mx, filter_domain)) find_seen(gsi->j, gsi_tell(gsi, "gsi-spf-messagelabs-unneeded", NULL, "include:spf.messagelabs.com", &record->seen), &mx->seen);
}

static void judge_spf_records(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  const struct dns_rr *rr = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(j->store, j->inquiry->domain, &rr, &answer);
  if (selection == SPF_SELECT_WAITING) j->waiting = true;
  if (selection == SPF_SELECT_ERROR) gsi_note_failure(gsi, answer);
  if (selection != SPF_SELECT_ONE) return;
  const struct spf_record *spf = parsed_spf(answer, rr);
  for (size_t i = 0; i < spf->count; i++) judge_spf_term(gsi, &spf->terms[i], answer);
  judge_filter(gsi, spf, answer);
}

/* ---- reports ---- */

static void judge_uris(struct gsi *gsi, const struct report_uris *uris, const char *rule, const struct dns_answer *seen) {
  for (size_t i = 0; uris && i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    bool told = false;
    for (size_t n = 0; n < i; n++) told = told || strcmp(uris->all[n].address, uri->address) == 0;
    if (!told && (uri->scheme == REPORT_MAILTO || uri->scheme == REPORT_HTTPS) && gsi_is_family(uri->host)) gsi_tell(gsi, rule, NULL, uri->address, &seen->seen);
  }
}

static void judge_dmarc_reports(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  const struct dns_answer *dmarc = gsi_ask(gsi, ask_name(j, "_dmarc"), DNS_TYPE_TXT);
  for (size_t i = 0; dmarc && i < dmarc->count; i++) {
    if (!dmarc_is_record(dmarc->records[i].txt.bytes, dmarc->records[i].txt.length)) continue;
    const struct dmarc_record *record = parsed_dmarc(dmarc, &dmarc->records[i]);
    judge_uris(gsi, record->rua, "gsi-dmarc-report-leftover", dmarc);
    judge_uris(gsi, record->ruf, "gsi-dmarc-report-leftover", dmarc);
  }
}

static void judge_tls_reports(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  const struct dns_answer *tls = gsi_ask(gsi, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT);
  for (size_t i = 0; tls && i < tls->count; i++) {
    const struct tag *rua = taglist_find(taglist_parse(j->arena, tls->records[i].txt.bytes, tls->records[i].txt.length), "rua");
    if (rua) judge_uris(gsi, report_uris_parse(j->arena, rua->value), "gsi-tlsrpt-report-leftover", tls);
  }
}

/* ---- the zone ---- */

static void judge_zone(struct gsi *gsi) {
  const struct dns_answer *soa = gsi_ask(gsi, gsi->j->inquiry->domain, DNS_TYPE_SOA), *ns = gsi_ask(gsi, gsi->j->inquiry->domain, DNS_TYPE_NS);
  const char *contact = soa && soa->count ? name_lower(gsi->j->arena, soa->records[0].soa.contact) : "";
  if (gsi_is_family(name_parent(contact))) gsi_tell(gsi, "gsi-soa-contact-leftover", NULL, contact, &soa->seen);
  for (size_t i = 0; ns && i < ns->count; i++)
    if (gsi_is_family(ns->records[i].target)) gsi_tell(gsi, "gsi-ns-leftover", NULL, ns->records[i].target, &ns->seen);
}

/* ---- DKIM ---- */

static const char *family_in_chain(const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->links; i++)
    if (gsi_is_family(answer->chain[i].target)) return answer->chain[i].target;
  return NULL;
}

/* A wildcard's alias answers for every selector: it is told once. */
static void judge_selectors(struct gsi *gsi, const struct dkim_selector_list *selectors, const struct dns_answer *wildcard) {
  const char *any = wildcard ? family_in_chain(wildcard) : NULL;
  if (any) gsi_tell(gsi, "gsi-dkim-cname-leftover", ask_name(gsi->j, "*._domainkey"), any, &wildcard->seen);
  for (size_t i = 0; i < selectors->count; i++) {
    const struct dns_answer *answer = selectors->all[i].answer;
    const char *target = answer ? family_in_chain(answer) : NULL;
    if (target && (!any || strcmp(target, any) != 0)) gsi_tell(gsi, "gsi-dkim-cname-leftover", answer->seen.question.name, target, &answer->seen);
    else if (answer && !target && answer->outcome == DNS_FAILED) gsi_note_failure(gsi, answer);
  }
}

static void judge_dkim_aliases(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  enum profile profile;
  const struct dns_answer *apex = ask_dns(j, ask_name(j, "_domainkey"), DNS_TYPE_TXT), *wildcard = NULL;
  bool known = judge_profile(j, &profile);
  if (known && apex && answer_nothing_below(apex) && (profile == PROFILE_PARKED || profile == PROFILE_RECEIVE_ONLY)) return;
  struct dkim_selector_list *selectors = ARENA_NEW(j->arena, struct dkim_selector_list);
  dkim_selectors_find(j, selectors);
  dkim_selectors_ask(j, selectors, apex);
  if (apex && !answer_nothing_below(apex)) wildcard = dkim_ask_unused(j);
  if (!j->waiting) judge_selectors(gsi, selectors, wildcard);
}

/* ---- the MTA-STS policy ---- */

static void judge_policy(struct gsi *gsi) {
  struct judgement *j = gsi->j;
  const struct mtasts_policy *policy = mtasts_policy_of(j, j->inquiry->domain);
  const struct https_reply *reply = policy ? ask_https(j, ask_name(j, "mta-sts"), MTASTS_PATH) : NULL;
  for (size_t i = 0; reply && i < policy->mx_count; i++) {
    const char *host = name_without_star(policy->mx[i]);
    if (gsi_is_family(host)) gsi_tell(gsi, "gsi-mtasts-leftover", NULL, policy->mx[i], &reply->seen);
  }
}

/* ---- the registration ---- */

static void judge_registration(struct gsi *gsi) {
  struct registry registry;
  if (!registry_find(gsi->j, &registry) || !registry.rdap) return;
  for (size_t i = 0; i < registry.rdap->contact_count; i++) {
    const char *at = strrchr(registry.rdap->contacts[i], '@');
    if (at && gsi_is_family(name_lower(gsi->j->arena, at + 1))) gsi_tell(gsi, "gsi-registry-contact-leftover", registry.domain, registry.rdap->contacts[i], &registry.reply->seen);
  }
}

void gsi_judge_records(struct gsi *gsi) {
  judge_mail_servers(gsi);
  judge_spf_records(gsi);
  judge_dmarc_reports(gsi);
  judge_tls_reports(gsi);
  judge_zone(gsi);
  judge_dkim_aliases(gsi);
  judge_policy(gsi);
  judge_registration(gsi);
}
