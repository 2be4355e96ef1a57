#include "src/request/meaning.h"

#include <stdlib.h>
#include <string.h>

#include "checks/record/taglist.h"
#include "src/base/lib.h"

enum { MOST_TAGS = 64 };
enum kind { KIND_NONE, KIND_SPF, KIND_DMARC, KIND_TLSRPT, KIND_STS, KIND_DKIM };

static const struct { const char *version; enum kind kind; } versions[] = {
  { "v=spf1", KIND_SPF }, { "v=dmarc1", KIND_DMARC }, { "v=tlsrptv1", KIND_TLSRPT }, { "v=stsv1", KIND_STS }, { "v=dkim1", KIND_DKIM },
};

const char *text_kind(const char *text, size_t length) {
  char start[24];
  size_t count = 0;
  for (size_t i = 0; i < length && count < sizeof start - 1; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c > 0x20 && c < 0x7f && !strchr("\"'\\;", c)) start[count++] = to_lower((char)c);
  }
  start[count] = '\0';
  for (size_t i = 0; i < MEM_COUNT(versions); i++)
    if (strncmp(start, versions[i].version, strlen(versions[i].version)) == 0) return versions[i].version;
  return NULL;
}

/* By the exact version, which no standard lets anyone write otherwise: only such texts have white space without meaning. */
static enum kind kind_of(const char *text, size_t length, bool is_dkim_name) {
  static const struct { const char *start; enum kind kind; } exact[] = { { "v=DMARC1", KIND_DMARC }, { "v=TLSRPTv1;", KIND_TLSRPT }, { "v=STSv1;", KIND_STS } };
  if (length >= 6 && strncasecmp(text, "v=spf1", 6) == 0 && (length == 6 || text[6] == ' ')) return KIND_SPF;
  for (size_t i = 0; i < MEM_COUNT(exact); i++)
    if (length >= strlen(exact[i].start) && memcmp(text, exact[i].start, strlen(exact[i].start)) == 0) return exact[i].kind;
  return is_dkim_name && length && text[0] != ' ' ? KIND_DKIM : KIND_NONE;
}

/* ---- SPF ---- */

static bool next_term(const char **at, const char *end, const char **out, size_t *out_length) {
  while (*at < end && **at == ' ') ++*at;
  *out = *at;
  while (*at < end && **at != ' ') ++*at;
  *out_length = (size_t)(*at - *out);
  return *out_length > 0;
}

static bool same_terms(const char *a, size_t a_length, const char *b, size_t b_length) {
  const char *a_end = a + a_length, *b_end = b + b_length, *left, *right;
  size_t left_length, right_length;
  for (;;) {
    bool more = next_term(&a, a_end, &left, &left_length), too = next_term(&b, b_end, &right, &right_length);
    if (!more || !too) return more == too;
    if (left_length != right_length || memcmp(left, right, left_length) != 0) return false;
  }
}

/* ---- tag lists ---- */

struct tag_text { const char *name, *value; };

static int by_name(const void *a, const void *b) { return strcmp(((const struct tag_text *)a)->name, ((const struct tag_text *)b)->name); }

static const char *without_space(struct arena *arena, const char *value) {
  char *out = arena_strdup(arena, value), *to = out;
  for (; *value; value++)
    if (!strchr(" \t\r\n", *value)) *to++ = *value;
  *to = '\0';
  return out;
}

/* A line break inside a value is never without meaning to those who read it strictly. */
static bool has_break(const char *text, size_t length) { return memchr(text, '\n', length) || memchr(text, '\r', length) || memchr(text, '\v', length) || memchr(text, '\f', length) || memchr(text, '\0', length); }

/* The tags that count, the first in its place and the rest by name. False: something that white space or order may change the meaning of. */
static bool read_tags(struct arena *arena, const char *text, size_t length, enum kind kind, struct tag_text *out, size_t *count) {
  const struct taglist *list = taglist_parse(arena, text, length);
  *count = 0;
  for (size_t i = 0; i < list->count; i++) {
    const struct tag *tag = &list->tags[i];
    if (tag->empty && i + 1 == list->count) continue; /* after a last semicolon */
    bool loose = kind == KIND_DMARC || kind == KIND_DKIM;
    if (tag->empty || !tag->has_equals || tag->duplicate || (tag->space_at_equals && !loose) || *count == MOST_TAGS) return false;
    bool key = kind == KIND_DKIM && strcmp(tag->name, "p") == 0;
    out[(*count)++] = (struct tag_text){ tag->name, key ? without_space(arena, tag->value) : tag->value };
  }
  if (*count > 1) qsort(out + 1, *count - 1, sizeof *out, by_name);
  return *count > 0;
}

static bool same_tags(const char *a, size_t a_length, const char *b, size_t b_length, enum kind kind) {
  struct arena *arena = arena_new();
  struct tag_text left[MOST_TAGS], right[MOST_TAGS];
  size_t left_count, right_count;
  bool same = read_tags(arena, a, a_length, kind, left, &left_count) && read_tags(arena, b, b_length, kind, right, &right_count) && left_count == right_count;
  for (size_t i = 0; same && i < left_count; i++) same = strcmp(left[i].name, right[i].name) == 0 && strcmp(left[i].value, right[i].value) == 0;
  arena_free(&arena);
  return same;
}

bool same_meaning(const char *a, size_t a_length, const char *b, size_t b_length, bool is_dkim_name) {
  if (a_length == b_length && memcmp(a, b, a_length) == 0) return true;
  enum kind kind = kind_of(a, a_length, is_dkim_name);
  if (kind == KIND_NONE || kind != kind_of(b, b_length, is_dkim_name) || has_break(a, a_length) || has_break(b, b_length)) return false;
  return kind == KIND_SPF ? same_terms(a, a_length, b, b_length) : same_tags(a, a_length, b, b_length, kind);
}
