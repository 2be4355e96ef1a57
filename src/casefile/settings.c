#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"
#include "src/casefile/shared.h"

static const char *path_of(struct arena *arena) {
  const char *folder = file_user_folder(arena, "XDG_CONFIG_HOME", ".config");
  return folder ? arena_printf(arena, "%s/settings.json", folder) : NULL;
}

json_t *settings_load(struct fault *fault) {
  struct arena *arena = arena_new();
  struct fault why = { "" };
  const char *path = path_of(arena);
  json_t *settings = path ? shared_load(path, &why) : json_object();
  if (*why.text) fault_set(fault, _("%s. The defaults are used, and the file is kept beside the new one when you change a setting"), why.text);
  arena_free(&arena);
  return settings;
}

bool settings_put(const json_t *settings, const char *key, struct fault *fault) {
  struct arena *arena = arena_new();
  const char *path = path_of(arena);
  if (!path) fault_set(fault, "%s", _("There is no home folder to save your settings in: set HOME or XDG_CONFIG_HOME"));
  bool good = path && shared_put(path, key, json_object_get(settings, key), fault);
  arena_free(&arena);
  return good;
}
