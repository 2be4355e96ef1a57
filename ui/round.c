#include "ui/round.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

static void on_turn(uv_timer_t *timer);

void round_init(struct wizard *wizard) {
  uv_timer_init(&wizard->loop, &wizard->round.timer);
  wizard->round.timer.data = wizard;
}

static void forget(struct round *round) {
  for (size_t i = 0; i < round->count; i++) free(round->names[i]);
  free(round->names);
  round->names = NULL;
  round->count = round->next = 0;
  round->on = false;
}

void round_release(struct wizard *wizard) {
  forget(&wizard->round);
  uv_close((uv_handle_t *)&wizard->round.timer, NULL);
}

static void note_names(struct wizard *wizard) {
  struct round *round = &wizard->round;
  size_t all = casefile_domain_count(wizard->casefile);
  round->names = mem_zalloc(all + 1, sizeof *round->names);
  for (size_t i = 0; i < all; i++) {
    const char *name = casefile_domain_at(wizard->casefile, i);
    if (strcmp(name, wizard->domain) != 0) round->names[round->count++] = mem_strdup(name);
  }
  round->names[round->count++] = mem_strdup(wizard->domain);
}

void round_start(struct wizard *wizard) {
  if (live_running(wizard)) {
    wizard_say(wizard, "%s", _("The checks are running already"));
    return;
  }
  if (!live_ready(wizard)) return;
  note_names(wizard);
  wizard->round.on = true;
  round_go_on(wizard);
}

void round_stop(struct wizard *wizard) {
  uv_timer_stop(&wizard->round.timer);
  forget(&wizard->round);
}

void round_go_on(struct wizard *wizard) {
  if (wizard->round.on) uv_timer_start(&wizard->round.timer, on_turn, 0, 0);
}

static void finish(struct wizard *wizard) {
  wizard_say(wizard, "%s", words_count(wizard->page_arena, _("All {n} domains have been checked"), "n", wizard->round.count));
  forget(&wizard->round);
}

/* One that has been taken off the case meanwhile is passed over. */
static void on_turn(uv_timer_t *timer) {
  struct wizard *wizard = timer->data;
  struct round *round = &wizard->round;
  while (wizard->casefile && round->next < round->count && !casefile_has_domain(wizard->casefile, round->names[round->next])) round->next++;
  wizard->changed = true;
  if (wizard->casefile && round->next < round->count) live_begin(wizard, round->names[round->next++], NULL);
  else finish(wizard);
}

const char *round_words(const struct wizard *wizard, struct arena *arena) {
  const struct round *round = &wizard->round;
  struct text_argument said[] = { { "n", arena_printf(arena, "%zu", round->next) }, { "all", arena_printf(arena, "%zu", round->count) }, { "domain", text_safe_string(arena, wizard->live.domain) } };
  return text_fill(arena, _("Checking {n} of {all}: {domain}"), said, MEM_COUNT(said));
}

bool round_waits(const struct wizard *wizard, const char *domain) {
  for (size_t i = wizard->round.next; i < wizard->round.count; i++)
    if (strcmp(wizard->round.names[i], domain) == 0) return true;
  return false;
}
