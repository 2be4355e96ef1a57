#include <string.h>

#include "checks/judge/tls_private.h"

#define DAY_MS ((int64_t)86400 * 1000)
enum { SOON_DAYS = 14, MONTH_DAYS = 30, SHORT_LIFE_DAYS = 15, MONTH_LIFE_DAYS = 100, LONG_LIFE_DAYS = 398, OTHERS_LEAST = 2 };

struct looking {
  struct judgement *judgement;
  const char *host;
  const struct smtp_session *session;
  bool listed;                     /* by an MTA-STS policy in force */
};

static struct finding *note(const struct looking *at, const char *rule, enum severity severity) { return tls_note(at->judgement, rule, severity, at->host, at->session); }

static void say(const struct looking *at, struct finding *finding, const char *name, const char *value) {
  if (!finding_argument(finding, name)) find_argument(at->judgement, finding, name, "%s", value);
}

static void day_text(int64_t time, char out[32]) {
  clock_format_utc(time, out);
  out[10] = '\0'; /* the day is enough */
}

/* Senders look at the dates of the whole way to the root (RFC 5280 section 6.1.3). */
static void judge_issuer_dates(const struct looking *at, const struct certificate *issuer) {
  char from[32], until[32];
  day_text(issuer->not_before, from);
  day_text(issuer->not_after, until);
  struct finding *finding = note(at, at->session->seen.time > issuer->not_after ? "tls-cert-expired" : "tls-cert-not-yet-valid", SEVERITY_FAIL);
  say(at, finding, "until", until);
  say(at, finding, "from", from);
  say(at, finding, "note", arena_printf(at->judgement->arena, _(" It is the certificate of an issuer: %s"), issuer->subject));
}

static void judge_dates(const struct looking *at, const struct certificate_state *state) {
  const struct certificate *leaf = state->leaf;
  char from[32], until[32];
  day_text(leaf->not_before, from);
  day_text(leaf->not_after, until);
  int64_t left = leaf->not_after - at->session->seen.time, life = leaf->not_after - leaf->not_before;
  struct finding *finding = NULL;
  if (state->expired) finding = note(at, "tls-cert-expired", SEVERITY_FAIL);
  else if (state->not_yet) finding = note(at, "tls-cert-not-yet-valid", SEVERITY_FAIL);
  else if (life <= SHORT_LIFE_DAYS * DAY_MS ? left <= life / 3 : left <= SOON_DAYS * DAY_MS) finding = note(at, "tls-cert-expires-soon", SEVERITY_WARN);
  else if (left <= MONTH_DAYS * DAY_MS && life > MONTH_LIFE_DAYS * DAY_MS) finding = note(at, "tls-cert-expires-in-month", SEVERITY_INFO);
  if (finding) say(at, finding, "until", until);
  if (finding) say(at, finding, "from", from);
  if (finding) say(at, finding, "note", "");
  if (state->outdated) judge_issuer_dates(at, state->outdated);
  if (life > LONG_LIFE_DAYS * DAY_MS) say(at, note(at, "tls-cert-lifetime-long", SEVERITY_INFO), "until", until);
}

