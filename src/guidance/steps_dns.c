#include "src/guidance/tables.h"

/* Sections 4 and 5: Other email sending services; Configure your DNS records. */

const struct guidance_step steps_dns[] = {
  { .id = "other-list", .section = 4, .title = N_("List your other sending services"), .ids = "other-inventory other-tls", .questions = { "services-complete" }, .services = { "tls12" },
    .tasks = { { .id = "other-procurement", .text = N_("TLS 1.2 or later is a condition in what we buy"), .ids = "other-tls" } }, .letters = "procurement", .screens = "services", .help = "services",
    .says = N_("Filtering services, your own applications and scripts, cloud applications, and line-of-business applications send email too. TLS 1.2 is a condition when purchasing.") },
  { .id = "other-records", .section = 4, .title = N_("Include them in SPF, DKIM and DMARC"), .ids = "other-records other-dkim", .topics = T(SPF) | T(DKIM), .records = "spf dkim", .questions = { "selectors" }, .services = { "selectors" }, .when = WHEN_SENDS, .help = "services",
    .says = N_("Put each service into SPF. Publish each service's own DKIM record, or share a signature.") },
  { .id = "other-ask", .section = 4, .title = N_("Ask each provider for its details"), .ids = "other-ask-provider",
    .tasks = { { .id = "other-ask", .text = N_("Every provider has told us its DKIM records and its SPF term"), .ids = "other-ask-provider" } }, .letters = "provider", .when = WHEN_OTHERS, .help = "services",
    .says = N_("Ask the provider how to sign with DKIM and what to put into SPF.") },
  { .id = "other-subdomain", .section = 4, .title = N_("Consider a subdomain for other senders"), .ids = "other-subdomain", .topics = T(SPF), .rules = "spf-lookups-near spf-too-many-lookups", .records = "spf", .questions = { "subdomain", "subdomains" },
    .screens = "subdomains", .when = WHEN_SENDS, .help = "subdomains",
    .says = N_("Consider a separate subdomain for services of others: SPF and DKIM become simpler.") },

  { .id = "read-guides", .section = 5, .title = N_("Read about SPF, DKIM and DMARC"), .ids = "dns-dmarc-read dns-dkim-read dns-spf-read",
    .tasks = { { .id = "read-dmarc", .text = N_("I have read the help page on DMARC"), .ids = "dns-dmarc-read" }, { .id = "read-dkim", .text = N_("I have read the help page on DKIM"), .ids = "dns-dkim-read" },
               { .id = "read-spf", .text = N_("I have read the help page on SPF"), .ids = "dns-spf-read" } }, .screens = "help:dmarc help:dkim help:spf", .help = "spf",
    .says = N_("Read the guides before you change the records.") },
  { .id = "dns-who", .section = 5, .title = N_("Find out whom to ask for DNS changes"), .ids = "dns-contact dns-whois dns-request-details", .topics = T(NS), .rules = "ns-domain ns-lookup ns-no-answer ns-lame ns-record ns-too ns-name ns-txt ns-cname ns-registry ns-dnssec-bogus", .questions = { "dns-contact" }, .screens = "dns-hosts", .help = "dns-hosts",
    .says = N_("Names of the gsi family: Vodafone, through the Government Digital Service. All others: your registrar or DNS provider. A registry look-up names them.") },
  { .id = "spf-record", .section = 5, .title = N_("Publish an SPF record"), .ids = "dns-spf", .topics = T(SPF), .records = "spf", .questions = { "spf-ending" }, .screens = "spf-tree", .help = "spf",
    .says = N_("TXT (or CNAME) at the domain: v=spf1, the servers that send, and ~all.") },
  { .id = "dkim-record", .section = 5, .title = N_("Publish DKIM keys"), .ids = "dns-dkim dns-dkim-legacy", .topics = T(DKIM), .records = "dkim", .questions = { "selectors" }, .services = { "can-sign" }, .screens = "verify-message",
    .tasks = { { .id = "dns-dkim-legacy", .text = N_("Email of systems that cannot sign goes through a service that can, or they are being replaced"), .ids = "dns-dkim-legacy" } }, .when = WHEN_SENDS, .help = "dkim",
    .says = N_("TXT at selector._domainkey: v=DKIM1; k=rsa; p= and the key; or the provider's CNAME. Move what cannot sign to a service that can.") },
  { .id = "dmarc-record", .section = 5, .title = N_("Publish and tighten DMARC"), .ids = "dns-dmarc dns-dmarc-mailbox", .topics = T(DMARC), .records = "dmarc", .questions = { "reports-read" },
    .tasks = { { .id = "dns-dmarc-mailbox", .text = N_("The report mailbox exists and takes email from outside"), .ids = "dns-dmarc-mailbox" } }, .screens = "dmarc-route", .help = "dmarc",
    .says = N_("TXT at _dmarc: v=DMARC1;p=none;fo=1;rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:dmarc@ your domain. Create that mailbox.") },
  { .id = "digital-services", .section = 5, .title = N_("Give digital services DMARC too"), .ids = "dns-digital-services", .topics = T(DMARC), .rules = "dmarc-digital dmarc-subdomain dmarc-inherited", .records = "dmarc", .questions = { "digital-services" },
    .screens = "digital-services", .help = "digital-services",
    .says = N_("Digital services have a DMARC record too.") },
  { .id = "ask-for-changes", .section = 5, .title = N_("Ask for your DNS changes"), .ids = "dns-request-details", .records = "request", .screens = "request verify", .letters = "dns-provider", .help = "change-requests",
    .says = N_("Send the exact records to whoever changes your DNS, with type, host, value and a short TTL for each.") },
};
const size_t steps_dns_count = MEM_COUNT(steps_dns);
