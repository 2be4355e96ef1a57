/* Runs the scenario tables: see README.md beside it. Arguments: [--complete ns,mx,...] [--elsewhere FILE] files. Counts that every rule speaks
 * somewhere with each of its severities, and is silent beside its border; for the groups named by --complete a rule that lacks any is an error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/key_book.h"
#include "checks/record/dkim_message.h"
#include "src/base/lib.h"
#include "tests/conformance/answers.h"
#include "tests/support/key_words.h"
#include "tests/support/mint.h"
#include "tests/support/world.h"

enum { MOST_ROWS = 64, MOST_WORDS = 128, MOST_RULES = 1000, SHUFFLES = 4, MOST_GIVEN = 32, MOST_GIVEN_LINES = 64 };

struct expectation { const char *rule, *severity, *subject, *with; bool met; };

struct scenario {
  struct arena *arena;
  struct world *world, *before;   /* as it is; as it was at an earlier look, null */
  struct world *beside;           /* another domain of the same run, null */
  const char *beside_domain, *beside_names[MOST_ROWS];
  size_t beside_count;
  int64_t before_days;
  const char *title;
  struct inquiry inquiry;
  struct expectation expected[MOST_ROWS];
  size_t expected_count;
  const char *silent[MOST_ROWS];
  size_t silent_count;
  bool broken;
};

struct tally {
  unsigned rows, failed;
  bool spoke[MOST_RULES], otherwise[MOST_RULES]; /* with its severity; with its other one */
  bool silent[MOST_RULES], elsewhere[MOST_RULES];
};

static size_t rule_index(const char *id) {
  for (size_t i = 0; i < rule_count(); i++)
    if (strcmp(rule_at(i)->id, id) == 0) return i;
  return MOST_RULES;
}

/* ---- reading ---- */

static bool read_topics(struct scenario *s, char **words, size_t count) {
  s->inquiry.topics = 0;
  if (count == 2 && strcmp(words[1], "partner") == 0) return true; /* a partner's domain is judged by itself */
  for (size_t i = 1; i < count; i++) {
    enum topic topic;
    if (!topic_from_name(words[i], &topic)) return false;
    s->inquiry.topics |= 1u << topic;
  }
  return true;
}

static bool read_find(struct scenario *s, char **words, size_t count) {
  if (count < 3 || s->expected_count == MOST_ROWS) return false;
  struct expectation *e = &s->expected[s->expected_count++];
  *e = (struct expectation){ .rule = words[1], .severity = words[2] };
  for (size_t i = 3; i < count; i++) {
    if (strcmp(words[i], "with") == 0 && i + 1 < count) e->with = words[++i];
    else e->subject = words[i];
  }
  return true;
}

/* earlier DAYS LINE: what a look of so many days ago saw */
static bool read_earlier(struct scenario *s, char **words, size_t count) {
  struct fault fault = { "" };
  if (count < 4) return false;
  s->before_days = strtoll(words[1], NULL, 10);
  if (!s->before) s->before = world_new();
  if (session_world_knows(words[2])) return session_world_read(world_sessions(s->before), words + 2, count - 2, &fault);
  return world_read(s->before, words + 2, count - 2, &fault);
}

/* facts-row JSON: what a user's own file of facts would add. */
static bool read_facts_row(struct scenario *s, const char *json, struct fault *fault) {
  struct facts *facts = ARENA_NEW(s->arena, struct facts);
  if (s->inquiry.facts) *facts = *s->inquiry.facts;
  s->inquiry.facts = facts;
  return facts_read(s->arena, facts, json, strlen(json), "facts-row", fault);
}

/* beside DOMAIN dns NAME TXT …: a key record that the same run has seen at another domain. */
static bool read_beside(struct scenario *s, char **words, size_t count) {
  struct fault fault = { "" };
  if (count < 5 || s->beside_count == MOST_ROWS) return false;
  if (!s->beside) s->beside = world_new();
  s->beside_domain = words[1];
  s->beside_names[s->beside_count++] = words[3];
  return world_read(s->beside, words + 2, count - 2, &fault);
}

