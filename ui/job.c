#include "ui/job.h"

#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

void job_end(struct wizard *wizard) {
  struct job *job = &wizard->job;
  settle_free(&job->settlement);
  store_free(&job->store);
  arena_free(&job->arena);
  arena_free(&job->input_arena);
  *job = (struct job){ .wizard = wizard };
}

struct arena *job_arena(struct wizard *wizard) {
  job_end(wizard);
  wizard->job.input_arena = arena_new();
  return wizard->job.input_arena;
}

static void run(struct store *store, void *context) {
  struct job *job = context;
  (void)store;
  arena_clear(job->arena);
  job->result = NULL;
  job->run(job);
}

static void on_done(void *context) {
  struct job *job = context;
  job->done = true;
  job->at = clock_wall_ms();
  job->wizard->changed = true;
  if (job->finish) job->finish(job);
}

/* With what is in the job already. */
static void begin(struct wizard *wizard, struct observers *observers) {
  struct job *job = &wizard->job;
  settle_free(&job->settlement);
  store_free(&job->store);
  arena_free(&job->arena);
  job->done = false;
  job->store = store_new();
  job->arena = arena_new();
  job->settlement = settle_start(&wizard->loop, observers, job->store, run, on_done, job);
  wizard->changed = true;
}

bool job_start(struct wizard *wizard, const char *key, void (*function)(struct job *job), void (*finish)(struct job *job), void *input) {
  struct job *job = &wizard->job;
  struct observers *observers = live_observers(wizard);
  if (!observers) return false;
  snprintf(job->key, sizeof job->key, "%s", key);
  job->wizard = wizard;
  job->run = function;
  job->finish = finish;
  job->input = input;
  begin(wizard, observers);
  return true;
}

void job_pause(struct wizard *wizard) { settle_free(&wizard->job.settlement); }

void job_go_on(struct wizard *wizard) {
  struct observers *observers = job_running(wizard) ? live_observers(wizard) : NULL;
  if (observers) begin(wizard, observers);
}

const struct job *job_find(struct wizard *wizard, const char *key) { return wizard->job.store && strcmp(wizard->job.key, key) == 0 ? &wizard->job : NULL; }
bool job_running(const struct wizard *wizard) { return wizard->job.store && !wizard->job.done; }
