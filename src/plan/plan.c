#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/examine.h"
#include "checks/judge/dkim.h"
#include "checks/judge/gsi.h"
#include "src/base/json.h"
#include "src/plan/private.h"

enum { TTL_WHILE_CHANGING = 300, TTL_LATER = 3600 };

/* ---- building ---- */

static void add_text(struct arena *arena, const char ***list, size_t *count, const char *text) {
  *list = arena_grow(arena, *list, *count, sizeof(const char *));
  (*list)[(*count)++] = arena_strdup(arena, text);
}

/* The zone is found by SOA: in the answer, or in the authority section of a negative one (RFC 2308 section 2). */
const char *plan_zone_of(struct planning *p, const char *name) {
  const struct dns_answer *soa = ask_dns(&p->j, name, DNS_TYPE_SOA);
  if (!soa) return p->inquiry->domain;
  if (soa->outcome == DNS_ANSWER) return soa->records[0].owner;
  for (size_t i = 0; i < soa->authorities; i++)
    if (soa->authority[i].type == DNS_TYPE_SOA && name_is_under(name, soa->authority[i].owner)) return soa->authority[i].owner;
  if (strcmp(name, p->inquiry->domain) != 0 && name_is_below(name, p->inquiry->domain)) return plan_zone_of(p, p->inquiry->domain);
  return p->inquiry->domain;
}

struct plan_change *plan_change_new(struct planning *p, enum plan_action action, const char *name, uint16_t type) {
  struct plan *plan = p->plan;
  plan->changes = arena_grow(p->j.arena, plan->changes, plan->change_count, sizeof *plan->changes);
  struct plan_change *change = &plan->changes[plan->change_count++];
  *change = (struct plan_change){ .action = action, .name = arena_strdup(p->j.arena, name), .zone = plan_zone_of(p, name), .type = type,
                                  .ttl = TTL_WHILE_CHANGING, .ttl_later = TTL_LATER, .section = "", .sentence = "", .order_why = "", .domain = p->inquiry->domain };
  const char *host = name_relative(p->j.arena, change->name, change->zone);
  change->host = host ? host : change->name;
  change->contact = gsi_is_family(name) ? CONTACT_GSI : CONTACT_REGISTRAR;
  return change;
}

void plan_change_now(struct planning *p, struct plan_change *change, const char *value, uint32_t ttl) {
  add_text(p->j.arena, &change->now, &change->now_count, value);
  if (ttl > change->now_ttl) change->now_ttl = ttl;
}

void plan_change_wanted(struct planning *p, struct plan_change *change, const char *value) {
  add_text(p->j.arena, &change->wanted, &change->wanted_count, value);
}

struct plan_change *plan_txt(struct planning *p, const char *name, const struct dns_rr *now, const char *wanted) {
  if (now && strcmp(now->txt.bytes, wanted) == 0) return NULL;
  struct plan_change *change = plan_change_new(p, now ? PLAN_REPLACE : PLAN_ADD, name, DNS_TYPE_TXT);
  if (now) plan_change_now(p, change, now->txt.bytes, now->ttl);
  plan_change_wanted(p, change, wanted);
  return change;
}

static bool has_prefix(const char *id, const char *prefixes) {
  while (*prefixes) {
    size_t length = strcspn(prefixes, " ");
    if (strncmp(id, prefixes, length) == 0) return true;
    prefixes += length;
    while (*prefixes == ' ') prefixes++;
  }
  return false;
}

void plan_why(struct planning *p, struct plan_change *change, const char *prefixes) {
  if (!change) return;
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    if (finding->severity < SEVERITY_INFO || !has_prefix(finding->rule->id, prefixes)) continue;
    bool again = false;
    for (size_t n = 0; n < change->why_count; n++) again = again || strcmp(change->why[n], finding->rule->id) == 0;
    if (!again && finding->severity != SEVERITY_UNKNOWN) add_text(p->j.arena, &change->why, &change->why_count, finding->rule->id);
  }
}

void plan_add_task(struct planning *p, const char *id, const char *section, const char *sentence, const char *text) {
  struct plan *plan = p->plan;
  plan->tasks = arena_grow(p->j.arena, plan->tasks, plan->task_count, sizeof *plan->tasks);
  plan->tasks[plan->task_count++] = (struct plan_task){ .id = id, .section = section, .sentence = arena_strdup(p->j.arena, sentence), .text = arena_strdup(p->j.arena, text), .domain = p->inquiry->domain };
}

void plan_problem(struct planning *p, const char *rule, const char *subject, const char *format, ...) {
  struct plan *plan = p->plan;
  const struct rule *row = rule_find(rule);
  va_list arguments;
  if (!row) abort();
  va_start(arguments, format);
  plan->problems = arena_grow(p->j.arena, plan->problems, plan->problem_count, sizeof *plan->problems);
  plan->problems[plan->problem_count++] = (struct plan_problem){ .rule = row, .severity = row->severity, .subject = arena_strdup(p->j.arena, subject),
                                                                 .detail = arena_vprintf(p->j.arena, format, arguments) };
  va_end(arguments);
}

