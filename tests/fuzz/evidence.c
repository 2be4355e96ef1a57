#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "checks/store.h"
#include "src/base/arena.h"
#include "src/base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct fault fault;
  struct store *store = store_new();
  json_t *json = json_parse((const char *)data, size, &fault);
  if (json) (void)store_from_json(store, json, &fault);
  json_decref(json);
  store_free(&store);
  arena_free(&arena);
  return 0;
}
