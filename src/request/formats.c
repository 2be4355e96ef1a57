#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/request/lib.h"

/* ---- JSON ---- */

void request_json(const struct request *request, struct buf *out) {
  char when[32];
  json_t *json = plan_json(request->plan);
  clock_format_utc(request->details->time, when);
  json_object_set_new(json, "reference", json_string(request->reference));
  json_object_set_new(json, "date", json_string(when));
  json_object_set_new(json, "requester", json_string(text_is_utf8(request->details->requester, strlen(request->details->requester)) ? request->details->requester : ""));
  json_object_set_new(json, "practice", json_boolean(request->details->practice));
  char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENSURE_ASCII);
  if (text) buf_printf(out, "%s\n", text);
  free(text);
  json_decref(json);
}

/* ---- zone-file lines and nsupdate ---- */

static void comment(struct buf *out, struct arena *arena, const char *mark, const char *text) {
  buf_printf(out, "%s %s\n", mark, text_safe_string(arena, text));
}

static void put_line(struct buf *out, const struct plan_change *change, uint32_t ttl, const char *value) {
  char scratch[16];
  buf_printf(out, "%s. %u IN %s ", change->name, ttl, dns_type_name(change->type, scratch));
  request_zone_value(out, change->type, value);
  buf_char(out, '\n');
}

void request_zone(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  if (request->details->practice) comment(out, arena, ";", _("PRACTICE: made on the practice estate."));
  comment(out, arena, ";", request->reference);
  comment(out, arena, ";", _("Lines to put into the zone. Lines that begin with \"; remove\" are to be taken out. Never replace the whole zone by this file."));
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    comment(out, arena, ";", _(change->sentence));
    for (size_t n = 0; n < change->now_count; n++) {
      buf_text(out, "; remove: ");
      put_line(out, change, change->now_ttl, change->now[n]);
    }
    for (size_t n = 0; n < change->wanted_count; n++) put_line(out, change, change->ttl, change->wanted[n]);
  }
  arena_free(&arena);
}

static void update_line(struct buf *out, const char *verb, const struct plan_change *change, const char *value, bool with_ttl) {
  char scratch[16];
  buf_printf(out, "update %s %s. ", verb, change->name);
  if (with_ttl) buf_printf(out, "%u ", change->ttl);
  buf_printf(out, "IN %s ", dns_type_name(change->type, scratch));
  request_zone_value(out, change->type, value);
  buf_char(out, '\n');
}

void request_nsupdate(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  comment(out, arena, ";", request->reference);
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    comment(out, arena, ";", _(change->sentence));
    buf_printf(out, "zone %s.\n", change->zone);
    for (size_t n = 0; n < change->now_count; n++) update_line(out, "delete", change, change->now[n], false);
    for (size_t n = 0; n < change->wanted_count; n++) update_line(out, "add", change, change->wanted[n], true);
    buf_text(out, "send\n");
  }
  arena_free(&arena);
}

/* ---- CSV, RFC 4180 ---- */

