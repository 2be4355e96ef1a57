#include <string.h>

#include "src/letters/private.h"

/* To those who run services, by kind, and the notice to everyone. */

static bool is_of_kind(const struct casefile_service *service, enum letter_kind kind) {
  if (service->state != CASEFILE_CONFIRMED) return false;
  switch (kind) {
  case LETTER_FILTERING: return strcmp(service->kind, "filtering") == 0;
  case LETTER_OWN: return strcmp(service->kind, "own") == 0 || strcmp(service->kind, "relay") == 0;
  case LETTER_CLOUD: return strcmp(service->kind, "cloud") == 0 || strcmp(service->kind, "delivery") == 0 || strcmp(service->kind, "mailboxes") == 0;
  case LETTER_BUSINESS: return strcmp(service->kind, "business") == 0;
  case LETTER_EVERYONE:
  case LETTER_PROVIDER:
  case LETTER_PARTNER:
  case LETTER_DNS_PROVIDER:
  case LETTER_PROCUREMENT:
  case LETTER_ADDRESSES:
  case LETTER_COLLEAGUES:
  case LETTER_COUNT: break;
  }
  return false;
}

static void put_service(struct writing *w, const struct casefile_service *service) {
  struct buf line = BUF_INIT(4096);
  buf_text(&line, text_safe_string(w->arena, service->name));
  if (*service->domain) buf_printf(&line, _(", sends as %s"), text_safe_string(w->arena, service->domain));
  if (*service->addresses) buf_printf(&line, _(", from %s"), text_safe_string(w->arena, service->addresses));
  if (*service->contact) buf_printf(&line, _(", run by %s"), text_safe_string(w->arena, service->contact));
  if (service->signs == TRI_NO) buf_text(&line, _("; it does not sign yet"));
  if (service->tls12 == TRI_NO) buf_text(&line, _("; it does not use TLS 1.2 yet"));
  put_wrapped(&w->out, "- ", "  ", buf_string(&line));
  buf_release(&line);
  w->services++;
}

static void put_services(struct writing *w, enum letter_kind kind) {
  for (size_t i = 0; i < casefile_service_count(w->input->casefile); i++) {
    struct casefile_service service = casefile_service_at(w->input->casefile, i);
    if (is_of_kind(&service, kind)) put_service(w, &service);
  }
  if (!w->services) put_point(w, _("none that we know of: tell us if you run one"), NULL, NULL);
  put_gap(w);
}

static bool changes_record(const struct plan *plan, const char *section) {
  for (size_t i = 0; plan && i < plan->change_count; i++)
    if (!plan->changes[i].left_out && strcmp(plan->changes[i].section, section) == 0) return true;
  return false;
}

static void put_changes(struct writing *w) {
  const struct letter_input *input = w->input;
  put_lead(w, _("What changes, from {when}:"));
  put_point(w, changes_record(input->plan, "dns-spf") ? _("SPF: the public list of servers that may send as {domain} is brought up to date. A server that is not on it will be treated as suspicious.")
                                                      : _("SPF: there is a public list of servers that may send as {domain}. A server that is not on it is treated as suspicious."), NULL, NULL);
  put_point(w, _("DKIM: every message that we send carries a signature. A message that is changed after signing loses it."), NULL, NULL);
  if (strcmp(input->dmarc, "quarantine") == 0) put_point(w, _("DMARC: other organisations are asked to put email into quarantine that passes neither SPF nor DKIM as {domain}. Later they will be asked to refuse it."), NULL, NULL);
  else if (strcmp(input->dmarc, "reject") == 0) put_point(w, _("DMARC: other organisations are asked to refuse email that passes neither SPF nor DKIM as {domain}."), NULL, NULL);
  else put_point(w, _("DMARC: we collect reports on email that claims to come from {domain}. When they show that all of ours passes, we ask others to put the rest into quarantine, and later to refuse it."), NULL, NULL);
  put_point(w, _("TLS: email is encrypted on its way with TLS 1.2 or later wherever the other side can."), NULL, NULL);
  put_gap(w);
}

static void put_duties(struct writing *w, enum letter_kind kind) {
  static const char *const duties[][6] = {
    [LETTER_FILTERING] = { N_("Sign outgoing email last, after anything that changes it, or leave the signatures of those before you untouched."), N_("Turn footers, disclaimers and banners on outgoing email off, unless they are added before signing."),
                           N_("Test incoming email against DMARC, and do not require TLS of everyone who sends to us."), N_("Tell us the addresses and names that you send from, before they change.") },
    [LETTER_OWN] = { N_("Send through our relay, or tell us the fixed addresses that you send from."), N_("Use a sender of {domain} or of a subdomain agreed with us, in the From line and in the envelope."),
                     N_("Use TLS 1.2 or later to hand over email. Old libraries and devices may need an update."), N_("Sign with DKIM, or let the relay do so.") },
    [LETTER_CLOUD] = { N_("Find the page of your service on authenticating a domain, and send us the DKIM records that it shows."), N_("If it offers a return path or bounce address of our own domain, switch that on and send us its records."),
                       N_("Consider a subdomain for bulk email, such as news.{domain}."), N_("Tell us if you no longer use the service, so that its records can go.") },
    [LETTER_BUSINESS] = { N_("Ask the supplier how the application signs with DKIM as {domain}, and what SPF needs. We have a message ready for that."), N_("If it cannot sign, its email has to go through our own gateway. Tell us how it is set up."),
                          N_("Ask the supplier to confirm that it uses TLS 1.2 or later."), N_("Tell us the addresses that it sends from, before they change.") },
  };
  put_lead(w, _("What we ask of you before then:"));
  for (size_t i = 0; i < MEM_COUNT(duties[kind]) && duties[kind][i]; i++) put_point(w, _(duties[kind][i]), NULL, NULL);
  put_gap(w);
}

void write_operators(struct writing *w, enum letter_kind kind) {
  put_paragraph(w, _("You run a service that handles email for {domain}. We are bringing our email up to the standard agreed across central government. Email that is not set up for it may be marked as spam or refused, so please read what concerns you."), NULL, NULL);
  put_lead(w, _("The services that this is about:"));
  put_services(w, kind);
  put_changes(w);
  put_duties(w, kind);
  put_paragraph(w, _("Please answer by the end of the week before, even if there is nothing to do. If a service is missing above, add it."), NULL, NULL);
}

void write_everyone(struct writing *w) {
  put_paragraph(w, _("From {when} our email gets better protection. Most of it happens out of sight."), NULL, NULL);
  put_paragraph(w, _("Why: anyone on the internet can write a message that claims to come from {domain}. The standard agreed across central government lets others see which messages are really ours, and encrypts email on its way."), NULL, NULL);
  put_paragraph(w, _("What you may notice: hardly anything. If a partner says that a message of yours was refused or went to spam, forward their notice to us."), NULL, NULL);
  put_lead(w, _("What we ask of you:"));
  put_point(w, _("If you use a service that sends email as {domain} (a newsletter, a booking or survey tool, an HR or finance system, a scanner), tell us its name, even if you think that we know."), NULL, NULL);
  put_point(w, _("Before you buy a service that sends email, ask us. It must use TLS 1.2 or later and sign with DKIM."), NULL, NULL);
  put_point(w, _("Be as careful as before with messages from outside: this protects our name, not every sender's."), NULL, NULL);
  put_gap(w);
}
