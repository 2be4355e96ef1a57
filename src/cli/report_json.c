#include <stdlib.h>
#include <string.h>

#include "checks/judge/spf_tree.h"
#include "src/cli/lib.h"

/* The line of check, written straight into a buffer (see json_write.h). */

static void put_member(struct buf *out, const char *key, const char *value) {
  buf_printf(out, "\"%s\":", key);
  json_put_text(out, value);
}

/* A number that the judges made of what they read. */
static void put_number(struct buf *out, const struct finding *finding, const char *name) {
  const char *value = finding_argument(finding, name);
  if (value && *value && value[strspn(value, "0123456789")] == '\0') buf_printf(out, ",\"%s\":%s", name, value);
}

static void put_finding(struct buf *out, struct arena *arena, const struct finding *finding) {
  const struct { const char *key, *value; } members[] = {
    { "{\"id\":", finding->rule->id }, { ",\"topic\":", topic_name(finding->topic) }, { ",\"severity\":", severity_name(finding->severity) },
    { ",\"subject\":", text_safe_string(arena, finding->subject) }, { ",\"detail\":", finding_detail(arena, finding) },
    { ",\"remedy\":", finding_remedy(arena, finding) }, { ",\"reference\":", finding->rule->reference },
  };
  for (size_t i = 0; i < MEM_COUNT(members); i++) {
    buf_text(out, members[i].key);
    json_put_text(out, members[i].value);
  }
  put_number(out, finding, "position");
  put_number(out, finding, "line");
  buf_char(out, '}');
}

void report_amendment_json(struct buf *out, const char *domain, const struct finding *finding) {
  struct arena *arena = arena_new();
  buf_text(out, "{\"version\":1,");
  put_member(out, "amends", domain);
  buf_text(out, ",\"findings\":[");
  put_finding(out, arena, finding);
  buf_text(out, "]}\n");
  arena_free(&arena);
}

json_t *report_finding_json(struct arena *arena, const struct finding *finding) {
  struct buf out = BUF_INIT(LONGEST_REPORT);
  struct fault ignored;
  put_finding(&out, arena, finding);
  json_t *json = json_parse(buf_string(&out), out.length, &ignored);
  buf_release(&out);
  return json;
}

static void put_findings(struct buf *out, const struct verdict *verdict) {
  struct arena *arena = arena_new();
  for (size_t i = 0; i < verdict->count; i++) {
    if (i) buf_char(out, ',');
    put_finding(out, arena, verdict->findings[i]);
    arena_clear(arena);
  }
  arena_free(&arena);
}

static void put_topics(struct buf *out, const struct verdict *verdict) {
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    enum severity severity = verdict->topics[i] == SEVERITY_INFO ? SEVERITY_PASS : verdict->topics[i];
    if (i) buf_char(out, ',');
    put_member(out, topic_name((enum topic)i), severity_name(severity));
  }
}

/* ---- the records that were seen ---- */

static bool starts_like(const struct dns_rr *rr, const char *version) {
  size_t length = strlen(version);
  return rr->txt.length >= length && text_equal_n(rr->txt.bytes, version, length);
}

static void put_txt(struct buf *out, struct store *store, const char *name, const char *version) {
  const struct dns_answer *answer = store_peek_dns(store, name, DNS_TYPE_TXT);
  bool any = false;
  buf_char(out, '[');
  for (size_t i = 0; answer && i < answer->count; i++) {
    if (!starts_like(&answer->records[i], version)) continue;
    if (any) buf_char(out, ',');
    json_put_bytes(out, answer->records[i].txt.bytes, answer->records[i].txt.length);
    any = true;
  }
  buf_char(out, ']');
}

static void put_mx(struct buf *out, struct store *store, const char *domain) {
  const struct dns_answer *answer = store_peek_dns(store, domain, DNS_TYPE_MX);
  for (size_t i = 0; answer && i < answer->count; i++) {
    const char *host = answer->records[i].mx.host;
    buf_printf(out, "%s{\"preference\":%u,\"host\":", i ? "," : "", answer->records[i].mx.preference);
    json_put_bytes(out, *host ? host : ".", *host ? strlen(host) : 1);
    buf_char(out, '}');
  }
}

struct key_search {
  struct arena *arena;
  const char *suffix;                /* "_domainkey.<domain>" */
  const struct dns_answer **answers;
  size_t count;
};

