#include "checks/record/mtasts_policy.h"

#include <string.h>

#include "checks/record/taglist.h"
#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { LONGEST_MAX_AGE = 31557600, MOST_MX = 100 };

/* ---- matching ---- */

bool mtasts_pattern_valid(const char *pattern) {
  if (strncmp(pattern, "*.", 2) == 0) pattern += 2;
  return name_is_host(pattern);
}

bool mtasts_pattern_matches(const char *pattern, const char *host) {
  if (strncmp(pattern, "*.", 2) != 0) return name_equal(pattern, host);
  const char *parent = strchr(host, '.');
  return parent && name_equal(pattern + 2, parent + 1);
}

/* ---- lines ---- */

struct reading {
  struct arena *arena;
  struct mtasts_policy *policy;
  bool version, mode, max_age;
};

static void read_mode(struct reading *r, const char *value) {
  if (r->mode) {
    r->policy->faults |= MTASTS_NOTE_DUPLICATE;
    return;
  }
  r->mode = true;
  r->policy->mode = strcmp(value, "enforce") == 0 ? MTASTS_ENFORCE : strcmp(value, "testing") == 0 ? MTASTS_TESTING : strcmp(value, "none") == 0 ? MTASTS_NONE : MTASTS_MODE_INVALID;
}

static void read_max_age(struct reading *r, const char *value) {
  uint64_t age = 0;
  size_t digits = 0;
  if (r->max_age) {
    r->policy->faults |= MTASTS_NOTE_DUPLICATE;
    return;
  }
  r->max_age = true;
  for (; is_digit(value[digits]) && digits < 11; digits++) age = age * 10 + (uint64_t)(value[digits] - '0');
  if (digits == 0 || digits > 10 || value[digits] || age > LONGEST_MAX_AGE) r->policy->faults |= MTASTS_FAULT_MAX_AGE_INVALID;
  else r->policy->max_age = (uint32_t)age;
}

static void read_mx(struct reading *r, const char *value) {
  struct mtasts_policy *policy = r->policy;
  for (size_t length = strlen(value); length > 0; length = 0)
    if (!mtasts_pattern_valid(value)) {
      policy->faults |= MTASTS_FAULT_MX_INVALID;
      if (!policy->bad_mx) policy->bad_mx = value;
      return;
    }
  if (policy->mx_count >= MOST_MX) return;
  policy->mx = arena_grow(r->arena, policy->mx, policy->mx_count, sizeof(const char *));
  policy->mx[policy->mx_count++] = name_lower(r->arena, value);
}

static void read_pair(struct reading *r, const char *key, const char *value) {
  static const char *const known[] = { "version", "mode", "max_age", "mx" };
  if (strcmp(key, "version") == 0) {
    if (r->version) r->policy->faults |= MTASTS_NOTE_DUPLICATE;
    else if (strcmp(value, "STSv1") != 0) r->policy->faults |= MTASTS_FAULT_VERSION;
    r->version = true;
  } else if (strcmp(key, "mode") == 0) {
    read_mode(r, value);
  } else if (strcmp(key, "max_age") == 0) {
    read_max_age(r, value);
  } else if (strcmp(key, "mx") == 0) {
    read_mx(r, value);
  } else {
    bool near = text_equal(key, "max-age") || text_equal(key, "maxage");
    for (size_t i = 0; i < MEM_COUNT(known); i++) near = near || text_equal(key, known[i]);
    r->policy->faults |= near ? MTASTS_FAULT_KEY_CASE : MTASTS_NOTE_UNKNOWN;
  }
}

