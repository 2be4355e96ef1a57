#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/spf_evaluate.h"
#include "src/plan/spf.h"

/* ---- services ---- */

static bool sends_as(const struct inquiry_service *service, const char *domain) {
  return service->sends && (!service->domain || !*service->domain || name_equal(service->domain, domain));
}

/* Does the record name the service already, by any of its terms, the old ones too? */
static bool is_named(const struct spf_making *making, const struct service_facts *service) {
  for (size_t i = 0; i < making->terms.count; i++) {
    const char *term = making->terms.text[i];
    while (strchr("+-~?", *term)) term++;
    if (facts_service_of_spf(making->p->inquiry->facts, term, making->p->inquiry->domain, NULL) == service) return true;
  }
  return false;
}

/* The one term that the service always has; null: there are several to choose from, or part of it belongs to the account. */
static const char *only_term(const struct service_facts *service) {
  const char *only = NULL;
  for (size_t i = 0; i < service->spf_count; i++) {
    if (service->spf[i].old) continue;
    if (only || strchr(service->spf[i].text, '<')) return NULL;
    only = service->spf[i].text;
  }
  return only;
}

static void add_fresh(struct spf_making *making, const char *term) {
  const char *ending = making->redirect ? "" : " ~all"; /* for looking: the record may have none yet */
  struct buf record = BUF_INIT(8192);
  buf_text(&record, "v=spf1");
  for (size_t i = 0; i < making->terms.count; i++) buf_printf(&record, " %s", making->terms.text[i]);
  buf_text(&record, ending);
  bool there = text_starts(term, "include:") && spf_reaches(making->p, buf_string(&record), name_lower(making->p->j.arena, term + strlen("include:")));
  buf_release(&record);
  if (there) return;
  size_t before = making->terms.count;
  spf_terms_add(making->p->j.arena, &making->terms, term, making->p->inquiry->domain);
  if (making->terms.count > before) making->fresh.text[making->fresh.count++] = term;
}

static void add_service(struct spf_making *making, const struct service_facts *service) {
  struct planning *p = making->p;
  if (!service->spf_wanted || !service->spf_count || is_named(making, service)) return;
  const char *term = only_term(service);
  if (term && spf_term_works(p, term)) add_fresh(making, term);
  else
    plan_task(p, "spf-ask-service", "other-ask-provider", "", _("Copy the SPF term of {service} from its console, and add it to the record of {domain}: which one it is depends on your account"), "service",
              service->name, "domain", p->inquiry->domain, NULL);
}

void spf_add_services(struct spf_making *making) {
  const struct inquiry *inquiry = making->p->inquiry;
  for (size_t i = 0; i < making->p->options->spf_term_count; i++) {
    const char *term = making->p->options->spf_terms[i];
    const struct service_facts *service = facts_service_of_spf(inquiry->facts, term, inquiry->domain, NULL);
    if (!service || !is_named(making, service)) add_fresh(making, term); /* another of its terms does as well */
  }
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const struct service_facts *service = *inquiry->services[i].id ? facts_service_find(inquiry->facts, inquiry->services[i].id) : NULL;
    if (service && sends_as(&inquiry->services[i], inquiry->domain)) add_service(making, service);
  }
}

/* ---- addresses ---- */

static bool has_address(const struct inquiry_service *service, const struct ip *ip) {
  for (size_t i = 0; i < service->address_count; i++)
    if (ip_equal(&service->addresses[i], ip)) return true;
  return false;
}

bool spf_sends_here(const struct inquiry *inquiry, const struct ip *ip) {
  bool elsewhere = false;
  for (size_t i = 0; i < inquiry->service_count; i++) {
    if (!has_address(&inquiry->services[i], ip)) continue;
    if (sends_as(&inquiry->services[i], inquiry->domain)) return true;
    elsewhere = true;
  }
  return !elsewhere;
}

