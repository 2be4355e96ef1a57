#include <string.h>

#include "src/request/private.h"

/* CSV, RFC 4180: one row for each value that comes or goes. */

/* A cell that a spreadsheet would take for a formula gets an apostrophe before it; a lone "@" is none. What is no text becomes \xHH. */
static void put_cell(struct buf *out, struct arena *arena, const char *text, bool last) {
  const char *safe = text_safe_string(arena, text);
  buf_char(out, '"');
  if (*safe && strchr("=+-@", *safe) && safe[1]) buf_char(out, '\'');
  for (; *safe; safe++) {
    if (*safe == '"') buf_char(out, '"');
    buf_char(out, *safe);
  }
  buf_text(out, last ? "\"\r\n" : "\",");
}

static void put_row(const struct request *request, struct buf *out, struct arena *arena, const struct request_item *item, const struct request_value *value, const struct request_value *now) {
  char scratch[16];
  const struct plan_change *change = item->change;
  const char *action = value && now ? "change" : value ? "add" : "remove";
  const struct request_value *shown = value ? value : now;
  const char *cells[] = { action, change->zone, item->host, change->name, dns_type_name(change->type, scratch), arena_printf(arena, "%u", value ? item->ttl : change->now_ttl), shown->entered,
                          now ? now->entered : "", item->why, plan_contact_name(change->contact), request->reference };
  for (size_t i = 0; i < MEM_COUNT(cells); i++) put_cell(out, arena, cells[i], i + 1 == MEM_COUNT(cells));
}

void request_csv(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  buf_text(out, "\"action\",\"zone\",\"host\",\"full name\",\"type\",\"ttl\",\"value\",\"now\",\"why\",\"contact\",\"reference\"\r\n");
  for (size_t g = 0; g < request->group_count; g++)
    for (size_t i = 0; i < request->groups[g].item_count; i++) {
      const struct request_item *item = &request->groups[g].items[i];
      size_t now = item->change->now_count, wanted = item->change->wanted_count;
      for (size_t n = 0; n < now || n < wanted; n++)
        put_row(request, out, arena, item, n < wanted ? &item->wanted[n] : NULL, n < now ? &item->now[n] : NULL);
    }
  arena_free(&arena);
}
