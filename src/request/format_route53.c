#include <stdlib.h>
#include <string.h>

#include "src/request/private.h"

/* Change batches for Amazon Route 53, one JSON object for each hosted zone. Its interface replaces whole record sets, so each UPSERT carries
 * every value that stays at the name and type. */

/* Route 53 writes odd octets as three octal digits where master files have decimal ones, and in names every other escape so too. */
static json_t *octal_json(const char *text, bool is_name) {
  struct buf out = BUF_INIT(1 << 20);
  for (const char *at = text; *at; at++) {
    if (*at != '\\' || !at[1]) {
      buf_char(&out, *at);
    } else if (is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
      buf_printf(&out, "\\%03o", (unsigned)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0')));
      at += 3;
    } else {
      at++;
      buf_printf(&out, is_name ? "\\%03o" : "\\%c", (unsigned char)*at);
    }
  }
  json_t *json = json_stringn(buf_string(&out), out.length);
  buf_release(&out);
  return json;
}

static json_t *resource_record_set(const struct request_set *set, const char **values, size_t count, uint32_t ttl) {
  char scratch[16];
  struct buf name = BUF_INIT(NAME_TEXT + 8);
  json_t *records = json_array();
  for (size_t i = 0; i < count; i++) json_array_append_new(records, json_pack("{s:o}", "Value", octal_json(values[i], false)));
  zone_text_name(&name, set->name);
  json_t *json = json_pack("{s:o, s:s, s:I, s:o}", "Name", octal_json(buf_string(&name), true), "Type", dns_type_name(set->type, scratch), "TTL", (json_int_t)ttl, "ResourceRecords", records);
  buf_release(&name);
  return json;
}

static json_t *change_of(const struct request_set *set) {
  bool goes = set->after_count == 0;
  json_t *records = goes ? resource_record_set(set, set->before, set->before_count, set->ttl_before) : resource_record_set(set, set->after, set->after_count, set->ttl);
  return json_pack("{s:s, s:o}", "Action", goes ? "DELETE" : "UPSERT", "ResourceRecordSet", records);
}

/* What goes stands before what comes: an alias is refused while anything else is at its name. */
static json_t *changes_of(const struct request_group *group, const struct request_set *sets, size_t count) {
  json_t *changes = json_array();
  for (int goes = 1; goes >= 0; goes--)
    for (size_t i = 0; i < count; i++)
      if (strcmp(sets[i].zone, group->zone) == 0 && sets[i].contact == group->contact && (sets[i].after_count == 0) == goes && sets[i].known) json_array_append_new(changes, change_of(&sets[i]));
  return changes;
}

void request_route53(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  size_t count;
  const struct request_set *sets = request_sets(arena, request, &count);
  for (size_t g = 0; g < request->group_count; g++) {
    const struct request_group *group = &request->groups[g];
    if (group->contact != CONTACT_REGISTRAR) continue;
    json_t *batch = json_pack("{s:s, s:o}", "Comment", arena_printf(arena, "%s%s, zone %s.", request->details->practice ? "PRACTICE " : "", request->reference, group->zone), "Changes", changes_of(group, sets, count));
    char *text = json_dumps(batch, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    if (text) buf_printf(out, "%s\n", text);
    free(text);
    json_decref(batch);
  }
  arena_free(&arena);
}
