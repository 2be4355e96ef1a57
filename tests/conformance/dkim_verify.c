/* Verifies messages one after the other, for comparison with other programs. Standard input: "key NAME VALUE" and "message LENGTH", the latter
 * followed by so many octets; keys count from there on. One line comes back for a message: what became of each of its signatures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/record/dkim_verify.h"
#include "src/base/lib.h"

enum { MOST_KEYS = 50000, LONGEST_LINE = 20000 };

struct key { char *name, *value; };
struct table { struct key keys[MOST_KEYS]; size_t count; };

static const char *outcome_word(enum dkim_outcome outcome) {
  switch (outcome) {
  case DKIM_HOLDS: return "holds";
  case DKIM_HOLDS_WITH_SHA1: return "holds-with-sha1";
  case DKIM_SIGNATURE_FAULTY: return "signature";
  case DKIM_OUTCOME_KEY_REVOKED: return "key-revoked";
  case DKIM_OUTCOME_KEY_UNUSABLE: return "key-unusable";
  case DKIM_OUTCOME_KEY_TYPE: return "key-type";
  case DKIM_OUTCOME_KEY_HASH: return "key-hash";
  case DKIM_OUTCOME_KEY_SERVICE: return "key-service";
  case DKIM_OUTCOME_KEY_STRICT: return "key-strict";
  case DKIM_OUTCOME_KEY_SHORT: return "key-short";
  case DKIM_BODY_CHANGED: return "body";
  case DKIM_BODY_LENGTHENED: return "body-lengthened";
  case DKIM_BODY_CUT: return "body-cut";
  case DKIM_HEADER_CHANGED: return "header";
  case DKIM_NOT_BY_KEY: break;
  }
  return "not-by-key";
}

static const char *value_of(const struct table *table, const char *name) {
  for (size_t i = table->count; i > 0; i--)
    if (name_equal(table->keys[i - 1].name, name)) return table->keys[i - 1].value;
  return NULL;
}

static void tell(const struct table *table, struct arena *arena, const struct message *message, const struct dkim_signature *signature) {
  static const char *const faults[] = { "", "-syntax", "-missing", "-version", "-algorithm", "-canonicalization", "-query", "-identity", "-from" };
  const char *value = value_of(table, arena_printf(arena, "%s._domainkey.%s", signature->selector, signature->domain));
  if (signature->fault != DKIM_SIGNATURE_GOOD) printf(" signature%s%s", faults[signature->fault], signature->fault_tag);
  else if (!value) printf(" no-key");
  else printf(" %s", outcome_word(dkim_verify(message, signature, dkim_parse(arena, value, strlen(value)))));
}

static void verify(const struct table *table, const char *bytes, size_t length) {
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  struct dkim_signature *signatures[DKIM_MOST_SIGNATURES];
  struct message *message = message_parse(arena, bytes, length, &fault);
  size_t count = message ? dkim_signatures_find(arena, message, signatures, DKIM_MOST_SIGNATURES) : 0;
  const char *from = message ? message_from_domain(arena, message) : NULL;
  printf("%s", message ? from ? from : "?" : "no-message");
  for (size_t i = 0; i < count; i++) tell(table, arena, message, signatures[i]);
  putchar('\n');
  fflush(stdout);
  arena_free(&arena);
}

static bool read_message(const struct table *table, size_t length) {
  char *bytes = mem_alloc(length + 1);
  bool good = fread(bytes, 1, length, stdin) == length;
  if (good) verify(table, bytes, length);
  free(bytes);
  return good;
}

int main(void) {
  struct table *table = mem_zalloc(1, sizeof *table);
  char line[LONGEST_LINE];
  bool good = true;
  while (good && fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = '\0';
    char *value = strchr(line + (line[0] == 'k' ? 4 : 0), ' ');
    if (strncmp(line, "message ", 8) == 0) good = read_message(table, strtoul(line + 8, NULL, 10));
    else if (strncmp(line, "key ", 4) == 0 && value && table->count < MOST_KEYS) table->keys[table->count++] = (struct key){ mem_strndup(line + 4, (size_t)(value - line - 4)), mem_strdup(value + 1) };
    else good = false;
  }
  for (size_t i = 0; i < table->count; i++) free(table->keys[i].name), free(table->keys[i].value);
  free(table);
  return !good;
}
