/* The line dialogue says all that a page shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "ui/wizard.h"
#include "tests/support/folder.h"

static const struct observe_options no_network = { .resolvers = "127.0.0.1:9" };

static void says(const char *screen, const char *text, const char *part) {
  if (*part && !strstr(text, part)) fail_msg("%s: \"%s\" is not in what is read out:\n%s", screen, part, text);
}

static void says_block(const char *screen, const char *text, const struct block *block) {
  if (block->kind == BLOCK_BLANK || block->kind == BLOCK_TITLES) return;
  says(screen, text, block->text ? block->text : "");
  says(screen, text, block->detail ? block->detail : "");
  if (block->kind == BLOCK_FIELD) says(screen, text, block->hint), says(screen, text, block->error), says(screen, text, block->field->text);
  for (size_t i = 0; block->table && i < block->table->count; i++)
    if (strspn(block->cells[i].text, "0123456789 .") < strlen(block->cells[i].text)) says(screen, text, block->cells[i].text);
  for (size_t i = 0; i < block->stage_count; i++) says(screen, text, block->stages[i].title), says(screen, text, block->stages[i].detail), says(screen, text, block->stages[i].date);
}

static const char *about(enum screen_id screen) {
  switch (screen) {
  case SCREEN_STEP: return "spf-record";
  case SCREEN_QUESTION: return "spf-ending";
  case SCREEN_GSI: return "old.gsi.gov.uk";
  case SCREEN_DETAIL: return "format";
  case SCREEN_HELP: return "spf";
  default: return "";
  }
}

static void every_screen(void **state) {
  struct wizard wizard;
  struct ui_options options = { .domain = "example.gov.uk", .observe = &no_network, .plain = true };
  const char *folder = test_folder();
  (void)state;
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  setenv("XDG_CONFIG_HOME", folder, 1);
  setenv("XDG_STATE_HOME", folder, 1);
  wizard_init(&wizard, &options);
  for (unsigned id = 0; id < SCREEN_COUNT; id++) {
    struct buf out = BUF_INIT(4 << 20);
    wizard_go(&wizard, (enum screen_id)id, about((enum screen_id)id));
    plain_read(&wizard, &out);
    const struct page *page = wizard_page(&wizard);
    for (size_t i = 0; i < page->count; i++) says_block(ui_screen((enum screen_id)id)->name, buf_string(&out), &page->blocks[i]);
    buf_release(&out);
    wizard_back(&wizard);
  }
  wizard_release(&wizard);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_screen) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
