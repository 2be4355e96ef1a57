/* One question: the heading is the question. */
#include <stdio.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "checks/judge/spf_tree.h"
#include "src/base/lib.h"
#include "ui/differs.h"
#include "ui/names.h"
#include "ui/wizard.h"

#define ANSWER "answer"

/* What the place is about: "KEY", or "KEY NAME" of a question about an old name. */
static const struct guidance_question *question_here(const struct wizard *wizard) {
  char key[64];
  const char *argument = wizard->places[wizard->depth - 1].argument;
  size_t length = strcspn(argument, " ");
  snprintf(key, sizeof key, "%.*s", (int)(length < sizeof key ? length : 0), argument);
  return guidance_question_find(key);
}

static const char *domain_of(const struct wizard *wizard, const struct guidance_question *question) {
  const char *space = strchr(wizard->places[wizard->depth - 1].argument, ' ');
  return question->whole_case ? "" : question->of_old && space ? space + 1 : wizard->domain;
}

static struct guidance_asked asked_here(struct wizard *wizard, struct arena *arena, const struct guidance_question *question) {
  return guidance_ask(arena, question, wizard->casefile, question->whole_case ? wizard->domain : domain_of(wizard, question));
}

static const char *answer_of(struct wizard *wizard, const struct guidance_question *question) {
  const char *domain = domain_of(wizard, question);
  return question->of_old ? casefile_old_answer(wizard->casefile, domain, question->key) : casefile_answer(wizard->casefile, domain, question->key);
}

static bool is_choice(const struct guidance_question *question) { return question->kind == ASK_CHOICE || question->kind == ASK_MAIL_SYSTEM; }

/* ---- where the question stands in its step ---- */

struct standing { const struct guidance_step *step; unsigned number, all; const char *next; /* the next one without an answer, as an argument; null: none */ };

static struct standing standing_in(struct wizard *wizard, struct arena *arena, const struct guidance_step *step, const struct guidance_question *question) {
  struct guidance_asked *asked;
  struct standing here = { .step = step, .all = (unsigned)guidance_asked(arena, step, wizard->casefile, wizard->domain, &asked) };
  for (unsigned i = 0; i < here.all; i++) {
    const struct guidance_question *one = asked[i].question;
    if (one == question && strcmp(asked[i].domain, domain_of(wizard, question)) == 0) here.number = i + 1;
    else if (here.number && !here.next && !asked[i].answer) here.next = one->of_old ? arena_printf(arena, "%s %s", one->key, asked[i].domain) : one->key;
  }
  return here;
}

static struct standing standing_of(struct wizard *wizard, struct arena *arena, const struct guidance_question *question) {
  for (size_t i = 0; i < guidance_step_count(); i++) {
    struct standing here = standing_in(wizard, arena, guidance_step_at(i), question);
    if (here.number) return here;
  }
  return (struct standing){ .step = NULL };
}

static void put_standing(struct wizard *wizard, struct page *page, const struct guidance_question *question) {
  struct standing standing = standing_of(wizard, page->arena, question);
  if (!standing.step) return;
  struct text_argument arguments[] = { { "step", _(standing.step->title) }, { "n", arena_printf(page->arena, "%u", standing.number) }, { "all", arena_printf(page->arena, "%u", standing.all) } };
  page_paragraph(page, text_fill(page->arena, standing.all > 1 ? _("{step}, question {n} of about {all}") : "{step}", arguments, 3));
}

/* ---- the page ---- */

/* What is published now stands beside the choice. */
static void put_published(struct wizard *wizard, struct page *page, const struct guidance_question *question) {
  struct store *store = strcmp(question->key, "spf-ending") == 0 ? live_store(wizard) : NULL;
  const struct spf_tree *tree = store ? spf_tree_grow(store, page->arena, wizard->domain, NULL, 0) : NULL;
  if (!tree || !tree->ending) return;
  page_blank(page);
  page_pair(page, _("Now published"), arena_printf(page->arena, "%call", tree->ending));
}

static void put_options(struct wizard *wizard, struct page *page, const struct guidance_question *question) {
  page_paragraph(page, _("Select one option"));
  for (size_t i = 0; question->kind == ASK_CHOICE && i < MEM_COUNT(question->options) && question->options[i].value; i++)
    form_option(wizard, page, ANSWER, question->options[i].value, _(question->options[i].text), _(question->options[i].consequence));
  if (question->kind != ASK_MAIL_SYSTEM) return;
  const struct facts *facts = wizard_facts(wizard);
  for (size_t i = 0; i < facts->mail_system_count; i++) form_option(wizard, page, ANSWER, facts->mail_systems[i].id, text_safe_string(page->arena, facts->mail_systems[i].name), "");
  form_option(wizard, page, ANSWER, "other", _("Another one"), _("We say what to set, not where"));
  form_option(wizard, page, ANSWER, "unknown", _("I do not know"), _("We will remind you later"));
}

