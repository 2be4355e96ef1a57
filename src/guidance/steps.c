#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/lib.h"

#define T(topic) (1u << TOPIC_##topic)

static const char *const titles[GUIDANCE_SECTIONS] = {
  N_("Prepare to secure your email service"), N_("Cloud or internet-based email services"), N_("PSN-based email services"), N_("Other email sending services"),
  N_("Configure your DNS records"), N_("Check your email services are secure"), N_("Communicate changes to your organisation"),
};

#define MAIL_CHECK N_("23 November 2026: the Mail Check service that the guidance names closed on 31 March 2026 (date from secondary sources). Nothing published says who reads its old addresses, so today's advice is a mailbox of your own.")

static const struct guidance_step steps[] = {
  { .id = "list-services", .section = 1, .title = N_("List the services that send or receive your email"), .ids = "prep-inventory", .questions = { "services-complete", "sending" }, .help = "prepare",
    .says = N_("Know every system that sends email for the organisation: mailboxes, relays and gateways, filtering, and services of others that send in your name."), .changed = "" },
  { .id = "tls-everywhere", .section = 1, .title = N_("Check that every service can use TLS 1.2"), .ids = "prep-tls", .topics = T(TLS), .questions = { "tls12" }, .help = "tls",
    .says = N_("Email services must support TLS 1.2 or later, for sending and receiving."), .changed = N_("TLS 1.3 is in general use now. 1.2 stays the least that is accepted.") },
  { .id = "dkim-everywhere", .section = 1, .title = N_("Check that outgoing email is signed with DKIM"), .ids = "prep-dkim", .topics = T(DKIM), .questions = { "signs" }, .when = WHEN_SENDS, .help = "dkim",
    .says = N_("Outgoing messages carry DKIM signatures."), .changed = "" },
  { .id = "inbound-dmarc", .section = 1, .title = N_("Check that incoming email is tested against DMARC"), .ids = "prep-dmarc-inbound", .questions = { "inbound-dmarc" }, .when = WHEN_RECEIVES, .help = "dmarc",
    .says = N_("Incoming email is tested against the DMARC policy of its sender."), .changed = "" },
  { .id = "admin-access", .section = 1, .title = N_("Find out who can change each service"), .ids = "prep-admin", .questions = { "admin" }, .help = "prepare",
    .says = N_("You need administrative access throughout the email service."), .changed = "" },
  { .id = "dns-access", .section = 1, .title = N_("Find out who can change your DNS"), .ids = "prep-dns", .topics = T(NS), .questions = { "dns-contact" }, .help = "dns-hosts",
    .says = N_("You need a public DNS record that you can edit for each email domain."), .changed = "" },
  { .id = "leave-gsi", .section = 1, .title = N_("Replace names of the gsi family"), .ids = "prep-gsi", .topics = T(GSI), .questions = { "old-domains", "replacement", "forwards" }, .help = "gsi",
    .says = N_("gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk must be replaced by gov.uk, gov.scot, gov.wales or llyw.cymru."), .changed = N_("The networks behind the old names are history. What is left of them is treated as a domain that sends nothing.") },
  { .id = "get-help", .section = 1, .title = N_("Know where to get help"), .ids = "prep-contact", .task = N_("I know whom to ask about each service: its vendor, our DNS provider, and our own colleagues"), .help = "contacts",
    .says = N_("For a provider's own settings ask the provider or the vendor."), .changed = N_("The contact form of the PSN team belongs to a programme that has closed (unverified). It is not shown here as a contact.") },

  { .id = "tls-profile", .section = 2, .title = N_("Encrypt with strong TLS on your mail servers"), .ids = "cloud-tls-profile cloud-tls-suite-ca cloud-tls-opportunistic cloud-tls-selfsigned", .topics = T(TLS) | T(DANE), .questions = { "opportunistic" }, .when = WHEN_RECEIVES, .help = "tls",
    .says = N_("Use TLS 1.2 or later with the preferred cipher suites and an appropriate certificate authority. Use TLS with everyone who can. A self-signed certificate will do for that."), .changed = "" },
  { .id = "tls-require", .section = 2, .title = N_("Set rules to require TLS to *.gov.uk"), .ids = "cloud-tls-require cloud-tls-exceptions cloud-tls-ask-partners cloud-tls-valid-certs", .questions = { "require-tls" }, .task = N_("The rule is set, and domains without TLS are on its exceptions list"), .when = WHEN_SENDS, .help = "tls-rules",
    .says = N_("Require TLS when sending to *.gov.uk, with an exceptions list for domains that do not support it. You may require valid certificates of partners."), .changed = N_("Requiring TLS to *.gov.uk is now a recommendation. MTA-STS does the same for every domain that publishes a policy.") },
  { .id = "tls-inbound", .section = 2, .title = N_("Do not require TLS on incoming email"), .ids = "cloud-tls-inbound", .questions = { "inbound-tls" }, .when = WHEN_RECEIVES, .help = "tls-rules",
    .says = N_("Do not make rules that require TLS on incoming email: messages would be refused. Ask the sender to require it."), .changed = "" },
  { .id = "certificates", .section = 2, .title = N_("Use certificates with the right names"), .ids = "cloud-cert-name cloud-cert-managed", .topics = T(TLS), .task = N_("We know who renews each certificate: the provider, or ourselves"), .when = WHEN_RECEIVES, .help = "certificates",
    .says = N_("The certificate's names match the mail servers' names. Cloud services manage certificates for you; for your own server you buy and manage them."), .changed = N_("Public certificates live for 200 days at most since 15 March 2026, and for less from 2027 (unverified). Let renewal run by itself.") },
  { .id = "tls-reporting", .section = 2, .title = N_("Turn on TLS reporting"), .ids = "cloud-tlsrpt", .topics = T(TLSRPT), .records = "tlsrpt", .when = WHEN_RECEIVES, .help = "tls-rpt",
    .says = N_("Publish a TXT record at _smtp._tls with v=TLSRPTv1 and a report address."), .changed = MAIL_CHECK },
  { .id = "mta-sts", .section = 2, .title = N_("Publish an MTA-STS policy"), .ids = "cloud-tls-opportunistic", .topics = T(MTASTS), .records = "mtasts", .when = WHEN_RECEIVES, .help = "mta-sts",
    .says = N_("The guidance of 2020 does not mention MTA-STS."), .changed = N_("MTA-STS is now required for every domain that receives email: TLS reporting first, then a policy in testing mode, then enforce.") },
  { .id = "cloud-authenticate", .section = 2, .title = N_("Authenticate your email: SPF, DKIM and DMARC"), .ids = "cloud-dmarc cloud-spf cloud-dkim cloud-dkim-sign cloud-dmarc-inbound", .topics = T(SPF) | T(DKIM) | T(DMARC), .records = "spf dmarc", .questions = { "signs", "inbound-dmarc" }, .help = "dmarc",
    .says = N_("Publish DMARC from p=none, rising to quarantine or reject. Publish SPF with all senders and at least ~all. Publish DKIM keys and sign."), .changed = N_("The aim is reject. The percentage tag has left the standard (RFC 9989).") },
  { .id = "footers", .section = 2, .title = N_("Turn outgoing footers off in the filter"), .ids = "cloud-footers", .questions = { "footers" }, .when = WHEN_FILTERING, .help = "dkim",
    .says = N_("Turn outgoing footers off where a filtering service signs or passes on your email."), .changed = "" },
  { .id = "reverse-dns", .section = 2, .title = N_("Match forward and reverse DNS"), .ids = "cloud-ptr", .topics = T(ADDRESS), .questions = { "sending" }, .when = WHEN_SENDS, .help = "ptr",
    .says = N_("The sending host has matching A and PTR records."), .changed = "" },

  { .id = "psn-leave", .section = 3, .title = N_("Leave the PSN"), .ids = "psn-leave psn-gsi", .topics = T(GSI), .questions = { "psn" }, .help = "psn",
    .says = N_("Move to modern networks, and replace names of the gsi family."), .changed = N_("PSN email and the gsi family are history. This section matters only if something of yours still depends on them.") },
  { .id = "psn-encrypt", .section = 3, .title = N_("Encrypt PSN email and publish its mail servers"), .ids = "psn-tls psn-mx", .topics = T(MX), .records = "mx", .task = N_("TLS is used inside the PSN wherever both sides can"), .when = WHEN_PSN, .help = "psn",
    .says = N_("Use opportunistic TLS inside the PSN. Publish public MX records for every domain classified Official."), .changed = "" },
  { .id = "psn-authenticate", .section = 3, .title = N_("Authenticate PSN email"), .ids = "psn-dmarc psn-dmarc-inbound psn-spf psn-spf-inbound psn-spf-messagelabs psn-dkim psn-dkim-sign psn-footers psn-ptr dns-dkim-psn", .topics = T(SPF) | T(DKIM) | T(DMARC) | T(ADDRESS), .records = "spf dmarc", .questions = { "inbound-dmarc", "inbound-spf" }, .task = N_("In the filtering portal: DMARC and SPF are checked on incoming email, outgoing email is signed, and footers are off"), .when = WHEN_PSN, .help = "psn",
    .says = N_("Publish SPF (with include:spf.messagelabs.com), DKIM and DMARC in public DNS. In the filtering portal check incoming email, sign outgoing email, and turn disclaimers off."), .changed = N_("The portal's product is now sold by Broadcom. Remove the include when the service has ended.") },

  { .id = "other-list", .section = 4, .title = N_("List your other sending services"), .ids = "other-inventory other-tls", .questions = { "services-complete" }, .help = "services",
    .says = N_("Filtering services, your own applications and scripts, cloud applications, and line-of-business applications send email too. TLS 1.2 is a condition when purchasing."), .changed = N_("The Minimum Cyber Security Standard that the guidance names has been replaced (unverified).") },
  { .id = "other-records", .section = 4, .title = N_("Include them in SPF, DKIM and DMARC"), .ids = "other-records other-dkim", .topics = T(SPF) | T(DKIM), .records = "spf", .questions = { "selectors" }, .when = WHEN_SENDS, .help = "services",
    .says = N_("Put each service into SPF. Publish each service's own DKIM record, or share a signature."), .changed = N_("A service whose envelope sender is its own domain gains nothing from SPF. Rely on its DKIM.") },
  { .id = "other-ask", .section = 4, .title = N_("Ask each provider for its details"), .ids = "other-ask-provider", .task = N_("Every provider has told us its DKIM records and its SPF term"), .when = WHEN_SENDS, .help = "services",
    .says = N_("Ask the provider how to sign with DKIM and what to put into SPF."), .changed = "" },
  { .id = "other-subdomain", .section = 4, .title = N_("Consider a subdomain for other senders"), .ids = "other-subdomain", .topics = T(SPF), .questions = { "subdomain" }, .when = WHEN_SENDS, .help = "services",
    .says = N_("Consider a separate subdomain for services of others: SPF and DKIM become simpler."), .changed = "" },

  { .id = "read-guides", .section = 5, .title = N_("Read about SPF, DKIM and DMARC"), .ids = "dns-dmarc-read dns-dkim-read dns-spf-read", .task = N_("I have read the help pages on SPF, DKIM and DMARC"), .help = "spf",
    .says = N_("Read the guides before you change the records."), .changed = "" },
  { .id = "dns-who", .section = 5, .title = N_("Find out whom to ask for DNS changes"), .ids = "dns-contact dns-whois dns-request-details", .topics = T(NS), .questions = { "dns-contact" }, .help = "change-requests",
    .says = N_("Names of the gsi family: Vodafone, through the Government Digital Service. All others: your registrar or DNS provider. Give the exact details of each record, and ask for a short TTL."), .changed = N_("The registry of gov.uk has been run by Nominet since 26 June 2024.") },
  { .id = "dmarc-record", .section = 5, .title = N_("Publish and tighten DMARC"), .ids = "dns-dmarc dns-dmarc-mailbox dns-digital-services", .topics = T(DMARC), .records = "dmarc", .questions = { "reports-read", "digital-services" }, .task = N_("The report mailbox exists and someone reads it"), .help = "dmarc",
    .says = N_("TXT at _dmarc: v=DMARC1;p=none;fo=1;rua=mailto:dmarc-rua@dmarc.service.gov.uk,mailto:dmarc@ your domain. Create that mailbox. Digital services need DMARC too."), .changed = MAIL_CHECK },
  { .id = "spf-record", .section = 5, .title = N_("Publish an SPF record"), .ids = "dns-spf", .topics = T(SPF), .records = "spf", .questions = { "spf-ending" }, .help = "spf",
    .says = N_("TXT (or CNAME) at the domain: v=spf1, the servers that send, and ~all."), .changed = N_("SPF is published as TXT only. A CNAME cannot stand at the domain itself.") },
  { .id = "dkim-record", .section = 5, .title = N_("Publish DKIM keys"), .ids = "dns-dkim dns-dkim-legacy", .topics = T(DKIM), .records = "dkim", .questions = { "selectors", "signs" }, .when = WHEN_SENDS, .help = "dkim",
    .says = N_("TXT at selector._domainkey: v=DKIM1; k=rsa; p= and the key; or the provider's CNAME. Move what cannot sign to a service that can."), .changed = N_("RSA keys have 2048 bits now (RFC 8301).") },
  { .id = "ask-for-changes", .section = 5, .title = N_("Ask for your DNS changes"), .ids = "dns-request-details", .records = "request", .help = "change-requests",
    .says = N_("Send the exact records to whoever changes your DNS."), .changed = "" },

  { .id = "check-certificates", .section = 6, .title = N_("Check that certificates are valid and renewed"), .ids = "check-cert check-cert-domain", .topics = T(TLS), .questions = { "needed" }, .help = "certificates",
    .says = N_("Certificates must be valid and renewed. If not: is the domain still needed? Delete it, or ask the certificate authority to replace them."), .changed = N_("Do not give a government domain up: keep it registered and protected as one that sends nothing.") },
  { .id = "check-authenticating", .section = 6, .title = N_("Check that your email authenticates"), .ids = "check-auth", .topics = T(SPF) | T(DKIM) | T(DMARC), .records = "spf dmarc", .help = "dmarc",
    .says = N_("No missing or poor SPF record, and no missing or weak DMARC policy."), .changed = "" },
  { .id = "check-nonsending", .section = 6, .title = N_("Protect domains that send nothing"), .ids = "check-nonsending", .topics = T(SPF) | T(DMARC) | T(MX), .records = "spf dmarc mx", .questions = { "sends", "receives" }, .help = "parked",
    .says = N_("Domains that send no email are protected too."), .changed = "" },
  { .id = "check-monitoring", .section = 6, .title = N_("Have someone watch your domains"), .ids = "check-register", .task = N_("Someone is told when a check of our domains fails"), .help = "monitoring",
    .says = N_("Register each domain with Mail Check and have its alerts sent to you."), .changed = N_("Mail Check and Web Check closed on 31 March 2026 (date from secondary sources). Choose another monitoring service, or run mailstead check every week.") },
  { .id = "check-servers", .section = 6, .title = N_("Check that your mail servers answer"), .ids = "check-mx", .topics = T(MX) | T(TLS), .records = "mx", .when = WHEN_RECEIVES, .help = "mx",
    .says = N_("MX records are right: correct typing errors and remove servers that are no longer used."), .changed = "" },
  { .id = "check-encryption", .section = 6, .title = N_("Check that email is encrypted on its way"), .ids = "check-encrypt", .topics = T(TLS), .task = N_("The mail logs show TLS 1.2 or later, for secondary services too"), .help = "tls",
    .says = N_("Email is encrypted with TLS 1.2 or later. Look at the logs, and check secondary services by hand."), .changed = "" },

  { .id = "tell-operators", .section = 7, .title = N_("Tell those who run other services"), .ids = "tell-operators", .task = N_("Everyone who runs filtering, applications and scripts, cloud applications or line-of-business applications has been told"), .help = "communicate",
    .says = N_("Tell those who run filtering services, your own applications, cloud applications and line-of-business applications what changes."), .changed = "" },
  { .id = "tell-everyone", .section = 7, .title = N_("Tell your organisation"), .ids = "tell-everyone", .task = N_("The organisation knows that email security changes, and that this is a standard across central government"), .help = "communicate",
    .says = N_("Tell the organisation more widely. It helps to say that this is a standard agreed across central government."), .changed = "" },
};

