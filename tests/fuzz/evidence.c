/* Evidence: what can be read is judged, and comes out the same when it is written and read again. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/examine.h"
#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *written(const struct store *store) {
  json_t *json = store_to_json(store);
  char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
  json_decref(json);
  return text;
}

static struct store *read_text(const char *text, size_t length) {
  struct fault fault = { "" };
  struct store *store = store_new();
  struct arena *arena = arena_new();
  const struct value *json = json_read(arena, text, length, &fault);
  if (!json || !store_from_json(store, json, &fault)) {
    if (!*fault.text) abort();
    store_free(&store);
  }
  arena_free(&arena);
  return store;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct store *store = read_text((const char *)data, size);
  if (!store) return 0;
  char *first = written(store);
  struct store *again = read_text(first, strlen(first));
  char *second = again ? written(again) : NULL;
  if (!second || strcmp(first, second) != 0) abort();
  struct arena *arena = arena_new();
  store_close(store);
  (void)examine_store(arena, store, &(struct inquiry){ .domain = "example.gov.uk", .topics = TOPICS_ALL });
  arena_free(&arena);
  store_free(&again);
  store_free(&store);
  free(first);
  free(second);
  return 0;
}
