#include "tests/support/world.h"

#include <stdlib.h>
#include <string.h>

#include "checks/store_private.h"
#include "src/base/lib.h"

struct entry { struct dns_rr rr; enum dns_failure failure; bool authentic; };

struct world {
  struct arena *arena;
  struct entry *entries;
  size_t count;
  const char **gone, **empty, **wrong; /* `wrong`: NXDOMAIN is answered though names exist below */
  size_t gone_count, empty_count, wrong_count;
  struct session_world *sessions;
};

struct world *world_new(void) {
  struct world *world = mem_zalloc(1, sizeof *world);
  world->arena = arena_new();
  world->sessions = session_world_new(WORLD_NOW);
  return world;
}

void world_free(struct world **world) {
  if (!*world) return;
  session_world_free(&(*world)->sessions);
  arena_free(&(*world)->arena);
  free(*world);
  *world = NULL;
}

struct session_world *world_sessions(struct world *world) { return world->sessions; }

/* ---- reading ---- */

size_t world_split(char *line, char **words, size_t room) {
  size_t count = 0;
  for (char *at = line; *at && count < room;) {
    while (*at == ' ' || *at == '\t') at++;
    if (!*at || *at == '#') break;
    bool quoted = *at == '"';
    char *put = quoted ? ++at : at;
    words[count++] = put;
    while (*at && (quoted ? *at != '"' : *at != ' ')) {
      if (*at == '\\' && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) {
        *put++ = (char)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0'));
        at += 4;
        continue;
      }
      if (quoted && *at == '\\' && at[1]) at++;
      *put++ = *at++;
    }
    bool more = *at != '\0';
    *put = '\0';
    if (more) at++;
  }
  return count;
}

static enum dns_failure failure_word(const char *word) {
  for (unsigned i = DNS_FAILURE_TIMEOUT; i <= DNS_FAILURE_OTHER; i++)
    if (text_equal(dns_failure_word((enum dns_failure)i), word)) return (enum dns_failure)i;
  return DNS_FAILURE_NONE;
}

static bool read_txt(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  struct buf joined = BUF_INIT(65535);
  uint8_t *lengths = arena_alloc(arena, 512);
  size_t strings = 0;
  for (size_t i = 0; i < count; i++) {
    size_t size = strlen(words[i]);
    buf_bytes(&joined, words[i], size);
    for (size_t at = 0; strings < 512 && (at < size || (at == 0 && !size)); at += 255) {
      lengths[strings++] = (uint8_t)(size - at > 255 ? 255 : size - at);
      if (!size) break;
    }
  }
  rr->txt.bytes = arena_strndup(arena, buf_string(&joined), joined.length);
  rr->txt.length = (uint16_t)joined.length;
  rr->txt.lengths = lengths;
  rr->txt.strings = (uint16_t)strings;
  buf_release(&joined);
  return count > 0;
}

static bool read_hex(struct arena *arena, const char *text, const uint8_t **out, uint16_t *out_length) {
  size_t length = strlen(text) / 2;
  uint8_t *bytes = arena_alloc(arena, length);
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)(hex_value(text[i * 2]) << 4 | hex_value(text[i * 2 + 1]));
  *out = bytes;
  *out_length = (uint16_t)length;
  return true;
}

