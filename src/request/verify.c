#include "src/request/verify.h"

#include <string.h>

#include "src/request/view.h"

const char *verify_state_name(enum verify_state state) {
  static const char *const names[] = { "live", "partly", "not-yet", "wrong", "unknown" };
  return names[state];
}

const char *verify_state_words(enum verify_state state) {
  static const char *const words[] = { N_("live"), N_("partly live"), N_("not yet"), N_("wrong"), N_("could not look") };
  return _(words[state]);
}

const char *verify_says_name(enum verify_says says) {
  static const char *const names[] = { "new", "old", "old-and-new", "differs", "no-answer" };
  return names[says];
}

const char *verify_says_words(enum verify_says says) {
  static const char *const words[] = { N_("new"), N_("old"), N_("old and new"), N_("differs"), N_("no answer") };
  return _(words[says]);
}

/* ---- looking ---- */

/* Before a record of its own is there, a wildcard may answer for the name (RFC 4592): that is no attempt at the wanted one. */
static bool is_of_wildcard(struct judgement *j, const char *server, const struct plan_change *change, const struct verify_view *view) {
  if (change->action != PLAN_ADD || view->says != SAYS_NEITHER || !view->seen || view->slip) return false;
  for (const char *parent = name_parent(change->name); name_is_under(parent, change->zone); parent = name_parent(parent)) {
    const struct dns_answer *wild = ask_dns_with(j, server, name_join(j->arena, "*", parent), change->type, 0);
    if (wild && view_has(j->arena, wild, view->seen, view->seen_length)) return true;
    if (!*parent) break;
  }
  return false;
}

static struct verify_view view_at(struct judgement *j, const char *server, const struct plan_change *change) {
  const struct dns_answer *answer = ask_dns_with(j, server, change->name, change->type, 0);
  if (!answer) return (struct verify_view){ .says = SAYS_NOTHING, .source = "" };
  struct verify_view view = view_answer(j->arena, change, answer);
  if (is_of_wildcard(j, server, change, &view)) view = (struct verify_view){ .says = SAYS_OLD, .time = view.time, .source = view.source, .old_ttl = view.old_ttl };
  return view;
}

bool verify_serial_newer(uint32_t serial, uint32_t than) { return serial != than && serial - than < 0x80000000u; }

/* Which version of the zone a server has: that explains what it gives, so the conclusions do not wait for it. */
static void note_serial(struct judgement *j, const struct plan_change *change, struct verify_server *server) {
  const struct dns_answer *soa = store_dns_with(j->store, server->address, change->zone, DNS_TYPE_SOA, 0);
  for (size_t i = 0; soa && soa->outcome == DNS_ANSWER && i < soa->count; i++) {
    server->has_serial = true;
    server->serial = soa->records[i].soa.serial;
  }
}

static void add_server(struct judgement *j, const struct plan_change *change, const char *name, const struct ip *address, struct verify_result *out) {
  char text[IP_TEXT];
  ip_format(address, text);
  for (size_t i = 0; i < out->server_count; i++)
    if (strcmp(out->servers[i].address, text) == 0) return;
  if (out->server_count == VERIFY_SERVERS) return;
  struct verify_server *server = &out->servers[out->server_count++];
  *server = (struct verify_server){ .name = arena_strdup(j->arena, name), .address = arena_strdup(j->arena, text) };
  server->view = view_at(j, server->address, change);
  note_serial(j, change, server);
}

static void ask_servers(struct judgement *j, const struct plan_change *change, struct verify_result *out) {
  const struct dns_answer *ns = ask_dns(j, change->zone, DNS_TYPE_NS);
  for (size_t i = 0; ns && i < ns->count; i++) {
    const char *name = ns->records[i].target;
    const struct dns_answer *addresses[] = { ask_dns(j, name, DNS_TYPE_A), ask_dns(j, name, DNS_TYPE_AAAA) };
    for (size_t f = 0; f < MEM_COUNT(addresses); f++)
      for (size_t n = 0; addresses[f] && n < addresses[f]->count; n++) add_server(j, change, name, &addresses[f]->records[n].address, out);
  }
}