static void csv_cell(struct buf *out, const char *text, bool last) {
  /* A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
  buf_char(out, '"');
  if (*text && strchr("=+-@\t\r", *text)) buf_char(out, '\'');
  for (; *text; text++) {
    if (*text == '"') buf_char(out, '"');
    buf_char(out, *text);
  }
  buf_text(out, last ? "\"\r\n" : "\",");
}

static void csv_row(struct buf *out, struct arena *arena, const struct plan_change *change, const char *action, const char *value) {
  char scratch[16];
  const char *cells[] = { action, change->zone, request_host(arena, change), change->name, dns_type_name(change->type, scratch),
                          arena_printf(arena, "%u", change->ttl), text_safe_string(arena, value), plan_contact_name(change->contact), _(change->sentence) };
  for (size_t i = 0; i < MEM_COUNT(cells); i++) csv_cell(out, cells[i], i + 1 == MEM_COUNT(cells));
}

void request_csv(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  buf_text(out, "\"action\",\"zone\",\"host\",\"full name\",\"type\",\"ttl\",\"value\",\"contact\",\"why\"\r\n");
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    for (size_t n = 0; n < change->now_count; n++) csv_row(out, arena, change, "remove", change->now[n]);
    for (size_t n = 0; n < change->wanted_count; n++) csv_row(out, arena, change, "add", change->wanted[n]);
  }
  arena_free(&arena);
}

/* ---- Markdown ---- */

static void code(struct buf *out, struct arena *arena, const char *label, const char *value) {
  buf_printf(out, "%s\n\n    %s\n\n", label, text_safe_string(arena, value));
}

void request_markdown(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  if (request->details->practice) buf_printf(out, "**%s**\n\n", _("PRACTICE: made on the practice estate. Do not send this to anyone."));
  buf_printf(out, _("# DNS change request for %s\n\nReference: %s\n\n"), request->plan->domain, request->reference);
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    char scratch[16];
    buf_printf(out, "## %zu. %s %s `%s`\n\n%s\n\n", i + 1, plan_action_name(change->action), dns_type_name(change->type, scratch), change->name, _(change->sentence));
    buf_printf(out, _("- Host: `%s`\n- Zone: `%s`\n- TTL: %u now, %u when it works\n- Contact: %s\n\n"), request_host(arena, change), change->zone, change->ttl, change->ttl_later, plan_contact_name(change->contact));
    for (size_t n = 0; n < change->now_count; n++) code(out, arena, _("Remove:"), change->now[n]);
    for (size_t n = 0; n < change->wanted_count; n++) code(out, arena, _("Put:"), change->wanted[n]);
  }
  for (size_t i = 0; i < request->plan->task_count; i++) buf_printf(out, "- [ ] %s\n", request->plan->tasks[i].sentence);
  arena_free(&arena);
}

/* ---- HTML ---- */

static void escaped(struct buf *out, const char *text) {
  for (; *text; text++) {
    if (*text == '<') buf_text(out, "&lt;");
    else if (*text == '>') buf_text(out, "&gt;");
    else if (*text == '&') buf_text(out, "&amp;");
    else if (*text == '"') buf_text(out, "&quot;");
    else buf_char(out, *text);
  }
}

static void html_row(struct buf *out, struct arena *arena, const char *label, const char *value, bool monospace) {
  buf_text(out, "<tr><th>");
  escaped(out, label);
  buf_text(out, monospace ? "</th><td><code>" : "</th><td>");
  escaped(out, text_safe_string(arena, value));
  buf_text(out, monospace ? "</code></td></tr>\n" : "</td></tr>\n");
}

void request_html(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  buf_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>", intl_language());
  escaped(out, request->reference);
  buf_text(out, "</title><style>body{font-family:sans-serif;max-width:60em;margin:2em auto}th{text-align:left;vertical-align:top;padding-right:1em}code{word-break:break-all}</style></head><body>\n<h1>");
  escaped(out, request->reference);
  buf_text(out, "</h1>\n");
  if (request->details->practice) buf_printf(out, "<p><strong>%s</strong></p>\n", _("PRACTICE: made on the practice estate. Do not send this to anyone."));
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    char scratch[16];
    buf_printf(out, "<h2>%zu. %s %s</h2>\n<p>", i + 1, plan_action_name(change->action), dns_type_name(change->type, scratch));
    escaped(out, _(change->sentence));
    buf_text(out, "</p>\n<table>\n");
    html_row(out, arena, _("Zone"), change->zone, true);
    html_row(out, arena, _("Host"), request_host(arena, change), true);
    html_row(out, arena, _("Full name"), change->name, true);
    html_row(out, arena, _("TTL"), arena_printf(arena, "%u", change->ttl), false);
    for (size_t n = 0; n < change->now_count; n++) html_row(out, arena, _("Remove"), change->now[n], true);
    for (size_t n = 0; n < change->wanted_count; n++) html_row(out, arena, _("Put"), change->wanted[n], true);
    buf_text(out, "</table>\n");
  }
  buf_text(out, "</body></html>\n");
  arena_free(&arena);
}

/* ---- whole record sets, for interfaces that take no single values: only the names that the request is about ---- */

static json_t *quoted_value(const struct plan_change *change, const char *value) {
  struct buf text = BUF_INIT(65536);
  request_zone_value(&text, change->type, value);
  json_t *json = json_stringn(buf_string(&text), text.length);
  buf_release(&text);
  return json;
}