/* ---- the store after the change ---- */

static bool value_is(const struct plan_change *change, const char *value) {
  for (size_t i = 0; i < change->now_count; i++)
    if (strcmp(change->now[i], value) == 0) return true;
  return false;
}

static void txt_from(struct arena *arena, struct dns_rr *rr, const char *value) {
  size_t length = strlen(value), strings = length ? (length + 254) / 255 : 1;
  uint8_t *lengths = arena_alloc(arena, strings);
  for (size_t i = 0; i < strings; i++) lengths[i] = (uint8_t)(length - i * 255 > 255 ? 255 : length - i * 255);
  rr->txt.bytes = arena_strdup(arena, value);
  rr->txt.length = (uint16_t)length;
  rr->txt.lengths = lengths;
  rr->txt.strings = (uint16_t)strings;
}

static struct dns_rr record_from(struct arena *arena, const struct plan_change *change, const char *value) {
  struct dns_rr rr = { .owner = change->name, .type = change->type, .ttl = change->ttl };
  struct buf data = BUF_INIT(65535);
  const char *space = strchr(value, ' ');
  if (change->type == DNS_TYPE_TXT) {
    txt_from(arena, &rr, value);
  } else if (change->type == DNS_TYPE_MX) {
    rr.mx.preference = (uint16_t)strtoul(value, NULL, 10);
    rr.mx.host = name_lower(arena, space ? space + 1 : "");
  } else {
    rr.target = name_lower(arena, value);
  }
  if (dns_rdata_encode(&data, &rr)) {
    rr.data = arena_memdup(arena, buf_string(&data), data.length);
    rr.data_length = (uint16_t)data.length;
  }
  buf_release(&data);
  return rr;
}

/* Puts what `name` will be answered with; it differs from the change's own name below a wildcard. */
static void apply_at(const struct plan_change *change, const char *name, struct store *overlay) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = change->type };
  const struct dns_answer *before = store_dns(overlay, name, change->type);
  struct dns_answer *after = dns_answer_new(&question);
  struct arena *arena = after->seen.arena;
  struct dns_rr *records = NULL;
  size_t count = 0;
  for (size_t i = 0; before && before->links == 0 && i < before->count; i++) {
    if (value_is(change, plan_value_of(arena, &before->records[i]))) continue;
    records = arena_grow(arena, records, count, sizeof *records);
    records[count++] = before->records[i];
  }
  for (size_t i = 0; i < change->wanted_count; i++) {
    records = arena_grow(arena, records, count, sizeof *records);
    records[count++] = record_from(arena, change, change->wanted[i]);
  }
  dns_answer_set(after, count ? DNS_ANSWER : DNS_NODATA, records, count);
  if (before) {
    after->seen.time = before->seen.time;
    after->seen.server = arena_strdup(arena, before->seen.server);
  }
  store_put(overlay, &after->seen);
}

/* A wildcard answers for the selector that nobody uses, which is how it is seen. */
static void apply_one(const struct plan *plan, const struct plan_change *change, struct store *overlay) {
  apply_at(change, change->name, overlay);
  if (strncmp(change->name, "*._domainkey.", 13) != 0) return;
  struct arena *arena = arena_new();
  apply_at(change, name_join(arena, dkim_unused_selector(arena, plan->domain), change->name + 2), overlay);
  arena_free(&arena);
}

void plan_apply(const struct plan *plan, struct store *below, struct store *overlay) {
  (void)below;
  for (size_t i = 0; i < plan->change_count; i++) apply_one(plan, &plan->changes[i], overlay);
}

/* ---- proof: judged as if it were published, with everything else as it is now ---- */

static bool is_reason(const struct plan *plan, const char *rule) {
  for (size_t i = 0; i < plan->change_count; i++)
    for (size_t n = 0; n < plan->changes[i].why_count; n++)
      if (strcmp(plan->changes[i].why[n], rule) == 0) return true;
  return false;
}

static void prove(struct planning *p) {
  struct store *overlay = store_overlay(p->j.store);
  struct arena *arena = arena_new();
  struct inquiry inquiry = *p->inquiry;
  inquiry.topics &= 1u << TOPIC_SPF | 1u << TOPIC_DMARC | 1u << TOPIC_TLSRPT | 1u << TOPIC_DKIM | 1u << TOPIC_MX;
  plan_apply(p->plan, p->j.store, overlay);
  const struct verdict *after = examine_store(arena, overlay, &inquiry);
  const uint32_t *missed;
  if (store_missed(overlay, &missed) > 0) p->plan->waiting = true;
  for (size_t i = 0; i < after->count; i++) {
    const struct finding *finding = after->findings[i];
    if (finding->severity != SEVERITY_FAIL) continue;
    const struct finding *before = verdict_find(p->verdict, finding->rule->id, finding->subject);
    if (!before) plan_problem(p, "plan-record-invalid", finding->subject, "%s: %s", finding->rule->id, finding_detail(p->j.arena, finding));
    else if (is_reason(p->plan, finding->rule->id) && p->plan->change_count == 1)
      plan_problem(p, "plan-record-invalid", finding->subject, "%s: %s", finding->rule->id, finding_detail(p->j.arena, finding));
  }
  arena_free(&arena);
  store_free(&overlay);
}