/* message FILE [OLD NEW]…: a message that the domain sent, from messages/, in which each OLD has become NEW ("$": its end). */
static bool read_message(struct scenario *s, char **words, size_t count, struct fault *fault) {
  const char *root = getenv("srcdir");
  size_t length;
  if (count < 2 || count % 2) return false;
  char *bytes = file_read(arena_printf(s->arena, "%s/tests/conformance/messages/%s", root ? root : ".", words[1]), 1 << 20, &length, fault);
  const char *text = bytes ? arena_strndup(s->arena, bytes, length) : NULL;
  free(bytes);
  for (size_t i = 2; text && i < count; i += 2) {
    const char *at = strcmp(words[i], "$") == 0 ? text + strlen(text) : strstr(text, words[i]);
    if (!at) return false;
    text = arena_printf(s->arena, "%.*s%s%s", (int)(at - text), text, words[i + 1], *at ? at + strlen(words[i]) : "");
  }
  s->inquiry.message = text ? message_parse(s->arena, text, strlen(text), fault) : NULL;
  return s->inquiry.message != NULL;
}

static bool read_line(struct scenario *s, char **words, size_t count) {
  struct fault fault = { "" };
  bool good = true;
  if (world_knows(words[0])) good = world_read(s->world, words, count, &fault);
  else if (session_world_knows(words[0])) good = session_world_read(world_sessions(s->world), words, count, &fault);
  else if (strcmp(words[0], "earlier") == 0) good = read_earlier(s, words, count);
  else if (strcmp(words[0], "find") == 0) good = read_find(s, words, count);
  else if (strcmp(words[0], "topics") == 0) good = read_topics(s, words, count);
  else if (strcmp(words[0], "silent") == 0 && count == 2) s->silent[s->silent_count++ % MOST_ROWS] = words[1];
  else if (strcmp(words[0], "beside") == 0) good = read_beside(s, words, count);
  else if (strcmp(words[0], "message") == 0) good = read_message(s, words, count, &fault);
  else if (strcmp(words[0], "facts-row") == 0 && count == 2) good = read_facts_row(s, words[1], &fault);
  else if (strcmp(words[0], "facts") == 0) s->inquiry.facts = facts_load(s->arena, &fault), good = s->inquiry.facts && !*fault.text;
  else good = answers_read(s->arena, &s->inquiry, words, count);
  if (!good) printf("  cannot read: %s %s (%s)\n", words[0], count > 1 ? words[1] : "", fault.text);
  return good;
}

/* ---- judging ---- */

static bool meets(struct scenario *s, struct expectation *e, const struct finding *finding) {
  if (e->met || strcmp(e->rule, finding->rule->id) != 0 || strcmp(e->severity, severity_name(finding->severity)) != 0) return false;
  if (e->subject && strcmp(e->subject, finding->subject) != 0) return false;
  if (!e->subject && strcmp(finding->subject, s->inquiry.domain) != 0 && !strchr(finding->subject, '.')) return false;
  if (e->with) {
    size_t length = strcspn(e->with, "=");
    const char *value = finding_argument(finding, arena_strndup(s->arena, e->with, length));
    if (!value || !e->with[length] || strcmp(value, e->with + length + 1) != 0) return false;
  }
  return e->met = true;
}

/* Every {argument} of the sentence is there; "%{i}" is a macro of SPF in somebody's record. */
static bool is_filled(const char *text) {
  for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
    size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
    if (length && at[1 + length] == '}' && (at == text || at[-1] != '%')) return false;
  }
  return true;
}

