#include "src/practice/provider.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/practice/words.h"

enum { MOST_CHANGES = 500, MOST_REPLY = 65536, MOST_VALUE = 16384 };

/* ---- orders ---- */

json_t *provider_order(const json_t *request, const char *slip, uint32_t delay_ms, bool one_server, struct fault *fault) {
  const json_t *changes = json_object_get(request, "changes");
  if (slip && !provider_knows_slip(slip)) {
    struct buf names = BUF_INIT(1024);
    for (size_t i = 0; provider_slip_at(i).name; i++) buf_printf(&names, " %s", provider_slip_at(i).name);
    fault_set(fault, _("There is no slip \"%.60s\". Slips:%s"), slip, buf_string(&names));
    buf_release(&names);
    return NULL;
  }
  if (!json_is_array(changes)) {
    fault_set(fault, _("This is not a change request in JSON. Make one with mailstead request --format json"));
    return NULL;
  }
  json_t *copy = json_deep_copy(changes);
  if (slip) provider_spoil(copy, slip);
  return json_pack("{s:o, s:I, s:b}", "changes", copy, "delay_ms", (json_int_t)delay_ms, "one_server", one_server);
}

void provider_take_back_first(json_t *order, const json_t *earlier) {
  const json_t *made = json_object_get(earlier, "changes");
  json_t *changes = json_object_get(order, "changes");
  size_t first = (size_t)json_number(earlier, "taken_back", 0); /* what that order took back itself is not brought back */
  for (size_t i = first; i < json_array_size(made); i++) { /* each before those that are there: the last is taken back first */
    json_t *back = json_copy(json_array_get(made, i));
    json_t *now = json_incref(json_object_get(back, "now")), *wanted = json_incref(json_object_get(back, "wanted"));
    json_object_set_new(back, "now", wanted ? wanted : json_array());
    json_object_set_new(back, "wanted", now ? now : json_array());
    json_array_insert_new(changes, 0, back);
  }
  if (json_array_size(made) > first) json_object_set_new(order, "taken_back", json_integer((json_int_t)(json_array_size(made) - first)));
}

/* ---- sending ---- */

