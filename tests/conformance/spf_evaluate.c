/* Runs the evaluation tables: see README.md beside it. Arguments: files. A `check` line without a result is printed, for comparisons with
 * other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/spf_evaluate.h"
#include "src/base/lib.h"
#include "tests/support/world.h"

enum { MOST_WORDS = 64, MOST_TURNS = 200 };

struct table { struct world *world; const char *title, *sender; unsigned checks, failed; };

static void evaluate(struct table *table, struct arena *arena, const struct spf_request *request, struct spf_outcome *out) {
  struct store *store = store_new();
  for (unsigned turns = 0; !spf_evaluate(store, arena, request, out) && turns < MOST_TURNS; turns++)
    if (!world_answer(table->world, store, 0)) break;
  store_free(&store);
}

static bool differs(struct table *table, const char *what, const char *seen, const char *wanted) {
  if (strcmp(seen, wanted) == 0) return false;
  printf("FAILED: %s: of %s: %s \"%s\", not \"%s\"\n", table->title, table->sender, what, seen, wanted);
  return true;
}

/* One of "mechanism X", "explanation X", "where X", "lookups N", "voids N". */
static bool compare_pair(struct table *table, const struct spf_outcome *out, const char *what, const char *wanted) {
  char number[16] = "";
  const char *seen = number;
  if (strcmp(what, "mechanism") == 0) seen = out->mechanism;
  else if (strcmp(what, "explanation") == 0) seen = out->explanation;
  else if (strcmp(what, "where") == 0) seen = out->where;
  else if (strcmp(what, "lookups") == 0) snprintf(number, sizeof number, "%u", out->lookups);
  else if (strcmp(what, "voids") == 0) snprintf(number, sizeof number, "%u", out->void_lookups);
  else seen = "(no such column)";
  return !differs(table, what, seen, wanted);
}

/* check IP SENDER HELO [RESULT [NAME VALUE]…]; "-" for the HELO: none; a sender without "@": the domain is HELO's when it is empty. */
static bool check(struct table *table, char **words, size_t count) {
  struct arena *arena = arena_new();
  struct spf_outcome out;
  struct spf_request request = { .sender = words[2], .helo = strcmp(words[3], "-") == 0 ? "" : words[3], .time_ms = WORLD_NOW };
  const char *at = strrchr(words[2], '@');
  bool good = ip_parse(words[1], &request.ip);
  request.domain = at ? at + 1 : *words[2] ? words[2] : words[3];
  table->sender = words[2];
  evaluate(table, arena, &request, &out);
  if (count == 4) printf("%s\t%u\t%u\t%s\t%s\t%s\n", spf_result_name(out.result), out.lookups, out.void_lookups, out.mechanism, out.explanation, out.problem);
  else good = good && !differs(table, "result", spf_result_name(out.result), words[4]);
  for (size_t i = 5; i + 1 < count; i += 2) good &= compare_pair(table, &out, words[i], words[i + 1]);
  arena_free(&arena);
  return good;
}

static void read_line(struct table *table, char *line) {
  char *words[MOST_WORDS];
  struct fault fault = { "" };
  bool good = true;
  if (strncmp(line, "scenario ", 9) == 0) {
    world_free(&table->world);
    table->world = world_new();
    table->title = line + 9;
    return;
  }
  size_t count = world_split(line, words, MOST_WORDS);
  if (!count || strcmp(words[0], "end") == 0) return;
  if (strcmp(words[0], "dns") == 0 && table->world) {
    good = world_dns(table->world, words + 1, count - 1, &fault);
  } else if (strcmp(words[0], "check") == 0 && table->world && count >= 4) {
    table->checks++;
    good = check(table, words, count);
  } else {
    good = false;
  }
  if (good) return;
  table->failed++;
  if (strcmp(words[0], "check") != 0) printf("FAILED: %s: cannot read the line \"%s …\" %s\n", table->title ? table->title : "", words[0], fault.text);
}

static void run_file(const char *path, struct table *table) {
  struct fault fault = { "" };
  size_t length;
  char *text = file_read(path, 64 << 20, &length, &fault);
  if (!text) {
    printf("%s\n", fault.text);
    table->failed++;
    return;
  }
  for (char *line = text; line;) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    while (is_space(*line)) line++;
    read_line(table, line);
    line = end ? end + 1 : NULL;
  }
  world_free(&table->world);
  free(text);
}

int main(int argc, char **argv) {
  struct table table = { .world = NULL };
  for (int i = 1; i < argc; i++) run_file(argv[i], &table);
  fprintf(stderr, "%u evaluations, %u failed\n", table.checks, table.failed);
  return table.failed || !table.checks;
}
