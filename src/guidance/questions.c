#include <string.h>

#include "src/guidance/tables.h"

/* What the wizard asks: of a domain or of the whole case, and of each service on the list. */

#define LATER N_("We will remind you later")
#define YES_NO_UNKNOWN(yes, no) { { "yes", N_("Yes"), yes }, { "no", N_("No"), no }, { "unknown", N_("I do not know"), LATER } }

static const struct guidance_question questions[] = {
  { .key = "sends", .text = N_("Does this domain send email?"), .hint = N_("Any email at all: people, newsletters, applications."),
    .options = YES_NO_UNKNOWN(N_("It gets SPF, DKIM and DMARC for its senders"), N_("It gets the records of a domain that sends nothing")) },
  { .key = "receives", .text = N_("Does this domain receive email?"), .hint = "", .options = YES_NO_UNKNOWN(N_("Its mail servers are examined"), N_("It gets a null MX, if your DNS host takes it")) },
  { .key = "services-complete", .text = N_("Have you listed every service that sends email as your domains?"), .hint = N_("Think of newsletters, HR, finance, booking systems, scanners and scripts."), .whole_case = true,
    .options = { { "yes", N_("Yes, all of them"), N_("Senders that are not on the list will be questioned") }, { "no", N_("No, I will come back"), N_("Nothing on the list is taken for granted yet") },
                 { "unknown", N_("I do not know"), N_("We treat the list as not complete") } } },
  { .key = "sending", .text = N_("From which addresses do your own servers send email?"), .hint = N_("IP addresses with spaces between. Leave it empty if a cloud service sends everything."), .kind = ASK_ADDRESSES, .when = WHEN_SENDS },
  { .key = "inbound-dmarc", .text = N_("Is incoming email tested against DMARC?"), .hint = N_("This is usually on by default."), .whole_case = true, .when = WHEN_RECEIVES, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on in your mail service")) },
  { .key = "inbound-spf", .text = N_("Is incoming email tested against SPF in the filtering portal?"), .hint = "", .whole_case = true, .when = WHEN_PSN, .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on in the portal")) },
  { .key = "admin", .text = N_("Who can change settings in your email service as a whole?"), .hint = N_("Names or teams. You will need them for the settings that follow."), .kind = ASK_TEXT, .whole_case = true },
  { .key = "dns-contact", .text = N_("Who changes the DNS records of this domain?"), .hint = N_("The registrar, a DNS provider, or your own team."), .kind = ASK_TEXT },
  { .key = "old-domains", .text = N_("Which old gsi-family names does this domain replace?"), .hint = N_("Names with spaces between, such as council.gsi.gov.uk. Leave it empty if there is none."), .kind = ASK_OLD_NAMES, .when = WHEN_NOT_GSI_NAME },
  { .key = "replacement", .text = N_("Which domain replaces this one?"), .hint = N_("It ends in gov.uk, gov.scot, gov.wales or llyw.cymru."), .kind = ASK_NAMES, .when = WHEN_GSI_NAME },
  { .key = "forwards", .text = N_("What happens to email to the old addresses at {old}?"), .hint = "", .of_old = true,
    .options = { { "planned", N_("It still goes to the old mailboxes"), N_("The new domain is made ready first. Nothing of the old one is closed") }, { "yes", N_("It is forwarded to the new addresses"), N_("Its mail servers stay until you end that") },
                 { "aliases", N_("The old addresses are aliases in the new mail system"), N_("Its mail servers stay until you end them") },
                 { "no", N_("It is not delivered any more"), N_("The old domain gets the records of one that neither sends nor receives") }, { "unknown", N_("I do not know"), LATER } } },
  { .key = "old-sends", .text = N_("Does anything still send email in the name of {old}?"), .hint = N_("Printers, scripts, applications; also a forwarder that puts an address there in the envelope."), .of_old = true,
    .options = YES_NO_UNKNOWN(N_("Move that to the new domain first. Until then the old one is not closed"), N_("Its SPF and DMARC records can say so")) },
  { .key = "mail-system", .text = N_("Which system sends your email to other organisations?"), .hint = N_("Its settings are shown in the steps on TLS. If a filtering service comes last, choose that."), .whole_case = true, .kind = ASK_MAIL_SYSTEM },
  { .key = "opportunistic", .text = N_("Does your mail service use TLS with everyone who can?"), .hint = N_("This is called opportunistic TLS and is usually on."), .whole_case = true,
    .options = YES_NO_UNKNOWN(N_("Nothing to change"), N_("Switch it on: without it your email can be read on its way")) },
  { .key = "require-tls", .text = N_("Is there a rule that requires TLS when sending to *.gov.uk?"), .hint = N_("With an exceptions list for domains that do not support TLS."), .whole_case = true, .when = WHEN_SENDS,
    .options = YES_NO_UNKNOWN(N_("Keep the exceptions list up to date"), N_("Set the rule in your mail service")) },
  { .key = "inbound-tls", .text = N_("Does any rule require TLS on incoming email from everyone?"), .hint = "", .whole_case = true, .when = WHEN_RECEIVES,
    .options = { { "yes", N_("Yes"), N_("Remove it: email from others may be refused") }, { "no", N_("No"), N_("Nothing to change") }, { "unknown", N_("I do not know"), LATER } } },
  { .key = "certificates-by", .text = N_("Who manages the certificates of your mail servers?"), .hint = "", .when = WHEN_RECEIVES,
    .options = { { "provider", N_("The cloud provider"), N_("It renews them by itself. We watch that it does") }, { "own", N_("We do"), N_("Buy them from an authority that others trust, and let renewal run by itself") },
                 { "both", N_("Both, for different servers"), N_("Keep a list of yours with their dates") }, { "unknown", N_("I do not know"), LATER } } },
  { .key = "psn", .text = N_("Does anything of yours still use the PSN or its email filter?"), .hint = "", .whole_case = true,
    .options = { { "yes", N_("Yes"), N_("The steps for the PSN are shown") }, { "no", N_("No"), N_("The steps for the PSN are left out") }, { "unknown", N_("I do not know"), N_("Ask your network team") } } },
  { .key = "selectors", .text = N_("Which DKIM selectors do your services use?"), .hint = N_("The s= of a DKIM-Signature header. Names with spaces between. Leave it empty if you do not know."), .kind = ASK_TEXT, .when = WHEN_SENDS },
  { .key = "subdomain", .text = N_("Will services of others send from a subdomain?"), .hint = N_("Such as news.example.gov.uk."), .when = WHEN_SENDS,
    .options = YES_NO_UNKNOWN(N_("Each subdomain gets its own records"), N_("All senders share one SPF record and its limit of 10 look-ups")) },
  { .key = "subdomains", .text = N_("Which subdomains send email?"), .hint = N_("Whole names with spaces between, such as news.example.gov.uk."), .kind = ASK_NAMES, .when = WHEN_SUBDOMAIN },
  { .key = "reports-read", .text = N_("Does someone read the DMARC reports?"), .hint = N_("Nothing is tightened before the reports show that your own email passes."), .when = WHEN_SENDS,
    .options = YES_NO_UNKNOWN(N_("When they are clean for two weeks, ask for the next step"), N_("Find someone, or choose a report service")) },
  { .key = "reports-clean", .text = N_("Have the DMARC reports shown for 2 weeks that all genuine email passes?"), .hint = N_("By SPF or by DKIM, with your own domain."), .when = WHEN_SENDS,
    .options = YES_NO_UNKNOWN(N_("You can ask for the next step"), N_("Mend the senders that fail first")) },
  { .key = "digital-services", .text = N_("Which digital services have domains of their own?"), .hint = N_("Names with spaces between. Leave it empty if there is none."), .kind = ASK_NAMES },
  { .key = "more-domains", .text = N_("Have you added every other domain that you own, used or not?"), .hint = N_("Old campaigns, merged bodies, names bought so that nobody else has them. d lists the domains of this case."), .whole_case = true,
    .options = YES_NO_UNKNOWN(N_("Each is looked after on its own"), N_("Add them: whatever is not protected can be used to send in your name")) },
  { .key = "spf-ending", .text = N_("What should happen to email from a server that is not on your list?"), .hint = N_("This is the last word of your SPF record. The guidance asks for soft fail or stronger."), .when = WHEN_SENDS,
    .options = { { "softfail", N_("Soft fail (~all)"), N_("Accept but mark as suspicious. Use this while DMARC is p=none") }, { "fail", N_("Fail (-all)"), N_("Ask others to refuse it. For domains that never send email") },
                 { "unknown", N_("I do not know"), N_("We keep what is there if it is sound, else use soft fail") } } },
  { .key = "needed", .text = N_("Is this domain still needed?"), .hint = "",
    .options = { { "yes", N_("Yes"), N_("We watch its certificates") }, { "no", N_("No"), N_("Protect it as a domain that sends nothing, and keep it registered") }, { "unknown", N_("I do not know"), N_("Ask around before you close it") } } },
  { .key = "secondary-hosts", .text = N_("Which other mail servers does this domain use, besides its MX?"), .hint = N_("Names of hosts with spaces between: relays, standby servers, gateways of services. They are checked like the MX. Leave it empty if there is none."), .kind = ASK_NAMES },
};

#define NO_CHANGE N_("Nothing to change")

static const struct guidance_service_question service_questions[] = {
  { .key = "tls12", .text = N_("Can {service} use TLS 1.2 or later, for sending and receiving?"), .hint = N_("Its documentation or its provider says so."), .which = ABOUT_ALL, .yes = NO_CHANGE, .no = N_("Change its settings, or move to another service") },
  { .key = "signs", .text = N_("Does {service} sign outgoing email with DKIM, as your domain?"), .hint = N_("Look for a DKIM-Signature header with d= your domain in a message that it sent."), .which = ABOUT_SENDING, .yes = N_("We look for its key in DNS"), .no = N_("Switch signing on, or send through a service that signs") },
  { .key = "can-sign", .text = N_("Could {service} be made to sign with DKIM?"), .hint = "", .which = ABOUT_UNSIGNED, .yes = N_("Switch it on, then publish its key"), .no = N_("Send its email through a service that signs, or move to one that can") },
  { .key = "inbound-dmarc", .text = N_("Does {service} test incoming email against DMARC?"), .hint = N_("This is usually on by default."), .which = ABOUT_RECEIVING, .yes = NO_CHANGE, .no = N_("Switch it on") },
  { .key = "footers", .text = N_("Does {service} add footers to outgoing email?"), .hint = "", .which = ABOUT_FILTERING, .yes = N_("Turn them off: they break DKIM signatures"), .no = NO_CHANGE, .bad_yes = true },
  { .key = "changes", .text = N_("Who can change the settings of {service}?"), .hint = N_("A name or a team."), .which = ABOUT_ALL, .free_text = true },
  { .key = "selectors", .text = N_("Which DKIM selectors does {service} use?"), .hint = N_("The s= of the DKIM-Signature header of its messages. Names with spaces between. Type none if it does not sign."), .which = ABOUT_SENDING, .free_text = true },
};

size_t guidance_question_count(void) { return MEM_COUNT(questions); }
const struct guidance_question *guidance_question_at(size_t index) { return &questions[index]; }
size_t guidance_service_question_count(void) { return MEM_COUNT(service_questions); }
const struct guidance_service_question *guidance_service_question_at(size_t index) { return &service_questions[index]; }

const struct guidance_question *guidance_question_find(const char *key) {
  for (size_t i = 0; i < MEM_COUNT(questions); i++)
    if (strcmp(questions[i].key, key) == 0) return &questions[i];
  return NULL;
}

const struct guidance_service_question *guidance_service_question_find(const char *key) {
  for (size_t i = 0; i < MEM_COUNT(service_questions); i++)
    if (strcmp(service_questions[i].key, key) == 0) return &service_questions[i];
  return NULL;
}

bool guidance_concerns(const struct guidance_service_question *question, const struct casefile_service *service) {
  if (service->state != CASEFILE_CONFIRMED) return false;
  switch (question->which) {
  case ABOUT_ALL: return true;
  case ABOUT_SENDING: return service->sends == TRI_YES;
  case ABOUT_RECEIVING: return service->receives == TRI_YES;
  case ABOUT_FILTERING: return service->filters == TRI_YES;
  case ABOUT_UNSIGNED: return service->sends == TRI_YES && service->signs == TRI_NO;
  }
  return false;
}
