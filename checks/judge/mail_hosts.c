#include "checks/judge/mail_hosts.h"

#include <openssl/x509_vfy.h>
#include <string.h>

enum { MINUTE_MS = 60000, CLOCK_SLACK_MINUTES = 5 };

static void add_addresses(struct mail_host *host, const struct dns_answer *answer, struct arena *arena) {
  for (size_t i = 0; answer && i < answer->count && host->address_count < MAIL_ADDRESSES_MOST; i++) {
    char text[IP_TEXT];
    struct mail_address *address = &host->addresses[host->address_count++];
    address->ip = answer->records[i].address;
    ip_format(&address->ip, text);
    address->text = arena_strdup(arena, text);
  }
}

static void add_host(struct mail_hosts *out, const char *name, struct arena *arena) {
  for (size_t i = 0; i < out->count; i++)
    if (name_equal(out->hosts[i].name, name)) return;
  out->hosts = arena_grow(arena, out->hosts, out->count, sizeof *out->hosts);
  out->hosts[out->count++].name = name;
}

/* Lowest preference first, as senders try them; names in order where the preference is the same, so that the order of arrival does not show. */
static void add_mx_hosts(struct mail_hosts *out, const struct dns_answer *mx, struct arena *arena) {
  const struct dns_rr *last = NULL;
  for (size_t done = 0; done < mx->count && out->count < MAIL_HOSTS_MOST; done++) {
    const struct dns_rr *next = NULL;
    for (size_t i = 0; i < mx->count; i++) {
      const struct dns_rr *rr = &mx->records[i];
      int after_last = !last ? 1 : rr->mx.preference != last->mx.preference ? (int)rr->mx.preference - last->mx.preference : strcmp(rr->mx.host, last->mx.host);
      if (after_last <= 0) continue;
      int before_next = !next ? -1 : rr->mx.preference != next->mx.preference ? (int)rr->mx.preference - next->mx.preference : strcmp(rr->mx.host, next->mx.host);
      if (before_next < 0) next = rr;
    }
    if (!next) return;
    if (*next->mx.host) add_host(out, next->mx.host, arena);
    last = next;
  }
}

bool mail_hosts_find(struct judgement *judgement, const char *domain, bool talk, struct mail_hosts *out) {
  *out = (struct mail_hosts){ .mx = ask_dns(judgement, domain, DNS_TYPE_MX) };
  if (!out->mx) return false;
  out->failed = out->mx->outcome == DNS_FAILED;
  if (out->failed || out->mx->outcome == DNS_NXDOMAIN) return true;
  out->null_mx = out->mx->count == 1 && !*out->mx->records[0].mx.host;
  if (out->null_mx) return true;
  out->implicit = out->mx->count == 0;
  if (out->implicit) add_host(out, domain, judgement->arena);
  else add_mx_hosts(out, out->mx, judgement->arena);
  bool whole = true;
  for (size_t i = 0; i < out->count; i++) {
    struct mail_host *host = &out->hosts[i];
    host->a = ask_dns(judgement, host->name, DNS_TYPE_A);
    host->aaaa = ask_dns(judgement, host->name, DNS_TYPE_AAAA);
    whole = whole && host->a && host->aaaa;
    add_addresses(host, host->a, judgement->arena);
    add_addresses(host, host->aaaa, judgement->arena);
    for (size_t k = 0; talk && k < host->address_count; k++) {
      host->addresses[k].session = ask_smtp(judgement, host->name, host->addresses[k].text, 0);
      whole = whole && host->addresses[k].session;
    }
  }
  return whole;
}

bool session_encrypted(const struct smtp_session *session) { return session && session->tls.established; }

bool session_tls12(const struct smtp_session *session) {
  return session_encrypted(session) && (strcmp(session->tls.version, "TLSv1.2") == 0 || strcmp(session->tls.version, "TLSv1.3") == 0);
}

bool session_spoke(const struct smtp_session *session) { return session && session->connect == CONNECT_OK && (session->banner_code || *session->banner); }

bool session_ended_in_handshake(const struct smtp_session *session) {
  return session->stage == SMTP_AT_HANDSHAKE && !session->tls.established && session->starttls_code == 220;
}

bool session_refused_handshake(const struct smtp_session *session) { return session_ended_in_handshake(session) && session->ending != SMTP_TIMED_OUT && !session->tls.answered_hello; }

bool session_lacks_starttls(const struct smtp_session *session) {
  if (session->ending == SMTP_NO_STARTTLS) return !session->starttls_masked;
  return session->ending == SMTP_REJECTED_5XX && session->stage == SMTP_AT_EHLO && session->helo_code == 250;
}

bool session_refuses_starttls(const struct smtp_session *session) {
  return session->stage == SMTP_AT_STARTTLS && (session->ending == SMTP_REJECTED_5XX || session->ending == SMTP_REJECTED_4XX);
}

bool session_turned_away(const struct smtp_session *session) {
  return session->stage == SMTP_AT_EHLO_TLS && session->tls.client_certificate_requested && session->ending != SMTP_TIMED_OUT;
}

/* ---- certificates ---- */

/* Reasons why there is no way to a trusted root that rules of their own tell: then the root may well be one that is trusted. */
static bool is_told_by_itself(int verify) {
  static const int errors[] = { X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_KEYUSAGE_NO_CERTSIGN, X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
                                X509_V_ERR_CERT_SIGNATURE_FAILURE };
  for (size_t i = 0; i < MEM_COUNT(errors); i++)
    if (errors[i] == verify) return true;
  return false;
}

static void judge_chain(const struct smtp_session *session, struct certificate_state *out) {
  const struct certificate_path *path = &out->path;
  int verify = session->tls.verify;
  out->bad_signature = !path->signatures_good;
  out->chain_good = verify == X509_V_OK && !out->bad_signature;
  if (verify == X509_V_OK) return;
  out->self_signed = out->leaf->self_signed;
  bool no_issuer = verify == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT || verify == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                   verify == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
  out->incomplete = !out->self_signed && !path->ends_self_signed && no_issuer;
  out->untrusted = !out->self_signed && !out->incomplete && !is_told_by_itself(verify);
  out->unknown_root = no_issuer || verify == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

void certificate_judge(const struct smtp_session *session, const char *host, struct certificate_state *out) {
  memset(out, 0, sizeof *out);
  out->match = CERTIFICATE_MATCH_NONE;
  out->matched_name = "";
  if (!session || session->tls.certificates == 0) return;
  out->leaf = session->tls.chain[0];
  out->path = *session->tls.path;
  out->match = certificate_matches(out->leaf, host, &out->matched_name);
  out->name_good = certificate_match_holds(out->match);
  out->expired = session->seen.time > out->leaf->not_after;
  out->not_yet = session->seen.time + (int64_t)CLOCK_SLACK_MINUTES * MINUTE_MS < out->leaf->not_before;
  out->outdated = session->tls.outdated;
  out->date_good = !out->expired && !out->not_yet && !out->outdated;
  judge_chain(session, out);
}

bool certificate_state_good(const struct certificate_state *state) { return state->leaf && state->name_good && state->date_good && state->chain_good; }

bool session_serves_sts(const struct smtp_session *session, const char *host) {
  struct certificate_state state;
  if (!session_encrypted(session)) return false;
  certificate_judge(session, host, &state);
  return certificate_state_good(&state) && state.match != CERTIFICATE_MATCH_COMMON_NAME;
}
