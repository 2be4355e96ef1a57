#include <string.h>

#include "src/base/lib.h"
#include "src/casefile/private.h"

/* What earlier examinations found, so that a case can be read without a network and compared with today. */

enum { MOST_RECORDS = 50 };

static json_t *finding_json(const struct finding *finding) {
  json_t *arguments = json_object();
  for (size_t i = 0; i < finding->argument_count; i++) json_object_set_new(arguments, finding->arguments[i].name, json_string(finding->arguments[i].value));
  return json_pack("{s:s, s:s, s:s, s:s, s:o}", "rule", finding->rule->id, "topic", topic_name(finding->topic), "severity", severity_name(finding->severity), "subject", finding->subject, "arguments", arguments);
}

static json_t *verdict_json(const struct verdict *verdict, int64_t when) {
  json_t *findings = json_array(), *topics = json_object();
  for (size_t i = 0; i < verdict->count; i++) json_array_append_new(findings, finding_json(verdict->findings[i]));
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (verdict->topics[i] != SEVERITY_SKIPPED) json_object_set_new(topics, topic_name((enum topic)i), json_string(severity_name(verdict->topics[i])));
  return json_pack("{s:I, s:s, s:o, s:o}", "when", (json_int_t)when, "status", severity_name(verdict->status), "topics", topics, "findings", findings);
}

static json_t *examined(const struct casefile *casefile, const char *domain) {
  json_t *all = casefile_member(casefile, "examined", false), *own = json_object_get(all, domain);
  if (json_is_object(own)) return own;
  own = json_object();
  json_object_set_new(all, domain, own);
  return own;
}

static void note_dmarc(json_t *own, const char *record, int64_t when) {
  json_t *list = json_object_get(own, "dmarc");
  if (!json_is_array(list)) {
    list = json_array();
    json_object_set_new(own, "dmarc", list);
  }
  if (strcmp(json_text(json_array_get(list, json_array_size(list) - 1), "record", "-"), record) == 0) return;
  json_array_append_new(list, json_pack("{s:I, s:o}", "when", (json_int_t)when, "record", json_bytes(record, strlen(record))));
  while (json_array_size(list) > MOST_RECORDS) json_array_remove(list, 0);
}

/* A look that saw all servers agree ends it; one that could not see them says nothing. */
static void note_serials(json_t *own, const struct verdict *verdict, int64_t when) {
  static const char key[] = "serials-differ";
  if (verdict_has(verdict, "ns-serial-mismatch")) {
    if (!json_object_get(own, key)) json_object_set_new(own, key, json_integer((json_int_t)when));
  } else if (verdict->topics[TOPIC_NS] != SEVERITY_SKIPPED && verdict->topics[TOPIC_NS] != SEVERITY_UNKNOWN) {
    json_object_del(own, key);
  }
}

bool casefile_note_examination(struct casefile *casefile, const char *domain, const struct verdict *verdict, const char *dmarc, int64_t when, struct fault *fault) {
  json_t *own = examined(casefile, domain), *last = json_object_get(own, "last");
  if (last) json_object_set(own, "before", last);
  json_object_set_new(own, "last", verdict_json(verdict, when));
  if (dmarc) note_dmarc(own, dmarc, when);
  note_serials(own, verdict, when);
  return casefile_save(casefile, fault);
}

int64_t casefile_serials_differ_since(const struct casefile *casefile, const char *domain) {
  return json_number(json_object_get(casefile_member(casefile, "examined", false), domain), "serials-differ", 0);
}

static struct finding *finding_from(struct arena *arena, const json_t *json) {
  const struct rule *rule = rule_find(json_text(json, "rule", ""));
  const json_t *arguments = json_object_get(json, "arguments");
  struct finding *finding = rule ? ARENA_NEW(arena, struct finding) : NULL;
  if (!finding || !severity_from_name(json_text(json, "severity", ""), &finding->severity)) return NULL;
  finding->rule = rule;
  finding->topic = rule->topic;
  topic_from_name(json_text(json, "topic", ""), &finding->topic);
  finding->subject = text_safe_string(arena, json_text(json, "subject", ""));
  finding->arguments = ARENA_ARRAY(arena, struct text_argument, json_object_size(arguments) + 1);
  const char *name;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)arguments, name, value)
    if (json_is_string(value)) finding->arguments[finding->argument_count++] = (struct text_argument){ arena_strdup(arena, name), text_safe_string(arena, json_string_value(value)) };
  return finding;
}

static const struct verdict *verdict_from(struct arena *arena, const json_t *json, int64_t *out_when) {
  const json_t *findings = json_object_get(json, "findings");
  struct verdict *verdict = json_is_object(json) ? ARENA_NEW(arena, struct verdict) : NULL;
  if (!verdict) return NULL;
  verdict->arena = arena;
  verdict->status = SEVERITY_UNKNOWN;
  severity_from_name(json_text(json, "status", ""), &verdict->status);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    verdict->topics[i] = SEVERITY_SKIPPED;
    severity_from_name(json_text(json_object_get(json, "topics"), topic_name((enum topic)i), ""), &verdict->topics[i]);
  }
  verdict->findings = ARENA_ARRAY(arena, struct finding *, json_array_size(findings) + 1);
  for (size_t i = 0; i < json_array_size(findings); i++) {
    struct finding *finding = finding_from(arena, json_array_get(findings, i));
    if (finding) verdict->findings[verdict->count++] = finding;
  }
  if (out_when) *out_when = json_number(json, "when", 0);
  return verdict;
}

static const json_t *kept(const struct casefile *casefile, const char *domain, const char *which) {
  return json_object_get(json_object_get(casefile_member(casefile, "examined", false), domain), which);
}

const struct verdict *casefile_last_verdict(struct arena *arena, const struct casefile *casefile, const char *domain, int64_t *out_when) {
  return verdict_from(arena, kept(casefile, domain, "last"), out_when);
}

const struct verdict *casefile_verdict_before(struct arena *arena, const struct casefile *casefile, const char *domain, int64_t *out_when) {
  return verdict_from(arena, kept(casefile, domain, "before"), out_when);
}

size_t casefile_dmarc_history(struct arena *arena, const struct casefile *casefile, const char *domain, struct casefile_dmarc **out) {
  const json_t *list = kept(casefile, domain, "dmarc");
  size_t count = json_array_size(list);
  *out = ARENA_ARRAY(arena, struct casefile_dmarc, count + 1);
  for (size_t i = 0; i < count; i++) {
    struct buf text = BUF_INIT(8192);
    const json_t *one = json_array_get(list, i);
    json_get_bytes(json_object_get(one, "record"), &text);
    (*out)[i] = (struct casefile_dmarc){ .record = text_safe_string(arena, buf_string(&text)), .since = json_number(one, "when", 0) };
    buf_release(&text);
  }
  return count;
}