static bool compare(struct scenario *s, const struct verdict *verdict, struct tally *tally) {
  bool good = true;
  for (size_t n = 0; n < s->expected_count; n++) s->expected[n].met = false;
  for (size_t i = 0; i < verdict->count; i++) {
    bool expected = false;
    size_t index = rule_index(verdict->findings[i]->rule->id);
    for (size_t n = 0; n < s->expected_count && !expected; n++) expected = meets(s, &s->expected[n], verdict->findings[i]);
    if (expected && index < MOST_RULES) *(verdict->findings[i]->severity == rule_at(index)->severity ? &tally->spoke[index] : &tally->otherwise[index]) = true;
    expected = expected && is_filled(finding_detail(s->arena, verdict->findings[i]));
    if (!expected) printf("  not expected: %s %s %s: %s\n", verdict->findings[i]->rule->id, severity_name(verdict->findings[i]->severity), verdict->findings[i]->subject, finding_detail(s->arena, verdict->findings[i]));
    good &= expected;
  }
  for (size_t n = 0; n < s->expected_count; n++) {
    if (!s->expected[n].met) printf("  missing: %s %s %s\n", s->expected[n].rule, s->expected[n].severity, s->expected[n].subject ? s->expected[n].subject : "");
    good &= s->expected[n].met;
  }
  for (size_t n = 0; n < s->silent_count; n++) {
    size_t index = rule_index(s->silent[n]);
    if (index == MOST_RULES || verdict_has(verdict, s->silent[n])) {
      printf("  should be silent: %s\n", s->silent[n]);
      good = false;
    } else {
      tally->silent[index] = true;
    }
  }
  return good;
}

/* All that a verdict says, to compare it byte for byte. */
static char *verdict_text(struct arena *arena, const struct verdict *verdict) {
  struct buf text = BUF_INIT(16 << 20);
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    buf_printf(&text, "%s %s %s %s\n", topic_name(finding->topic), finding->rule->id, severity_name(finding->severity), finding->subject);
    for (size_t n = 0; n < finding->argument_count; n++) buf_printf(&text, "  %s=%s\n", finding->arguments[n].name, finding->arguments[n].value);
    for (size_t n = 0; n < finding->seen_count; n++) buf_printf(&text, "  seen %s\n", question_describe(arena, &finding->seen[n]->question));
  }
  char *whole = arena_strdup(arena, buf_string(&text));
  buf_release(&text);
  return whole;
}

static bool same_text(const struct scenario *s, const char *first, const char *other, const char *how) {
  if (strcmp(first, other) == 0) return true;
  printf("  %s gives another verdict:\n%s--- instead of\n%s", how, other, first);
  (void)s;
  return false;
}

/* Every finding shows what was seen, and with it server and time; what rests on answers of the administrator alone need not. */
static bool shows_what_was_seen(const struct verdict *verdict) {
  bool good = true;
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->seen_count || (finding->topic > TOPIC_ADDRESS && finding->topic != TOPIC_GSI)) continue;
    printf("  shows nothing that was seen: %s\n", finding->rule->id);
    good = false;
  }
  return good;
}

/* Saved as evidence and judged again elsewhere, without a network. */
static bool judge_evidence(struct scenario *s, struct store *store, const char *first) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct store *again = store_new();
  json_t *json = store_to_json(store);
  char *text = json_dumps(json, JSON_COMPACT);
  const struct value *evidence = json_read(arena, text, strlen(text), &fault);
  bool good = evidence && store_from_json(again, evidence, &fault);
  store_close(again);
  if (!good) printf("  the evidence cannot be read: %s\n", fault.text);
  good = good && same_text(s, first, verdict_text(arena, world_judge(arena, again, &s->inquiry)), "the evidence");
  json_decref(json);
  free(text);
  store_free(&again);
  arena_free(&arena);
  return good;
}

static void age(const struct observation *seen, void *context) {
  const struct scenario *s = context;
  ((struct observation *)(uintptr_t)seen)->time -= s->before_days * 86400000;
}