static json_t *route53_change(const char *action, const struct plan_change *change, const char **values, size_t count, uint32_t ttl) {
  char scratch[16], name[NAME_TEXT + 2];
  json_t *records = json_array();
  for (size_t n = 0; n < count; n++) json_array_append_new(records, json_pack("{s:o}", "Value", quoted_value(change, values[n])));
  snprintf(name, sizeof name, "%s.", change->name);
  return json_pack("{s:s, s:{s:s, s:s, s:I, s:o}}", "Action", action, "ResourceRecordSet", "Name", name, "Type", dns_type_name(change->type, scratch), "TTL", (json_int_t)ttl, "ResourceRecords", records);
}

void request_route53(const struct request *request, struct buf *out) {
  json_t *changes = json_array();
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    if (change->contact == CONTACT_ADDRESS_OWNER) continue;
    if (change->action == PLAN_REMOVE) json_array_append_new(changes, route53_change("DELETE", change, change->now, change->now_count, change->now_ttl));
    else json_array_append_new(changes, route53_change("UPSERT", change, change->wanted, change->wanted_count, change->ttl));
  }
  json_t *batch = json_pack("{s:s, s:o}", "Comment", request->reference, "Changes", changes);
  char *text = json_dumps(batch, JSON_INDENT(2) | JSON_ENSURE_ASCII);
  if (text) buf_printf(out, "%s\n", text);
  free(text);
  json_decref(batch);
}

static void yaml_string(struct buf *out, const char *value, bool escape_semicolon) {
  buf_char(out, '"');
  for (; *value; value++) {
    unsigned char c = (unsigned char)*value;
    if (c == '"' || c == '\\') buf_printf(out, "\\%c", c);
    else if (c == ';' && escape_semicolon) buf_text(out, "\\\\;");
    else if (c < 0x20 || c > 0x7e) buf_printf(out, "\\x%02X", c);
    else buf_char(out, (char)c);
  }
  buf_char(out, '"');
}

void request_octodns(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  comment(out, arena, "#", request->reference);
  comment(out, arena, "#", _("Merge these records into the zone's file. Other values at the same name and type must be kept."));
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    char scratch[16];
    const char *host = request_host(arena, change);
    comment(out, arena, "#", change->zone);
    for (size_t n = 0; n < change->now_count; n++) {
      buf_text(out, "# remove: ");
      yaml_string(out, change->now[n], change->type == DNS_TYPE_TXT);
      buf_char(out, '\n');
    }
    if (!change->wanted_count) continue;
    yaml_string(out, strcmp(host, "@") == 0 ? "" : host, false);
    buf_printf(out, ":\n  type: %s\n  ttl: %u\n  values:\n", dns_type_name(change->type, scratch), change->ttl);
    for (size_t n = 0; n < change->wanted_count; n++) {
      buf_text(out, "    - ");
      if (change->type == DNS_TYPE_MX) {
        const char *space = strchr(change->wanted[n], ' ');
        buf_printf(out, "{preference: %.*s, exchange: ", (int)(space - change->wanted[n]), change->wanted[n]);
        yaml_string(out, space + 1, false);
        buf_char(out, '}');
      } else {
        yaml_string(out, change->wanted[n], change->type == DNS_TYPE_TXT);
      }
      buf_char(out, '\n');
    }
  }
  arena_free(&arena);
}

void request_dnscontrol(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  comment(out, arena, "//", request->reference);
  comment(out, arena, "//", _("Put these lines into the D_EXTEND or D of the zone, and take out those marked remove."));
  for (size_t i = 0; i < request->plan->change_count; i++) {
    const struct plan_change *change = &request->plan->changes[i];
    char scratch[16];
    comment(out, arena, "//", change->zone);
    for (size_t n = 0; n < change->now_count; n++) comment(out, arena, "// remove:", change->now[n]);
    for (size_t n = 0; n < change->wanted_count; n++) {
      buf_printf(out, "%s(", dns_type_name(change->type, scratch));
      yaml_string(out, request_host(arena, change), false);
      const char *space = change->type == DNS_TYPE_MX ? strchr(change->wanted[n], ' ') : NULL;
      if (space) buf_printf(out, ", %.*s", (int)(space - change->wanted[n]), change->wanted[n]);
      buf_text(out, ", ");
      yaml_string(out, space ? space + 1 : change->wanted[n], false);
      buf_printf(out, ", TTL(%u)),\n", change->ttl);
    }
  }
  arena_free(&arena);
}