static bool read_data(struct arena *arena, struct dns_rr *rr, char **words, size_t count) {
  if (!count) return false;
  switch (rr->type) {
  case DNS_TYPE_A:
  case DNS_TYPE_AAAA: return ip_parse(words[0], &rr->address);
  case DNS_TYPE_NS:
  case DNS_TYPE_CNAME:
  case DNS_TYPE_PTR: rr->target = name_lower(arena, words[0]); return true;
  case DNS_TYPE_MX:
    rr->mx.preference = (uint16_t)strtoul(words[0], NULL, 10);
    rr->mx.host = count > 1 ? name_lower(arena, words[1]) : "";
    return count > 1;
  case DNS_TYPE_TXT:
  case DNS_TYPE_SPF: return read_txt(arena, rr, words, count);
  case DNS_TYPE_SOA:
    rr->soa.primary = name_lower(arena, words[0]);
    rr->soa.contact = count > 1 ? name_lower(arena, words[1]) : "host";
    rr->soa.serial = count > 2 ? (uint32_t)strtoul(words[2], NULL, 10) : 1;
    rr->soa.minimum = 300;
    return true;
  case DNS_TYPE_TLSA:
    if (count < 4) return false;
    rr->tlsa.usage = (uint8_t)strtoul(words[0], NULL, 10);
    rr->tlsa.selector = (uint8_t)strtoul(words[1], NULL, 10);
    rr->tlsa.matching = (uint8_t)strtoul(words[2], NULL, 10);
    return read_hex(arena, words[3], &rr->tlsa.data, &rr->tlsa.length);
  default: return false;
  }
}

static void add_name(struct arena *arena, const char ***list, size_t *count, const char *name) {
  *list = arena_grow(arena, *list, *count, sizeof(const char *));
  (*list)[(*count)++] = name_lower(arena, name);
}

bool world_dns(struct world *world, char **words, size_t count, struct fault *fault) {
  struct arena *arena = world->arena;
  if (count == 2 && strcmp(words[1], "nxdomain") == 0) return add_name(arena, &world->gone, &world->gone_count, words[0]), true;
  if (count == 3 && strcmp(words[2], "wrong-nxdomain") == 0) return add_name(arena, &world->wrong, &world->wrong_count, words[0]), true;
  if (count == 2 && strcmp(words[1], "nodata") == 0) return add_name(arena, &world->empty, &world->empty_count, words[0]), true;
  struct entry entry = { .rr = { .owner = name_lower(arena, words[0]), .ttl = 3600 } };
  size_t at = 2;
  if (count < 3 || !(entry.rr.type = dns_type_from_name(words[1]))) {
    fault_set(fault, "not a record: %s %s", words[0], count > 1 ? words[1] : "");
    return false;
  }
  for (; at < count; at++) {
    if (strcmp(words[at], "ad") == 0) entry.authentic = true;
    else if (strcmp(words[at], "ttl") == 0 && at + 1 < count) entry.rr.ttl = (uint32_t)strtoul(words[++at], NULL, 10);
    else break;
  }
  entry.failure = at + 1 == count ? failure_word(words[at]) : DNS_FAILURE_NONE;
  if (entry.failure == DNS_FAILURE_NONE) {
    struct buf data = BUF_INIT(65535);
    bool good = read_data(arena, &entry.rr, words + at, count - at) && dns_rdata_encode(&data, &entry.rr);
    entry.rr.data = arena_memdup(arena, buf_string(&data), data.length);
    entry.rr.data_length = (uint16_t)data.length;
    buf_release(&data);
    if (!good) {
      fault_set(fault, "data cannot be read: %s %s", words[0], words[1]);
      return false;
    }
  }
  world->entries = arena_grow(arena, world->entries, world->count, sizeof *world->entries);
  world->entries[world->count++] = entry;
  return true;
}

bool world_line(struct world *world, const char *line) {
  char *copy = arena_strdup(world->arena, line), *words[64];
  struct fault fault;
  return world_dns(world, words, world_split(copy, words, 64), &fault);
}

/* ---- answering ---- */

static bool exists(const struct world *world, const char *name) {
  for (size_t i = 0; i < world->count; i++)
    if (name_is_under(world->entries[i].rr.owner, name)) return true;
  for (size_t i = 0; i < world->empty_count; i++)
    if (name_is_under(world->empty[i], name)) return true;
  return false;
}

static const char *wildcard_of(const struct world *world, struct arena *arena, const char *name) {
  for (const char *parent = name_parent(name); *parent; parent = name_parent(parent)) {
    const char *star = name_join(arena, "*", parent);
    for (size_t i = 0; i < world->count; i++)
      if (strcmp(world->entries[i].rr.owner, star) == 0) return star;
    if (exists(world, parent)) return NULL;
  }
  return NULL;
}

