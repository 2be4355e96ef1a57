/* Data files of facts, which users may write themselves. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/facts.h"
#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct facts facts = { .service_count = 0 };
  struct fault fault = { "" };
  if (facts_read(arena, &facts, (const char *)data, size, "facts.json", &fault)) {
    (void)facts_service_of_mx(&facts, "mx1.example.net", "example.gov.uk");
    (void)facts_service_of_spf(&facts, "include:spf.example.net", "example.gov.uk", NULL);
  } else if (!*fault.text) {
    abort();
  }
  arena_free(&arena);
  return 0;
}
