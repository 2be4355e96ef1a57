#include "checks/judge/gsi.h"
#include "checks/judge/tls_private.h"

void tls_judge_answers(struct judgement *judgement) {
  const struct inquiry *inquiry = judgement->inquiry;
  for (size_t i = 0; i < inquiry->service_count; i++) {
    const struct inquiry_service *service = &inquiry->services[i];
    if (service->tls12 == TRI_NO) find_argument(judgement, find(judgement, "tls-service-below-1-2", service->name), "service", "%s", service->name);
  }
  if (inquiry->inbound_tls_required == TRI_YES) find(judgement, "tls-inbound-mandatory", NULL);
  if (inquiry->opportunistic_tls == TRI_NO) find(judgement, "tls-opportunistic-off", NULL);
  if (inquiry->require_tls_govuk == TRI_NO) find(judgement, "tls-require-govuk-missing", NULL);
  if (inquiry->inbound_dmarc == TRI_NO) find(judgement, "tls-inbound-dmarc-off", NULL);
  if (inquiry->inbound_spf == TRI_NO) find(judgement, "tls-inbound-spf-off", NULL);
}

/* ---- partners ---- */

struct partner_state { bool unknown, no_tls, bad_certificate; const char *host; };

static void look_at_address(const struct mail_host *host, const struct smtp_session *session, struct partner_state *state) {
  if (session->connect == CONNECT_NO_FAMILY) return;
  bool answered = session->connect == CONNECT_OK && session->ending != SMTP_REJECTED_4XX && session->ending != SMTP_TIMED_OUT && !session->starttls_masked;
  bool no_tls = answered && !session_tls12(session) && (session->ending == SMTP_NO_STARTTLS || session->stage >= SMTP_AT_STARTTLS);
  struct certificate_state certificate;
  certificate_judge(session, host->name, &certificate);
  if (no_tls) state->no_tls = true;
  else if (!session_tls12(session)) state->unknown = true;
  else if (!certificate_state_good(&certificate)) state->bad_certificate = true;
  else return;
  if (!state->host) state->host = host->name;
}

static void judge_partner_hosts(struct judgement *judgement, const struct mail_hosts *hosts) {
  struct partner_state state = { 0 };
  for (size_t i = 0; i < hosts->count; i++) {
    const struct mail_host *host = &hosts->hosts[i];
    size_t tried = 0;
    for (size_t k = 0; k < host->address_count; k++) {
      if (!host->addresses[k].session) continue;
      tried += host->addresses[k].session->connect != CONNECT_NO_FAMILY;
      look_at_address(host, host->addresses[k].session, &state);
    }
    if (tried > 0) continue;
    state.unknown = true;
    if (!state.host) state.host = host->name;
  }
  struct finding *finding = find(judgement, state.no_tls ? "partner-needs-exception" : state.unknown ? "partner-unknown" : "partner-tls-ok", NULL);
  if (state.host) find_argument(judgement, finding, "host", "%s", state.host);
  if (state.no_tls || state.unknown) return;
  finding = find(judgement, state.bad_certificate ? "partner-certificate-invalid" : "partner-valid-certificate", NULL);
  if (state.host) find_argument(judgement, finding, "host", "%s", state.host);
}

void partner_judge(struct judgement *judgement) {
  struct mail_hosts *hosts = ARENA_NEW(judgement->arena, struct mail_hosts);
  const char *domain = judgement->inquiry->domain;
  bool whole = mail_hosts_find(judgement, domain, true, hosts);
  if (gsi_is_family(domain)) find(judgement, "partner-gsi", NULL);
  if (!whole) return;
  bool no_address = true, address_failed = false;
  for (size_t i = 0; i < hosts->count; i++) {
    no_address = no_address && hosts->hosts[i].address_count == 0;
    address_failed = address_failed || hosts->hosts[i].a->outcome == DNS_FAILED || hosts->hosts[i].aaaa->outcome == DNS_FAILED;
  }
  if (hosts->failed || (no_address && address_failed)) find_argument(judgement, find(judgement, "partner-unknown", NULL), "host", "%s", domain);
  else if (hosts->null_mx || no_address) find(judgement, "partner-no-mail", NULL);
  else judge_partner_hosts(judgement, hosts);
}
