#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "checks/observe/private.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/name.h"

enum { KEY_ROOM = NAME_TEXT + 512 };

struct waiter {
  observed_function *observed;
  void *context;
  struct waiter *next;
};

/* A question under way, or one whose answer is kept for the other domains of a batch. */
struct known {
  struct waiter *waiters;
  struct observation *observation; /* null while under way */
  bool ready;                      /* in the list of answers to hand out at the next turn */
  struct known *next_ready, *next_kept;
  UT_hash_handle hh;
  size_t key_length;
  char key[];
};

struct observers {
  uv_loop_t *loop;
  struct observe_options options;
  struct dns_observer *dns;
  struct smtp_observer *smtp;
  struct https_observer *https;
  struct known *by_key;
  struct known *first_ready, *last_ready;
  struct known *first_kept, *last_kept;
  size_t kept, share;
  uv_idle_t *idle;
  bool idling;
};

static size_t key_make(const struct question *q, char key[KEY_ROOM]) {
  size_t at = 0;
  const char *parts[] = { q->name, q->server, q->path };
  key[at++] = (char)q->kind;
  memcpy(key + at, &q->type, sizeof q->type);
  at += sizeof q->type;
  memcpy(key + at, &q->flags, sizeof q->flags);
  at += sizeof q->flags;
  for (size_t i = 0; i < MEM_COUNT(parts); i++) {
    size_t length = strlen(parts[i]) + 1;
    if (at + length > KEY_ROOM) length = KEY_ROOM - at;
    memcpy(key + at, parts[i], length);
    at += length;
  }
  return at;
}

static void known_free(struct observers *observers, struct known *known) {
  HASH_DEL(observers->by_key, known);
  while (known->waiters) {
    struct waiter *next = known->waiters->next;
    free(known->waiters);
    known->waiters = next;
  }
  observation_unref(known->observation);
  free(known);
}

/* ---- handing out ---- */

static void hand_out(struct known *known) {
  while (known->waiters) {
    struct waiter *waiter = known->waiters;
    known->waiters = waiter->next;
    observation_ref(known->observation);
    waiter->observed(known->observation, waiter->context);
    free(waiter);
  }
}

/* Answers that say "could not look" are not kept for others: the next domain may have more luck. */
static bool worth_keeping(const struct observers *observers, const struct observation *observation) {
  if (!observers->share) return false;
  if (observation->question.kind != QUESTION_DNS) return true;
  return ((const struct dns_answer *)(const void *)observation)->outcome != DNS_FAILED;
}

static void keep_or_free(struct observers *observers, struct known *known) {
  if (!worth_keeping(observers, known->observation)) {
    known_free(observers, known);
    return;
  }
  known->next_kept = NULL;
  if (observers->last_kept) observers->last_kept->next_kept = known;
  else observers->first_kept = known;
  observers->last_kept = known;
  observers->kept++;
  while (observers->kept > observers->share && observers->first_kept != known && !observers->first_kept->ready) {
    struct known *oldest = observers->first_kept;
    observers->first_kept = oldest->next_kept;
    observers->kept--;
    known_free(observers, oldest);
  }
}

static void on_answered(void *owner, uint64_t ticket, struct observation *observation) {
  struct observers *observers = owner;
  struct known *known = (struct known *)(uintptr_t)ticket;
  known->observation = observation;
  hand_out(known);
  keep_or_free(observers, known);
}

static void on_idle(uv_idle_t *idle) {
  struct observers *observers = idle->data;
  struct known *known = observers->first_ready;
  observers->first_ready = observers->last_ready = NULL;
  while (known) {
    struct known *next = known->next_ready;
    known->ready = false;
    hand_out(known);
    known = next;
  }
  if (!observers->first_ready) {
    uv_idle_stop(idle);
    observers->idling = false;
  }
}

static void make_ready(struct observers *observers, struct known *known) {
  if (known->ready) return;
  known->ready = true;
  known->next_ready = NULL;
  if (observers->last_ready) observers->last_ready->next_ready = known;
  else observers->first_ready = known;
  observers->last_ready = known;
  if (!observers->idling) uv_idle_start(observers->idle, on_idle);
  observers->idling = true;
}

