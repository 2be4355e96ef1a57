#include <string.h>

#include "checks/judge/mtasts.h"

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

/* ---- the record's text ---- */

static void say_position(struct judgement *j, struct finding *finding, size_t position) { find_argument(j, finding, "position", "%zu", position + 1); }

static void say_line(struct judgement *j, struct finding *finding, size_t line) { find_argument(j, finding, "line", "%zu", line); }

void mtasts_judge_record_text(struct judgement *j, const char *text, size_t length) {
  struct mtasts_record record = mtasts_parse(j->arena, text, length);
  for (size_t i = 0; i < record.bad_count; i++) {
    const struct tag *tag = record.bad_fields[i];
    say_position(j, tell(j, "mtasts-record-syntax", tag->empty ? ";;" : *tag->name ? tag->name : tag->value), tag->position);
  }
  if (!record.id || !*record.id) find(j, "mtasts-id-missing", NULL);
  else if (!record.id_valid) say_position(j, tell(j, "mtasts-id-invalid", record.id), record.id_position);
  for (size_t i = 0; i < record.duplicate_count; i++) say_position(j, tell(j, "mtasts-duplicate-field", record.duplicates[i]->name), record.duplicates[i]->position);
}

const char *mtasts_near_miss(const char *text) {
  static const char *const begins[] = { "v=STS", "v=MTA-STS", "v=MTASTS", "v=MTA_STS", "STSv1", "v =" };
  while (is_space(*text) || *text == '"') text++;
  for (size_t i = 0; i < MEM_COUNT(begins); i++)
    if (text_starts(text, begins[i])) return "mtasts-version-invalid";
  return strstr(text, "v=STSv1") ? "mtasts-version-invalid" : NULL;
}

/* ---- the policy's text ---- */

static const char *rule_of(enum mtasts_fault fault) {
  switch (fault) {
  case MTASTS_FAULT_EMPTY: return "mtasts-policy-empty";
  case MTASTS_FAULT_VERSION: return "mtasts-policy-version";
  case MTASTS_FAULT_MODE_MISSING: return "mtasts-mode-missing";
  case MTASTS_FAULT_MAX_AGE_MISSING: return "mtasts-max-age-missing";
  case MTASTS_FAULT_MAX_AGE_INVALID: return "mtasts-max-age-invalid";
  case MTASTS_FAULT_MX_MISSING: return "mtasts-mx-missing";
  case MTASTS_FAULT_MX_INVALID: return "mtasts-mx-invalid";
  case MTASTS_FAULT_KEY_CASE: return "mtasts-key-case";
  case MTASTS_FAULT_LINE: return "mtasts-line-syntax";
  case MTASTS_FAULT_BARE_CR: return "mtasts-bare-cr";
  case MTASTS_FAULT_BOM: return "mtasts-byte-order-mark";
  case MTASTS_NOTE_BLANK_LINE: return "mtasts-blank-line";
  case MTASTS_NOTE_NON_ASCII: return "mtasts-non-ascii";
  case MTASTS_NOTE_DUPLICATE: return "mtasts-key-duplicate";
  case MTASTS_NOTE_UNKNOWN: break;
  }
  return "mtasts-key-unknown";
}

/* A fault that many lines share is told for the first hundred. */
static void judge_notes(struct judgement *j, const struct mtasts_policy *policy) {
  enum { MOST_OF_A_KIND = 100 };
  for (size_t i = 0; i < policy->note_count; i++) {
    const struct mtasts_note *note = &policy->notes[i];
    size_t before = 0;
    for (size_t n = 0; n < i; n++) before += policy->notes[n].fault == note->fault;
    if (before >= MOST_OF_A_KIND || (before && note->fault == MTASTS_NOTE_BLANK_LINE)) continue;
    struct finding *finding = tell(j, rule_of(note->fault), note->text);
    if (note->line) say_line(j, finding, note->line);
  }
}

static void judge_mode(struct judgement *j, const struct mtasts_policy *policy) {
  bool age_known = !(policy->faults & (MTASTS_FAULT_MAX_AGE_MISSING | MTASTS_FAULT_MAX_AGE_INVALID));
  bool used = policy->mode == MTASTS_ENFORCE || policy->mode == MTASTS_TESTING;
  if (policy->mode == MTASTS_MODE_INVALID) say_line(j, find(j, "mtasts-mode-invalid", NULL), policy->mode_line);
  if (policy->mode == MTASTS_NONE) say_line(j, find(j, "mtasts-mode-none", NULL), policy->mode_line);
  if (policy->mode == MTASTS_TESTING) say_line(j, find(j, "mtasts-mode-testing", NULL), policy->mode_line);
  if (!age_known || !used) return;
  if (policy->max_age == 0) {
    say_line(j, find(j, "mtasts-max-age-zero", NULL), policy->max_age_line);
  } else if (policy->max_age < (policy->mode == MTASTS_ENFORCE ? 1209600u : 86400u)) {
    struct finding *finding = find(j, "mtasts-max-age-short", NULL);
    find_argument(j, finding, "seconds", "%u", policy->max_age);
    say_line(j, finding, policy->max_age_line);
  }
}

void mtasts_judge_policy_text(struct judgement *j, const struct mtasts_policy *policy) {
  judge_notes(j, policy);
  if (policy->faults & MTASTS_FAULT_EMPTY) return;
  judge_mode(j, policy);
  for (size_t i = 0; i < policy->mx_count; i++) {
    const char *pattern = policy->mx[i];
    if (strncmp(pattern, "*.", 2) == 0 && (suffix_is_public(pattern + 2) || name_labels(pattern + 2) < 2)) say_line(j, tell(j, "mtasts-mx-too-broad", pattern), policy->mx_lines[i]);
  }
}
