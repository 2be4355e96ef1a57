#include "ui/again.h"

#include <stdlib.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

struct again {
  struct arena *arena;              /* of the inquiry */
  struct inquiry inquiry;
  struct examination *examination;
};

void again_free(struct again **again) {
  if (!*again) return;
  examination_free(&(*again)->examination);
  arena_free(&(*again)->arena);
  free(*again);
  *again = NULL;
}

static void put(const struct observation *observation, void *store) {
  struct observation *shared = (struct observation *)(uintptr_t)observation; /* only its count of references changes */
  observation_ref(shared);
  store_put(store, shared);
}

static void on_seen(struct examination *examination, void *context) {
  struct wizard *wizard = context;
  struct live *live = &wizard->live;
  bool wanted = !again_is_stopped(live->again) && wizard->casefile && casefile_has_domain(wizard->casefile, live->domain);
  struct store *joined = store_new();
  store_visit(examination_store(live->examination), put, joined);
  store_visit(examination_store(examination), put, joined);
  again_free(&live->again);
  wizard->changed = true;
  if (wanted) {
    live_begin(wizard, live->domain, joined);
    return;
  }
  store_free(&joined);
  wizard_say(wizard, "%s", _("Stopped. What was seen before stays."));
}

static void on_progress(struct examination *examination, void *context) {
  (void)examination;
  ((struct wizard *)context)->changed = true;
}

void again_start(struct wizard *wizard, unsigned topics) {
  struct again *again = mem_zalloc(1, sizeof *again);
  again->arena = arena_new();
  again->inquiry = live_inquiry(wizard, again->arena, wizard->live.domain);
  again->inquiry.topics = topics;
  struct examination_events events = { .progress = on_progress, .done = on_seen, .context = wizard };
  wizard->live.again = again;
  again->examination = examination_start(&wizard->loop, wizard->live.observers, &again->inquiry, &events);
}

void again_stop(struct again *again) { examination_stop(again->examination); }

bool again_is_stopped(const struct again *again) { return examination_is_stopped(again->examination); }

unsigned again_topics(const struct again *again) { return again ? again->inquiry.topics : 0; }

bool live_checks_again(const struct wizard *wizard, enum topic topic) { return wizard->live.again && wizard->live.again->inquiry.topics & 1u << topic; }
