#include "checks/store.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "src/base/mem.h"
#include "src/base/name.h"

enum { MOST_LINKS = 8, KEY_ROOM = NAME_TEXT + 512 };

struct entry {
  struct question question;          /* texts point into the key or the observation */
  struct observation *observation;   /* null: open */
  struct dns_answer *whole;          /* the answer with its CNAME chain followed over several questions */
  uint32_t id;
  UT_hash_handle hh;
  size_t key_length;
  char key[];
};

struct store {
  struct entry *by_key;
  struct entry **by_id;
  size_t count, room, taken, observed;
  uint32_t *missed;
  size_t misses, missed_room;
  struct store *below;
  bool closed;
};

/* ---- keys ---- */

static size_t key_make(const struct question *q, char key[KEY_ROOM]) {
  size_t at = 0;
  const char *parts[] = { q->name, q->server ? q->server : "", q->path ? q->path : "" };
  key[at++] = (char)q->kind;
  memcpy(key + at, &q->type, sizeof q->type);
  at += sizeof q->type;
  memcpy(key + at, &q->flags, sizeof q->flags);
  at += sizeof q->flags;
  for (size_t i = 0; i < MEM_COUNT(parts); i++) {
    size_t length = strlen(parts[i]);
    if (at + length + 1 > KEY_ROOM) length = KEY_ROOM - at - 1;
    memcpy(key + at, parts[i], length);
    at += length;
    if (at < KEY_ROOM) key[at++] = '\0';
  }
  return at;
}

static struct entry *entry_find(const struct store *store, const char *key, size_t length) {
  struct entry *entry = NULL;
  HASH_FIND(hh, store->by_key, key, length, entry);
  return entry;
}

static struct entry *entry_add(struct store *store, const struct question *question, const char *key, size_t length) {
  struct entry *entry = mem_zalloc(1, sizeof *entry + length + 1);
  memcpy(entry->key, key, length);
  entry->key_length = length;
  entry->question = *question;
  entry->question.name = entry->key + 1 + sizeof question->type + sizeof question->flags;
  entry->question.server = entry->question.name + strlen(entry->question.name) + 1;
  entry->question.path = entry->question.server + strlen(entry->question.server) + 1;
  entry->id = (uint32_t)store->count;
  if (store->count == store->room) {
    store->room = store->room ? store->room * 2 : 32;
    store->by_id = mem_realloc(store->by_id, store->room, sizeof(struct entry *));
  }
  store->by_id[store->count++] = entry;
  HASH_ADD_KEYPTR(hh, store->by_key, entry->key, length, entry);
  return entry;
}

/* ---- life ---- */

struct store *store_new(void) { return mem_zalloc(1, sizeof(struct store)); }

struct store *store_overlay(struct store *below) {
  struct store *store = store_new();
  store->below = below;
  return store;
}

static void entry_drop_whole(struct entry *entry) {
  if (entry->whole) observation_unref(&entry->whole->seen);
  entry->whole = NULL;
}

void store_free(struct store **store) {
  if (!*store) return;
  struct store *old = *store;
  *store = NULL;
  HASH_CLEAR(hh, old->by_key);
  for (size_t i = 0; i < old->count; i++) {
    entry_drop_whole(old->by_id[i]);
    observation_unref(old->by_id[i]->observation);
    free(old->by_id[i]);
  }
  free(old->by_id);
  free(old->missed);
  free(old);
}

static struct store *root_of(struct store *store) {
  while (store->below) store = store->below;
  return store;
}

void store_close(struct store *store) { store->closed = true; }

/* ---- looking up ---- */

static void note_miss(struct store *store, const struct entry *entry) {
  if (store->misses == store->missed_room) {
    store->missed_room = store->missed_room ? store->missed_room * 2 : 16;
    store->missed = mem_realloc(store->missed, store->missed_room, sizeof *store->missed);
  }
  store->missed[store->misses++] = entry->id;
}

