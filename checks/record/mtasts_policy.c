#include "checks/record/mtasts_policy.h"

#include <string.h>

#include "checks/record/taglist.h"
#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { LONGEST_MAX_AGE = 31557600, MOST_MX = 100 };

/* ---- matching ---- */

bool mtasts_pattern_valid(const char *pattern) { return name_is_host(name_without_star(pattern)); }

bool mtasts_pattern_matches(const char *pattern, const char *host) {
  if (strncmp(pattern, "*.", 2) != 0) return name_equal(pattern, host);
  const char *parent = strchr(host, '.');
  return parent && name_equal(pattern + 2, parent + 1);
}

/* ---- lines ---- */

enum key { KEY_VERSION, KEY_MODE, KEY_MAX_AGE, KEY_MX, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = { "version", "mode", "max_age", "mx" };

struct reading {
  struct arena *arena;
  struct mtasts_policy *policy;
  size_t line;
  bool seen[KEY_COUNT], near[KEY_COUNT]; /* `near`: in another spelling */
  bool any_pair;
};

static void note(struct reading *r, enum mtasts_fault fault, const char *text) {
  struct mtasts_policy *policy = r->policy;
  policy->faults |= fault;
  policy->notes = arena_grow(r->arena, policy->notes, policy->note_count, sizeof *policy->notes);
  policy->notes[policy->note_count++] = (struct mtasts_note){ fault, r->line, text };
}

static void read_mode(struct reading *r, const char *value) {
  r->policy->mode_line = r->line;
  r->policy->mode = strcmp(value, "enforce") == 0 ? MTASTS_ENFORCE : strcmp(value, "testing") == 0 ? MTASTS_TESTING : strcmp(value, "none") == 0 ? MTASTS_NONE : MTASTS_MODE_INVALID;
}

static void read_max_age(struct reading *r, const char *value) {
  uint64_t age = 0;
  size_t digits = 0;
  r->policy->max_age_line = r->line;
  for (; is_digit(value[digits]) && digits < 11; digits++) age = age * 10 + (uint64_t)(value[digits] - '0');
  if (digits == 0 || digits > 10 || value[digits] || age > LONGEST_MAX_AGE) note(r, MTASTS_FAULT_MAX_AGE_INVALID, value);
  else r->policy->max_age = (uint32_t)age;
}

static void read_mx(struct reading *r, const char *value) {
  struct mtasts_policy *policy = r->policy;
  if (!mtasts_pattern_valid(value)) {
    note(r, MTASTS_FAULT_MX_INVALID, value);
    return;
  }
  if (policy->mx_count >= MOST_MX) return;
  policy->mx = arena_grow(r->arena, policy->mx, policy->mx_count, sizeof(const char *));
  policy->mx_lines = arena_grow(r->arena, policy->mx_lines, policy->mx_count, sizeof(size_t));
  policy->mx_lines[policy->mx_count] = r->line;
  policy->mx[policy->mx_count++] = name_lower(r->arena, value);
}

static enum key key_of(const char *name) {
  enum key key = KEY_VERSION;
  while (key < KEY_COUNT && strcmp(key_names[key], name) != 0) key++;
  return key;
}

/* A known key in other letters, or with other signs: "Mode", "max-age", " mode", "\"mode". */
static enum key key_near(struct arena *arena, const char *name) {
  char *plain = arena_strdup(arena, name), *put = plain;
  for (const char *at = name; *at; at++)
    if (!is_space(*at) && *at != '"' && *at != '\'') *put++ = *at == '-' ? '_' : *at;
  *put = '\0';
  if (text_equal(plain, "maxage")) return KEY_MAX_AGE;
  enum key key = KEY_VERSION;
  while (key < KEY_COUNT && !text_equal(key_names[key], plain)) key++;
  return key;
}

/* A name as RFC 8461 section 3.2 lets extensions have: a letter or digit, then letters, digits, "_-.". */
static bool is_key(const char *name) {
  if (!is_alnum(*name)) return false;
  for (; *name; name++)
    if (!is_alnum(*name) && !strchr("_-.", *name)) return false;
  return true;
}

static void read_pair(struct reading *r, const char *name, const char *value) {
  enum key key = key_of(name);
  if (key == KEY_COUNT) {
    key = key_near(r->arena, name);
    if (key < KEY_COUNT) r->near[key] = r->any_pair = true;
    note(r, key < KEY_COUNT ? MTASTS_FAULT_KEY_CASE : MTASTS_NOTE_UNKNOWN, name);
    return;
  }
  bool again = r->seen[key];
  r->seen[key] = r->policy->any_known_key = true;
  if (key == KEY_MX) read_mx(r, value);
  else if (again) note(r, MTASTS_NOTE_DUPLICATE, name);
  else if (key == KEY_MODE) read_mode(r, value);
  else if (key == KEY_MAX_AGE) read_max_age(r, value);
  else if (strcmp(value, "STSv1") != 0) note(r, MTASTS_FAULT_VERSION, value);
}

static void read_line(struct reading *r, const char *line, size_t length) {
  while (length && is_wsp(line[length - 1])) length--;
  const char *text = arena_strndup(r->arena, line, length);
  const char *sign = strchr(text, ':');
  if (!*text) {
    note(r, MTASTS_NOTE_BLANK_LINE, "");
    return;
  }
  if (!sign && (sign = strchr(text, '='))) {
    enum key key = key_near(r->arena, arena_strndup(r->arena, text, (size_t)(sign - text)));
    if (key < KEY_COUNT) {
      r->near[key] = r->any_pair = true;
      note(r, MTASTS_FAULT_KEY_CASE, text);
      return;
    }
    sign = NULL;
  }
  if (!sign) {
    note(r, MTASTS_FAULT_LINE, text);
    return;
  }
  const char *value = sign + 1, *name = arena_strndup(r->arena, text, (size_t)(sign - text));
  while (is_wsp(*value)) value++;
  if (is_key(name)) r->any_pair = true;
  read_pair(r, name, value);
}

static void read_bytes(struct reading *r, const char *body, size_t length) {
  bool bare = false, foreign = false;
  for (size_t i = 0; i < length; i++) {
    if ((unsigned char)body[i] > 0x7e && !foreign) note(r, MTASTS_NOTE_NON_ASCII, ""), foreign = true;
    if (body[i] == '\r' && (i + 1 == length || body[i + 1] != '\n') && !bare) note(r, MTASTS_FAULT_BARE_CR, ""), bare = true;
  }
}

/* Lines end in LF, CRLF or, wrongly, in CR alone: then what stands in them is read all the same. */
static void read_lines(struct reading *r, const char *body, size_t length) {
  while (length && (body[length - 1] == '\n' || body[length - 1] == '\r')) length--;
  for (size_t start = 0; start < length;) {
    size_t end = start;
    while (end < length && body[end] != '\n' && body[end] != '\r') end++;
    r->line++;
    read_line(r, body + start, end - start);
    start = end + (end + 1 < length && body[end] == '\r' && body[end + 1] == '\n' ? 2 : 1);
  }
  r->line = 0;
}

static void note_missing(struct reading *r, enum key key, enum mtasts_fault fault) {
  if (r->seen[key]) return;
  if (r->near[key]) r->policy->faults |= fault;
  else note(r, fault, "");
}

struct mtasts_policy *mtasts_policy_parse(struct arena *arena, const char *body, size_t length) {
  struct mtasts_policy *policy = ARENA_NEW(arena, struct mtasts_policy);
  struct reading r = { .arena = arena, .policy = policy };
  if (length >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0) {
    note(&r, MTASTS_FAULT_BOM, "");
    body += 3;
    length -= 3;
  }
  read_bytes(&r, body, length);
  read_lines(&r, body, length);
  if (!r.any_pair) {
    policy->note_count = 0;
    note(&r, MTASTS_FAULT_EMPTY, "");
    return policy;
  }
  note_missing(&r, KEY_VERSION, MTASTS_FAULT_VERSION);
  note_missing(&r, KEY_MODE, MTASTS_FAULT_MODE_MISSING);
  note_missing(&r, KEY_MAX_AGE, MTASTS_FAULT_MAX_AGE_MISSING);
  if (policy->mode != MTASTS_NONE) note_missing(&r, KEY_MX, MTASTS_FAULT_MX_MISSING);
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

/* name=value without white space, the name as for extensions, the value printable and without "=" (RFC 8461 section 3.1). What is wrong
 * with the value of id is told by itself. */
static bool field_in_grammar(const struct tag *tag) {
  if (!tag->has_equals || tag->space_at_equals || tag_holds_nul(tag) || !is_key(tag->name) || strlen(tag->name) > 32) return false;
  if (strcmp(tag->name, "id") == 0 || strcmp(tag->name, "v") == 0) return true;
  for (const char *at = tag->value; *at; at++)
    if (!is_print(*at) || *at == ' ' || *at == '=') return false;
  return *tag->value != '\0';
}

static void add_tag(struct arena *arena, const struct tag ***list, size_t *count, const struct tag *tag) {
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = tag;
}

struct mtasts_record mtasts_parse(struct arena *arena, const char *text, size_t length) {
  struct mtasts_record record = { .id = NULL };
  const struct taglist *tags = taglist_parse(arena, text, length);
  for (size_t i = 0; i < tags->count; i++) {
    const struct tag *tag = &tags->tags[i];
    if (tag->duplicate) add_tag(arena, &record.duplicates, &record.duplicate_count, tag);
    if (!field_in_grammar(tag)) add_tag(arena, &record.bad_fields, &record.bad_count, tag);
  }
  const struct tag *id = taglist_find(tags, "id");
  if (!id) return record;
  size_t size = strlen(id->value);
  record.id = id->value;
  record.id_position = id->position + id->length - size;
  record.id_valid = size >= 1 && size <= 32;
  for (size_t i = 0; i < size; i++) record.id_valid = record.id_valid && is_alnum(id->value[i]);
  return record;
}
