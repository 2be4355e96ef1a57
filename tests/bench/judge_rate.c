/* How many saved stores are judged in a second on one core: judge_rate EVIDENCE DOMAIN ROUNDS. The judges alone, and with reading the JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "checks/examine.h"
#include "src/base/lib.h"

static struct store *read_store(const char *text, size_t length) {
  struct fault fault = { "" };
  struct store *store = store_new();
  struct arena *arena = arena_new();
  const struct value *json = json_read(arena, text, length, &fault);
  if (!json || !store_from_json(store, json, &fault)) {
    fprintf(stderr, "judge_rate: %s\n", fault.text);
    exit(1);
  }
  arena_free(&arena);
  store_close(store);
  return store;
}

static size_t judge(struct store *store, const struct inquiry *inquiry) {
  struct arena *arena = arena_new();
  size_t count = examine_store(arena, store, inquiry)->count;
  arena_free(&arena);
  return count;
}

/* Processor time, so that what else runs on the machine is left out. */
static void tell(const char *what, unsigned rounds, clock_t took, size_t findings) {
  double seconds = (double)took / CLOCKS_PER_SEC;
  printf("%s %.0f %zu\n", what, rounds / (seconds > 0 ? seconds : 0.001), findings / rounds);
}

/* Each store is judged once: what judges read out of an answer is kept there for one another. */
static void run(const char *text, size_t length, const struct inquiry *inquiry, unsigned rounds) {
  clock_t began = clock(), judging = 0;
  size_t findings = 0;
  for (unsigned i = 0; i < rounds; i++) {
    struct store *store = read_store(text, length);
    clock_t read = clock();
    findings += judge(store, inquiry);
    judging += clock() - read;
    store_free(&store);
  }
  tell("judging", rounds, judging, findings);
  tell("reading-and-judging", rounds, clock() - began, findings);
}

int main(int argc, char **argv) {
  struct fault fault = { "" };
  size_t length;
  char *text = argc == 4 ? file_read(argv[1], 32 << 20, &length, &fault) : NULL;
  unsigned rounds = text ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
  if (!rounds) {
    fprintf(stderr, "judge_rate EVIDENCE DOMAIN ROUNDS %s\n", fault.text);
    return 2;
  }
  struct arena *arena = arena_new();
  struct inquiry inquiry = { .domain = argv[2], .topics = TOPICS_ALL & ~(1u << TOPIC_NS | 1u << TOPIC_TLS), .no_smtp = true, .facts = facts_load(arena, &fault) };
  run(text, length, &inquiry, rounds);
  arena_free(&arena);
  free(text);
  return 0;
}