/* The store in which the domain's record is the one in the making. */
static struct store *as_published(struct spf_making *making) {
  struct store *overlay = store_overlay(making->p->j.store);
  struct plan_change change = { .action = PLAN_ADD, .name = making->p->inquiry->domain, .zone = making->p->inquiry->domain, .type = DNS_TYPE_TXT, .from_wildcard = true,
                                      .wanted = (const char *[]){ spf_write(making) }, .wanted_count = 1 };
  const struct plan plan = { .changes = &change, .change_count = 1 };
  plan_apply(&plan, overlay);
  return overlay;
}

static enum spf_result result_for(struct spf_making *making, const struct ip *ip) {
  struct store *overlay = as_published(making);
  const char *domain = making->p->inquiry->domain;
  struct spf_request request = { .ip = *ip, .domain = domain, .sender = arena_printf(making->p->j.arena, "postmaster@%s", domain), .helo = domain };
  struct spf_outcome outcome;
  if (!spf_evaluate(overlay, making->p->j.arena, &request, &outcome)) {
    making->p->j.waiting = true;
    outcome.result = SPF_PASS;
  }
  store_free(&overlay);
  return outcome.result;
}

/* Before everything else: where another term decides first, or receivers stop with an error on the way, as they do after three names without
 * an IPv6 address. */
static void put_first(struct spf_terms *terms, const char *term) {
  size_t at = 0;
  while (at < terms->count && strcmp(terms->text[at], term) != 0) at++;
  if (at == terms->count) return;
  memmove(&terms->text[1], &terms->text[0], at * sizeof terms->text[0]);
  terms->text[0] = term;
}

/* The term of the record that names just this address, whoever wrote it. */
static const char *term_in(struct spf_making *making, const char *term) {
  struct spf_term wanted, there;
  spf_parse_term(making->p->j.arena, term, strlen(term), &wanted);
  for (size_t i = 0; i < making->terms.count; i++) {
    spf_parse_term(making->p->j.arena, making->terms.text[i], strlen(making->terms.text[i]), &there);
    if (there.kind == SPF_MECHANISM && there.mechanism == wanted.mechanism && there.qualifier == '+' && there.prefix4 == wanted.prefix4 && there.prefix6 == wanted.prefix6 && ip_equal(&there.network, &wanted.network))
      return making->terms.text[i];
  }
  return term;
}

void spf_add_addresses(struct spf_making *making) {
  const struct inquiry *inquiry = making->p->inquiry;
  for (size_t i = 0; i < inquiry->sending_count; i++) {
    const struct ip *ip = &inquiry->sending[i];
    char text[IP_TEXT];
    if (!spf_sends_here(inquiry, ip) || (ip_is_private(ip) && !inquiry->test_network)) continue;
    enum spf_result result = result_for(making, ip);
    if (result == SPF_PASS || result == SPF_TEMPERROR) continue;
    ip_format(ip, text);
    const char *term = arena_printf(making->p->j.arena, ip->family == 6 ? "ip6:%s" : "ip4:%s", text);
    add_fresh(making, term);
    if (result_for(making, ip) != SPF_PASS) put_first(&making->terms, term_in(making, term));
  }
}

/* ---- mail servers ---- */

void spf_add_mail_servers(struct spf_making *making) {
  struct planning *p = making->p;
  const struct dns_answer *mx = ask_dns(&p->j, p->inquiry->domain, DNS_TYPE_MX);
  bool own = false;
  for (size_t i = 0; mx && i < mx->count; i++) {
    const char *host = mx->records[i].mx.host;
    if (name_is_under(host, "gsi.messagelabs.com") || gsi_is_family(host)) continue; /* a leftover says nothing of who sends */
    const struct service_facts *service = facts_service_of_mx(p->inquiry->facts, host, p->inquiry->domain);
    if (service && !service->inbound_only && spf_service_is_ours(p, service)) add_service(making, service);
    const struct dns_answer *a = !service && *host ? ask_dns(&p->j, host, DNS_TYPE_A) : NULL, *aaaa = !service && *host ? ask_dns(&p->j, host, DNS_TYPE_AAAA) : NULL;
    own |= (a && a->count) || (aaaa && aaaa->count);
  }
  if (own && mx->count <= 10) add_fresh(making, "mx");
}