/* ---- the record in another place or of another type ---- */

/* Short texts that many zones hold ("v=spf1 -all") prove nothing in a zone above. */
static bool is_telling(const struct plan_change *change, const char *wanted) { return strlen(wanted) >= 40 || strstr(wanted, change->zone); }

static bool is_at(struct judgement *j, const char *server, const struct plan_change *change, const char *name) {
  bool exact;
  if (!name_is_valid(name)) return false;
  const struct dns_answer *answer = ask_dns_with(j, server, name, change->type, 0);
  return answer && answer->outcome == DNS_ANSWER && change->wanted_count && view_holds(j->arena, change, answer, change->wanted[0], &exact);
}

static bool note_place(struct verify_result *out, enum slip slip, const char *name) {
  out->slip = slip;
  out->found_at = name;
  return true;
}

static bool look_elsewhere(struct judgement *j, const char *server, struct verify_result *out) {
  const struct plan_change *change = out->change;
  const char *relative = name_relative(j->arena, change->name, change->zone), *doubled = name_join(j->arena, change->name, change->zone);
  if (is_at(j, server, change, doubled)) return note_place(out, SLIP_NAME_DOUBLED, doubled);
  if (!relative) return false;
  bool apex = strcmp(relative, "@") == 0;
  const char *at = name_join(j->arena, "@", change->zone), *parent = name_parent(change->zone), *above = apex ? parent : name_join(j->arena, relative, parent);
  if (apex && is_at(j, server, change, at)) return note_place(out, SLIP_AT_LABEL, at);
  enum slip slip;
  for (size_t i = 0;; i++) {
    const char *wrong = slip_misspelling(j->arena, relative, i, &slip);
    if (!wrong) break;
    const char *name = name_join(j->arena, wrong, change->zone);
    if (is_at(j, server, change, name)) return note_place(out, slip, name);
  }
  return *parent && is_telling(change, change->wanted[0]) && is_at(j, "", change, above) && note_place(out, SLIP_PARENT_ZONE, above);
}

static bool texts_name(const struct dns_rr *rr, const char *wanted) {
  const char *text = rr->txt.bytes;
  size_t length = rr->txt.length;
  while (length && (text[0] == '"' || text[0] == ' ')) text++, length--;
  while (length && strchr("\". ", text[length - 1])) length--;
  size_t sought = strlen(wanted);
  while (sought && wanted[sought - 1] == '.') sought--;
  return length == sought && strncasecmp(text, wanted, length) == 0;
}

/* A wanted alias, address name or mail server that stands there as text; a wanted SPF text that stands there as the old type SPF. */
static bool look_at_types(struct judgement *j, const char *server, struct verify_result *out) {
  const struct plan_change *change = out->change;
  bool is_text = change->type == DNS_TYPE_TXT;
  const struct dns_answer *other = ask_dns_with(j, server, change->name, is_text ? DNS_TYPE_SPF : DNS_TYPE_TXT, 0);
  for (size_t i = 0; other && other->links == 0 && i < other->count; i++) {
    const struct dns_rr *rr = &other->records[i];
    bool same = is_text ? rr->txt.length == strlen(change->wanted[0]) && memcmp(rr->txt.bytes, change->wanted[0], rr->txt.length) == 0 : texts_name(rr, change->wanted[0]);
    if (!same) continue;
    out->slip = change->type == DNS_TYPE_CNAME ? SLIP_ALIAS_AS_TEXT : SLIP_WRONG_TYPE;
    return true;
  }
  return false;
}

/* Asked at the first server that answered: what a provider typed wrongly it typed wrongly once. */
static bool look_for_slip(struct judgement *j, struct verify_result *out) {
  const char *server = NULL;
  for (size_t i = 0; i < out->server_count && !server; i++)
    if (out->servers[i].view.says != SAYS_NOTHING) server = out->servers[i].address;
  if (!server || !out->change->wanted_count) return false;
  bool typed = look_at_types(j, server, out);
  return typed || look_elsewhere(j, server, out);
}

