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

/* The first host of each kind. */
struct partner_state { const char *unknown, *no_tls, *bad_certificate; };

static bool has_no_tls(const struct smtp_session *session) {
  if (session_turned_away(session)) return true;
  if (session_tls12(session) || session->connect != CONNECT_OK || session->ending == SMTP_TIMED_OUT) return false;
  return session_lacks_starttls(session) || session_refuses_starttls(session) || session->stage >= SMTP_AT_HANDSHAKE;
}

/* An address that takes TLS speaks for its host where others cannot be reached: senders go on to the next. One without TLS speaks against it. Of a host
 * that has no address nothing is to be said: it takes no mail. */
static void look_at_host(const struct mail_host *host, struct partner_state *state) {
  if (host->address_count == 0 && host->a->outcome != DNS_FAILED && host->aaaa->outcome != DNS_FAILED) return;
  bool encrypts = false, plain = false, doubtful = false;
  for (size_t i = 0; i < host->address_count; i++) {
    const struct smtp_session *session = host->addresses[i].session;
    struct certificate_state certificate;
    if (!session) continue;
    certificate_judge(session, host->name, &certificate);
    encrypts = encrypts || (session_tls12(session) && session->ending == SMTP_DONE);
    plain = plain || has_no_tls(session);
    doubtful = doubtful || (session_tls12(session) && !certificate_state_good(&certificate));
  }
  if (plain && !state->no_tls) state->no_tls = host->name;
  if (!plain && !encrypts && !state->unknown) state->unknown = host->name;
  if (doubtful && !state->bad_certificate) state->bad_certificate = host->name;
}

static void judge_partner_hosts(struct judgement *judgement, const struct mail_hosts *hosts) {
  struct partner_state state = { 0 };
  for (size_t i = 0; i < hosts->count; i++) look_at_host(&hosts->hosts[i], &state);
  if (state.no_tls) find_argument(judgement, find(judgement, "partner-needs-exception", NULL), "host", "%s", state.no_tls);
  else if (state.unknown) find_argument(judgement, find(judgement, "partner-unknown", NULL), "host", "%s", state.unknown);
  else find(judgement, "partner-tls-ok", NULL);
  if (state.no_tls || state.unknown) return;
  if (state.bad_certificate) find_argument(judgement, find(judgement, "partner-certificate-invalid", NULL), "host", "%s", state.bad_certificate);
  else find(judgement, "partner-valid-certificate", NULL);
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
