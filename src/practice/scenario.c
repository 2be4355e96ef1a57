#include "src/practice/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "src/base/mem.h"
#include "src/base/name.h"

/* What a scenario holds, and its changes. The nodes live on the heap for uthash's sake; all else in the scenario's arena. */

void scenario_free(struct scenario **scenario) {
  struct scenario *old = *scenario;
  if (!old) return;
  *scenario = NULL;
  struct arena *arena = old->arena;
  HASH_CLEAR(hh, old->nodes);
  arena_free(&arena);
}

struct node *scenario_node(const struct scenario *scenario, const char *name) {
  struct node *node = NULL;
  HASH_FIND(hh, scenario->nodes, name, strlen(name), node);
  return node;
}

static struct node *node_for(struct scenario *scenario, const char *name) {
  struct node *node = scenario_node(scenario, name);
  if (node) return node;
  node = ARENA_NEW(scenario->arena, struct node);
  node->name = arena_strdup(scenario->arena, name);
  HASH_ADD_KEYPTR(hh, scenario->nodes, node->name, strlen(node->name), node);
  if (*name) node_for(scenario, name_parent(node->name));
  return node;
}

const struct zone *scenario_zone_of(const struct scenario *scenario, const char *name) {
  const struct zone *deepest = NULL;
  for (size_t i = 0; i < scenario->zone_count; i++) {
    const struct zone *zone = &scenario->zones[i];
    if (name_is_under(name, zone->name) && (!deepest || name_is_below(zone->name, deepest->name))) deepest = zone;
  }
  return deepest;
}

static bool same_place(const struct record *record, const struct ip *only_at) {
  return only_at ? record->only_at.family && ip_equal(&record->only_at, only_at) : record->only_at.family == 0;
}

void scenario_remove(struct scenario *scenario, const char *name, uint16_t type, const struct ip *only_at) {
  struct node *node = scenario_node(scenario, name);
  for (struct record **at = node ? &node->records : NULL; at && *at;) {
    if ((*at)->rr.type == type && same_place(*at, only_at)) *at = (*at)->next;
    else at = &(*at)->next;
  }
}

struct record *scenario_add(struct scenario *scenario, const struct dns_rr *rr, const struct ip *only_at, bool absent) {
  struct arena *arena = scenario->arena;
  struct node *node = node_for(scenario, rr->owner);
  struct record *record = ARENA_NEW(arena, struct record), **end = &node->records;
  record->rr = (struct dns_rr){ .owner = node->name, .type = rr->type, .ttl = rr->ttl, .data_length = rr->data_length };
  record->rr.data = arena_memdup(arena, rr->data ? rr->data : (const uint8_t *)"", rr->data_length);
  record->absent = absent;
  if (only_at) record->only_at = *only_at;
  if (!absent) dns_rdata_decode(arena, &record->rr);
  while (*end) end = &(*end)->next;
  *end = record;
  return record;
}
