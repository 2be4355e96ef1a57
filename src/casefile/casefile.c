#include "src/casefile/casefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

enum { VERSION = 1 };

/* ---- folders ---- */

const char *casefile_folder(struct arena *arena, struct fault *fault) {
  const char *folder = file_user_folder(arena, "XDG_DATA_HOME", ".local/share");
  if (!folder) fault_set(fault, "%s", _("There is no home folder to save your work in: set HOME or XDG_DATA_HOME"));
  return folder && file_make_folders(folder, fault) ? folder : NULL;
}

/* ---- opening ---- */

json_t *casefile_member(const struct casefile *casefile, const char *name, bool array) {
  json_t *value = json_object_get(casefile->root, name);
  if (array ? json_is_array(value) : json_is_object(value)) return value;
  value = array ? json_array() : json_object();
  json_object_set_new(casefile->root, name, value);
  return value;
}

static bool take_lock(struct casefile *casefile, struct fault *fault) {
  char *path = mem_printf("%s.lock", casefile->path);
  casefile->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  bool good = casefile->lock >= 0 && flock(casefile->lock, LOCK_EX | LOCK_NB) == 0;
  if (!good && casefile->lock >= 0 && errno == EWOULDBLOCK) {
    char process[32] = "";
    ssize_t got = read(casefile->lock, process, sizeof process - 1);
    if (got > 0) process[got] = '\0';
    fault_set(fault, _("This case is open in another copy of mailstead (process %s). Close that one first"), *process ? process : "?");
  } else if (!good) {
    fault_set(fault, _("Could not lock %s: %s"), path, strerror(errno));
  } else {
    char process[32];
    int length = snprintf(process, sizeof process, "%ld", (long)getpid());
    if (ftruncate(casefile->lock, 0) != 0 || pwrite(casefile->lock, process, (size_t)length, 0) != length) errno = 0;
  }
  free(path);
  return good;
}

static bool read_root(struct casefile *casefile, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read_regular(casefile->path, CASEFILE_MOST_OCTETS, &length, fault);
  if (!text) return false;
  casefile->root = json_parse(text, length, &why);
  free(text);
  if (!casefile->root || !json_is_object(casefile->root)) {
    fault_set(fault, _("%s cannot be read as a case: %s. It has been left as it is"), casefile->path, *why.text ? why.text : _("it is not one"));
    return false;
  }
  int64_t version = json_number(casefile->root, "version", 0);
  if (version != VERSION || strcmp(json_text(casefile->root, "kind", ""), "mailstead case") != 0) {
    fault_set(fault, version > VERSION ? _("%s was written by a newer version of mailstead. It has been left as it is. Use that version") : _("%s is not a case of mailstead. It has been left as it is"), casefile->path);
    return false;
  }
  return true;
}

struct casefile *casefile_open(const char *path, struct fault *fault) {
  struct casefile *casefile = mem_zalloc(1, sizeof *casefile);
  casefile->path = mem_strdup(path);
  casefile->lock = -1;
  if (!take_lock(casefile, fault) || !read_root(casefile, fault)) casefile_close(&casefile);
  return casefile;
}

static struct casefile *look_at(const char *path, struct fault *fault) {
  struct casefile *casefile = mem_zalloc(1, sizeof *casefile);
  casefile->path = mem_strdup(path);
  casefile->lock = -1;
  if (!read_root(casefile, fault)) casefile_close(&casefile);
  return casefile;
}

struct casefile *casefile_look(const char *domain, struct fault *fault) {
  struct arena *arena = arena_new();
  struct casefile *found = NULL;
  const char *folder = file_user_folder(arena, "XDG_DATA_HOME", ".local/share"), *own = arena_printf(arena, "%s/%s.json", folder ? folder : "", domain);
  size_t count = 0;
  struct casefile_summary *cases = file_is_there(own) || !folder || !file_is_there(folder) ? NULL : casefile_list(arena, &count);
  if (file_is_there(own)) found = look_at(own, fault);
  for (size_t i = 0; i < count && !found; i++) { /* a case is named after its first domain */
    struct fault ignored = { "" };
    found = look_at(cases[i].path, &ignored);
    if (found && !casefile_has_domain(found, domain)) casefile_close(&found);
  }
  arena_free(&arena);
  return found;
}

static struct casefile *create(const char *path, const char *domain, struct fault *fault) {
  struct casefile *casefile = mem_zalloc(1, sizeof *casefile);
  casefile->path = mem_strdup(path);
  casefile->lock = -1;
  casefile->root = json_pack("{s:s, s:i, s:[], s:{}}", "kind", "mailstead case", "version", VERSION, "domains", "answers");
  if (!take_lock(casefile, fault) || !casefile_add_domain(casefile, domain, fault)) casefile_close(&casefile);
  return casefile;
}

struct casefile *casefile_open_domain(const char *domain, struct fault *fault) {
  struct arena *arena = arena_new();
  const char *folder = casefile_folder(arena, fault);
  struct casefile *casefile = NULL;
  if (folder) {
    const char *path = arena_printf(arena, "%s/%s.json", folder, domain);
    casefile = access(path, F_OK) == 0 ? casefile_open(path, fault) : create(path, domain, fault);
    if (casefile && !casefile_add_domain(casefile, domain, fault)) casefile_close(&casefile); /* it was taken out of the case that bears its name */
  }
  arena_free(&arena);
  return casefile;
}