static const char *names_text(const struct looking *at, const struct certificate *leaf) {
  struct buf out = BUF_INIT(200);
  for (size_t i = 0; i < leaf->name_count; i++) {
    if (i) buf_text(&out, ", ");
    buf_text(&out, leaf->names[i]);
  }
  if (leaf->name_count == 0) buf_text(&out, *leaf->common_name ? leaf->common_name : "-");
  char *text = arena_strndup(at->judgement->arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static void judge_name(const struct looking *at, const struct certificate_state *state) {
  struct finding *finding = NULL;
  switch (state->match) {
  case CERTIFICATE_MATCH_NAME: case CERTIFICATE_MATCH_WILDCARD: return;
  case CERTIFICATE_MATCH_COMMON_NAME: finding = note(at, "tls-cert-no-san", at->listed ? SEVERITY_FAIL : SEVERITY_WARN); break;
  case CERTIFICATE_MATCH_WILDCARD_DEEP: case CERTIFICATE_MATCH_WILDCARD_PARTIAL: case CERTIFICATE_MATCH_WILDCARD_SUFFIX:
    finding = note(at, "tls-cert-wildcard-depth", SEVERITY_FAIL);
    break;
  case CERTIFICATE_MATCH_NONE: finding = note(at, "tls-cert-name-mismatch", SEVERITY_FAIL); break;
  }
  say(at, finding, "names", *state->matched_name ? state->matched_name : names_text(at, state->leaf));
}

/* Self-signed stands for untrusted and for incomplete. */
static void judge_trust(const struct looking *at, const struct certificate_state *state) {
  const struct certificate *top = state->path.steps[state->path.length - 1];
  enum severity severity = at->listed ? SEVERITY_FAIL : SEVERITY_WARN;
  if (state->bad_signature) say(at, note(at, "tls-cert-bad-signature", SEVERITY_FAIL), "certificate", state->path.steps[state->path.bad_signature_at]->subject);
  if (state->self_signed) note(at, "tls-cert-self-signed", severity);
  else if (state->incomplete) say(at, note(at, "tls-cert-chain-incomplete", SEVERITY_FAIL), "issuer", top->issuer);
  else if (state->untrusted && !state->bad_signature) {
    struct finding *finding = note(at, "tls-cert-untrusted", severity);
    say(at, finding, "issuer", top->subject);
    say(at, finding, "note", state->unknown_root ? "" : arena_printf(at->judgement->arena, " (%s)", at->session->tls.verify_text));
  }
}

static void judge_sent(const struct looking *at, const struct certificate_state *state) {
  const struct certificate_path *path = &state->path;
  if (state->incomplete || state->self_signed) return;
  if (!path->in_order || path->unneeded) note(at, "tls-cert-chain-order", SEVERITY_INFO);
  if (path->length > 1 && path->ends_self_signed) note(at, "tls-cert-root-sent", SEVERITY_INFO);
}

/* The leaf and what lies between it and the root. */
static void judge_strength(const struct looking *at, const struct certificate_state *state) {
  for (size_t i = 0; i < state->path.length; i++) {
    const struct certificate *c = state->path.steps[i];
    if (i > 0 && c->self_signed) continue;
    if (certificate_has_weak_key(c)) {
      struct finding *finding = note(at, "tls-cert-weak-key", SEVERITY_FAIL);
      say(at, finding, "key", certificate_key_text(at->judgement->arena, c));
      say(at, finding, "certificate", c->subject);
    }
    if (certificate_has_weak_signature(c)) {
      struct finding *finding = note(at, "tls-cert-weak-signature", SEVERITY_FAIL);
      say(at, finding, "signature", c->signature);
      say(at, finding, "certificate", c->subject);
    }
  }
}

static void judge_issuers(const struct looking *at, const struct certificate_state *state) {
  for (size_t i = 1; i < state->path.length; i++) {
    const struct certificate *c = state->path.steps[i];
    bool anchor = c->self_signed && at->session->tls.verify == 0; /* a root that is trusted needs no extension (RFC 5280 section 6.1) */
    if (certificate_path_may_issue(&state->path, i) || anchor) continue;
    say(at, note(at, "tls-cert-intermediate-not-ca", SEVERITY_FAIL), "certificate", c->subject);
    return;
  }
}

bool tls_usage_serves(const struct certificate *leaf, const struct tls_session *tls) {
  if (leaf->has_extended_usage && !leaf->server_auth) return false;
  if (!leaf->has_key_usage || !tls->established) return true;
  bool static_rsa = text_starts(tls->cipher, "TLS_RSA_WITH_");
  return (leaf->key_usage & (static_rsa ? CERTIFICATE_KEY_ENCIPHERMENT : CERTIFICATE_DIGITAL_SIGNATURE)) != 0;
}

static void judge_profile_of(const struct looking *at, const struct certificate_state *state) {
  if (!tls_usage_serves(state->leaf, &at->session->tls)) note(at, "tls-cert-key-usage", SEVERITY_FAIL);
  for (size_t i = 0; i < state->path.length; i++)
    if (state->path.steps[i]->unknown_critical) say(at, note(at, "tls-cert-critical-unknown", SEVERITY_FAIL), "certificate", state->path.steps[i]->subject);
}

/* What a stapled response says. Nothing is fetched from an authority: with deep looking, it is said that nothing was to be had. */
static void judge_revocation(const struct looking *at, const struct certificate_state *state) {
  enum staple_status staple = at->session->tls.staple;
  if (staple == STAPLE_REVOKED) note(at, "tls-cert-revoked", SEVERITY_FAIL);
  else if (state->leaf->must_staple && staple == STAPLE_NONE) note(at, "tls-cert-must-staple", SEVERITY_WARN);
  else if (at->judgement->inquiry->deep && staple != STAPLE_GOOD && !state->self_signed) note(at, "tls-cert-revocation-unknown", SEVERITY_INFO);
}

static void judge_other_names(const struct looking *at, const struct certificate *leaf) {
  const struct inquiry *inquiry = at->judgement->inquiry;
  const char *own = suffix_registrable(inquiry->domain), *hosts = suffix_registrable(at->host);
  const char *first = NULL;
  size_t others = 0;
  for (size_t i = 0; i < leaf->name_count; i++) {
    const char *name = name_without_star(leaf->names[i]);
    bool old = false;
    for (size_t k = 0; k < inquiry->old_domain_count; k++) old = old || name_is_under(name, inquiry->old_domains[k].name);
    if (old) say(at, note(at, "tls-cert-old-domain", SEVERITY_INFO), "name", leaf->names[i]);
    if (old || name_is_under(name, own) || name_is_under(name, hosts)) continue;
    if (!first) first = leaf->names[i];
    others++;
  }
  /* A provider's own host with a provider's own names is no news: only beside the domain's own name is it. */
  if (others >= OTHERS_LEAST && name_is_under(at->host, own)) say(at, note(at, "tls-cert-shared", SEVERITY_INFO), "name", first);
}

void tls_judge_certificate(struct judgement *judgement, const char *host, const struct smtp_session *session, bool listed) {
  struct certificate_state state;
  certificate_judge(session, host, &state);
  if (!state.leaf) return;
  struct looking at = { judgement, host, session, listed };
  judge_name(&at, &state);
  judge_trust(&at, &state);
  judge_dates(&at, &state);
  judge_sent(&at, &state);
  judge_strength(&at, &state);
  judge_issuers(&at, &state);
  judge_profile_of(&at, &state);
  judge_revocation(&at, &state);
  judge_other_names(&at, state.leaf);
  note(&at, "tls-cert-ok", SEVERITY_PASS); /* which does not stand beside a fault */
}