static void note_key(const struct observation *seen, void *context) {
  struct key_search *search = context;
  const struct question *question = &seen->question;
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)seen;
  if (question->kind != QUESTION_DNS || question->type != DNS_TYPE_TXT || *question->server) return;
  if (!answer->count && !answer->links) return;
  if (!name_is_below(question->name, search->suffix)) return;
  search->answers = arena_grow(search->arena, search->answers, search->count, sizeof *search->answers);
  search->answers[search->count++] = answer;
}

static int by_name(const void *a, const void *b) {
  return strcmp((*(const struct dns_answer *const *)a)->seen.question.name, (*(const struct dns_answer *const *)b)->seen.question.name);
}

static void put_keys(struct buf *out, struct store *store, const char *suffix, struct arena *arena) {
  struct key_search search = { .arena = arena, .suffix = suffix };
  bool any = false;
  store_visit(store, note_key, &search);
  if (search.count) qsort(search.answers, search.count, sizeof *search.answers, by_name);
  for (size_t i = 0; i < search.count; i++) {
    const char *name = search.answers[i]->seen.question.name;
    const struct dns_answer *whole = store_peek_dns(store, name, DNS_TYPE_TXT);
    for (size_t n = 0; whole && n < whole->count; n++) {
      buf_text(out, any ? ",{\"selector\":" : "{\"selector\":");
      json_put_bytes(out, name, strlen(name) - strlen(suffix) - 1);
      buf_text(out, ",\"value\":");
      json_put_bytes(out, whole->records[n].txt.bytes, whole->records[n].txt.length);
      buf_char(out, '}');
      any = true;
    }
  }
}

static void put_records(struct buf *out, struct store *store, const char *domain) {
  static const struct { const char *key, *prefix, *version; } kinds[] = {
    { "\"spf\":", "", "v=spf1" }, { ",\"dmarc\":", "_dmarc", "v=" }, { ",\"tlsrpt\":", "_smtp._tls", "v=" }, { ",\"mtasts\":", "_mta-sts", "v=" },
  };
  struct arena *arena = arena_new();
  for (size_t i = 0; i < MEM_COUNT(kinds); i++) {
    buf_text(out, kinds[i].key);
    put_txt(out, store, name_join(arena, kinds[i].prefix, domain), kinds[i].version);
  }
  buf_text(out, ",\"dkim\":[");
  put_keys(out, store, name_join(arena, "_domainkey", domain), arena);
  buf_text(out, "],\"mx\":[");
  put_mx(out, store, domain);
  buf_char(out, ']');
  arena_free(&arena);
}

/* Where SPF was judged and one record was there: each term, what it costs, and what is wrong with it. */
static void put_spf_tree(struct buf *out, const struct verdict *verdict, struct store *store, const char *domain) {
  bool judged = verdict->topics[TOPIC_SPF] != SEVERITY_SKIPPED && store_peek_dns(store, domain, DNS_TYPE_TXT);
  struct arena *arena = arena_new();
  const struct spf_tree *tree = judged ? spf_tree_grow(store, arena, domain, NULL, 0) : NULL;
  if (tree && tree->root.record) spf_tree_put_json(out, tree);
  else buf_text(out, "null");
  arena_free(&arena);
}

void report_json(struct buf *out, const struct verdict *verdict, struct store *store, const struct inquiry *inquiry, const struct examination_figures *figures,
                 int64_t time) {
  char when[32];
  clock_format_utc(time, when);
  buf_text(out, "{\"version\":1,");
  put_member(out, "domain", inquiry->domain);
  buf_char(out, ',');
  put_member(out, "time", when);
  buf_char(out, ',');
  put_member(out, "status", severity_name(verdict->status));
  buf_text(out, ",\"topics\":{");
  put_topics(out, verdict);
  buf_text(out, "},\"findings\":[");
  put_findings(out, verdict);
  buf_text(out, "],\"records\":{");
  put_records(out, store, inquiry->domain);
  buf_text(out, "},\"spf_tree\":");
  put_spf_tree(out, verdict, store, inquiry->domain);
  buf_char(out, ',');
  report_servers_json(out, store);
  buf_printf(out, ",\"elapsed_ms\":%u,\"questions\":%u,\"rounds\":%u}\n", figures->elapsed_ms, figures->questions, figures->rounds);
}
