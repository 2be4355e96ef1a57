#include "checks/store.h"

#include <stdlib.h>
#include <string.h>

/* Entries are found by their question itself. */
#define HASH_FUNCTION(question, size, hash) ((hash) = question_hash((const struct question *)(question)))
#define HASH_KEYCMP(a, b, size) (question_equal((const struct question *)(a), (const struct question *)(b)) ? 0 : 1)
#include <uthash.h>

#include "src/base/mem.h"
#include "src/base/name.h"

enum { MOST_LINKS = 8, FIRST_CHUNK = 4096 };

struct entry {
  struct question question;          /* texts lie behind the entry */
  struct observation *observation;   /* null: open */
  struct dns_answer *whole;          /* the answer with its CNAME chain followed over several questions */
  uint32_t id;
  UT_hash_handle hh;
};

/* An answer that an overlay joined of its own and of what lies below: kept until the overlay goes. */
struct joined {
  struct dns_answer *whole;
  struct joined *next;
};

struct store {
  struct arena *arena;               /* holds the entries */
  struct entry *entries;             /* by question */
  struct entry **by_id;
  size_t count, room, taken;
  uint32_t *missed;
  size_t misses, missed_room;
  struct store *below;
  struct joined *joined;
  bool closed;
};

static struct entry *entry_find(const struct store *store, const struct question *question, uint32_t hash) {
  struct entry *entry = NULL;
  HASH_FIND_BYHASHVALUE(hh, store->entries, question, sizeof *question, hash, entry);
  return entry;
}

static struct entry *entry_add(struct store *store, const struct question *question, uint32_t hash) {
  struct entry *entry = arena_alloc(store->arena, sizeof *entry + question_texts_size(question));
  *entry = (struct entry){ .id = (uint32_t)store->count };
  question_copy(&entry->question, (char *)(entry + 1), question);
  if (store->count == store->room) {
    store->room = store->room ? store->room * 2 : 64;
    store->by_id = mem_realloc(store->by_id, store->room, sizeof(struct entry *));
  }
  store->by_id[store->count++] = entry;
  HASH_ADD_KEYPTR_BYHASHVALUE(hh, store->entries, &entry->question, sizeof entry->question, hash, entry);
  return entry;
}

/* ---- life ---- */

struct store *store_new(void) {
  struct store *store = mem_zalloc(1, sizeof *store);
  store->arena = arena_new_sized(FIRST_CHUNK);
  return store;
}

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
  HASH_CLEAR(hh, old->entries);
  for (size_t i = 0; i < old->count; i++) {
    entry_drop_whole(old->by_id[i]);
    observation_unref(old->by_id[i]->observation);
  }
  for (struct joined *at = old->joined; at; at = at->next) observation_unref(&at->whole->seen);
  arena_free(&old->arena);
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
  uint32_t hash = question_hash(question);
  struct entry *entry = NULL;
  for (struct store *at = store; at; at = at->below) {
    entry = entry_find(at, question, hash);
    if (entry && entry->observation) return entry;
  }
  struct store *root = root_of(store);
  if (!entry) entry = entry_add(root, question, hash);
  if (root->closed) {
    entry->observation = not_in_evidence(question);
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

static struct dns_answer *whole_begin(const struct entry *entry) {
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)entry->observation;
  struct dns_answer *whole = dns_answer_new(&entry->question);
  struct observation own = whole->seen;
  *whole = *answer;
  whole->seen = own;
  whole->seen.time = answer->seen.time;
  whole->seen.elapsed_ms = answer->seen.elapsed_ms;
  whole->seen.server = answer->seen.server;
  return whole;
}

/* What an overlay adds may not be seen from below, so its joined answers are its own. */
static void keep_whole(struct store *store, struct entry *entry, struct dns_answer *whole) {
  if (!store->below) {
    entry->whole = whole;
    return;
  }
  struct joined *joined = arena_alloc(store->arena, sizeof *joined);
  *joined = (struct joined){ whole, store->joined };
  store->joined = joined;
}

