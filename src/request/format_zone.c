#include "src/request/private.h"

/* Lines of a zone file, RFC 1035 section 5: absolute names, explicit TTL, what is to go as comments. */

static void put_item(struct buf *out, struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  buf_char(out, '\n');
  request_comment(out, ";", arena_printf(arena, "%zu. %s", item->number, item->why));
  request_comment(out, ";", item->how);
  for (size_t i = 0; i < change->now_count; i++) {
    buf_text(out, "; remove: ");
    request_line(out, change->name, change->now_ttl, change->type, item->now[i].data);
  }
  for (size_t i = 0; i < change->kept_count; i++) {
    buf_text(out, "; stays: ");
    request_line(out, change->name, change->set_ttl, change->type, change->kept_data[i]);
  }
  for (size_t i = 0; i < change->wanted_count; i++) request_line(out, change->name, item->ttl, change->type, item->wanted[i].data);
}

void request_zone(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  request_machine_head(request, out, ";", _("Lines to put into the zones named below. Take out the lines shown after \"remove:\". This is a part of each zone: never replace a zone by it."));
  for (size_t g = 0; g < request->group_count; g++) {
    const struct request_group *group = &request->groups[g];
    buf_char(out, '\n');
    request_comment(out, ";", arena_printf(arena, "---- %s: %s ----", group->zone, group->heading));
    for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, &group->items[i]);
  }
  arena_free(&arena);
}
