#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "checks/record/mtasts_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  (void)mtasts_policy_sound(mtasts_policy_parse(arena, (const char *)data, size));
  (void)mtasts_parse(arena, (const char *)data, size);
  arena_free(&arena);
  return 0;
}
