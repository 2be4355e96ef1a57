#include <string.h>

#include "checks/store.h"
#include "checks/store_private.h"
#include "src/base/mem.h"
#include "src/base/name.h"
#include "src/base/text.h"

enum { MOST_LINKS = 8 };

/* The observation lies at the head of its own arena, so one unref gives everything back. */
static void *observation_new(const struct question *question, size_t size) {
  struct arena *arena = arena_new_sized(512);
  struct observation *seen = arena_zalloc(arena, 1, size);
  seen->arena = arena;
  seen->references = 1;
  seen->server = "";
  seen->question = *question;
  seen->question.name = arena_strdup(arena, question->name);
  seen->question.server = question->server && *question->server ? arena_strdup(arena, question->server) : "";
  seen->question.path = question->path && *question->path ? arena_strdup(arena, question->path) : "";
  return seen;
}

struct dns_answer *dns_answer_new(const struct question *question) {
  struct dns_answer *answer = observation_new(question, sizeof *answer);
  answer->final_name = answer->seen.question.name;
  dns_answer_fail(answer, DNS_FAILURE_OTHER);
  return answer;
}

struct smtp_session *smtp_session_new(const struct question *question) {
  struct smtp_session *session = observation_new(question, sizeof *session);
  session->connect_error = session->banner = session->ehlo = session->starttls = "";
  session->tls.version = session->tls.cipher = session->tls.group = session->tls.signature_hash = session->tls.alert = "";
  session->tls.verify_text = "";
  return session;
}

struct https_reply *https_reply_new(const struct question *question) {
  struct https_reply *reply = observation_new(question, sizeof *reply);
  reply->error = reply->content_type = reply->location = reply->body = "";
  reply->tls.version = reply->tls.cipher = reply->tls.group = reply->tls.signature_hash = reply->tls.alert = "";
  reply->tls.verify_text = "";
  return reply;
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

/* Follows the CNAMEs inside one answer section. False: a loop, or more than 8 links. */
static bool follow_chain(struct dns_answer *answer) {
  struct dns_rr *chain = NULL;
  const char *name = answer->seen.question.name;
  if (answer->seen.question.type != DNS_TYPE_CNAME) {
    for (const struct dns_rr *link = find_cname(answer, name); link; link = find_cname(answer, name)) {
      if (answer->links == MOST_LINKS) return false;
      chain = arena_grow(answer->seen.arena, chain, answer->links, sizeof *chain);
      chain[answer->links++] = *link;
      answer->chain = chain;
      name = link->target;
      answer->final_name = name;
    }
  }
  return true;
}

static void collect_records(struct dns_answer *answer) {
  struct dns_rr *records = NULL;
  for (size_t i = 0; i < answer->alls; i++) {
    const struct dns_rr *rr = &answer->all[i];
    if (rr->type != answer->seen.question.type || strcmp(rr->owner, answer->final_name) != 0) continue;
    records = arena_grow(answer->seen.arena, records, answer->count, sizeof *records);
    records[answer->count++] = *rr;
  }
  answer->records = records;
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

void dns_answer_read(struct dns_answer *answer, const uint8_t *wire, size_t length) {
  struct dns_message message;
  const struct question *question = &answer->seen.question;
  answer->size = (uint16_t)(length > UINT16_MAX ? UINT16_MAX : length);
  if (!dns_parse(answer->seen.arena, wire, length, &message) || !message.response ||
      (message.question_name && (!name_equal(message.question_name, question->name) || message.question_type != question->type)) ||
      (!message.question_name && message.rcode == DNS_RCODE_NOERROR)) {
    dns_answer_fail(answer, DNS_FAILURE_MALFORMED);
    return;
  }
  answer->rcode = message.rcode;
  answer->authoritative = message.authoritative;
  answer->truncated = message.truncated;
  answer->recursion_available = message.recursion_available;
  answer->authenticated = message.authenticated;
  answer->edns = message.edns;
  answer->all = message.answer;
  answer->alls = message.answers;
  answer->authority = message.authority;
  answer->authorities = message.authorities;
  answer->additional = message.additional;
  answer->additionals = message.additionals;
  dns_answer_settle(answer);
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

static bool texts_equal(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

bool question_equal(const struct question *a, const struct question *b) {
  return a->kind == b->kind && a->type == b->type && a->flags == b->flags && strcmp(a->name, b->name) == 0 && texts_equal(a->server, b->server) &&
         texts_equal(a->path, b->path);
}

char *question_describe(struct arena *arena, const struct question *question) {
  char scratch[16];
  const char *name = text_safe_string(arena, *question->name ? question->name : ".");
  switch (question->kind) {
  case QUESTION_DNS:
    return arena_printf(arena, *question->server ? "%s %s at %s" : "%s %s", name, dns_type_name(question->type, scratch), question->server);
  case QUESTION_SMTP: return arena_printf(arena, question->type ? "%s [%s] port %u" : "%s [%s] SMTP", name, question->server, question->type);
  case QUESTION_HTTPS: return arena_printf(arena, "https://%s%s", name, text_safe_string(arena, question->path));
  }
  return arena_strdup(arena, name);
}
