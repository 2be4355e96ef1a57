#include "ui/names.h"

#include <string.h>

#include "src/base/lib.h"

#define PARTING " ,;\t\r\n"

size_t names_words(struct arena *arena, const char *text, const char ***out) {
  size_t count = 0;
  *out = NULL;
  for (const char *at = text; *(at += strspn(at, PARTING));) {
    size_t length = strcspn(at, PARTING);
    *out = arena_grow(arena, (void *)*out, count, sizeof **out);
    (*out)[count++] = arena_strndup(arena, at, length);
    at += length;
  }
  return count;
}

static const char *changed_sentence(struct arena *arena, const char *typed, const char *name) {
  struct text_argument arguments[] = { { "typed", text_safe_string(arena, typed) }, { "name", name } };
  return text_fill(arena, _("Taken \"{typed}\" as {name}."), arguments, 2);
}

static bool holds(const char *const *names, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

bool names_read(struct arena *arena, const char *text, const char ***out, size_t *out_count, const char **out_changed, struct fault *fault) {
  const char **words, **names, *changed = "";
  size_t count = names_words(arena, text, &words), kept = 0;
  names = ARENA_ARRAY(arena, const char *, count + 1);
  for (size_t i = 0; i < count; i++) {
    const char *name = name_from_user(arena, words[i], fault);
    if (!name) return false;
    if (!text_equal(name, words[i]) && !*changed) changed = changed_sentence(arena, words[i], name);
    if (!holds(names, kept, name)) names[kept++] = name;
  }
  *out = names;
  *out_count = kept;
  if (out_changed) *out_changed = changed;
  return true;
}