/* The store of the earlier look, closed as one that is read from a file. */
static struct store *look_earlier(struct scenario *s) {
  struct arena *arena = arena_new();
  struct store *store = store_new();
  world_line(s->before, arena_printf(arena, "%s SOA ns1.%s host 1", s->inquiry.domain, s->inquiry.domain));
  world_examine(s->before, store, &s->inquiry, arena, 0);
  store_each(store, age, s);
  store_close(store);
  arena_free(&arena);
  return store;
}

/* What the run has noted of the other domain. */
static struct key_book *look_beside(struct scenario *s) {
  struct key_book *keys = key_book_new();
  struct store *store = store_new();
  for (size_t i = 0; i < s->beside_count; i++) (void)store_dns(store, s->beside_names[i], DNS_TYPE_TXT);
  while (world_answer(s->beside, store, 0)) {}
  (void)key_book_note(keys, store, s->beside_domain, NULL, NULL);
  store_free(&store);
  return keys;
}

static void run_scenario(struct scenario *s, struct tally *tally) {
  bool good = !s->broken;
  const char *first = NULL;
  tally->rows++;
  struct store *earlier = s->before ? look_earlier(s) : NULL;
  struct key_book *keys = s->beside ? look_beside(s) : NULL;
  s->inquiry.earlier = earlier;
  s->inquiry.keys = keys;
  for (unsigned shuffle = 0; shuffle < SHUFFLES && good; shuffle++) {
    struct store *store = store_new();
    struct arena *arena = arena_new();
    const struct verdict *verdict = world_examine(s->world, store, &s->inquiry, arena, shuffle * 12345);
    const char *text = arena_strdup(s->arena, verdict_text(arena, verdict));
    good = shuffle == 0 ? compare(s, verdict, tally) : same_text(s, first, text, "another order of arrival");
    if (shuffle == 0) {
      first = text;
      good = good && shows_what_was_seen(verdict) && judge_evidence(s, store, first);
    }
    arena_free(&arena);
    store_free(&store);
  }
  store_free(&earlier);
  world_free(&s->before);
  world_free(&s->beside);
  if (keys) key_book_free(&keys);
  if (good) return;
  printf("FAILED: %s\n", s->title);
  tally->failed++;
}

/* Lines that several scenarios of a file share: from "given TITLE" to "end" outside of any scenario. Texts borrow from the file's. */
struct given { const char *title; char *lines[MOST_GIVEN_LINES]; size_t count; };

struct table {
  struct given given[MOST_GIVEN];
  size_t given_count;
  struct given *open;    /* being read */
  struct scenario s;
};

static void read_words(struct scenario *s, const char *line) {
  char *words[MOST_WORDS];
  size_t count = world_split(arena_strdup(s->arena, key_words_fill(s->arena, line)), words, MOST_WORDS);
  if (count && !read_line(s, words, count)) s->broken = true;
}

static void use_given(struct table *table, const char *title) {
  for (size_t i = 0; i < table->given_count; i++) {
    if (strcmp(table->given[i].title, title) != 0) continue;
    for (size_t n = 0; n < table->given[i].count; n++) read_words(&table->s, table->given[i].lines[n]);
    return;
  }
  printf("  nothing is given as: %s\n", title);
  table->s.broken = true;
}

static void take_line(struct table *table, char *line, struct tally *tally) {
  struct scenario *s = &table->s;
  if (strncmp(line, "scenario ", 9) == 0) {
    *s = (struct scenario){ .arena = arena_new(), .world = world_new(), .title = line + 9, .inquiry = { .domain = "example.gov.uk", .topics = TOPICS_ALL } };
  } else if (strncmp(line, "given ", 6) == 0 && s->arena) {
    use_given(table, line + 6);
  } else if (strncmp(line, "given ", 6) == 0 && table->given_count < MOST_GIVEN) {
    table->open = &table->given[table->given_count++];
    table->open->title = line + 6;
  } else if (strcmp(line, "end") == 0 && s->arena) {
    run_scenario(s, tally);
    world_free(&s->world);
    arena_free(&s->arena);
  } else if (strcmp(line, "end") == 0) {
    table->open = NULL;
  } else if (s->arena) {
    read_words(s, line);
  } else if (table->open && table->open->count < MOST_GIVEN_LINES) {
    table->open->lines[table->open->count++] = line;
  }
}

