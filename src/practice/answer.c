#include "src/practice/answer.h"

#include <string.h>

#include "src/base/name.h"

enum { MOST_CHAIN = 12, UDP_LEAST = 512 };

/* One answer in the making. */
struct answering {
  const struct scenario *scenario;
  struct arena *arena;
  const struct ip *address;
  bool resolver;
  const struct dns_message *query;
  struct dns_message reply;
  bool authenticated; /* every part so far comes from a zone that is */
};

/* ---- behaviour ---- */

static void mix(struct behaviour *into, const struct behaviour *with) {
  if (with->delay_ms > into->delay_ms) into->delay_ms = with->delay_ms;
  into->silent |= with->silent;
  into->refused |= with->refused;
  into->servfail |= with->servfail;
  into->formerr |= with->formerr;
  into->truncate |= with->truncate;
  into->garbage |= with->garbage;
  into->wrong_id |= with->wrong_id;
  into->no_tcp |= with->no_tcp;
  into->no_edns |= with->no_edns;
  into->lame |= with->lame;
  into->no_aa |= with->no_aa;
}

static const struct zone_server *server_of(const struct zone *zone, const struct ip *address) {
  for (size_t i = 0; zone && i < zone->server_count; i++)
    if (ip_equal(&zone->servers[i].address, address)) return &zone->servers[i];
  return NULL;
}

/* The zone that the server at this address answers from for a name: the deepest one that it serves; a DS record is its parent's. */
static const struct zone *zone_served(const struct answering *a, const char *name, uint16_t type) {
  const struct zone *deepest = NULL;
  for (size_t i = 0; i < a->scenario->zone_count; i++) {
    const struct zone *zone = &a->scenario->zones[i];
    if (!name_is_under(name, zone->name) || (!a->resolver && !server_of(zone, a->address))) continue;
    if (type == DNS_TYPE_DS && strcmp(name, zone->name) == 0 && *name) continue;
    if (!deepest || name_is_below(zone->name, deepest->name)) deepest = zone;
  }
  return deepest;
}

static struct behaviour behaviour_for(const struct answering *a, const char *name, uint16_t type) {
  struct behaviour all = { .delay_ms = 0 };
  const struct zone_server *server = a->resolver ? NULL : server_of(zone_served(a, name, type), a->address);
  if (a->resolver) mix(&all, &a->scenario->resolver);
  if (server) mix(&all, &server->behaviour);
  for (size_t i = 0; i < a->scenario->fault_count; i++) {
    const struct fault_rule *rule = &a->scenario->faults[i];
    bool matches = rule->below ? name_is_below(name, rule->name) : strcmp(name, rule->name) == 0;
    if (matches && (rule->type == 0 || rule->type == type)) mix(&all, &rule->behaviour);
  }
  return all;
}

/* ---- records ---- */

static bool has_own(const struct answering *a, const struct node *node, uint16_t type) {
  for (const struct record *record = node->records; record; record = record->next)
    if (record->rr.type == type && record->only_at.family && ip_equal(&record->only_at, a->address)) return true;
  return false;
}

static void put(struct arena *arena, struct dns_rr **list, size_t *count, const struct dns_rr *rr, const char *owner) {
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[*count] = *rr;
  if (owner) (*list)[*count].owner = owner;
  ++*count;
}

/* The serial number of a zone's SOA record may differ from server to server. */
static struct dns_rr shown(const struct answering *a, const struct dns_rr *rr) {
  const struct zone *zone = rr->type == DNS_TYPE_SOA ? scenario_zone_of(a->scenario, rr->owner) : NULL;
  const struct zone_server *server = a->resolver ? NULL : server_of(zone, a->address);
  struct dns_rr copy = *rr;
  if (!server || server->serial == zone->serial || rr->data_length < 20) return copy;
  uint8_t *data = arena_memdup(a->arena, rr->data, rr->data_length), *serial = data + rr->data_length - 20;
  for (int i = 0; i < 4; i++) serial[i] = (uint8_t)(server->serial >> (24 - 8 * i));
  copy.data = data;
  return copy;
}

