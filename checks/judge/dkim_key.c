#include <string.h>

#include "checks/judge/dkim.h"

static struct finding *tell(struct judgement *j, const char *rule, const char *subject, const char *value) {
  struct finding *finding = find(j, rule, subject);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

static const struct tag *capital_tag(const struct dkim_record *record) {
  static const char *const names[] = { "v", "k", "p" };
  for (size_t i = 0; i < record->tags->count; i++)
    for (size_t n = 0; n < MEM_COUNT(names); n++)
      if (text_equal(record->tags->tags[i].name, names[n]) && strcmp(record->tags->tags[i].name, names[n]) != 0) return &record->tags->tags[i];
  return NULL;
}

static bool judge_form(struct judgement *j, const char *subject, const struct dkim_record *record, const char *text) {
  const struct tag *capital = capital_tag(record);
  if (record->host_name_only) tell(j, "dkim-cname-in-txt", subject, text);
  else if (*text == '"') tell(j, "dkim-key-quoted", subject, text);
  else if (record->duplicate) tell(j, "dkim-duplicate-tag", subject, text);
  else if (capital) tell(j, "dkim-tag-case", subject, capital->name);
  else if (record->syntax_error) tell(j, "dkim-syntax-error", subject, text);
  else if (!record->version_valid) tell(j, "dkim-version-invalid", subject, record->version);
  else if (record->version && !record->version_first) tell(j, "dkim-version-not-first", subject, text);
  else return true;
  return false;
}

static bool judge_key(struct judgement *j, const char *subject, const struct dkim_record *record) {
  static const char *const rules[] = {
    [DKIM_KEY_MISSING] = "dkim-key-missing", [DKIM_KEY_QUOTED] = "dkim-key-quoted", [DKIM_KEY_BAD_BASE64] = "dkim-key-bad-base64",
    [DKIM_KEY_TRUNCATED] = "dkim-key-truncated", [DKIM_KEY_PEM] = "dkim-key-pem", [DKIM_KEY_PRIVATE] = "dkim-key-pem",
    [DKIM_KEY_UNDECODABLE] = "dkim-key-undecodable", [DKIM_KEY_ED25519_LENGTH] = "dkim-ed25519-length",
  };
  if (record->key == DKIM_KEY_REVOKED) return false;
  if (record->declared == DKIM_OTHER) tell(j, "dkim-key-type-unknown", subject, record->k);
  else if (record->key == DKIM_KEY_PRIVATE) tell(j, "dkim-key-pem", subject, _("a private key"));
  else if (record->key != DKIM_KEY_GOOD) tell(j, rules[record->key], subject, record->key == DKIM_KEY_PEM ? _("a certificate or a key file") : "");
  else if (record->actual != record->declared) tell(j, "dkim-key-type-mismatch", subject, record->k ? record->k : "rsa");
  else return true;
  return false;
}

static bool judge_strength(struct judgement *j, const char *subject, const struct dkim_record *record) {
  if (record->actual != DKIM_RSA) return true;
  const char *rule = record->bits < 1024 ? "dkim-rsa-too-short" : record->bits < 2048 ? "dkim-rsa-1024" : record->bits > 4096 ? "dkim-rsa-too-long" : "dkim-rsa-2048";
  find_argument(j, find(j, rule, subject), "bits", "%u", record->bits);
  if (record->bad_exponent) find_as(j, "dkim-rsa-bad-exponent", SEVERITY_FAIL, subject);
  else if (record->small_exponent) find_as(j, "dkim-rsa-bad-exponent", SEVERITY_WARN, subject);
  if (record->bare_rsa) find(j, "dkim-key-bare-rsa", subject);
  return record->bits >= 1024 && !record->bad_exponent;
}

static bool has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; *at; at += strcspn(at, ":"), at += *at == ':') {
    while (is_space(*at)) at++;
    if (text_equal_n(at, word, strnlen(at, length)) && strcspn(at, ": \t") == length) return true;
  }
  return false;
}

static bool judge_lists(struct judgement *j, const char *subject, const struct dkim_record *record) {
  bool good = true;
  if (record->h) {
    bool sha1 = has_word(record->h, "sha1"), sha256 = has_word(record->h, "sha256");
    if (!sha256) tell(j, sha1 ? "dkim-hash-sha1-only" : "dkim-hash-unknown", subject, record->h);
    else if (sha1) tell(j, "dkim-hash-sha1-listed", subject, record->h);
    good = sha256;
  }
  if (record->s && !has_word(record->s, "*") && !has_word(record->s, "email")) {
    tell(j, "dkim-service-type", subject, record->s);
    good = false;
  }
  if (record->testing) find(j, "dkim-testing-flag", subject);
  if (record->strict) find(j, "dkim-strict-flag", subject);
  if (record->g) tell(j, "dkim-granularity-tag", subject, record->g)->severity = strcmp(record->g, "*") == 0 ? SEVERITY_INFO : SEVERITY_WARN;
  if (!record->version) find(j, "dkim-version-absent", subject);
  return good;
}

static void judge_unknown_tags(struct judgement *j, const char *subject, const struct dkim_record *record) {
  static const char *const known[] = { "v", "h", "k", "n", "p", "s", "t", "g" };
  for (size_t i = 0; i < record->tags->count; i++) {
    const char *name = record->tags->tags[i].name;
    bool is_known = false;
    size_t length = strlen(name);
    for (size_t n = 0; n < MEM_COUNT(known); n++) is_known = is_known || strcmp(known[n], name) == 0;
    if (is_known || !length) continue;
    bool near = length == 2 && strchr("kpt", name[1]);
    tell(j, near ? "dkim-tag-misspelt" : "dkim-unknown-tag", subject, name);
  }
}

bool dkim_judge_text(struct judgement *j, const char *subject, const char *text, size_t length) {
  const struct dkim_record *record = dkim_parse(j->arena, text, length);
  if (!judge_form(j, subject, record, text)) return false;
  judge_unknown_tags(j, subject, record);
  if (!judge_key(j, subject, record)) return false;
  bool strong = judge_strength(j, subject, record);
  return judge_lists(j, subject, record) && strong;
}