static struct observation *not_in_evidence(const struct question *question) {
  static const char words[] = "not in the evidence";
  struct smtp_session *session;
  struct https_reply *reply;
  switch (question->kind) {
  case QUESTION_SMTP:
    session = smtp_session_new(question);
    session->connect = CONNECT_OTHER;
    session->ending = SMTP_CONNECT_FAILED;
    session->connect_error = words;
    return &session->seen;
  case QUESTION_HTTPS:
    reply = https_reply_new(question);
    reply->ending = HTTPS_CONNECT_FAILED;
    reply->connect = CONNECT_OTHER;
    reply->error = words;
    return &reply->seen;
  case QUESTION_DNS: break;
  }
  return &dns_answer_new(question)->seen;
}

/* The entry that holds an observation for the question, in this store or one below; null, and the question open, when there is none. */
static struct entry *lookup(struct store *store, const struct question *question) {
  char key[KEY_ROOM];
  size_t length = key_make(question, key);
  for (struct store *at = store; at; at = at->below) {
    struct entry *entry = entry_find(at, key, length);
    if (entry && entry->observation) return entry;
  }
  struct store *root = root_of(store);
  struct entry *entry = entry_find(root, key, length);
  if (!entry) entry = entry_add(root, question, key, length);
  if (root->closed) {
    entry->observation = not_in_evidence(question);
    root->observed++;
    return entry;
  }
  note_miss(root, entry);
  return NULL;
}

static bool has_soa(const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->authorities; i++)
    if (answer->authority[i].type == DNS_TYPE_SOA) return true;
  return false;
}

/* A server that holds no more than the zone of the alias leaves the chain unfinished. */
static bool is_unfinished(const struct dns_answer *answer) {
  return answer->outcome == DNS_NODATA && answer->links > 0 && !has_soa(answer);
}

static bool chain_holds(const struct dns_rr *chain, size_t links, const char *name) {
  for (size_t i = 0; i < links; i++)
    if (strcmp(chain[i].owner, name) == 0) return true;
  return false;
}

static void join(struct dns_answer *whole, const struct dns_answer *next) {
  struct arena *arena = whole->seen.arena;
  struct dns_rr *chain = ARENA_ARRAY(arena, struct dns_rr, whole->links + next->links);
  if (whole->links) memcpy(chain, whole->chain, whole->links * sizeof *chain);
  for (size_t i = 0; i < next->links; i++) chain[whole->links + i] = next->chain[i];
  size_t links = whole->links + next->links;
  struct dns_answer merged = *next;
  merged.seen = whole->seen;
  merged.chain = chain;
  merged.links = links;
  merged.authenticated = whole->authenticated && next->authenticated;
  *whole = merged;
}

/* The parts of `whole` borrow from the answers that it was joined of, which the store keeps. Null: a link is not observed yet. */
static const struct dns_answer *follow(struct store *store, struct entry *entry) {
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)entry->observation;
  if (entry->whole) return entry->whole;
  if (!is_unfinished(answer)) return answer;
  struct dns_answer *whole = dns_answer_new(&entry->question);
  struct observation own = whole->seen;
  *whole = *answer;
  whole->seen = own;
  whole->seen.time = answer->seen.time;
  whole->seen.elapsed_ms = answer->seen.elapsed_ms;
  whole->seen.server = answer->seen.server;
  while (is_unfinished(whole)) {
    if (whole->links > MOST_LINKS || chain_holds(whole->chain, whole->links, whole->final_name)) {
      dns_answer_fail(whole, DNS_FAILURE_CNAME_LOOP);
      break;
    }
    struct question question = entry->question;
    question.name = whole->final_name;
    struct entry *next = lookup(store, &question);
    if (!next) {
      observation_unref(&whole->seen);
      return NULL;
    }
    join(whole, (const struct dns_answer *)(const void *)next->observation);
  }
  if (whole->links > MOST_LINKS) dns_answer_fail(whole, DNS_FAILURE_CNAME_LOOP);
  entry->whole = whole;
  return whole;
}

const struct dns_answer *store_dns(struct store *store, const char *name, uint16_t type) { return store_dns_with(store, "", name, type, 0); }

