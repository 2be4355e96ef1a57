#include "ui/refs.h"

#include <string.h>

#include "src/base/lib.h"

/* ---- findings ---- */

static bool same_finding(const struct finding *a, const struct finding *b) { return a->rule == b->rule && strcmp(a->subject, b->subject) == 0; }

const char *finding_ref(struct arena *arena, const struct verdict *verdict, size_t index) {
  const struct finding *finding = verdict->findings[index];
  size_t before = 0;
  for (size_t i = 0; i < index; i++) before += same_finding(verdict->findings[i], finding);
  return before ? arena_printf(arena, "%s %s #%zu", finding->rule->id, finding->subject, before + 1) : arena_printf(arena, "%s %s", finding->rule->id, finding->subject);
}

const struct finding *finding_of_ref(const struct verdict *verdict, const char *ref) {
  struct arena *arena = arena_new();
  const struct finding *found = NULL;
  for (size_t i = 0; verdict && i < verdict->count && !found; i++)
    if (strcmp(finding_ref(arena, verdict, i), ref) == 0) found = verdict->findings[i];
  arena_free(&arena);
  return found;
}

size_t findings_in_order(struct arena *arena, const struct verdict *verdict, const char *topic, size_t **out) {
  static const enum severity order[] = { SEVERITY_FAIL, SEVERITY_UNKNOWN, SEVERITY_WARN, SEVERITY_INFO, SEVERITY_PASS };
  size_t count = 0;
  *out = ARENA_ARRAY(arena, size_t, verdict->count + 1);
  for (size_t s = 0; s < MEM_COUNT(order); s++)
    for (size_t i = 0; i < verdict->count; i++)
      if (verdict->findings[i]->severity == order[s] && (!*topic || strcmp(topic_name(verdict->findings[i]->topic), topic) == 0)) (*out)[count++] = i;
  return count;
}
