/* Which changes are asked for. The others stay in the plan, marked: the user sees them, and nothing that leaves the program holds them. */
#include <string.h>

#include "src/base/lib.h"
#include "src/plan/private.h"

/* ---- names of changes ---- */

/* Mail servers come several to a name, and each change is of one. */
static const char *base_ref(struct arena *arena, const struct plan_change *change) {
  char scratch[16];
  const char *type = dns_type_name(change->type, scratch), *value = change->now_count ? change->now[0] : change->wanted_count ? change->wanted[0] : "";
  return change->type == DNS_TYPE_MX ? arena_printf(arena, "%s %s %s", type, change->name, value) : arena_printf(arena, "%s %s", type, change->name);
}

const char *plan_ref(struct arena *arena, const struct plan *plan, size_t index) {
  const char *ref = base_ref(arena, &plan->changes[index]);
  size_t before = 0;
  for (size_t i = 0; i < index; i++) before += strcmp(base_ref(arena, &plan->changes[i]), ref) == 0;
  return before ? arena_printf(arena, "%s #%zu", ref, before + 1) : ref;
}

const struct plan_change *plan_of_ref(const struct plan *plan, const char *ref, size_t *out_index) {
  struct arena *arena = arena_new();
  const struct plan_change *found = NULL;
  for (size_t i = 0; plan && i < plan->change_count && !found; i++) {
    if (strcmp(plan_ref(arena, plan, i), ref) != 0) continue;
    found = &plan->changes[i];
    *out_index = i;
  }
  arena_free(&arena);
  return found;
}

size_t plan_left_out_count(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->change_count; i++) count += plan->changes[i].left_out;
  return count;
}

/* ---- choosing ---- */

/* A problem with a record stands against nothing while every change of that name is left out. */
static bool is_about_left_out(const struct plan *plan, const struct plan_problem *problem) {
  bool found = false;
  if (problem->severity == SEVERITY_UNKNOWN) return false;
  for (size_t i = 0; i < plan->change_count; i++) {
    if (strcmp(plan->changes[i].name, problem->subject) != 0) continue;
    if (!plan->changes[i].left_out) return false;
    found = true;
  }
  return found;
}

void plan_choose(struct planning *p) {
  struct plan *plan = p->plan;
  size_t kept = 0;
  for (size_t i = 0; i < p->options->left_out_count; i++)
    for (size_t n = 0; n < plan->change_count; n++) plan->changes[n].left_out |= strcmp(plan_ref(p->j.arena, plan, n), p->options->left_out[i]) == 0;
  for (size_t i = 0; i < plan->problem_count; i++)
    if (!is_about_left_out(plan, &plan->problems[i])) plan->problems[kept++] = plan->problems[i];
  plan->problem_count = kept;
}

struct plan plan_chosen(struct arena *arena, const struct plan *plan) {
  struct plan chosen = *plan;
  chosen.change_count = 0;
  chosen.changes = ARENA_ARRAY(arena, struct plan_change, plan->change_count + 1);
  for (size_t i = 0; i < plan->change_count; i++)
    if (!plan->changes[i].left_out) chosen.changes[chosen.change_count++] = plan->changes[i];
  return chosen;
}

void plan_take_back(struct plan *plan, const struct plan *chosen) {
  struct plan_change *changes = plan->changes;
  size_t count = plan->change_count, next = 0;
  for (size_t i = 0; i < count; i++)
    if (!changes[i].left_out) changes[i] = chosen->changes[next++];
  *plan = *chosen;
  plan->changes = changes;
  plan->change_count = count;
}
