#include "src/guidance/differences.h"

#include <string.h>

#include "src/base/lib.h"

/* In the order in which the guidance comes to them. What is not verified says so. */
static const struct guidance_difference differences[] = {
  { .id = "tls-versions", .title = N_("Versions of TLS"), .then = N_("TLS 1.2 or later, with the NCSC's preferred profiles."), .now = N_("TLS 1.3 and 1.2. 1.2 stays the least; 1.0 and 1.1 may remain for senders who have nothing better."),
    .why = N_("Nothing has to be chosen: a server that offers both is right by either."), .steps = "tls-everywhere tls-profile check-encryption", .records = "" },
  { .id = "tls-suites", .title = N_("Cipher suites and signatures"), .then = N_("An appropriate authority and the strong suites of the NCSC's profile of that time."),
    .now = N_("AES-GCM with ECDHE for TLS 1.2, AES-GCM for TLS 1.3; RSA keys of 2048 bits or ECDSA P-256 and up (the NCSC's list of curves and signatures is unverified)."),
    .why = N_("Nothing has to be chosen: the strong suites of then are among those of today."), .steps = "tls-profile", .records = "" },
  { .id = "tls-require", .title = N_("Requiring TLS to *.gov.uk"), .then = N_("Set rules that require TLS when sending to *.gov.uk, with an exceptions list."),
    .now = N_("A recommendation. MTA-STS does the same for every domain that publishes a policy, if your mail system honours it."), .choice = CHOICE_QUESTION, .question = "require-tls", .why = "", .steps = "tls-require", .records = "" },
  { .id = "tls-inbound", .title = N_("Requiring TLS on incoming email"), .then = N_("Do not make such a rule: ask the sender to require TLS."), .now = N_("The same, unless you have a specific use for such a rule."),
    .choice = CHOICE_QUESTION, .question = "inbound-tls", .why = "", .steps = "tls-inbound", .records = "" },
  { .id = "certificate-life", .title = N_("How long certificates live"), .then = N_("Buy certificates, keep them valid and renew them."), .now = N_("Public ones live for 200 days at most since 15 March 2026, 100 from March 2027, 47 from March 2029 (unverified). Let renewal run by itself."),
    .why = N_("The authorities decide this. What you choose is who renews."), .steps = "certificates check-certificates", .records = "" },
  { .id = "certificate-self", .title = N_("Self-signed certificates"), .then = N_("They will do for TLS with anyone who can."), .now = N_("Still so, but an MTA-STS policy needs certificates of a public authority, with the names of the mail servers."),
    .choice = CHOICE_TASK, .why = N_("Choose by publishing a policy or not: see the step on MTA-STS."), .steps = "tls-profile mta-sts", .records = "mtasts" },
  { .id = "tls-address", .title = N_("Where TLS reports go"), .then = N_("rua=mailto:tls-rua@mailcheck.service.ncsc.gov.uk"), .now = N_("A mailbox of your own, or a report service that you choose."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_TLS_ADDRESS, .why = N_("Mail Check closed on 31 March 2026 (date from secondary sources), and nothing published says who reads its old addresses."), .steps = "tls-reporting", .records = "tlsrpt" },
  { .id = "mta-sts", .title = N_("An MTA-STS policy"), .then = N_("Not mentioned."), .now = N_("Required for every domain that receives email: TLS reporting first, then a policy in testing mode for 2 weeks, then enforce with max_age of 2 weeks or more."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_NO_MTASTS, .why = N_("As in 2020, no policy is asked for where there is none. One that is there is looked after in any case."), .steps = "mta-sts", .records = "mtasts" },
  { .id = "inbound", .title = N_("Testing incoming email"), .then = N_("Test incoming email against DMARC."), .now = N_("The same, and now a must, with filtering of spam and malware. A receiver should not refuse a message for p=reject alone (RFC 9989)."),
    .choice = CHOICE_QUESTION, .question = "inbound-dmarc", .why = "", .steps = "inbound-dmarc cloud-authenticate", .records = "" },
  { .id = "dmarc-aim", .title = N_("How far the DMARC policy rises"), .then = N_("From p=none to quarantine or reject."), .now = N_("Reject is the aim, by way of quarantine. The percentage tag has left the standard (RFC 9989)."),
    .choice = CHOICE_VALUE, .why = N_("As in 2020, the route may end at quarantine."), .steps = "cloud-authenticate dmarc-record", .records = "dmarc" },
  { .id = "gsi-names", .title = N_("Names of the gsi family"), .then = N_("They must be replaced by names under gov.uk, gov.scot, gov.wales or llyw.cymru."), .now = N_("The networks behind them are history. What is left of such a name is treated as a domain that sends nothing."),
    .choice = CHOICE_QUESTION, .question = "old-domains", .why = "", .steps = "leave-gsi psn-leave", .records = "" },
  { .id = "gsi-route", .title = N_("Who changes DNS records under the gsi names"), .then = N_("Vodafone, through the form of the Government Digital Service."), .now = N_("The same route, as nothing else is published; whether it still answers is unverified."),
    .why = N_("Each record in the request says which way it goes."), .steps = "leave-gsi dns-who", .records = "" },
  { .id = "psn", .title = N_("Email over the PSN"), .then = N_("A section of its own, and the advice to move to modern networks."), .now = N_("PSN email is history. The section is shown only if something of yours still depends on it."),
    .choice = CHOICE_QUESTION, .question = "psn", .why = "", .steps = "psn-leave", .records = "" },
  { .id = "psn-portal", .title = N_("The PSN filtering portal"), .then = N_("clients.messagelabs.com, of MessageLabs and Symantec."), .now = N_("The Email Security.cloud console of Broadcom."), .why = N_("It is the same product under another owner."), .steps = "psn-portal", .records = "" },
  { .id = "spf-messagelabs", .title = N_("include:spf.messagelabs.com in SPF"), .then = N_("PSN users put it into their SPF record."), .now = N_("Only while a filtering service of Broadcom sends for you: it costs look-ups and lets its other customers pass SPF."),
    .choice = CHOICE_TASK, .why = N_("Choose in the list of services: confirm the service, or say that it is not yours."), .steps = "psn-authenticate", .records = "" },
  { .id = "psn-contact", .title = N_("Help from the PSN team"), .then = N_("A contact form of the PSN team."), .now = N_("The form belongs to a programme that has closed (unverified), so it is not shown as a contact."), .why = N_("Ask the provider, the vendor, or your DNS provider."), .steps = "get-help", .records = "" },
  { .id = "standard", .title = N_("The standard to name when buying"), .then = N_("The Minimum Cyber Security Standard of 2018."), .now = N_("The Government Cyber Security Standard and GovAssure (unverified)."), .choice = CHOICE_TASK, .why = N_("The draft wording for procurement can be edited before it is saved."), .steps = "other-list", .records = "" },
  { .id = "services-spf", .title = N_("Services of others in SPF and DMARC"), .then = N_("Put each service into SPF and DMARC."), .now = N_("Give each its DKIM signature as your domain first: a service whose envelope sender is its own domain gains nothing from SPF, and p=reject must not rest on SPF alone."),
    .choice = CHOICE_TASK, .why = N_("Choose in the list of services: a service counts by its SPF term, by its selectors, or by both."), .steps = "other-records", .records = "" },
  { .id = "bulk", .title = N_("Rules of large mailbox providers"), .then = N_("Not mentioned."), .now = N_("Above 5,000 messages a day Google and Yahoo (since February 2024) and Microsoft (since May 2025) want SPF, DKIM and an aligned DMARC record; the first two also one-click unsubscribe and few complaints."),
    .why = N_("The providers decide this (from secondary sources)."), .steps = "other-records dmarc-record", .records = "" },
  { .id = "registry", .title = N_("Looking up the registration"), .then = N_("The WHOIS page of Jisc."), .now = N_("Nominet has run the registry of gov.uk since 26 June 2024. mailstead asks it over RDAP; only an approved registrar changes a registration."),
    .why = N_("Nothing has to be chosen."), .steps = "dns-who dns-access", .records = "" },
  { .id = "guides", .title = N_("Where the guides are"), .then = N_("Guides on GOV.UK and one page of the NCSC."), .now = N_("The NCSC has made a collection of its page, and the guide to MTA-STS is on security.gov.uk. mailstead's help pages say what they ask, with what has changed."),
    .why = N_("Nothing has to be chosen."), .steps = "read-guides", .records = "" },
  { .id = "spf-type", .title = N_("The type of the SPF record"), .then = N_("TXT or CNAME."), .now = N_("TXT only. A CNAME can stand at a subdomain and lead to a name that holds the TXT record, never at the domain itself."),
    .why = N_("A CNAME at the domain would hide its other records, so it is never asked for."), .steps = "spf-record", .records = "spf" },
  { .id = "spf-ending", .title = N_("The end of the SPF record"), .then = N_("At least ~all."), .now = N_("~all will do once DMARC enforces. -all is for domains that send nothing."), .choice = CHOICE_QUESTION, .question = "spf-ending", .why = "", .steps = "spf-record", .records = "spf" },
  { .id = "dkim-size", .title = N_("The length of DKIM keys"), .then = N_("v=DKIM1; k=rsa; p= and a key of any length."), .now = N_("RSA keys of 2048 bits or more; less than 1024 is refused by receivers (RFC 8301). Ed25519 only beside RSA, as few verify it."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_DKIM_SIZE, .why = N_("As in 2020, a key of 1024 bits is left alone, and one that you paste is taken."), .steps = "dkim-record", .records = "dkim" },
  { .id = "dkim-form", .title = N_("The form of the DKIM record"), .then = N_("A TXT record with the key, or the provider's CNAME; and a DKIM policy record."), .now = N_("The same two, and many providers now give CNAMEs, which let them change keys without you. A DKIM policy record has no meaning any more."),
    .choice = CHOICE_TASK, .why = N_("Choose in your provider's console; either form can be entered here."), .steps = "dkim-record cloud-authenticate", .records = "dkim" },
  { .id = "dmarc-address", .title = N_("Where DMARC reports go"), .then = N_("rua=mailto:dmarc-rua@dmarc.service.gov.uk and a mailbox of your own."), .now = N_("A mailbox of your own, or a report service that you choose."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_DMARC_ADDRESS, .why = N_("Mail Check closed on 31 March 2026 (date from secondary sources), and nothing published says who reads its old addresses. As in 2020, its address is added to yours in a record that is new or changes; one that is right is left alone."),
    .steps = "dmarc-record check-nonsending", .records = "dmarc" },
  { .id = "dmarc-fo", .title = N_("fo=1 in the DMARC record"), .then = N_("The sample record has fo=1."), .now = N_("Left out: it has no effect unless ruf= stands beside it (RFC 9989)."), .choice = CHOICE_VALUE, .value = PLAN_2020_DMARC_FO, .why = N_("It does no harm. One that is in your record stays; a record that is right without it is left alone."),
    .steps = "dmarc-record", .records = "dmarc" },
  { .id = "dmarc-psd", .title = N_("psd=n in the DMARC record"), .then = N_("Not known then."), .now = N_("psd=n says that your name is an organisation's and no suffix. Without it, receivers that follow RFC 9989 may take gov.uk for the organisation, and email of other bodies may count as aligned with yours."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_DMARC_PSD, .why = N_("Older receivers ignore it. Strict alignment (adkim=s; aspf=s) does the same."), .steps = "dmarc-record", .records = "dmarc" },
  { .id = "dmarc-below", .title = N_("DMARC of digital services and subdomains"), .then = N_("Digital services have a DMARC record of their own."), .now = N_("A subdomain without a record takes the policy of the domain above it, by np=, sp= or p=, so a record of its own is asked for only where the policy above is weaker."),
    .choice = CHOICE_VALUE, .value = PLAN_2020_DIGITAL, .why = N_("As in 2020, each digital service gets a record of its own."), .steps = "digital-services", .records = "dmarc" },
  { .id = "parked", .title = N_("Records of domains that send nothing"), .then = N_("Protect them too, by the page on domains that do not send email."), .now = N_("v=spf1 -all, DMARC with p=reject and sp=reject, an empty DKIM key at *._domainkey, and a null MX where the DNS host takes it. Keep the domain registered."),
    .choice = CHOICE_TASK, .why = N_("Each record can be left out of the request."), .steps = "check-nonsending check-certificates", .records = "" },
  { .id = "monitoring", .title = N_("Watching your domains"), .then = N_("Register each domain with Mail Check, with its alerts on."), .now = N_("Mail Check and Web Check closed on 31 March 2026 (date from secondary sources). Choose another service, or run mailstead check every week."),
    .choice = CHOICE_TASK, .why = N_("Tick the task off when someone is told of faults, by whatever means."), .steps = "check-monitoring", .records = "" },
  { .id = "mx-lookup", .title = N_("Checking MX records"), .then = N_("Use a public look-up site."), .now = N_("mailstead looks for itself: each server is resolved, connected to, and asked for TLS."), .why = N_("Nothing has to be chosen."), .steps = "check-servers", .records = "" },
  { .id = "ptr", .title = N_("Reverse names of sending hosts"), .then = N_("The sending host has matching A and PTR records."), .now = N_("The same, and now a must for every service that sends."), .why = N_("Nothing has to be chosen."), .steps = "reverse-dns", .records = "" },
};

size_t guidance_difference_count(void) { return MEM_COUNT(differences); }
const struct guidance_difference *guidance_difference_at(size_t index) { return &differences[index]; }

const struct guidance_difference *guidance_difference_find(const char *id) {
  for (size_t i = 0; i < MEM_COUNT(differences); i++)
    if (strcmp(differences[i].id, id) == 0) return &differences[i];
  return NULL;
}

bool guidance_difference_of_step(const struct guidance_difference *difference, const struct guidance_step *step) { return text_has_word(difference->steps, step->id); }
bool guidance_difference_of_record(const struct guidance_difference *difference, const char *record) { return *record && text_has_word(difference->records, record); }

const char *guidance_record_of(const char *name, uint16_t type) {
  static const struct { const char *prefix, *record; } names[] = { { "_dmarc.", "dmarc" }, { "_smtp._tls.", "tlsrpt" }, { "_mta-sts.", "mtasts" }, { "mta-sts.", "mtasts" } };
  for (size_t i = 0; i < MEM_COUNT(names); i++)
    if (text_starts(name, names[i].prefix)) return names[i].record;
  if (strstr(name, "._domainkey")) return "dkim";
  return type == DNS_TYPE_TXT ? "spf" : "";
}

/* ---- choices ---- */

static const char *key_of(struct arena *arena, const char *id) { return arena_printf(arena, "%s%s", GUIDANCE_CHOICE, id); }

bool guidance_as_2020(const struct casefile *casefile, const char *domain, const char *id, bool otherwise) {
  struct arena *arena = arena_new_sized(256);
  const char *answer = casefile ? casefile_answer(casefile, domain, key_of(arena, id)) : NULL;
  bool chosen = answer ? strcmp(answer, "yes") == 0 : otherwise;
  arena_free(&arena);
  return chosen;
}

bool guidance_choose_2020(struct casefile *casefile, const char *domain, const char *const *ids, size_t count, bool as_2020, struct fault *fault) {
  struct arena *arena = arena_new_sized(1024);
  const char **keys = ARENA_ARRAY(arena, const char *, count);
  for (size_t i = 0; i < count; i++) keys[i] = key_of(arena, ids[i]);
  bool saved = casefile_set_answers(casefile, domain, keys, count, as_2020 ? "yes" : "no", count == 1 ? keys[0] : GUIDANCE_CHOICE, fault);
  arena_free(&arena);
  return saved;
}

unsigned guidance_values_of_2020(const struct casefile *casefile, const char *domain, bool otherwise) {
  unsigned values = 0;
  for (size_t i = 0; i < MEM_COUNT(differences); i++)
    if (differences[i].value && guidance_as_2020(casefile, domain, differences[i].id, otherwise)) values |= differences[i].value;
  return values;
}

const char *guidance_changed(struct arena *arena, const struct guidance_step *step) {
  const char *all = "";
  for (size_t i = 0; i < MEM_COUNT(differences); i++)
    if (guidance_difference_of_step(&differences[i], step)) all = arena_printf(arena, "%s%s%s: %s", all, *all ? "\n" : "", _(differences[i].title), _(differences[i].now));
  return all;
}
