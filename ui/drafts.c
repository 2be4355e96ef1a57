#include "ui/drafts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"

enum { LARGEST_FILE = 4 << 20 };

static char *folder(void) {
  const char *state = getenv("XDG_STATE_HOME"), *home = state && *state == '/' ? NULL : file_home();
  if (state && *state == '/') return mem_printf("%s/mailstead", state);
  return home ? mem_printf("%s/.local/state/mailstead", home) : NULL;
}

static char *path_of(const char *in) { return mem_printf("%s/drafts.json", in); }

/* The whole file; an empty object when there is none that can be read. */
static json_t *load(const char *path) {
  struct fault ignored;
  size_t length = 0;
  char *text = access(path, R_OK) == 0 ? file_read(path, LARGEST_FILE, &length, &ignored) : NULL;
  json_t *all = text ? json_parse(text, length, &ignored) : NULL;
  free(text);
  if (json_is_object(all)) return all;
  json_decref(all);
  return json_object();
}

char *drafts_get(const char *key) {
  char *in = folder(), *path = in ? path_of(in) : NULL;
  json_t *all = path ? load(path) : json_object();
  const char *text = json_text(all, key, NULL);
  char *found = text ? mem_strdup(text) : NULL;
  json_decref(all);
  free(path);
  free(in);
  return found;
}

/* The file is read again each time: another copy of the program may have drafts of its own in it. */
bool drafts_set(const char *key, const char *text) {
  struct fault ignored;
  char *in = folder(), *path = in ? path_of(in) : NULL;
  json_t *all = path ? load(path) : NULL;
  bool changed = all && (text ? json_object_set_new(all, key, json_string(text)) == 0 : json_object_del(all, key) == 0);
  char *whole = changed ? json_dumps(all, JSON_INDENT(1)) : NULL;
  bool good = all && (!changed || (whole && file_make_folders(in, &ignored) && file_replace(path, whole, strlen(whole), &ignored)));
  free(whole);
  json_decref(all);
  free(path);
  free(in);
  return good;
}
