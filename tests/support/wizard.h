#ifndef TESTS_SUPPORT_WIZARD_H
#define TESTS_SUPPORT_WIZARD_H
#include "tests/support/folder.h"
#include "ui/wizard.h"

/* A wizard for tests: its home is a folder of the test's own, and nobody answers its questions. */
static const struct observe_options no_network = { .resolvers = "127.0.0.1:9" };

/* The program of the test has one home, made at the first call. */
static inline void test_home(void) {
  static const char *folder;
  if (!folder) folder = test_folder();
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  setenv("XDG_CONFIG_HOME", folder, 1);
  setenv("XDG_STATE_HOME", folder, 1);
}

static inline void start(struct wizard *wizard) {
  struct ui_options options = { .domain = "example.gov.uk", .observe = &no_network };
  test_home();
  wizard_init(wizard, &options);
}
#endif
