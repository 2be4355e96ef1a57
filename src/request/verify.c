#include "src/request/verify.h"

#include <stdio.h>
#include <string.h>

const char *verify_state_name(enum verify_state state) {
  static const char *const names[] = { "live", "partly", "not-yet", "wrong", "unknown" };
  return names[state];
}

const char *verify_says_name(enum verify_says says) {
  static const char *const names[] = { "new", "old", "old-and-new", "differs", "no-answer" };
  return names[says];
}

/* ---- values ---- */

static const char *value_of(struct arena *arena, const struct dns_rr *rr) {
  switch (rr->type) {
  case DNS_TYPE_TXT: return rr->txt.bytes;
  case DNS_TYPE_MX: return arena_printf(arena, "%u %s.", rr->mx.preference, rr->mx.host);
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: return arena_printf(arena, "%s.", rr->target);
  default: return "";
  }
}

static bool holds(struct arena *arena, const struct dns_answer *answer, const char *value) {
  const struct dns_rr *list = answer->seen.question.type == DNS_TYPE_CNAME ? answer->records : answer->records;
  for (size_t i = 0; i < answer->count; i++) {
    const char *seen = value_of(arena, &list[i]);
    if (list[i].type == DNS_TYPE_TXT ? (list[i].txt.length == strlen(value) && strcmp(seen, value) == 0) : text_equal(seen, value)) return true;
  }
  return false;
}

static enum verify_says says(struct arena *arena, const struct plan_change *change, const struct dns_answer *answer) {
  size_t new = 0, old = 0;
  if (answer->outcome == DNS_FAILED) return SAYS_NOTHING;
  for (size_t i = 0; i < change->wanted_count; i++) new += holds(arena, answer, change->wanted[i]);
  for (size_t i = 0; i < change->now_count; i++) old += holds(arena, answer, change->now[i]);
  if (change->action == PLAN_REMOVE) return old ? SAYS_OLD : SAYS_NEW;
  if (new == change->wanted_count) return old ? SAYS_BOTH : SAYS_NEW;
  if (change->now_count && old == change->now_count) return SAYS_OLD;
  return change->now_count == 0 && !new ? SAYS_OLD : SAYS_NEITHER;
}

/* ---- the usual slips ---- */

static bool same_but_for(const char *seen, const char *wanted, const char *dropped) {
  for (;; seen++) {
    while (*seen && strchr(dropped, *seen)) seen++;
    if (*seen != *wanted) return false;
    if (!*seen) return true;
    wanted++;
  }
}

static const char *slip_in(const char *seen, const char *wanted) {
  size_t length = strlen(seen);
  if (strcmp(seen, wanted) == 0) return NULL;
  if (strchr(seen, '"') && same_but_for(seen, wanted, "\"")) return _("quotation marks were entered with the value");
  if (strchr(seen, '\\') && same_but_for(seen, wanted, "\\")) return _("backslashes were entered with the value");
  if (strstr(seen, "\xe2\x80")) return _("the value holds typographic quotes or dashes");
  if (length == 255 && strncmp(seen, wanted, 255) == 0 && strlen(wanted) > 255) return _("the value was cut at 255 characters");
  if (same_but_for(seen, wanted, " \t")) return _("spaces were added or lost, or long text was split with a space between its strings");
  return NULL;
}

static const char *slip_at_name(struct judgement *j, const struct plan_change *change, const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count && change->type == DNS_TYPE_TXT; i++)
    for (size_t n = 0; n < change->wanted_count; n++) {
      const char *slip = slip_in(answer->records[i].txt.bytes, change->wanted[n]);
      if (slip) return slip;
    }
  if (change->type == DNS_TYPE_CNAME) {
    const struct dns_answer *txt = ask_dns_with(j, answer->seen.question.server, change->name, DNS_TYPE_TXT, 0);
    for (size_t i = 0; txt && i < txt->count; i++)
      if (name_equal(txt->records[i].txt.bytes, change->wanted[0])) return _("the target of the alias was entered as TXT");
  }
  return NULL;
}

