/* Evidence of a whole examination, damaged in every place: an observation less says nothing that was not seen, a value of another kind or a text
 * that is cut is refused with its place or judged without harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/examine.h"
#include "src/base/lib.h"

static const char domain[] = "exampleshire.gov.uk";
static struct arena *arena; /* of the evidence */
static char *text;
static size_t length;
static struct value *root, *observations; /* damaged and mended again in place: a test may, the program may not */

static struct value *writable(const struct value *value) { return (struct value *)(uintptr_t)value; }

static int read_evidence(void **state) {
  struct fault fault = { "" };
  const char *top = getenv("srcdir");
  char *path = mem_printf("%s/tests/screen/golden/exampleshire.json", top ? top : ".");
  (void)state;
  arena = arena_new();
  text = file_read(path, 1 << 20, &length, &fault);
  root = text ? writable(json_read(arena, text, length, &fault)) : NULL;
  observations = root ? writable(value_get(root, "observations")) : NULL;
  if (!observations) fprintf(stderr, "%s\n", fault.text);
  free(path);
  return !observations;
}

static int forget_evidence(void **state) {
  (void)state;
  free(text);
  arena_free(&arena);
  return 0;
}

struct look { struct arena *memory; struct store *store; struct verdict *verdict; /* null: refused, and the fault said where */ };

static struct look look(void) {
  struct look look = { .memory = arena_new(), .store = store_new() };
  struct fault fault = { "" };
  if (!store_from_json(look.store, root, &fault)) {
    assert_non_null(strstr(fault.text, "line "));
    return look;
  }
  store_close(look.store);
  look.verdict = examine_store(look.memory, look.store, &(struct inquiry){ .domain = domain, .topics = TOPICS_ALL, .test_network = true, .smtp_reachable = true });
  for (size_t i = 0; i < look.verdict->count; i++) (void)finding_detail(look.memory, look.verdict->findings[i]);
  return look;
}

static void look_away(struct look *look) {
  store_free(&look->store);
  arena_free(&look->memory);
}

static bool is_about(const struct observation *seen, const struct value *gone) {
  static const char *const kinds[] = { [QUESTION_DNS] = "dns", [QUESTION_SMTP] = "smtp", [QUESTION_HTTPS] = "https" };
  char scratch[16];
  const struct question *question = &seen->question;
  return strcmp(kinds[question->kind], value_text(gone, "kind", "")) == 0 && strcmp(question->name, value_text(gone, "name", "")) == 0 &&
         strcmp(question->server, value_text(gone, "server", "")) == 0 && question->flags == value_number(gone, "flags", 0) &&
         (question->kind != QUESTION_DNS || strcmp(dns_type_name(question->type, scratch), value_text(gone, "type", "")) == 0);
}

/* "Missing" or "wrong" may rest on nothing that was not looked at. */
static void rests_on_what_was_seen(const struct verdict *whole, const struct verdict *less, const struct value *gone) {
  for (size_t i = 0; i < less->count; i++) {
    const struct finding *finding = less->findings[i];
    if (finding->severity != SEVERITY_FAIL || verdict_find(whole, finding->rule->id, finding->subject)) continue;
    for (size_t n = 0; n < finding->seen_count; n++)
      if (is_about(finding->seen[n], gone)) fail_msg("%s rests on %s %s, which is not there", finding->rule->id, value_text(gone, "name", ""), value_text(gone, "type", ""));
  }
}

static void less_is_never_missing(void **state) {
  struct look whole = look();
  const struct value **link = &observations->first;
  (void)state;
  assert_non_null(whole.verdict);
  while (*link) {
    const struct value *gone = *link;
    *link = gone->next;
    struct look less = look();
    assert_non_null(less.verdict);
    rests_on_what_was_seen(whole.verdict, less.verdict, gone);
    look_away(&less);
    *link = gone;
    link = &writable(gone)->next;
  }
  look_away(&whole);
}

/* Each value in turn becomes one of another kind. */
static unsigned turn;

static void turn_each(struct value *value) {
  static const struct value kinds[] = {
    { .kind = VALUE_NULL }, { .kind = VALUE_TRUE }, { .kind = VALUE_INTEGER, .integer = -1 }, { .kind = VALUE_INTEGER, .integer = INT64_MAX }, { .kind = VALUE_REAL, .real = 1e300 },
    { .kind = VALUE_STRING, .text = "", .count = 0 }, { .kind = VALUE_STRING, .text = "\0x", .count = 2, .holds_nul = true }, { .kind = VALUE_STRING, .text = "\xc4\x80\x1b[31m", .count = 7 },
    { .kind = VALUE_ARRAY }, { .kind = VALUE_OBJECT },
  };
  struct value as_it_was = *value;
  *value = kinds[turn++ % MEM_COUNT(kinds)];
  value->key = as_it_was.key, value->key_length = as_it_was.key_length, value->next = as_it_was.next, value->line = as_it_was.line, value->column = as_it_was.column;
  struct look damaged = look();
  look_away(&damaged);
  *value = as_it_was;
  VALUE_EACH(member, value) turn_each(writable(member));
}

/* Of each kind of observation one, so that it does not take long. */
static void other_kinds_do_no_harm(void **state) {
  const char *const kinds[] = { "dns", "smtp", "https" };
  (void)state;
  const struct value *all = observations->first;
  for (size_t i = 0; i < MEM_COUNT(kinds); i++) {
    const struct value *one = all;
    while (strcmp(value_text(one, "kind", ""), kinds[i]) != 0) one = one->next;
    turn_each(writable(one));
  }
}

static void cut_text_is_refused(void **state) {
  size_t end = length;
  (void)state;
  while (text[end - 1] == '\n') end--;
  for (size_t cut = 0; cut < end; cut += 1 + cut / 64) { /* more often near the beginning */
    struct arena *memory = arena_new();
    struct fault fault = { "" };
    char *exact = mem_alloc(cut + 1);
    memcpy(exact, text, cut);
    assert_null(json_read(memory, exact, cut, &fault));
    assert_non_null(strstr(fault.text, "line "));
    free(exact);
    arena_free(&memory);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(less_is_never_missing), cmocka_unit_test(other_kinds_do_no_harm), cmocka_unit_test(cut_text_is_refused) };
  return cmocka_run_group_tests(tests, read_evidence, forget_evidence);
}