/* ---- finding ---- */

static const char *list_servers(struct judgement *j, const struct verify_result *out, unsigned says) {
  struct buf list = BUF_INIT(4096);
  for (size_t i = 0; i < out->server_count; i++) {
    const struct verify_server *server = &out->servers[i];
    if (!(says & 1u << server->view.says)) continue;
    buf_printf(&list, list.length ? ", %s [%s]" : "%s [%s]", server->name, server->address);
    if (server->view.failure) buf_printf(&list, " (%s)", server->view.failure);
  }
  const char *text = arena_strdup(j->arena, buf_string(&list));
  buf_release(&list);
  return text;
}

static struct finding *say(struct judgement *j, const char *rule, const struct verify_result *out, unsigned says) {
  char scratch[16];
  struct finding *finding = find(j, rule, out->change->name);
  find_argument(j, finding, "type", "%s", dns_type_name(out->change->type, scratch));
  find_argument(j, finding, "servers", "%s", list_servers(j, out, says));
  find_argument(j, finding, "slip", "%s", slip_sentence(out->slip));
  find_argument(j, finding, "advice", "%s", slip_remedy(out->slip));
  return finding;
}

/* What stands at the first octet that differs, with a little of what follows, in the form of a zone file. */
static const char *excerpt(struct judgement *j, const char *text, size_t length, size_t at) {
  enum { SHOWN = 24 };
  struct buf out = BUF_INIT(1024);
  if (at >= length) return _("nothing more");
  zone_text_split(&out, text + at, length - at > SHOWN ? SHOWN : length - at);
  const char *copy = arena_strdup(j->arena, buf_string(&out));
  buf_release(&out);
  return copy;
}

static void say_difference(struct judgement *j, const struct verify_result *out, const struct verify_view *view) {
  struct finding *finding = say(j, "verify-different", out, 1u << SAYS_NEITHER);
  const char *seen = view->seen ? view->seen : "", *wanted = view->wanted ? view->wanted : out->change->wanted[0];
  size_t length = view->seen_length, sought = strlen(wanted), at = text_difference(seen, length, wanted, sought);
  const char *because = *slip_sentence(out->slip) ? arena_printf(j->arena, _("In short: %s."), slip_sentence(out->slip)) : "";
  find_argument(j, finding, "octet", "%zu", at + 1);
  find_argument(j, finding, "seen", "%s", excerpt(j, seen, length, at));
  find_argument(j, finding, "wanted", "%s", excerpt(j, wanted, sought, at));
  find_argument(j, finding, "length", "%zu", length);
  find_argument(j, finding, "sought", "%zu", sought);
  find_argument(j, finding, "because", "%s", because);
}

static void say_misplaced(struct judgement *j, const struct verify_result *out) {
  find_argument(j, say(j, "verify-misplaced", out, 1u << SAYS_OLD), "place", "%s", out->found_at ? out->found_at : _("at the right name, as another type"));
}

static void say_time(struct judgement *j, struct finding *finding, int64_t until) {
  char when[32];
  clock_format_utc(until, when);
  find_argument(j, finding, "until", "%s", when);
}

/* ---- concluding ---- */

struct tally { size_t says[5], equivalent, changed_since, delegated; const struct verify_view *wrong; int64_t latest, old_until; };

static struct tally count(const struct verify_result *out) {
  struct tally tally = { { 0 }, 0, 0, 0, NULL, 0, 0 };
  for (size_t i = 0; i < out->server_count; i++) {
    const struct verify_view *view = &out->servers[i].view;
    tally.says[view->says]++;
    tally.equivalent += view->equivalent;
    tally.changed_since += view->changed_since;
    tally.delegated += view->delegated;
    if (view->time > tally.latest) tally.latest = view->time;
    if (view->says == SAYS_OLD && view->time + (int64_t)view->old_ttl * 1000 > tally.old_until) tally.old_until = view->time + (int64_t)view->old_ttl * 1000;
    if ((view->says == SAYS_NEITHER || view->says == SAYS_BOTH) && (!tally.wrong || (!tally.wrong->slip && view->slip))) tally.wrong = view;
  }
  return tally;
}