static bool is_at(struct judgement *j, const struct plan_change *change, const char *name) {
  const struct dns_answer *answer = name_is_valid(name) ? ask_dns(j, name, change->type) : NULL;
  return answer && change->wanted_count && holds(j->arena, answer, change->wanted[0]);
}

static const char *slip_elsewhere(struct judgement *j, const struct plan_change *change) {
  const char *relative = name_relative(j->arena, change->name, change->zone);
  if (is_at(j, change, arena_printf(j->arena, "%s.%s", change->name, change->zone))) return _("the domain was entered twice in the name");
  if (!relative) return NULL;
  if (text_starts(relative, "_smtp._tls") && is_at(j, change, name_join(j->arena, "_stmp._tls", change->zone))) return _("the name was entered as _stmp._tls");
  if (*relative == '_' && is_at(j, change, name_join(j->arena, relative + 1, change->zone))) return _("the underscore at the start of the name was lost");
  return NULL;
}

/* ---- servers ---- */

static bool ask_servers(struct judgement *j, const struct plan_change *change, struct verify_result *out) {
  const struct dns_answer *ns = ask_dns(j, change->zone, DNS_TYPE_NS);
  for (size_t i = 0; ns && i < ns->count; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *addresses[] = { ask_dns(j, name, DNS_TYPE_A), ask_dns(j, name, DNS_TYPE_AAAA) };
    for (size_t f = 0; f < 2; f++)
      for (size_t n = 0; addresses[f] && n < addresses[f]->count && out->server_count < MEM_COUNT(out->servers); n++) {
        char text[IP_TEXT];
        ip_format(&addresses[f]->records[n].address, text);
        struct verify_server *server = &out->servers[out->server_count++];
        *server = (struct verify_server){ .name = name, .address = arena_strdup(j->arena, text), .slip = "", .says = SAYS_NOTHING };
        const struct dns_answer *answer = ask_dns_with(j, server->address, change->name, change->type, 0);
        if (!answer) continue;
        server->says = says(j->arena, change, answer);
        const char *slip = server->says == SAYS_NEW ? NULL : slip_at_name(j, change, answer);
        if (slip) server->slip = slip;
      }
  }
  return !j->waiting;
}

static void conclude(struct judgement *j, const struct plan_change *change, struct verify_result *out) {
  size_t counts[5] = { 0 };
  for (size_t i = 0; i < out->server_count; i++) {
    counts[out->servers[i].says]++;
    if (*out->servers[i].slip && !*out->slip) out->slip = out->servers[i].slip;
  }
  size_t answered = out->server_count - counts[SAYS_NOTHING];
  if (counts[SAYS_BOTH]) out->slip = _("the new record was added, and the old one is still there too");
  if (!answered) out->state = VERIFY_UNKNOWN;
  else if (counts[SAYS_NEW] == out->server_count) out->state = VERIFY_LIVE;
  else if (counts[SAYS_NEITHER] || counts[SAYS_BOTH] || *out->slip) out->state = VERIFY_WRONG;
  else if (counts[SAYS_NEW]) out->state = counts[SAYS_OLD] ? VERIFY_PARTLY : VERIFY_UNKNOWN;
  else out->state = VERIFY_NOT_YET;
  if (out->state == VERIFY_NOT_YET || out->state == VERIFY_WRONG) {
    const char *slip = slip_elsewhere(j, change);
    if (slip && !*out->slip) {
      out->slip = slip;
      out->state = VERIFY_WRONG;
    }
  }
}

bool verify_change(struct judgement *j, const struct plan_change *change, struct verify_result *out) {
  *out = (struct verify_result){ .change = change, .slip = "", .resolver = SAYS_NOTHING };
  const struct dns_answer *resolver = ask_dns(j, change->name, change->type);
  bool all = ask_servers(j, change, out);
  if (!resolver || !all) return false;
  out->resolver = says(j->arena, change, resolver);
  for (size_t i = 0; out->resolver == SAYS_OLD && i < resolver->count; i++)
    if (resolver->records[i].ttl > out->cached_seconds) out->cached_seconds = resolver->records[i].ttl;
  conclude(j, change, out);
  return !j->waiting;
}
