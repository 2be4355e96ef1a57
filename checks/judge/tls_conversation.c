#include <string.h>

#include "checks/judge/tls_private.h"

enum { SLOW_MS = 1000 };

/* Is an IPv4 address written in the text that is not the server's own? */
static bool names_address(const char *text, const char *server) {
  for (const char *at = text + strcspn(text, "0123456789"); *at; at += strcspn(at, "0123456789")) {
    size_t whole = strspn(at, "0123456789."), length = whole;
    struct ip ip;
    while (at[length - 1] == '.') length--;
    if (ip_parse_n(at, length, &ip) && (strlen(server) != length || strncmp(at, server, length) != 0)) return true;
    at += whole;
  }
  return false;
}

/* A refusal that speaks of us and not of the host: of a list, a reputation, or this machine's address and its name. */
static bool blames_us(const struct smtp_session *session) {
  static const char *const words[] = { "block", "blacklist", "denylist", "dnsbl", "rbl", "spamhaus", "reputation", "your ip", "your address", "listed", "banned", "barracuda",
                                       "spamcop", "client host", "client ip", "client address", "your host", "your server", "reverse", "rdns", "ptr record", "dynamic ip",
                                       "residential", "sender ip", "remote ip", "ip address" };
  for (const char *at = session->banner; *at; at++)
    for (size_t i = 0; i < MEM_COUNT(words); i++)
      if (text_starts(at, words[i])) return true;
  return names_address(session->banner, session->seen.question.server);
}

static void judge_speed(struct judgement *judgement, const char *host, const struct smtp_session *session) {
  uint32_t limit = SLOW_MS + session->connect_ms;
  unsigned slow = (session->banner_ms > limit ? 1u : 0u) + (session->ehlo_ms > limit ? 1u : 0u) + (session->starttls_ms > limit ? 1u : 0u);
  if (slow >= 2) tls_note(judgement, "smtp-slow", SEVERITY_WARN, host, session);
  else if (session->banner_ms > limit) tls_note(judgement, "smtp-banner-slow", SEVERITY_INFO, host, session);
}

static void judge_rejection(struct judgement *judgement, const char *host, const struct smtp_session *session) {
  if (session->stage == SMTP_AT_BANNER) {
    bool ours = blames_us(session);
    struct finding *finding = tls_note(judgement, "smtp-banner-rejects", ours ? SEVERITY_UNKNOWN : SEVERITY_FAIL, host, session);
    if (!finding_argument(finding, "reply")) find_argument(judgement, finding, "reply", "%d %s", session->banner_code, session->banner);
  } else if (session->stage == SMTP_AT_EHLO_TLS) {
    struct finding *finding = tls_note(judgement, "smtp-ehlo-rejected", SEVERITY_FAIL, host, session);
    if (!finding_argument(finding, "reply")) find_argument(judgement, finding, "reply", "%d %s", session->tls_ehlo_code, session->tls_ehlo);
  } else if (session->stage == SMTP_AT_EHLO) {
    struct finding *finding = tls_note(judgement, "smtp-ehlo-rejected", session->helo_code == 250 ? SEVERITY_WARN : SEVERITY_FAIL, host, session);
    if (!finding_argument(finding, "reply")) find_argument(judgement, finding, "reply", "%d %s", session->ehlo_code, session->ehlo);
  } else {
    struct finding *finding = tls_note(judgement, "smtp-starttls-refused", SEVERITY_FAIL, host, session);
    if (!finding_argument(finding, "reply")) find_argument(judgement, finding, "reply", "%d %s", session->starttls_code, session->starttls);
  }
}

static void judge_temporary(struct judgement *judgement, const char *host, const struct smtp_session *session) {
  if (session->stage == SMTP_AT_STARTTLS) {
    judge_rejection(judgement, host, session);
    return;
  }
  struct finding *finding = tls_note(judgement, "smtp-banner-temporary", SEVERITY_UNKNOWN, host, session);
  bool greeting = session->stage == SMTP_AT_BANNER, within = session->stage == SMTP_AT_EHLO_TLS;
  int code = greeting ? session->banner_code : within ? session->tls_ehlo_code : session->ehlo_code;
  const char *text = greeting ? session->banner : within ? session->tls_ehlo : session->ehlo;
  if (!finding_argument(finding, "reply")) find_argument(judgement, finding, "reply", "%d %s", code, text);
}