struct collected { struct dns_rr *all; size_t count; enum dns_failure failure; bool authentic, any; };

static void collect(const struct world *world, struct arena *arena, const char *owner, const char *as, uint16_t type, struct collected *out) {
  for (size_t i = 0; i < world->count; i++) {
    const struct entry *entry = &world->entries[i];
    if (strcmp(entry->rr.owner, owner) != 0) continue;
    if (entry->failure && entry->rr.type == type) out->failure = entry->failure;
    if (entry->failure || (entry->rr.type != type && entry->rr.type != DNS_TYPE_CNAME)) continue;
    out->authentic = out->any ? out->authentic && entry->authentic : entry->authentic;
    out->any = true;
    out->all = arena_grow(arena, out->all, out->count, sizeof *out->all);
    out->all[out->count] = entry->rr;
    out->all[out->count++].owner = as;
  }
}

static struct observation *observe_dns(struct world *world, const struct question *question) {
  struct dns_answer *answer = dns_answer_new(question);
  struct arena *arena = answer->seen.arena;
  struct collected found = { .all = NULL };
  const char *name = answer->seen.question.name;
  bool gone = false;
  answer->seen.time = WORLD_NOW;
  answer->seen.server = "192.0.2.53";
  for (unsigned links = 0; links < 12; links++) {
    size_t before = found.count;
    for (size_t i = 0; i < world->gone_count; i++) gone = gone || name_is_under(name, world->gone[i]);
    for (size_t i = 0; i < world->wrong_count; i++) gone = gone || name_equal(name, world->wrong[i]);
    const char *owner = exists(world, name) ? name : wildcard_of(world, arena, name);
    if (gone || !owner) {
      gone = true;
      break;
    }
    collect(world, arena, owner, name, question->type, &found);
    if (found.count == before || found.all[found.count - 1].type != DNS_TYPE_CNAME || question->type == DNS_TYPE_CNAME) break;
    name = found.all[found.count - 1].target;
  }
  answer->recursion_available = true;
  answer->authoritative = *question->server != '\0';
  answer->authenticated = found.authentic;
  answer->rcode = gone ? DNS_RCODE_NXDOMAIN : DNS_RCODE_NOERROR;
  answer->all = found.all;
  answer->alls = found.count;
  struct dns_rr *soa = ARENA_NEW(arena, struct dns_rr); /* of a negative answer */
  *soa = (struct dns_rr){ .owner = suffix_registrable(name), .type = DNS_TYPE_SOA, .ttl = 300, .soa = { .primary = "ns1", .contact = "host", .minimum = 300 } };
  answer->authority = soa;
  answer->authorities = 1;
  dns_answer_settle(answer);
  if (found.failure) dns_answer_fail(answer, found.failure);
  return &answer->seen;
}

struct observation *world_observe(struct world *world, const struct question *question) {
  return question->kind == QUESTION_DNS ? observe_dns(world, question) : session_world_observe(world->sessions, question);
}

bool world_answer(struct world *world, struct store *store, unsigned shuffle) {
  const struct question *open[512];
  size_t count = store_take_open(store, open, 512);
  for (size_t i = count; shuffle && i > 1; i--) {
    shuffle = shuffle * 1103515245u + 12345u;
    size_t other = (shuffle >> 8) % i;
    const struct question *keep = open[i - 1];
    open[i - 1] = open[other];
    open[other] = keep;
  }
  for (size_t i = 0; i < count; i++) store_put(store, world_observe(world, open[i]));
  return count > 0;
}

struct verdict *world_examine(struct world *world, struct store *store, const struct inquiry *inquiry, struct arena *arena, unsigned shuffle) {
  struct verdict *verdict;
  for (unsigned turn = 0;; turn++) {
    verdict = examine_store(arena, store, inquiry);
    if (!world_answer(world, store, shuffle ? shuffle + turn : 0) || turn > 60) return verdict;
  }
}
