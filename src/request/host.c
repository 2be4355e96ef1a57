#include <stdio.h>
#include <string.h>

#include "src/request/private.h"

/* How one DNS host's form wants a record. What is known of hosts only words and shapes: it never changes what is asked for, except that a
 * record which a host does not take is left out, and said to be. */

const struct dns_host_facts *request_host_of(const struct request_details *details, const struct plan_zone *zone, enum plan_contact contact, bool *out_chosen) {
  *out_chosen = false;
  if (details->provider && contact == CONTACT_REGISTRAR) {
    *out_chosen = true;
    return details->provider;
  }
  bool mixed = false;
  if (!details->facts || !zone || !zone->server_count) return NULL;
  const struct dns_host_facts *host = facts_dns_host_of(details->facts, zone->name, zone->servers, zone->server_count, &mixed);
  return mixed ? NULL : host;
}

static const char *marked(struct arena *arena, const char *text, enum fact_mark mark) {
  const char *words = fact_mark_words(mark);
  bool says = strstr(text, "(unverified)") != NULL; /* some rows mark a part of their text themselves */
  return *words && !says ? arena_printf(arena, "%s (%s)", text, words) : text;
}

static void add_note(struct arena *arena, const char ***notes, size_t *count, const char *note) {
  *notes = arena_grow(arena, *notes, *count, sizeof **notes);
  (*notes)[(*count)++] = note;
}

static bool is_null_mx(const struct plan_change *change) {
  return change->type == DNS_TYPE_MX && change->wanted_count == 1 && strcmp(change->wanted[0], "0 .") == 0;
}

const char *request_refusal(struct arena *arena, const struct dns_host_facts *host, const struct plan_change *change) {
  if (!host || !is_null_mx(change) || host->null_mx != FACT_NO) return NULL;
  struct text_argument argument = { "host", host->name };
  return marked(arena, text_fill(arena, _("{host} does not accept a null MX (priority 0, mail server \".\"), so it is left out of the request. SPF and DMARC protect the domain without it."), &argument, 1), host->null_mx_mark);
}

/* ---- the host's manner, as sentences ---- */

static const char *apex_words(const struct dns_host_facts *host) {
  switch (host->apex) {
  case APEX_AT: return _("for the domain itself the host is @");
  case APEX_EMPTY: return _("for the domain itself the host stays empty");
  case APEX_FULL: return _("for the domain itself the host is its full name");
  case APEX_BIND: return _("for the domain itself the host is its full name with a final dot");
  case APEX_EITHER: break;
  }
  return _("for the domain itself the host stays empty, or is @ if the form insists");
}

static const char *name_words(const struct dns_host_facts *host) {
  switch (host->name_form) {
  case NAME_FULL: return _("Hosts are entered as full names");
  case NAME_BIND: return _("Hosts are written as full names with a final dot");
  case NAME_EITHER: return _("Hosts are entered without the domain, or as full names with a final dot");
  case NAME_RELATIVE: break;
  }
  return _("Hosts are entered without the domain, which is added by itself");
}

static const char *quoting_words(const struct dns_host_facts *host) {
  if (host->quoting == QUOTE_QUOTED || host->long_values == LONG_SPLIT)
    return _("TXT values go into quotation marks, and one of more than 255 characters into several quoted strings with one space between.");
  if (host->long_values == LONG_WHOLE) return _("TXT values are entered without quotation marks and whole, however long.");
  return _("TXT values are entered without quotation marks.");
}

void request_shape_group(struct arena *arena, struct request *request, struct request_group *group) {
  const struct dns_host_facts *host = group->host;
  if (!host) return;
  struct text_argument names[] = { { "names", name_words(host) }, { "apex", apex_words(host) } };
  const char *how = marked(arena, arena_printf(arena, "%s %s", text_fill(arena, _("{names}; {apex}."), names, 2), quoting_words(host)), host->mark);
  add_note(arena, &group->notes, &group->note_count, how);
  request_problem(arena, request, "plan-quoting", group->zone, how);
  if (*host->where) add_note(arena, &group->notes, &group->note_count, marked(arena, arena_printf(arena, _("The form: %s"), host->where), host->mark));
  if (*host->note) add_note(arena, &group->notes, &group->note_count, marked(arena, host->note, host->mark));
}

