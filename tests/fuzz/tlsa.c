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
  struct tlsa tlsa;
  if (tlsa_from_rdata(data, size, &tlsa)) tlsa_usable(&tlsa);
  arena_free(&arena);
  return 0;
}
