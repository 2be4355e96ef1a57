#include <string.h>

#include "checks/judge/tls_private.h"

/* Extra handshakes: few, and at the first address of a host that speaks TLS. What an administrator is to act on is asked always; the rest
 * only with deep looking, or when the first handshake gives a reason. */

struct extra {
  struct judgement *judgement;
  const struct mail_host *host;
  const struct mail_address *address;
};

static const struct smtp_session *ask(const struct extra *at, uint16_t flags) { return ask_smtp(at->judgement, at->host->name, at->address->text, flags); }

static struct finding *note(const struct extra *at, const char *rule, enum severity severity, const struct smtp_session *session) {
  return tls_note(at->judgement, rule, severity, at->host->name, session);
}

static void say(const struct extra *at, struct finding *finding, const char *name, const char *value) {
  if (!finding_argument(finding, name)) find_argument(at->judgement, finding, name, "%s", value);
}

/* Carried through, or as far as it goes without the client. */
static bool took(const struct smtp_session *session) { return session_encrypted(session) || (session && session->tls.answered_hello); }

/* ---- versions ---- */

static void judge_old_versions(const struct extra *at) {
  const struct smtp_session *old = ask(at, SMTP_ASK_TLS10);
  if (session_encrypted(old)) say(at, note(at, "tls-old-versions-offered", SEVERITY_WARN, old), "version", old->tls.version);
}

static const struct smtp_session *judge_missing_version(const struct extra *at) {
  if (strcmp(at->address->session->tls.version, "TLSv1.2") == 0) {
    note(at, "tls-1-3-missing", SEVERITY_INFO, at->address->session);
    return at->address->session;
  }
  const struct smtp_session *twelve = ask(at, SMTP_ASK_TLS12);
  if (twelve && session_refused_handshake(twelve)) note(at, "tls-1-2-missing", SEVERITY_INFO, twelve);
  return took(twelve) ? twelve : NULL;
}

static void judge_ssl(const struct extra *at) {
  const struct smtp_session *three = ask(at, SMTP_ASK_SSL3), *two = ask(at, SMTP_ASK_SSL2);
  if (!took(three) && !took(two)) return;
  const char *versions = !took(two) ? _("SSL 3.0") : !took(three) ? _("SSL 2.0") : _("SSL 2.0 and SSL 3.0");
  struct finding *finding = note(at, "tls-sslv3-offered", SEVERITY_FAIL, took(two) ? two : three);
  say(at, finding, "version", versions);
  if (took(two) && took(three)) find_seen(at->judgement, finding, &three->seen);
}

/* ---- suites ---- */

static bool has_forward_secrecy(const char *suite) { return strstr(suite, "_ECDHE_") || strstr(suite, "_DHE_") || !strstr(suite, "_WITH_"); }

/* A reason, whether or not deep looking is wanted: TLS 1.2 was negotiated without it. */
static void judge_forward_secrecy(const struct extra *at, const struct smtp_session *twelve) {
  if (!twelve || strcmp(at->address->session->tls.version, "TLSv1.2") != 0 || has_forward_secrecy(twelve->tls.cipher)) return;
  const struct smtp_session *forward = ask(at, SMTP_ASK_FORWARD);
  if (forward && session_refused_handshake(forward)) note(at, "tls-no-forward-secrecy", SEVERITY_WARN, forward);
}

static void judge_order(const struct extra *at, const struct smtp_session *twelve) {
  const struct smtp_session *reversed = ask(at, SMTP_ASK_WEAK_FIRST);
  if (!twelve || !took(reversed) || strcmp(twelve->tls.cipher, reversed->tls.cipher) == 0) return;
  bool weak = tls_suite_strength(reversed->tls.cipher) >= SUITE_WEAK;
  say(at, note(at, "tls-server-order", weak ? SEVERITY_WARN : SEVERITY_INFO, reversed), "suite", reversed->tls.cipher);
}

static void judge_weak_suites(const struct extra *at) {
  const struct smtp_session *triple = ask(at, SMTP_ASK_3DES), *insecure = ask(at, SMTP_ASK_INSECURE);
  if (took(triple)) say(at, note(at, "tls-cipher-3des", SEVERITY_WARN, triple), "suite", triple->tls.cipher);
  if (took(insecure)) say(at, note(at, "tls-cipher-insecure", SEVERITY_FAIL, insecure), "suite", insecure->tls.cipher);
}

/* ---- other behaviour ---- */

static void judge_sni(const struct extra *at) {
  const struct smtp_session *session = ask(at, SMTP_ASK_NO_SNI), *usual = at->address->session;
  if (!session || session->connect != CONNECT_OK) return;
  bool none = session_refused_handshake(session) || (session_encrypted(session) && session->tls.certificates == 0);
  bool other = session_encrypted(session) && session->tls.certificates && usual->tls.certificates && !certificate_same(session->tls.chain[0], usual->tls.chain[0]);
  if (!none && !other) return;
  struct certificate_state state;
  certificate_judge(session, at->host->name, &state);
  note(at, "tls-sni-required", other && state.name_good ? SEVERITY_INFO : SEVERITY_WARN, session);
}

static void judge_injection(const struct extra *at) {
  const struct smtp_session *session = ask(at, SMTP_ASK_INJECT);
  if (session && session->injected) note(at, "smtp-starttls-injection", SEVERITY_FAIL, session);
}

/* Where TLS 1.2 does not come about, older things may still. */
static void judge_old_host(struct judgement *judgement, const struct mail_host *host) {
  for (size_t i = 0; i < host->address_count; i++) {
    struct extra at = { judgement, host, &host->addresses[i] };
    if (!at.address->session || at.address->session->starttls_code != 220) continue;
    judge_ssl(&at);
    judge_weak_suites(&at);
    return;
  }
}

void tls_judge_extra(struct judgement *judgement, const struct mail_host *host) {
  for (size_t i = 0; i < host->address_count; i++) {
    struct extra at = { judgement, host, &host->addresses[i] };
    if (!session_tls12(at.address->session)) continue;
    judge_old_versions(&at);
    const struct smtp_session *twelve = judge_missing_version(&at);
    judge_forward_secrecy(&at, twelve);
    if (!judgement->inquiry->deep) return;
    judge_order(&at, twelve);
    judge_ssl(&at);
    judge_weak_suites(&at);
    judge_sni(&at);
    judge_injection(&at);
    return;
  }
  if (judgement->inquiry->deep) judge_old_host(judgement, host);
}
