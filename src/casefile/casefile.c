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

enum { VERSION = 1, MOST_OCTETS = 16 << 20, MOST_UNDO = 50 };

struct casefile {
  char *path;
  json_t *root;
  int lock;
};

/* ---- folders ---- */

static const char *xdg(struct arena *arena, const char *variable, const char *otherwise) {
  const char *base = getenv(variable), *home = getenv("HOME");
  if (base && *base == '/') return arena_printf(arena, "%s/mailstead", base);
  return arena_printf(arena, "%s/%s/mailstead", home && *home ? home : "/tmp", otherwise);
}

const char *casefile_folder(struct arena *arena, struct fault *fault) {
  const char *folder = xdg(arena, "XDG_DATA_HOME", ".local/share");
  return file_make_folders(folder, fault) ? folder : NULL;
}

/* ---- opening ---- */

static json_t *member(const struct casefile *casefile, const char *name, bool array) {
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
  char *text = file_read(casefile->path, MOST_OCTETS, &length, fault);
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
  free(old);
}

const json_t *casefile_root(const struct casefile *casefile) { return casefile->root; }
const char *casefile_path(const struct casefile *casefile) { return casefile->path; }

bool casefile_save(struct casefile *casefile, struct fault *fault) {
  json_object_set_new(casefile->root, "changed", json_integer(clock_wall_ms()));
  char *text = json_dumps(casefile->root, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  bool good = text && file_replace(casefile->path, text, strlen(text), fault);
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

size_t casefile_domain_count(const struct casefile *casefile) { return json_array_size(member(casefile, "domains", true)); }

const char *casefile_domain_at(const struct casefile *casefile, size_t index) {
  const char *name = json_string_value(json_array_get(member(casefile, "domains", true), index));
  return name ? name : "";
}

bool casefile_has_domain(const struct casefile *casefile, const char *domain) {
  for (size_t i = 0; i < casefile_domain_count(casefile); i++)
    if (strcmp(casefile_domain_at(casefile, i), domain) == 0) return true;
  return false;
}

bool casefile_add_domain(struct casefile *casefile, const char *domain, struct fault *fault) {
  if (!casefile_has_domain(casefile, domain)) json_array_append_new(member(casefile, "domains", true), json_string(domain));
  return casefile_save(casefile, fault);
}

/* ---- answers ---- */

static json_t *answers_of(const struct casefile *casefile, const char *domain, bool make) {
  json_t *all = member(casefile, "answers", false), *own = json_object_get(all, domain);
  if (json_is_object(own) || !make) return own;
  own = json_object();
  json_object_set_new(all, domain, own);
  return own;
}

const char *casefile_answer(const struct casefile *casefile, const char *domain, const char *key) {
  return json_string_value(json_object_get(answers_of(casefile, domain, false), key));
}

static void put_answer(struct casefile *casefile, const char *domain, const char *key, const char *value) {
  if (value) json_object_set_new(answers_of(casefile, domain, true), key, json_string(value));
  else json_object_del(answers_of(casefile, domain, true), key);
}

bool casefile_set_answer(struct casefile *casefile, const char *domain, const char *key, const char *value, struct fault *fault) {
  const char *before = casefile_answer(casefile, domain, key);
  json_t *undo = member(casefile, "undo", true);
  if (before && value && strcmp(before, value) == 0) return true;
  json_t *step = json_pack("{s:s, s:s}", "domain", domain, "key", key);
  if (before) json_object_set_new(step, "before", json_string(before));
  json_array_append_new(undo, step);
  while (json_array_size(undo) > MOST_UNDO) json_array_remove(undo, 0);
  put_answer(casefile, domain, key, value);
  return casefile_save(casefile, fault);
}

bool casefile_undo(struct casefile *casefile, struct fault *fault) {
  json_t *undo = member(casefile, "undo", true);
  size_t count = json_array_size(undo);
  if (!count) return false;
  json_t *step = json_incref(json_array_get(undo, count - 1));
  json_array_remove(undo, count - 1);
  put_answer(casefile, json_text(step, "domain", ""), json_text(step, "key", ""), json_string_value(json_object_get(step, "before")));
  bool saved = casefile_save(casefile, fault);
  json_decref(step);
  return saved;
}

/* ---- tasks ---- */

static json_t *task_of(const struct casefile *casefile, const char *domain, const char *id) {
  return json_object_get(json_object_get(member(casefile, "tasks", false), domain), id);
}

struct casefile_task casefile_task(const struct casefile *casefile, const char *domain, const char *id) {
  const json_t *task = task_of(casefile, domain, id);
  return (struct casefile_task){ .done = json_flag(task, "done", false), .note = json_text(task, "note", ""), .how = json_text(task, "how", "you"), .when = json_number(task, "when", 0) };
}

bool casefile_set_task(struct casefile *casefile, const char *domain, const char *id, bool done, const char *note, int64_t when, struct fault *fault) {
  json_t *all = member(casefile, "tasks", false), *own = json_object_get(all, domain);
  if (!json_is_object(own)) {
    own = json_object();
    json_object_set_new(all, domain, own);
  }
  json_object_set_new(own, id, json_pack("{s:b, s:s, s:I, s:s}", "done", done, "note", note, "when", (json_int_t)when, "how", "you"));
  return casefile_save(casefile, fault);
}

unsigned casefile_tasks_done(const struct casefile *casefile) {
  unsigned count = 0;
  const char *domain, *id;
  json_t *own, *task;
  json_object_foreach(member(casefile, "tasks", false), domain, own) {
    json_object_foreach(own, id, task) count += json_flag(task, "done", false);
  }
  return count;
}

/* ---- requests ---- */

bool casefile_add_request(struct casefile *casefile, const char *domain, const struct casefile_request *request, json_t *changes, struct fault *fault) {
  json_array_append_new(member(casefile, "requests", true), json_pack("{s:s, s:s, s:s, s:I, s:i, s:o}", "domain", domain, "reference", request->reference, "file", request->file, "when",
                                                                      (json_int_t)request->when, "records", (int)request->records, "request", changes));
  return casefile_save(casefile, fault);
}

static json_t *request_in(const char *path, const char *domain) {
  struct fault ignored;
  size_t length;
  char *text = file_read(path, MOST_OCTETS, &length, &ignored);
  json_t *root = text ? json_parse(text, length, &ignored) : NULL, *all = json_object_get(root, "requests"), *found = NULL;
  free(text);
  for (size_t i = json_array_size(all); i-- > 0 && !found;)
    if (strcmp(json_text(json_array_get(all, i), "domain", ""), domain) == 0) found = json_incref(json_object_get(json_array_get(all, i), "request"));
  json_decref(root);
  return found;
}

json_t *casefile_requested(const char *domain) {
  struct arena *arena = arena_new();
  size_t count;
  struct casefile_summary *cases = casefile_list(arena, &count);
  json_t *found = NULL;
  for (size_t i = 0; i < count && !found; i++) found = request_in(cases[i].path, domain);
  arena_free(&arena);
  return found;
}

bool casefile_last_request(const struct casefile *casefile, const char *domain, struct casefile_request *out) {
  json_t *all = member(casefile, "requests", true);
  for (size_t i = json_array_size(all); i-- > 0;) {
    const json_t *one = json_array_get(all, i);
    if (strcmp(json_text(one, "domain", ""), domain) != 0) continue;
    *out = (struct casefile_request){ .reference = json_text(one, "reference", ""), .file = json_text(one, "file", ""), .when = json_number(one, "when", 0), .records = (unsigned)json_number(one, "records", 0) };
    return true;
  }
  return false;
}

unsigned casefile_requests_on(const struct casefile *casefile, const char *domain, int64_t day) {
  enum { DAY_MS = 86400000 };
  unsigned count = 0;
  json_t *all = member(casefile, "requests", true);
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *one = json_array_get(all, i);
    count += strcmp(json_text(one, "domain", ""), domain) == 0 && json_number(one, "when", 0) / DAY_MS == day / DAY_MS;
  }
  return count;
}

/* ---- services ---- */

json_t *casefile_services(struct casefile *casefile) { return member(casefile, "services", true); }

bool casefile_add_service(struct casefile *casefile, json_t *service, struct fault *fault) {
  json_array_append_new(casefile_services(casefile), service);
  return casefile_save(casefile, fault);
}

bool casefile_remove_service(struct casefile *casefile, size_t index, struct fault *fault) {
  json_array_remove(casefile_services(casefile), index);
  return casefile_save(casefile, fault);
}

/* ---- settings ---- */

json_t *settings_load(void) {
  struct arena *arena = arena_new();
  struct fault ignored;
  size_t length;
  char *text = file_read(arena_printf(arena, "%s/settings.json", xdg(arena, "XDG_CONFIG_HOME", ".config")), MOST_OCTETS, &length, &ignored);
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
  const char *folder = xdg(arena, "XDG_CONFIG_HOME", ".config");
  char *text = json_dumps(settings, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  bool good = text && file_make_folders(folder, fault) && file_replace(arena_printf(arena, "%s/settings.json", folder), text, strlen(text), fault);
  free(text);
  arena_free(&arena);
  return good;
}
