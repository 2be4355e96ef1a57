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

static const char *server_list(struct arena *arena, const char *const *names, size_t count) {
  const char *list = "";
  for (size_t i = 0; i < count && i < MOST_SERVERS; i++) list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", text_safe_string(arena, names[i]));
  return *list ? list : _("not told");
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
  if (strcmp(zone, name) != 0) page_pair(page, _("Zone"), text_safe_string(page->arena, zone));
  page_pair(page, _("Name servers"), server_list(page->arena, servers, count));
  page_pair(page, _("DNS host"), host ? text_safe_string(page->arena, host->name) : _("not recognised: use the general wording of the change request"));
  if (mixed) page_said(page, _("Name servers of two hosts appear. Both must be changed, or one copies from the other."), ROLE_WARN);
  if (host) put_form(page, host);
}

/* ---- the registry ---- */

/* The words of RFC 8056 that people ask about; others stand as they came. */
static const char *status_words(struct arena *arena, const char *status) {
  static const struct { const char *status, *words; } known[] = {
    { "active", N_("active") }, { "ok", N_("active") }, { "client hold", N_("switched off by the registrar") }, { "server hold", N_("switched off by the registry") },
    { "client transfer prohibited", N_("locked by the registrar against a move to another registrar") }, { "server transfer prohibited", N_("locked by the registry against a move to another registrar") },
    { "client delete prohibited", N_("locked by the registrar against deletion") }, { "server delete prohibited", N_("locked by the registry against deletion") },
    { "client update prohibited", N_("locked by the registrar against changes") }, { "server update prohibited", N_("locked by the registry against changes") },
    { "redemption period", N_("ended, and can still be bought back") }, { "pending delete", N_("about to be deleted") },
  };
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (strcmp(known[i].status, status) == 0) return _(known[i].words);
  return text_safe_string(arena, status);
}

static const char *statuses(struct arena *arena, const struct rdap_domain *rdap) {
  const char *list = "";
  for (size_t i = 0; i < rdap->status_count; i++) list = arena_printf(arena, "%s%s%s", list, i ? "; " : "", status_words(arena, rdap->statuses[i]));
  return *list ? list : _("not told");
}

static const char *delegation_words(enum rdap_delegation delegation) {
  switch (delegation) {
  case RDAP_DELEGATION_SIGNED: return _("signed: the registry has its DS record");
  case RDAP_DELEGATION_UNSIGNED: return _("not signed: the registry has no DS record");
  case RDAP_DELEGATION_NOT_TOLD: break;
  }
  return _("not told");
}

static const char *told(struct arena *arena, const char *text) { return *text ? text_safe_string(arena, text) : _("not told"); }

static void put_registration(struct page *page, const struct registry *registry) {
  const struct rdap_domain *rdap = registry->rdap;
  page_pair(page, _("Registered"), text_safe_string(page->arena, registry->domain));
  page_pair(page, _("Registrar"), told(page->arena, rdap->registrar));
  page_pair(page, _("Held by"), told(page->arena, rdap->registrant));
  page_pair(page, _("Since"), rdap->registration ? words_date(page->arena, rdap->registration) : _("not told"));
  page_pair(page, _("Runs out on"), rdap->expiration ? words_date(page->arena, rdap->expiration) : _("not told"));
  page_pair(page, _("State"), statuses(page->arena, rdap));
  page_pair(page, _("Name servers"), server_list(page->arena, rdap->name_servers, rdap->name_server_count));
  page_pair(page, _("DNSSEC"), delegation_words(rdap->delegation));
}

/* Why it was not asked, in this run. */
static const char *not_asked(struct wizard *wizard, bool asks) {
  if (!live_store(wizard)) return _("It is asked when the domain is checked: press r.");
  if (asks) return _("Could not look: the check ended before it answered.");
  if (wizard->live.inquiry.test_network) return _("It was not asked: registries are left alone on a test network.");
  return _("It was not asked: web servers are left alone in this run.");
}

/* What the registry of the domain says, by RDAP: nothing rests on it, and it is not always asked. */
static void put_registry(struct wizard *wizard, struct page *page) {
  struct registry registry = { .reason = "" };
  const struct verdict *verdict = live_verdict(wizard);
  bool of_domain = live_store(wizard) && live_is_of_domain(wizard), asks = of_domain && wizard->live.inquiry.ask_registry;
  struct judgement judgement = { .store = live_store(wizard), .inquiry = &wizard->live.inquiry, .arena = page->arena, .topic = TOPIC_NS };
  size_t *order, count = verdict ? findings_in_order(page->arena, verdict, topic_name(TOPIC_NS), &order) : 0;
  bool answered = of_domain && registry_find(&judgement, &registry);
  page_blank(page);
  page_section(page, _("What the registry says (RDAP)"));
  if (registry.rdap) put_registration(page, &registry);
  else if (!answered) page_paragraph(page, not_asked(wizard, asks));
  for (size_t i = 0; i < count; i++) {
    const struct finding *finding = verdict->findings[order[i]];
    if (!text_starts(finding->rule->id, "ns-registry")) continue;
    if (strcmp(finding->rule->id, "ns-registry-unavailable") == 0) page_said(page, arena_printf(page->arena, _("Could not look: %s"), text_safe_string(page->arena, registry.reason)), ROLE_UNKNOWN);
    page_item(page, arena_printf(page->arena, "finding:%s", finding_ref(page->arena, verdict, order[i])), finding_detail(page->arena, finding), severity_label(finding->severity), severity_role(finding->severity));
  }
  if (!registry.rdap) page_paragraph(page, _("Your own papers name the registrar, and so does a look-up by hand: for gov.uk in the register that Nominet runs (WHOIS at whois.gov.uk; unverified whether it still answers). No answer is no fault of the domain."));
}

static void build(struct wizard *wizard, struct page *page) {
  struct inquiry inquiry = casefile_inquiry(page->arena, wizard->casefile, wizard->domain);
  const char *contact = casefile_answer(wizard->casefile, wizard->domain, "dns-contact");
  page->reading = true;
  page->start = "question";
  page_heading(page, _("Who hosts your DNS, and how to enter records there"));
  page_paragraph(page, _("The name servers tell who hosts a zone. The registrar is needed only for delegation and DNSSEC."));
  page_item(page, "question", _("Who changes the DNS records of this domain?"), contact && *contact ? text_safe_string(page->arena, contact) : _("Not answered"), ROLE_TEXT);
  put_zone(wizard, page, wizard->domain);
  put_registry(wizard, page);
  for (size_t i = 0; i < inquiry.subdomain_count && i < MOST_ZONES; i++) put_zone(wizard, page, inquiry.subdomains[i]);
  for (size_t i = 0; i < inquiry.old_domain_count && i < MOST_ZONES; i++) put_zone(wizard, page, inquiry.old_domains[i].name);
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
