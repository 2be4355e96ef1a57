#include <string.h>

#include "checks/store.h"
#include "src/base/text.h"

static const char *text_of(const char *text) { return text ? text : ""; }

static uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 32;
}

/* Eight octets at a time. The questions of one run are few, so what an attacker could make collide stays few too. */
static uint64_t hash_text(uint64_t hash, const char *text) {
  size_t length = strlen(text);
  uint64_t word = 0;
  hash = mix(hash, length);
  for (; length > sizeof word; text += sizeof word, length -= sizeof word) {
    memcpy(&word, text, sizeof word);
    hash = mix(hash, word);
  }
  word = 0;
  memcpy(&word, text, length);
  return mix(hash, word);
}

uint32_t question_hash(const struct question *question) {
  uint64_t hash = hash_text((uint64_t)question->kind | (uint64_t)question->type << 8 | (uint64_t)question->flags << 32, question->name);
  if (question->server && *question->server) hash = hash_text(hash, question->server);
  if (question->path && *question->path) hash = hash_text(hash, question->path);
  return (uint32_t)hash;
}

static bool same_text(const char *a, const char *b) { return *a == *b && (!*a || strcmp(a + 1, b + 1) == 0); }

bool question_equal(const struct question *a, const struct question *b) {
  return a->kind == b->kind && a->type == b->type && a->flags == b->flags && same_text(a->name, b->name) &&
         same_text(text_of(a->server), text_of(b->server)) && same_text(text_of(a->path), text_of(b->path));
}

int question_order(const struct question *a, const struct question *b) {
  int order = (int)a->kind - (int)b->kind;
  if (!order) order = strcmp(a->name, b->name);
  if (!order) order = (int)a->type - (int)b->type;
  if (!order) order = (int)a->flags - (int)b->flags;
  if (!order) order = strcmp(text_of(a->server), text_of(b->server));
  return order ? order : strcmp(text_of(a->path), text_of(b->path));
}

size_t question_texts_size(const struct question *question) {
  return strlen(question->name) + strlen(text_of(question->server)) + strlen(text_of(question->path)) + 3;
}

static const char *put_text(char **at, const char *text) {
  char *copy = *at;
  size_t length = strlen(text) + 1;
  memcpy(copy, text, length);
  *at += length;
  return copy;
}

void question_copy(struct question *out, char *texts, const struct question *question) {
  *out = *question;
  out->name = put_text(&texts, question->name);
  out->server = put_text(&texts, text_of(question->server));
  out->path = put_text(&texts, text_of(question->path));
}

char *question_describe(struct arena *arena, const struct question *question) {
  char scratch[16];
  const char *name = text_safe_string(arena, *question->name ? question->name : ".");
  switch (question->kind) {
  case QUESTION_DNS:
    return arena_printf(arena, *question->server ? "%s %s at %s" : "%s %s", name, dns_type_name(question->type, scratch), question->server);
  case QUESTION_SMTP: return arena_printf(arena, question->type ? "%s [%s] port %u" : "%s [%s] SMTP", name, question->server, question->type);
  case QUESTION_HTTPS:
    return arena_printf(arena, *question->server ? "%s://%s%s at %s" : "%s://%s%s", question->flags & HTTPS_ASK_PLAIN ? "http" : "https", name, text_safe_string(arena, question->path), question->server);
  }
  return arena_strdup(arena, name);
}
