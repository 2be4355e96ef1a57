#include <stdio.h>
#include <string.h>

#include "src/request/private.h"

/* The ticket for a DNS desk: 72 columns, but each value whole on a line of its own that begins at the margin, so that selecting the line
 * selects the value and nothing else. */

enum { COLUMNS = 72, LABEL = 12 };

static void hanging(struct buf *out, const char *first, const char *rest, const char *text) {
  for (const char *indent = first; *text; indent = rest) {
    size_t room = text_width(indent) < COLUMNS - 20 ? COLUMNS - text_width(indent) : 20, length = text_fit(text, room, NULL);
    if (text[length]) {
      size_t back = length;
      while (back > 0 && text[back] != ' ') back--;
      length = back ? back : strcspn(text, " ");
    }
    buf_printf(out, "%s%.*s\n", indent, (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
}

static void wrapped(struct buf *out, const char *indent, const char *text) { hanging(out, indent, indent, text); }

/* "   Why:        text…" with its further lines under the text. */
static void labelled(struct buf *out, const char *indent, const char *label, const char *text) {
  struct buf first = BUF_INIT(256), rest = BUF_INIT(256);
  size_t width = text_width(label);
  buf_printf(&first, "%s%s", indent, label);
  buf_pad(&first, ' ', width < LABEL ? LABEL - width : 1);
  buf_pad(&rest, ' ', text_width(buf_string(&first)));
  if (*text) hanging(out, buf_string(&first), buf_string(&rest), text);
  else buf_printf(out, "%s\n", buf_string(&first));
  buf_release(&first);
  buf_release(&rest);
}

/* A name or command: never broken, since half a name is another name. */
static void labelled_whole(struct buf *out, struct arena *arena, const char *label, const char *text) {
  buf_printf(out, "   %s", label);
  buf_pad(out, ' ', text_width(label) < LABEL ? LABEL - text_width(label) : 1);
  buf_printf(out, "%s\n", text_safe_string(arena, text));
}

static void rule_line(struct buf *out, char sign) {
  buf_pad(out, sign, COLUMNS);
  buf_char(out, '\n');
}

/* ---- values ---- */

static const char *size_words(struct arena *arena, const struct request_value *value) {
  char length[24], strings[24];
  snprintf(length, sizeof length, "%zu", value->length);
  snprintf(strings, sizeof strings, "%zu", value->strings);
  struct text_argument arguments[] = { { "length", length }, { "strings", strings } };
  return text_fill(arena, value->strings > 1 ? _("{length} characters; {strings} strings") : _("{length} characters"), arguments, 2);
}

static void put_value(struct buf *out, struct arena *arena, uint16_t type, const char *label, const struct request_value *value) {
  bool is_text = type == DNS_TYPE_TXT;
  if (is_text) wrapped(out, "   ", arena_printf(arena, "%s (%s):", label, size_words(arena, value)));
  else if (type == DNS_TYPE_MX) wrapped(out, "   ", arena_printf(arena, _("%s (priority, then mail server):"), label));
  else wrapped(out, "   ", arena_printf(arena, "%s:", label));
  buf_printf(out, "%s\n", value->entered);
}

static void put_other_form(struct buf *out, const struct request_item *item) {
  for (size_t i = 0; item->change->type == DNS_TYPE_TXT && i < item->change->wanted_count; i++) {
    const struct request_value *value = &item->wanted[i];
    if (strcmp(value->entered, value->data) == 0 && !value->shown_exactly) wrapped(out, "   ", _("It holds characters that cannot be shown, so it is written as in a zone file."));
    bool quoted = strcmp(value->entered, value->data) == 0;
    if (quoted && text_is_safe(value->text)) wrapped(out, "   ", _("The same without quotation marks, if your system adds them by itself:"));
    else if (!quoted) wrapped(out, "   ", value->strings > 1 ? _("The same as quoted strings, if your system does not split long text by itself (nothing is added where they meet):") : _("The same in quotation marks, if your system or zone file needs them:"));
    else continue;
    buf_printf(out, "%s\n", quoted ? value->text : value->data);
  }
}

static void put_kept(struct buf *out, const struct plan_change *change) {
  if (!change->kept_count) return;
  wrapped(out, "   ", _("Leave as it is (also at this name):"));
  for (size_t i = 0; i < change->kept_count; i++) buf_printf(out, "%s\n", change->kept_data[i]);
}

/* ---- one change ---- */

static const char *apex_note(const struct request_group *group, const struct request_item *item) {
  if (strcmp(item->relative, "@") != 0 || group->host) return NULL;
  return _("@ means the domain itself. Leave the host empty if your form wants that.");
}

static void put_ttl(struct buf *out, struct arena *arena, const struct request_item *item) {
  char now[16], later[16];
  snprintf(now, sizeof now, "%u", item->ttl);
  snprintf(later, sizeof later, "%u", item->ttl_later);
  struct text_argument arguments[] = { { "now", now }, { "later", later } };
  if (item->change->action == PLAN_REMOVE) return;
  labelled(out, "   ", _("TTL:"), text_fill(arena, item->ttl_later > item->ttl ? _("{now} seconds (raised to {later} in step 3)") : _("{now} seconds"), arguments, 2));
}

static void put_values(struct buf *out, struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  char seconds[16];
  snprintf(seconds, sizeof seconds, "%u", change->now_ttl);
  struct text_argument argument = { "seconds", seconds };
  buf_char(out, '\n');
  for (size_t i = 0; i < change->now_count; i++) put_value(out, arena, change->type, text_fill(arena, _("Take out, there now with TTL {seconds}"), &argument, 1), &item->now[i]);
  for (size_t i = 0; i < change->wanted_count; i++) put_value(out, arena, change->type, _("Put in"), &item->wanted[i]);
  put_other_form(out, item);
  put_kept(out, change);
  buf_char(out, '\n');
}

static void put_item(struct buf *out, struct arena *arena, const struct request_group *group, const struct request_item *item) {
  char scratch[16], number[24], count[24];
  snprintf(number, sizeof number, "%zu", item->number);
  snprintf(count, sizeof count, "%zu", group->item_count);
  const char *type = dns_type_name(item->change->type, scratch);
  struct text_argument heading[] = { { "number", number }, { "count", count }, { "action", request_action_word(item->change->action) }, { "type", type }, { "name", text_safe_string(arena, item->full) } };
  hanging(out, "", "   ", text_fill(arena, _("{number} of {count}. {action} the {type} record at {name}"), heading, 5));
  labelled(out, "   ", _("What for:"), item->why);
  labelled(out, "   ", _("Order:"), item->place);
  labelled_whole(out, arena, _("Zone:"), item->change->zone);
  labelled_whole(out, arena, _("Host:"), item->host);
  if (apex_note(group, item)) labelled(out, "   ", "", apex_note(group, item));
  labelled_whole(out, arena, _("Full name:"), item->full);
  labelled_whole(out, arena, _("With dot:"), item->full_dot);
  labelled_whole(out, arena, _("Type:"), type);
  put_ttl(out, arena, item);
  labelled(out, "   ", _("Do:"), item->how);
  for (size_t i = 0; i < item->note_count; i++) labelled(out, "   ", _("Note:"), item->notes[i]);
  put_values(out, arena, item);
  labelled_whole(out, arena, _("Check:"), item->check);
  labelled(out, "   ", "", item->expect);
  if (*item->undo) labelled(out, "   ", _("Undo:"), item->undo);
  buf_char(out, '\n');
}

/* ---- the whole ---- */

static void put_ttls(struct buf *out, struct arena *arena, const struct request_ttl *list, size_t count) {
  for (size_t i = 0; i < count; i++) hanging(out, "           - ", "             ", request_ttl_line(arena, &list[i]));
}

static const char *step_label(struct arena *arena, unsigned number) {
  struct text_argument argument = { "number", arena_printf(arena, "%u", number) };
  return arena_printf(arena, "  %s  ", text_fill(arena, _("Step {number}."), &argument, 1));
}

static void put_steps(struct buf *out, struct arena *arena, const struct request_group *group) {
  hanging(out, step_label(arena, 1), "           ", request_step_lower(arena, group));
  put_ttls(out, arena, group->lower, group->lower_count);
  hanging(out, step_label(arena, 2), "           ", request_step_change(arena, group));
  hanging(out, step_label(arena, 3), "           ", request_step_raise(group));
  put_ttls(out, arena, group->raise, group->raise_count);
  buf_char(out, '\n');
}

static void put_group(struct buf *out, struct arena *arena, const struct request_group *group) {
  rule_line(out, '=');
  wrapped(out, "", group->heading);
  wrapped(out, "", request_zone_words(arena, group));
  if (group->host) {
    struct text_argument argument = { "host", group->host->name };
    wrapped(out, "", text_fill(arena, group->host_chosen ? _("Written for the forms of {host}.") : _("Written for the forms of {host}, by its name servers."), &argument, 1));
  }
  for (size_t i = 0; i < group->note_count; i++) wrapped(out, "", group->notes[i]);
  rule_line(out, '=');
  buf_char(out, '\n');
  put_steps(out, arena, group);
  for (size_t i = 0; i < group->item_count; i++) put_item(out, arena, group, &group->items[i]);
}

static void put_head(const struct request *request, struct buf *out, struct arena *arena) {
  const struct request_details *details = request->details;
  struct text_argument domain = { "domain", request->domain };
  if (details->practice) buf_printf(out, "%s\n\n", request_practice_words());
  wrapped(out, "", text_fill(arena, _("DNS change request for {domain}"), &domain, 1));
  buf_char(out, '\n');
  labelled(out, "", _("Reference:"), request->reference);
  labelled(out, "", _("Date:"), request_date(arena, details->time));
  labelled(out, "", _("Please by:"), request_date(arena, request->due));
  if (details->recipient && *details->recipient) labelled(out, "", _("To:"), text_safe_string(arena, details->recipient));
  labelled(out, "", _("From:"), *details->requester ? text_safe_string(arena, details->requester) : _("(fill in before you send it: name, team, telephone)"));
  buf_char(out, '\n');
}

static void put_rules(const struct request *request, struct buf *out) {
  for (size_t i = 0; request->item_count && request_rule_words(request, i); i++) wrapped(out, "", request_rule_words(request, i));
  for (size_t i = 0; i < request->omission_count; i++) wrapped(out, "", request->omissions[i].reason);
  buf_char(out, '\n');
}

static void put_file(struct buf *out, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\r\n");
    buf_text(out, "      ");
    text_safe(out, line, length);
    buf_char(out, '\n');
    line += length;
    line += strspn(line, "\r\n");
  }
}

static void put_own_part(const struct request *request, struct buf *out, struct arena *arena) {
  const char *sentence, *file;
  if (!request_own_words(arena, request, 0, NULL)) return;
  rule_line(out, '=');
  wrapped(out, "", _("For the requester: not part of the DNS change. Leave it out when you send this on."));
  rule_line(out, '=');
  buf_char(out, '\n');
  for (size_t i = 0; (sentence = request_own_words(arena, request, i, &file)); i++) {
    hanging(out, "- ", "  ", sentence);
    put_file(out, file);
  }
}

void request_text(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  put_head(request, out, arena);
  if (!request->item_count) wrapped(out, "", _("No DNS change is needed."));
  put_rules(request, out);
  for (size_t g = 0; g < request->group_count; g++) put_group(out, arena, &request->groups[g]);
  put_own_part(request, out, arena);
  arena_free(&arena);
}
