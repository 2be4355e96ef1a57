/* Every difference between the guidance of 2020 and today's advice has its page with both, a step that shows both, and a choice that is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/differences.h"
#include "src/guidance/options.h"
#include "ui/differs.h"
#include "tests/support/folder.h"

#define DOMAIN_NAME "example.gov.uk"

/* What is known to differ: none may be lost. */
static const char *const known[] = {
  "bulk", "certificate-life", "certificate-self", "dkim-form", "dkim-size", "dmarc-address", "dmarc-aim", "dmarc-below", "dmarc-fo", "dmarc-psd", "gsi-names", "gsi-route", "guides", "inbound", "monitoring",
  "mta-sts", "mx-lookup", "parked", "psn", "psn-contact", "psn-portal", "ptr", "registry", "services-spf", "spf-ending", "spf-messagelabs", "spf-type", "standard", "tls-address", "tls-inbound", "tls-require",
  "tls-suites", "tls-versions",
};

static struct wizard wizard;

static int set_up(void **state) {
  static const struct observe_options no_network = { .resolvers = "127.0.0.1:9" };
  struct ui_options options = { .domain = DOMAIN_NAME, .observe = &no_network };
  const char *folder = test_folder();
  (void)state;
  setenv("XDG_DATA_HOME", folder, 1);
  setenv("XDG_CONFIG_HOME", folder, 1);
  setenv("XDG_STATE_HOME", folder, 1);
  wizard_init(&wizard, &options);
  return wizard.casefile ? 0 : -1;
}

static int tear_down(void **state) {
  (void)state;
  wizard_release(&wizard);
  return 0;
}

static bool page_says(const char *text) {
  const struct page *page = wizard_page(&wizard);
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].text && strstr(page->blocks[i].text, text)) return true;
  return false;
}

static void all_are_there(void **state) {
  (void)state;
  assert_int_equal(guidance_difference_count(), MEM_COUNT(known));
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (!guidance_difference_find(known[i])) fail_msg("%s", known[i]);
}

/* Both texts on the page of each step that it belongs to, and on its own page, which says how to choose or why there is no choice. */
static void both_on_their_pages(void **state) {
  (void)state;
  for (size_t i = 0; i < guidance_difference_count(); i++) {
    const struct guidance_difference *difference = guidance_difference_at(i);
    size_t steps = 0;
    for (size_t n = 0; n < guidance_step_count(); n++) {
      if (!guidance_difference_of_step(difference, guidance_step_at(n))) continue;
      steps++;
      wizard_go(&wizard, SCREEN_STEP, guidance_step_at(n)->id);
      if (!page_says(difference->then) || !page_says(difference->now)) fail_msg("%s is not shown by the step %s", difference->id, guidance_step_at(n)->id);
      wizard_back(&wizard);
    }
    if (!steps) fail_msg("%s belongs to no step", difference->id);
    wizard_go(&wizard, SCREEN_DIFFERENCE, difference->id);
    if (!page_says(difference->then) || !page_says(difference->now)) fail_msg("%s", difference->id);
    if (!difference->question != (difference->choice != CHOICE_QUESTION)) fail_msg("%s", difference->id);
    if (difference->question && !guidance_question_find(difference->question)) fail_msg("%s: there is no question %s", difference->id, difference->question);
    if (difference->choice != CHOICE_QUESTION && !*difference->why) fail_msg("%s does not say why", difference->id);
    wizard_back(&wizard);
  }
}

/* The words of `steps` are steps: a typing error would hide a difference. */
static void steps_exist(void **state) {
  (void)state;
  for (size_t i = 0; i < guidance_difference_count(); i++)
    for (const char *at = guidance_difference_at(i)->steps; *at; at += strspn(at, " ")) {
      struct arena *arena = arena_new_sized(128);
      size_t length = strcspn(at, " ");
      if (!guidance_step_find(arena_strndup(arena, at, length))) fail_msg("%.*s", (int)length, at);
      arena_free(&arena);
      at += length;
    }
}

/* What is chosen on the page is kept in the case, goes into the plan alone, and can be taken back. */
static void choices_reach_the_plan(void **state) {
  (void)state;
  unsigned all = 0;
  struct arena *arena = arena_new();
  for (size_t i = 0; i < guidance_difference_count(); i++) {
    const struct guidance_difference *difference = guidance_difference_at(i);
    all |= difference->value;
    if (difference->choice != CHOICE_VALUE) continue;
    wizard_go(&wizard, SCREEN_DIFFERENCE, difference->id);
    wizard_page(&wizard);
    wizard_open_id(&wizard, "choice=2020");
    assert_true(guidance_as_2020(wizard.casefile, DOMAIN_NAME, difference->id, false));
    assert_int_equal(guidance_plan_options(arena, wizard.casefile, DOMAIN_NAME, NULL, false).as_2020, difference->value);
    wizard_open_id(&wizard, "choice=today");
    assert_int_equal(guidance_plan_options(arena, wizard.casefile, DOMAIN_NAME, NULL, true).as_2020 & difference->value, 0);
    wizard_back(&wizard);
  }
  assert_int_equal(all, PLAN_2020_ALL);
  arena_free(&arena);
}

/* Taking 2020 everywhere is one thing to take back, and says what it was. */
static void all_at_once_is_one_undo(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  unsigned before = guidance_plan_options(arena, wizard.casefile, DOMAIN_NAME, NULL, false).as_2020;
  wizard_go(&wizard, SCREEN_DIFFERENCES, "");
  wizard_open_id(&wizard, "2020");
  assert_int_equal(guidance_plan_options(arena, wizard.casefile, DOMAIN_NAME, NULL, false).as_2020, PLAN_2020_ALL);
  wizard_act(&wizard, ACTION_UNDO);
  assert_non_null(strstr(wizard.message, "The choice between 2020 and today's advice"));
  assert_int_equal(guidance_plan_options(arena, wizard.casefile, DOMAIN_NAME, NULL, false).as_2020, before);
  wizard_back(&wizard);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_are_there), cmocka_unit_test(steps_exist), cmocka_unit_test(both_on_their_pages), cmocka_unit_test(choices_reach_the_plan), cmocka_unit_test(all_at_once_is_one_undo),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
