#include "src/casefile/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

enum { LOCK_TRIES = 200, LOCK_PAUSE_NS = 10000000 };

/* Null: it is not there, cannot be read, or is no object; *out_damaged tells the last from the others. */
static json_t *read_object(const char *path, bool *out_damaged, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  *out_damaged = false;
  if (access(path, F_OK) != 0 && errno == ENOENT) return NULL;
  char *text = file_read_regular(path, CASEFILE_MOST_OCTETS, &length, fault);
  if (!text) return NULL;
  json_t *all = json_parse(text, length, &why);
  free(text);
  if (json_is_object(all)) return all;
  json_decref(all);
  *out_damaged = true;
  fault_set(fault, _("%s cannot be read: %s"), path, *why.text ? why.text : _("it does not hold a JSON object"));
  return NULL;
}

json_t *shared_load(const char *path, struct fault *fault) {
  bool damaged;
  json_t *all = read_object(path, &damaged, fault);
  return all ? all : json_object();
}

/* One writer at a time; each needs a moment only. -1: the folder cannot be written to, or somebody holds it for long. */
static int lock_beside(const char *path, struct fault *fault) {
  char *name = mem_printf("%s.lock", path);
  int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  bool held = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0;
  for (int i = 0; lock >= 0 && !held && (errno == EWOULDBLOCK || errno == EINTR) && i < LOCK_TRIES; i++) {
    nanosleep(&(struct timespec){ .tv_nsec = LOCK_PAUSE_NS }, NULL);
    held = flock(lock, LOCK_EX | LOCK_NB) == 0;
  }
  if (!held) fault_set(fault, _("Could not lock %s: %s"), name, strerror(errno));
  if (!held && lock >= 0) close(lock);
  free(name);
  return held ? lock : -1;
}

static bool keep_beside(const char *path, struct fault *fault) {
  char *aside = mem_printf("%s.damaged", path);
  for (unsigned number = 2; number < 1000 && access(aside, F_OK) == 0; number++) {
    free(aside);
    aside = mem_printf("%s.damaged%u", path, number);
  }
  bool good = rename(path, aside) == 0;
  if (!good) fault_set(fault, _("Could not rename %s: %s"), path, strerror(errno));
  free(aside);
  return good;
}

static bool put_locked(const char *path, const char *key, const json_t *value, struct fault *fault) {
  struct fault why = { "" };
  bool damaged, absent = access(path, F_OK) != 0 && errno == ENOENT;
  json_t *all = read_object(path, &damaged, &why);
  if (!all && !absent && !damaged) {
    fault_set(fault, "%s", why.text);
    return false;
  }
  if (damaged && !keep_beside(path, fault)) return false;
  if (!all) all = json_object();
  if (value) json_object_set_new(all, key, json_deep_copy(value));
  else json_object_del(all, key);
  char *text = json_dumps(all, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  bool good = text && file_replace(path, text, strlen(text), fault);
  free(text);
  json_decref(all);
  return good;
}

bool shared_put(const char *path, const char *key, const json_t *value, struct fault *fault) {
  char *folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
  bool good = file_make_folders(folder, fault);
  int lock = good ? lock_beside(path, fault) : -1;
  free(folder);
  if (lock < 0) return false;
  good = put_locked(path, key, value, fault);
  close(lock);
  return good;
}
