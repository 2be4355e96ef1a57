#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "checks/record/spf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct ip ip = { .family = 4 };
  struct spf_macro_values values = { .sender_local = "a", .sender_domain = "b.c", .domain = "b.c", .helo = "h", .ip = &ip };
  const struct spf_record *record = spf_parse(arena, (const char *)data, size);
  for (size_t i = 0; i < record->count; i++)
    if (record->terms[i].domain && !record->terms[i].fault) (void)spf_macro_domain(arena, record->terms[i].domain, &values);
  arena_free(&arena);
  return 0;
}
