#include <stdlib.h>
#include <string.h>

#include "src/request/private.h"

static const struct request_format formats[] = {
  { "text", "txt", request_text },     { "json", "json", request_json },       { "zone", "zone", request_zone },       { "nsupdate", "nsupdate", request_nsupdate },
  { "csv", "csv", request_csv },       { "markdown", "md", request_markdown }, { "html", "html", request_html },       { "route53", "json", request_route53 },
  { "octodns", "yaml", request_octodns }, { "dnscontrol", "js", request_dnscontrol },
};

const struct request_format *request_format_at(size_t index) { return index < MEM_COUNT(formats) ? &formats[index] : NULL; }

const struct request_format *request_format_find(const char *name) {
  for (size_t i = 0; i < MEM_COUNT(formats); i++)
    if (strcmp(formats[i].name, name) == 0) return &formats[i];
  return NULL;
}

void request_problem(struct arena *arena, struct request *request, const char *rule, const char *subject, const char *detail) {
  const struct rule *row = rule_find(rule);
  if (!row) abort();
  request->problems = arena_grow(arena, request->problems, request->problem_count, sizeof *request->problems);
  request->problems[request->problem_count++] = (struct plan_problem){ .rule = row, .severity = row->severity, .subject = subject, .detail = detail };
}

bool request_blocked(const struct request *request) {
  for (size_t i = 0; i < request->problem_count; i++)
    if (request->problems[i].severity == SEVERITY_FAIL) return true;
  return plan_blocked(request->plan);
}

/* ---- values ---- */

static const char *split_data(struct arena *arena, const char *text, size_t length) {
  struct buf out = BUF_INIT(1 << 20);
  zone_text_split(&out, text, length);
  const char *data = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return data;
}

/* The borders of what is published are kept; of what is asked for, a string ends after 255 octets. */
static struct request_value value_of(struct arena *arena, const struct plan_change *change, const char *text, const char *published) {
  size_t length = strlen(text);
  struct request_value value = { .text = text, .length = length, .strings = 1 };
  bool is_text = change->type == DNS_TYPE_TXT;
  value.data = published ? published : is_text ? split_data(arena, text, length) : text;
  if (is_text && length > 255) value.strings = (length + 254) / 255;
  value.shown_exactly = text_is_safe(text);
  value.entered = value.shown_exactly ? text : value.data;
  return value;
}

static void add_values(struct arena *arena, struct request_item *item) {
  const struct plan_change *change = item->change;
  struct request_value *now = ARENA_ARRAY(arena, struct request_value, change->now_count + 1), *wanted = ARENA_ARRAY(arena, struct request_value, change->wanted_count + 1);
  for (size_t i = 0; i < change->now_count; i++) now[i] = value_of(arena, change, change->now[i], change->now_data ? change->now_data[i] : NULL);
  for (size_t i = 0; i < change->wanted_count; i++) wanted[i] = value_of(arena, change, change->wanted[i], NULL);
  item->now = now;
  item->wanted = wanted;
}

/* ---- what is chosen ---- */

static void leave_out(struct arena *arena, struct request *request, const struct plan_change *change) {
  request->left_out = arena_grow(arena, request->left_out, request->left_out_count, sizeof *request->left_out);
  request->left_out[request->left_out_count++] = change;
}

const char **request_zones(struct arena *arena, const struct plan *plan, size_t *out_count) {
  const char **zones = ARENA_ARRAY(arena, const char *, plan->change_count + 1);
  *out_count = 0;
  for (size_t i = 0; i < plan->change_count; i++) {
    bool seen = plan->changes[i].left_out;
    for (size_t n = 0; n < *out_count; n++) seen |= strcmp(zones[n], plan->changes[i].zone) == 0;
    if (!seen) zones[(*out_count)++] = plan->changes[i].zone;
  }
  return zones;
}

/* ---- groups ---- */

static struct request_group *group_for(struct arena *arena, struct request *request, const struct plan_change *change) {
  for (size_t i = 0; i < request->group_count; i++)
    if (request->groups[i].contact == change->contact && strcmp(request->groups[i].zone, change->zone) == 0) return &request->groups[i];
  request->groups = arena_grow(arena, request->groups, request->group_count, sizeof *request->groups);
  struct request_group *group = &request->groups[request->group_count++];
  const struct plan_zone *zone = plan_zone_find(request->plan, change->zone);
  *group = (struct request_group){ .zone = change->zone, .contact = change->contact, .heading = request_contact_heading(change->contact) };
  if (zone) {
    group->servers = zone->servers;
    group->server_count = zone->server_count;
  }
  group->host = request_host_of(request->details, zone, change->contact, &group->host_chosen);
  return group;
}

