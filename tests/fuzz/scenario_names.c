#include <stdint.h>
#include <stddef.h>
#include <string.h>

#include "src/base/name.h"
#include "src/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  struct fault fault;
  const char *text = arena_strndup(arena, (const char *)data, size);
  if (strlen(text) == size) {
    const char *name = name_from_user(arena, text, &fault);
    if (name) (void)name_is_host(name);
    (void)text_is_safe(text_safe_string(arena, text));
  }
  arena_free(&arena);
  return 0;
}
