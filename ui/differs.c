#include "ui/differs.h"

#include <string.h>

#include "src/base/lib.h"

bool differs_as_2020(struct wizard *wizard, const struct guidance_difference *difference) {
  return guidance_as_2020(wizard->casefile, wizard->domain, difference->id, wizard->guidance_2020);
}

/* An answer is told in its own words. */
static const char *answer_words(struct wizard *wizard, const char *key) {
  const struct guidance_question *question = guidance_question_find(key);
  const char *answer = question ? casefile_answer(wizard->casefile, question->whole_case ? "" : wizard->domain, key) : NULL;
  for (size_t i = 0; answer && i < MEM_COUNT(question->options) && question->options[i].value; i++)
    if (strcmp(question->options[i].value, answer) == 0) return _(question->options[i].text);
  return answer ? _("Answered") : _("Not chosen yet");
}

const char *differs_chosen(struct wizard *wizard, const struct guidance_difference *difference) {
  if (difference->choice == CHOICE_QUESTION) return answer_words(wizard, difference->question);
  if (difference->choice != CHOICE_VALUE) return "";
  return differs_as_2020(wizard, difference) ? _("As in 2020") : _("Today's advice");
}

static const char *explain(const struct guidance_difference *difference) {
  switch (difference->choice) {
  case CHOICE_VALUE: return _("Enter chooses between the two.");
  case CHOICE_QUESTION: return _("Enter shows both, and the question that decides.");
  case CHOICE_TASK:
  case CHOICE_NONE: break;
  }
  return *difference->why ? _(difference->why) : "";
}

void differs_put_one(struct wizard *wizard, struct page *page, const struct guidance_difference *difference) {
  page_item(page, arena_printf(page->arena, "difference:%s", difference->id), _(difference->title), differs_chosen(wizard, difference), ROLE_NOTE)->explain = explain(difference);
  page_add(page, BLOCK_PARAGRAPH, words_fill(page->arena, _("2020: {text}"), "text", _(difference->then)))->indent = 4;
  page_add(page, BLOCK_PARAGRAPH, words_fill(page->arena, _("Today: {text}"), "text", _(difference->now)))->indent = 4;
}

static bool is_wanted(const struct guidance_difference *difference, const struct guidance_step *step, const char *record, const char *question) {
  if (step) return guidance_difference_of_step(difference, step);
  if (record) return guidance_difference_of_record(difference, record);
  return question && difference->question && strcmp(difference->question, question) == 0;
}

void differs_put(struct wizard *wizard, struct page *page, const struct guidance_step *step, const char *record, const char *question) {
  bool first = true;
  for (size_t i = 0; i < guidance_difference_count(); i++) {
    const struct guidance_difference *difference = guidance_difference_at(i);
    if (!is_wanted(difference, step, record, question)) continue;
    if (first) {
      page_blank(page);
      page_section(page, _("The guidance of 2020, and today's advice (23 November 2026)"));
    }
    first = false;
    differs_put_one(wizard, page, difference);
  }
}

static bool choose(struct wizard *wizard, const char *const *ids, size_t count, bool as_2020) {
  struct fault fault = { "" };
  bool saved = guidance_choose_2020(wizard->casefile, wizard->domain, ids, count, as_2020, &fault);
  live_forget_plan(wizard);
  if (saved) wizard_say(wizard, "%s", as_2020 ? _("Saved: as in the guidance of 2020") : _("Saved: today's advice"));
  else wizard_say(wizard, "%s", fault.text);
  return saved;
}

bool differs_choose(struct wizard *wizard, const struct guidance_difference *difference, bool as_2020) { return choose(wizard, &difference->id, 1, as_2020); }

static bool concerns(const struct guidance_difference *difference, const char *record) {
  return difference->choice == CHOICE_VALUE && (!*record || (difference->value && guidance_difference_of_record(difference, record)));
}

bool differs_any_2020(struct wizard *wizard, const char *record) {
  bool any = false;
  for (size_t i = 0; i < guidance_difference_count(); i++)
    any |= concerns(guidance_difference_at(i), record) && differs_as_2020(wizard, guidance_difference_at(i));
  return any;
}

void differs_choose_all(struct wizard *wizard, const char *record, bool as_2020) {
  struct arena *arena = arena_new_sized(1024);
  const char **ids = ARENA_ARRAY(arena, const char *, guidance_difference_count());
  size_t count = 0;
  for (size_t i = 0; i < guidance_difference_count(); i++)
    if (concerns(guidance_difference_at(i), record)) ids[count++] = guidance_difference_at(i)->id;
  if (count) choose(wizard, ids, count, as_2020);
  else wizard_say(wizard, "%s", _("The guidance of 2020 and today's advice ask for the same value here."));
  arena_free(&arena);
}

bool differs_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  (void)wizard;
  if (!text_starts(id, "difference:")) return false;
  *out_screen = SCREEN_DIFFERENCE;
  *out_argument = id + strlen("difference:");
  return true;
}
