#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* The change requests that were saved. */

bool casefile_add_request(struct casefile *casefile, const char *domain, const struct casefile_request *request, json_t *changes, struct fault *fault) {
  json_array_append_new(casefile_member(casefile, "requests", true), json_pack("{s:s, s:s, s:s, s:I, s:i, s:o}", "domain", domain, "reference", request->reference, "file", request->file, "when",
                                                                      (json_int_t)request->when, "records", (int)request->records, "request", changes));
  struct casefile_task task = casefile_task(casefile, domain, CASEFILE_ASK_TASK);
  if (task.done) { /* of the request before this one */
    task.done = false;
    task.how = "check";
    task.when = request->when;
    casefile_put_task(casefile, domain, CASEFILE_ASK_TASK, &task);
  }
  return casefile_save(casefile, fault);
}

json_t *casefile_request_in(const char *path, const char *domain, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read_regular(path, CASEFILE_MOST_OCTETS, &length, fault);
  json_t *root = text ? json_parse(text, length, &why) : NULL, *all = json_object_get(root, "requests"), *found = NULL;
  if (text && !root) fault_set(fault, _("%s cannot be read as a case: %s"), path, why.text);
  free(text);
  for (size_t i = json_array_size(all); i-- > 0 && !found;)
    if (strcmp(json_text(json_array_get(all, i), "domain", ""), domain) == 0) found = json_incref(json_object_get(json_array_get(all, i), "request"));
  json_decref(root);
  return found;
}

json_t *casefile_requested(const char *domain, struct fault *fault) {
  struct arena *arena = arena_new();
  size_t count;
  struct casefile_summary *cases = casefile_list(arena, &count);
  json_t *found = NULL;
  for (size_t i = 0; i < count && !found; i++) found = casefile_request_in(cases[i].path, domain, fault);
  if (found) fault->text[0] = '\0'; /* another case's file */
  arena_free(&arena);
  return found;
}

const json_t *casefile_last_changes(const struct casefile *casefile, const char *domain) {
  json_t *all = casefile_member(casefile, "requests", true);
  for (size_t i = json_array_size(all); i-- > 0;)
    if (strcmp(json_text(json_array_get(all, i), "domain", ""), domain) == 0) return json_object_get(json_array_get(all, i), "request");
  return NULL;
}

bool casefile_last_request(const struct casefile *casefile, const char *domain, struct casefile_request *out) {
  json_t *all = casefile_member(casefile, "requests", true);
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
  json_t *all = casefile_member(casefile, "requests", true);
  for (size_t i = 0; i < json_array_size(all); i++) {
    const json_t *one = json_array_get(all, i);
    count += strcmp(json_text(one, "domain", ""), domain) == 0 && json_number(one, "when", 0) / DAY_MS == day / DAY_MS;
  }
  return count;
}
