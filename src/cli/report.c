#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/lib.h"

/* ---- JSON ---- */

json_t *report_finding_json(struct arena *arena, const struct finding *finding) {
  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", finding->rule->id, "topic", topic_name(finding->topic), "severity",
                   severity_name(finding->severity), "subject", text_safe_string(arena, finding->subject), "detail", finding_detail(arena, finding),
                   "remedy", finding_remedy(arena, finding), "reference", finding->rule->reference);
}

static bool starts_like(const struct dns_rr *rr, const char *version) {
  size_t length = strlen(version);
  return rr->txt.length >= length && text_equal_n(rr->txt.bytes, version, length);
}

static json_t *txt_records(struct store *store, struct arena *arena, const char *prefix, const char *domain, const char *version) {
  json_t *array = json_array();
  const struct dns_answer *answer = store_peek_dns(store, name_join(arena, prefix, domain), DNS_TYPE_TXT);
  for (size_t i = 0; answer && i < answer->count; i++)
    if (starts_like(&answer->records[i], version)) json_array_append_new(array, json_bytes(answer->records[i].txt.bytes, answer->records[i].txt.length));
  return array;
}

static json_t *mx_records(struct store *store, const char *domain) {
  json_t *array = json_array();
  const struct dns_answer *answer = store_peek_dns(store, domain, DNS_TYPE_MX);
  for (size_t i = 0; answer && i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    json_array_append_new(array, json_pack("{s:i, s:o}", "preference", rr->mx.preference, "host",
                                           *rr->mx.host ? json_bytes(rr->mx.host, strlen(rr->mx.host)) : json_string(".")));
  }
  return array;
}

struct key_search {
  const char *suffix;
  json_t *array;
};

static void add_key(const struct observation *seen, void *context) {
  struct key_search *search = context;
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)seen;
  if (seen->question.kind != QUESTION_DNS || seen->question.type != DNS_TYPE_TXT || *seen->question.server) return;
  if (!name_is_below(seen->question.name, search->suffix)) return;
  size_t length = strlen(seen->question.name) - strlen(search->suffix) - 1;
  for (size_t i = 0; i < answer->count; i++)
    json_array_append_new(search->array, json_pack("{s:o, s:o}", "selector", json_bytes(seen->question.name, length), "value",
                                                   json_bytes(answer->records[i].txt.bytes, answer->records[i].txt.length)));
}

static json_t *dkim_records(struct store *store, struct arena *arena, const char *domain) {
  struct key_search search = { name_join(arena, "_domainkey", domain), json_array() };
  store_each(store, add_key, &search);
  return search.array;
}

static json_t *records_json(struct store *store, struct arena *arena, const char *domain) {
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "spf", txt_records(store, arena, "", domain, "v=spf1"), "dmarc",
                   txt_records(store, arena, "_dmarc", domain, "v="), "tlsrpt", txt_records(store, arena, "_smtp._tls", domain, "v="), "mtasts",
                   txt_records(store, arena, "_mta-sts", domain, "v="), "dkim", dkim_records(store, arena, domain), "mx", mx_records(store, domain));
}

json_t *report_json(const struct verdict *verdict, struct store *store, const struct inquiry *inquiry, const struct examination_figures *figures, int64_t time) {
  struct arena *arena = arena_new();
  char when[32];
  clock_format_utc(time, when);
  json_t *topics = json_object(), *findings = json_array();
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    enum severity severity = verdict->topics[i] == SEVERITY_INFO ? SEVERITY_PASS : verdict->topics[i];
    json_object_set_new(topics, topic_name((enum topic)i), json_string(severity_name(severity)));
  }
  for (size_t i = 0; i < verdict->count; i++) json_array_append_new(findings, report_finding_json(arena, verdict->findings[i]));
  json_t *json = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:I, s:I}", "version", 1, "domain", inquiry->domain, "time", when, "status",
                           severity_name(verdict->status), "topics", topics, "findings", findings, "records", records_json(store, arena, inquiry->domain),
                           "elapsed_ms", (json_int_t)figures->elapsed_ms, "questions", (json_int_t)figures->questions, "rounds", (json_int_t)figures->rounds);
  arena_free(&arena);
  return json;
}

/* ---- text ---- */

static const char *severity_word(enum severity severity) {
  switch (severity) {
  case SEVERITY_PASS: return _("Good");
  case SEVERITY_INFO: return _("Note");
  case SEVERITY_WARN: return _("Warning");
  case SEVERITY_UNKNOWN: return _("Could not check");
  case SEVERITY_FAIL: return _("Problem");
  case SEVERITY_SKIPPED: break;
  }
  return _("Not checked");
}

static void wrapped(struct buf *out, const char *indent, const char *text) {
  enum { MEASURE = 76 };
  size_t room = MEASURE - text_width(indent);
  while (*text) {
    size_t length = text_fit(text, room, NULL);
    if (text[length]) {
      size_t back = length;
      while (back > 0 && text[back] != ' ') back--;
      if (back > 0) length = back;
      else length = strcspn(text, " "); /* one long word, such as a record, stays whole */
    }
    buf_printf(out, "%s%.*s\n", indent, (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
}

static void finding_text(struct buf *out, struct arena *arena, const struct finding *finding) {
  buf_printf(out, "  %s: %s\n", severity_word(finding->severity), text_safe_string(arena, finding->subject));
  wrapped(out, "    ", finding_detail(arena, finding));
  if (finding->severity == SEVERITY_PASS) return;
  const char *meaning = finding_meaning(arena, finding), *remedy = finding_remedy(arena, finding);
  if (*meaning) wrapped(out, "    ", meaning);
  if (*remedy) wrapped(out, "    ", text_fill(arena, _("What to do: {remedy}"), &(struct text_argument){ "remedy", remedy }, 1));
  for (size_t i = 0; i < finding->seen_count; i++) {
    const struct observation *seen = finding->seen[i];
    struct clock_date when = clock_local(seen->time);
    buf_printf(out, _("    Seen: %s, from %s, at %02d:%02d:%02d\n"), question_describe(arena, &seen->question),
               *seen->server ? seen->server : _("nobody: no answer came"), when.hour, when.minute, when.second);
  }
  buf_printf(out, "    [%s] %s\n", finding->rule->id, finding->rule->reference);
}

void report_text(struct buf *out, const struct verdict *verdict, const struct inquiry *inquiry, const struct examination_figures *figures) {
  struct arena *arena = arena_new();
  buf_printf(out, "%s: %s\n", inquiry->domain, severity_word(verdict->status));
  for (unsigned topic = 0; topic < TOPIC_COUNT; topic++) {
    if (verdict->topics[topic] == SEVERITY_SKIPPED) continue;
    buf_printf(out, "\n%s: %s\n", topic_title((enum topic)topic), severity_word(verdict->topics[topic]));
    for (size_t i = 0; i < verdict->count; i++)
      if (verdict->findings[i]->topic == (enum topic)topic) finding_text(out, arena, verdict->findings[i]);
  }
  if (figures) buf_printf(out, _("\n%u questions in %u rounds, %u ms.\n"), figures->questions, figures->rounds, figures->elapsed_ms);
  arena_free(&arena);
}

void print_buf(const struct buf *buf) {
  fwrite(buf_string(buf), 1, buf->length, stdout);
  fflush(stdout);
}

bool print_json_line(json_t *json) {
  char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);
  json_decref(json);
  if (!text) return false;
  puts(text);
  fflush(stdout);
  free(text);
  return true;
}
