#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/dkim.h"
#include "checks/judge/gsi.h"
#include "src/plan/private.h"

enum { TTL_WHILE_CHANGING = 300, TTL_LATER = 3600, MOST_ARGUMENTS = 6 };

static void add_text(struct arena *arena, const char ***list, size_t *count, const char *text) {
  *list = arena_grow(arena, *list, *count, sizeof(const char *));
  (*list)[(*count)++] = arena_strdup(arena, text);
}

/* ---- changes ---- */

/* Adds a rule id to the reasons once. */
static void add_reason(struct planning *p, struct plan_change *change, const char *rule) {
  for (size_t i = 0; i < change->why_count; i++)
    if (strcmp(change->why[i], rule) == 0) return;
  add_text(p->j.arena, &change->why, &change->why_count, rule);
}

/* Every finding that asks for something is a reason; what could not be looked at, and what is right, is none. */
static void add_reasons(struct planning *p, struct plan_change *change, const char *prefixes) {
  for (size_t i = 0; i < p->verdict->count; i++) {
    const struct finding *finding = p->verdict->findings[i];
    bool asks = finding->severity == SEVERITY_INFO || finding->severity == SEVERITY_WARN || finding->severity == SEVERITY_FAIL;
    if (asks && text_starts_with_one(finding->rule->id, prefixes)) add_reason(p, change, finding->rule->id);
  }
}

struct plan_change *plan_change_new(struct planning *p, enum plan_action action, const char *name, uint16_t type, const struct plan_kind *kind) {
  struct plan *plan = p->plan;
  const char *zone = plan_zone_of(p, name);
  if (!*zone || !name_is_under(name, zone)) zone = name_parent(arena_strdup(p->j.arena, name)); /* not found: of a reverse name, as a rule */
  plan->changes = arena_grow(p->j.arena, plan->changes, plan->change_count, sizeof *plan->changes);
  struct plan_change *change = &plan->changes[plan->change_count++];
  *change = (struct plan_change){ .action = action, .name = arena_strdup(p->j.arena, name), .zone = zone, .type = type, .domain = p->inquiry->domain,
                                  .ttl = TTL_WHILE_CHANGING, .ttl_later = TTL_LATER, .section = kind->section, .sentence = kind->sentence,
                                  .order = kind->order, .order_why = kind->order_why };
  const char *host = name_relative(p->j.arena, change->name, zone);
  change->host = host ? host : change->name;
  change->contact = gsi_is_family(name) ? CONTACT_GSI : CONTACT_REGISTRAR;
  add_reasons(p, change, kind->why);
  return change;
}

void plan_change_now(struct planning *p, struct plan_change *change, const struct dns_rr *rr) {
  add_text(p->j.arena, &change->now, &change->now_count, plan_value_of(p->j.arena, rr));
  if (rr->ttl > change->now_ttl) change->now_ttl = rr->ttl;
}

void plan_change_wanted(struct planning *p, struct plan_change *change, const char *value) {
  add_text(p->j.arena, &change->wanted, &change->wanted_count, value);
}

/* Where the wanted text is one of several that are there, the others go and it stays. */
static struct plan_change *remove_others(struct planning *p, const char *name, const struct dns_rr *const *now, size_t now_count, const char *wanted, const struct plan_kind *kind) {
  size_t same = 0;
  for (size_t i = 0; i < now_count; i++) same += strcmp(now[i]->txt.bytes, wanted) == 0;
  if (same != 1 || now_count < 2) return NULL;
  struct plan_change *change = plan_change_new(p, PLAN_REMOVE, name, DNS_TYPE_TXT, kind);
  for (size_t i = 0; i < now_count; i++)
    if (strcmp(now[i]->txt.bytes, wanted) != 0) plan_change_now(p, change, now[i]);
  return change;
}

struct plan_change *plan_txt(struct planning *p, const char *name, const struct dns_rr *const *now, size_t now_count, const char *wanted, const struct plan_kind *kind) {
  if (now_count == 1 && strcmp(now[0]->txt.bytes, wanted) == 0) return NULL;
  struct plan_change *change = remove_others(p, name, now, now_count, wanted, kind);
  if (change) return change;
  change = plan_change_new(p, now_count ? PLAN_REPLACE : PLAN_ADD, name, DNS_TYPE_TXT, kind);
  for (size_t i = 0; i < now_count; i++) plan_change_now(p, change, now[i]);
  plan_change_wanted(p, change, wanted);
  return change;
}

