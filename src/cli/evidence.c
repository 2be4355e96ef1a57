#include "src/cli/evidence.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_OCTETS = 32 << 20 };
#define LATEST_TIME ((int64_t)253402300799999) /* the end of the year 9999 */

/* ---- reading ---- */

static void note_latest(const struct observation *seen, void *context) {
  int64_t *latest = context;
  if (seen->time > *latest) *latest = seen->time;
}

static uint32_t figure(const struct value *run, const char *key) {
  int64_t value = value_number(run, key, 0);
  return value > 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static void read_run(struct live *live, const struct value *run) {
  live->has_evidence = true;
  live->smtp_reachable = value_flag(run, "smtp_reachable", false);
  live->https_reachable = value_flag(run, "https_reachable", false);
  live->test_network = value_flag(run, "test_network", false);
  live->ask_registry = value_flag(run, "registry", false);
  live->figures = (struct examination_figures){ .elapsed_ms = figure(run, "elapsed_ms"), .questions = figure(run, "questions"), .rounds = figure(run, "rounds") };
  live->time = value_number(run, "time_ms", 0);
  if (live->time > 0 && live->time <= LATEST_TIME) return;
  live->time = 0;
  store_visit(live->store, note_latest, &live->time);
}

/* Fills the store and closes it. The whole file, in the arena; null and a fault when it is no evidence. */
static const struct value *read_file(struct arena *arena, struct store *store, const char *path, struct fault *fault) {
  struct fault why = { "" };
  size_t length;
  char *text = file_read(path, MOST_OCTETS, &length, fault);
  if (!text) return NULL;
  const struct value *json = json_read(arena, text, length, &why);
  free(text);
  if (json && store_from_json(store, json, &why)) {
    store_close(store);
    return json;
  }
  fault_set(fault, _("%s cannot be used as evidence: %s. Have it sent or saved again, with --save-evidence"), path, why.text);
  return NULL;
}

bool evidence_read(struct live *live, const char *path, struct fault *fault) {
  struct arena *arena = arena_new();
  const struct value *json = read_file(arena, live->store, path, fault);
  if (json) {
    read_run(live, value_get(json, "run"));
    live->evidence_domain = mem_strdup(value_text(json, "domain", ""));
  }
  arena_free(&arena);
  return json;
}

static void note_name(const struct observation *seen, void *context) {
  const char **wanted = context;
  if (*wanted && name_is_under(seen->question.name, *wanted)) *wanted = NULL;
}

/* False, with a fault: nothing in the store is about the domain. */
static bool is_about(const struct store *store, const char *path, const char *made_for, const char *domain, struct fault *fault) {
  const char *wanted = domain;
  struct arena *arena = arena_new();
  store_visit(store, note_name, &wanted);
  if (wanted) fault_set(fault, _("%s holds nothing about %s: it was made for %s"), path, domain, text_safe_string(arena, made_for));
  arena_free(&arena);
  return !wanted;
}

bool live_knows(const struct live *live, const struct cli *cli, const char *domain, struct fault *fault) {
  return !live->has_evidence || is_about(live->store, cli->evidence, live->evidence_domain, domain, fault);
}

bool evidence_read_earlier(struct live *live, const char *path, const char *domain, struct fault *fault) {
  live->earlier = store_new();
  struct arena *arena = arena_new();
  const struct value *json = read_file(arena, live->earlier, path, fault);
  bool good = json && is_about(live->earlier, path, value_text(json, "domain", ""), domain, fault);
  arena_free(&arena);
  return good;
}

/* ---- keeping ---- */

static json_t *run_json(const struct live *live) {
  char time[32];
  clock_format_utc(live->time, time);
  return json_pack("{s:s, s:I, s:b, s:b, s:b, s:b, s:I, s:I, s:I}", "time", time, "time_ms", (json_int_t)live->time, "smtp_reachable", live->smtp_reachable,
                   "https_reachable", live->https_reachable, "test_network", live->test_network, "registry", live->ask_registry, "elapsed_ms", (json_int_t)live->figures.elapsed_ms,
                   "questions", (json_int_t)live->figures.questions, "rounds", (json_int_t)live->figures.rounds);
}

/* A line an observation: small to read again, and something to look at with grep and diff. */
static void put_evidence(struct buf *out, json_t *json) {
  json_t *observations = json_incref(json_object_get(json, "observations")), *one;
  size_t i;
  json_object_del(json, "observations");
  json_put_value(out, json);
  out->length--; /* over its last brace */
  buf_text(out, ",\"observations\":[");
  json_array_foreach(observations, i, one) {
    buf_text(out, i ? ",\n" : "\n");
    json_put_value(out, one);
  }
  buf_text(out, "\n]}\n");
  json_decref(observations);
}

bool live_save_evidence(struct live *live, const struct cli *cli, const char *domain, struct fault *fault) {
  if (!cli->save_evidence) return true;
  json_t *json = store_to_json(live->store);
  json_object_set_new(json, "domain", json_string(domain));
  json_object_set_new(json, "run", run_json(live));
  struct buf out = BUF_INIT(SIZE_MAX);
  put_evidence(&out, json);
  bool good = file_replace(cli->save_evidence, buf_string(&out), out.length, fault);
  buf_release(&out);
  json_decref(json);
  return good;
}