/* Puts the records of one type at a node into the answer, under `owner`; how many. */
static size_t put_records(struct answering *a, const struct node *node, uint16_t type, const char *owner) {
  bool own = !a->resolver && has_own(a, node, type);
  size_t before = a->reply.answers;
  for (const struct record *record = node->records; record; record = record->next) {
    bool mine = own ? record->only_at.family && ip_equal(&record->only_at, a->address) : record->only_at.family == 0;
    if (!mine || record->rr.type != type || record->absent) continue;
    struct dns_rr rr = shown(a, &record->rr);
    put(a->arena, &a->reply.answer, &a->reply.answers, &rr, owner);
  }
  return a->reply.answers - before;
}

/* Whether the name exists: it has records, or something below it has (RFC 8020). The provider may have taken a node's last record away. */
static bool is_alive(const struct scenario *scenario, const struct node *node) {
  if (!node || node->records) return node != NULL;
  for (const struct node *other = scenario->nodes; other; other = other->hh.next)
    if (other->records && name_is_below(other->name, node->name)) return true;
  return false;
}

/* The node that answers for a name: its own, or a wildcard's (RFC 4592 section 3.3.1). Null: NXDOMAIN. */
static const struct node *find_node(const struct answering *a, const char *name, const struct zone *zone) {
  const struct node *node = scenario_node(a->scenario, name);
  if (is_alive(a->scenario, node)) return node;
  for (const char *up = name_parent(name); zone && name_is_under(up, zone->name); up = name_parent(up)) {
    const struct node *wildcard = scenario_node(a->scenario, name_join(a->arena, "*", up));
    if (wildcard && wildcard->records) return wildcard;
    if (!*up || is_alive(a->scenario, scenario_node(a->scenario, up))) return NULL;
  }
  return NULL;
}

static void put_soa(struct answering *a, const struct zone *zone) {
  const struct node *node = zone ? scenario_node(a->scenario, zone->name) : NULL;
  for (const struct record *record = node ? node->records : NULL; record; record = record->next) {
    if (record->rr.type != DNS_TYPE_SOA || record->only_at.family) continue;
    struct dns_rr rr = shown(a, &record->rr);
    put(a->arena, &a->reply.authority, &a->reply.authorities, &rr, NULL);
    return;
  }
  struct dns_rr rr = { .owner = "", .type = DNS_TYPE_SOA, .ttl = 300 };
  rr.data = (const uint8_t *)"\0\0\0\0\0\1\0\0\x1c\x20\0\0\x03\x84\0\x12\x75\0\0\0\x01\x2c";
  rr.data_length = 22;
  put(a->arena, &a->reply.authority, &a->reply.authorities, &rr, NULL);
}

static void put_glue(struct answering *a, const char *host) {
  const struct node *node = scenario_node(a->scenario, host);
  for (const struct record *record = node ? node->records : NULL; record; record = record->next)
    if (record->rr.type == DNS_TYPE_A && record->only_at.family == 0) put(a->arena, &a->reply.additional, &a->reply.additionals, &record->rr, NULL);
}

/* The cut below `from` on the way to `name`: where a server of `from` sends the asker on. Null: the name is its own. */
static const struct zone *cut_below(const struct answering *a, const struct zone *from, const char *name, uint16_t type) {
  const struct zone *highest = NULL;
  for (size_t i = 0; i < a->scenario->zone_count; i++) {
    const struct zone *zone = &a->scenario->zones[i];
    if (!name_is_under(name, zone->name) || !name_is_below(zone->name, from->name)) continue;
    if (type == DNS_TYPE_DS && strcmp(name, zone->name) == 0) continue;
    if (!highest || name_is_below(highest->name, zone->name)) highest = zone;
  }
  return highest;
}

static void put_referral(struct answering *a, const struct zone *cut) {
  const struct node *node = scenario_node(a->scenario, cut->name);
  for (const struct record *record = node ? node->records : NULL; record; record = record->next) {
    if (record->rr.type != DNS_TYPE_NS || record->only_at.family) continue;
    put(a->arena, &a->reply.authority, &a->reply.authorities, &record->rr, NULL);
    put_glue(a, record->rr.target);
  }
}

/* ---- one question ---- */

