/* Registration data, the list of registries, CAA records. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/caa.h"
#include "checks/record/rdap.h"
#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct arena *arena = arena_new();
  const char *text = arena_strndup(arena, (const char *)data, size), *host, *path;
  struct dns_rr rr = { .owner = "example.gov.uk", .type = DNS_TYPE_CAA, .data = data, .data_length = (uint16_t)(size > UINT16_MAX ? UINT16_MAX : size) };
  struct caa caa;
  (void)rdap_domain_parse(arena, text, size);
  (void)rdap_base_of(arena, text, size, "example.gov.uk");
  (void)rdap_split_address(arena, text, &host, &path);
  (void)rdap_time(text);
  (void)caa_read(arena, &rr, &caa);
  arena_free(&arena);
  return 0;
}
