/* How many SPF evaluations a second through a resolver: spf_rate RESOLVER COUNT DOMAIN…, each evaluation with a store of its own, nothing shared. */
#include <stdio.h>
#include <stdlib.h>

#include "checks/examine.h"
#include "checks/judge/spf_evaluate.h"
#include "src/base/lib.h"

enum { AT_ONCE = 64 };

struct rate {
  uv_loop_t loop;
  struct observers *observers;
  char **domains;
  unsigned domain_count, begun, wanted, done;
  unsigned results[SPF_PERMERROR + 1];
};

struct evaluation {
  struct rate *rate;
  struct arena *arena;
  struct store *store;
  struct spf_request request;
  struct spf_outcome outcome;
  struct settlement *settlement;
};

static void begin(struct rate *rate);

static void run(struct store *store, void *context) {
  struct evaluation *evaluation = context;
  arena_clear(evaluation->arena);
  (void)spf_evaluate(store, evaluation->arena, &evaluation->request, &evaluation->outcome);
}

static void on_done(void *context) {
  struct evaluation *evaluation = context;
  struct rate *rate = evaluation->rate;
  rate->results[evaluation->outcome.result]++;
  rate->done++;
  settle_free(&evaluation->settlement);
  store_free(&evaluation->store);
  arena_free(&evaluation->arena);
  free(evaluation);
  begin(rate);
}

static void begin(struct rate *rate) {
  if (rate->begun == rate->wanted) return;
  struct evaluation *evaluation = mem_zalloc(1, sizeof *evaluation);
  *evaluation = (struct evaluation){ .rate = rate, .arena = arena_new(), .store = store_new() };
  evaluation->request = (struct spf_request){ .domain = rate->domains[rate->begun++ % rate->domain_count], .sender = "", .helo = "" };
  ip_parse("203.0.113.200", &evaluation->request.ip);
  evaluation->settlement = settle_start(&rate->loop, rate->observers, evaluation->store, run, on_done, evaluation);
}

int main(int argc, char **argv) {
  struct fault fault = { "" };
  if (argc < 4) return 2;
  struct rate rate = { .domains = argv + 3, .domain_count = (unsigned)argc - 3, .wanted = (unsigned)strtoul(argv[2], NULL, 10) };
  struct observe_options options = { .resolvers = argv[1] };
  uv_loop_init(&rate.loop);
  rate.observers = observers_new(&rate.loop, &options, &fault);
  if (!rate.observers) {
    fprintf(stderr, "spf_rate: %s\n", fault.text);
    return 1;
  }
  int64_t began = clock_monotonic_ms();
  for (unsigned i = 0; i < AT_ONCE; i++) begin(&rate);
  while (rate.done < rate.wanted) uv_run(&rate.loop, UV_RUN_ONCE);
  int64_t took = clock_monotonic_ms() - began;
  printf("%.0f %u\n", rate.done * 1000.0 / (double)(took ? took : 1), rate.results[SPF_TEMPERROR]);
  observers_free(&rate.observers);
  uv_run(&rate.loop, UV_RUN_DEFAULT);
  uv_loop_close(&rate.loop);
  return 0;
}
