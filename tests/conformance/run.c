/* Runs the scenario tables: see README.md beside it. Arguments: [--complete ns,mx,...] [--elsewhere FILE] files. Counts that every rule speaks
 * somewhere and is silent beside its border; for the groups named by --complete a rule that lacks either is an error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "tests/support/world.h"

enum { MOST_ROWS = 64, MOST_WORDS = 128, MOST_RULES = 1000, SHUFFLES = 4 };

struct expectation { const char *rule, *severity, *subject, *with; bool met; };

struct scenario {
  struct arena *arena;
  struct world *world;
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
  bool spoke[MOST_RULES], silent[MOST_RULES], elsewhere[MOST_RULES];
  const struct facts *facts;
};

static size_t rule_index(const char *id) {
  for (size_t i = 0; i < rule_count(); i++)
    if (strcmp(rule_at(i)->id, id) == 0) return i;
  return MOST_RULES;
}

/* ---- reading ---- */

static void add_name(struct arena *arena, const char *const **list, size_t *count, const char *name) {
  const char **grown = ARENA_ARRAY(arena, const char *, *count + 1);
  for (size_t i = 0; i < *count; i++) grown[i] = (*list)[i];
  grown[(*count)++] = name_lower(arena, name);
  *list = grown;
}

static enum profile profile_of(const char *word) {
  static const char *const words[] = { "inferred", "mail", "send-only", "receive-only", "parked" };
  for (unsigned i = 0; i < MEM_COUNT(words); i++)
    if (strcmp(words[i], word) == 0) return (enum profile)i;
  return PROFILE_INFERRED;
}

static enum tri tri_of(const char *word) { return strcmp(word, "yes") == 0 ? TRI_YES : strcmp(word, "no") == 0 ? TRI_NO : TRI_UNKNOWN; }

static bool add_address(struct arena *arena, const struct ip **list, size_t *count, const char *text) {
  struct ip *grown = ARENA_ARRAY(arena, struct ip, *count + 1);
  if (*count) memcpy(grown, *list, *count * sizeof *grown);
  *list = grown;
  return ip_parse(text, &grown[(*count)++]);
}

static bool read_service_option(struct arena *arena, struct inquiry_service *service, const char *word) {
  size_t length = strcspn(word, "=");
  const char *key = arena_strndup(arena, word, length), *value = word + length + (word[length] == '=');
  const struct { const char *key; bool *flag; } flags[] = { { "sends", &service->sends }, { "receives", &service->receives }, { "filters", &service->filters }, { "footers", &service->footers } };
  const struct { const char *key; enum tri *tri; } tris[] = { { "signs", &service->signs }, { "can-sign", &service->can_sign }, { "tls12", &service->tls12 } };
  for (size_t i = 0; i < MEM_COUNT(flags); i++)
    if (strcmp(key, flags[i].key) == 0) return *flags[i].flag = !*value || tri_of(value) == TRI_YES, true;
  for (size_t i = 0; i < MEM_COUNT(tris); i++)
    if (strcmp(key, tris[i].key) == 0) return *tris[i].tri = tri_of(value), true;
  if (strcmp(key, "selector") == 0) return add_name(arena, &service->selectors, &service->selector_count, value), true;
  if (strcmp(key, "name") == 0) return service->name = arena_strdup(arena, value), true;
  return strcmp(key, "address") == 0 && add_address(arena, &service->addresses, &service->address_count, value);
}

/* service ID DOMAIN [key[=value]…]; the id "-" is of no known provider */
static bool read_service(struct scenario *s, char **words, size_t count) {
  struct inquiry *q = &s->inquiry;
  struct inquiry_service *grown = ARENA_ARRAY(s->arena, struct inquiry_service, q->service_count + 1);
  if (count < 3) return false;
  if (q->service_count) memcpy(grown, q->services, q->service_count * sizeof *grown);
  struct inquiry_service *service = &grown[q->service_count++];
  service->id = service->name = strcmp(words[1], "-") == 0 ? "" : words[1];
  service->domain = name_lower(s->arena, words[2]);
  q->services = grown;
  for (size_t i = 3; i < count; i++)
    if (!read_service_option(s->arena, service, words[i])) return false;
  return true;
}

