#include "tests/support/world_private.h"

#include <stdlib.h>
#include <string.h>

#include "checks/judge/lib.h"
#include "checks/store_private.h"
#include "src/base/lib.h"

/* What one line says. `server` and the flags tell to which questions it is the answer: `server` "" and no flags: all. */
struct entry {
  struct dns_rr rr;
  enum dns_failure failure;
  enum dns_outcome outcome;     /* NXDOMAIN, NODATA and FAILED without a record */
  bool authentic, authoritative, recursion;
  uint16_t extended_error;
  const char *server;
  uint16_t with, without;       /* flags of the question that must be there, and must not */
};
struct referral { const char *server, *zone, *name_server; };
struct glue { const char *server; struct dns_rr rr; };
struct silence { const char *server; uint16_t with, without; enum dns_failure failure; };

struct world {
  struct arena *arena;
  struct entry *entries;
  size_t count;
  const char **gone, **empty, **wrong; /* `wrong`: NXDOMAIN is answered though names exist below */
  size_t gone_count, empty_count, wrong_count;
  const char **signed_names; /* every answer for these and the names below is authenticated */
  size_t signed_count;
  struct referral *referrals;
  struct glue *glues;
  struct silence *silences;
  size_t referral_count, glue_count, silence_count;
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
        char octet = (char)((at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0'));
        if (octet) *put++ = octet;
        else put = mempcpy(put, WORLD_NUL, sizeof WORLD_NUL - 1);
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

static void add_name(struct arena *arena, const char ***list, size_t *count, const char *name) {
  *list = arena_grow(arena, *list, *count, sizeof(const char *));
  (*list)[(*count)++] = name_lower(arena, name);
}

static bool outcome_word(const char *word, struct entry *entry) {
  entry->outcome = strcmp(word, "nxdomain") == 0 ? DNS_NXDOMAIN : strcmp(word, "nodata") == 0 ? DNS_NODATA : DNS_ANSWER;
  entry->failure = failure_word(word);
  if (entry->failure) entry->outcome = DNS_FAILED;
  return entry->outcome != DNS_ANSWER;
}

/* Options between the type and the data: ad, aa, ra, ttl N. How many words they take. */
static size_t read_options(struct entry *entry, char **words, size_t count) {
  size_t at = 0;
  for (; at < count; at++) {
    if (strcmp(words[at], "ad") == 0) entry->authentic = true;
    else if (strcmp(words[at], "aa") == 0) entry->authoritative = true;
    else if (strcmp(words[at], "ra") == 0) entry->recursion = true;
    else if (strcmp(words[at], "ttl") == 0 && at + 1 < count) entry->rr.ttl = (uint32_t)strtoul(words[++at], NULL, 10);
    else break;
  }
  return at;
}

/* NAME TYPE [options] DATA… of a line whose `entry` says already to which questions it belongs. */
static bool read_entry(struct world *world, struct entry entry, char **words, size_t count, struct fault *fault) {
  struct arena *arena = world->arena;
  if (count < 3 || !(entry.rr.type = dns_type_from_name(words[1]))) {
    fault_set(fault, "not a record: %s %s", count ? words[0] : "", count > 1 ? words[1] : "");
    return false;
  }
  entry.rr.owner = name_lower(arena, words[0]);
  entry.rr.ttl = 3600;
  size_t at = 2 + read_options(&entry, words + 2, count - 2);
  if (at + 2 == count && failure_word(words[at])) entry.extended_error = (uint16_t)strtoul(words[--count], NULL, 10);
  if (at + 1 != count || !outcome_word(words[at], &entry)) {
    struct buf data = BUF_INIT(65535);
    bool good = world_read_data(arena, &entry.rr, words + at, count - at) && dns_rdata_encode(&data, &entry.rr);
    if (!entry.rr.data) {
      entry.rr.data = arena_memdup(arena, buf_string(&data), data.length);
      entry.rr.data_length = (uint16_t)data.length;
    }
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

bool world_dns(struct world *world, char **words, size_t count, struct fault *fault) {
  if (count == 2 && strcmp(words[1], "nxdomain") == 0) return add_name(world->arena, &world->gone, &world->gone_count, words[0]), true;
  if (count == 3 && strcmp(words[2], "wrong-nxdomain") == 0) return add_name(world->arena, &world->wrong, &world->wrong_count, words[0]), true;
  if (count == 2 && strcmp(words[1], "signed") == 0) return add_name(world->arena, &world->signed_names, &world->signed_count, words[0]), true;
  if (count == 2 && strcmp(words[1], "nodata") == 0) return add_name(world->arena, &world->empty, &world->empty_count, words[0]), true;
  return read_entry(world, (struct entry){ .server = "" }, words, count, fault);
}

/* udp, tcp, edns, plain: the questions that are meant. How many words they take. */
static size_t read_ways(struct entry *entry, char **words, size_t count) {
  size_t at = 0;
  for (; at < count; at++) {
    if (strcmp(words[at], "udp") == 0) entry->without |= DNS_ASK_TCP;
    else if (strcmp(words[at], "tcp") == 0) entry->with |= DNS_ASK_TCP;
    else if (strcmp(words[at], "edns") == 0) entry->without |= DNS_ASK_PLAIN;
    else if (strcmp(words[at], "plain") == 0) entry->with |= DNS_ASK_PLAIN;
    else break;
  }
  return at;
}

static bool read_at(struct world *world, char **words, size_t count, struct fault *fault) {
  struct entry entry = { .server = arena_strdup(world->arena, words[0]) };
  size_t ways = 1 + read_ways(&entry, words + 1, count - 1);
  if (count != ways + 1) return read_entry(world, entry, words + ways, count - ways, fault);
  world->silences = arena_grow(world->arena, world->silences, world->silence_count, sizeof *world->silences);
  world->silences[world->silence_count++] = (struct silence){ entry.server, entry.with, entry.without, failure_word(words[ways]) };
  return true;
}

static bool read_referral(struct world *world, char **words, size_t count) {
  for (size_t i = 2; i < count; i++) {
    world->referrals = arena_grow(world->arena, world->referrals, world->referral_count, sizeof *world->referrals);
    world->referrals[world->referral_count++] =
        (struct referral){ arena_strdup(world->arena, words[0]), name_lower(world->arena, words[1]), name_lower(world->arena, words[i]) };
  }
  return count > 2;
}

static bool read_glue(struct world *world, char **words, size_t count) {
  struct glue glue = { .rr = { .ttl = 3600 } };
  if (count != 3 || !ip_parse(words[2], &glue.rr.address)) return false;
  glue.server = arena_strdup(world->arena, words[0]);
  glue.rr.owner = name_lower(world->arena, words[1]);
  glue.rr.type = glue.rr.address.family == 6 ? DNS_TYPE_AAAA : DNS_TYPE_A;
  glue.rr.data = arena_memdup(world->arena, glue.rr.address.bytes, 16);
  glue.rr.data_length = glue.rr.address.family == 6 ? 16 : 4;
  world->glues = arena_grow(world->arena, world->glues, world->glue_count, sizeof *world->glues);
  world->glues[world->glue_count++] = glue;
  return true;
}

/* NAME TYPE: takes away what earlier lines gave. */
static void drop(struct world *world, const char *name, uint16_t type) {
  size_t kept = 0;
  for (size_t i = 0; i < world->count; i++)
    if (world->entries[i].rr.type != type || !name_equal(world->entries[i].rr.owner, name)) world->entries[kept++] = world->entries[i];
  world->count = kept;
}

bool world_knows(const char *word) {
  static const char *const kinds[] = { "dns", "at", "cd", "again", "referral", "glue", "drop" };
  for (size_t i = 0; i < MEM_COUNT(kinds); i++)
    if (strcmp(kinds[i], word) == 0) return true;
  return false;
}

bool world_read(struct world *world, char **words, size_t count, struct fault *fault) {
  if (count < 3) return false;
  if (strcmp(words[0], "at") == 0) return read_at(world, words + 1, count - 1, fault);
  if (strcmp(words[0], "cd") == 0) return read_entry(world, (struct entry){ .server = "", .with = DNS_ASK_CD }, words + 1, count - 1, fault);
  if (strcmp(words[0], "again") == 0) return read_entry(world, (struct entry){ .server = "", .with = DNS_ASK_DO, .without = DNS_ASK_CD }, words + 1, count - 1, fault);
  if (strcmp(words[0], "drop") == 0) return drop(world, words[1], dns_type_from_name(words[2])), true;
  if (strcmp(words[0], "referral") == 0) return read_referral(world, words + 1, count - 1);
  if (strcmp(words[0], "glue") == 0) return read_glue(world, words + 1, count - 1);
  if (words[count - 1][0] == '@' && strcmp(words[2], "TLSA") == 0 && count >= 7) { /* of a certificate of the sessions: @leaf */
    const char *data = session_world_tlsa(world->sessions, world->arena, words[count - 1] + 1, (unsigned)strtoul(words[count - 3], NULL, 10), (unsigned)strtoul(words[count - 2], NULL, 10));
    if (!data) return fault_set(fault, "no certificate %s before this line", words[count - 1] + 1), false;
    words[count - 1] = arena_strdup(world->arena, data);
  }
  return world_dns(world, words + 1, count - 1, fault);
}

bool world_line(struct world *world, const char *line) {
  char *copy = arena_strdup(world->arena, line), *words[64];
  struct fault fault;
  return world_dns(world, words, world_split(copy, words, 64), &fault);
}

/* ---- answering ---- */

static bool is_general(const struct entry *entry) { return !*entry->server && !entry->with && !entry->without; }

static bool exists(const struct world *world, const char *name) {
  for (size_t i = 0; i < world->count; i++)
    if (is_general(&world->entries[i]) && name_is_under(world->entries[i].rr.owner, name)) return true;
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

/* Does the line speak of this question in particular: of its server, or of the way in which it is asked? */
static bool is_special(const struct entry *entry, const struct question *question) {
  return !is_general(entry) && (!*entry->server || strcmp(entry->server, question->server) == 0) && (question->flags & entry->with) == entry->with &&
         !(question->flags & entry->without);
}

struct collected {
  struct dns_rr *all;
  size_t count;
  enum dns_failure failure;
  uint16_t extended_error;
  bool authentic, any, special, authoritative, recursion, gone, empty;
};

static void take(struct arena *arena, const struct entry *entry, const char *as, struct collected *out) {
  out->authentic = out->any ? out->authentic && entry->authentic : entry->authentic;
  out->any = true;
  out->all = arena_grow(arena, out->all, out->count, sizeof *out->all);
  out->all[out->count] = entry->rr;
  out->all[out->count++].owner = as;
}

static bool signs(const struct entry *entry, const struct question *question) {
  return entry->rr.type == DNS_TYPE_RRSIG && question->flags & DNS_ASK_DO && (entry->rr.data[0] << 8 | entry->rr.data[1]) == question->type;
}

/* The lines for this very question, in place of all others; an alias is followed only where no line has the type itself. */
static void collect_special(const struct world *world, struct arena *arena, const char *owner, const struct question *question, struct collected *out) {
  for (unsigned turn = 0; turn < 2 && !out->special; turn++) {
    uint16_t type = turn == 0 ? question->type : DNS_TYPE_CNAME;
    for (size_t i = 0; i < world->count; i++) {
      const struct entry *entry = &world->entries[i];
      if (strcmp(entry->rr.owner, owner) != 0 || entry->rr.type != type || !is_special(entry, question)) continue;
      out->special = true;
      out->failure = entry->failure;
      out->extended_error = entry->extended_error;
      out->gone |= entry->outcome == DNS_NXDOMAIN;
      out->empty |= entry->outcome == DNS_NODATA;
      out->authoritative |= entry->authoritative;
      out->recursion |= entry->recursion;
      if (entry->outcome == DNS_ANSWER) take(arena, entry, owner, out);
    }
  }
}

static void collect(const struct world *world, struct arena *arena, const char *owner, const char *as, const struct question *question, struct collected *out) {
  for (size_t i = 0; i < world->count; i++) {
    const struct entry *entry = &world->entries[i];
    if (!is_general(entry) || strcmp(entry->rr.owner, owner) != 0) continue;
    if (entry->outcome == DNS_FAILED && entry->rr.type == question->type) {
      out->failure = entry->failure;
      out->extended_error = entry->extended_error;
    }
    if (entry->outcome == DNS_ANSWER && (entry->rr.type == question->type || entry->rr.type == DNS_TYPE_CNAME || signs(entry, question))) take(arena, entry, as, out);
  }
}

static void collect_chain(const struct world *world, struct arena *arena, const struct question *question, const char **out_name, struct collected *out) {
  for (unsigned links = 0; links < 12; links++) {
    size_t before = out->count;
    for (size_t i = 0; i < world->gone_count; i++) out->gone |= name_is_under(*out_name, world->gone[i]);
    for (size_t i = 0; i < world->wrong_count; i++) out->gone |= name_equal(*out_name, world->wrong[i]);
    const char *owner = exists(world, *out_name) ? *out_name : wildcard_of(world, arena, *out_name);
    if (out->gone || !owner) {
      out->gone = true;
      return;
    }
    collect(world, arena, owner, *out_name, question, out);
    if (out->count == before || out->all[out->count - 1].type != DNS_TYPE_CNAME || question->type == DNS_TYPE_CNAME) return;
    *out_name = out->all[out->count - 1].target;
  }
}

/* A record made here, with its data as it would be on the wire. */
static void complete(struct arena *arena, struct dns_rr *rr) {
  struct buf data = BUF_INIT(1024);
  dns_rdata_encode(&data, rr);
  rr->data = arena_memdup(arena, buf_string(&data), data.length);
  rr->data_length = (uint16_t)data.length;
  buf_release(&data);
}

/* A server that hands a zone on answers with the name servers and their addresses, and nothing of its own (RFC 1034 section 4.2.1). */
static bool refer(const struct world *world, struct dns_answer *answer) {
  struct arena *arena = answer->seen.arena;
  struct dns_rr *authority = NULL, *additional = NULL;
  const struct question *question = &answer->seen.question;
  for (size_t i = 0; i < world->referral_count; i++) {
    const struct referral *referral = &world->referrals[i];
    if (strcmp(referral->server, question->server) != 0 || !name_is_under(question->name, referral->zone) || question->type == DNS_TYPE_DS) continue;
    authority = arena_grow(arena, authority, answer->authorities, sizeof *authority);
    authority[answer->authorities] = (struct dns_rr){ .owner = referral->zone, .type = DNS_TYPE_NS, .ttl = 3600, .target = referral->name_server };
    complete(arena, &authority[answer->authorities++]);
  }
  for (size_t i = 0; answer->authorities && i < world->glue_count; i++) {
    if (strcmp(world->glues[i].server, question->server) != 0) continue;
    additional = arena_grow(arena, additional, answer->additionals, sizeof *additional);
    additional[answer->additionals++] = world->glues[i].rr;
  }
  answer->authority = authority;
  answer->additional = additional;
  if (answer->authorities) dns_answer_fail(answer, DNS_FAILURE_REFERRAL);
  return answer->authorities > 0;
}

static bool is_silent(const struct world *world, struct dns_answer *answer) {
  const struct question *question = &answer->seen.question;
  for (size_t i = 0; i < world->silence_count; i++) {
    const struct silence *silence = &world->silences[i];
    if (strcmp(silence->server, question->server) != 0 || (question->flags & silence->with) != silence->with || question->flags & silence->without) continue;
    dns_answer_fail(answer, silence->failure);
    return true;
  }
  return false;
}

/* The zone of a negative answer: the nearest name above that has a SOA line, else the registrable domain. */
static const char *zone_of(const struct world *world, const char *name) {
  for (const char *at = name; *at; at = name_parent(at))
    for (size_t i = 0; i < world->count; i++)
      if (world->entries[i].rr.type == DNS_TYPE_SOA && is_general(&world->entries[i]) && strcmp(world->entries[i].rr.owner, at) == 0) return at;
  return suffix_registrable(name);
}

static uint16_t size_of(const struct dns_answer *answer) {
  struct buf wire = BUF_INIT(65535);
  struct dns_message message = { .response = true, .question_name = answer->seen.question.name, .question_type = answer->seen.question.type, .edns = true };
  struct dns_rr *all = arena_memdup(answer->seen.arena, answer->all, answer->alls * sizeof *all);
  message.answer = all;
  message.answers = answer->alls;
  dns_write_message(&wire, &message);
  uint16_t size = (uint16_t)wire.length;
  buf_release(&wire);
  return size;
}

static struct observation *observe_dns(struct world *world, const struct question *question) {
  struct dns_answer *answer = dns_answer_new(question);
  struct arena *arena = answer->seen.arena;
  struct collected found = { .all = NULL };
  const char *name = answer->seen.question.name;
  answer->seen.time = WORLD_NOW;
  answer->seen.server = *question->server ? answer->seen.question.server : "192.0.2.53";
  if (is_silent(world, answer) || (*question->server && refer(world, answer))) return &answer->seen;
  collect_special(world, arena, name, question, &found);
  if (!found.special) collect_chain(world, arena, question, &name, &found);
  answer->recursion_available = !*question->server || found.recursion;
  answer->authoritative = *question->server && (!found.special || found.authoritative);
  answer->authenticated = found.authentic && !*question->server;
  for (size_t i = 0; i < world->signed_count && !*question->server; i++) answer->authenticated |= name_is_under(name, world->signed_names[i]);
  answer->edns = !(question->flags & DNS_ASK_PLAIN);
  answer->extended_error = found.extended_error;
  answer->rcode = found.gone ? DNS_RCODE_NXDOMAIN : DNS_RCODE_NOERROR;
  answer->all = found.all;
  answer->alls = found.count;
  struct dns_rr *soa = ARENA_NEW(arena, struct dns_rr); /* of a negative answer */
  *soa = (struct dns_rr){ .owner = zone_of(world, name), .type = DNS_TYPE_SOA, .ttl = 300, .soa = { .primary = "ns1", .contact = "host", .minimum = 300 } };
  complete(arena, soa);
  answer->authority = soa;
  answer->authorities = 1;
  dns_answer_settle(answer);
  answer->size = size_of(answer);
  if (found.failure == DNS_FAILURE_TRUNCATED && question->flags & DNS_ASK_UDP_ONLY) answer->truncated = true;
  else if (found.failure) dns_answer_fail(answer, found.failure);
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

/* Without topics it is a partner that is judged. */
struct verdict *world_judge(struct arena *arena, struct store *store, const struct inquiry *inquiry) {
  if (inquiry->topics) return examine_store(arena, store, inquiry);
  struct judgement j = { .store = store, .inquiry = inquiry, .arena = arena, .topic = TOPIC_TLS };
  partner_judge(&j);
  struct verdict *verdict = ARENA_NEW(arena, struct verdict);
  *verdict = (struct verdict){ .arena = arena, .findings = j.findings, .count = j.waiting ? 0 : j.count };
  return verdict;
}

struct verdict *world_examine(struct world *world, struct store *store, const struct inquiry *inquiry, struct arena *arena, unsigned shuffle) {
  struct verdict *verdict;
  for (unsigned turn = 0;; turn++) {
    verdict = world_judge(arena, store, inquiry);
    if (!world_answer(world, store, shuffle ? shuffle + turn : 0) || turn > 60) return verdict;
  }
}
