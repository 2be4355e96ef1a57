#include <string.h>

#include "checks/judge/dkim.h"

/* `position` counts from 1, as people do. */
static struct finding *tell(struct judgement *j, const char *rule, const char *subject, const char *value, size_t position) {
  struct finding *finding = find(j, rule, subject);
  find_argument(j, finding, "value", "%s", value ? value : "");
  find_argument(j, finding, "position", "%zu", position + 1);
  return finding;
}

static struct finding *tell_tag(struct judgement *j, const char *rule, const char *subject, const struct dkim_record *record, const char *tag, const char *value) {
  return tell(j, rule, subject, value, dkim_value_position(record, tag));
}

/* False: verifiers discard the record for one of them. A version that is wrong and stands wrong is told once. */
static bool judge_form(struct judgement *j, const char *subject, const struct dkim_record *record) {
  static const char *const rules[] = {
    [DKIM_FAULT_HOST_NAME] = "dkim-cname-in-txt", [DKIM_FAULT_QUOTED] = "dkim-key-quoted", [DKIM_FAULT_SYNTAX] = "dkim-syntax-error",
    [DKIM_FAULT_DUPLICATE] = "dkim-duplicate-tag", [DKIM_FAULT_TAG_CASE] = "dkim-tag-case", [DKIM_FAULT_VERSION] = "dkim-version-invalid",
    [DKIM_FAULT_VERSION_PLACE] = "dkim-version-not-first", [DKIM_FAULT_MISSPELT] = "dkim-tag-misspelt", [DKIM_FAULT_UNKNOWN_TAG] = "dkim-unknown-tag",
  };
  for (size_t i = 0; i < record->fault_count; i++) {
    const struct dkim_fault *fault = &record->faults[i];
    tell(j, rules[fault->kind], subject, fault->text, fault->position);
  }
  return !record->discarded;
}

static bool judge_key(struct judgement *j, const char *subject, const struct dkim_record *record) {
  static const char *const rules[] = {
    [DKIM_KEY_QUOTED] = "dkim-key-quoted", [DKIM_KEY_BAD_BASE64] = "dkim-key-bad-base64",
    [DKIM_KEY_TRUNCATED] = "dkim-key-truncated", [DKIM_KEY_PEM] = "dkim-key-pem", [DKIM_KEY_PRIVATE] = "dkim-key-pem",
    [DKIM_KEY_UNDECODABLE] = "dkim-key-undecodable", [DKIM_KEY_ED25519_LENGTH] = "dkim-ed25519-length",
  };
  if (record->key == DKIM_KEY_REVOKED) return false;
  if (record->declared == DKIM_OTHER) tell_tag(j, "dkim-key-type-unknown", subject, record, "k", record->k);
  else if (record->key == DKIM_KEY_PRIVATE) tell_tag(j, "dkim-key-pem", subject, record, "p", _("a private key"));
  else if (record->key == DKIM_KEY_PEM) tell_tag(j, "dkim-key-pem", subject, record, "p", _("a certificate or a key file"));
  else if (record->key == DKIM_KEY_MISSING) find(j, "dkim-key-missing", subject);
  else if (record->key != DKIM_KEY_GOOD) tell_tag(j, rules[record->key], subject, record, "p", record->p);
  else if (record->actual != record->declared) tell_tag(j, "dkim-key-type-mismatch", subject, record, "k", record->k ? record->k : "rsa");
  else return true;
  return false;
}

static struct finding *tell_key(struct judgement *j, const char *rule, const char *subject, const struct dkim_record *record) {
  struct finding *finding = find(j, rule, subject);
  find_argument(j, finding, "position", "%zu", dkim_value_position(record, "p") + 1);
  return finding;
}

static bool judge_strength(struct judgement *j, const char *subject, const struct dkim_record *record) {
  if (record->actual != DKIM_RSA) return true;
  const char *rule = record->bits < 1024 ? "dkim-rsa-too-short" : record->bits < 2048 ? "dkim-rsa-1024" : record->bits > 4096 ? "dkim-rsa-too-long" : "dkim-rsa-2048";
  find_argument(j, tell_key(j, rule, subject, record), "bits", "%u", record->bits);
  if (record->bad_exponent) tell_key(j, "dkim-rsa-bad-exponent", subject, record);
  else if (record->small_exponent) tell_key(j, "dkim-rsa-bad-exponent", subject, record)->severity = SEVERITY_WARN;
  if (record->roca) tell_key(j, "dkim-rsa-roca", subject, record);
  if (record->bare_rsa) tell_key(j, "dkim-key-bare-rsa", subject, record);
  return record->bits >= 1024 && !record->bad_exponent;
}

static bool judge_hashes(struct judgement *j, const char *subject, const struct dkim_record *record) {
  if (!record->h) return true;
  bool sha1 = dkim_list_has(record->h, "sha1"), sha256 = dkim_list_has(record->h, "sha256");
  if (!sha256) tell_tag(j, sha1 ? "dkim-hash-sha1-only" : "dkim-hash-unknown", subject, record, "h", record->h);
  else if (sha1) tell_tag(j, "dkim-hash-sha1-listed", subject, record, "h", record->h);
  return sha256;
}

static bool judge_lists(struct judgement *j, const char *subject, const struct dkim_record *record) {
  bool good = judge_hashes(j, subject, record);
  if (record->s && !dkim_list_has(record->s, "*") && !dkim_list_has(record->s, "email")) {
    tell_tag(j, "dkim-service-type", subject, record, "s", record->s);
    good = false;
  }
  if (record->testing) tell_tag(j, "dkim-testing-flag", subject, record, "t", record->t);
  if (record->strict) tell_tag(j, "dkim-strict-flag", subject, record, "t", record->t);
  if (record->unknown_flag) tell_tag(j, "dkim-flag-unknown", subject, record, "t", record->unknown_flag);
  if (record->g) tell_tag(j, "dkim-granularity-tag", subject, record, "g", record->g)->severity = strcmp(record->g, "*") == 0 ? SEVERITY_INFO : SEVERITY_WARN;
  if (!record->version) find(j, "dkim-version-absent", subject);
  return good;
}

bool dkim_judge_record(struct judgement *j, const char *subject, const struct dkim_record *record) {
  if (!judge_form(j, subject, record) || !judge_key(j, subject, record)) return false;
  bool strong = judge_strength(j, subject, record);
  return judge_lists(j, subject, record) && strong;
}

/* A text that is not tags at all has no key to speak of. What stands beside a key that cannot be read is told all the same. */
void dkim_lint_text(struct judgement *j, const char *subject, const char *text, size_t length) {
  const struct dkim_record *record = dkim_parse(j->arena, text, length);
  (void)judge_form(j, subject, record);
  if (record->fault_count == 1 && record->faults[0].kind <= DKIM_FAULT_QUOTED) return;
  if (record->key == DKIM_KEY_REVOKED) tell_key(j, "dkim-key-revoked", subject, record);
  if (judge_key(j, subject, record)) (void)judge_strength(j, subject, record);
  (void)judge_lists(j, subject, record);
}