static bool read_switch(struct scenario *s, const char *word) {
  struct inquiry *q = &s->inquiry;
  const struct { const char *word; bool *flag; } rows[] = {
    { "test-network", &q->test_network }, { "smtp-reachable", &q->smtp_reachable }, { "https-reachable", &q->https_reachable }, { "deep", &q->deep },
    { "services-complete", &q->services_complete }, { "ask-registry", &q->ask_registry },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].word, word) == 0) return *rows[i].flag = true;
  return false;
}

/* answer KEY yes|no */
static bool read_yes_or_no(struct scenario *s, const char *key, const char *value) {
  struct inquiry *q = &s->inquiry;
  const struct { const char *key; enum tri *tri; bool *flag; } rows[] = {
    { "require-tls-govuk", &q->require_tls_govuk, NULL },       { "opportunistic-tls", &q->opportunistic_tls, NULL },
    { "inbound-tls-required", &q->inbound_tls_required, NULL }, { "inbound-dmarc", &q->inbound_dmarc, NULL },
    { "inbound-spf", &q->inbound_spf, NULL },                   { "old-domain-sends", &q->old_domain_sends, NULL },
    { "old-domain-forwards", NULL, &q->old_domain_forwards },   { "old-domain-aliases", NULL, &q->old_domain_aliases },
    { "switch-planned", NULL, &q->switch_planned },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    if (strcmp(rows[i].key, key) != 0) continue;
    if (rows[i].tri) *rows[i].tri = tri_of(value);
    else *rows[i].flag = tri_of(value) == TRI_YES;
    return true;
  }
  return false;
}

static bool read_changing(struct scenario *s, const char *name, const char *type) {
  struct inquiry *q = &s->inquiry;
  struct inquiry_record *grown = ARENA_ARRAY(s->arena, struct inquiry_record, q->changing_count + 1);
  if (q->changing_count) memcpy(grown, q->changing, q->changing_count * sizeof *grown);
  grown[q->changing_count++] = (struct inquiry_record){ name_lower(s->arena, name), dns_type_from_name(type) };
  q->changing = grown;
  return grown[q->changing_count - 1].type != 0;
}

static bool read_list(struct scenario *s, const char *word, const char *name) {
  struct inquiry *q = &s->inquiry;
  const struct { const char *word; const char *const **list; size_t *count; } rows[] = {
    { "selector", &q->selectors, &q->selector_count },       { "old-domain", &q->old_domains, &q->old_domain_count },
    { "subdomain", &q->subdomains, &q->subdomain_count },    { "digital-service", &q->digital_services, &q->digital_service_count },
    { "partner-name", &q->partner_names, &q->partner_name_count },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++)
    if (strcmp(rows[i].word, word) == 0) return add_name(s->arena, rows[i].list, rows[i].count, name), true;
  return false;
}

static bool read_answer(struct scenario *s, char **words, size_t count) {
  struct inquiry *q = &s->inquiry;
  if (count == 1) return read_switch(s, words[0]);
  if (strcmp(words[0], "profile") == 0) q->profile = profile_of(words[1]);
  else if (strcmp(words[0], "domain") == 0) q->domain = name_lower(s->arena, words[1]);
  else if (strcmp(words[0], "replacement") == 0) q->replacement = name_lower(s->arena, words[1]);
  else if (strcmp(words[0], "sending") == 0) return add_address(s->arena, &q->sending, &q->sending_count, words[1]);
  else if (strcmp(words[0], "service") == 0) return read_service(s, words, count);
  else if (strcmp(words[0], "answer") == 0) return count == 3 && read_yes_or_no(s, words[1], words[2]);
  else if (strcmp(words[0], "changing") == 0) return count == 3 && read_changing(s, words[1], words[2]);
  else if (strcmp(words[0], "serials-differ-since") == 0) q->serials_differ_since = WORLD_NOW + strtoll(words[1], NULL, 10) * 1000;
  else if (strcmp(words[0], "reports-reviewed-since") == 0) q->reports_reviewed_since = WORLD_NOW + strtoll(words[1], NULL, 10) * 86400000;
  else return read_list(s, words[0], words[1]);
  return true;
}