/* The parts of `whole` borrow from the answers that it was joined of, which the store keeps. Null: a link is not observed yet. */
static const struct dns_answer *follow(struct store *store, struct entry *entry) {
  const struct dns_answer *answer = (const struct dns_answer *)(const void *)entry->observation;
  if (!is_unfinished(answer)) return answer;
  if (entry->whole && !store->below) return entry->whole;
  struct dns_answer *whole = whole_begin(entry);
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
    const struct dns_answer *last = (const struct dns_answer *)(const void *)next->observation;
    join(whole, last);
    if (last->links == 0) break; /* the end of the chain was asked itself: NODATA without an SOA (RFC 2308 section 2.2, type 3) is its answer */
  }
  if (whole->links > MOST_LINKS) dns_answer_fail(whole, DNS_FAILURE_CNAME_LOOP);
  keep_whole(store, entry, whole);
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

const struct https_reply *store_https(struct store *store, const char *host, const char *path) { return store_https_at(store, host, "", path, 0); }

const struct https_reply *store_https_with(struct store *store, const char *host, const char *path, uint16_t flags) {
  return store_https_at(store, host, "", path, flags);
}

const struct https_reply *store_https_at(struct store *store, const char *host, const char *address, const char *path, uint16_t flags) {
  struct question question = { .kind = QUESTION_HTTPS, .name = host, .server = address, .path = path, .flags = flags };
  struct entry *entry = lookup(store, &question);
  return entry ? (const struct https_reply *)(const void *)entry->observation : NULL;
}

const struct dns_answer *store_peek_dns(const struct store *store, const char *name, uint16_t type) {
  struct question question = { .kind = QUESTION_DNS, .name = name, .server = "", .path = "", .type = type };
  uint32_t hash = question_hash(&question);
  for (; store; store = store->below) {
    const struct entry *entry = entry_find(store, &question, hash);
    if (!entry || !entry->observation) continue;
    return entry->whole ? entry->whole : (const struct dns_answer *)(const void *)entry->observation;
  }
  return NULL;
}

/* ---- putting and listing ---- */

uint32_t store_put(struct store *store, struct observation *observation) {
  uint32_t hash = question_hash(&observation->question);
  struct entry *entry = entry_find(store, &observation->question, hash);
  if (!entry) {
    entry = entry_add(store, &observation->question, hash);
    if (entry->id == store->taken) store->taken++;
  }
  if (entry->observation) {
    for (size_t i = 0; i < store->count; i++) entry_drop_whole(store->by_id[i]);
    observation_unref(entry->observation);
  }
  entry->observation = observation;
  return entry->id;
}

size_t store_take_open(struct store *store, const struct question **out, size_t room) {
  size_t given = 0;
  while (store->taken < store->count && given < room) {
    const struct entry *entry = store->by_id[store->taken++];
    if (!entry->observation) out[given++] = &entry->question;
  }
  return given;
}

static int by_question_order(const void *a, const void *b) {
  return question_order(&(*(const struct entry *const *)a)->question, &(*(const struct entry *const *)b)->question);
}

void store_visit(const struct store *store, void (*visit)(const struct observation *, void *), void *context) {
  for (size_t i = 0; i < store->count; i++)
    if (store->by_id[i]->observation) visit(store->by_id[i]->observation, context);
}

void store_visit_below(const struct store *overlay, void (*visit)(const struct observation *, void *), void *context) {
  if (overlay->below) store_visit(overlay->below, visit, context);
}

void store_each(const struct store *store, void (*visit)(const struct observation *, void *), void *context) {
  struct entry **sorted = mem_zalloc(store->count, sizeof(struct entry *));
  if (store->count) memcpy(sorted, store->by_id, store->count * sizeof(struct entry *));
  qsort(sorted, store->count, sizeof(struct entry *), by_question_order);
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
