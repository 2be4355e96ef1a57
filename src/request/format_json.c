#include <stdlib.h>
#include <string.h>

#include "src/request/private.h"

/* The request as JSON: what the plan promises of each change, and the request's own members beside. Values are byte strings (src/base/json.h). */

static json_t *safe_json(const char *text) { return json_bytes(text, strlen(text)); }

static json_t *values_json(const struct request_value *values, size_t count) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:I, s:I}", "text", safe_json(values[i].text), "quoted", safe_json(values[i].data), "entered", safe_json(values[i].entered),
                                          "length", (json_int_t)values[i].length, "strings", (json_int_t)values[i].strings));
  return list;
}

static json_t *texts_json(const char *const *list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(array, list[i] ? safe_json(list[i]) : json_null());
  return array;
}

/* Text of our own is UTF-8 already; names and the like are made so. */
static void set_text(json_t *object, const char *key, const char *text) {
  json_object_set_new(object, key, text_is_utf8(text, strlen(text)) ? json_string(text) : json_string(""));
}

static void put_item(json_t *change, const struct request_item *item) {
  const struct plan_change *planned = item->change;
  json_object_set_new(change, "number", json_integer((json_int_t)item->number));
  json_object_set_new(change, "ttl", json_integer(item->ttl));
  json_object_set_new(change, "ttl_later", json_integer(item->ttl_later));
  json_object_set_new(change, "set_ttl", json_integer(planned->set_ttl));
  json_object_set_new(change, "host_entered", json_string(item->host));
  json_object_set_new(change, "full_name", json_string(item->full_dot));
  json_object_set_new(change, "now_values", values_json(item->now, planned->now_count));
  json_object_set_new(change, "wanted_values", values_json(item->wanted, planned->wanted_count));
  json_object_set_new(change, "kept", texts_json(planned->kept_data, planned->kept_count));
  json_object_set_new(change, "notes", texts_json(item->notes, item->note_count));
  set_text(change, "how", item->how);
  set_text(change, "check", item->check);
  set_text(change, "expect", item->expect);
  set_text(change, "undo", item->undo);
}

/* The plan's objects in the request's order; what is left out stands apart. */
static json_t *changes_json(const struct request *request, const json_t *planned) {
  json_t *list = json_array();
  for (size_t g = 0; g < request->group_count; g++)
    for (size_t i = 0; i < request->groups[g].item_count; i++) {
      const struct request_item *item = &request->groups[g].items[i];
      json_t *change = json_array_get(planned, (size_t)(item->change - request->plan->changes));
      put_item(change, item);
      json_array_append(list, change);
    }
  return list;
}

static void add_ttls(json_t *array, const struct request_ttl *list, size_t count) {
  char scratch[16];
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:I, s:I}", "zone", list[i].zone, "name", list[i].name, "type", dns_type_name(list[i].type, scratch), "from", (json_int_t)list[i].from, "to", (json_int_t)list[i].to));
}

static json_t *steps_json(const struct request *request) {
  json_t *lower = json_array(), *raise = json_array();
  for (size_t g = 0; g < request->group_count; g++) {
    add_ttls(lower, request->groups[g].lower, request->groups[g].lower_count);
    add_ttls(raise, request->groups[g].raise, request->groups[g].raise_count);
  }
  return json_pack("{s:o, s:o}", "lower_first", lower, "raise_after", raise);
}

static json_t *groups_json(const struct request *request) {
  json_t *array = json_array();
  for (size_t g = 0; g < request->group_count; g++) {
    const struct request_group *group = &request->groups[g];
    json_t *json = json_pack("{s:s, s:s, s:o, s:o}", "zone", group->zone, "contact", plan_contact_name(group->contact), "servers", texts_json(group->servers, group->server_count), "notes", texts_json(group->notes, group->note_count));
    json_object_set_new(json, "provider", group->host ? json_pack("{s:s, s:s, s:b}", "id", group->host->id, "name", group->host->name, "chosen", group->host_chosen) : json_null());
    json_array_append_new(array, json);
  }
  return array;
}

static json_t *omissions_json(const struct request *request) {
  json_t *array = json_array();
  for (size_t i = 0; i < request->omission_count; i++) {
    char scratch[16];
    const struct plan_change *change = request->omissions[i].change;
    json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", change->name, "type", dns_type_name(change->type, scratch), "reason", request->omissions[i].reason));
  }
  for (size_t i = 0; i < request->left_out_count; i++) {
    char scratch[16];
    const struct plan_change *change = request->left_out[i];
    json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", change->name, "type", dns_type_name(change->type, scratch), "reason", _("The requester has left it out.")));
  }
  return array;
}

/* What failed when the request was made: afterwards only what fails besides is the change's doing. */
static json_t *before_json(const struct verdict *verdict) {
  json_t *array = json_array();
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->severity == SEVERITY_FAIL) json_array_append_new(array, json_pack("{s:s, s:o}", "id", finding->rule->id, "subject", safe_json(finding->subject)));
  }
  return array;
}

static void add_problems(json_t *json, const struct request *request) {
  struct arena *arena = arena_new();
  json_t *problems = json_object_get(json, "problems");
  for (size_t i = 0; i < request->problem_count; i++) {
    const struct plan_problem *problem = &request->problems[i];
    json_array_append_new(problems, json_pack("{s:s, s:s, s:s, s:s}", "id", problem->rule->id, "severity", severity_name(problem->severity), "subject", text_safe_string(arena, problem->subject),
                                              "detail", text_safe_string(arena, problem->detail)));
  }
  arena_free(&arena);
}

json_t *request_to_json(const struct request *request) {
  char when[32], due[32];
  json_t *json = plan_json(request->plan), *changes = changes_json(request, json_object_get(json, "changes"));
  clock_format_utc(request->details->time, when);
  clock_format_utc(request->due, due);
  json_object_set_new(json, "changes", changes);
  set_text(json, "reference", request->reference);
  json_object_set_new(json, "date", json_string(when));
  json_object_set_new(json, "due", json_string(due));
  set_text(json, "requester", request->details->requester);
  set_text(json, "recipient", request->details->recipient ? request->details->recipient : "");
  json_object_set_new(json, "practice", json_boolean(request->details->practice));
  json_object_set_new(json, "groups", groups_json(request));
  json_object_set_new(json, "steps", steps_json(request));
  json_object_set_new(json, "left_out", omissions_json(request));
  if (request->details->verdict) json_object_set_new(json, "failing_before", before_json(request->details->verdict));
  add_problems(json, request);
  return json;
}

void request_json(const struct request *request, struct buf *out) {
  json_t *json = request_to_json(request);
  char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII);
  for (const char *at = text; at && *at; at++) { /* jansson leaves DEL as it is */
    if (*at == 0x7f) buf_text(out, "\\u007F");
    else buf_char(out, *at);
  }
  if (text) buf_char(out, '\n');
  free(text);
  json_decref(json);
}