static int connect_to(const char *path, struct fault *fault) {
  struct sockaddr_un where = { .sun_family = AF_UNIX };
  int fd = -1;
  if (strlen(path) < sizeof where.sun_path) {
    memcpy(where.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  }
  if (fd >= 0 && connect(fd, (const struct sockaddr *)&where, sizeof where) == 0) return fd;
  fault_set(fault, _("The practice estate does not answer at %s. Is it running?"), path);
  if (fd >= 0) close(fd);
  return -1;
}

static bool send_all(int fd, const char *text) {
  for (size_t left = strlen(text); left;) {
    ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    text += sent;
    left -= (size_t)sent;
  }
  return shutdown(fd, SHUT_WR) == 0;
}

static void receive_all(int fd, struct buf *out) {
  char piece[4096];
  ssize_t got;
  while ((got = recv(fd, piece, sizeof piece, 0)) > 0 || (got < 0 && errno == EINTR))
    if (got > 0) buf_bytes(out, piece, (size_t)got);
}

bool provider_send(const char *socket_path, const json_t *order, size_t *out_changes, struct fault *fault) {
  int fd = connect_to(socket_path, fault);
  if (fd < 0) return false;
  struct buf reply = BUF_INIT(MOST_REPLY);
  char *text = json_dumps(order, JSON_COMPACT | JSON_ENSURE_ASCII);
  if (text && send_all(fd, text)) receive_all(fd, &reply);
  json_t *json = json_parse(buf_string(&reply), reply.length, NULL);
  int64_t changes = json_number(json, "changes", -1);
  if (changes < 0) fault_set(fault, _("The practice estate did not take the change request"));
  else *out_changes = (size_t)changes;
  json_decref(json);
  free(text);
  buf_release(&reply);
  close(fd);
  return changes >= 0;
}

/* ---- publishing ---- */

/* One value as a record. TXT values are the text itself; others are in zone-file form. */
static bool value_record(struct arena *arena, const json_t *value, struct dns_rr *rr) {
  struct buf text = BUF_INIT(MOST_VALUE);
  struct fault fault = { "" };
  struct words words = { .count = 0 };
  bool good = json_get_bytes(value, &text);
  if (good && (rr->type == DNS_TYPE_TXT || rr->type == DNS_TYPE_SPF)) {
    words.all = ARENA_NEW(arena, struct word);
    words.all[0] = (struct word){ arena_strndup(arena, buf_string(&text), text.length), text.length, true };
    words.count = 1;
  } else if (good) {
    good = words_split(arena, buf_string(&text), text.length, &words, &fault);
  }
  buf_release(&text);
  return good && words_rdata(arena, &words, 0, rr, &fault);
}

static bool same_data(const struct dns_rr *a, const struct dns_rr *b) {
  if (a->type == DNS_TYPE_TXT) return a->txt.length == b->txt.length && memcmp(a->txt.bytes, b->txt.bytes, a->txt.length) == 0;
  return a->data_length == b->data_length && memcmp(a->data, b->data, a->data_length) == 0;
}

static bool at_place(const struct record *record, const struct ip *only_at) {
  return only_at ? record->only_at.family && ip_equal(&record->only_at, only_at) : record->only_at.family == 0;
}

static void take_away(struct scenario *scenario, const struct dns_rr *rr, const struct ip *only_at) {
  struct node *node = scenario_node(scenario, rr->owner);
  for (struct record **at = node ? &node->records : NULL; at && *at;) {
    if ((*at)->rr.type == rr->type && !(*at)->absent && at_place(*at, only_at) && same_data(&(*at)->rr, rr)) *at = (*at)->next;
    else at = &(*at)->next;
  }
}

/* Before one server changes, it gets the others' records as its own; a line "absent" keeps an emptied set empty. */
static void part(struct scenario *scenario, const char *name, uint16_t type, const struct ip *only_at) {
  struct node *node = scenario_node(scenario, name);
  struct record *all = node ? node->records : NULL;
  struct dns_rr none = { .owner = name, .type = type };
  for (const struct record *record = all; record; record = record->next)
    if (record->rr.type == type && at_place(record, only_at)) return;
  scenario_add(scenario, &none, only_at, true);
  for (const struct record *record = all; record; record = record->next)
    if (record->rr.type == type && record->only_at.family == 0) scenario_add(scenario, &record->rr, only_at, false);
}

static void unite(struct scenario *scenario, const struct zone *zone, const char *name, uint16_t type) {
  for (size_t i = 0; i < zone->server_count; i++) scenario_remove(scenario, name, type, &zone->servers[i].address);
}

static bool publish_change(struct scenario *scenario, const json_t *change, bool one_server) {
  struct arena *arena = arena_new();
  const char *name = name_lower(arena, json_text(change, "name", ""));
  uint16_t type = dns_type_from_name(json_text(change, "type", ""));
  const struct zone *zone = name_is_valid(name) ? scenario_zone_of(scenario, name) : NULL;
  bool good = type && *name && name_is_valid(name);
  const struct ip *only_at = zone && zone->server_count && one_server ? &zone->servers[0].address : NULL; /* reverse names may lie in no zone */
  const json_t *now = json_object_get(change, "now"), *wanted = json_object_get(change, "wanted");
  struct dns_rr rr = { .owner = name, .type = type };
  if (good && only_at) part(scenario, name, type, only_at);
  if (good && !only_at && zone) unite(scenario, zone, name, type);
  for (size_t i = 0; good && i < json_array_size(now); i++)
    if (value_record(arena, json_array_get(now, i), &rr)) take_away(scenario, &rr, only_at);
  int64_t ttl = json_number(change, "ttl", 300);
  for (size_t i = 0; good && i < json_array_size(wanted); i++) {
    rr.ttl = ttl > 0 && ttl < INT32_MAX ? (uint32_t)ttl : 300;
    if (!value_record(arena, json_array_get(wanted, i), &rr)) continue;
    take_away(scenario, &rr, only_at);
    scenario_add(scenario, &rr, only_at, false);
  }
  arena_free(&arena);
  return good;
}

/* The servers that had the zone's serial number get the next; so does its SOA record. */
static void raise_serial(struct scenario *scenario, struct zone *zone, bool one_server) {
  uint32_t old = zone->serial;
  if (one_server) {
    zone->servers[0].serial++;
    return;
  }
  zone->serial++;
  for (size_t i = 0; i < zone->server_count; i++)
    if (zone->servers[i].serial == old || i == 0) zone->servers[i].serial = zone->serial;
  struct node *node = scenario_node(scenario, zone->name);
  for (struct record *record = node ? node->records : NULL; record; record = record->next) {
    if (record->rr.type != DNS_TYPE_SOA || record->only_at.family || record->rr.data_length < 20) continue;
    uint8_t *data = arena_memdup(scenario->arena, record->rr.data, record->rr.data_length), *serial = data + record->rr.data_length - 20;
    for (int i = 0; i < 4; i++) serial[i] = (uint8_t)(zone->serial >> (24 - 8 * i));
    record->rr.data = data;
    record->rr.soa.serial = zone->serial;
  }
}

size_t provider_publish(struct scenario *scenario, const json_t *order) {
  const json_t *changes = json_object_get(order, "changes");
  bool one_server = json_flag(order, "one_server", false);
  size_t count = 0;
  bool *touched = mem_zalloc(scenario->zone_count + 1, sizeof *touched);
  for (size_t i = 0; i < json_array_size(changes) && i < MOST_CHANGES; i++) {
    const json_t *change = json_array_get(changes, i);
    if (!publish_change(scenario, change, one_server)) continue;
    struct arena *arena = arena_new();
    const struct zone *zone = scenario_zone_of(scenario, name_lower(arena, json_text(change, "name", "")));
    arena_free(&arena);
    if (zone && zone->server_count) touched[zone - scenario->zones] = true;
    count++;
  }
  for (size_t i = 0; i < scenario->zone_count; i++)
    if (touched[i]) raise_serial(scenario, &scenario->zones[i], one_server);
  free(touched);
  return count;
}
