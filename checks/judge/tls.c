#include <string.h>

#include "checks/judge/dane.h"
#include "checks/judge/tls_private.h"

/* 10: hosts, conversations, sessions and certificates; the parts are in tls_*.c. */

struct finding *tls_note(struct judgement *judgement, const char *rule, enum severity severity, const char *host, const struct smtp_session *session) {
  const char *address = session->seen.question.server;
  for (size_t i = 0; i < judgement->count; i++) {
    struct finding *finding = judgement->findings[i];
    if (strcmp(finding->rule->id, rule) != 0 || strcmp(finding->subject, host) != 0) continue;
    if (severity > finding->severity) finding->severity = severity;
    struct text_argument *argument = &finding->arguments[0];
    for (size_t k = 0; k < finding->seen_count; k++)
      if (strcmp(finding->seen[k]->question.server, address) == 0) return finding;
    argument->value = arena_printf(judgement->arena, "%s, %s", argument->value, address);
    find_seen(judgement, finding, &session->seen);
    return finding;
  }
  struct finding *finding = find_as(judgement, rule, severity, host);
  find_argument(judgement, finding, "address", "%s", address);
  find_seen(judgement, finding, &session->seen);
  return finding;
}

/* ---- one host ---- */

static bool breaks_sts(const struct mail_host *host, const struct smtp_session *session, const struct smtp_session *seen) {
  if (session->connect != CONNECT_OK) return false;
  if (session_lacks_starttls(session) || session_refuses_starttls(session)) return true;
  if (!session_encrypted(seen)) return session_ended_in_handshake(session);
  return !session_serves_sts(seen, host->name);
}

static void judge_at_address(struct judgement *judgement, const struct mail_hosts *hosts, const struct mail_host *host, const struct mail_address *address, const struct sts *sts) {
  const struct smtp_session *session = address->session, *everything = NULL;
  if (!session) return;
  if (session->connect == CONNECT_OK && session_ended_in_handshake(session)) {
    everything = ask_smtp(judgement, host->name, address->text, SMTP_ASK_ALL);
    if (!everything) return;
  }
  tls_judge_conversation(judgement, host, session, everything);
  const struct smtp_session *seen = session_encrypted(session) ? session : everything;
  bool listed = tls_sts_lists(sts, host->name), dane = false;
  if (!listed && tls_suite_is_anonymous(seen) && !dane_in_force(judgement, hosts, host, &dane)) return;
  if (session_encrypted(seen)) {
    tls_judge_session(judgement, host->name, seen, listed || dane);
    tls_judge_certificate(judgement, host->name, seen, listed);
  }
  if (listed && breaks_sts(host, session, seen ? seen : session))
    tls_note(judgement, "tls-breaks-mta-sts", sts->mode == STS_ENFORCE ? SEVERITY_FAIL : SEVERITY_WARN, host->name, session);
}

static void judge_certificates_differ(struct judgement *judgement, const struct mail_host *host) {
  const struct smtp_session *first = NULL;
  struct certificate_state one, other;
  for (size_t i = 0; i < host->address_count; i++) {
    const struct smtp_session *session = host->addresses[i].session;
    if (!session_encrypted(session) || session->tls.certificates == 0) continue;
    if (!first) {
      first = session;
      certificate_judge(first, host->name, &one);
      continue;
    }
    certificate_judge(session, host->name, &other);
    if (certificate_same(one.leaf, other.leaf)) continue;
    bool faulty = !certificate_state_good(&one) || !certificate_state_good(&other);
    tls_note(judgement, "tls-cert-differs", faulty ? SEVERITY_WARN : SEVERITY_INFO, host->name, first);
    tls_note(judgement, "tls-cert-differs", faulty ? SEVERITY_WARN : SEVERITY_INFO, host->name, session);
  }
}

/* ---- all hosts ---- */

/* Answered and so known: an address with good TLS, or one without. */
static bool has_address(const struct mail_host *host, bool good) {
  for (size_t k = 0; k < host->address_count; k++) {
    const struct smtp_session *session = host->addresses[k].session;
    if (!session) continue;
    bool none = session_lacks_starttls(session) || session_refuses_starttls(session) || session_ended_in_handshake(session);
    if (good ? session_tls12(session) : none) return true;
  }
  return false;
}

static void judge_hosts_differ(struct judgement *judgement, const struct mail_hosts *hosts) {
  const char *good = NULL, *bad = NULL;
  for (size_t i = 0; i < hosts->count && !bad; i++) {
    if (!has_address(&hosts->hosts[i], true)) continue;
    good = hosts->hosts[i].name;
    for (size_t k = 0; k < hosts->count && !bad; k++)
      if (k != i && has_address(&hosts->hosts[k], false)) bad = hosts->hosts[k].name;
  }
  if (!bad) return;
  struct finding *finding = find(judgement, "tls-differs-between-hosts", NULL);
  find_argument(judgement, finding, "good", "%s", good);
  find_argument(judgement, finding, "bad", "%s", bad);
}

/* A pass stands only beside a host's address list that has nothing worse (check-rules 15, 11). */
static void drop_passes(struct judgement *judgement) {
  size_t kept = 0;
  for (size_t i = 0; i < judgement->count; i++) {
    struct finding *finding = judgement->findings[i];
    bool drop = false;
    bool certificate = text_starts(finding->rule->id, "tls-cert-");
    for (size_t k = 0; finding->severity == SEVERITY_PASS && k < judgement->count && !drop; k++) {
      const struct finding *other = judgement->findings[k];
      bool same_group = text_starts(other->rule->id, "tls-cert-") == certificate && strncmp(other->rule->id, finding->rule->id, 4) == 0;
      drop = same_group && other->severity > SEVERITY_INFO && strcmp(other->subject, finding->subject) == 0;
    }
    if (!drop) judgement->findings[kept++] = finding;
  }
  judgement->count = kept;
}

void judge_tls(struct judgement *judgement) {
  enum profile profile;
  if (!judge_domain_exists(judgement)) return;
  bool known = judge_profile(judgement, &profile);
  if (known && (profile == PROFILE_PARKED || profile == PROFILE_SEND_ONLY)) return;
  struct mail_hosts *hosts = ARENA_NEW(judgement->arena, struct mail_hosts);
  struct sts sts;
  bool policy = tls_sts_find(judgement, judgement->inquiry->domain, &sts);
  bool whole = mail_hosts_find(judgement, judgement->inquiry->domain, known, hosts);
  tls_judge_answers(judgement);
  for (size_t i = 0; i < hosts->count; i++) tls_judge_extra(judgement, &hosts->hosts[i]);
  if (!known || !policy || !whole || hosts->null_mx || hosts->failed) return;
  tls_judge_reach(judgement, hosts);
  for (size_t i = 0; i < hosts->count; i++) {
    for (size_t k = 0; k < hosts->hosts[i].address_count; k++) judge_at_address(judgement, hosts, &hosts->hosts[i], &hosts->hosts[i].addresses[k], &sts);
    judge_certificates_differ(judgement, &hosts->hosts[i]);
  }
  judge_hosts_differ(judgement, hosts);
  drop_passes(judgement);
}
