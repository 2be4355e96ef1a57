#include <string.h>

#include "checks/record/certificate.h"
#include "checks/store.h"
#include "checks/store_private.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { MOST_LINKS = 8, ALIGNMENT_WASTE = 64, SESSION_ROOM = 512 };

/* The observation lies at the head of its own arena, so one unref gives everything back; `room` is what will be needed besides. */
static void *observation_new(const struct question *question, size_t size, size_t room) {
  size_t texts = question_texts_size(question);
  struct arena *arena = arena_new_sized(size + texts + room + ALIGNMENT_WASTE);
  struct observation *seen = arena_zalloc(arena, 1, size);
  seen->arena = arena;
  seen->references = 1;
  seen->server = "";
  question_copy(&seen->question, arena_alloc(arena, texts), question);
  return seen;
}

struct dns_answer *dns_answer_new_sized(const struct question *question, size_t room) {
  struct dns_answer *answer = observation_new(question, sizeof *answer, room);
  answer->final_name = answer->seen.question.name;
  if (question->type == DNS_TYPE_TXT) {
    answer->parsed = ARENA_NEW(answer->seen.arena, struct parsed);
    answer->parsed->arena = answer->seen.arena;
  }
  dns_answer_fail(answer, DNS_FAILURE_OTHER);
  return answer;
}

struct dns_answer *dns_answer_new(const struct question *question) { return dns_answer_new_sized(question, 0); }

static const struct tls_session no_tls = { .version = "", .cipher = "", .group = "", .signature_hash = "", .alert = "", .verify_text = "" };

void smtp_session_clear(struct smtp_session *session) {
  *session = (struct smtp_session){ .seen = session->seen, .connect_error = "", .banner = "", .ehlo = "", .starttls = "", .tls_ehlo = "", .tls = no_tls };
}

struct smtp_session *smtp_session_new(const struct question *question) {
  struct smtp_session *session = observation_new(question, sizeof *session, SESSION_ROOM);
  smtp_session_clear(session);
  return session;
}

struct https_reply *https_reply_new(const struct question *question) {
  struct https_reply *reply = observation_new(question, sizeof *reply, SESSION_ROOM);
  reply->error = reply->content_type = reply->location = reply->body = "";
  reply->tls = no_tls;
  return reply;
}

void tls_session_set_chain(struct tls_session *tls, struct arena *arena, const struct certificate *const *chain, size_t count, const struct certificate_path *path) {
  struct certificate_path *own = path ? NULL : ARENA_NEW(arena, struct certificate_path);
  if (own) certificate_path(chain, count, own);
  tls->chain = chain;
  tls->certificates = count;
  tls->path = own ? own : path;
}

void observation_ref(struct observation *observation) { observation->references++; }

void observation_unref(struct observation *observation) {
  if (!observation || --observation->references > 0) return;
  struct arena *arena = observation->arena;
  arena_free(&arena);
}

void dns_answer_fail(struct dns_answer *answer, enum dns_failure failure) {
  answer->outcome = DNS_FAILED;
  answer->failure = failure;
}

const char *dns_failure_word(enum dns_failure failure) {
  static const char *const words[] = {
    [DNS_FAILURE_NONE] = "none", [DNS_FAILURE_TIMEOUT] = "timeout", [DNS_FAILURE_SERVFAIL] = "SERVFAIL", [DNS_FAILURE_REFUSED] = "REFUSED",
    [DNS_FAILURE_FORMERR] = "FORMERR", [DNS_FAILURE_NOTIMP] = "NOTIMP", [DNS_FAILURE_MALFORMED] = "malformed",
    [DNS_FAILURE_TRUNCATED] = "truncated", [DNS_FAILURE_CNAME_LOOP] = "cname-loop", [DNS_FAILURE_REFERRAL] = "referral",
    [DNS_FAILURE_UNREACHABLE] = "unreachable", [DNS_FAILURE_OTHER] = "other",
  };
  return words[failure];
}

static enum dns_failure failure_of_rcode(uint8_t rcode) {
  switch (rcode) {
  case DNS_RCODE_FORMERR: return DNS_FAILURE_FORMERR;
  case DNS_RCODE_SERVFAIL: return DNS_FAILURE_SERVFAIL;
  case DNS_RCODE_NOTIMP: return DNS_FAILURE_NOTIMP;
  case DNS_RCODE_REFUSED: return DNS_FAILURE_REFUSED;
  default: return DNS_FAILURE_OTHER;
  }
}

static const struct dns_rr *find_cname(const struct dns_answer *answer, const char *owner) {
  for (size_t i = 0; i < answer->alls; i++)
    if (answer->all[i].type == DNS_TYPE_CNAME && strcmp(answer->all[i].owner, owner) == 0) return &answer->all[i];
  return NULL;
}

/* A list of chosen records: what stands side by side already, as in most answers, is pointed to instead of copied. */
static const struct dns_rr *choose(struct arena *arena, const struct dns_rr *list, size_t count, const struct dns_rr *next) {
  if (count == 0) return next;
  if (list + count == next) return list;
  struct dns_rr *longer = ARENA_ARRAY(arena, struct dns_rr, count + 1);
  memcpy(longer, list, count * sizeof *longer);
  longer[count] = *next;
  return longer;
}

