#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "checks/record/dmarc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  const struct dmarc_record *record = dmarc_parse(arena, (const char *)data, size);
  (void)dmarc_effective_np(record);
  (void)dmarc_is_record((const char *)data, size);
  arena_free(&arena);
  return 0;
}
