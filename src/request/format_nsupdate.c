#include <string.h>

#include "src/request/private.h"

/* A script for nsupdate, RFC 2136: one update for each zone, which is done as a whole or not at all. Its prerequisites name each record set
 * exactly as it was when the request was made (section 2.4.2), so that an update refuses to touch a set that has changed since. */

static void put_record(struct buf *out, const char *verb, const struct request_set *set, bool with_ttl, const char *data) {
  char scratch[16];
  buf_printf(out, "%s ", verb);
  zone_text_name(out, set->name);
  if (with_ttl) buf_printf(out, " %u", set->ttl);
  buf_printf(out, " IN %s", dns_type_name(set->type, scratch));
  buf_printf(out, data ? " %s\n" : "\n", data);
}

static void put_prerequisites(struct buf *out, const struct request_set *set) {
  if (!set->known) request_comment(out, ";", _("What is published now could not be looked up, so nothing guards this change."));
  else if (!set->before_count) put_record(out, "prereq nxrrset", set, false, NULL);
  for (size_t i = 0; set->known && i < set->before_count; i++) put_record(out, "prereq yxrrset", set, false, set->before[i]);
}

static void put_item(struct buf *out, struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  struct request_set set = { .name = change->name, .type = change->type, .ttl = item->ttl };
  request_comment(out, ";", arena_printf(arena, "%zu. %s", item->number, item->why));
  for (size_t i = 0; i < change->now_count; i++) put_record(out, "update delete", &set, false, item->now[i].data);
  for (size_t i = 0; i < change->wanted_count; i++) put_record(out, "update add", &set, true, item->wanted[i].data);
}

static void put_group(struct buf *out, struct arena *arena, const struct request_group *group, const struct request_set *sets, size_t count) {
  buf_char(out, '\n');
  request_comment(out, ";", arena_printf(arena, "---- %s: %s ----", group->zone, group->heading));
  if (group->server_count) request_comment(out, ";", _("Take the mark off the next line, and put in the primary server, if it is not the one in the SOA record:"));
  if (group->server_count) request_comment(out, ";", arena_printf(arena, "server %s", group->servers[0]));
  buf_text(out, "zone ");
  zone_text_name(out, group->zone);
  buf_char(out, '\n');
  for (size_t i = 0; i < count; i++)
    if (strcmp(sets[i].zone, group->zone) == 0 && sets[i].contact == group->contact) put_prerequisites(out, &sets[i]);
  for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, &group->items[i]);
  buf_text(out, "send\n");
}

void request_nsupdate(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  size_t count;
  const struct request_set *sets = request_sets(arena, request, &count);
  request_machine_head(request, out, ";", _("For nsupdate. Each zone is changed as a whole or not at all, and not when a record set differs from what it was when this was made."));
  for (size_t g = 0; g < request->group_count; g++) put_group(out, arena, &request->groups[g], sets, count);
  arena_free(&arena);
}