static void read_line(struct reading *r, const char *line, size_t length) {
  while (length && is_wsp(line[length - 1])) length--;
  const char *text = arena_strndup(r->arena, line, length);
  const char *colon = strchr(text, ':');
  if (!length) {
    r->policy->faults |= MTASTS_NOTE_BLANK_LINE;
    return;
  }
  if (!colon) {
    bool equals = strncmp(text, "mode=", 5) == 0 || strncmp(text, "mx=", 3) == 0 || strncmp(text, "version=", 8) == 0 || strncmp(text, "max_age=", 8) == 0;
    r->policy->faults |= equals ? MTASTS_FAULT_KEY_CASE : MTASTS_FAULT_LINE;
    if (!r->policy->bad_line) r->policy->bad_line = text;
    return;
  }
  const char *value = colon + 1;
  while (is_wsp(*value)) value++;
  read_pair(r, arena_strndup(r->arena, text, (size_t)(colon - text)), value);
}

struct mtasts_policy *mtasts_policy_parse(struct arena *arena, const char *body, size_t length) {
  struct mtasts_policy *policy = ARENA_NEW(arena, struct mtasts_policy);
  struct reading r = { .arena = arena, .policy = policy };
  if (length >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0) policy->faults |= MTASTS_FAULT_BOM;
  for (size_t i = 0; i < length; i++) {
    if ((unsigned char)body[i] > 0x7e && !(policy->faults & MTASTS_FAULT_BOM && i < 3)) policy->faults |= MTASTS_NOTE_NON_ASCII;
    if (body[i] == '\r' && (i + 1 == length || body[i + 1] != '\n')) policy->faults |= MTASTS_FAULT_BARE_CR;
  }
  size_t end = length;
  while (end && (body[end - 1] == '\n' || body[end - 1] == '\r')) end--;
  for (size_t start = 0; start < end;) {
    const char *newline = memchr(body + start, '\n', end - start);
    size_t stop = newline ? (size_t)(newline - body) : end;
    size_t size = stop - start;
    if (size && body[start + size - 1] == '\r') size--;
    read_line(&r, body + start, size);
    start = stop + 1;
  }
  if (!r.version && !r.mode && !r.max_age && !policy->mx_count) policy->faults |= MTASTS_FAULT_EMPTY;
  else if (!r.version) policy->faults |= MTASTS_FAULT_VERSION;
  if (!r.max_age) policy->faults |= MTASTS_FAULT_MAX_AGE_MISSING;
  if (!policy->mx_count && policy->mode != MTASTS_NONE) policy->faults |= MTASTS_FAULT_MX_MISSING;
  return policy;
}

bool mtasts_policy_sound(const struct mtasts_policy *policy) {
  unsigned fatal = MTASTS_FAULT_EMPTY | MTASTS_FAULT_VERSION | MTASTS_FAULT_MAX_AGE_MISSING | MTASTS_FAULT_MAX_AGE_INVALID | MTASTS_FAULT_MX_MISSING |
                   MTASTS_FAULT_LINE | MTASTS_FAULT_BARE_CR | MTASTS_FAULT_BOM | MTASTS_FAULT_MX_INVALID;
  return !(policy->faults & fatal) && policy->mode != MTASTS_MODE_MISSING && policy->mode != MTASTS_MODE_INVALID;
}

/* ---- the text record ---- */

bool mtasts_is_record(const char *text, size_t length) { return length >= 8 && memcmp(text, "v=STSv1;", 8) == 0; }

struct mtasts_record mtasts_parse(struct arena *arena, const char *text, size_t length) {
  struct mtasts_record record = { .id = NULL };
  const struct taglist *tags = taglist_parse(arena, text, length);
  for (size_t i = 0; i < tags->count; i++) {
    const struct tag *tag = &tags->tags[i];
    if (!tag->has_equals || tag->space_at_equals || !*tag->name) record.syntax_error = true;
    if (tag->duplicate) record.duplicate = true;
  }
  const struct tag *id = taglist_find(tags, "id");
  if (!id) return record;
  size_t size = strlen(id->value);
  record.id = id->value;
  record.id_valid = size >= 1 && size <= 32;
  for (size_t i = 0; i < size; i++) record.id_valid = record.id_valid && is_alnum(id->value[i]);
  return record;
}
