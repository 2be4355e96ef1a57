/* Who hosts the DNS of the domain and of the names around it, recognised from their name servers, and how the form of each takes records. */
#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/registry.h"
#include "src/base/lib.h"
#include "ui/refs.h"
#include "ui/wizard.h"

enum { MOST_ZONES = 12, MOST_SERVERS = 16 };

/* Name servers of a name, at it or above it, as the examination saw them. */
static size_t servers_of(const struct store *store, const char *name, const char **out, const char **out_zone) {
  for (const char *zone = name; *zone; zone = name_parent(zone)) {
    const struct dns_answer *answer = store_peek_dns(store, zone, DNS_TYPE_NS);
    size_t count = 0;
    for (size_t i = 0; answer && i < answer->count && count < MOST_SERVERS; i++) out[count++] = answer->records[i].target;
    if (!count) continue;
    *out_zone = zone;
    return count;
  }
  return 0;
}

static const char *apex_words(const struct dns_host_facts *host) {
  switch (host->apex) {
  case APEX_AT: return _("@ for the domain itself");
  case APEX_EMPTY: return _("empty for the domain itself");
  case APEX_FULL: return _("the full name for the domain itself");
  case APEX_BIND: return _("as in a zone file");
  case APEX_EITHER: break;
  }
  return _("empty, or @ if the form insists");
}

static const char *name_words(const struct dns_host_facts *host) {
  switch (host->name_form) {
  case NAME_RELATIVE: return _("the short name, without the domain");
  case NAME_FULL: return _("the full name");
  case NAME_BIND: return _("a line of a zone file");
  case NAME_EITHER: break;
  }
  return _("the short or the full name");
}

static const char *text_words(const struct dns_host_facts *host) {
  if (host->quoting == QUOTE_QUOTED) return host->long_values == LONG_SPLIT ? _("in quotation marks; long values as several strings of 255") : _("in quotation marks");
  return host->long_values == LONG_SPLIT ? _("as it is; long values as several strings of 255") : _("as it is, on one line, without quotation marks");
}

static void put_form(struct page *page, const struct dns_host_facts *host) {
  const char *mark = fact_mark_words(host->mark);
  if (*host->where) page_pair(page, _("The form is at"), text_safe_string(page->arena, host->where));
  page_pair(page, _("Host box"), arena_printf(page->arena, "%s; %s", name_words(host), apex_words(host)));
  page_pair(page, _("Text values"), text_words(host));
  if (host->ttl_least) page_pair(page, _("Lowest TTL"), words_span(page->arena, host->ttl_least));
  if (host->null_mx == FACT_NO) page_pair(page, _("Null MX"), _("not taken: leave it out"));
  if (host->by_ticket) page_pair(page, _("How"), _("by a written request to their desk"));
  if (*host->note) page_paragraph(page, text_safe_string(page->arena, host->note));
  if (*mark) page_paragraph(page, arena_printf(page->arena, "(%s)", mark));
}

static void put_zone(struct wizard *wizard, struct page *page, const char *name) {
  const char *servers[MOST_SERVERS], *zone = name;
  bool mixed = false;
  size_t count = live_store(wizard) ? servers_of(live_store(wizard), name, servers, &zone) : 0;
  const struct dns_host_facts *host = count ? facts_dns_host_of(wizard_facts(wizard), zone, servers, count, &mixed) : NULL;
  page_blank(page);
  page_section(page, text_safe_string(page->arena, name));
  if (gsi_is_family(name)) page_paragraph(page, _("A name of the gsi family: changes go to Vodafone, through the form of the Government Digital Service (the route of 2020; unverified whether it still answers)."));
  if (!count) {
    page_paragraph(page, _("Its name servers have not been seen yet. Check the domain."));
    return;
  }
  struct buf list = BUF_INIT(4096);
  for (size_t i = 0; i < count; i++) buf_printf(&list, i ? ", %s" : "%s", text_safe_string(page->arena, servers[i]));
  if (strcmp(zone, name) != 0) page_pair(page, _("Zone"), text_safe_string(page->arena, zone));
  page_pair(page, _("Name servers"), arena_strdup(page->arena, buf_string(&list)));
  page_pair(page, _("DNS host"), host ? text_safe_string(page->arena, host->name) : _("not recognised: use the general wording of the change request"));
  if (mixed) page_said(page, _("Name servers of two hosts appear. Both must be changed, or one copies from the other."), ROLE_WARN);
  if (host) put_form(page, host);
  buf_release(&list);
}

/* The registrar's name and the end of the registration, as they were seen; false: nothing was. */
static bool put_registration(struct wizard *wizard, struct page *page) {
  struct registry registry;
  struct judgement judgement = { .store = live_store(wizard), .inquiry = &wizard->live.inquiry, .arena = page->arena, .topic = TOPIC_NS };
  if (!judgement.store || !registry_find(&judgement, &registry) || !registry.rdap) return false;
  page_pair(page, _("Registration"), text_safe_string(page->arena, registry.domain));
  page_pair(page, _("Registrar"), *registry.rdap->registrar ? text_safe_string(page->arena, registry.rdap->registrar) : _("not told"));
  if (registry.rdap->expiration) page_pair(page, _("Registered until"), words_date(page->arena, registry.rdap->expiration));
  return true;
}

/* What the registry of the domain says, by RDAP: nothing rests on it, and it is not always asked. */
static void put_registry(struct wizard *wizard, struct page *page) {
  const struct verdict *verdict = live_verdict(wizard);
  size_t shown, *order, count = verdict ? findings_in_order(page->arena, verdict, topic_name(TOPIC_NS), &order) : 0;
  page_blank(page);
  page_section(page, _("What the registry says (RDAP)"));
  shown = put_registration(wizard, page);
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (strncmp(finding->rule->id, "ns-registry", 11) != 0) continue;
    page_item(page, arena_printf(page->arena, "finding:%s", finding_ref(page->arena, verdict, order[i])), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
    shown++;
  }
  if (!shown) page_paragraph(page, _("It was not asked, or nothing of it was seen yet. A look-up of the domain in the registry (WHOIS or RDAP; for gov.uk that of Nominet) names the registrar."));
}

static void build(struct wizard *wizard, struct page *page) {
  struct inquiry inquiry = casefile_inquiry(page->arena, wizard->casefile, wizard->domain);
  const char *contact = casefile_answer(wizard->casefile, wizard->domain, "dns-contact");
  page->reading = true;
  page_heading(page, _("Who hosts your DNS, and how to enter records there"));
  page_paragraph(page, _("The name servers tell who hosts a zone. The registrar is needed only for delegation and DNSSEC."));
  put_zone(wizard, page, wizard->domain);
  for (size_t i = 0; i < inquiry.subdomain_count && i < MOST_ZONES; i++) put_zone(wizard, page, inquiry.subdomains[i]);
  for (size_t i = 0; i < inquiry.old_domain_count && i < MOST_ZONES; i++) put_zone(wizard, page, inquiry.old_domains[i].name);
  put_registry(wizard, page);
  page_blank(page);
  page_item(page, "question", _("Who changes the DNS records of this domain?"), contact && *contact ? text_safe_string(page->arena, contact) : _("Not answered"), ROLE_TEXT);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "finding:", 8) == 0) wizard_go(wizard, SCREEN_FINDING, focus + 8);
  else if (strcmp(focus, "question") == 0) wizard_go(wizard, SCREEN_QUESTION, "dns-contact");
  else return false;
  return true;
}

const struct screen screen_hosts = { .name = "hosts", .help = "dns-hosts", .build = build, .act = act };
