#include <string.h>

#include "src/base/lib.h"
#include "src/request/lib.h"

/* The ticket for a DNS desk: 72 columns, but every value on one line of its own. */

static void hanging(struct buf *out, const char *first, const char *rest, const char *text) {
  for (const char *indent = first; *text; indent = rest) {
    size_t length = text_fit(text, 72 - text_width(indent), NULL);
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

static const char *action_word(enum plan_action action) {
  return action == PLAN_ADD ? _("ADD") : action == PLAN_REPLACE ? _("CHANGE") : _("REMOVE");
}

static void put_value(struct buf *out, struct arena *arena, const char *label, const struct plan_change *change, const char *value) {
  buf_printf(out, "   %-9s%s\n", label, text_safe_string(arena, value));
  if (change->type == DNS_TYPE_TXT && strlen(value) > 255) {
    buf_printf(out, "   %s\n      ", _("If your system does not split long text by itself, enter it as these strings. Nothing is put between them:"));
    request_quote(out, value, strlen(value));
    buf_char(out, '\n');
  }
}

static void put_change(struct buf *out, struct arena *arena, const struct plan_change *change, size_t number, size_t count) {
  char scratch[16];
  const char *type = dns_type_name(change->type, scratch), *host = request_host(arena, change);
  bool several = change->now_count > 1;
  buf_printf(out, _("%zu of %zu. %s the %s record\n"), number, count, action_word(change->action), type);
  wrapped(out, "   ", _(change->sentence));
  buf_printf(out, "   %-9s%s%s\n", _("Zone:"), change->zone, "");
  buf_printf(out, _("   %-9s%s   (full name: %s)\n"), _("Host:"), host, change->name);
  if (strcmp(host, "@") == 0) wrapped(out, "            ", _("@ means the domain itself. Leave the host empty if your form wants that."));
  if (change->action != PLAN_REMOVE) buf_printf(out, _("   %-9s%u now, %u when it works\n"), _("TTL:"), change->ttl, change->ttl_later);
  for (size_t i = 0; i < change->now_count; i++) put_value(out, arena, _("Remove:"), change, change->now[i]);
  for (size_t i = 0; i < change->wanted_count; i++) put_value(out, arena, change->now_count ? _("Put:") : _("Value:"), change, change->wanted[i]);
  if (change->action == PLAN_REPLACE)
    wrapped(out, "   ", several ? _("Only the new value may be there afterwards: please see that every old one is gone.") : _("Please change the record. Do not add a second one beside it. Other records at this name stay as they are."));
  buf_printf(out, _("   %-9sdig +short %s %s\n"), _("Check:"), change->name, type);
  if (change->action == PLAN_ADD) buf_printf(out, "   %-9s%s\n", _("Undo:"), _("remove this record"));
  else buf_printf(out, _("   %-9sput back what stands under Remove, with TTL %u\n"), _("Undo:"), change->now_ttl);
  buf_char(out, '\n');
}

static const char *contact_heading(enum plan_contact contact) {
  switch (contact) {
  case CONTACT_GSI: return _("For the gsi contact (Vodafone, through the form of the Government Digital Service; unverified whether it still answers)");
  case CONTACT_ADDRESS_OWNER: return _("For the owner of the address (the hosting or network provider, not the DNS provider of the domain)");
  case CONTACT_REGISTRAR: break;
  }
  return _("For the registrar or DNS provider");
}

static size_t count_for(const struct plan *plan, enum plan_contact contact) {
  size_t count = 0;
  for (size_t i = 0; i < plan->change_count; i++) count += plan->changes[i].contact == contact;
  return count;
}

static void put_group(const struct request *request, struct buf *out, struct arena *arena, enum plan_contact contact) {
  const struct plan *plan = request->plan;
  size_t count = count_for(plan, contact), number = 0;
  uint32_t longest = 0;
  if (!count) return;
  buf_printf(out, "%s\n", contact_heading(contact));
  buf_pad(out, '-', 72);
  buf_char(out, '\n');
  for (size_t i = 0; i < plan->change_count; i++)
    if (plan->changes[i].contact == contact && plan->changes[i].now_ttl > longest) longest = plan->changes[i].now_ttl;
  if (longest > 3600) {
    struct text_argument argument = { "seconds", arena_printf(arena, "%u", longest) };
    wrapped(out, "", text_fill(arena, _("First, if you can: lower the TTL of the records below to 300, a day before the change. It is {seconds} seconds now, and old values stay in use that long."), &argument, 1));
    buf_char(out, '\n');
  }
  for (size_t i = 0; i < plan->change_count; i++)
    if (plan->changes[i].contact == contact) put_change(out, arena, &plan->changes[i], ++number, count);
}

static void put_head(const struct request *request, struct buf *out, struct arena *arena) {
  struct clock_date d = clock_utc(request->details->time);
  if (request->details->practice) buf_printf(out, "%s\n\n", _("PRACTICE: made on the practice estate. Do not send this to anyone."));
  buf_printf(out, _("DNS change request for %s\n"), request->plan->domain);
  buf_printf(out, _("Reference: %s\n"), request->reference);
  buf_printf(out, _("Date: %d-%02d-%02d\n"), d.year, d.month, d.day);
  if (*request->details->requester) buf_printf(out, _("Requested by: %s\n"), text_safe_string(arena, request->details->requester));
  buf_char(out, '\n');
  wrapped(out, "", _("Please make these changes in the order given, and confirm when they are done. Enter each value exactly as it stands, on one line, without quotation marks unless your system needs them."));
  wrapped(out, "", _("Nothing else in the zone is to be changed."));
  if (request->details->guidance_2020) wrapped(out, "", _("The values are those of the guidance of 27 April 2020, to the letter."));
  buf_char(out, '\n');
}

static void put_tasks(const struct request *request, struct buf *out) {
  const struct plan *plan = request->plan;
  if (!plan->task_count) return;
  buf_printf(out, "%s\n", _("For the organisation itself (not part of the DNS change)"));
  buf_pad(out, '-', 72);
  buf_char(out, '\n');
  for (size_t i = 0; i < plan->task_count; i++) {
    hanging(out, "- ", "  ", plan->tasks[i].sentence);
    for (const char *line = plan->tasks[i].text; *line;) {
      size_t length = strcspn(line, "\r\n");
      buf_printf(out, "      %.*s\n", (int)length, line);
      line += length;
      line += strspn(line, "\r\n");
    }
  }
}

void request_text(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  put_head(request, out, arena);
  if (!request->plan->change_count) buf_printf(out, "%s\n\n", _("No DNS change is needed."));
  put_group(request, out, arena, CONTACT_REGISTRAR);
  put_group(request, out, arena, CONTACT_GSI);
  put_group(request, out, arena, CONTACT_ADDRESS_OWNER);
  put_tasks(request, out);
  arena_free(&arena);
}
