/* Scenario files of the practice estate. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/practice/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct fault fault = { "" };
  struct scenario *scenario = scenario_read((const char *)data, size, &fault);
  if (!scenario && !*fault.text) abort();
  scenario_free(&scenario);
  return 0;
}
