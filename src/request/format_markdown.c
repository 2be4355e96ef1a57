#include <string.h>
#include <strings.h>

#include "src/request/private.h"

/* Markdown (CommonMark): values in indented code, where nothing is markup; other text escaped. */

/* Is this character markup where it stands? Inside a line few are (CommonMark 6, and the automatic links of GitHub); at its start also those
 * that begin a block (CommonMark 4 and 5). */
static bool is_markup(const char *start, const char *at) {
  size_t digits = strspn(start, "0123456789");
  if (strchr("\\`*_{}[]<>|&~@$", *at)) return true;
  if (*at == ':') return at[1] == '/';
  if (*at == '.' && at - start >= 3 && strncasecmp(at - 3, "www", 3) == 0) return true;
  return at == start ? strchr("#+-=", *at) != NULL : at == start + digits && strchr(".)", *at);
}

static void put_text(struct buf *out, struct arena *arena, const char *text) {
  const char *safe = text_safe_string(arena, text);
  for (const char *at = safe; *at; at++) {
    if (is_markup(safe, at)) buf_char(out, '\\');
    buf_char(out, *at);
  }
}

static void put_line(struct buf *out, struct arena *arena, const char *before, const char *text) {
  buf_text(out, before);
  put_text(out, arena, text);
  buf_char(out, '\n');
}

static void put_paragraph(struct buf *out, struct arena *arena, const char *text) {
  put_line(out, arena, "", text);
  buf_char(out, '\n');
}

/* A code span: its fence is longer than any run of backticks inside. */
static void put_code(struct buf *out, struct arena *arena, const char *text) {
  const char *safe = text_safe_string(arena, text);
  size_t longest = 0, run = 0;
  for (const char *at = safe; *at; at++) {
    run = *at == '`' ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  buf_pad(out, '`', longest + 1);
  buf_printf(out, longest ? " %s " : "%s", *safe ? safe : " ");
  buf_pad(out, '`', longest + 1);
}

static void put_block(struct buf *out, const char *label, const char *value) { buf_printf(out, "%s\n\n    %s\n\n", label, value); }

static void put_row(struct buf *out, struct arena *arena, const char *label, const char *code) {
  buf_printf(out, "- %s ", label);
  put_code(out, arena, code);
  buf_char(out, '\n');
}

static void put_values(struct buf *out, struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  for (size_t i = 0; i < change->now_count; i++) put_block(out, arena_printf(arena, _("Take out (there now with TTL %u):"), change->now_ttl), item->now[i].entered);
  for (size_t i = 0; i < change->wanted_count; i++) put_block(out, _("Put in:"), item->wanted[i].entered);
  for (size_t i = 0; change->type == DNS_TYPE_TXT && i < change->wanted_count; i++)
    if (strcmp(item->wanted[i].entered, item->wanted[i].data) != 0) put_block(out, _("The same as quoted strings, if your system or zone file needs them:"), item->wanted[i].data);
  for (size_t i = 0; i < change->kept_count; i++) put_block(out, _("Leave as it is (also at this name):"), change->kept_data[i]);
}

static void put_item(struct buf *out, struct arena *arena, const struct request_item *item) {
  char scratch[16];
  const struct plan_change *change = item->change;
  buf_printf(out, "### %zu. %s %s ", item->number, request_action_word(change->action), dns_type_name(change->type, scratch));
  put_code(out, arena, change->name);
  buf_text(out, "\n\n");
  put_line(out, arena, "", item->why);
  buf_char(out, '\n');
  put_row(out, arena, _("Zone:"), change->zone);
  put_row(out, arena, _("Host:"), item->host);
  put_row(out, arena, _("Full name:"), item->full);
  put_row(out, arena, _("With final dot:"), item->full_dot);
  put_row(out, arena, _("Type:"), dns_type_name(change->type, scratch));
  if (change->wanted_count) buf_printf(out, _("- TTL: %u seconds, %u afterwards\n"), item->ttl, item->ttl_later);
  put_line(out, arena, _("- Order: "), item->place);
  put_line(out, arena, _("- Do: "), item->how);
  for (size_t i = 0; i < item->note_count; i++) put_line(out, arena, "- ", item->notes[i]);
  buf_char(out, '\n');
  put_values(out, arena, item);
  put_block(out, _("Check:"), item->check);
  put_line(out, arena, "", item->expect);
  if (*item->undo) put_line(out, arena, _("\nUndo: "), item->undo);
  buf_char(out, '\n');
}

static void put_ttls(struct buf *out, struct arena *arena, const struct request_ttl *list, size_t count) {
  for (size_t i = 0; i < count; i++) put_line(out, arena, "   - ", request_ttl_line(arena, &list[i]));
}

static void put_head(const struct request *request, struct buf *out, struct arena *arena) {
  const struct request_details *details = request->details;
  if (details->practice) buf_printf(out, "**%s**\n\n", request_practice_words());
  buf_printf(out, _("# DNS change request for %s\n\n"), request->domain);
  put_row(out, arena, _("Reference:"), request->reference);
  buf_printf(out, _("- Date: %s\n- Please by: %s\n"), request_date(arena, details->time), request_date(arena, request->due));
  put_line(out, arena, _("- From: "), *details->requester ? details->requester : _("(fill in before you send it: name, team, telephone)"));
  if (details->recipient && *details->recipient) put_line(out, arena, _("- To: "), details->recipient);
  buf_char(out, '\n');
}

static void put_steps(struct buf *out, struct arena *arena, const struct request_group *group) {
  buf_printf(out, "1. %s\n", request_step_lower(arena, group));
  put_ttls(out, arena, group->lower, group->lower_count);
  buf_printf(out, "2. %s\n3. %s\n", request_step_change(arena, group), request_step_raise(group));
  put_ttls(out, arena, group->raise, group->raise_count);
  buf_char(out, '\n');
}

static void put_rules(const struct request *request, struct buf *out, struct arena *arena) {
  for (size_t i = 0; request->item_count && request_rule_words(request, i); i++) put_paragraph(out, arena, request_rule_words(request, i));
  for (size_t i = 0; i < request->omission_count; i++) put_paragraph(out, arena, request->omissions[i].reason);
}

static void put_group(struct buf *out, struct arena *arena, const struct request_group *group) {
  buf_text(out, "## ");
  put_code(out, arena, group->zone);
  buf_printf(out, "\n\n%s. ", group->heading);
  put_text(out, arena, request_zone_words(arena, group));
  buf_text(out, "\n\n");
  for (size_t i = 0; i < group->note_count; i++) put_paragraph(out, arena, group->notes[i]);
  put_steps(out, arena, group);
  for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, &group->items[i]);
}

void request_markdown(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  const char *sentence;
  put_head(request, out, arena);
  if (!request->item_count) buf_printf(out, "%s\n\n", _("No DNS change is needed."));
  put_rules(request, out, arena);
  for (size_t g = 0; g < request->group_count; g++) put_group(out, arena, &request->groups[g]);
  if (request_own_words(arena, request, 0, NULL)) buf_printf(out, "## %s\n\n", _("For the requester: not part of the DNS change"));
  for (size_t i = 0; (sentence = request_own_words(arena, request, i, NULL)); i++) put_line(out, arena, "- [ ] ", sentence);
  arena_free(&arena);
}
