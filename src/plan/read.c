/* Reading a plan: its changes by name, its words, its JSON. */
#include <stdlib.h>
#include <string.h>

#include "src/base/json.h"
#include "src/base/lib.h"
#include "src/plan/private.h"

bool plan_blocked(const struct plan *plan) {
  for (size_t i = 0; i < plan->problem_count; i++)
    if (plan->problems[i].severity == SEVERITY_FAIL) return true;
  return false;
}

const char *plan_action_name(enum plan_action action) { return action == PLAN_ADD ? "add" : action == PLAN_REPLACE ? "replace" : "remove"; }

const char *plan_contact_name(enum plan_contact contact) {
  return contact == CONTACT_GSI ? "gsi" : contact == CONTACT_ADDRESS_OWNER ? "address-owner" : "registrar";
}

static bool is_selector(const struct plan_change *change, const char *selector) {
  size_t length = strlen(selector);
  return text_equal_n(change->name, selector, length) && strncmp(change->name + length, "._domainkey.", 12) == 0;
}

const struct plan_change *plan_find(const struct plan *plan, const char *record) {
  static const struct { const char *word, *section, *prefix; } words[] = {
    { "spf", "dns-spf", "" }, { "dmarc", "dns-dmarc", "_dmarc." }, { "tlsrpt", "cloud-tlsrpt", "_smtp._tls." }, { "mtasts", "mtasts", "_mta-sts." }, { "mx", "check-mx", "" }, { "mx", "check-nonsending", "" },
  };
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (change->action == PLAN_REMOVE) continue;
    if (text_starts(record, "dkim:") && is_selector(change, record + 5)) return change;
    for (size_t n = 0; n < MEM_COUNT(words); n++) {
      if (strcmp(record, words[n].word) != 0 || strcmp(change->section, words[n].section) != 0) continue;
      size_t prefix = strlen(words[n].prefix);
      bool is_mx = strcmp(record, "mx") == 0;
      if ((change->type == DNS_TYPE_MX) == is_mx && strncmp(change->name, words[n].prefix, prefix) == 0 && strcmp(change->name + prefix, plan->domain) == 0) return change;
    }
  }
  return NULL;
}

/* ---- JSON ---- */

static json_t *texts_json(const char **list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(array, json_bytes(list[i], strlen(list[i])));
  return array;
}

static json_t *change_json(const struct plan_change *change) {
  char scratch[16];
  json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:o, s:s, s:s}", "action", plan_action_name(change->action), "zone", change->zone, "name", change->name,
                           "host", change->host, "type", dns_type_name(change->type, scratch), "now", texts_json(change->now, change->now_count), "wanted",
                           texts_json(change->wanted, change->wanted_count), "ttl", (json_int_t)change->ttl, "ttl_later", (json_int_t)change->ttl_later, "why",
                           texts_json(change->why, change->why_count), "section", change->section, "contact", plan_contact_name(change->contact));
  json_object_set_new(json, "ttl_now", json_integer((json_int_t)change->now_ttl));
  json_object_set_new(json, "order", json_integer(change->order));
  json_object_set_new(json, "order_why", json_string(_(change->order_why)));
  json_object_set_new(json, "sentence", json_string(_(change->sentence)));
  json_object_set_new(json, "domain", json_string(change->domain));
  return json;
}

json_t *plan_json(const struct plan *plan) {
  struct arena *arena = arena_new();
  json_t *changes = json_array(), *tasks = json_array(), *problems = json_array();
  for (size_t i = 0; i < plan->change_count; i++) json_array_append_new(changes, change_json(&plan->changes[i]));
  for (size_t i = 0; i < plan->task_count; i++) {
    const struct plan_task *task = &plan->tasks[i];
    json_array_append_new(tasks, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", task->id, "section", task->section, "task", task->sentence, "text", task->text, "domain", task->domain));
  }
  for (size_t i = 0; i < plan->problem_count; i++)
    json_array_append_new(problems, json_pack("{s:s, s:s, s:s, s:s}", "id", plan->problems[i].rule->id, "severity", severity_name(plan->problems[i].severity), "subject",
                                              text_safe_string(arena, plan->problems[i].subject), "detail", text_safe_string(arena, plan->problems[i].detail)));
  json_t *json = json_pack("{s:i, s:s, s:o, s:o, s:o}", "version", 1, "domain", plan->domain, "changes", changes, "tasks", tasks, "problems", problems);
  arena_free(&arena);
  return json;
}

