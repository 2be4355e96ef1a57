#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

json_t *settings_load(void) {
  struct arena *arena = arena_new();
  struct fault ignored;
  size_t length;
  const char *folder = casefile_xdg(arena, "XDG_CONFIG_HOME", ".config");
  char *text = folder ? file_read(arena_printf(arena, "%s/settings.json", folder), CASEFILE_MOST_OCTETS, &length, &ignored) : NULL;
  json_t *settings = text ? json_parse(text, length, &ignored) : NULL;
  free(text);
  arena_free(&arena);
  if (!json_is_object(settings)) {
    json_decref(settings);
    settings = json_object();
  }
  return settings;
}

bool settings_save(const json_t *settings, struct fault *fault) {
  struct arena *arena = arena_new();
  const char *folder = casefile_xdg(arena, "XDG_CONFIG_HOME", ".config");
  char *text = json_dumps(settings, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  if (!folder) fault_set(fault, "%s", _("There is no home folder to save your settings in: set HOME or XDG_CONFIG_HOME"));
  bool good = text && folder && file_make_folders(folder, fault) && file_replace(arena_printf(arena, "%s/settings.json", folder), text, strlen(text), fault);
  free(text);
  arena_free(&arena);
  return good;
}
