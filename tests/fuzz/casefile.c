/* Case files: what cannot be read is refused and left as it is. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stdio.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "src/casefile/casefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char path[64];
  struct fault fault = { "" };
  snprintf(path, sizeof path, "/tmp/mailstead-fuzz-%ld.json", (long)getpid());
  FILE *file = fopen(path, "we");
  if (!file) abort();
  fwrite(data, 1, size, file);
  fclose(file);
  struct casefile *casefile = casefile_open(path, &fault);
  if (!casefile && !*fault.text) abort();
  casefile_close(&casefile);
  unlink(path);
  snprintf(path, sizeof path, "/tmp/mailstead-fuzz-%ld.json.lock", (long)getpid());
  unlink(path);
  return 0;
}
