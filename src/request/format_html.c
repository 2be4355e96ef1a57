#include <string.h>

#include "src/request/private.h"

/* One HTML file without scripts or anything fetched: headings, lists and tables that read well without their style, and print one change
 * to a block. */

static const char style[] =
    "body{font-family:sans-serif;line-height:1.4;max-width:60em;margin:2em auto;padding:0 1em}th{text-align:left;vertical-align:top;padding:.2em 1em .2em 0;white-space:nowrap}"
    "td{vertical-align:top;padding:.2em 0}code{font-family:monospace;overflow-wrap:anywhere}section section{border-top:1px solid;break-inside:avoid}"
    "@media print{body{margin:0;max-width:none}}";

static void put_text(struct buf *out, struct arena *arena, const char *text) {
  for (const char *at = text_safe_string(arena, text); *at; at++) {
    switch (*at) {
    case '<': buf_text(out, "&lt;"); break;
    case '>': buf_text(out, "&gt;"); break;
    case '&': buf_text(out, "&amp;"); break;
    case '"': buf_text(out, "&quot;"); break;
    case '\'': buf_text(out, "&#39;"); break;
    default: buf_char(out, *at);
    }
  }
}

static void put_element(struct buf *out, struct arena *arena, const char *element, const char *text) {
  buf_printf(out, "<%s>", element);
  put_text(out, arena, text);
  buf_printf(out, "</%s>\n", element);
}

static void put_row(struct buf *out, struct arena *arena, const char *label, const char *text, bool code) {
  buf_text(out, "<tr><th scope=\"row\">");
  put_text(out, arena, label);
  buf_text(out, code ? "</th><td><code>" : "</th><td>");
  put_text(out, arena, text);
  buf_text(out, code ? "</code></td></tr>\n" : "</td></tr>\n");
}

static void put_values(struct buf *out, struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  for (size_t i = 0; i < change->now_count; i++) put_row(out, arena, arena_printf(arena, _("Take out (TTL %u)"), change->now_ttl), item->now[i].entered, true);
  for (size_t i = 0; i < change->wanted_count; i++) put_row(out, arena, _("Put in"), item->wanted[i].entered, true);
  for (size_t i = 0; change->type == DNS_TYPE_TXT && i < change->wanted_count; i++)
    if (strcmp(item->wanted[i].entered, item->wanted[i].data) != 0) put_row(out, arena, _("The same, quoted"), item->wanted[i].data, true);
  for (size_t i = 0; i < change->kept_count; i++) put_row(out, arena, _("Leave as it is"), change->kept_data[i], true);
}

static void put_item(struct buf *out, struct arena *arena, const struct request_item *item) {
  char scratch[16];
  const struct plan_change *change = item->change;
  const char *type = dns_type_name(change->type, scratch);
  buf_text(out, "<section>\n");
  put_element(out, arena, "h3", arena_printf(arena, "%zu. %s %s %s", item->number, request_action_word(change->action), type, change->name));
  put_element(out, arena, "p", item->why);
  buf_text(out, "<table>\n");
  put_row(out, arena, _("Zone"), change->zone, true);
  put_row(out, arena, _("Host"), item->host, true);
  put_row(out, arena, _("Full name"), item->full, true);
  put_row(out, arena, _("With final dot"), item->full_dot, true);
  put_row(out, arena, _("Type"), type, true);
  if (change->wanted_count) put_row(out, arena, _("TTL"), arena_printf(arena, _("%u seconds, %u afterwards"), item->ttl, item->ttl_later), false);
  put_row(out, arena, _("Order"), item->place, false);
  put_row(out, arena, _("Do"), item->how, false);
  for (size_t i = 0; i < item->note_count; i++) put_row(out, arena, _("Note"), item->notes[i], false);
  put_values(out, arena, item);
  put_row(out, arena, _("Check"), item->check, true);
  put_row(out, arena, "", item->expect, false);
  if (*item->undo) put_row(out, arena, _("Undo"), item->undo, false);
  buf_text(out, "</table>\n</section>\n");
}

static void put_ttls(struct buf *out, struct arena *arena, const struct request_ttl *list, size_t count) {
  if (!count) return;
  buf_text(out, "<ul>\n");
  for (size_t i = 0; i < count; i++) put_element(out, arena, "li", request_ttl_line(arena, &list[i]));
  buf_text(out, "</ul>\n");
}

static void put_head(const struct request *request, struct buf *out, struct arena *arena) {
  const struct request_details *details = request->details;
  struct text_argument domain = { "domain", request->domain };
  const char *title = text_fill(arena, _("DNS change request for {domain}"), &domain, 1);
  buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n", intl_language());
  put_element(out, arena, "title", title);
  buf_printf(out, "<style>%s</style>\n</head>\n<body>\n", style);
  if (details->practice) put_element(out, arena, "p", request_practice_words());
  put_element(out, arena, "h1", title);
  buf_text(out, "<table>\n");
  put_row(out, arena, _("Reference"), request->reference, true);
  put_row(out, arena, _("Date"), request_date(arena, details->time), false);
  put_row(out, arena, _("Please by"), request_date(arena, request->due), false);
  if (details->recipient && *details->recipient) put_row(out, arena, _("To"), details->recipient, false);
  put_row(out, arena, _("From"), *details->requester ? details->requester : _("(fill in before you send it: name, team, telephone)"), false);
  buf_text(out, "</table>\n");
}

static void put_steps(struct buf *out, struct arena *arena, const struct request_group *group) {
  buf_text(out, "<ol>\n<li>");
  put_text(out, arena, request_step_lower(arena, group));
  put_ttls(out, arena, group->lower, group->lower_count);
  buf_text(out, "</li>\n<li>");
  put_text(out, arena, request_step_change(arena, group));
  buf_text(out, "</li>\n<li>");
  put_text(out, arena, request_step_raise(group));
  put_ttls(out, arena, group->raise, group->raise_count);
  buf_text(out, "</li>\n</ol>\n");
}

static void put_rules(const struct request *request, struct buf *out, struct arena *arena) {
  for (size_t i = 0; request->item_count && request_rule_words(request, i); i++) put_element(out, arena, "p", request_rule_words(request, i));
  for (size_t i = 0; i < request->omission_count; i++) put_element(out, arena, "p", request->omissions[i].reason);
}

static void put_group(struct buf *out, struct arena *arena, const struct request_group *group) {
  buf_text(out, "<section>\n");
  put_element(out, arena, "h2", group->zone);
  put_element(out, arena, "p", group->heading);
  put_element(out, arena, "p", request_zone_words(arena, group));
  for (size_t i = 0; i < group->note_count; i++) put_element(out, arena, "p", group->notes[i]);
  put_steps(out, arena, group);
  for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, &group->items[i]);
  buf_text(out, "</section>\n");
}

static void put_own_part(const struct request *request, struct buf *out, struct arena *arena) {
  const char *sentence;
  if (!request_own_words(arena, request, 0, NULL)) return;
  put_element(out, arena, "h2", _("For the requester: not part of the DNS change"));
  buf_text(out, "<ul>\n");
  for (size_t i = 0; (sentence = request_own_words(arena, request, i, NULL)); i++) put_element(out, arena, "li", sentence);
  buf_text(out, "</ul>\n");
}

void request_html(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  put_head(request, out, arena);
  if (!request->item_count) put_element(out, arena, "p", _("No DNS change is needed."));
  put_rules(request, out, arena);
  for (size_t g = 0; g < request->group_count; g++) put_group(out, arena, &request->groups[g]);
  put_own_part(request, out, arena);
  buf_text(out, "</body>\n</html>\n");
  arena_free(&arena);
}