static bool wants_client_certificate(const struct smtp_session *session) {
  const struct tls_session *tls = &session->tls;
  if (session_turned_away(session)) return true;
  if (session->ending != SMTP_TLS_FAILED) return false;
  return strcmp(tls->alert, "certificate required") == 0 || (tls->client_certificate_requested && *tls->alert);
}

static void say_reason(struct judgement *judgement, struct finding *finding, const struct smtp_session *session) {
  const char *reason = session->ending == SMTP_TIMED_OUT ? _("nothing more came in time") : session->ending == SMTP_INVALID_REPLY ? _("what came is no TLS") : _("the connection was closed");
  if (!finding_argument(finding, "reason")) find_argument(judgement, finding, "reason", "%s", *session->tls.alert ? session->tls.alert : reason);
}

static void note_broken(struct judgement *judgement, const char *host, const struct smtp_session *session) {
  say_reason(judgement, tls_note(judgement, "smtp-starttls-broken", SEVERITY_FAIL, host, session), session);
}

/* The handshake came to nothing, also with all that the library has. */
static void judge_failed_handshake(struct judgement *judgement, const char *host, const struct smtp_session *session, const struct smtp_session *everything) {
  if (wants_client_certificate(session) || (everything && wants_client_certificate(everything))) {
    tls_note(judgement, "tls-client-cert-required", SEVERITY_FAIL, host, session);
    return;
  }
  if (session_encrypted(everything)) return; /* judged by what that showed */
  bool broken = session->ending == SMTP_INVALID_REPLY || session->ending == SMTP_CLOSED || (session->ending == SMTP_TIMED_OUT && session->stage == SMTP_AT_HANDSHAKE);
  if (broken) note_broken(judgement, host, session);
  else say_reason(judgement, tls_note(judgement, "tls-handshake-failed", SEVERITY_FAIL, host, session), session);
}

static void judge_ending(struct judgement *judgement, const struct mail_host *host, const struct smtp_session *session, const struct smtp_session *everything) {
  const char *name = host->name;
  if (session_turned_away(session)) {
    tls_note(judgement, "tls-client-cert-required", SEVERITY_FAIL, name, session);
    return;
  }
  switch (session->ending) {
  case SMTP_DONE: tls_note(judgement, "smtp-ok", SEVERITY_PASS, name, session); break;
  case SMTP_TIMED_OUT:
    if (session_ended_in_handshake(session)) judge_failed_handshake(judgement, name, session, everything);
    else tls_note(judgement, session->stage == SMTP_AT_BANNER ? "smtp-banner-timeout" : "smtp-reply-timeout", SEVERITY_FAIL, name, session);
    break;
  case SMTP_CLOSED:
    if (session_ended_in_handshake(session)) judge_failed_handshake(judgement, name, session, everything);
    else if (session->stage == SMTP_AT_STARTTLS) note_broken(judgement, name, session);
    else tls_note(judgement, "smtp-closed-early", SEVERITY_FAIL, name, session);
    break;
  case SMTP_INVALID_REPLY:
    if (session_ended_in_handshake(session)) judge_failed_handshake(judgement, name, session, everything);
    else tls_note(judgement, "smtp-banner-invalid", SEVERITY_FAIL, name, session);
    break;
  case SMTP_REJECTED_4XX: judge_temporary(judgement, name, session); break;
  case SMTP_REJECTED_5XX: judge_rejection(judgement, name, session); break;
  case SMTP_NO_STARTTLS:
    if (session->starttls_masked) tls_note(judgement, "smtp-starttls-masked", SEVERITY_UNKNOWN, name, session);
    else tls_note(judgement, "smtp-starttls-not-offered", SEVERITY_FAIL, name, session);
    break;
  case SMTP_TLS_FAILED: judge_failed_handshake(judgement, name, session, everything); break;
  case SMTP_CONNECT_FAILED: break;
  }
}

void tls_judge_conversation(struct judgement *judgement, const struct mail_host *host, const struct smtp_session *session, const struct smtp_session *everything) {
  if (session->connect != CONNECT_OK) return;
  judge_ending(judgement, host, session, everything);
  judge_speed(judgement, host->name, session);
  if (session->bare_lf) tls_note(judgement, "smtp-bare-lf", SEVERITY_INFO, host->name, session);
}
