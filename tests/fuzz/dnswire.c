#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "src/base/dnswire.h"
#include "src/base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct dns_message message;
  struct buf out = BUF_INIT(65535);
  if (dns_parse(arena, data, size, &message)) (void)dns_write_message(&out, &message);
  buf_release(&out);
  arena_free(&arena);
  return 0;
}
