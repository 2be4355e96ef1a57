#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* Pairs of old and new domains, and what was told of each old one. A pair is the answer "replacement" of the old name, or the old name in the
 * answer "old-domains" of the new one; the old name's own answer goes before. */

static const char replacement_key[] = "replacement", list_key[] = "old-domains", separators[] = " ,;\t\n";

struct names { const char **all; size_t count; };

static void add(struct arena *arena, struct names *list, const char *name) {
  for (size_t i = 0; i < list->count; i++)
    if (strcmp(list->all[i], name) == 0) return;
  list->all = arena_grow(arena, list->all, list->count, sizeof(const char *));
  list->all[list->count++] = name;
}

static const char *own_replacement(struct arena *arena, const struct casefile *casefile, const char *old) {
  struct fault ignored;
  const char *typed = casefile_answer(casefile, old, replacement_key);
  return typed && *typed ? name_from_user(arena, typed, &ignored) : NULL;
}

/* As the new domain lists them, whatever the old names say. */
static struct names listed(struct arena *arena, const struct casefile *casefile, const char *domain) {
  const char *typed = casefile_answer(casefile, domain, list_key);
  struct names names = { NULL, 0 };
  for (const char *at = typed ? typed : ""; *at;) {
    struct fault ignored;
    size_t length = strcspn(at, separators);
    const char *name = length ? name_from_user(arena, arena_strndup(arena, at, length), &ignored) : NULL;
    if (name && strcmp(name, domain) != 0) add(arena, &names, name);
    at += length;
    at += strspn(at, separators);
  }
  return names;
}

size_t casefile_old_domains(struct arena *arena, const struct casefile *casefile, const char *domain, const char *const **out) {
  struct names all = listed(arena, casefile, domain), names = { NULL, 0 };
  const char *old;
  json_t *answers;
  for (size_t i = 0; i < all.count; i++) {
    const char *own = own_replacement(arena, casefile, all.all[i]);
    if (!own || strcmp(own, domain) == 0) add(arena, &names, all.all[i]);
  }
  json_object_foreach(casefile_member(casefile, "answers", false), old, answers) {
    const char *own = json_object_get(answers, replacement_key) ? own_replacement(arena, casefile, old) : NULL;
    if (own && strcmp(own, domain) == 0 && strcmp(old, domain) != 0) add(arena, &names, arena_strdup(arena, old));
  }
  *out = names.all;
  return names.count;
}

const char *casefile_replacement(struct arena *arena, const struct casefile *casefile, const char *old) {
  const char *named = own_replacement(arena, casefile, old);
  for (size_t i = 0; i < casefile_domain_count(casefile) && !named; i++) {
    const char *domain = casefile_domain_at(casefile, i);
    struct names names = listed(arena, casefile, domain);
    for (size_t n = 0; n < names.count && !named; n++)
      if (strcmp(names.all[n], old) == 0) named = arena_strdup(arena, domain);
  }
  return named && strcmp(named, old) != 0 ? named : NULL;
}

/* ---- changing a pair ---- */

/* The list of one domain without the old name, or with it. */
static void relist(struct arena *arena, const struct casefile *casefile, const char *domain, const char *old, bool with) {
  struct names names = listed(arena, casefile, domain);
  struct buf text = BUF_INIT(64 << 10);
  bool was = false;
  for (size_t i = 0; i < names.count; i++) {
    bool is = strcmp(names.all[i], old) == 0;
    was |= is;
    if (!is || with) buf_printf(&text, text.length ? " %s" : "%s", names.all[i]);
  }
  if (with && !was) buf_printf(&text, text.length ? " %s" : "%s", old);
  if (with != was) casefile_put_answer(casefile, domain, list_key, text.length ? buf_string(&text) : NULL);
  buf_release(&text);
}

bool casefile_set_pair(struct casefile *casefile, const char *old, const char *new, struct fault *fault) {
  struct arena *arena = arena_new();
  casefile_note_undo(casefile, "answers", NULL, NULL);
  for (size_t i = 0; i < casefile_domain_count(casefile); i++) {
    const char *domain = casefile_domain_at(casefile, i);
    relist(arena, casefile, domain, old, strcmp(domain, new) == 0);
  }
  casefile_put_answer(casefile, old, replacement_key, *new ? new : NULL);
  arena_free(&arena);
  return casefile_save(casefile, fault);
}

int64_t casefile_paired_at(const struct casefile *casefile, const char *old) {
  struct arena *arena = arena_new_sized(1024);
  const char *new = casefile_replacement(arena, casefile, old);
  int64_t chosen = casefile_answered_at(casefile, old, replacement_key), list = new ? casefile_answered_at(casefile, new, list_key) : 0;
  arena_free(&arena);
  return chosen > list ? chosen : list;
}

/* ---- what was told ---- */

const char *casefile_old_answer(const struct casefile *casefile, const char *old, const char *key) {
  const char *answer = casefile_answer(casefile, old, key);
  if (answer) return answer;
  struct arena *arena = arena_new_sized(1024);
  const char *new = casefile_replacement(arena, casefile, old);
  answer = new ? casefile_answer(casefile, new, key) : NULL; /* as earlier versions kept it: one answer for all old names */
  arena_free(&arena);
  return answer;
}

struct inquiry_old_domain casefile_old_domain(const struct casefile *casefile, const char *old) {
  const char *mail = casefile_old_answer(casefile, old, "forwards");
  struct inquiry_old_domain told = { .name = old, .sends = casefile_tri(casefile_old_answer(casefile, old, "old-sends")) };
  if (!mail) return told;
  told.forwards = strcmp(mail, "yes") == 0;
  told.aliases = strcmp(mail, "aliases") == 0;
  told.switch_planned = strcmp(mail, "planned") == 0;
  return told;
}