void casefile_close(struct casefile **casefile) {
  struct casefile *old = *casefile;
  if (!old) return;
  *casefile = NULL;
  if (old->lock >= 0) close(old->lock);
  json_decref(old->root);
  free(old->path);
  free(old->unsaved);
  free(old);
}

const json_t *casefile_root(const struct casefile *casefile) { return casefile->root; }
const char *casefile_path(const struct casefile *casefile) { return casefile->path; }

bool casefile_save(struct casefile *casefile, struct fault *fault) {
  if (casefile->lock < 0) {
    fault_set(fault, _("%s was opened to be read only"), casefile->path);
    return false;
  }
  struct fault why = { "" };
  casefile->revision++;
  json_object_set_new(casefile->root, "changed", json_integer(clock_wall_ms()));
  char *text = json_dumps(casefile->root, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  bool good = text && file_replace(casefile->path, text, strlen(text), &why);
  free(text);
  free(casefile->unsaved);
  casefile->unsaved = good ? NULL : mem_strdup(why.text);
  if (!good) fault_set(fault, "%s", why.text);
  return good;
}

unsigned long casefile_revision(const struct casefile *casefile) { return casefile->revision; }

const char *casefile_unsaved(const struct casefile *casefile) { return casefile->unsaved; }

bool casefile_save_copy(const struct casefile *casefile, const char *path, struct fault *fault) {
  char *text = json_dumps(casefile->root, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  bool good = text && file_create(path, text, strlen(text), 0600, fault);
  free(text);
  return good;
}

/* ---- the list of cases ---- */

static int newest_first(const void *a, const void *b) {
  const struct casefile_summary *left = a, *right = b;
  return (left->changed < right->changed) - (left->changed > right->changed);
}

struct casefile_summary *casefile_list(struct arena *arena, size_t *out_count) {
  struct casefile_summary *list = NULL;
  struct fault ignored;
  const char *folder = casefile_folder(arena, &ignored);
  DIR *directory = folder ? opendir(folder) : NULL;
  *out_count = 0;
  for (struct dirent *entry; directory && (entry = readdir(directory)) && *out_count < 200;) {
    if (!text_ends(entry->d_name, ".json")) continue;
    const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
    struct stat status;
    if (stat(path, &status) != 0) continue;
    list = arena_grow(arena, list, *out_count, sizeof *list);
    list[(*out_count)++] = (struct casefile_summary){ .name = text_safe_copy(arena, entry->d_name, strlen(entry->d_name) - 5), .path = path, .changed = (int64_t)status.st_mtime * 1000 };
  }
  if (directory) closedir(directory);
  if (*out_count) qsort(list, *out_count, sizeof *list, newest_first);
  return list;
}

/* ---- domains ---- */

size_t casefile_domain_count(const struct casefile *casefile) { return json_array_size(casefile_member(casefile, "domains", true)); }

const char *casefile_domain_at(const struct casefile *casefile, size_t index) {
  const char *name = json_string_value(json_array_get(casefile_member(casefile, "domains", true), index));
  return name ? name : "";
}

bool casefile_has_domain(const struct casefile *casefile, const char *domain) {
  for (size_t i = 0; i < casefile_domain_count(casefile); i++)
    if (strcmp(casefile_domain_at(casefile, i), domain) == 0) return true;
  return false;
}

bool casefile_add_domain(struct casefile *casefile, const char *domain, struct fault *fault) {
  if (casefile_has_domain(casefile, domain)) return true;
  if (casefile_domain_count(casefile)) casefile_note_undo(casefile, "domains", NULL, NULL); /* the first makes the case */
  json_array_append_new(casefile_member(casefile, "domains", true), json_string(domain));
  return casefile_save(casefile, fault);
}

bool casefile_remove_domain(struct casefile *casefile, const char *domain, struct fault *fault) {
  json_t *domains = casefile_member(casefile, "domains", true);
  if (json_array_size(domains) < 2) {
    fault_set(fault, "%s", _("A case has one domain at least. To be rid of the case, press - at it on the first screen"));
    return false;
  }
  casefile_note_undo(casefile, "domains", NULL, NULL);
  for (size_t i = json_array_size(domains); i-- > 0;)
    if (strcmp(casefile_domain_at(casefile, i), domain) == 0) json_array_remove(domains, i);
  return casefile_save(casefile, fault);
}

const char *casefile_put_aside(struct arena *arena, const char *path, struct fault *fault) {
  struct casefile *opened = casefile_open(path, fault);
  const char *aside = arena_printf(arena, "%s.aside", path);
  if (!opened) return NULL;
  for (unsigned number = 2; number < 1000 && access(aside, F_OK) == 0; number++) aside = arena_printf(arena, "%s.aside%u", path, number);
  bool good = rename(path, aside) == 0;
  if (!good) fault_set(fault, _("Could not rename %s: %s"), path, strerror(errno));
  casefile_close(&opened);
  return good ? aside : NULL;
}
