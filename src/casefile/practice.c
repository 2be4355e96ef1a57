#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* What was published on the practice estate, oldest first: an estate that starts anew is brought to the same by doing it again. */

enum { MOST_KEPT = 50 };

size_t casefile_practice_count(const struct casefile *casefile) { return json_array_size(casefile_member(casefile, "practice", true)); }

static struct casefile_practice read_one(const json_t *one) {
  return (struct casefile_practice){ .reference = json_text(one, "reference", ""), .slip = json_text(one, "slip", ""), .order = json_object_get(one, "order") };
}

struct casefile_practice casefile_practice_at(const struct casefile *casefile, size_t index) { return read_one(json_array_get(casefile_member(casefile, "practice", true), index)); }

bool casefile_last_practice(const struct casefile *casefile, const char *domain, const char *reference, struct casefile_practice *out) {
  const json_t *all = casefile_member(casefile, "practice", true);
  for (size_t i = json_array_size(all); i-- > 0;) {
    const json_t *one = json_array_get(all, i);
    if (strcmp(json_text(one, "domain", ""), domain) != 0 || strcmp(json_text(one, "reference", ""), reference) != 0) continue;
    *out = read_one(one);
    return true;
  }
  return false;
}

bool casefile_add_practice(struct casefile *casefile, const char *domain, const struct casefile_practice *made, struct fault *fault) {
  json_t *all = casefile_member(casefile, "practice", true);
  if (json_array_size(all) >= MOST_KEPT) {
    fault_set(fault, "%s", _("This case has been practised with too often to keep more: begin another"));
    return false;
  }
  json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:O}", "domain", domain, "reference", made->reference, "slip", made->slip, "order", made->order));
  return casefile_save(casefile, fault);
}
