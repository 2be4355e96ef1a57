#include "checks/record/dmarc.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/ctype.h"

bool dmarc_is_record(const char *text, size_t length) {
  size_t at = 0;
  if (length == 0 || text[at++] != 'v') return false;
  while (at < length && is_wsp(text[at])) at++;
  if (at == length || text[at++] != '=') return false;
  while (at < length && is_wsp(text[at])) at++;
  if (length - at < 6 || memcmp(text + at, "DMARC1", 6) != 0) return false;
  at += 6;
  while (at < length && is_wsp(text[at])) at++;
  return at == length || text[at] == ';';
}

const char *dmarc_policy_name(enum dmarc_policy policy) {
  static const char *const names[] = { "absent", "none", "quarantine", "reject", "invalid" };
  return names[policy];
}

static enum dmarc_policy read_policy(const struct taglist *tags, const char *name) {
  const struct tag *tag = taglist_find(tags, name);
  if (!tag) return DMARC_ABSENT;
  for (enum dmarc_policy policy = DMARC_NONE; policy <= DMARC_REJECT; policy++)
    if (text_equal(tag->value, dmarc_policy_name(policy))) return policy;
  return DMARC_INVALID;
}

static char read_letter(const struct taglist *tags, const char *name, const char *allowed, char otherwise) {
  const struct tag *tag = taglist_find(tags, name);
  if (!tag) return otherwise;
  char letter = to_lower(tag->value[0]);
  return letter && !tag->value[1] && strchr(allowed, letter) ? letter : '?';
}

static int read_percent(const struct taglist *tags) {
  const struct tag *tag = taglist_find(tags, "pct");
  if (!tag) return 100;
  size_t digits = strspn(tag->value, "0123456789");
  int percent = digits && digits <= 3 && !tag->value[digits] ? (int)strtol(tag->value, NULL, 10) : -1;
  return percent <= 100 ? percent : -1;
}

struct dmarc_record *dmarc_parse(struct arena *arena, const char *text, size_t length) {
  struct dmarc_record *record = ARENA_NEW(arena, struct dmarc_record);
  const struct taglist *tags = taglist_parse(arena, text, length);
  const struct tag *rua = taglist_find(tags, "rua"), *ruf = taglist_find(tags, "ruf");
  record->text = arena_strndup(arena, text, length);
  record->tags = tags;
  record->p = read_policy(tags, "p");
  record->sp = read_policy(tags, "sp");
  record->np = read_policy(tags, "np");
  record->rua = rua ? report_uris_parse(arena, rua->value) : NULL;
  record->ruf = ruf ? report_uris_parse(arena, ruf->value) : NULL;
  record->adkim = read_letter(tags, "adkim", "rs", 'r');
  record->aspf = read_letter(tags, "aspf", "rs", 'r');
  record->psd = read_letter(tags, "psd", "ynu", 'u');
  record->t = read_letter(tags, "t", "yn", 'n');
  record->pct = read_percent(tags);
  for (size_t i = 0; record->rua && i < record->rua->count; i++)
    record->rua_usable |= record->rua->all[i].scheme == REPORT_MAILTO && !record->rua->all[i].fault;
  return record;
}

static bool is_policy(enum dmarc_policy policy) { return policy == DMARC_NONE || policy == DMARC_QUARANTINE || policy == DMARC_REJECT; }

enum dmarc_policy dmarc_effective_p(const struct dmarc_record *record) {
  if (is_policy(record->p) && record->sp != DMARC_INVALID && record->np != DMARC_INVALID) return record->p;
  return record->rua_usable ? DMARC_NONE : DMARC_ABSENT;
}

enum dmarc_policy dmarc_effective_sp(const struct dmarc_record *record) {
  enum dmarc_policy p = dmarc_effective_p(record);
  return p != record->p || !is_policy(record->sp) ? p : record->sp;
}

enum dmarc_policy dmarc_effective_np(const struct dmarc_record *record) {
  enum dmarc_policy sp = dmarc_effective_sp(record);
  return dmarc_effective_p(record) != record->p || !is_policy(record->np) ? sp : record->np;
}

enum dmarc_policy dmarc_step_below(enum dmarc_policy policy) {
  if (policy == DMARC_REJECT) return DMARC_QUARANTINE;
  return policy == DMARC_QUARANTINE ? DMARC_NONE : policy;
}

enum dmarc_policy dmarc_in_force(const struct dmarc_record *record, enum dmarc_policy policy) { return record->t == 'y' ? dmarc_step_below(policy) : policy; }

bool dmarc_fo_valid(const char *value) {
  unsigned seen = 0;
  for (const char *at = value;; at++) {
    static const char letters[] = "01ds";
    while (is_wsp(*at)) at++;
    const char *letter = *at ? strchr(letters, to_lower(*at)) : NULL;
    if (!letter || seen & 1u << (letter - letters)) return false;
    seen |= 1u << (letter - letters);
    at++;
    while (is_wsp(*at)) at++;
    if (!*at) return (seen & 3) != 3;
    if (*at != ':') return false;
  }
}
