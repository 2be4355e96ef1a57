#include <string.h>

#include "src/guidance/dmarc_route.h"
#include "src/letters/private.h"

/* To providers, partners and the DNS desk, and wording for a purchase. */

static bool find_service(const struct writing *w, struct casefile_service *out) {
  for (size_t i = 0; i < casefile_service_count(w->input->casefile); i++) {
    *out = casefile_service_at(w->input->casefile, i);
    if (w->input->service && strcmp(out->name, w->input->service) == 0) return true;
  }
  return false;
}

/* A selector can stand in the facts once for each form that its target takes. */
static bool dkim_told_before(const struct service_facts *known, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (!known->dkim[i].old && !known->dkim[i].cname == !known->dkim[index].cname && strcmp(known->dkim[i].selector, known->dkim[index].selector) == 0) return true;
  return false;
}

static void put_known(struct writing *w, const struct casefile_service *service) {
  const struct service_facts *known = w->input->facts && *service->id ? facts_service_find(w->input->facts, service->id) : NULL;
  if (!known) return;
  put_lead(w, _("What we have found so far, which you may only need to confirm:"));
  for (size_t i = 0; i < known->spf_count; i++)
    if (!known->spf[i].old) put_point(w, _("SPF term: {value}"), "value", known->spf[i].text);
  for (size_t i = 0; i < known->dkim_count; i++)
    if (!known->dkim[i].old && !dkim_told_before(known, i)) put_point(w, known->dkim[i].cname ? _("DKIM: a CNAME record for the selector {value}") : _("DKIM: a TXT record for the selector {value}"), "value", known->dkim[i].selector);
  if (!known->spf_count && !known->dkim_count) put_point(w, _("nothing that is public"), NULL, NULL);
  put_gap(w);
}

void write_provider(struct writing *w) {
  struct casefile_service service = { .name = w->input->service ? w->input->service : "", .id = "", .domain = "" };
  bool found = find_service(w, &service);
  const char *name = *service.name ? text_safe_string(w->arena, service.name) : _("your service"), *as = *service.domain ? service.domain : w->input->domain;
  w->services = found;
  put_paragraph(w, _("We use {name} to send email as our own domain, and protect that domain with SPF, DKIM and DMARC. For this we need some details from you."), "name", name);
  put_paragraph(w, _("Email is sent as: {value}"), "value", text_safe_string(w->arena, as));
  if (found) put_known(w, &service);
  put_lead(w, _("Please tell us:"));
  put_point(w, _("DKIM: can you sign with our domain in d=? Which records do we publish (selector, type, value), of how many bits is the key, and how is it renewed?"), NULL, NULL);
  put_point(w, _("SPF: which domain is in the envelope sender? If it is ours, which term do we add, and how many DNS look-ups does it cost?"), NULL, NULL);
  put_point(w, _("Addresses: which do you send from, and will you tell us before they change?"), NULL, NULL);
  put_point(w, _("TLS: do you use TLS 1.2 or later for every delivery, and do you honour MTA-STS policies?"), NULL, NULL);
  put_point(w, _("Footers: is anything added to a message after it has been signed?"), NULL, NULL);
  put_point(w, _("Subdomain: would you advise one for our email, and what records would it need?"), NULL, NULL);
  put_gap(w);
  put_paragraph(w, _("A link to the page of your documentation is answer enough where there is one."), NULL, NULL);
}

static void put_partner_without_tls(struct writing *w) {
  const char *partner = text_safe_string(w->arena, w->input->partner);
  put_paragraph(w, _("We exchange email with {partner}. The standard for email between public bodies asks us to require TLS 1.2 or later when we send to names under gov.uk. When we looked at your mail servers, we found this:"), "partner", partner);
  put_paragraph(w, "{reason}", "reason", w->input->reason && *w->input->reason ? text_safe_string(w->arena, w->input->reason) : _("No mail server of yours took TLS 1.2 or later."));
  put_paragraph(w, _("We have put {partner} on our list of exceptions, so email keeps flowing, but it can be read on its way."), "partner", partner);
  put_paragraph(w, _("Please tell us when you expect your servers to offer STARTTLS with TLS 1.2 or later, and whom we can tell when we test again. A certificate that you signed yourself is enough for that."), NULL, NULL);
}

