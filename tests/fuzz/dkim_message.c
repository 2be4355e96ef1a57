/* A message, and a key record before it up to the first line end: each signature is verified with that key. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/dkim_verify.h"
#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify_all(struct arena *arena, const struct message *message, const struct dkim_record *key) {
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  size_t count = dkim_signatures_find(arena, message, signatures, DKIM_MOST_SIGNATURES);
  for (size_t i = 0; i < count; i++) {
    if (dkim_verify(message, signatures[i], key) == DKIM_HOLDS && key->bits < 256) abort();
    if (signatures[i]->fault == DKIM_SIGNATURE_GOOD && (!*signatures[i]->domain || !*signatures[i]->selector)) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *feed = size ? memchr(data, '\n', size) : NULL;
  size_t first = feed ? (size_t)(feed - data) : size;
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const struct dkim_record *key = dkim_parse(arena, (const char *)data, first);
  struct message *message = feed ? message_parse(arena, (const char *)feed + 1, size - first - 1, &fault) : NULL;
  if (message) {
    const char *from = message_from_domain(arena, message);
    if (from && !name_is_valid(from)) abort();
    verify_all(arena, message, key);
  }
  arena_free(&arena);
  return 0;
}
