#include <string.h>

#include "checks/judge/tls_private.h"

static bool has(const char *suite, const char *part) { return strstr(suite, part) != NULL; }

enum suite_strength tls_suite_strength(const char *suite) {
  static const char *const insecure[] = { "_NULL_", "WITH_NULL", "EXPORT", "_DES_CBC_", "_DES40_", "_RC4_", "_RC2_", "_MD5" };
  for (size_t i = 0; i < MEM_COUNT(insecure); i++)
    if (has(suite, insecure[i])) return SUITE_INSECURE;
  if (strcmp(suite, "TLS_AES_256_GCM_SHA384") == 0 || strcmp(suite, "TLS_AES_128_GCM_SHA256") == 0) return SUITE_RECOMMENDED;
  if ((text_starts(suite, "TLS_ECDHE_ECDSA_WITH_AES_") || text_starts(suite, "TLS_ECDHE_RSA_WITH_AES_")) && has(suite, "_GCM_")) return SUITE_RECOMMENDED;
  bool forward = has(suite, "_ECDHE_") || has(suite, "_DHE_") || !has(suite, "_WITH_");
  bool sealed = has(suite, "_GCM_") || has(suite, "_CCM") || has(suite, "CHACHA20");
  return forward && sealed ? SUITE_ACCEPTABLE : SUITE_WEAK;
}

static bool is_anonymous(const char *suite) { return has(suite, "_anon_"); }

bool tls_suite_is_anonymous(const struct smtp_session *session) { return session_encrypted(session) && is_anonymous(session->tls.cipher); }

/* A suite without a certificate is insecure where one is needed, and else no better than another without proof of who answers. */
static enum suite_strength strength_for(const char *suite, bool needs_certificate) {
  return is_anonymous(suite) ? needs_certificate ? SUITE_INSECURE : SUITE_WEAK : tls_suite_strength(suite);
}

static void judge_suite(struct judgement *judgement, const char *host, const struct smtp_session *session, bool needs_certificate) {
  static const char *const rules[] = { [SUITE_RECOMMENDED] = "tls-cipher-recommended", [SUITE_ACCEPTABLE] = "tls-cipher-acceptable", [SUITE_WEAK] = "tls-cipher-weak",
                                       [SUITE_INSECURE] = "tls-cipher-insecure" };
  const char *rule = rules[strength_for(session->tls.cipher, needs_certificate)];
  struct finding *finding = tls_note(judgement, rule, rule_find(rule)->severity, host, session);
  if (!finding_argument(finding, "suite")) find_argument(judgement, finding, "suite", "%s", session->tls.cipher);
}

static bool is_finite_field(const struct tls_session *tls) { return has(tls->cipher, "_DHE_") || text_starts(tls->group, "ffdhe") || text_starts(tls->group, "DH"); }

/* The library names only the well-known groups. */
static bool is_broken_group(const struct tls_session *tls) {
  return tls->group_bits < 1024 || (tls->group_bits == 1024 && (text_starts(tls->group, "modp") || text_starts(tls->group, "dh_")));
}

static void judge_group(struct judgement *judgement, const char *host, const struct smtp_session *session) {
  const struct tls_session *tls = &session->tls;
  if (tls->group_bits == 0) return;
  struct finding *finding = NULL;
  if (is_finite_field(tls)) {
    if (tls->group_bits < 2048) finding = tls_note(judgement, "tls-dh-group-small", is_broken_group(tls) ? SEVERITY_FAIL : SEVERITY_WARN, host, session);
  } else if (tls->group_bits < 224) finding = tls_note(judgement, "tls-curve-weak", SEVERITY_WARN, host, session);
  if (finding && !finding_argument(finding, "bits")) find_argument(judgement, finding, "bits", "%u", tls->group_bits);
}

void tls_judge_session(struct judgement *judgement, const char *host, const struct smtp_session *session, bool needs_certificate) {
  const struct tls_session *tls = &session->tls;
  if (!session_tls12(session)) {
    struct finding *finding = tls_note(judgement, "tls-version-too-old", SEVERITY_FAIL, host, session);
    if (!finding_argument(finding, "version")) find_argument(judgement, finding, "version", "%s", tls->version);
  }
  judge_suite(judgement, host, session, needs_certificate);
  judge_group(judgement, host, session);
  bool twelve = strcmp(tls->version, "TLSv1.2") == 0;
  if (twelve && (strcmp(tls->signature_hash, "SHA1") == 0 || strstr(tls->signature_hash, "MD5"))) tls_note(judgement, "tls-signature-sha1", SEVERITY_WARN, host, session);
  if (tls->compression) tls_note(judgement, "tls-compression", SEVERITY_FAIL, host, session);
  if (twelve && !tls->secure_renegotiation) tls_note(judgement, "tls-renegotiation-insecure", SEVERITY_WARN, host, session);
  if (session->starttls_again) tls_note(judgement, "smtp-starttls-not-reset", SEVERITY_INFO, host, session);
  if (tls->client_certificate_requested && session->ending == SMTP_DONE) tls_note(judgement, "tls-client-cert-requested", SEVERITY_INFO, host, session);
  if (session_tls12(session) && tls_suite_strength(tls->cipher) == SUITE_RECOMMENDED) {
    struct finding *finding = tls_note(judgement, "tls-ok", SEVERITY_PASS, host, session);
    if (!finding_argument(finding, "version")) find_argument(judgement, finding, "version", "%s", tls->version);
  }
}