void plan_remove_alias(struct planning *p, const struct dns_answer *answer, const struct plan_kind *kind) {
  struct plan_kind before = *kind;
  before.order--;
  before.sentence = N_("This alias leads to nothing, and keeps a record of the name's own from standing there.");
  before.order_why = N_("It goes first: nothing can stand beside an alias.");
  plan_change_now(p, plan_change_new(p, PLAN_REMOVE, answer->seen.question.name, DNS_TYPE_CNAME, &before), &answer->chain[0]);
}

/* A wildcard gives a name that nobody uses the same answer; below _domainkey that is the selector that the judges ask for too. */
static bool is_from_wildcard(struct planning *p, const struct dns_answer *answer) {
  const char *name = answer->seen.question.name, *parent = name_parent(name);
  if (!name_is_below(name, plan_zone_of(p, name)) || !*parent) return false;
  const char *of = strncmp(parent, "_domainkey.", 11) == 0 ? name_parent(parent) : name;
  const struct dns_answer *unused = ask_dns(&p->j, name_join(p->j.arena, unused_label(p->j.arena, of), parent), answer->seen.question.type);
  if (!unused || unused->count != answer->count || !unused->count) return false;
  for (size_t i = 0; i < unused->count; i++)
    if (strcmp(plan_value_of(p->j.arena, &unused->records[i]), plan_value_of(p->j.arena, &answer->records[i])) != 0) return false;
  return true;
}

bool plan_is_own(struct planning *p, const struct dns_answer *answer) {
  return answer->count && !answer->links && !is_from_wildcard(p, answer);
}

/* ---- tasks and problems ---- */

static const char *fill(struct arena *arena, const char *sentence, va_list list) {
  struct text_argument arguments[MOST_ARGUMENTS];
  size_t count = 0;
  for (const char *name; count < MOST_ARGUMENTS && (name = va_arg(list, const char *));) {
    const char *value = va_arg(list, const char *);
    arguments[count++] = (struct text_argument){ name, text_safe_string(arena, value ? value : "") };
  }
  return text_fill(arena, sentence, arguments, count);
}

static bool is_there(const struct plan *plan, const char *id, const char *sentence) {
  for (size_t i = 0; i < plan->task_count; i++)
    if (strcmp(plan->tasks[i].id, id) == 0 && strcmp(plan->tasks[i].sentence, sentence) == 0) return true;
  return false;
}

void plan_task(struct planning *p, const char *id, const char *section, const char *text, const char *sentence, ...) {
  struct plan *plan = p->plan;
  va_list list;
  va_start(list, sentence);
  const char *filled = fill(p->j.arena, sentence, list);
  va_end(list);
  if (is_there(plan, id, filled)) return;
  plan->tasks = arena_grow(p->j.arena, plan->tasks, plan->task_count, sizeof *plan->tasks);
  plan->tasks[plan->task_count++] = (struct plan_task){ .id = id, .section = section, .sentence = filled, .text = arena_strdup(p->j.arena, text), .domain = p->inquiry->domain };
}

void plan_problem(struct planning *p, const char *rule, const char *subject, const char *sentence, ...) {
  struct plan *plan = p->plan;
  const struct rule *row = rule_find(rule);
  va_list list;
  if (!row) abort();
  va_start(list, sentence);
  const char *detail = fill(p->j.arena, sentence, list);
  va_end(list);
  for (size_t i = 0; i < plan->problem_count; i++)
    if (plan->problems[i].rule == row && strcmp(plan->problems[i].subject, subject) == 0 && strcmp(plan->problems[i].detail, detail) == 0) return;
  plan->problems = arena_grow(p->j.arena, plan->problems, plan->problem_count, sizeof *plan->problems);
  plan->problems[plan->problem_count++] = (struct plan_problem){ .rule = row, .severity = row->severity, .subject = arena_strdup(p->j.arena, subject), .detail = detail };
}

void plan_unknown(struct planning *p, const char *name, const char *sentence) { plan_problem(p, "plan-present-unknown", name, sentence, "name", name, NULL); }
