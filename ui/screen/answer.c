/* A question about one service of the list: "KEY INDEX". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

#define ANSWER "answer"

struct here { const struct guidance_service_question *question; size_t index; struct casefile_service service; };

static bool look(struct wizard *wizard, struct here *out) {
  char key[64];
  const char *argument = wizard_argument(wizard), *space = strchr(argument, ' ');
  if (!space || (size_t)(space - argument) >= sizeof key) return false;
  snprintf(key, sizeof key, "%.*s", (int)(space - argument), argument);
  out->question = guidance_service_question_find(key);
  out->index = strtoul(space + 1, NULL, 10);
  out->service = casefile_service_at(wizard->casefile, out->index);
  return out->question && out->index < casefile_service_count(wizard->casefile);
}

static const char *answer_of(struct wizard *wizard, const struct here *here) {
  return json_text(json_array_get(json_object_get(casefile_root(wizard->casefile), "services"), here->index), here->question->key, NULL);
}

static void put_options(struct wizard *wizard, struct page *page, const struct here *here, const char *answer) {
  if (answer && !form_choice(wizard, ANSWER)) form_choose(wizard, ANSWER, answer);
  page_paragraph(page, _("Select one option"));
  form_option(wizard, page, ANSWER, "yes", _("Yes"), _(here->question->yes));
  form_option(wizard, page, ANSWER, "no", _("No"), _(here->question->no));
  form_option(wizard, page, ANSWER, "unknown", _("I do not know"), _("Ask whoever runs it. We will remind you"));
}

static void build(struct wizard *wizard, struct page *page) {
  struct here here;
  if (!look(wizard, &here)) {
    wizard_put_lost(wizard, page, _("This service is no longer on the list"));
    return;
  }
  const char *answer = answer_of(wizard, &here);
  form_summary(wizard, page);
  page_heading(page, words_fill(page->arena, _(here.question->text), "service", here.service.name));
  page_paragraph(page, *here.question->hint ? _(here.question->hint) : "");
  if (*here.service.contact) page_pair(page, _("Run by"), text_safe_string(page->arena, here.service.contact));
  page_blank(page);
  if (here.question->free_text) form_field(wizard, page, ANSWER, _("Your answer"), "", answer ? answer : "");
  else put_options(wizard, page, &here, answer);
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  page->message = answer ? _("Saved. Choose another to change it.") : _("Not answered yet");
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_MESSAGE);
  page_can(page, ACTION_HELP);
  page_can(page, ACTION_UNDO);
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct fault fault = { "" };
  struct here here;
  if (strcmp(id, ANSWER) != 0 || !look(wizard, &here)) return false;
  const char *before = answer_of(wizard, &here);
  if ((before && strcmp(before, text) == 0) || (!before && !*text)) return true;
  bool saved = casefile_set_service_answer(wizard->casefile, here.index, here.question->key, *text ? text : NULL, &fault);
  live_forget_plan(wizard);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

/* On to the next service that has no answer to the same question; else back. */
static void go_on(struct wizard *wizard, const struct here *here) {
  char argument[256];
  size_t count = casefile_service_count(wizard->casefile);
  const struct guidance_service_question *question = here->question;
  wizard_leave(wizard);
  for (size_t n = 1; n < count; n++) {
    size_t index = (here->index + n) % count;
    struct casefile_service service = casefile_service_at(wizard->casefile, index);
    if (!guidance_concerns(question, &service) || casefile_service_answered(wizard->casefile, index, question->key)) continue;
    snprintf(argument, sizeof argument, "%s %zu", question->key, index);
    wizard_set_argument(wizard, argument);
    return;
  }
  wizard_back(wizard);
}

/* The help of the first step that asks it. */
static const char *about(struct wizard *wizard) {
  struct here here;
  if (!look(wizard, &here)) return NULL;
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    for (size_t n = 0; n < MEM_COUNT(step->services) && step->services[n]; n++)
      if (strcmp(step->services[n], here.question->key) == 0) return step->help;
  }
  return NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct here here;
  (void)focus;
  if (!look(wizard, &here)) return false;
  if (action == ACTION_MESSAGE) {
    char argument[256];
    snprintf(argument, sizeof argument, "provider %.200s", here.service.name);
    wizard_go(wizard, SCREEN_LETTER, argument);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (!here.question->free_text && !answer_of(wizard, &here)) wizard_say(wizard, "%s", _("Select an option first: a number, or Space on it"));
  else go_on(wizard, &here);
  return true;
}

const struct screen screen_answer = { .name = "answer", .help = "services", .about = about, .build = build, .act = act, .keep = keep };
