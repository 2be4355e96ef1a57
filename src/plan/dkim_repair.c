#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "src/plan/dkim.h"

enum { MOST_PARTS = 32, LONGEST_KEY = 8192, ED25519_OCTETS = 32 };

struct parts { struct { const char *name, *value; } all[MOST_PARTS]; size_t count; };

/* ---- reading ---- */

static const char *part_value(const struct parts *parts, const char *name) {
  for (size_t i = 0; i < parts->count; i++)
    if (strcmp(parts->all[i].name, name) == 0) return parts->all[i].value;
  return NULL;
}

/* "nk=", "\k=", "K=": the tag behind a stray letter, or in capitals. */
static const char *tag_name(struct arena *arena, const char *name) {
  char *lower = name_lower(arena, name);
  while (*lower == '\\') lower++;
  if (strlen(lower) == 2 && strchr("nrt", lower[0]) && strchr("vkpht", lower[1])) lower++;
  return lower;
}

/* Where a tag begins whose semicolon was forgotten: " p=", " k=". */
static bool begins_tag(const char *text, const char *at) {
  return at > text && is_space(at[-1]) && strchr("vkphtsn", *at) && at[1] == '=';
}

static void add_part(struct arena *arena, const char *text, size_t length, struct parts *out) {
  const char *equals = memchr(text, '=', length), *end = text + length, *from;
  if (!equals || out->count == MOST_PARTS) return;
  size_t name = (size_t)(equals - text);
  while (name && is_space(text[name - 1])) name--;
  from = equals + 1;
  while (from < end && is_space(*from)) from++;
  while (end > from && is_space(end[-1])) end--;
  const char *tag = tag_name(arena, arena_strndup(arena, text, name));
  if (!*tag || part_value(out, tag)) return;
  out->all[out->count].name = tag;
  out->all[out->count++].value = arena_strndup(arena, from, (size_t)(end - from));
}

static void read_parts(struct arena *arena, const char *text, struct parts *out) {
  out->count = 0;
  for (const char *start = text, *at = text;; at++) {
    bool end = !*at, cut = end || *at == ';' || (at > start && begins_tag(start, at));
    if (!cut) continue;
    while (start < at && is_space(*start)) start++;
    add_part(arena, start, (size_t)(at - start), out);
    if (end) break;
    start = *at == ';' ? at + 1 : at;
  }
}

/* ---- the key ---- */

static const char *strip_marks(const char *value) {
  const char *begin = strstr(value, "-----BEGIN");
  if (!begin) return value;
  const char *after = strstr(begin + 5, "-----");
  return after ? after + 5 : value;
}

/* Base64 alone, with the padding that got lost. */
static const char *bare_key(struct arena *arena, const char *value) {
  struct buf out = BUF_INIT(LONGEST_KEY);
  value = strip_marks(value);
  for (; *value && *value != '-'; value++)
    if (is_alnum(*value) || *value == '+' || *value == '/') buf_char(&out, *value);
    else if (!is_space(*value) && *value != '=' && *value != '\\' && *value != '"') {
      buf_release(&out);
      return NULL;
    }
  while (out.length % 4 && out.length % 4 != 1) buf_char(&out, '=');
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

/* Of an Ed25519 SubjectPublicKeyInfo the last 32 octets are the key (RFC 8463 section 4). */
static const char *raw_ed25519(struct arena *arena, const char *key) {
  unsigned char der[LONGEST_KEY], text[64];
  size_t length = strlen(key);
  int size = length < LONGEST_KEY ? EVP_DecodeBlock(der, (const unsigned char *)key, (int)length) : -1;
  for (size_t i = length; size > 0 && i > 0 && key[i - 1] == '='; i--) size--;
  if (size != 44) return key;
  EVP_EncodeBlock(text, der + size - ED25519_OCTETS, ED25519_OCTETS);
  return arena_strdup(arena, (const char *)text);
}

/* ---- the record ---- */

static bool is_kept(const char *name, const char *value) {
  static const char *const made[] = { "v", "k", "p", "g" };
  for (size_t i = 0; i < MEM_COUNT(made); i++)
    if (strcmp(name, made[i]) == 0) return false;
  if (strcmp(name, "h") == 0) return strstr(value, "sha256") != NULL;
  if (strcmp(name, "s") == 0) return strchr(value, '*') || strstr(value, "email");
  for (const char *at = name; *at; at++)
    if (!is_alnum(*at) && *at != '_') return false;
  return *value && text_is_safe(value) && !strpbrk(value, "\"\\");
}

static const char *write(struct arena *arena, const struct parts *parts, const char *type, const char *key) {
  struct buf out = BUF_INIT(LONGEST_KEY * 2);
  buf_printf(&out, "v=DKIM1; k=%s", type);
  for (size_t i = 0; i < parts->count; i++)
    if (is_kept(parts->all[i].name, parts->all[i].value)) buf_printf(&out, "; %s=%s", parts->all[i].name, parts->all[i].value);
  buf_printf(&out, "; p=%s", key);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

bool dkim_is_sound(struct arena *arena, const char *text) {
  const struct dkim_record *record = dkim_parse(arena, text, strlen(text));
  for (size_t i = 0; i < record->fault_count; i++)
    if (record->faults[i].kind <= DKIM_FAULT_MISSPELT) return false;
  return dkim_usable(record);
}

const char *dkim_repair(struct arena *arena, const char *text) {
  struct parts parts;
  read_parts(arena, plan_clean(arena, text), &parts);
  const char *value = part_value(&parts, "p"), *key = value && !strstr(value, "PRIVATE") ? bare_key(arena, value) : NULL;
  if (!key || !*key) return NULL;
  static const char *const types[] = { "rsa", "ed25519" };
  for (size_t i = 0; i < MEM_COUNT(types); i++) {
    const char *candidate = write(arena, &parts, types[i], i ? raw_ed25519(arena, key) : key);
    if (dkim_is_sound(arena, candidate)) return candidate;
  }
  return NULL;
}