static void run_file(const char *path, struct tally *tally) {
  struct fault fault = { "" };
  size_t length;
  char *text = file_read(path, 16 << 20, &length, &fault);
  struct table *table = mem_zalloc(1, sizeof *table);
  if (!text) {
    printf("%s\n", fault.text);
    tally->failed++;
  }
  for (char *line = text; line;) {
    char *end = strchr(line, '\n');
    if (end) *end = '\0';
    while (is_space(*line)) line++;
    take_line(table, line, tally);
    line = end ? end + 1 : NULL;
  }
  if (table->s.arena) printf("%s: the last scenario has no end\n", path), tally->failed++;
  free(table);
  free(text);
}

/* ---- the count ---- */

/* The group of a rule is the first word of its id. */
static size_t group_length(const char *id) { return strcspn(id, "-"); }

static bool is_complete(const char *complete, const char *id) {
  size_t length = group_length(id);
  for (const char *at = complete; at && *at;) {
    size_t item = strcspn(at, ",");
    if (item == length && strncmp(at, id, length) == 0) return true;
    at += item + (at[item] == ',');
  }
  return false;
}

static bool read_elsewhere(struct tally *tally, const char *path) {
  struct fault fault = { "" };
  size_t length;
  char *text = file_read(path, 1 << 20, &length, &fault), *rest = text;
  bool good = text != NULL;
  if (!text) printf("%s\n", fault.text);
  for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
    line[strcspn(line, " #")] = '\0';
    if (!*line) continue;
    size_t index = rule_index(line);
    if (index == MOST_RULES) printf("%s: no such rule: %s\n", path, line), good = false;
    else tally->elsewhere[index] = true;
  }
  free(text);
  return good;
}

/* Prints what each group lacks; how many rules of complete groups lack something. */
static unsigned report(const struct tally *tally, const char *complete) {
  unsigned missing = 0, spoke = 0, silent = 0;
  for (size_t i = 0; i < rule_count(); i++) {
    const char *id = rule_at(i)->id;
    bool both = tally->otherwise[i] || rule_at(i)->other == rule_at(i)->severity;
    spoke += tally->spoke[i] && both;
    silent += tally->silent[i];
    if ((tally->spoke[i] && both && tally->silent[i]) || tally->elsewhere[i]) continue;
    bool counts = is_complete(complete, id);
    if (!tally->spoke[i]) printf("%scount: %s lacks a row in which it speaks as %s\n", counts ? "ERROR " : "", id, severity_name(rule_at(i)->severity));
    if (!both) printf("%scount: %s lacks a row in which it speaks as %s\n", counts ? "ERROR " : "", id, severity_name(rule_at(i)->other));
    if (!tally->silent[i]) printf("%scount: %s lacks a row in which it is silent\n", counts ? "ERROR " : "", id);
    missing += counts;
  }
  printf("%u rows, %u failed; of %zu rules %u speak and %u are shown silent\n", tally->rows, tally->failed, rule_count(), spoke, silent);
  return missing;
}

int main(int argc, char **argv) {
  struct tally *tally = mem_zalloc(1, sizeof *tally);
  const char *complete = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--complete") == 0 && i + 1 < argc) complete = argv[++i];
    else if (strcmp(argv[i], "--elsewhere") == 0 && i + 1 < argc) tally->failed += !read_elsewhere(tally, argv[++i]);
    else run_file(argv[i], tally);
  }
  unsigned missing = report(tally, complete), failed = tally->failed, rows = tally->rows;
  free(tally);
  mint_forget();
  return failed || missing || !rows;
}
