#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* Pairs of old and new domains, and what was told of each old one. The list of old names is an answer of the new domain ("old-domains"),
 * the rest are answers of the old name itself. */

enum { MOST_NAMES = 64 };

static bool is_listed(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

size_t casefile_old_domains(struct arena *arena, const struct casefile *casefile, const char *domain, const char *const **out) {
  const char *typed = casefile_answer(casefile, domain, "old-domains"), **names = ARENA_ARRAY(arena, const char *, MOST_NAMES);
  size_t count = 0;
  *out = names;
  for (const char *at = typed ? typed : ""; *at && count < MOST_NAMES;) {
    struct fault ignored;
    size_t length = strcspn(at, " ,;\t\n");
    const char *name = length ? name_from_user(arena, arena_strndup(arena, at, length), &ignored) : NULL;
    if (name && strcmp(name, domain) != 0 && !is_listed(names, count, name)) names[count++] = name;
    at += length;
    at += strspn(at, " ,;\t\n");
  }
  return count;
}

const char *casefile_replacement(struct arena *arena, const struct casefile *casefile, const char *old) {
  struct fault ignored;
  const char *typed = casefile_answer(casefile, old, "replacement"), *named = typed && *typed ? name_from_user(arena, typed, &ignored) : NULL;
  for (size_t i = 0; i < casefile_domain_count(casefile) && !named; i++) {
    const char *domain = casefile_domain_at(casefile, i), *const *names;
    size_t count = casefile_old_domains(arena, casefile, domain, &names);
    if (is_listed(names, count, old)) named = arena_strdup(arena, domain);
  }
  return named;
}

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
