#include <stdio.h>
#include <string.h>

#include "src/request/private.h"

/* The sentences of a request. Whoever reads them has never heard of mailstead and has ten other tickets open. */

const char *request_practice_words(void) { return _("PRACTICE: made on the practice estate. Do not send this to anyone."); }

const char *request_action_word(enum plan_action action) {
  return action == PLAN_ADD ? _("ADD") : action == PLAN_REPLACE ? _("CHANGE") : _("REMOVE");
}

const char *request_contact_heading(enum plan_contact contact) {
  switch (contact) {
  case CONTACT_GSI: return _("For the gsi contact (Vodafone, through the form of the Government Digital Service; unverified whether it still answers)");
  case CONTACT_ADDRESS_OWNER: return _("For the owner of the address (the network or hosting provider, not the DNS provider of the domain)");
  case CONTACT_REGISTRAR: break;
  }
  return _("For the registrar or DNS provider");
}

const char *request_date(struct arena *arena, int64_t time) {
  static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };
  struct clock_date d = clock_utc(time);
  return arena_printf(arena, "%d %s %d", d.day, _(months[(d.month + 11) % 12]), d.year);
}

/* ---- one item ---- */

/* Why a change stands at its place in the order: the plan says, or it follows from the action. */
static const char *place_of(const struct plan_change *change) {
  if (change->order_why && *change->order_why) return _(change->order_why);
  return change->action == PLAN_REMOVE ? _("After what replaces it is in place, so that nothing is missing in between.") : _("Before anything is taken out, so that nothing is missing in between.");
}

static const char *how_of(const struct request_item *item) {
  const struct plan_change *change = item->change;
  if (change->from_wildcard) return _("Add it as a new record. A wildcard record answers for this name now: leave the wildcard as it is.");
  if (change->action == PLAN_ADD && change->kept_count) return _("Add it as a record of its own. The others of this type at this name stay as they are.");
  if (change->action == PLAN_ADD) return _("Add it as a new record. There is none of this type at this name now.");
  if (change->action == PLAN_REMOVE) return change->kept_count ? _("Take out this record only. The others of this type at this name stay as they are.") : _("Take this record out. Nothing takes its place.");
  if (change->now_count > change->wanted_count) return _("Put in the new record and take out each of the old ones: only the new one may be there afterwards.");
  if (change->type == DNS_TYPE_TXT) return _("Change the record, or put in the new one and take out the old one. Do not leave both: two of them cancel each other.");
  return _("Change the record, or put in the new one and take out the old one. Do not leave both.");
}

static const char *undo_of(struct arena *arena, const struct request_item *item) {
  const struct plan_change *change = item->change;
  char seconds[16];
  snprintf(seconds, sizeof seconds, "%u", change->now_ttl);
  struct text_argument argument = { "seconds", seconds };
  if (change->action == PLAN_ADD) return _("take the new record out again.");
  if (change->action == PLAN_REMOVE) return text_fill(arena, _("put the record back as it is shown here, with a TTL of {seconds} seconds."), &argument, 1);
  return text_fill(arena, _("take the new record out and put back what is shown here as the old one, with a TTL of {seconds} seconds."), &argument, 1);
}

static const char *expect_of(const struct request_item *item) {
  switch (item->change->action) {
  case PLAN_ADD: return _("must show the new value");
  case PLAN_REPLACE: return _("must show the new value, and the old one no longer");
  case PLAN_REMOVE: break;
  }
  return _("must no longer show the value that was taken out");
}

const char *request_shell_word(struct arena *arena, const char *text) {
  static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-@%+,/:";
  if (*text && !text[strspn(text, harmless)]) return text;
  struct buf out = BUF_INIT(65536);
  buf_char(&out, '\'');
  for (; *text; text++) {
    if (*text == '\'') buf_text(&out, "'\\''");
    else buf_char(&out, *text);
  }
  buf_char(&out, '\'');
  const char *word = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return word;
}

void request_word_item(struct arena *arena, const struct request_group *group, struct request_item *item) {
  char scratch[16];
  const struct plan_change *change = item->change;
  const char *type = dns_type_name(change->type, scratch), *name = request_shell_word(arena, text_safe_string(arena, change->name));
  item->why = _(change->sentence);
  item->place = place_of(change);
  item->how = how_of(item);
  item->undo = undo_of(arena, item);
  item->expect = expect_of(item);
  item->check = group->server_count ? arena_printf(arena, "dig +short %s %s %s", type, name, request_shell_word(arena, arena_printf(arena, "@%s", text_safe_string(arena, group->servers[0]))))
                                    : arena_printf(arena, "dig +short %s %s", type, name);
}