static int by_order(const void *a, const void *b) {
  const struct plan_change *left = a, *right = b;
  if (left->order != right->order) return left->order - right->order;
  int names = strcmp(left->name, right->name);
  return names ? names : (int)left->type - (int)right->type;
}

struct plan *plan_make(struct arena *arena, struct store *store, const struct verdict *verdict, const struct inquiry *inquiry, const struct plan_options *options) {
  struct plan *plan = ARENA_NEW(arena, struct plan);
  struct planning p = { .j = { .store = store, .inquiry = inquiry, .arena = arena, .topic = TOPIC_SPF }, .plan = plan, .verdict = verdict, .inquiry = inquiry, .options = options };
  plan->domain = inquiry->domain;
  if (verdict_has(verdict, "ns-domain-not-found") || verdict_has(verdict, "ns-lookup-failed")) {
    plan_problem(&p, "plan-present-unknown", inquiry->domain, "%s", _("The domain could not be looked at, so nothing can be asked for."));
    return plan;
  }
  if (!judge_profile(&p.j, &p.profile)) {
    plan->waiting = true;
    return plan;
  }
  plan_spf(&p);
  plan_dmarc(&p);
  plan_dkim(&p);
  plan_tlsrpt(&p);
  plan_mtasts(&p);
  plan_mx(&p);
  plan_pointers(&p);
  if (plan->change_count) qsort(plan->changes, plan->change_count, sizeof *plan->changes, by_order);
  plan_fill_present(&p);
  plan->waiting |= p.j.waiting;
  if (!plan->waiting && plan->change_count) prove(&p);
  return plan;
}

bool plan_blocked(const struct plan *plan) {
  for (size_t i = 0; i < plan->problem_count; i++)
    if (plan->problems[i].severity == SEVERITY_FAIL) return true;
  return false;
}

/* ---- reading ---- */

const char *plan_action_name(enum plan_action action) { return action == PLAN_ADD ? "add" : action == PLAN_REPLACE ? "replace" : "remove"; }

const char *plan_contact_name(enum plan_contact contact) {
  return contact == CONTACT_GSI ? "gsi" : contact == CONTACT_ADDRESS_OWNER ? "address-owner" : "registrar";
}

const struct plan_change *plan_find(const struct plan *plan, const char *record) {
  static const struct { const char *word, *section; } words[] = { { "spf", "dns-spf" }, { "dmarc", "dns-dmarc" }, { "tlsrpt", "cloud-tlsrpt" }, { "mtasts", "mtasts" }, { "mx", "check-mx" } };
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    for (size_t n = 0; n < MEM_COUNT(words); n++)
      if (strcmp(record, words[n].word) == 0 && strcmp(change->section, words[n].section) == 0 && change->action != PLAN_REMOVE) return change;
    if (text_starts(record, "dkim:") && text_starts(change->name, record + 5) && strncmp(change->name + strlen(record + 5), "._domainkey.", 12) == 0) return change;
  }
  return NULL;
}

static json_t *texts_json(const char **list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(array, json_bytes(list[i], strlen(list[i])));
  return array;
}

static json_t *change_json(struct arena *arena, const struct plan_change *change) {
  char scratch[16];
  const char *host = name_relative(arena, change->name, change->zone);
  return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:o, s:s, s:s}", "action", plan_action_name(change->action), "zone", change->zone, "name", change->name,
                   "host", host ? host : change->name, "type", dns_type_name(change->type, scratch), "now", texts_json(change->now, change->now_count), "wanted",
                   texts_json(change->wanted, change->wanted_count), "ttl", (json_int_t)change->ttl, "ttl_later", (json_int_t)change->ttl_later, "why",
                   texts_json(change->why, change->why_count), "section", change->section, "contact", plan_contact_name(change->contact));
}

json_t *plan_json(const struct plan *plan) {
  struct arena *arena = arena_new();
  json_t *changes = json_array(), *tasks = json_array(), *problems = json_array();
  for (size_t i = 0; i < plan->change_count; i++) json_array_append_new(changes, change_json(arena, &plan->changes[i]));
  for (size_t i = 0; i < plan->task_count; i++) {
    const struct plan_task *task = &plan->tasks[i];
    json_array_append_new(tasks, json_pack("{s:s, s:s, s:s, s:s}", "id", task->id, "section", task->section, "task", task->sentence, "text", task->text));
  }
  for (size_t i = 0; i < plan->problem_count; i++)
    json_array_append_new(problems, json_pack("{s:s, s:s, s:s, s:s}", "id", plan->problems[i].rule->id, "severity", severity_name(plan->problems[i].severity), "subject",
                                              text_safe_string(arena, plan->problems[i].subject), "detail", text_safe_string(arena, plan->problems[i].detail)));
  json_t *json = json_pack("{s:i, s:s, s:o, s:o, s:o}", "version", 1, "domain", plan->domain, "changes", changes, "tasks", tasks, "problems", problems);
  arena_free(&arena);
  return json;
}
