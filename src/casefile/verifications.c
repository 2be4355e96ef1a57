#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* What was seen when requested changes were looked for. */

enum { MOST_KEPT = 200 };

static bool same_look(const json_t *last, const struct casefile_verification *look, const json_t *records) {
  return strcmp(json_text(last, "reference", ""), look->reference) == 0 && json_equal(json_object_get(last, "records"), records);
}

/* A look that shows what the last one showed only moves its time on, so that waiting does not fill the case. */
static void put(json_t *all, const char *domain, const struct casefile_verification *look, json_t *records) {
  for (size_t i = json_array_size(all); i-- > 0;) {
    json_t *last = json_array_get(all, i);
    if (strcmp(json_text(last, "domain", ""), domain) != 0) continue;
    if (!same_look(last, look, records)) break;
    json_object_set_new(last, "last", json_integer((json_int_t)look->when));
    json_decref(records);
    return;
  }
  json_array_append_new(all, json_pack("{s:s, s:s, s:I, s:I, s:i, s:i, s:o}", "domain", domain, "reference", look->reference, "first", (json_int_t)look->when, "last", (json_int_t)look->when, "live",
                                       (int)look->live, "asked", (int)look->asked, "records", records));
  while (json_array_size(all) > MOST_KEPT) json_array_remove(all, 0);
}

/* Done by the check that showed everything live, and open again by one that does not. What the user ticked off stays so. */
static void complete_task(struct casefile *casefile, const char *domain, const struct casefile_verification *look) {
  struct casefile_task task = casefile_task(casefile, domain, CASEFILE_ASK_TASK);
  bool done = look->asked && look->live == look->asked;
  if (done == task.done || (!done && strcmp(task.how, "check") != 0)) return;
  task.done = done;
  task.how = "check";
  task.when = look->when;
  casefile_put_task(casefile, domain, CASEFILE_ASK_TASK, &task);
}

bool casefile_add_verification(struct casefile *casefile, const char *domain, const struct casefile_verification *look, json_t *records, struct fault *fault) {
  put(casefile_member(casefile, "verifications", true), domain, look, records);
  complete_task(casefile, domain, look);
  return casefile_save(casefile, fault);
}

static unsigned count_wrong(const json_t *records) {
  unsigned count = 0;
  for (size_t i = 0; i < json_array_size(records); i++) count += strcmp(json_text(json_array_get(records, i), "state", ""), "wrong") == 0;
  return count;
}

bool casefile_last_verification(const struct casefile *casefile, const char *domain, struct casefile_verification *out) {
  const json_t *all = casefile_member(casefile, "verifications", true);
  for (size_t i = json_array_size(all); i-- > 0;) {
    const json_t *one = json_array_get(all, i);
    if (strcmp(json_text(one, "domain", ""), domain) != 0) continue;
    *out = (struct casefile_verification){ .reference = json_text(one, "reference", ""), .when = json_number(one, "last", 0), .since = json_number(one, "first", 0),
                                           .live = (unsigned)json_number(one, "live", 0), .asked = (unsigned)json_number(one, "asked", 0), .wrong = count_wrong(json_object_get(one, "records")) };
    return true;
  }
  return false;
}

bool casefile_waits_for_changes(const struct casefile *casefile, const char *domain) {
  struct casefile_request request;
  struct casefile_verification look;
  if (!casefile_last_request(casefile, domain, &request)) return false;
  bool of_it = casefile_last_verification(casefile, domain, &look) && strcmp(look.reference, request.reference) == 0 && look.when >= request.when;
  return !of_it || !look.asked || look.live < look.asked;
}

struct casefile *casefile_open_requested(const char *domain, struct fault *fault) {
  struct arena *arena = arena_new();
  size_t count;
  struct casefile_summary *cases = casefile_list(arena, &count);
  struct casefile *found = NULL;
  for (size_t i = 0; i < count && !found; i++) {
    struct fault ignored = { "" };
    json_t *request = casefile_request_in(cases[i].path, domain, &ignored);
    if (request) found = casefile_open(cases[i].path, fault);
    bool here = request != NULL;
    json_decref(request);
    if (here) break;
  }
  arena_free(&arena);
  return found;
}
