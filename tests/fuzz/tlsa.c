#include "checks/record/tlsa.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A record that reads without fault is the same after it was written and read again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct tlsa_text first, second;
  if (size <= 8192 && tlsa_read(arena, (const char *)data, size, &first)) {
    char *text = tlsa_format(arena, &first.tlsa);
    if (!tlsa_read(arena, text, strlen(text), &second)) abort();
    if (second.tlsa.length != first.tlsa.length || memcmp(second.tlsa.data, first.tlsa.data, first.tlsa.length) != 0) abort();
    if (second.tlsa.usage != first.tlsa.usage || second.tlsa.selector != first.tlsa.selector || second.tlsa.matching != first.tlsa.matching) abort();
  }
  if (size >= 3) tlsa_usable(&(struct tlsa){ .usage = data[0], .selector = data[1], .matching = data[2], .data = data + 3, .length = size - 3 });
  arena_free(&arena);
  return 0;
}
