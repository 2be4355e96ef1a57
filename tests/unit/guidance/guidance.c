/* No instruction of the guidance is dropped, and every key that a step names exists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/guidance/help.h"
#include "src/guidance/lib.h"

static bool serves(const char *ids, const char *id) {
  size_t length = strlen(id);
  for (const char *at = strstr(ids, id); at; at = strstr(at + 1, id))
    if ((at == ids || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
  return false;
}

static void every_id_is_served(void **state) {
  const char *root = getenv("srcdir");
  struct fault fault = { "" };
  char path[512];
  size_t length, count = 0;
  (void)state;
  snprintf(path, sizeof path, "%s/tests/unit/guidance/ids.txt", root ? root : ".");
  char *text = file_read(path, 1 << 16, &length, &fault);
  assert_non_null(text);
  for (char *id = text; *id;) {
    size_t size = strcspn(id, "\n");
    bool more = id[size] != '\0', served = false;
    id[size] = '\0';
    for (size_t i = 0; i < guidance_step_count(); i++) served |= serves(guidance_step_at(i)->ids, id);
    if (!served) fail_msg("no step serves %s", id);
    count++;
    id += size + more;
  }
  free(text);
  assert_int_equal(count, 68);
}

static void steps_are_whole(void **state) {
  unsigned sections = 0;
  (void)state;
  setenv("MAILSTEAD_HELP", getenv("srcdir") ? "../help" : "help", 1);
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    assert_ptr_equal(guidance_step_find(step->id), step);
    assert_in_range(step->section, 1, 7);
    sections |= 1u << step->section;
    assert_true(*step->says && *step->help);
    for (size_t q = 0; q < 4 && step->questions[q]; q++) assert_non_null(guidance_question_find(step->questions[q]));
  }
  assert_int_equal(sections, 0xfe);
}

static void steps_have_states(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  char folder[] = "/tmp/mailstead-guidance-XXXXXX";
  (void)state;
  assert_non_null(mkdtemp(folder));
  setenv("XDG_DATA_HOME", folder, 1);
  struct casefile *casefile = casefile_open_domain("example.gov.uk", &fault);
  assert_non_null(casefile);
  const struct guidance_step *step = guidance_step_find("inbound-dmarc");
  assert_int_equal(guidance_status(arena, step, casefile, "example.gov.uk", NULL).state, STEP_NOT_STARTED);
  assert_true(casefile_set_answer(casefile, "", "inbound-dmarc", "unknown", &fault));
  assert_int_equal(guidance_status(arena, step, casefile, "example.gov.uk", NULL).state, STEP_IN_PROGRESS);
  assert_true(casefile_set_answer(casefile, "", "inbound-dmarc", "yes", &fault));
  assert_int_equal(guidance_status(arena, step, casefile, "example.gov.uk", NULL).state, STEP_COMPLETED);
  assert_int_equal(guidance_status(arena, guidance_step_find("psn-encrypt"), casefile, "example.gov.uk", NULL).state, STEP_NOT_NEEDED);
  assert_int_equal(guidance_status(arena, guidance_step_find("ask-for-changes"), casefile, "example.gov.uk", NULL).state, STEP_CANNOT_START);
  casefile_close(&casefile);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_id_is_served), cmocka_unit_test(steps_are_whole), cmocka_unit_test(steps_have_states) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
