#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* Answers and tasks, and the way back from the last change of any kind. */

enum { MOST_UNDO = 50 };

/* The object named `key` in `object`, made when it is not there. */
static json_t *child_of(json_t *object, const char *key) {
  json_t *found = json_object_get(object, key);
  if (json_is_object(found)) return found;
  found = json_object();
  json_object_set_new(object, key, found);
  return found;
}

/* ---- undo ---- */

void casefile_note_undo(struct casefile *casefile, const char *first, const char *second, const char *third) {
  const char *const keys[] = { first, second, third };
  json_t *undo = casefile_member(casefile, "undo", true), *path = json_array(), *now = casefile->root;
  for (size_t i = 0; i < MEM_COUNT(keys) && keys[i]; i++) {
    json_array_append_new(path, json_string(keys[i]));
    now = json_object_get(now, keys[i]);
  }
  json_t *step = json_pack("{s:o}", "path", path);
  if (now) json_object_set_new(step, "before", json_deep_copy(now));
  json_array_append_new(undo, step);
  while (json_array_size(undo) > MOST_UNDO) json_array_remove(undo, 0);
}

static void put_back(struct casefile *casefile, const json_t *step) {
  const json_t *path = json_object_get(step, "path");
  json_t *before = json_object_get(step, "before"), *at = casefile->root;
  size_t count = json_array_size(path);
  for (size_t i = 0; i + 1 < count; i++) at = child_of(at, json_string_value(json_array_get(path, i)));
  const char *key = count ? json_string_value(json_array_get(path, count - 1)) : NULL;
  if (key && before) json_object_set(at, key, before);
  else if (key) json_object_del(at, key);
}

bool casefile_undo(struct casefile *casefile, struct fault *fault) {
  json_t *undo = casefile_member(casefile, "undo", true);
  size_t count = json_array_size(undo);
  if (!count) return false;
  json_t *step = json_incref(json_array_get(undo, count - 1));
  json_array_remove(undo, count - 1);
  put_back(casefile, step);
  json_decref(step);
  return casefile_save(casefile, fault);
}

const char *casefile_undo_what(const struct casefile *casefile) {
  json_t *undo = casefile_member(casefile, "undo", true), *step = json_array_get(undo, json_array_size(undo) - 1), *path = json_object_get(step, "path");
  const char *kind = json_string_value(json_array_get(path, 0)), *last = json_string_value(json_array_get(path, json_array_size(path) - 1));
  const char *called = json_string_value(json_object_get(step, "what"));
  if (called) return called;
  if (!kind || !last) return "";
  return strcmp(kind, "answers") == 0 || strcmp(kind, "tasks") == 0 ? last : kind;
}

/* ---- answers ---- */

const char *casefile_answer(const struct casefile *casefile, const char *domain, const char *key) {
  return json_string_value(json_object_get(json_object_get(casefile_member(casefile, "answers", false), domain), key));
}

const char *casefile_known_answer(const struct casefile *casefile, const char *domain, const char *key) {
  const char *answer = casefile_answer(casefile, domain, key);
  return answer && *answer && strcmp(answer, "unknown") != 0 ? answer : NULL;
}

int64_t casefile_answered_at(const struct casefile *casefile, const char *domain, const char *key) {
  return json_number(json_object_get(casefile_member(casefile, "answered", false), domain), key, 0);
}

void casefile_put_answer(const struct casefile *casefile, const char *domain, const char *key, const char *value) {
  json_t *own = child_of(casefile_member(casefile, "answers", false), domain);
  if (value) json_object_set_new(own, key, json_string(value));
  else json_object_del(own, key);
  json_object_set_new(child_of(casefile_member(casefile, "answered", false), domain), key, json_integer(clock_wall_ms()));
}

bool casefile_set_answer(struct casefile *casefile, const char *domain, const char *key, const char *value, struct fault *fault) {
  const char *before = casefile_answer(casefile, domain, key);
  if (before && value && strcmp(before, value) == 0) return true;
  casefile_note_undo(casefile, "answers", domain, key);
  casefile_put_answer(casefile, domain, key, value);
  return casefile_save(casefile, fault);
}

bool casefile_set_answers(struct casefile *casefile, const char *domain, const char *const *keys, size_t count, const char *value, const char *what, struct fault *fault) {
  bool same = true;
  for (size_t i = 0; i < count && same; i++) {
    const char *before = casefile_answer(casefile, domain, keys[i]);
    same = before && strcmp(before, value) == 0;
  }
  if (same) return true;
  casefile_note_undo(casefile, "answers", domain, NULL);
  json_t *undo = casefile_member(casefile, "undo", true);
  json_object_set_new(json_array_get(undo, json_array_size(undo) - 1), "what", json_string(what));
  for (size_t i = 0; i < count; i++) casefile_put_answer(casefile, domain, keys[i], value);
  return casefile_save(casefile, fault);
}

/* ---- tasks ---- */

/* What is done for each old name was one task for all of them in earlier versions, of the same id without the name: it stands for each that has
 * none of its own. */
static const json_t *task_of(const struct casefile *casefile, const char *domain, const char *id) {
  const json_t *own = json_object_get(casefile_member(casefile, "tasks", false), domain), *task = json_object_get(own, id);
  if (task || !strchr(id, ' ')) return task;
  char *whole = mem_strdup(id);
  *strchr(whole, ' ') = '\0';
  task = json_object_get(own, whole);
  free(whole);
  return task;
}

struct casefile_task casefile_task(const struct casefile *casefile, const char *domain, const char *id) {
  const json_t *task = task_of(casefile, domain, id);
  return (struct casefile_task){ .done = json_flag(task, "done", false), .who = json_text(task, "who", ""), .note = json_text(task, "note", ""), .how = json_text(task, "how", "you"), .when = json_number(task, "when", 0) };
}

void casefile_put_task(struct casefile *casefile, const char *domain, const char *id, const struct casefile_task *task) {
  json_object_set_new(child_of(casefile_member(casefile, "tasks", false), domain), id,
                      json_pack("{s:b, s:s, s:s, s:I, s:s}", "done", task->done, "who", task->who ? task->who : "", "note", task->note ? task->note : "", "when", (json_int_t)task->when, "how", task->how ? task->how : "you"));
}

bool casefile_set_task(struct casefile *casefile, const char *domain, const char *id, const struct casefile_task *task, struct fault *fault) {
  casefile_note_undo(casefile, "tasks", domain, id);
  casefile_put_task(casefile, domain, id, task);
  return casefile_save(casefile, fault);
}
