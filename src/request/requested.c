#include "src/request/requested.h"

#include <string.h>

#include "src/base/lib.h"

enum { MOST_CHANGES = 500, MOST_VALUE = 65536 };

static const char *text_of(struct arena *arena, const json_t *value) {
  struct buf bytes = BUF_INIT(MOST_VALUE);
  const char *text = json_get_bytes(value, &bytes) ? arena_strndup(arena, buf_string(&bytes), bytes.length) : NULL;
  buf_release(&bytes);
  return text;
}

/* Values that are no byte strings stay null, so that two lists that belong together keep their places. */
static const char **texts_of(struct arena *arena, const json_t *array, size_t *out_count) {
  size_t count = json_array_size(array);
  const char **list = ARENA_ARRAY(arena, const char *, count + 1);
  for (size_t i = 0; i < count; i++) list[i] = text_of(arena, json_array_get(array, i));
  *out_count = count;
  return list;
}

/* In the text form of src/base/name.h odd octets are escaped: nothing else than printable ASCII may stand there. */
static bool is_text_name(const char *name) {
  for (const char *c = name; *c; c++)
    if (!is_print(*c) || *c == ' ') return false;
  return name_is_valid(name);
}

static bool all_there(const char **list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!list[i]) return false;
  return true;
}

static enum plan_action action_of(const json_t *one) {
  const char *action = json_text(one, "action", "");
  return strcmp(action, "remove") == 0 ? PLAN_REMOVE : strcmp(action, "replace") == 0 ? PLAN_REPLACE : PLAN_ADD;
}

static uint32_t seconds_of(const json_t *one, const char *key) {
  int64_t value = json_number(one, key, 0);
  return value > 0 && value <= INT32_MAX ? (uint32_t)value : 0;
}

static bool read_change(struct arena *arena, const json_t *one, struct plan_change *out) {
  *out = (struct plan_change){ .action = action_of(one), .name = name_lower(arena, json_text(one, "name", "")), .zone = name_lower(arena, json_text(one, "zone", "")), .sentence = "" };
  out->type = dns_type_from_name(json_text(one, "type", ""));
  out->section = arena_strdup(arena, json_text(one, "section", ""));
  out->now = texts_of(arena, json_object_get(one, "now"), &out->now_count);
  out->wanted = texts_of(arena, json_object_get(one, "wanted"), &out->wanted_count);
  out->kept_data = texts_of(arena, json_object_get(one, "kept"), &out->kept_count);
  out->ttl = seconds_of(one, "ttl");
  out->now_ttl = seconds_of(one, "ttl_now");
  bool has_data = out->action == PLAN_REMOVE ? out->now_count > 0 : out->wanted_count > 0;
  return has_data && out->type && *out->name && is_text_name(out->name) && is_text_name(out->zone) && all_there(out->now, out->now_count) && all_there(out->wanted, out->wanted_count) &&
         all_there(out->kept_data, out->kept_count);
}

static bool read_changes(struct arena *arena, const json_t *changes, struct requested *out, struct fault *fault) {
  size_t count = json_array_size(changes);
  if (count > MOST_CHANGES) {
    fault_set(fault, _("There are more than %d changes in it"), MOST_CHANGES);
    return false;
  }
  out->changes = ARENA_ARRAY(arena, struct plan_change, count + 1);
  for (size_t i = 0; i < count; i++) {
    if (read_change(arena, json_array_get(changes, i), &out->changes[out->count++])) continue;
    fault_set(fault, _("Its change number %zu is not whole: it needs a name, a zone, a type and values"), i + 1);
    return false;
  }
  return true;
}

static void read_before(struct arena *arena, const json_t *before, struct requested *out) {
  out->has_before = json_is_array(before);
  out->before = ARENA_ARRAY(arena, struct requested_failing, json_array_size(before) + 1);
  for (size_t i = 0; i < json_array_size(before); i++) {
    const json_t *one = json_array_get(before, i);
    const char *subject = text_of(arena, json_object_get(one, "subject"));
    out->before[out->before_count++] = (struct requested_failing){ arena_strdup(arena, json_text(one, "id", "")), subject ? subject : "" };
  }
}

bool requested_read(struct arena *arena, const json_t *json, struct requested *out, struct fault *fault) {
  *out = (struct requested){ .domain = name_lower(arena, json_text(json, "domain", "")), .reference = arena_strdup(arena, json_text(json, "reference", "")),
                             .recipient = arena_strdup(arena, json_text(json, "recipient", "")), .left_out = json_array_size(json_object_get(json, "left_out")) };
  int64_t time = clock_parse_utc(json_text(json, "date", "")), due = clock_parse_utc(json_text(json, "due", ""));
  out->time = time > 0 ? time : 0;
  out->due = due > 0 ? due : 0;
  const json_t *changes = json_object_get(json, "changes");
  if (!json_is_array(changes)) {
    fault_set(fault, _("It holds no changes"));
    return false;
  }
  read_before(arena, json_object_get(json, "failing_before"), out);
  return read_changes(arena, changes, out, fault);
}
