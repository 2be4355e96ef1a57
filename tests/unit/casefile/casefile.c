/* Nothing is lost: saved after every answer, locked, refused when newer, whole when the disk is full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

static int fresh_folder(void **state) {
  char *folder = mem_strdup("/tmp/mailstead-case-XXXXXX");
  if (!mkdtemp(folder)) return -1;
  setenv("XDG_DATA_HOME", folder, 1);
  *state = folder;
  return 0;
}

static int drop_folder(void **state) {
  char command[300];
  snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
  FILE *done = popen(command, "r");
  if (done) pclose(done);
  free(*state);
  return 0;
}

static struct casefile *open_case(void) {
  struct fault fault = { "" };
  struct casefile *casefile = casefile_open_domain("example.gov.uk", &fault);
  if (!casefile) fail_msg("%s", fault.text);
  return casefile;
}

static void answers_come_back(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "example.gov.uk", "sends", "yes", &fault));
  assert_true(casefile_set_answer(casefile, "example.gov.uk", "sends", "no", &fault));
  assert_true(casefile_add_domain(casefile, "old.gsi.gov.uk", &fault));
  assert_true(casefile_set_task(casefile, "example.gov.uk", "get-help", true, "note", 5, &fault));
  casefile_close(&casefile);
  casefile = open_case();
  assert_string_equal(casefile_answer(casefile, "example.gov.uk", "sends"), "no");
  assert_int_equal(casefile_domain_count(casefile), 2);
  assert_true(casefile_task(casefile, "example.gov.uk", "get-help").done);
  assert_true(casefile_undo(casefile, &fault));
  assert_string_equal(casefile_answer(casefile, "example.gov.uk", "sends"), "yes");
  assert_true(casefile_undo(casefile, &fault));
  assert_null(casefile_answer(casefile, "example.gov.uk", "sends"));
  assert_false(casefile_undo(casefile, &fault));
  casefile_close(&casefile);
}

static void a_second_copy_is_refused(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_null(casefile_open_domain("example.gov.uk", &fault));
  assert_non_null(strstr(fault.text, "another copy"));
  casefile_close(&casefile);
  casefile = open_case();
  casefile_close(&casefile);
}

static void put_file(const char *folder, const char *text) {
  struct fault fault = { "" };
  char path[300];
  snprintf(path, sizeof path, "%s/mailstead", folder);
  assert_true(file_make_folders(path, &fault));
  snprintf(path, sizeof path, "%s/mailstead/example.gov.uk.json", folder);
  assert_true(file_replace(path, text, strlen(text), &fault));
}

static void odd_files_are_left_alone(void **state) {
  static const char *const texts[] = { "{\"kind\":\"mailstead case\",\"version\":99}", "not json", "[]", "{\"kind\":\"other\",\"version\":1}", "" };
  for (size_t i = 0; i < MEM_COUNT(texts); i++) {
    struct fault fault = { "" };
    char path[300];
    size_t length;
    put_file(*state, texts[i]);
    assert_null(casefile_open_domain("example.gov.uk", &fault));
    assert_true(strlen(fault.text) > 20);
    snprintf(path, sizeof path, "%s/mailstead/example.gov.uk.json", (char *)*state);
    char *now = file_read(path, 1000, &length, &fault);
    assert_string_equal(now, texts[i]);
    free(now);
  }
}

static void unknown_members_stay(void **state) {
  struct fault fault = { "" };
  put_file(*state, "{\"kind\":\"mailstead case\",\"version\":1,\"domains\":[\"example.gov.uk\"],\"answers\":{},\"later\":{\"x\":1}}");
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "", "psn", "no", &fault));
  assert_int_equal(json_integer_value(json_object_get(json_object_get(casefile_root(casefile), "later"), "x")), 1);
  casefile_close(&casefile);
  casefile = open_case();
  assert_non_null(json_object_get(casefile_root(casefile), "later"));
  casefile_close(&casefile);
}

/* The disk is full: the write fails with a sentence, and the file is as it was. */
static void a_full_disk_loses_nothing(void **state) {
  struct fault fault = { "" };
  (void)state;
  struct casefile *casefile = open_case();
  assert_true(casefile_set_answer(casefile, "", "psn", "no", &fault));
  casefile_close(&casefile);
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = { 64, 64 };
    signal(SIGXFSZ, SIG_IGN);
    casefile = open_case();
    setrlimit(RLIMIT_FSIZE, &limit);
    bool saved = casefile_set_answer(casefile, "", "psn", "yes", &fault);
    _exit(saved || !strstr(fault.text, "as it was") ? 1 : 0);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  casefile = open_case();
  assert_string_equal(casefile_answer(casefile, "", "psn"), "no");
  casefile_close(&casefile);
}

static void the_inquiry_has_the_answers(void **state) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  (void)state;
  struct casefile *casefile = open_case();
  casefile_set_answer(casefile, "example.gov.uk", "sends", "no", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "receives", "no", &fault);
  casefile_set_answer(casefile, "example.gov.uk", "sending", "192.0.2.1, 2001:db8::1 rubbish", &fault);
  struct inquiry inquiry = casefile_inquiry(arena, casefile, "example.gov.uk");
  assert_int_equal(inquiry.profile, PROFILE_PARKED);
  assert_int_equal(inquiry.sending_count, 2);
  casefile_close(&casefile);
  arena_free(&arena);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, fresh_folder, drop_folder)

int main(void) {
  const struct CMUnitTest tests[] = { FRESH(answers_come_back), FRESH(a_second_copy_is_refused), FRESH(odd_files_are_left_alone), FRESH(unknown_members_stay), FRESH(a_full_disk_loses_nothing), FRESH(the_inquiry_has_the_answers) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