static void build(struct wizard *wizard, struct page *page) {
  const struct guidance_question *question = question_here(wizard);
  if (!question) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("There is no question by the name of {name}"), "name", wizard_argument(wizard)));
    return;
  }
  const char *answer = answer_of(wizard, question);
  if (is_choice(question) && answer && !form_choice(wizard, ANSWER)) form_choose(wizard, ANSWER, answer);
  form_summary(wizard, page);
  put_standing(wizard, page, question);
  page_heading(page, asked_here(wizard, page->arena, question).text);
  page_paragraph(page, *question->hint ? _(question->hint) : "");
  page_blank(page);
  if (is_choice(question)) put_options(wizard, page, question);
  else form_field(wizard, page, ANSWER, _("Your answer"), "", answer ? answer : "");
  put_published(wizard, page, question);
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  if (!is_choice(question)) page_link(page, "none", _("None, or I do not know"));
  page_side(page);
  differs_put(wizard, page, NULL, NULL, question->key);
  page->message = answer ? _("Saved. Choose another to change it.") : _("Not answered yet");
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_HELP);
  page_can(page, ACTION_UNDO);
}

/* ---- saving ---- */

/* Every word must be of the kind that was asked for. */
static bool words_fit(const struct guidance_question *question, const char *text, struct fault *fault) {
  struct arena *arena = arena_new();
  const char **words;
  size_t count = names_words(arena, text, &words);
  bool good = true;
  for (size_t i = 0; i < count && good; i++) {
    struct ip ip;
    const char *name = question->kind == ASK_NAMES || question->kind == ASK_OLD_NAMES ? name_from_user(arena, words[i], fault) : "";
    good = name != NULL;
    if (name && question->kind == ASK_OLD_NAMES && !gsi_is_family(name)) {
      fault_set(fault, _("\"%s\" must be under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk or gsx.gov.uk"), text_safe_string(arena, words[i]));
      good = false;
    }
    if (question->kind == ASK_ADDRESSES && !ip_parse(words[i], &ip)) {
      fault_set(fault, _("\"%s\" must be an IP address, such as 192.0.2.1"), text_safe_string(arena, words[i]));
      good = false;
    }
  }
  arena_free(&arena);
  return good;
}

static bool save(struct wizard *wizard, const struct guidance_question *question, const char *value) {
  struct fault fault = { "" };
  const char *before = answer_of(wizard, question);
  if (before && strcmp(before, value) == 0) return true;
  bool saved = casefile_set_answer(wizard->casefile, domain_of(wizard, question), question->key, value, &fault);
  live_forget_plan(wizard);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  const struct guidance_question *question = question_here(wizard);
  struct fault ignored;
  return question && strcmp(id, ANSWER) == 0 && (*text || answer_of(wizard, question)) && words_fit(question, text, &ignored) && save(wizard, question, text);
}

/* On to the next question of the step that has no answer; else back to the step. */
static void go_on(struct wizard *wizard, const char *said) {
  struct arena *arena = arena_new_sized(1024);
  struct standing standing = standing_of(wizard, arena, question_here(wizard));
  const char *next = standing.next ? arena_strdup(arena, standing.next) : NULL;
  wizard_back(wizard);
  if (next) wizard_go(wizard, SCREEN_QUESTION, next);
  wizard_say(wizard, "%s", said);
  arena_free(&arena);
}

static void finish(struct wizard *wizard, const struct guidance_question *question) {
  struct fault fault = { "" };
  form_clear_errors(wizard);
  if (is_choice(question)) {
    if (!answer_of(wizard, question)) wizard_say(wizard, "%s", _("Select an option first: a number, or Space on it"));
    else go_on(wizard, _("Saved"));
    return;
  }
  if (!words_fit(question, form_text(wizard, ANSWER), &fault)) form_error(wizard, ANSWER, "%s", fault.text);
  else if (save(wizard, question, form_text(wizard, ANSWER))) go_on(wizard, _("Saved"));
}

static const char *about(struct wizard *wizard) {
  const struct guidance_question *question = question_here(wizard);
  struct arena *arena = arena_new_sized(4096);
  const struct guidance_step *step = question ? standing_of(wizard, arena, question).step : NULL;
  arena_free(&arena);
  return step ? step->help : NULL;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct guidance_question *question = question_here(wizard);
  if (!question || action != ACTION_OPEN) return false;
  if (text_starts(focus, "difference:")) return false;
  if (strcmp(focus, "none") == 0) {
    form_forget(wizard);
    if (save(wizard, question, "")) go_on(wizard, _("Saved"));
  } else {
    finish(wizard, question);
  }
  return true;
}

const struct screen screen_question = { .name = "question", .help = "prepare", .about = about, .build = build, .act = act, .keep = keep, .leads = differs_leads };
