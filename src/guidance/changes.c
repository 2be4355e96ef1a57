#include "src/guidance/changes.h"

#include <string.h>

#include "src/base/lib.h"

const char *change_kind_word(enum change_kind kind) {
  static const char *const words[] = { N_("New"), N_("Worse"), N_("Better"), N_("Mended") };
  return _(words[kind]);
}

static bool matters(const struct finding *finding) { return finding->severity == SEVERITY_WARN || finding->severity == SEVERITY_FAIL; }

/* Do both speak of the same thing? The value named, where there is one, is part of it: one address gone and another come are two changes. */
static bool same_thing(const struct finding *a, const struct finding *b) {
  const char *left = finding_argument(a, "value"), *right = finding_argument(b, "value");
  if (strcmp(a->rule->id, b->rule->id) != 0 || strcmp(a->subject, b->subject) != 0) return false;
  return left && right ? strcmp(left, right) == 0 : left == right;
}

static const struct finding *find_same(const struct verdict *verdict, const struct finding *finding) {
  for (size_t i = 0; i < verdict->count; i++)
    if (same_thing(verdict->findings[i], finding)) return verdict->findings[i];
  return NULL;
}

/* A topic that could not be looked at, or was left out, says nothing about what is gone. */
static bool was_looked_at(const struct verdict *verdict, enum topic topic) {
  if (topic >= TOPIC_COUNT || verdict->topics[topic] == SEVERITY_SKIPPED) return false;
  for (size_t i = 0; i < verdict->count; i++)
    if (verdict->findings[i]->topic == topic && verdict->findings[i]->severity == SEVERITY_UNKNOWN) return false;
  return true;
}

static void add(struct arena *arena, struct change_line **list, size_t *count, struct change_line line) {
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = line;
}

struct change_line *changes_between(struct arena *arena, const struct verdict *before, const struct verdict *now, size_t *out_count) {
  static const enum severity order[] = { SEVERITY_FAIL, SEVERITY_WARN };
  struct change_line *list = NULL;
  *out_count = 0;
  for (size_t s = 0; s < MEM_COUNT(order); s++)
    for (size_t i = 0; i < now->count; i++) {
      const struct finding *finding = now->findings[i], *old = finding->severity == order[s] ? find_same(before, finding) : NULL;
      if (finding->severity != order[s] || (old && old->severity == finding->severity)) continue;
      enum severity was = old ? old->severity : SEVERITY_PASS;
      bool better = was == SEVERITY_FAIL && finding->severity == SEVERITY_WARN;
      add(arena, &list, out_count, (struct change_line){ !old ? CHANGED_NEW : better ? CHANGED_BETTER : CHANGED_WORSE, finding, was, finding->severity });
    }
  for (size_t i = 0; i < before->count; i++) {
    const struct finding *finding = before->findings[i], *same = find_same(now, finding);
    if (!matters(finding) || (same && matters(same)) || !was_looked_at(now, finding->topic)) continue;
    add(arena, &list, out_count, (struct change_line){ CHANGED_MENDED, finding, finding->severity, same ? same->severity : SEVERITY_PASS });
  }
  return list;
}
