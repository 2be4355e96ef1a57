#include <stdlib.h>
#include <string.h>

#include "checks/observe/private.h"

/* What is known is found by its question itself. */
#define HASH_FUNCTION(question, size, hash) ((hash) = question_hash((const struct question *)(question)))
#define HASH_KEYCMP(a, b, size) (question_equal((const struct question *)(a), (const struct question *)(b)) ? 0 : 1)
#include <uthash.h>

#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/mem.h"
#include "src/base/name.h"

struct waiter {
  observed_function *observed;     /* null: nobody waits here */
  void *context;
  struct waiter *next;
};

/* A question under way, or one whose answer is kept for the other domains of a batch. */
struct known {
  struct question question;        /* texts lie behind it */
  struct waiter first;             /* most questions have one asker */
  struct waiter *others;
  struct observation *observation; /* null while under way */
  bool ready;                      /* in the list of answers to hand out at the next turn */
  bool used;                       /* served somebody else since it was last looked at */
  struct known *next_ready, *next_kept;
  UT_hash_handle hh;
};

struct observers {
  uv_loop_t *loop;
  struct observe_options options;
  struct dns_observer *dns;
  struct smtp_observer *smtp;
  struct https_observer *https;
  struct known *by_question;
  struct known *first_ready, *last_ready;
  struct known *first_kept, *last_kept;
  size_t kept, share;
  uv_idle_t *idle;
  bool idling;
};

static void known_free(struct observers *observers, struct known *known) {
  HASH_DEL(observers->by_question, known);
  while (known->others) {
    struct waiter *next = known->others->next;
    free(known->others);
    known->others = next;
  }
  observation_unref(known->observation);
  free(known);
}

/* ---- handing out ---- */

static void tell(struct known *known, struct waiter waiter) {
  if (!waiter.observed) return;
  observation_ref(known->observation);
  waiter.observed(known->observation, waiter.context);
}

static void hand_out(struct known *known) {
  struct waiter first = known->first;
  known->first.observed = NULL;
  tell(known, first);
  while (known->others) {
    struct waiter *waiter = known->others, copy = *waiter;
    known->others = waiter->next;
    free(waiter);
    tell(known, copy);
  }
}

/* Answers that say "could not look" are not kept for others: the next domain may have more luck. A web page belongs to one domain. */
static bool worth_keeping(const struct observers *observers, const struct observation *observation) {
  if (!observers->share || observation->question.kind == QUESTION_HTTPS) return false;
  return observation->question.kind == QUESTION_SMTP || ((const struct dns_answer *)(const void *)observation)->outcome != DNS_FAILED;
}

static void keep_last(struct observers *observers, struct known *known) {
  known->next_kept = NULL;
  if (observers->last_kept) observers->last_kept->next_kept = known;
  else observers->first_kept = known;
  observers->last_kept = known;
}

/* The oldest goes, unless it has served another domain since it came up last: what providers publish stays, what only one domain has leaves soon. */
static void drop_oldest(struct observers *observers) {
  struct known *oldest = observers->first_kept;
  observers->first_kept = oldest->next_kept;
  if (!observers->first_kept) observers->last_kept = NULL;
  if (oldest->used || oldest->ready) {
    oldest->used = false;
    keep_last(observers, oldest);
    return;
  }
  observers->kept--;
  known_free(observers, oldest);
}

static void keep_or_free(struct observers *observers, struct known *known) {
  if (!worth_keeping(observers, known->observation)) {
    known_free(observers, known);
    return;
  }
  keep_last(observers, known);
  observers->kept++;
  for (size_t looked = 0; observers->kept > observers->share && looked < observers->share; looked++) drop_oldest(observers);
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

static void send_question(struct observers *observers, struct known *known) {
  const struct question *question = &known->question;
  uint64_t ticket = (uint64_t)(uintptr_t)known;
  switch (question->kind) {
  case QUESTION_DNS: dns_observer_ask(observers->dns, ticket, question); break;
  case QUESTION_SMTP: smtp_observer_ask(observers->smtp, ticket, question); break;
  case QUESTION_HTTPS: https_observer_ask(observers->https, ticket, question); break;
  }
}

static struct known *known_find(const struct observers *observers, const struct question *question, uint32_t hash) {
  struct known *known = NULL;
  HASH_FIND_BYHASHVALUE(hh, observers->by_question, question, sizeof *question, hash, known);
  return known;
}

static struct known *known_add(struct observers *observers, const struct question *question, uint32_t hash) {
  struct known *known = mem_alloc(sizeof *known + question_texts_size(question));
  memset(known, 0, sizeof *known);
  question_copy(&known->question, (char *)(known + 1), question);
  HASH_ADD_KEYPTR_BYHASHVALUE(hh, observers->by_question, &known->question, sizeof known->question, hash, known);
  return known;
}

static void add_waiter(struct known *known, observed_function *observed, void *context) {
  if (!known->first.observed) {
    known->first = (struct waiter){ observed, context, NULL };
    return;
  }
  struct waiter *waiter = mem_alloc(sizeof *waiter);
  *waiter = (struct waiter){ observed, context, known->others };
  known->others = waiter;
}

bool observers_ask(struct observers *observers, const struct question *question, observed_function *observed, void *context) {
  uint32_t hash = question_hash(question);
  struct known *known = known_find(observers, question, hash);
  bool fresh = !known;
  if (fresh) known = known_add(observers, question, hash);
  else known->used = true;
  add_waiter(known, observed, context);
  if (fresh) send_question(observers, known);
  else if (known->observation) make_ready(observers, known);
  return fresh;
}

static void forget_in(struct known *known, const void *context) {
  if (known->first.context == context) known->first.observed = NULL;
  for (struct waiter **at = &known->others; *at;) {
    struct waiter *waiter = *at;
    if (waiter->context != context) {
      at = &waiter->next;
      continue;
    }
    *at = waiter->next;
    free(waiter);
  }
}

void observers_forget(struct observers *observers, void *context) {
  for (struct known *known = observers->by_question; known; known = known->hh.next) forget_in(known, context);
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
  HASH_ITER(hh, old->by_question, known, next) known_free(old, known);
  uv_idle_stop(old->idle);
  uv_close((uv_handle_t *)old->idle, on_idle_closed);
  free(old);
}

bool observers_have_room(const struct observers *observers) { return dns_observer_has_room(observers->dns); }

bool observers_test_network(const struct observers *observers) {
  return observers->options.resolvers && dns_observer_loopback_only(observers->dns);
}

bool observers_smtp_reachable(const struct observers *observers) { return smtp_observer_reachable(observers->smtp); }
bool observers_https_reachable(const struct observers *observers) { return https_observer_reachable(observers->https); }

bool observers_ask_registry(const struct observers *observers) {
  const struct observe_options *options = &observers->options;
  if (options->no_https) return false;
  for (size_t i = 0; i < options->connect_to_count; i++)
    if (observe_is_registry(options->connect_to[i].host)) return true;
  return !observers_test_network(observers);
}