static void add_item(struct arena *arena, struct request *request, const struct plan_change *change) {
  struct request_group *group = group_for(arena, request, change);
  const char *refusal = request_refusal(arena, group->host, change);
  if (refusal) {
    request->omissions = arena_grow(arena, request->omissions, request->omission_count, sizeof *request->omissions);
    request->omissions[request->omission_count++] = (struct request_omission){ change, refusal };
    request_problem(arena, request, "plan-provider-limit", change->name, refusal);
    return;
  }
  group->items = arena_grow(arena, group->items, group->item_count, sizeof *group->items);
  struct request_item *item = &group->items[group->item_count++];
  const char *relative = name_relative(arena, change->name, change->zone);
  *item = (struct request_item){ .change = change, .ttl = change->ttl, .ttl_later = change->ttl_later, .full = change->name };
  item->relative = relative ? relative : change->name;
  item->full_dot = arena_printf(arena, "%s.", change->name);
  add_values(arena, item);
}

/* ---- steps ---- */

static void add_ttl(struct arena *arena, struct request_ttl **list, size_t *count, struct request_ttl ttl) {
  for (size_t i = 0; i < *count; i++)
    if ((*list)[i].type == ttl.type && strcmp((*list)[i].name, ttl.name) == 0) return;
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = ttl;
}

/* A TTL belongs to the whole record set (RFC 2181 section 5.2), so each set is named once. */
static void add_steps(struct arena *arena, struct request_group *group) {
  for (size_t i = 0; i < group->item_count; i++) {
    const struct request_item *item = &group->items[i];
    const struct plan_change *change = item->change;
    struct request_ttl ttl = { .zone = change->zone, .name = change->name, .type = change->type, .from = change->set_ttl, .to = item->ttl };
    if (change->set_ttl > REQUEST_TTL_LONG) add_ttl(arena, &group->lower, &group->lower_count, ttl);
    ttl.from = item->ttl;
    ttl.to = item->ttl_later;
    if (change->wanted_count && item->ttl_later > item->ttl) add_ttl(arena, &group->raise, &group->raise_count, ttl);
  }
}

/* ---- all together ---- */

/* Groups whose every change is left out are taken away. */
static void finish_groups(struct arena *arena, struct request *request) {
  size_t kept = 0;
  for (size_t i = 0; i < request->group_count; i++)
    if (request->groups[i].item_count) request->groups[kept++] = request->groups[i];
  request->group_count = kept;
  for (size_t i = 0; i < kept; i++) {
    struct request_group *group = &request->groups[i];
    request_shape_group(arena, request, group);
    for (size_t n = 0; n < group->item_count; n++) {
      group->items[n].number = n + 1;
      request_shape_item(arena, request, group, &group->items[n]);
      request_word_item(arena, group, &group->items[n]);
      if (request->details->no_undo) group->items[n].undo = "";
    }
    request->item_count += group->item_count;
    add_steps(arena, group);
  }
}

/* ---- what stands against it ---- */

/* What is taken away must be in the request with its TTL, or there is no way back. */
static void check_way_back(struct arena *arena, struct request *request, const struct plan_change *change) {
  bool whole = change->now_count > 0 && change->present_known;
  for (size_t i = 0; i < change->now_count; i++) whole = whole && change->now_data && change->now_data[i];
  if (change->action == PLAN_ADD || whole) return;
  struct text_argument argument = { "name", text_safe_string(arena, change->name) };
  request_problem(arena, request, "plan-rollback-missing", change->name, text_fill(arena, _("What is published at {name} now is not known, so the change could not be undone."), &argument, 1));
}

static void check_contact(struct arena *arena, struct request *request) {
  if (request->details->recipient && *request->details->recipient) return;
  for (size_t i = 0; i < request->group_count; i++) {
    const struct request_group *group = &request->groups[i];
    if (group->host || group->contact == CONTACT_GSI) continue;
    struct text_argument argument = { "zone", text_safe_string(arena, group->zone) };
    request_problem(arena, request, "plan-contact-missing", group->zone, text_fill(arena, _("It is not known who changes the zone {zone}. Find out before you send the request."), &argument, 1));
  }
}

struct request request_make(struct arena *arena, const struct plan *plan, const struct request_details *details) {
  struct clock_date d = clock_utc(details->time);
  struct request request = { .plan = plan, .details = details, .due = details->time + (int64_t)REQUEST_DAYS * 86400000 };
  request.domain = text_safe_string(arena, plan->domain);
  request.reference = arena_printf(arena, "%s-%04d-%02d-%02d-%u", request.domain, d.year, d.month, d.day, details->number);
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (details->zone && strcmp(details->zone, change->zone) != 0) continue;
    if (change->left_out) {
      leave_out(arena, &request, change);
      continue;
    }
    check_way_back(arena, &request, change);
    add_item(arena, &request, change);
  }
  finish_groups(arena, &request);
  check_contact(arena, &request);
  return request;
}