/* ---- one item ---- */

static const char *entered_host(const struct dns_host_facts *host, const struct request_item *item) {
  bool apex = strcmp(item->relative, "@") == 0;
  if (!host) return item->relative;
  if (apex) {
    switch (host->apex) {
    case APEX_EMPTY: return _("(leave empty)");
    case APEX_FULL: return item->full;
    case APEX_BIND: return item->full_dot;
    case APEX_AT:
    case APEX_EITHER: return "@";
    }
  }
  return host->name_form == NAME_FULL ? item->full : host->name_form == NAME_BIND ? item->full_dot : item->relative;
}

static void shape_values(struct arena *arena, const struct dns_host_facts *host, uint16_t type, struct request_value *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(list[i].entered);
    bool target = type == DNS_TYPE_CNAME || type == DNS_TYPE_MX || type == DNS_TYPE_PTR;
    if (type == DNS_TYPE_TXT && (host->quoting == QUOTE_QUOTED || (host->long_values == LONG_SPLIT && list[i].strings > 1))) {
      list[i].entered = list[i].data;
      list[i].shown_exactly = true;
    } else if (target && !host->target_dot && host->name_form != NAME_BIND && !host->by_ticket && length > 2 && list[i].entered[length - 1] == '.') {
      list[i].entered = arena_strndup(arena, list[i].entered, length - 1);
    }
  }
}

static void raise_ttls(struct arena *arena, const struct dns_host_facts *host, struct request_item *item) {
  unsigned least = host->ttl_least;
  if (item->ttl >= least) return;
  char seconds[16];
  snprintf(seconds, sizeof seconds, "%u", least);
  struct text_argument arguments[] = { { "host", host->name }, { "seconds", seconds } };
  add_note(arena, &item->notes, &item->note_count, marked(arena, text_fill(arena, _("{host} takes no TTL below {seconds} seconds."), arguments, 2), host->mark));
  item->ttl = least;
  if (item->ttl_later < least) item->ttl_later = least;
}

static const char *limit_of(struct arena *arena, const struct dns_host_facts *host, const struct request_value *value) {
  char most[16];
  snprintf(most, sizeof most, "%u", host->txt_most);
  struct text_argument arguments[] = { { "host", host->name }, { "most", most } };
  const char *words = NULL;
  if (host->txt_most && value->length > host->txt_most) words = _("{host} takes TXT values of at most {most} characters. Ask it to publish this one, or move the zone.");
  else if (host->refuses_empty_txt && !value->length) words = _("{host} does not take an empty TXT value.");
  else if (host->refuses_quotes && strchr(value->text, '"')) words = _("{host} does not take quotation marks inside a TXT value.");
  else if (host->refuses_backslash && strchr(value->text, '\\')) words = _("{host} does not take a backslash inside a TXT value.");
  return words ? marked(arena, text_fill(arena, words, arguments, 2), host->mark) : NULL;
}

void request_shape_item(struct arena *arena, struct request *request, const struct request_group *group, struct request_item *item) {
  const struct dns_host_facts *host = group->host;
  const struct plan_change *change = item->change;
  item->host = entered_host(host, item);
  if (!host) return;
  shape_values(arena, host, change->type, item->now, change->now_count);
  shape_values(arena, host, change->type, item->wanted, change->wanted_count);
  raise_ttls(arena, host, item);
  for (size_t i = 0; change->type == DNS_TYPE_TXT && i < change->wanted_count; i++) {
    const char *limit = limit_of(arena, host, &item->wanted[i]);
    if (!limit) continue;
    add_note(arena, &item->notes, &item->note_count, limit);
    request_problem(arena, request, "plan-provider-limit", change->name, limit);
  }
}
