#include "src/guidance/tables.h"

/* Section 2: Cloud or internet-based email services. */

const struct guidance_step steps_cloud[] = {
  { .id = "tls-profile", .section = 2, .title = N_("Encrypt with strong TLS on your mail servers"), .ids = "cloud-tls-profile cloud-tls-suite-ca cloud-tls-opportunistic cloud-tls-selfsigned", .topics = T(TLS) | T(DANE),
    .rules = "tls-cipher tls-curve tls-dh tls-signature tls-compression tls-renegotiation tls-handshake tls-version tls-old tls-opportunistic tls-differs tls-client tls-cert-self tls-cert-untrusted tls-cert-weak smtp-starttls dane-",
    .questions = { "opportunistic", "mail-system" }, .settings = "opportunistic minimum-version activate", .screens = "mail-system", .when = WHEN_RECEIVES, .help = "tls",
    .says = N_("Use TLS 1.2 or later with the preferred cipher suites and an appropriate certificate authority. Use TLS with everyone who can. A self-signed certificate will do for that.") },
  { .id = "tls-require", .section = 2, .title = N_("Set rules to require TLS to *.gov.uk"), .ids = "cloud-tls-require cloud-tls-exceptions cloud-tls-ask-partners cloud-tls-valid-certs", .topics = T(TLS), .rules = "tls-require",
    .questions = { "mail-system", "require-tls" },
    .tasks = { { .id = "tls-require", .text = N_("The rule is set in the mail system"), .ids = "cloud-tls-require" },
               { .id = "tls-exceptions", .text = N_("Partner domains were tested, and those without TLS are on the rule's exceptions list"), .ids = "cloud-tls-exceptions" },
               { .id = "tls-valid-certs", .text = N_("It is decided for which partners a valid certificate is required: for none, or for a list"), .ids = "cloud-tls-valid-certs" } },
    .letters = "partner", .settings = "require-tls exceptions valid-certificates sts-dane activate", .screens = "mail-system partners", .when = WHEN_SENDS, .help = "tls-rules",
    .says = N_("Require TLS when sending to *.gov.uk, with an exceptions list for domains that do not support it. You may require valid certificates of partners. If your own domain has no TLS, ask your partners to list it.") },
  { .id = "tls-inbound", .section = 2, .title = N_("Do not require TLS on incoming email"), .ids = "cloud-tls-inbound", .topics = T(TLS), .rules = "tls-inbound-mandatory", .questions = { "inbound-tls" }, .when = WHEN_RECEIVES, .settings = "inbound", .screens = "mail-system", .help = "tls-rules",
    .says = N_("Do not make rules that require TLS on incoming email: messages would be refused. Ask the sender to require it.") },
  { .id = "certificates", .section = 2, .title = N_("Use certificates with the right names"), .ids = "cloud-cert-name cloud-cert-managed", .topics = T(TLS), .rules = "tls-cert", .questions = { "certificates-by" },
    .tasks = { { .id = "certificates", .text = N_("We know who renews each certificate, and how they are warned in time"), .ids = "cloud-cert-managed" } }, .when = WHEN_RECEIVES, .settings = "certificates", .screens = "mail-system", .help = "certificates",
    .says = N_("The certificate's names match the mail servers' names. Cloud services manage certificates for you; for your own server you buy and manage them.") },
  { .id = "tls-reporting", .section = 2, .title = N_("Turn on TLS reporting"), .ids = "cloud-tlsrpt", .topics = T(TLSRPT), .records = "tlsrpt",
    .tasks = { { .id = "tls-reporting", .text = N_("The mailbox for TLS reports exists and someone reads it"), .ids = "cloud-tlsrpt" } }, .when = WHEN_RECEIVES, .help = "tls-rpt",
    .says = N_("Publish a TXT record at _smtp._tls with v=TLSRPTv1 and a report address.") },
  { .id = "mta-sts", .section = 2, .title = N_("Publish an MTA-STS policy"), .ids = "cloud-tls-opportunistic", .topics = T(MTASTS), .records = "mtasts",
    .tasks = { { .id = "mta-sts", .text = N_("The policy file is on a web server, as mta-sts.<your domain>/.well-known/mta-sts.txt"), .ids = "", .proof = "mtasts-ok" } }, .screens = "policy-file", .when = WHEN_RECEIVES, .help = "mta-sts",
    .says = N_("The guidance of 2020 does not mention MTA-STS.") },
  { .id = "cloud-authenticate", .section = 2, .title = N_("Authenticate your email: SPF, DKIM and DMARC"), .ids = "cloud-dmarc cloud-spf cloud-dkim cloud-dkim-sign cloud-dmarc-inbound", .topics = T(SPF) | T(DKIM) | T(DMARC), .records = "spf dmarc dkim",
    .questions = { "inbound-dmarc" },
    .tasks = { { .id = "cloud-dkim-sign", .text = N_("A message sent to an outside mailbox shows a valid DKIM signature of our own domain"), .ids = "cloud-dkim-sign", .when = WHEN_SENDS } }, .settings = "dkim inbound-dmarc", .screens = "mail-system dmarc-route verify-message", .help = "dmarc",
    .says = N_("Publish DMARC from p=none, rising to quarantine or reject. Publish SPF with all senders and at least ~all. Publish DKIM keys and sign. Test incoming email against DMARC.") },
  { .id = "footers", .section = 2, .title = N_("Turn outgoing footers off in the filter"), .ids = "cloud-footers", .topics = T(DKIM), .rules = "dkim-footer", .services = { "footers" },
    .tasks = { { .id = "footers", .text = N_("Outgoing footers are off in the filtering service"), .ids = "cloud-footers" } }, .when = WHEN_FILTERING, .settings = "footers dkim", .screens = "mail-system", .help = "footers",
    .says = N_("Turn outgoing footers off where a filtering service signs or passes on your email.") },
  { .id = "reverse-dns", .section = 2, .title = N_("Match forward and reverse DNS"), .ids = "cloud-ptr", .topics = T(ADDRESS), .records = "ptr", .questions = { "sending" }, .when = WHEN_SENDS, .help = "ptr",
    .says = N_("The sending host has matching A and PTR records.") },
};
const size_t steps_cloud_count = MEM_COUNT(steps_cloud);