#define YES_NO_UNKNOWN(yes, no) { { "yes", N_("Yes"), yes }, { "no", N_("No"), no }, { "unknown", N_("I do not know"), N_("We will remind you later") } }

static const struct guidance_question questions[] = {
  { .key = "services-complete", .text = N_("Have you listed every service that sends email as your domains?"), .hint = N_("Think of newsletters, HR, finance, booking systems, scanners and scripts."), .whole_case = true,
    .options = { { "yes", N_("Yes, all of them"), N_("Senders that are not on the list will be questioned") }, { "no", N_("No, I will come back"), N_("Nothing on the list is taken for granted yet") }, { "unknown", N_("I do not know"), N_("We treat the list as not complete") } } },
  { .key = "sending", .text = N_("From which addresses do your own servers send email?"), .hint = N_("IP addresses with spaces between. Leave it empty if a cloud service sends everything."), .kind = ASK_ADDRESSES },
  { .key = "tls12", .text = N_("Can every service use TLS 1.2 or later?"), .hint = N_("For sending and for receiving."), .whole_case = true, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Change the service, or move to another")) },
  { .key = "signs", .text = N_("Does every service sign outgoing email with DKIM?"), .hint = N_("Look for a DKIM-Signature header in a message that was sent."), .options = YES_NO_UNKNOWN(N_("We look for the keys in DNS"), N_("Switch signing on, or send through a service that signs")) },
  { .key = "inbound-dmarc", .text = N_("Is incoming email tested against DMARC?"), .hint = N_("This is usually on by default."), .whole_case = true, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on in your mail service")) },
  { .key = "inbound-spf", .text = N_("Is incoming email tested against SPF in the filtering portal?"), .hint = "", .whole_case = true, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on in the portal")) },
  { .key = "admin", .text = N_("Who can change settings in each part of your email service?"), .hint = N_("Names or teams. You will need them for the settings that follow."), .kind = ASK_TEXT, .whole_case = true },
  { .key = "dns-contact", .text = N_("Who changes the DNS records of this domain?"), .hint = N_("The registrar, a DNS provider, or your own team."), .kind = ASK_TEXT },
  { .key = "old-domains", .text = N_("Which old gsi-family names does this domain replace?"), .hint = N_("Names with spaces between, such as council.gsi.gov.uk. Leave it empty if there is none."), .kind = ASK_NAMES },
  { .key = "replacement", .text = N_("Which domain replaces this one, if it is of the gsi family?"), .hint = N_("It ends in gov.uk, gov.scot, gov.wales or llyw.cymru. Leave it empty if this domain stays."), .kind = ASK_NAMES },
  { .key = "forwards", .text = N_("Is email to the old addresses still forwarded?"), .hint = "", .options = YES_NO_UNKNOWN(N_("We wait with closing the old domain"), N_("The old domain can be protected as one that sends nothing")) },
  { .key = "opportunistic", .text = N_("Does your mail service use TLS with everyone who can?"), .hint = N_("This is called opportunistic TLS and is usually on."), .whole_case = true, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on: without it your email can be read on its way")) },
  { .key = "require-tls", .text = N_("Is there a rule that requires TLS when sending to *.gov.uk?"), .hint = N_("With an exceptions list for domains that do not support TLS."), .whole_case = true, .options = YES_NO_UNKNOWN(N_("Keep the exceptions list up to date"), N_("Set the rule in your mail service")) },
  { .key = "inbound-tls", .text = N_("Does any rule require TLS on incoming email from everyone?"), .hint = "", .whole_case = true, .options = { { "yes", N_("Yes"), N_("Remove it: email from others may be refused") }, { "no", N_("No"), N_("Nothing to change") }, { "unknown", N_("I do not know"), N_("We will remind you later") } } },
  { .key = "footers", .text = N_("Does the filtering service add footers to outgoing email?"), .hint = "", .options = { { "yes", N_("Yes"), N_("Turn them off: they break DKIM signatures") }, { "no", N_("No"), N_("Nothing to change") }, { "unknown", N_("I do not know"), N_("We will remind you later") } } },
  { .key = "psn", .text = N_("Does anything of yours still use the PSN or its email filter?"), .hint = "", .whole_case = true, .options = { { "yes", N_("Yes"), N_("The steps for the PSN are shown") }, { "no", N_("No"), N_("The steps for the PSN are left out") }, { "unknown", N_("I do not know"), N_("Ask your network team") } } },
  { .key = "selectors", .text = N_("Which DKIM selectors do your services use?"), .hint = N_("The s= of a DKIM-Signature header. Names with spaces between. Leave it empty if you do not know."), .kind = ASK_TEXT },
  { .key = "subdomain", .text = N_("Will services of others send from a subdomain?"), .hint = N_("Such as news.example.gov.uk."), .options = YES_NO_UNKNOWN(N_("Each subdomain gets its own records"), N_("All senders share one SPF record and its limit of 10 look-ups")) },
  { .key = "reports-read", .text = N_("Does someone read the DMARC reports?"), .hint = N_("Nothing is tightened before the reports show that your own email passes."), .options = YES_NO_UNKNOWN(N_("When they are clean for two weeks, ask for the next step"), N_("Find someone, or choose a report service")) },
  { .key = "digital-services", .text = N_("Which digital services have domains of their own?"), .hint = N_("Names with spaces between. Leave it empty if there is none."), .kind = ASK_NAMES },
  { .key = "spf-ending", .text = N_("What should happen to email from a server that is not on your list?"), .hint = N_("This is the last word of your SPF record. The guidance asks for soft fail or stronger."),
    .options = { { "softfail", N_("Soft fail (~all)"), N_("Accept but mark as suspicious. Use this while DMARC is p=none") }, { "fail", N_("Fail (-all)"), N_("Ask others to refuse it. For domains that never send email") }, { "unknown", N_("I do not know"), N_("We keep what is there if it is sound, else use soft fail") } } },
  { .key = "needed", .text = N_("Is this domain still needed?"), .hint = "", .options = { { "yes", N_("Yes"), N_("We watch its certificates") }, { "no", N_("No"), N_("Protect it as a domain that sends nothing, and keep it registered") }, { "unknown", N_("I do not know"), N_("Ask around before you close it") } } },
  { .key = "sends", .text = N_("Does this domain send email?"), .hint = N_("Any email at all: people, newsletters, applications."), .options = YES_NO_UNKNOWN(N_("It gets SPF, DKIM and DMARC for its senders"), N_("It gets the records of a domain that sends nothing")) },
  { .key = "receives", .text = N_("Does this domain receive email?"), .hint = "", .options = YES_NO_UNKNOWN(N_("Its mail servers are examined"), N_("It gets a null MX, if your DNS host takes it")) },
};

const char *guidance_section_title(unsigned section) { return section >= 1 && section <= GUIDANCE_SECTIONS ? _(titles[section - 1]) : ""; }
size_t guidance_step_count(void) { return MEM_COUNT(steps); }
const struct guidance_step *guidance_step_at(size_t index) { return &steps[index]; }
size_t guidance_question_count(void) { return MEM_COUNT(questions); }
const struct guidance_question *guidance_question_at(size_t index) { return &questions[index]; }

const struct guidance_step *guidance_step_find(const char *id) {
  for (size_t i = 0; i < MEM_COUNT(steps); i++)
    if (strcmp(steps[i].id, id) == 0) return &steps[i];
  return NULL;
}

const struct guidance_question *guidance_question_find(const char *key) {
  for (size_t i = 0; i < MEM_COUNT(questions); i++)
    if (strcmp(questions[i].key, key) == 0) return &questions[i];
  return NULL;
}
