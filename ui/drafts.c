#include "ui/drafts.h"

#include <stdlib.h>

#include "src/base/lib.h"
#include "src/casefile/shared.h"

static const char *path_of(struct arena *arena) {
  const char *folder = file_user_folder(arena, "XDG_STATE_HOME", ".local/state");
  return folder ? arena_printf(arena, "%s/drafts.json", folder) : NULL;
}

char *drafts_get(const char *key) {
  struct arena *arena = arena_new();
  struct fault ignored = { "" };
  const char *path = path_of(arena);
  json_t *all = path ? shared_load(path, &ignored) : NULL;
  const char *text = json_text(all, key, NULL);
  char *found = text ? mem_strdup(text) : NULL;
  json_decref(all);
  arena_free(&arena);
  return found;
}

bool drafts_set(const char *key, const char *text) {
  struct arena *arena = arena_new();
  struct fault ignored = { "" };
  const char *path = path_of(arena);
  json_t *value = text ? json_string(text) : NULL;
  bool good = path && (value || !text) && shared_put(path, key, value, &ignored);
  json_decref(value);
  arena_free(&arena);
  return good;
}
