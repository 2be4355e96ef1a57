#include <string.h>

#include "src/request/private.h"

/* Lines for DNSControl's dnsconfig.js: D_EXTEND adds to a zone that stands there already. */

static void put_value(struct buf *out, const struct request_item *item, const struct request_value *value) {
  char scratch[16];
  struct buf line = BUF_INIT(1 << 20);
  const char *space = item->change->type == DNS_TYPE_MX ? strchr(value->text, ' ') : NULL, *text = space ? space + 1 : value->text;
  buf_printf(&line, "  %s(", dns_type_name(item->change->type, scratch));
  request_literal_js(&line, item->relative, strlen(item->relative));
  if (space) buf_printf(&line, ", %.*s", (int)(space - value->text), value->text);
  if (item->change->type == DNS_TYPE_TLSA || item->change->type == DNS_TYPE_DS) {
    for (size_t i = 0; i < 3 && strchr(text, ' '); i++) { /* three numbers, then the digest */
      buf_printf(&line, ", %.*s", (int)strcspn(text, " "), text);
      text = strchr(text, ' ') + 1;
    }
  }
  buf_text(&line, ", ");
  bool good = request_literal_js(&line, text, strlen(text));
  buf_printf(&line, ", TTL(%u)),\n", item->ttl);
  if (good) buf_text(out, buf_string(&line));
  else request_comment(out, "  //", _("A value that is no UTF-8 cannot be written here; it is in the other formats."));
  buf_release(&line);
}

static void put_item(struct buf *out, struct arena *arena, const struct request_item *item) {
  char scratch[16];
  const struct plan_change *change = item->change;
  request_comment(out, "  //", arena_printf(arena, "%zu. %s", item->number, item->why));
  for (size_t i = 0; i < change->now_count; i++)
    request_comment(out, "  // remove:", arena_printf(arena, "%s %s %s", item->relative, dns_type_name(change->type, scratch), item->now[i].data));
  for (size_t i = 0; i < change->wanted_count; i++) put_value(out, item, &item->wanted[i]);
}

void request_dnscontrol(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  request_machine_head(request, out, "//", _("Add these to dnsconfig.js after the D() of each zone, and take out of that D() what is marked \"remove:\"."));
  for (size_t g = 0; g < request->group_count; g++) {
    const struct request_group *group = &request->groups[g];
    if (group->contact != CONTACT_REGISTRAR) continue;
    buf_text(out, "D_EXTEND(");
    request_literal_js(out, group->zone, strlen(group->zone));
    buf_text(out, ",\n");
    for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, &group->items[i]);
    buf_text(out, "  {});\n");
  }
  arena_free(&arena);
}