const struct dns_answer *store_dns_with(struct store *store, const char *server, const char *name, uint16_t type, uint16_t flags) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = server, .path = "", .type = type, .flags = flags };
  struct entry *entry = lookup(store, &question);
  if (!entry) return NULL;
  if (*server) return (const struct dns_answer *)(const void *)entry->observation;
  return follow(store, entry);
}

const struct smtp_session *store_smtp(struct store *store, const char *host, const char *address, uint16_t port, uint16_t flags) {
  struct question question = { .kind = QUESTION_SMTP, .name = host, .server = address, .path = "", .type = port, .flags = flags };
  struct entry *entry = lookup(store, &question);
  return entry ? (const struct smtp_session *)(const void *)entry->observation : NULL;
}

const struct https_reply *store_https(struct store *store, const char *host, const char *path) { return store_https_with(store, host, path, 0); }

const struct https_reply *store_https_with(struct store *store, const char *host, const char *path, uint16_t flags) {
  struct question question = { .kind = QUESTION_HTTPS, .name = host, .server = "", .path = path, .flags = flags };
  struct entry *entry = lookup(store, &question);
  return entry ? (const struct https_reply *)(const void *)entry->observation : NULL;
}

const struct dns_answer *store_peek_dns(const struct store *store, const char *name, uint16_t type) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = type };
  char key[KEY_ROOM];
  size_t length = key_make(&question, key);
  for (; store; store = store->below) {
    const struct entry *entry = entry_find(store, key, length);
    if (!entry || !entry->observation) continue;
    return entry->whole ? entry->whole : (const struct dns_answer *)(const void *)entry->observation;
  }
  return NULL;
}

/* ---- putting and listing ---- */

void store_put(struct store *store, struct observation *observation) {
  char key[KEY_ROOM];
  size_t length = key_make(&observation->question, key);
  struct entry *entry = entry_find(store, key, length);
  if (!entry) {
    entry = entry_add(store, &observation->question, key, length);
    if (entry->id == store->taken) store->taken++;
  }
  if (entry->observation) {
    for (size_t i = 0; i < store->count; i++) entry_drop_whole(store->by_id[i]);
    observation_unref(entry->observation);
  } else {
    store->observed++;
  }
  entry->observation = observation;
}

size_t store_take_open(struct store *store, const struct question **out, size_t room) {
  size_t given = 0;
  while (store->taken < store->count && given < room) {
    const struct entry *entry = store->by_id[store->taken++];
    if (!entry->observation) out[given++] = &entry->question;
  }
  return given;
}

size_t store_open_count(const struct store *store) { return store->count - store->observed; }
size_t store_count(const struct store *store) { return store->observed; }

static int by_key_order(const void *a, const void *b) {
  const struct entry *left = *(const struct entry *const *)a, *right = *(const struct entry *const *)b;
  size_t least = left->key_length < right->key_length ? left->key_length : right->key_length;
  int order = memcmp(left->key, right->key, least);
  return order ? order : (left->key_length > right->key_length) - (left->key_length < right->key_length);
}

void store_each(const struct store *store, void (*visit)(const struct observation *, void *), void *context) {
  struct entry **sorted = mem_zalloc(store->count, sizeof(struct entry *));
  if (store->count) memcpy(sorted, store->by_id, store->count * sizeof(struct entry *));
  qsort(sorted, store->count, sizeof(struct entry *), by_key_order);
  for (size_t i = 0; i < store->count; i++)
    if (sorted[i]->observation) visit(sorted[i]->observation, context);
  free(sorted);
}

void store_mark_misses(struct store *store) { root_of(store)->misses = 0; }

size_t store_missed(const struct store *store, const uint32_t **out_ids) {
  while (store->below) store = store->below;
  *out_ids = store->missed;
  return store->misses;
}

uint32_t store_question_id(const struct store *store, const struct question *question) {
  char key[KEY_ROOM];
  const struct entry *entry = entry_find(store, key, key_make(question, key));
  return entry ? entry->id : UINT32_MAX;
}
