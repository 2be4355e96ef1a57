/* JSON: our reader and jansson take and refuse the same texts, and see the same in them; but jansson passes over a NUL behind a number. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static size_t depth_of(json_t *json) {
  size_t deepest = 0, i;
  const char *key;
  json_t *member;
  json_array_foreach(json, i, member) deepest = larger(deepest, depth_of(member));
  json_object_foreach(json, key, member) deepest = larger(deepest, depth_of(member));
  return deepest + (json_is_array(json) || json_is_object(json));
}

/* A place within the text, or just behind it. */
static bool has_place(const char *fault, const char *text, size_t size) {
  unsigned line = 0, column = 0, lines = 1;
  const char *at = strstr(fault, "line ");
  if (!at || sscanf(at, "line %u, column %u", &line, &column) != 2) return false;
  for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
  return line >= 1 && line <= lines && column >= 1 && column <= size + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct fault fault = { "" };
  const char *text = (const char *)data;
  json_t *ours = json_parse(text, size, &fault), *theirs = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
  bool nul = size && memchr(text, '\0', size);
  bool too_deep = theirs && strstr(fault.text, "levels") && depth_of(theirs) > JSON_DEEPEST;
  bool told = ours || (has_place(fault.text, text, size) && text_is_safe(fault.text)), same = too_deep || (nul && !ours) || (!ours == !theirs && (!ours || json_equal(ours, theirs)));
  if (!told || !same) {
    fprintf(stderr, "%.*s\nours: %s; jansson %s\n", (int)size, text, ours ? "taken" : fault.text, theirs ? "takes it" : "refuses it");
    abort();
  }
  json_decref(ours);
  json_decref(theirs);
  return 0;
}
