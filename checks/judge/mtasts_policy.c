#include <string.h>

#include "checks/judge/mtasts.h"

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

/* ---- the record's text ---- */

void mtasts_judge_record_text(struct judgement *j, const char *text, size_t length) {
  struct mtasts_record record = mtasts_parse(j->arena, text, length);
  if (record.syntax_error) tell(j, "mtasts-record-syntax", text);
  if (!record.id || !*record.id) find(j, "mtasts-id-missing", NULL);
  else if (!record.id_valid) tell(j, "mtasts-id-invalid", record.id);
  if (record.duplicate) find(j, "mtasts-duplicate-field", NULL);
}

const char *mtasts_near_miss(const char *text) {
  while (is_space(*text) || *text == '"') text++;
  bool like = text_starts(text, "v=STS") || text_starts(text, "v=MTA-STS") || text_starts(text, "v=MTASTS") || text_starts(text, "STSv1") || strstr(text, "v=STSv1");
  return like ? "mtasts-version-invalid" : NULL;
}

/* ---- the policy's text ---- */

static void judge_lines(struct judgement *j, const struct mtasts_policy *policy) {
  static const struct { unsigned fault; const char *rule; } rules[] = {
    { MTASTS_FAULT_VERSION, "mtasts-policy-version" },     { MTASTS_FAULT_MAX_AGE_MISSING, "mtasts-max-age-missing" },
    { MTASTS_FAULT_MAX_AGE_INVALID, "mtasts-max-age-invalid" }, { MTASTS_FAULT_KEY_CASE, "mtasts-key-case" },
    { MTASTS_FAULT_BARE_CR, "mtasts-bare-cr" },            { MTASTS_FAULT_BOM, "mtasts-byte-order-mark" },
    { MTASTS_NOTE_BLANK_LINE, "mtasts-blank-line" },       { MTASTS_NOTE_NON_ASCII, "mtasts-non-ascii" },
    { MTASTS_NOTE_DUPLICATE, "mtasts-key-duplicate" },     { MTASTS_NOTE_UNKNOWN, "mtasts-key-unknown" },
  };
  for (size_t i = 0; i < MEM_COUNT(rules); i++)
    if (policy->faults & rules[i].fault) find(j, rules[i].rule, NULL);
  if (policy->faults & MTASTS_FAULT_LINE) tell(j, "mtasts-line-syntax", policy->bad_line);
  if (policy->faults & MTASTS_FAULT_MX_INVALID) tell(j, "mtasts-mx-invalid", policy->bad_mx);
  else if (policy->faults & MTASTS_FAULT_MX_MISSING) find(j, "mtasts-mx-missing", NULL);
}

static void judge_mode(struct judgement *j, const struct mtasts_policy *policy) {
  static const char *const rules[] = { [MTASTS_MODE_MISSING] = "mtasts-mode-missing", [MTASTS_NONE] = "mtasts-mode-none", [MTASTS_TESTING] = "mtasts-mode-testing",
                                       [MTASTS_ENFORCE] = NULL, [MTASTS_MODE_INVALID] = "mtasts-mode-invalid" };
  bool age_known = !(policy->faults & (MTASTS_FAULT_MAX_AGE_MISSING | MTASTS_FAULT_MAX_AGE_INVALID));
  bool used = policy->mode == MTASTS_ENFORCE || policy->mode == MTASTS_TESTING;
  if (rules[policy->mode]) find(j, rules[policy->mode], NULL);
  if (!age_known || !used) return;
  if (policy->max_age == 0) find(j, "mtasts-max-age-zero", NULL);
  else if (policy->max_age < (policy->mode == MTASTS_ENFORCE ? 1209600u : 86400u)) find_argument(j, find(j, "mtasts-max-age-short", NULL), "seconds", "%u", policy->max_age);
}

void mtasts_judge_policy_text(struct judgement *j, const struct mtasts_policy *policy) {
  if (policy->faults & MTASTS_FAULT_EMPTY) {
    find(j, "mtasts-policy-empty", NULL);
    return;
  }
  judge_lines(j, policy);
  judge_mode(j, policy);
  for (size_t i = 0; i < policy->mx_count; i++) {
    const char *pattern = policy->mx[i];
    if (strncmp(pattern, "*.", 2) == 0 && (suffix_is_public(pattern + 2) || name_labels(pattern + 2) < 2)) tell(j, "mtasts-mx-too-broad", pattern);
  }
}