static void put_own_without_tls(struct writing *w) {
  put_paragraph(w, _("The mail servers of {domain} do not take TLS 1.2 or later yet. If you require TLS when sending to names under gov.uk, please put {domain} on your list of exceptions, so that your email keeps reaching us."), NULL, NULL);
  put_paragraph(w, _("We expect to have mended this by {when} and will tell you then, so that you can take us off the list."), NULL, NULL);
}

void write_partner(struct writing *w) {
  if (w->input->partner && *w->input->partner) put_partner_without_tls(w);
  else put_own_without_tls(w);
}

void write_dns_provider(struct writing *w) {
  const struct letter_input *input = w->input;
  const char *reference = input->reference && *input->reference ? text_safe_string(w->arena, input->reference) : _("(no reference)");
  put_paragraph(w, _("This is about our change request {reference} for the zone of {domain}."), "reference", reference);
  if (input->asked && *input->asked) put_paragraph(w, _("It was sent on {date}."), "date", input->asked);
  if (!input->result_count) {
    put_paragraph(w, _("We have not seen the changes on your name servers yet. When do you expect to publish them? Is anything unclear?"), NULL, NULL);
    return;
  }
  put_lead(w, _("We have asked each name server, and found this:"));
  for (size_t i = 0; i < input->result_count; i++) {
    const struct letter_result *result = &input->results[i];
    put_wrapped(&w->out, "- ", "  ", arena_printf(w->arena, "%s: %s%s%s", text_safe_string(w->arena, result->record), text_safe_string(w->arena, result->server), *result->server ? ": " : "", text_safe_string(w->arena, result->says)));
  }
  put_gap(w);
  put_paragraph(w, _("Please compare with the request, where each value stands on one line, and correct what differs. If a name server has not loaded the new zone, please look at its transfer."), NULL, NULL);
}

void write_procurement(struct writing *w) {
  put_paragraph(w, _("For any service that sends or receives email in our name. Adapt to your form of contract."), NULL, NULL);
  put_point(w, _("Email is sent and received with TLS 1.2 or later, with cipher suites that give forward secrecy. TLS 1.0, TLS 1.1 and all versions of SSL are not used with us."), NULL, NULL);
  put_point(w, _("Outgoing email is signed with DKIM as our domain or an agreed subdomain of it, with RSA keys of at least 2048 bits and SHA-256. Keys can be renewed without a gap."), NULL, NULL);
  put_point(w, _("Email passes DMARC: the signature, and where it is offered the envelope sender, match the domain in the From line."), NULL, NULL);
  put_point(w, _("The supplier names the SPF term that it needs, keeps it within an agreed number of DNS look-ups, and tells us 30 days before its addresses change."), NULL, NULL);
  put_point(w, _("Nothing is added to a message after it has been signed."), NULL, NULL);
  put_point(w, _("Incoming email, if any, is tested against SPF, DKIM and DMARC, and is not refused for lack of TLS unless we ask for it."), NULL, NULL);
  put_point(w, _("The servers that send have matching forward and reverse names. Certificates of servers that receive are valid, carry the names in our MX records, and renew by themselves."), NULL, NULL);
  put_point(w, _("The supplier honours MTA-STS policies when it sends, and sends reports by TLS-RPT and DMARC when it receives."), NULL, NULL);
  put_gap(w);
  put_paragraph(w, _("TLS 1.2 was a condition of the Minimum Cyber Security Standard, which the guidance of 2020 names; what has replaced it should be looked up when you buy (unverified)."), NULL, NULL);
}