/* Follows the CNAMEs inside one answer section. False: a loop, or more than 8 links. */
static bool follow_chain(struct dns_answer *answer) {
  const char *name = answer->seen.question.name;
  if (answer->seen.question.type == DNS_TYPE_CNAME) return true;
  for (const struct dns_rr *link = find_cname(answer, name); link; link = find_cname(answer, name)) {
    if (answer->links == MOST_LINKS) return false;
    answer->chain = choose(answer->seen.arena, answer->chain, answer->links++, link);
    name = link->target;
    answer->final_name = name;
  }
  return true;
}

static bool is_wanted(const struct dns_answer *answer, const struct dns_rr *rr) {
  return rr->type == answer->seen.question.type && strcmp(rr->owner, answer->final_name) == 0;
}

/* Those of the type asked at the end of the chain. When they do not stand side by side they are copied, once. */
static void collect_records(struct dns_answer *answer) {
  size_t first = 0, count = 0;
  bool together = true;
  for (size_t i = 0; i < answer->alls; i++) {
    if (!is_wanted(answer, &answer->all[i])) continue;
    if (count == 0) first = i;
    else together = together && first + count == i;
    count++;
  }
  answer->count = count;
  answer->records = count ? answer->all + first : NULL;
  if (together) return;
  struct dns_rr *copies = ARENA_ARRAY(answer->seen.arena, struct dns_rr, count);
  size_t copied = 0;
  for (size_t i = first; i < answer->alls; i++)
    if (is_wanted(answer, &answer->all[i])) copies[copied++] = answer->all[i];
  answer->records = copies;
}

static bool authority_has(const struct dns_answer *answer, uint16_t type) {
  for (size_t i = 0; i < answer->authorities; i++)
    if (answer->authority[i].type == type) return true;
  return false;
}

void dns_answer_settle(struct dns_answer *answer) {
  if (answer->rcode != DNS_RCODE_NOERROR && answer->rcode != DNS_RCODE_NXDOMAIN) {
    dns_answer_fail(answer, failure_of_rcode(answer->rcode));
    return;
  }
  if (answer->truncated && !(answer->seen.question.flags & DNS_ASK_UDP_ONLY)) {
    dns_answer_fail(answer, DNS_FAILURE_TRUNCATED);
    return;
  }
  if (!follow_chain(answer)) {
    dns_answer_fail(answer, DNS_FAILURE_CNAME_LOOP);
    return;
  }
  collect_records(answer);
  answer->failure = DNS_FAILURE_NONE;
  if (answer->count > 0) answer->outcome = DNS_ANSWER;
  else if (answer->rcode == DNS_RCODE_NXDOMAIN) answer->outcome = DNS_NXDOMAIN;
  else if (answer->links == 0 && !answer->authoritative && !answer->recursion_available && !authority_has(answer, DNS_TYPE_SOA))
    dns_answer_fail(answer, DNS_FAILURE_REFERRAL);
  else answer->outcome = DNS_NODATA;
}

static bool answers_question(const struct dns_message *message, const struct question *question) {
  if (!message->response) return false;
  if (!message->question_name) return message->rcode != DNS_RCODE_NOERROR;
  return message->question_type == question->type && name_equal(message->question_name, question->name);
}

/* About what the records will take: those of the header's counts, less OPT, and the texts, which are longer where names were compressed. */
static size_t room_for(const uint8_t *wire, size_t length) {
  size_t records = 0, least = 11;
  for (size_t i = 6; i + 1 < 12 && i + 1 < length; i += 2) records += (size_t)wire[i] << 8 | wire[i + 1];
  if (records > length / least) records = length / least;
  return (records ? records - 1 : 0) * sizeof(struct dns_rr) + length + length / 2;
}

struct dns_answer *dns_answer_from_wire(const struct question *question, const uint8_t *wire, size_t length) {
  struct dns_answer *answer = dns_answer_new_sized(question, room_for(wire, length));
  struct dns_message message;
  answer->size = (uint16_t)(length > UINT16_MAX ? UINT16_MAX : length);
  if (!dns_parse(answer->seen.arena, wire, length, &message) || !answers_question(&message, question)) {
    dns_answer_fail(answer, DNS_FAILURE_MALFORMED);
    return answer;
  }
  answer->rcode = message.rcode;
  answer->authoritative = message.authoritative;
  answer->truncated = message.truncated;
  answer->recursion_available = message.recursion_available;
  answer->authenticated = message.authenticated;
  answer->edns = message.edns;
  answer->extended_error = message.extended_error;
  answer->all = message.answer;
  answer->alls = message.answers;
  answer->authority = message.authority;
  answer->authorities = message.authorities;
  answer->additional = message.additional;
  answer->additionals = message.additionals;
  dns_answer_settle(answer);
  return answer;
}

void dns_answer_set(struct dns_answer *answer, enum dns_outcome outcome, const struct dns_rr *records, size_t count) {
  struct dns_rr *copies = count ? arena_memdup(answer->seen.arena, records, count * sizeof *records) : NULL;
  answer->outcome = outcome;
  answer->failure = outcome == DNS_FAILED ? DNS_FAILURE_OTHER : DNS_FAILURE_NONE;
  answer->rcode = outcome == DNS_NXDOMAIN ? DNS_RCODE_NXDOMAIN : DNS_RCODE_NOERROR;
  answer->recursion_available = true;
  answer->records = answer->all = copies;
  answer->count = answer->alls = count;
}
