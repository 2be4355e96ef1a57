#include "src/guidance/tables.h"

/* Section 1: Prepare to secure your email service. */

const struct guidance_step steps_prepare[] = {
  { .id = "list-services", .section = 1, .title = N_("List the services that send or receive your email"), .ids = "prep-inventory", .topics = T(SPF) | T(MX),
    .rules = "spf-sender gsi-spf-messagelabs spf-mx-without mx-verification parked-looks-used", .questions = { "sends", "receives", "services-complete", "sending" }, .screens = "services", .help = "prepare",
    .says = N_("Know every system that sends email for the organisation: mailboxes, relays and gateways, filtering, and services of others that send in your name.") },
  { .id = "tls-everywhere", .section = 1, .title = N_("Check that every service can use TLS 1.2"), .ids = "prep-tls", .topics = T(TLS), .rules = "tls-version tls-service smtp-starttls tls-handshake",
    .services = { "tls12" }, .settings = "minimum-version", .screens = "mail-system", .help = "tls",
    .says = N_("Email services must support TLS 1.2 or later, for sending and receiving.") },
  { .id = "dkim-everywhere", .section = 1, .title = N_("Check that outgoing email is signed with DKIM"), .ids = "prep-dkim", .topics = T(DKIM), .rules = "dkim-service dkim-none dkim-ok dkim-rsa-2048",
    .services = { "signs", "can-sign" }, .when = WHEN_SENDS, .settings = "dkim", .screens = "mail-system verify-message", .help = "dkim",
    .says = N_("Outgoing messages carry DKIM signatures.") },
  { .id = "inbound-dmarc", .section = 1, .title = N_("Check that incoming email is tested against DMARC"), .ids = "prep-dmarc-inbound", .topics = T(TLS), .rules = "tls-inbound-dmarc",
    .questions = { "inbound-dmarc" }, .services = { "inbound-dmarc" }, .when = WHEN_RECEIVES, .settings = "inbound-dmarc", .screens = "mail-system", .help = "inbound",
    .says = N_("Incoming email is tested against the DMARC policy of its sender.") },
  { .id = "admin-access", .section = 1, .title = N_("Find out who can change each service"), .ids = "prep-admin", .questions = { "admin" }, .services = { "changes" }, .help = "prepare",
    .says = N_("You need administrative access throughout the email service.") },
  { .id = "dns-access", .section = 1, .title = N_("Find out who can change your DNS"), .ids = "prep-dns", .topics = T(NS), .rules = "ns-domain ns-lookup ns-no-answer ns-lame ns-record ns-too ns-name ns-txt ns-cname ns-registry ns-dnssec-bogus", .questions = { "dns-contact" }, .screens = "dns-hosts", .help = "dns-hosts",
    .says = N_("You need a public DNS record that you can edit for each email domain.") },
  { .id = "leave-gsi", .section = 1, .title = N_("Replace names of the gsi family"), .ids = "prep-gsi", .topics = T(GSI), .records = "spf dmarc tlsrpt mx ptr", .questions = { "old-domains", "replacement", "forwards", "old-sends" },
    .tasks = { { .id = "gsi-told", .text = N_("Everyone who wrote to addresses at {old} has been told the new ones"), .ids = "prep-gsi", .when = WHEN_OLD, .of_old = true } }, .letters = "addresses colleagues", .screens = "migration", .help = "gsi",
    .says = N_("gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk must be replaced by gov.uk, gov.scot, gov.wales or llyw.cymru.") },
  { .id = "get-help", .section = 1, .title = N_("Know where to get help"), .ids = "prep-contact",
    .tasks = { { .id = "get-help", .text = N_("I know whom to ask about each service: its vendor, our DNS provider, and our own colleagues"), .ids = "prep-contact" } }, .help = "contacts",
    .says = N_("For a provider's own settings ask the provider or the vendor.") },
};
const size_t steps_prepare_count = MEM_COUNT(steps_prepare);
