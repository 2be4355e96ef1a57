#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/lib.h"

/* The questions and tasks of a step as they are put to one domain: those that apply, and of each old name those that are about one. */

static size_t old_names(struct arena *arena, const struct casefile *casefile, const char *domain, const char *const **out) {
  if (!gsi_is_family(domain)) return casefile_old_domains(arena, casefile, domain, out);
  const char **itself = ARENA_ARRAY(arena, const char *, 1);
  itself[0] = arena_strdup(arena, domain);
  *out = itself;
  return 1;
}

struct guidance_asked guidance_ask(struct arena *arena, const struct guidance_question *question, const struct casefile *casefile, const char *domain) {
  const char *of = question->whole_case ? "" : domain;
  struct text_argument old = { "old", text_safe_string(arena, domain) };
  return (struct guidance_asked){ .question = question, .domain = of, .text = question->of_old ? text_fill(arena, _(question->text), &old, 1) : _(question->text),
                                  .answer = question->of_old ? casefile_old_answer(casefile, domain, question->key) : casefile_answer(casefile, of, question->key) };
}

size_t guidance_asked(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, struct guidance_asked **out) {
  const char *const *olds;
  size_t count = 0, old_count = old_names(arena, casefile, domain, &olds);
  *out = ARENA_ARRAY(arena, struct guidance_asked, MEM_COUNT(step->questions) * (old_count + 1));
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    if (!guidance_applies(question->when, casefile, domain)) continue;
    if (!question->of_old) (*out)[count++] = guidance_ask(arena, question, casefile, domain);
    for (size_t n = 0; n < old_count && question->of_old; n++) (*out)[count++] = guidance_ask(arena, question, casefile, olds[n]);
  }
  return count;
}

static struct guidance_todo todo_of(struct arena *arena, const struct guidance_task *task, const char *old) {
  struct text_argument argument = { "old", text_safe_string(arena, old) };
  if (!task->of_old) return (struct guidance_todo){ task, task->id, _(task->text) };
  return (struct guidance_todo){ task, arena_printf(arena, "%s %s", task->id, old), text_fill(arena, _(task->text), &argument, 1) };
}

size_t guidance_todos(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, struct guidance_todo **out) {
  const char *const *olds;
  size_t count = 0, old_count = casefile_old_domains(arena, casefile, domain, &olds);
  *out = ARENA_ARRAY(arena, struct guidance_todo, MEM_COUNT(step->tasks) * (old_count + 1));
  for (size_t i = 0; i < MEM_COUNT(step->tasks) && step->tasks[i].id; i++) {
    const struct guidance_task *task = &step->tasks[i];
    if (!guidance_task_applies(task, casefile, domain)) continue;
    if (!task->of_old) (*out)[count++] = todo_of(arena, task, "");
    for (size_t n = 0; n < old_count && task->of_old; n++) (*out)[count++] = todo_of(arena, task, olds[n]);
  }
  return count;
}

bool guidance_todo_find(struct arena *arena, const char *id, const struct guidance_step **out_step, struct guidance_todo *out) {
  const struct guidance_task *task;
  const char *space = strchr(id, ' ');
  if (!guidance_task_find(space ? arena_strndup(arena, id, (size_t)(space - id)) : id, out_step, &task) || task->of_old != (space != NULL)) return false;
  *out = todo_of(arena, task, space ? space + 1 : "");
  return true;
}
