#include "checks/record/certificate.h"

#include <stdlib.h>
#include <string.h>
#include "src/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is read: all strings are safe, matching and chaining with itself end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  const struct certificate *certificate = certificate_read(arena, data, size);
  if (certificate) {
    struct certificate_path path;
    certificate_path((const struct certificate *const[]){ certificate, certificate }, 2, &path);
    certificate_matches(certificate, "mx.example.gov.uk", NULL);
    certificate_key_text(arena, certificate);
    for (size_t i = 0; i < certificate->name_count; i++)
      if (!text_is_safe(certificate->names[i])) abort();
    if (!text_is_safe(certificate->subject) || !text_is_safe(certificate->issuer) || !text_is_safe(certificate->common_name)) abort();
    if (!text_is_safe(certificate->signature)) abort();
  }
  arena_free(&arena);
  return 0;
}
