#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/evidence.h"
#include "src/cli/lib.h"

bool live_open(struct live *live, struct cli *cli, struct fault *fault) {
  *live = (struct live){ .store = store_new() };
  uv_loop_init(&live->loop);
  bool good = cli->evidence ? evidence_read(live, cli->evidence, fault)
                            : (live->observers = observers_new(&live->loop, &cli->observe, fault)) != NULL;
  if (good && live->observers) {
    live->test_network = observers_test_network(live->observers);
    live->ask_registry = observers_ask_registry(live->observers);
  }
  if (!good) live_close(live);
  return good;
}

void live_close(struct live *live) {
  examination_free(&live->examination);
  observers_free(&live->observers);
  uv_run(&live->loop, UV_RUN_DEFAULT);
  uv_loop_close(&live->loop);
  store_free(&live->store);
  store_free(&live->earlier);
  free(live->evidence_domain);
  live->evidence_domain = NULL;
}

static void on_done(struct examination *examination, void *context) {
  (void)examination;
  *(bool *)context = true;
}

const struct verdict *live_examine(struct live *live, struct inquiry *inquiry) {
  bool done = false;
  struct examination_events events = { .done = on_done, .context = &done };
  inquiry->test_network |= live->test_network;
  inquiry->ask_registry = live->ask_registry;
  inquiry->earlier = live->earlier;
  if (live->has_evidence) {
    inquiry->smtp_reachable = live->smtp_reachable;
    inquiry->https_reachable = live->https_reachable;
  }
  examination_free(&live->examination);
  if (!live->has_evidence) live->time = clock_wall_ms();
  live->examination = examination_start_with(&live->loop, live->observers, live->store, inquiry, &events);
  while (!done && uv_run(&live->loop, UV_RUN_ONCE)) {}
  if (!live->has_evidence) live->figures = examination_figures(live->examination);
  if (live->observers) {
    live->smtp_reachable = inquiry->smtp_reachable = observers_smtp_reachable(live->observers);
    live->https_reachable = inquiry->https_reachable = observers_https_reachable(live->observers);
  }
  return examination_verdict(live->examination);
}

static void on_settled(void *context) { *(bool *)context = true; }

struct settling {
  bool done;
  void (*run)(struct store *, void *);
  void *context;
};

static void run_settling(struct store *store, void *context) {
  const struct settling *settling = context;
  settling->run(store, settling->context);
}

void live_settle(struct live *live, void (*run)(struct store *, void *), void *context) {
  struct settling settling = { .run = run, .context = context };
  struct settlement *settlement = settle_start(&live->loop, live->observers, live->store, run_settling, on_settled, &settling);
  while (!settling.done && uv_run(&live->loop, UV_RUN_ONCE)) {}
  settle_free(&settlement);
}

struct inquiry cli_inquiry(struct cli *cli, const char *domain) {
  struct fault fault = { "" };
  if (!cli->facts) cli->facts = facts_load(cli->arena, &fault);
  if (*fault.text) cli_refuse(&fault);
  return (struct inquiry){ .facts = cli->facts, .domain = domain, .topics = cli->topics, .selectors = cli->selectors, .selector_count = cli->selector_count, .deep = cli->deep, .no_smtp = !(cli->topics & 1u << TOPIC_TLS) };
}

int cli_exit_status(const struct verdict *verdict) {
  if (verdict->status == SEVERITY_FAIL) return EXIT_SOMETHING_FAILED;
  return verdict->status == SEVERITY_UNKNOWN ? EXIT_COULD_NOT_LOOK : EXIT_NOTHING_FAILED;
}
