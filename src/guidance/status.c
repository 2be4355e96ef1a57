#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/lib.h"

const char *step_state_word(enum step_state state) {
  static const char *const words[] = { N_("Not yet started"), N_("In progress"), N_("Waiting for DNS"), N_("Completed"), N_("Cannot start yet"), N_("There is a problem"), N_("Not needed") };
  return _(words[state]);
}

static bool answered(const struct casefile *casefile, const char *domain, const char *key, const char *value) {
  const char *answer = casefile_answer(casefile, domain, key);
  return answer && strcmp(answer, value) == 0;
}

static bool has_filtering(const struct casefile *casefile) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state == CASEFILE_CONFIRMED && service.filters == TRI_YES) return true;
  }
  return false;
}

bool guidance_applies(const struct guidance_step *step, const struct casefile *casefile, const char *domain) {
  switch (step->when) {
  case WHEN_ALWAYS: return true;
  case WHEN_PSN: return answered(casefile, "", "psn", "yes");
  case WHEN_FILTERING: return has_filtering(casefile);
  case WHEN_GSI: return casefile_answer(casefile, domain, "old-domains") != NULL;
  case WHEN_SENDS: return !answered(casefile, domain, "sends", "no");
  case WHEN_RECEIVES: return !answered(casefile, domain, "receives", "no");
  }
  return true;
}

struct progress { unsigned asked, answered, open; const struct finding *worst; bool checked, unknown; };

static void look_at_questions(const struct guidance_step *step, const struct casefile *casefile, const char *domain, struct progress *progress) {
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    const char *answer = casefile_answer(casefile, question->whole_case ? "" : domain, question->key);
    progress->asked++;
    if (answer) progress->answered++;
    if (answer && strcmp(answer, "unknown") == 0) progress->open++;
  }
}

static void look_at_findings(const struct guidance_step *step, const struct verdict *verdict, struct progress *progress) {
  progress->checked = verdict != NULL;
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->topic >= TOPIC_COUNT || !(step->topics & 1u << finding->topic)) continue;
    if (finding->severity == SEVERITY_UNKNOWN) progress->unknown = true;
    if (finding->severity != SEVERITY_WARN && finding->severity != SEVERITY_FAIL) continue;
    if (!progress->worst || finding->severity > progress->worst->severity) progress->worst = finding;
  }
}

static const char *days_waiting(struct arena *arena, int64_t since) {
  int64_t days = (clock_wall_ms() - since) / 86400000;
  struct text_argument argument = { "days", arena_printf(arena, "%lld", (long long)(days < 0 ? 0 : days)) };
  return text_fill(arena, days == 1 ? _("Asked for 1 day ago. Check again to see whether it is live.") : _("Asked for {days} days ago. Check again to see whether it is live."), &argument, 1);
}

static struct step_status request_status(struct arena *arena, const struct casefile *casefile, const char *domain, const struct verdict *verdict) {
  struct casefile_request request;
  if (!verdict) return (struct step_status){ STEP_CANNOT_START, _("Check the domain first: nothing is known to ask for yet.") };
  if (casefile_last_request(casefile, domain, &request)) return (struct step_status){ STEP_WAITING, days_waiting(arena, request.when) };
  return (struct step_status){ STEP_NOT_STARTED, _("The change request has not been saved yet.") };
}

struct step_status guidance_status(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, const struct verdict *verdict) {
  struct progress progress = { 0 };
  struct casefile_request request;
  if (!guidance_applies(step, casefile, domain)) return (struct step_status){ STEP_NOT_NEEDED, _("Not needed, by your answers.") };
  if (strcmp(step->id, "ask-for-changes") == 0) return request_status(arena, casefile, domain, verdict);
  look_at_questions(step, casefile, domain, &progress);
  look_at_findings(step, verdict, &progress);
  struct casefile_task task = casefile_task(casefile, domain, step->id);
  bool has_task = step->task && *step->task;
  if (progress.worst) {
    if (step->records && *step->records && casefile_last_request(casefile, domain, &request)) return (struct step_status){ STEP_WAITING, days_waiting(arena, request.when) };
    return (struct step_status){ progress.worst->severity == SEVERITY_FAIL ? STEP_PROBLEM : STEP_IN_PROGRESS, finding_detail(arena, progress.worst) };
  }
  bool questions_done = progress.answered == progress.asked && !progress.open;
  bool checks_done = !step->topics || (progress.checked && !progress.unknown);
  if (questions_done && checks_done && (!has_task || task.done)) return (struct step_status){ STEP_COMPLETED, has_task ? _("Completed, by you.") : _("Completed.") };
  if (progress.unknown) return (struct step_status){ STEP_IN_PROGRESS, _("A part of it could not be checked from here.") };
  if (progress.answered || task.done || (progress.checked && step->topics))
    return (struct step_status){ STEP_IN_PROGRESS, !questions_done ? _("There is a question left to answer.") : has_task && !task.done ? _("There is a task left to tick off.") : _("Check the domain to complete it.") };
  return (struct step_status){ STEP_NOT_STARTED, _("Not yet started.") };
}

/* ---- JSON ---- */

static json_t *ids_json(const char *ids) {
  json_t *array = json_array();
  while (*ids) {
    size_t length = strcspn(ids, " ");
    json_array_append_new(array, json_stringn(ids, length));
    ids += length;
    while (*ids == ' ') ids++;
  }
  return array;
}

static json_t *step_json(const struct guidance_step *step) {
  json_t *questions = json_array(), *topics = json_array();
  for (size_t i = 0; i < MEM_COUNT(step->questions) && step->questions[i]; i++) {
    const struct guidance_question *question = guidance_question_find(step->questions[i]);
    json_array_append_new(questions, json_pack("{s:s, s:s}", "key", question->key, "question", _(question->text)));
  }
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (step->topics & 1u << i) json_array_append_new(topics, json_string(topic_name((enum topic)i)));
  return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:s}", "id", step->id, "title", _(step->title), "serves", ids_json(step->ids), "questions", questions, "checks", topics, "records",
                   ids_json(step->records ? step->records : ""), "task", step->task && *step->task ? _(step->task) : "", "guidance", _(step->says), "changed", *step->changed ? _(step->changed) : "", "help", step->help);
}

json_t *guidance_json(void) {
  json_t *sections = json_array();
  for (unsigned section = 1; section <= GUIDANCE_SECTIONS; section++) {
    json_t *list = json_array();
    for (size_t i = 0; i < guidance_step_count(); i++)
      if (guidance_step_at(i)->section == section) json_array_append_new(list, step_json(guidance_step_at(i)));
    json_array_append_new(sections, json_pack("{s:i, s:s, s:o}", "section", (int)section, "title", guidance_section_title(section), "steps", list));
  }
  return json_pack("{s:i, s:s, s:o}", "version", 1, "date", GUIDANCE_DATE, "sections", sections);
}
