#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/differences.h"
#include "src/guidance/lib.h"

/* The tables as JSON, for `mailstead guidance --format json`. */

static json_t *words_json(const char *words) {
  json_t *array = json_array();
  while (words && *words) {
    size_t length = strcspn(words, " ");
    json_array_append_new(array, json_stringn(words, length));
    words += length;
    while (*words == ' ') words++;
  }
  return array;
}

static json_t *questions_json(const struct guidance_step *step) {
  json_t *list = json_array();
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    json_array_append_new(list, json_pack("{s:s, s:s}", "key", question->key, "question", _(question->text)));
  }
  return list;
}

static json_t *services_json(const struct guidance_step *step) {
  json_t *list = json_array();
  for (size_t i = 0; i < MEM_COUNT(step->services) && step->services[i]; i++) {
    const struct guidance_service_question *question = guidance_service_question_find(step->services[i]);
    json_array_append_new(list, json_pack("{s:s, s:s}", "key", question->key, "question", _(question->text)));
  }
  return list;
}

static json_t *tasks_json(const struct guidance_step *step) {
  json_t *list = json_array();
  for (size_t i = 0; i < MEM_COUNT(step->tasks) && step->tasks[i].id; i++) {
    const struct guidance_task *task = &step->tasks[i];
    json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:b}", "id", task->id, "task", _(task->text), "serves", words_json(task->ids), "for_each_old_name", task->of_old));
  }
  return list;
}

static json_t *topics_json(const struct guidance_step *step) {
  json_t *list = json_array();
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (step->topics & 1u << i) json_array_append_new(list, json_string(topic_name((enum topic)i)));
  return list;
}

/* "task" is the first task's text: what earlier versions had in place of "tasks". */
static json_t *step_json(struct arena *arena, const struct guidance_step *step) {
  return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:s, s:s, s:s}", "id", step->id, "title", _(step->title), "serves", words_json(step->ids), "questions", questions_json(step), "service_questions",
                   services_json(step), "checks", topics_json(step), "records", words_json(step->records), "task", step->tasks[0].id ? _(step->tasks[0].text) : "", "tasks", tasks_json(step), "letters", words_json(step->letters),
                   "pages", words_json(step->screens), "guidance", _(step->says), "changed", guidance_changed(arena, step), "help", step->help);
}

json_t *guidance_json(void) {
  struct arena *arena = arena_new();
  json_t *sections = json_array();
  for (unsigned section = 1; section <= GUIDANCE_SECTIONS; section++) {
    json_t *list = json_array();
    for (size_t i = 0; i < guidance_step_count(); i++)
      if (guidance_step_at(i)->section == section) json_array_append_new(list, step_json(arena, guidance_step_at(i)));
    json_array_append_new(sections, json_pack("{s:i, s:s, s:o}", "section", (int)section, "title", guidance_section_title(section), "steps", list));
  }
  arena_free(&arena);
  return json_pack("{s:i, s:s, s:o}", "version", 1, "date", GUIDANCE_DATE, "sections", sections);
}