/* Answers one name; the next one when an alias leads on and is to be followed, else null. */
static const char *answer_name(struct answering *a, const char *name, uint16_t type) {
  const struct zone *zone = zone_served(a, name, type);
  const struct zone *cut = zone && !a->resolver ? cut_below(a, zone, name, type) : NULL;
  a->authenticated &= zone && zone->authenticated;
  if (!zone && !a->resolver) {
    if (!a->reply.answers) a->reply.rcode = DNS_RCODE_REFUSED;
    return NULL;
  }
  if (cut) {
    if (!a->reply.answers) put_referral(a, cut);
    return NULL;
  }
  if (!a->resolver && !a->reply.answers) a->reply.authoritative = true;
  const struct node *node = find_node(a, name, zone);
  if (!node) a->reply.rcode = DNS_RCODE_NXDOMAIN;
  if (node && put_records(a, node, type, name)) return NULL;
  if (node && type != DNS_TYPE_CNAME && put_records(a, node, DNS_TYPE_CNAME, name)) {
    const struct dns_rr *alias = &a->reply.answer[a->reply.answers - 1];
    return alias->target;
  }
  put_soa(a, zone);
  return NULL;
}

static void answer_question(struct answering *a) {
  const char *name = a->query->question_name;
  a->authenticated = true;
  for (unsigned link = 0; name && link < MOST_CHAIN; link++) name = answer_name(a, name, a->query->question_type);
  a->reply.authenticated = a->resolver && a->authenticated && (a->query->dnssec_ok || a->query->authenticated);
}

static void apply_rcodes(struct answering *a, const struct behaviour *b) {
  struct dns_message *reply = &a->reply;
  uint8_t rcode = b->servfail ? DNS_RCODE_SERVFAIL : b->refused ? DNS_RCODE_REFUSED : b->formerr || (b->no_edns && a->query->edns) ? DNS_RCODE_FORMERR : 0;
  if (b->lame || rcode) {
    reply->answers = reply->authorities = reply->additionals = 0;
    reply->authoritative = reply->authenticated = false;
    reply->rcode = rcode;
  }
  if (b->no_aa) reply->authoritative = false;
}

static void start_reply(struct answering *a, const struct dns_message *query) {
  a->query = query;
  a->reply = (struct dns_message){
    .id = query->id, .opcode = query->opcode, .response = true, .recursion_desired = query->recursion_desired, .recursion_available = a->resolver,
    .checking_disabled = query->checking_disabled, .question_name = query->question_name, .question_type = query->question_type,
    .edns = query->edns, .udp_size = ANSWER_MOST_UDP, .dnssec_ok = query->dnssec_ok,
  };
}

static void cut_to_size(struct answering *a, const struct behaviour *b, bool tcp, struct buf *out) {
  size_t room = a->query->edns && a->query->udp_size > UDP_LEAST ? a->query->udp_size : UDP_LEAST;
  if (room > ANSWER_MOST_UDP) room = ANSWER_MOST_UDP;
  if (tcp || (out->length <= room && !b->truncate)) return;
  buf_clear(out);
  a->reply.answers = a->reply.authorities = a->reply.additionals = 0;
  a->reply.truncated = true;
  dns_write_message(out, &a->reply);
}

static void spoil(const struct behaviour *b, struct buf *out) {
  if (b->wrong_id && out->length > 1) out->data[1] = (char)(out->data[1] ^ 1);
  for (size_t i = 12; b->garbage && i < out->length; i++) out->data[i] = (char)(0xc1 + i * 7);
}

struct dns_reply answer_query(const struct scenario *scenario, const struct ip *address, bool resolver, bool tcp, const uint8_t *wire, size_t length,
                              struct buf *out) {
  struct dns_reply result = { .send = false };
  struct arena *arena = arena_new_sized(8192);
  struct answering answering = { .scenario = scenario, .arena = arena, .address = address, .resolver = resolver };
  struct dns_message query;
  if (dns_parse(arena, wire, length, &query) && !query.response && query.question_name) {
    struct behaviour behaviour = behaviour_for(&answering, query.question_name, query.question_type);
    start_reply(&answering, &query);
    if (query.opcode != 0) answering.reply.rcode = DNS_RCODE_NOTIMP;
    else answer_question(&answering);
    apply_rcodes(&answering, &behaviour);
    result.send = !behaviour.silent && !(tcp && behaviour.no_tcp) && dns_write_message(out, &answering.reply);
    result.delay_ms = behaviour.delay_ms;
    cut_to_size(&answering, &behaviour, tcp, out);
    spoil(&behaviour, out);
  }
  arena_free(&arena);
  return result;
}
