#include "src/guidance/secondary.h"

#include <string.h>

#include "checks/judge/mail_hosts.h"
#include "src/base/lib.h"

enum { MOST_ADDRESSES = 4 };

static const char *certificate_words(const struct smtp_session *session, const char *host) {
  struct certificate_state state;
  certificate_judge(session, host, &state);
  if (state.expired) return _("It takes TLS 1.2 or later, but its certificate has expired.");
  if (!state.name_good) return _("It takes TLS 1.2 or later, but its certificate has another name.");
  if (!certificate_state_good(&state)) return _("It takes TLS 1.2 or later, with a certificate that others cannot verify.");
  return NULL;
}

static void judge_session(struct judgement *j, const struct smtp_session *session, const char *host, struct secondary_host *out) {
  const char *trouble;
  if (session_tls12(session)) {
    trouble = certificate_words(session, host);
    out->version = text_safe_string(j->arena, session->tls.version ? session->tls.version : "");
    out->severity = trouble ? SEVERITY_WARN : SEVERITY_PASS;
    out->words = trouble ? trouble : _("It takes TLS 1.2 or later, and its certificate is good.");
  } else if (session_encrypted(session)) {
    out->severity = SEVERITY_FAIL;
    out->words = _("It takes only versions of TLS before 1.2.");
  } else if (session_spoke(session)) {
    out->severity = SEVERITY_FAIL;
    out->words = _("It answers, and takes no TLS.");
  } else {
    out->severity = j->inquiry->smtp_reachable ? SEVERITY_FAIL : SEVERITY_UNKNOWN;
    out->words = j->inquiry->smtp_reachable ? _("It does not answer.") : _("It did not answer from here. It may be reached from inside only, or port 25 is closed to this computer.");
  }
}

/* The worst of its addresses is what counts: a sender may meet any of them. */
static bool look_at_addresses(struct judgement *j, const struct dns_answer *answer, const char *host, struct secondary_host *out, size_t *count) {
  bool known = answer != NULL;
  for (size_t i = 0; answer && i < answer->count && *count < MOST_ADDRESSES; i++) {
    char text[IP_TEXT];
    struct secondary_host one = { .name = host, .version = "" };
    ip_format(&answer->records[i].address, text);
    const struct smtp_session *session = ask_smtp(j, host, text, 0);
    if (!session) {
      known = false;
      continue;
    }
    judge_session(j, session, host, &one);
    if (!*count || (severity_worse(one.severity, out->severity) == one.severity && one.severity != out->severity)) *out = one;
    ++*count;
  }
  return known;
}

bool secondary_look(struct judgement *j, const char *host, struct secondary_host *out) {
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  size_t count = 0;
  *out = (struct secondary_host){ .name = host, .severity = SEVERITY_UNKNOWN, .words = "", .version = "" };
  bool known = look_at_addresses(j, a, host, out, &count) & look_at_addresses(j, aaaa, host, out, &count);
  if (!known) return false;
  if (count) return true;
  bool failed = a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED;
  out->severity = failed ? SEVERITY_UNKNOWN : SEVERITY_FAIL;
  out->words = failed ? _("Its address could not be looked up.") : _("The name has no address.");
  return true;
}