static void conclude_wrong(struct judgement *j, const struct tally *tally, struct verify_result *out) {
  out->state = VERIFY_WRONG;
  out->slip = tally->wrong->slip;
  if (tally->says[SAYS_BOTH]) {
    out->slip = SLIP_SECOND_RECORD;
    say(j, "verify-added-not-replaced", out, 1u << SAYS_BOTH);
  }
  if (tally->changed_since) say(j, "plan-changed-since", out, 1u << SAYS_NEITHER);
  if (tally->says[SAYS_NEITHER] > tally->changed_since) say_difference(j, out, tally->wrong);
}

static void conclude_old(struct judgement *j, const struct tally *tally, int64_t due, struct verify_result *out) {
  if (look_for_slip(j, out)) {
    out->state = VERIFY_WRONG;
    say_misplaced(j, out);
    return;
  }
  bool overdue = due && tally->latest > due;
  out->state = VERIFY_NOT_YET;
  out->cached_until = tally->old_until;
  say_time(j, say(j, overdue ? "verify-overdue" : "verify-pending", out, 1u << SAYS_OLD), overdue ? due : tally->old_until);
}

static void conclude_new(struct judgement *j, const struct tally *tally, struct verify_result *out) {
  out->state = VERIFY_LIVE;
  say(j, tally->equivalent ? "verify-equivalent" : "verify-done", out, 1u << SAYS_NEW);
  if (out->resolver.says != SAYS_OLD) return;
  out->cached_until = out->resolver.time + (int64_t)out->resolver.old_ttl * 1000;
  say_time(j, say(j, "verify-cached-old", out, 1u << SAYS_NEW), out->cached_until);
}

static void conclude_unknown(struct judgement *j, const struct tally *tally, struct verify_result *out) {
  if (!out->server_count) {
    struct finding *finding = say(j, "verify-unknown", out, 0);
    find_argument(j, finding, "servers", "%s", _("the name servers of the zone, which are not known"));
  } else {
    say(j, "verify-unknown", out, 1u << SAYS_NOTHING);
  }
  if (tally->says[SAYS_NEW] + tally->says[SAYS_NOTHING] == out->server_count) out->state = VERIFY_UNKNOWN;
}

static void conclude(struct judgement *j, int64_t due, struct verify_result *out) {
  struct tally tally = count(out);
  size_t answered = out->server_count - tally.says[SAYS_NOTHING];
  if (tally.delegated) {
    out->slip = SLIP_PARENT_ZONE;
    out->found_at = out->change->zone;
    out->state = VERIFY_WRONG;
    say_misplaced(j, out);
    return;
  }
  if (tally.wrong) conclude_wrong(j, &tally, out);
  else if (tally.says[SAYS_NEW] && tally.says[SAYS_OLD]) {
    out->state = VERIFY_PARTLY;
    out->cached_until = tally.old_until;
    say(j, "verify-partial", out, 1u << SAYS_OLD);
  } else if (tally.says[SAYS_OLD]) conclude_old(j, &tally, due, out);
  else if (answered && answered == out->server_count) conclude_new(j, &tally, out);
  if (answered < out->server_count || !out->server_count) conclude_unknown(j, &tally, out);
}

bool verify_change(struct judgement *j, const struct plan_change *change, int64_t due, struct verify_result *out) {
  struct judgement own = { .store = j->store, .inquiry = j->inquiry, .arena = j->arena, .topic = TOPIC_COUNT };
  *out = (struct verify_result){ .change = change, .state = VERIFY_UNKNOWN };
  out->resolver = view_at(&own, "", change);
  ask_servers(&own, change, out);
  if (!own.waiting) conclude(&own, due, out);
  out->findings = own.findings;
  out->finding_count = own.count;
  j->waiting |= own.waiting;
  return !own.waiting;
}
