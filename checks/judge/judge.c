#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/lib.h"
#include "checks/judge/spf_evaluate.h"
#include "checks/parsed.h"

/* ---- asking ---- */

const struct dns_answer *ask_dns(struct judgement *judgement, const char *name, uint16_t type) {
  return ask_dns_with(judgement, "", name, type, 0);
}

const struct dns_answer *ask_dns_with(struct judgement *judgement, const char *server, const char *name, uint16_t type, uint16_t flags) {
  const struct dns_answer *answer = store_dns_with(judgement->store, server, name, type, flags);
  if (!answer) judgement->waiting = true;
  return answer;
}

const struct smtp_session *ask_smtp(struct judgement *judgement, const char *host, const char *address, uint16_t flags) {
  bool about_servers = judgement->topic == TOPIC_TLS || judgement->topic == TOPIC_DANE;
  if (judgement->inquiry->no_smtp && !about_servers) return NULL;
  const struct smtp_session *session = store_smtp(judgement->store, host, address, 0, flags);
  if (!session) judgement->waiting = true;
  return session;
}

const struct https_reply *ask_https(struct judgement *judgement, const char *host, const char *path) {
  return ask_https_at(judgement, host, "", path, 0);
}

const struct https_reply *ask_https_at(struct judgement *judgement, const char *host, const char *address, const char *path, uint16_t flags) {
  const struct https_reply *reply = store_https_at(judgement->store, host, address, path, flags);
  if (!reply) judgement->waiting = true;
  return reply;
}

bool ask_spf(struct judgement *judgement, const char *name, const struct spf_record **out) {
  const struct dns_rr *record = NULL;
  const struct dns_answer *answer = NULL;
  enum spf_selection selection = spf_select(judgement->store, name, &record, &answer);
  if (selection == SPF_SELECT_WAITING) judgement->waiting = true;
  *out = selection == SPF_SELECT_ONE ? parsed_spf(answer, record) : NULL;
  return selection != SPF_SELECT_WAITING;
}

const char *ask_name(struct judgement *judgement, const char *prefix) {
  return name_join(judgement->arena, prefix, judgement->inquiry->domain);
}

/* ---- finding ---- */

static const struct rule *rule_of(const char *id) {
  const struct rule *rule = rule_find(id);
  if (!rule) abort();
  return rule;
}

static struct finding *add_finding(struct judgement *judgement, const struct rule *row, enum severity severity, const char *subject) {
  struct finding *finding = ARENA_NEW(judgement->arena, struct finding);
  finding->rule = row;
  finding->topic = judgement->topic;
  finding->severity = severity;
  finding->subject = subject ? arena_strdup(judgement->arena, subject) : judgement->inquiry->domain;
  judgement->findings = arena_grow(judgement->arena, judgement->findings, judgement->count, sizeof(struct finding *));
  judgement->findings[judgement->count++] = finding;
  return finding;
}

struct finding *find(struct judgement *judgement, const char *rule, const char *subject) {
  const struct rule *row = rule_of(rule);
  return add_finding(judgement, row, row->severity, subject);
}

struct finding *find_as(struct judgement *judgement, const char *rule, enum severity severity, const char *subject) {
  const struct rule *row = rule_of(rule);
  if (severity != row->severity && severity != row->other) abort();
  return add_finding(judgement, row, severity, subject);
}

static void add_argument(struct judgement *judgement, struct finding *finding, const char *name, const char *value) {
  finding->arguments = arena_grow(judgement->arena, finding->arguments, finding->argument_count, sizeof *finding->arguments);
  finding->arguments[finding->argument_count++] = (struct text_argument){ name, value };
}

void find_argument(struct judgement *judgement, struct finding *finding, const char *name, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *value = arena_vprintf(judgement->arena, format, arguments);
  va_end(arguments);
  add_argument(judgement, finding, name, text_safe_string(judgement->arena, value));
}

void find_bytes(struct judgement *judgement, struct finding *finding, const char *name, const void *bytes, size_t length) {
  add_argument(judgement, finding, name, text_safe_copy(judgement->arena, bytes, length));
}

void find_seen(struct judgement *judgement, struct finding *finding, const struct observation *observation) {
  finding->seen = arena_grow(judgement->arena, finding->seen, finding->seen_count, sizeof(struct observation *));
  finding->seen[finding->seen_count++] = observation;
}

struct finding *find_lookup_failed(struct judgement *judgement, const char *rule, const char *subject, const struct dns_answer *answer) {
  struct finding *finding = find(judgement, rule, subject);
  find_argument(judgement, finding, "server", "%s", *answer->seen.server ? answer->seen.server : _("the name servers that were asked"));
  find_argument(judgement, finding, "reason", "%s", dns_reason(judgement->arena, answer));
  find_seen(judgement, finding, &answer->seen);
  return finding;
}

bool found(const struct judgement *judgement, const char *rule) {
  for (size_t i = 0; i < judgement->count; i++)
    if (strcmp(judgement->findings[i]->rule->id, rule) == 0) return true;
  return false;
}

bool found_above_info(const struct judgement *judgement) {
  for (size_t i = 0; i < judgement->count; i++)
    if (judgement->findings[i]->severity > SEVERITY_INFO) return true;
  return false;
}

/* ---- running ---- */

static judge_function *const judges[TOPIC_COUNT] = {
  [TOPIC_NS] = judge_ns,       [TOPIC_MX] = judge_mx,         [TOPIC_ADDRESS] = judge_address, [TOPIC_SPF] = judge_spf,
  [TOPIC_DKIM] = judge_dkim,   [TOPIC_DMARC] = judge_dmarc,   [TOPIC_TLSRPT] = judge_tlsrpt,   [TOPIC_MTASTS] = judge_mtasts,
  [TOPIC_TLS] = judge_tls,     [TOPIC_DANE] = judge_dane,     [TOPIC_GSI] = judge_gsi,
};

void judge_run(enum topic topic, struct store *store, const struct inquiry *inquiry, struct arena *arena, struct judgement *out) {
  *out = (struct judgement){ .store = store, .inquiry = inquiry, .arena = arena, .topic = topic };
  judges[topic](out);
}
