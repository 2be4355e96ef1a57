/* Hostile text from DNS and from the case on every screen that shows it: nothing but printable characters meets the canvas, and no size breaks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "src/base/lib.h"
#include "tests/support/world.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/refs.h"
#include "ui/wizard.h"
#include "tests/support/folder.h"

/* Escape sequences, C1, bidirectional overrides, zero width, wide, combining, broken UTF-8: in every kind of record that is shown. */
#define EVIL "\\027]0;owned\\007\\027[2J\\155\\226\\128\\174abc\\226\\128\\139\\228\\184\\173\\230\\150\\135a\\204\\128\\204\\128\\204\\128\\255\\254\\010\\013x"
static const char *const lines[] = {
  "example.gov.uk TXT \"v=spf1 include:" EVIL ".example a:" EVIL " -all\"", "example.gov.uk TXT \"" EVIL "\"", "_dmarc.example.gov.uk TXT \"v=DMARC1; p=none; rua=mailto:" EVIL "@x.example; " EVIL "=1\"",
  "_smtp._tls.example.gov.uk TXT \"v=TLSRPTv1; rua=" EVIL "\"", "_mta-sts.example.gov.uk TXT \"v=STSv1; id=" EVIL "\"", "default._domainkey.example.gov.uk TXT \"v=DKIM1; p=" EVIL "\"",
  "example.gov.uk MX 10 \\027[31mmail.example.", "example.gov.uk NS ns\\007.example.", "example.gov.uk SOA ns1.example. host\\155master.example. 1 2 3 4 5",
};

static void assert_safe(struct wizard *wizard, size_t rows, size_t columns) {
  struct canvas canvas;
  canvas_init(&canvas, rows, columns);
  wizard_draw(wizard, &canvas, false);
  for (size_t i = 0; i < rows * columns; i++) assert_true(text_is_safe(canvas.cells[i].text));
  canvas_release(&canvas);
}

static void assert_all_sizes(struct wizard *wizard) {
  assert_safe(wizard, 24, 80);
  assert_safe(wizard, 16, 60);
  assert_safe(wizard, 40, 120);
  for (size_t columns = 40; columns < 60; columns++) assert_safe(wizard, 12, columns);
}

static void finish_checks(struct wizard *wizard) {
  keys_press(wizard, KEY_IS_TEXT, "r", 1);
  for (int i = 0; i < 10000 && (live_running(wizard) || !live_plan(wizard)); i++) uv_run(&wizard->loop, UV_RUN_NOWAIT);
  assert_non_null(live_verdict(wizard));
}

/* Each row has something else beside it. */
static void assert_rows_safe(struct wizard *wizard) {
  for (size_t i = 0; i < page_focus_count(wizard_page(wizard)) && i < 60; i++) {
    wizard_focus(wizard, "", page_focus_at(wizard_page(wizard), i)->id);
    assert_safe(wizard, 40, 120);
  }
}

static void look_at(struct wizard *wizard, enum screen_id screen, const char *about) {
  wizard_go(wizard, screen, about);
  assert_all_sizes(wizard);
  if (!*about) assert_rows_safe(wizard);
  wizard_back(wizard);
}

static void fill_case(struct wizard *wizard) {
  static const char evil[] = "\033]0;owned\a\xe2\x80\xae\xff\xfe name";
  struct fault fault = { "" };
  struct casefile_service service = { .name = evil, .kind = "cloud", .domain = evil, .addresses = evil, .contact = evil };
  casefile_put_service(wizard->casefile, SIZE_MAX, &service, &fault);
  casefile_set_answer(wizard->casefile, "example.gov.uk", "dns-contact", evil, &fault);
  casefile_set_answer(wizard->casefile, "example.gov.uk", "selectors", evil, &fault);
}

static void every_screen(void **state) {
  const char *folder = test_folder();
  struct wizard wizard;
  struct fault fault = { "" };
  struct world *world = world_new();
  struct store *store = store_new();
  struct arena *arena = arena_new();
  const struct observe_options no_network = { .resolvers = "127.0.0.1:9" };
  struct inquiry inquiry = { .domain = "example.gov.uk", .topics = TOPICS_ALL };
  (void)state;
  for (size_t i = 0; i < MEM_COUNT(lines); i++) assert_true(world_line(world, lines[i]));
  world_examine(world, store, &inquiry, arena, 0);
  store_close(store);
  assert_non_null(folder);
  setenv("XDG_DATA_HOME", folder, 1);
  setenv("XDG_CONFIG_HOME", folder, 1);
  setenv("XDG_STATE_HOME", folder, 1);
  struct ui_evidence evidence = { .store = store };
  struct ui_options options = { .domain = "example.gov.uk", .observe = &no_network, .evidence = &evidence };
  wizard_init(&wizard, &options);
  fill_case(&wizard);
  finish_checks(&wizard);
  static const enum screen_id screens[] = { SCREEN_TASKS, SCREEN_CHECKS, SCREEN_FINDINGS, SCREEN_SPF, SCREEN_RECORDS, SCREEN_REQUEST, SCREEN_PREVIEW, SCREEN_SERVICES, SCREEN_DOMAINS, SCREEN_SAVED, SCREEN_MENU, SCREEN_SETTINGS };
  for (size_t i = 0; i < MEM_COUNT(screens); i++) look_at(&wizard, screens[i], "");
  for (size_t i = 0; i < guidance_step_count(); i++) look_at(&wizard, SCREEN_STEP, guidance_step_at(i)->id);
  for (size_t i = 0; i < guidance_question_count(); i++) look_at(&wizard, SCREEN_QUESTION, guidance_question_at(i)->key);
  for (size_t i = 0; i < live_verdict(&wizard)->count; i++) look_at(&wizard, SCREEN_FINDING, finding_ref(arena, live_verdict(&wizard), i));
  const struct plan *plan = live_plan(&wizard);
  for (size_t i = 0; plan && i < plan->change_count; i++) look_at(&wizard, SCREEN_RECORD, plan_ref(arena, plan, i));
  wizard_go(&wizard, SCREEN_NEW, "");
  wizard_page(&wizard);
  wizard_paste(&wizard, "\033[201~\xe2\x80\xae\xff evil\nother\033[31m\n", 27);
  assert_all_sizes(&wizard);
  assert_string_equal(fault.text, "");
  wizard_release(&wizard);
  store_free(&store);
  world_free(&world);
  arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(every_screen) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
