#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "checks/record/dkim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  (void)dkim_usable(dkim_parse(arena, (const char *)data, size));
  arena_free(&arena);
  return 0;
}