/* ---- asking ---- */

static void send_question(struct observers *observers, struct known *known, const struct question *question) {
  uint64_t ticket = (uint64_t)(uintptr_t)known;
  switch (question->kind) {
  case QUESTION_DNS: dns_observer_ask(observers->dns, ticket, question); break;
  case QUESTION_SMTP: smtp_observer_ask(observers->smtp, ticket, question); break;
  case QUESTION_HTTPS: https_observer_ask(observers->https, ticket, question); break;
  }
}

uint64_t observers_ask(struct observers *observers, const struct question *question, observed_function *observed, void *context) {
  char key[KEY_ROOM];
  size_t length = key_make(question, key);
  struct known *known = NULL;
  HASH_FIND(hh, observers->by_key, key, length, known);
  bool fresh = !known;
  if (fresh) {
    known = mem_zalloc(1, sizeof *known + length);
    memcpy(known->key, key, length);
    known->key_length = length;
    HASH_ADD_KEYPTR(hh, observers->by_key, known->key, length, known);
  }
  struct waiter *waiter = mem_alloc(sizeof *waiter);
  *waiter = (struct waiter){ observed, context, known->waiters };
  known->waiters = waiter;
  if (fresh) send_question(observers, known, question);
  else if (known->observation) make_ready(observers, known);
  return (uint64_t)(uintptr_t)known;
}

void observers_forget(struct observers *observers, void *context) {
  for (struct known *known = observers->by_key; known; known = known->hh.next) {
    for (struct waiter **at = &known->waiters; *at;) {
      struct waiter *waiter = *at;
      if (waiter->context != context) {
        at = &waiter->next;
        continue;
      }
      *at = waiter->next;
      free(waiter);
    }
  }
}

void observers_share(struct observers *observers, size_t answers) {
  observers->share = answers;
  dns_observer_be_patient(observers->dns);
}

void observe_redirect(const struct observe_options *options, const char *host, const char **address, uint16_t *port) {
  for (size_t i = 0; i < options->connect_to_count; i++) {
    const struct connect_to *to = &options->connect_to[i];
    if (*to->host && !name_equal(to->host, host)) continue;
    *address = to->address;
    if (to->port) *port = to->port;
    return;
  }
}

/* ---- life ---- */

struct observers *observers_new(uv_loop_t *loop, const struct observe_options *options, struct fault *fault) {
  struct observers *observers = mem_zalloc(1, sizeof *observers);
  observers->loop = loop;
  observers->options = *options;
  observers->idle = mem_zalloc(1, sizeof *observers->idle);
  uv_idle_init(loop, observers->idle);
  observers->idle->data = observers;
  observers->dns = dns_observer_new(loop, &observers->options, on_answered, observers, fault);
  if (observers->dns) observers->smtp = smtp_observer_new(loop, &observers->options, on_answered, observers, fault);
  if (observers->smtp) observers->https = https_observer_new(loop, &observers->options, observers, on_answered, observers, fault);
  if (!observers->https) observers_free(&observers);
  return observers;
}

static void on_idle_closed(uv_handle_t *handle) { free(handle); }

void observers_free(struct observers **observers) {
  struct observers *old = *observers;
  if (!old) return;
  *observers = NULL;
  if (old->https) https_observer_free(&old->https);
  if (old->smtp) smtp_observer_free(&old->smtp);
  if (old->dns) dns_observer_free(&old->dns);
  struct known *known, *next;
  HASH_ITER(hh, old->by_key, known, next) known_free(old, known);
  uv_idle_stop(old->idle);
  uv_close((uv_handle_t *)old->idle, on_idle_closed);
  free(old);
}

bool observers_test_network(const struct observers *observers) {
  return observers->options.resolvers && dns_observer_loopback_only(observers->dns);
}

bool observers_smtp_reachable(const struct observers *observers) { return smtp_observer_reachable(observers->smtp); }
bool observers_https_reachable(const struct observers *observers) { return https_observer_reachable(observers->https); }

const char *observers_resolver_text(const struct observers *observers) {
  return observers->options.resolvers ? observers->options.resolvers : _("this computer's");
}
