/* Lists of report addresses. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/report_uri.h"
#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  const struct report_uris *uris = report_uris_parse(arena, arena_strndup(arena, (const char *)data, size));
  for (size_t i = 0; i < uris->count; i++)
    if (!uris->all[i].host || !uris->all[i].address) abort();
  arena_free(&arena);
  return 0;
}
