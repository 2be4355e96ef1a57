#include <string.h>

#include "src/plan/dmarc.h"

static const char *const known[] = { "v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "psd", "t", "pct", "rf", "ri" };

/* ---- tags ---- */

void dmarc_tags_set(struct dmarc_tags *tags, const char *name, const char *value) {
  for (size_t i = 0; i < tags->count; i++) {
    if (strcmp(tags->all[i].name, name) != 0) continue;
    tags->all[i].value = value;
    return;
  }
  if (tags->count == DMARC_MOST_TAGS) return;
  tags->all[tags->count].name = name;
  tags->all[tags->count++].value = value;
}

void dmarc_tags_remove(struct dmarc_tags *tags, const char *name) {
  for (size_t i = 0; i < tags->count; i++) {
    if (strcmp(tags->all[i].name, name) != 0) continue;
    memmove(&tags->all[i], &tags->all[i + 1], (tags->count - i - 1) * sizeof tags->all[0]);
    tags->count--;
    return;
  }
}

const char *dmarc_tags_get(const struct dmarc_tags *tags, const char *name) {
  for (size_t i = 0; i < tags->count; i++)
    if (strcmp(tags->all[i].name, name) == 0) return tags->all[i].value;
  return NULL;
}

const char *dmarc_tags_write(struct arena *arena, const struct dmarc_tags *tags, const char *separator) {
  struct buf out = BUF_INIT(8192);
  for (size_t i = 0; i < tags->count; i++) buf_printf(&out, "%s%s=%s", i ? separator : "", tags->all[i].name, tags->all[i].value);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* ---- names ---- */

static const char *known_name(const char *name) {
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (text_equal(known[i], name)) return known[i];
  return NULL;
}

/* "rau", "a spf", "policy": the one known tag that it can stand for. Tags of one and two letters are too like one another to tell. */
static const char *meant_name(struct arena *arena, const char *name) {
  char *squeezed = arena_strdup(arena, name), *put = squeezed;
  const char *only = NULL;
  for (const char *at = name; *at; at++)
    if (!is_space(*at)) *put++ = *at;
  *put = '\0';
  if (text_equal(squeezed, "policy")) return "p";
  if (known_name(squeezed)) return known_name(squeezed);
  for (size_t i = 0; i < MEM_COUNT(known); i++) {
    if (strlen(known[i]) < 3 || strlen(squeezed) < 3 || text_distance(squeezed, known[i], 1) > 1) continue;
    if (only) return NULL;
    only = known[i];
  }
  return only;
}

static bool is_valid_name(const char *name) {
  for (const char *at = name; *at; at++)
    if (!is_alnum(*at) && *at != '_' && *at != '-') return false;
  return *name != '\0';
}

/* ---- splitting ---- */

/* Does a known tag begin here, after what parts two tags? */
static bool begins_tag(const char *text, size_t at) {
  if (at == 0 || !strchr(" \t,:", text[at - 1])) return false;
  for (size_t i = 0; i < MEM_COUNT(known); i++) {
    size_t length = strlen(known[i]);
    if (!text_equal_n(text + at, known[i], length)) continue;
    const char *after = text + at + length;
    while (is_space(*after)) after++;
    if (*after == '=') return true;
  }
  return false;
}

static const char *trimmed(struct arena *arena, const char *text, size_t length) {
  while (length && strchr(" \t,:", *text)) text++, length--;
  while (length && strchr(" \t,:", text[length - 1])) length--;
  return arena_strndup(arena, text, length);
}

static void read_part(struct planning *p, const char *part, struct dmarc_tags *out) {
  const char *equals = strchr(part, '=');
  struct arena *arena = p->j.arena;
  const char *last = out->count ? out->all[out->count - 1].name : "";
  bool list = strcmp(last, "rua") == 0 || strcmp(last, "ruf") == 0;
  if (!equals) { /* "rua=mailto:a@x; mailto:b@y" */
    if (list && strchr(part, '@')) out->all[out->count - 1].value = arena_printf(arena, "%s,%s", out->all[out->count - 1].value, part);
    return;
  }
  const char *name = trimmed(arena, part, (size_t)(equals - part)), *value = trimmed(arena, equals + 1, strlen(equals + 1));
  const char *meant = known_name(name) ? known_name(name) : meant_name(arena, name);
  if (meant && !dmarc_tags_get(out, meant)) dmarc_tags_set(out, meant, value);
  else if (!meant && is_valid_name(name) && !dmarc_tags_get(out, name) && strlen(name) > 2) dmarc_tags_set(out, name, value);
  else if (!meant)
    plan_problem(p, "plan-dmarc-loses-tag", name_join(arena, "_dmarc", p->inquiry->domain), _("The tag \"{tag}\" is none that receivers know, and is left out. Check what it was for."), "tag", part, NULL);
}

/* "v:DMARC1; …", "DMARC1; …", "v=DMARC; …": what follows the version. */
static const char *after_version(const char *text) {
  static const char *const beginnings[] = { "v=DMARC1", "v = DMARC1", "v:DMARC1", "v=DMARC", "DMARC1", "DMARC" };
  for (size_t i = 0; i < MEM_COUNT(beginnings); i++)
    if (text_starts(text, beginnings[i])) {
      text += strlen(beginnings[i]);
      while (is_digit(*text)) text++;
      return text;
    }
  return text;
}

void dmarc_tags_read(struct planning *p, const char *text, struct dmarc_tags *out) {
  *out = (struct dmarc_tags){ .count = 0 };
  text = after_version(text);
  for (size_t start = 0, at = 0;; at++) {
    bool end = !text[at], cut = end || text[at] == ';' || (at > start && begins_tag(text, at));
    if (!cut) continue;
    const char *part = trimmed(p->j.arena, text + start, at - start);
    if (*part) read_part(p, part, out);
    if (end) break;
    start = text[at] == ';' ? at + 1 : at;
  }
  dmarc_tags_remove(out, "v");
}