const char *request_own_words(struct arena *arena, const struct request *request, size_t index, const char **out_text) {
  const struct plan *plan = request->plan;
  char scratch[16];
  if (out_text) *out_text = "";
  if (request->details->zone || index >= request->left_out_count + plan->task_count) return NULL;
  if (index >= request->left_out_count) {
    const struct plan_task *task = &plan->tasks[index - request->left_out_count];
    if (out_text) *out_text = task->text;
    return task->sentence;
  }
  const struct plan_change *change = request->left_out[index];
  struct text_argument arguments[] = { { "type", dns_type_name(change->type, scratch) }, { "name", text_safe_string(arena, change->name) } };
  return text_fill(arena, _("You have left out the {type} record at {name}: it is not asked for here."), arguments, 2);
}

/* ---- steps ---- */

const char *request_step_lower(struct arena *arena, const struct request_group *group) {
  uint32_t longest = 0;
  char seconds[16];
  for (size_t i = 0; i < group->lower_count; i++)
    if (group->lower[i].from > longest) longest = group->lower[i].from;
  if (!longest) return _("Nothing has to be prepared: every TTL concerned is an hour or less.");
  snprintf(seconds, sizeof seconds, "%u", longest);
  struct text_argument argument = { "seconds", seconds };
  return text_fill(arena, _("A day or more before the changes, lower these TTLs and change nothing else. Old values stay in use for up to {seconds} seconds, so the changes would otherwise be slow to arrive, and slow to undo."), &argument, 1);
}

const char *request_step_change(struct arena *arena, const struct request_group *group) {
  char count[24];
  snprintf(count, sizeof count, "%zu", group->item_count);
  struct text_argument argument = { "count", count };
  if (group->item_count == 1) return _("Make the change below. Then reply, with our reference.");
  return text_fill(arena, _("Make the {count} changes below in the order of their numbers, in one session if you like: each may follow as soon as the check of the one before it succeeds. Then reply, with our reference."), &argument, 1);
}

const char *request_step_raise(const struct request_group *group) {
  return group->raise_count ? _("We check the result and reply to you. After that, and not before, set these TTLs. Then the work is finished.") : _("We check the result and reply to you. Nothing else follows: the TTLs stay as they are.");
}

const char *request_zone_words(struct arena *arena, const struct request_group *group) {
  struct buf list = BUF_INIT(4096);
  for (size_t i = 0; i < group->server_count; i++) buf_printf(&list, i ? ", %s" : "%s", text_safe_string(arena, group->servers[i]));
  struct text_argument arguments[] = { { "zone", text_safe_string(arena, group->zone) }, { "servers", arena_strdup(arena, buf_string(&list)) } };
  buf_release(&list);
  return text_fill(arena, group->server_count ? _("Zone {zone}, served by {servers}.") : _("Zone {zone}."), arguments, 2);
}

const char *request_rule_words(const struct request *request, size_t index) {
  const char *rules[5];
  size_t count = 0;
  if (request->group_count > 1) rules[count++] = _("This request has parts for different zones or providers. Do the part under your heading, and leave the others.");
  rules[count++] = _("Change nothing else. Each value stands whole on one line of its own: enter it exactly as it is, with nothing before or after it. TTLs are in seconds; a TTL is that of all records of the same name and type.");
  if (!request->details->no_undo) rules[count++] = _("Undo a change only if we ask you to.");
  rules[count++] = _("If something here is not clear, or your system refuses a value, reply to this ticket before you change anything.");
  if (request->details->as_2020 == PLAN_2020_ALL) rules[count++] = _("The values are those of the guidance of 27 April 2020, to the letter.");
  else if (request->details->as_2020) rules[count++] = _("Some values are those of the guidance of 27 April 2020, as the requester chose.");
  return index < count ? rules[index] : NULL;
}

const char *request_ttl_line(struct arena *arena, const struct request_ttl *ttl) {
  char scratch[16], from[16], to[16];
  snprintf(from, sizeof from, "%u", ttl->from);
  snprintf(to, sizeof to, "%u", ttl->to);
  struct text_argument arguments[] = { { "type", dns_type_name(ttl->type, scratch) }, { "name", text_safe_string(arena, ttl->name) }, { "from", from }, { "to", to } };
  return text_fill(arena, _("{type} at {name}: from {from} to {to} seconds"), arguments, 4);
}