static bool read_topics(struct scenario *s, char **words, size_t count) {
  s->inquiry.topics = 0;
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

static bool read_line(struct scenario *s, char **words, size_t count) {
  struct fault fault = { "" };
  bool good = true;
  if (world_knows(words[0])) good = world_read(s->world, words, count, &fault);
  else if (session_world_knows(words[0])) good = session_world_read(world_sessions(s->world), words, count, &fault);
  else if (strcmp(words[0], "find") == 0) good = read_find(s, words, count);
  else if (strcmp(words[0], "topics") == 0) good = read_topics(s, words, count);
  else if (strcmp(words[0], "silent") == 0 && count == 2) s->silent[s->silent_count++ % MOST_ROWS] = words[1];
  else good = read_answer(s, words, count);
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

static bool compare(struct scenario *s, const struct verdict *verdict, struct tally *tally) {
  bool good = true;
  for (size_t n = 0; n < s->expected_count; n++) s->expected[n].met = false;
  for (size_t i = 0; i < verdict->count; i++) {
    bool expected = false;
    size_t index = rule_index(verdict->findings[i]->rule->id);
    for (size_t n = 0; n < s->expected_count && !expected; n++) expected = meets(s, &s->expected[n], verdict->findings[i]);
    if (expected && index < MOST_RULES) tally->spoke[index] = true;
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
    if (finding->seen_count || finding->topic > TOPIC_ADDRESS) continue;
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
  bool good = store_from_json(again, json, &fault);
  store_close(again);
  if (!good) printf("  the evidence cannot be read: %s\n", fault.text);
  good = good && same_text(s, first, verdict_text(arena, examine_store(arena, again, &s->inquiry)), "the evidence");
  json_decref(json);
  store_free(&again);
  arena_free(&arena);
  return good;
}

static void run_scenario(struct scenario *s, struct tally *tally) {
  bool good = !s->broken;
  const char *first = NULL;
  tally->rows++;
  s->inquiry.facts = tally->facts;
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
  if (good) return;
  printf("FAILED: %s\n", s->title);
  tally->failed++;
}

static void run_file(const char *path, struct tally *tally) {
  struct fault fault = { "" };
  size_t length;
  char *text = file_read(path, 16 << 20, &length, &fault);
  struct scenario s = { .arena = NULL };
  if (!text) {
    printf("%s\n", fault.text);
    tally->failed++;
    return;
  }
  for (char *line = text; line;) {
    char *end = strchr(line, '\n'), *words[MOST_WORDS];
    if (end) *end = '\0';
    while (is_space(*line)) line++;
    if (strncmp(line, "scenario ", 9) == 0) {
      s = (struct scenario){ .arena = arena_new(), .world = world_new(), .title = line + 9, .inquiry = { .domain = "example.gov.uk", .topics = TOPICS_ALL } };
    } else if (strcmp(line, "end") == 0 && s.arena) {
      run_scenario(&s, tally);
      world_free(&s.world);
      arena_free(&s.arena);
    } else if (s.arena) {
      size_t count = world_split(line, words, MOST_WORDS);
      if (count && !read_line(&s, words, count)) s.broken = true;
    }
    line = end ? end + 1 : NULL;
  }
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
    spoke += tally->spoke[i];
    silent += tally->silent[i];
    if ((tally->spoke[i] && tally->silent[i]) || tally->elsewhere[i]) continue;
    bool counts = is_complete(complete, id);
    printf("%s%s: %s lacks%s%s\n", counts ? "ERROR " : "", "count", id, tally->spoke[i] ? "" : " a row in which it speaks", tally->silent[i] ? "" : tally->spoke[i] ? " a silent row" : ", a silent row");
    missing += counts;
  }
  printf("%u rows, %u failed; of %zu rules %u speak and %u are shown silent\n", tally->rows, tally->failed, rule_count(), spoke, silent);
  return missing;
}

int main(int argc, char **argv) {
  struct tally *tally = mem_zalloc(1, sizeof *tally);
  struct arena *arena = arena_new();
  struct fault fault = { "" };
  const char *complete = NULL;
  tally->facts = facts_load(arena, &fault);
  if (*fault.text) printf("%s\n", fault.text), tally->failed++;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--complete") == 0 && i + 1 < argc) complete = argv[++i];
    else if (strcmp(argv[i], "--elsewhere") == 0 && i + 1 < argc) tally->failed += !read_elsewhere(tally, argv[++i]);
    else run_file(argv[i], tally);
  }
  unsigned missing = report(tally, complete), failed = tally->failed, rows = tally->rows;
  arena_free(&arena);
  free(tally);
  return failed || missing || !rows;
}
