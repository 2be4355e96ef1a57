#include "checks/observe/private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "checks/observe/dns_channel.h"
#include "checks/observe/dns_pace.h"
#include "checks/observe/dns_servers.h"
#include "checks/observe/dns_window.h"
#include "src/base/buf.h"
#include "src/base/clock.h"
#include "src/base/intl.h"
#include "src/base/mem.h"

enum {
  TICK_MS = 20,
  TRIES = 4,            /* of one server: after 1, 2, 4 and 8 fifteenths of its time */
  LEAST_TRY_MS = 20,
  YOUNG_MS = 250,       /* a question that waits for longer waits for one slow server, and gives its place in the window to others */
  MOST_WAITING = 4096,  /* under way at once, old ones too */
  MOST_ATTEMPTS = 6,    /* rounds of tries: where one copy in five gets lost each way, 24 tries leave one question in forty thousand million */
  FEW_REFUSALS = 4, MOST_REFUSALS = 12, OF_LATE_MS = 10000, FIRST_REST_MS = 300, LONGEST_REST_MS = 2400,
  LONGEST_QUERY = 512, LONGEST_TRAIL = 1024,
  CUT_BY_LIBRARY = 512,
};

/* One question under way. The strings of `question` belong to the asker, who keeps them until the answer. */
struct asking {
  struct dns_observer *observer;
  struct dns_channel *channel;
  uint64_t ticket;
  struct question question;
  int64_t asked_ms, sent_us; /* monotonic */
  unsigned turn;             /* how many resolvers have failed */
  unsigned attempts;
  unsigned refusals;         /* turned away by every resolver, and asked again after a rest */
  int64_t refused_ms, due_ms; /* when it was turned away, and the end of its rest */
  bool tcp, plain;           /* as asked, or fallen back to */
  bool was_cut;              /* asked again because the library had cut the answer */
  bool young;                /* counts in the window */
  char *trail;               /* what the resolvers before this one said: "192.0.2.1 (timeout), "; null: nothing */
  struct asking *next;       /* in the queue of those that wait to be sent, or among those that rest */
  struct asking *older, *newer; /* among those under way to a resolver, in order of sending */
};

/* A channel that is not one of the resolvers' usual ones: to one server, over TCP, without EDNS, or retired. */
struct other {
  struct dns_channel *channel;
  bool retired;
  struct other *next;
};

struct dns_observer {
  uv_loop_t *loop;
  uv_timer_t *tick, *soon;
  bool ticking, sending, patient;
  struct dns_endpoint resolvers[MOST_RESOLVERS];
  struct dns_channel *channels[MOST_RESOLVERS];
  size_t resolver_count, preferred;
  struct other *others;
  struct asking *first, *last;       /* to be sent when there is room */
  struct asking *resting;            /* to be asked again after a rest */
  struct asking *oldest, *newest;    /* young ones under way */
  size_t young, under_way;
  struct dns_window window;
  struct dns_pace pace;
  int64_t last_answer_ms;
  uint32_t timeout_ms;
  uint16_t direct_port;
  struct buf wire, trail;            /* scratch */
  uint8_t random[512];
  size_t random_used;
  observer_answered *answered;
  void *owner;
};

static int64_t now_us(void) { return (int64_t)(uv_hrtime() / 1000); }

/* ---- channels ---- */

static void on_answer(void *context, enum dns_channel_status status, unsigned repeats, const uint8_t *wire, size_t length);

/* The tries of one server share its part of the time, each twice as long as the one before. */
static uint32_t first_try_ms(const struct dns_observer *observer, size_t servers) {
  uint32_t part = observer->timeout_ms / (uint32_t)servers / ((1u << TRIES) - 1);
  return part < LEAST_TRY_MS ? LEAST_TRY_MS : part;
}

static struct dns_channel *usual_channel(struct dns_observer *observer, size_t resolver) {
  const struct dns_endpoint *at = &observer->resolvers[resolver];
  if (!observer->channels[resolver])
    observer->channels[resolver] =
      dns_channel_new(observer->loop, &at->address, at->port, CHANNEL_EDNS, TRIES, first_try_ms(observer, observer->resolver_count), on_answer);
  return observer->channels[resolver];
}

static void keep_other(struct dns_observer *observer, struct dns_channel *channel, bool retired) {
  struct other *other = mem_alloc(sizeof *other);
  *other = (struct other){ channel, retired, observer->others };
  observer->others = other;
}

static struct dns_channel *other_channel(struct dns_observer *observer, const struct ip *address, uint16_t port, enum dns_channel_mode mode) {
  for (struct other *at = observer->others; at; at = at->next)
    if (!at->retired && dns_channel_is(at->channel, address, port, mode)) return at->channel;
  struct dns_channel *channel = dns_channel_new(observer->loop, address, port, mode, TRIES, first_try_ms(observer, 1), on_answer);
  if (channel) keep_other(observer, channel, false);
  return channel;
}

static size_t resolver_of(const struct asking *asking) {
  return (asking->observer->preferred + asking->turn) % asking->observer->resolver_count;
}

static enum dns_channel_mode mode_of(const struct asking *asking) {
  if (asking->tcp) return CHANNEL_TCP;
  return asking->plain ? CHANNEL_PLAIN : CHANNEL_EDNS;
}

static struct dns_channel *channel_for(const struct asking *asking) {
  struct dns_observer *observer = asking->observer;
  enum dns_channel_mode mode = mode_of(asking);
  struct dns_endpoint to = { .port = observer->direct_port };
  if (!*asking->question.server) {
    if (mode == CHANNEL_EDNS) return usual_channel(observer, resolver_of(asking));
    to = observer->resolvers[resolver_of(asking)];
  } else if (!ip_parse_endpoint(asking->question.server, &to.address, &to.port)) {
    return NULL;
  }
  return other_channel(observer, &to.address, to.port, mode);
}

/* A channel whose library has given up EDNS for good would cut long answers: new questions get a fresh one. */
static void retire(struct dns_observer *observer, struct dns_channel *channel) {
  for (size_t i = 0; i < observer->resolver_count; i++) {
    if (observer->channels[i] != channel) continue;
    observer->channels[i] = NULL;
    keep_other(observer, channel, true);
    return;
  }
  for (struct other *at = observer->others; at; at = at->next) at->retired = at->retired || at->channel == channel;
}

static bool is_retired(const struct dns_observer *observer, const struct dns_channel *channel) {
  for (const struct other *at = observer->others; at; at = at->next)
    if (at->channel == channel) return at->retired;
  return false;
}

/* Channels to single servers are given up as soon as nothing is under way on them: a batch meets thousands of name servers. */
static void drop_idle_channels(struct dns_observer *observer) {
  for (struct other **at = &observer->others; *at;) {
    struct other *other = *at;
    if (dns_channel_under_way(other->channel) > 0) {
      at = &other->next;
      continue;
    }
    *at = other->next;
    dns_channel_free(other->channel);
    free(other);
  }
}

/* ---- the window ---- */

static void young_add(struct dns_observer *observer, struct asking *asking) {
  asking->young = true;
  asking->newer = NULL;
  asking->older = observer->newest;
  if (observer->newest) observer->newest->newer = asking;
  else observer->oldest = asking;
  observer->newest = asking;
  observer->young++;
}

static void young_remove(struct dns_observer *observer, struct asking *asking) {
  if (!asking->young) return;
  asking->young = false;
  if (asking->older) asking->older->newer = asking->newer;
  else observer->oldest = asking->newer;
  if (asking->newer) asking->newer->older = asking->older;
  else observer->newest = asking->older;
  observer->young--;
}

static bool has_room(const struct dns_observer *observer) { return observer->young < observer->window.room && observer->under_way < MOST_WAITING; }

/* A repetition that was answered at once shows that the first copy got lost; one that had to wait as long as the first shows a slow server. */
static bool looks_lost(const struct dns_observer *observer, const struct asking *asking, unsigned repeats, int64_t took_us) {
  int64_t waited = (int64_t)first_try_ms(observer, *asking->question.server ? 1 : observer->resolver_count) * 1000 * ((1 << repeats) - 1);
  return took_us - waited < observer->window.fastest_us * 4 + TICK_MS * 2000;
}

static void note_for_window(struct asking *asking, unsigned repeats) {
  struct dns_observer *observer = asking->observer;
  int64_t now = now_us(), took = now - asking->sent_us;
  observer->last_answer_ms = now / 1000;
  if (repeats == 0) dns_window_answered(&observer->window, took, now / 1000);
  else if (looks_lost(observer, asking, repeats, took)) dns_window_lost(&observer->window, repeats, now / 1000);
}

static bool is_refusal(const struct dns_answer *answer) { return answer->failure == DNS_FAILURE_REFUSED || answer->failure == DNS_FAILURE_SERVFAIL; }

static void note_for_pace(struct asking *asking, const struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  if (is_refusal(answer)) return;
  dns_pace_answered(&observer->pace, observer->last_answer_ms);
  if (asking->refusals) dns_pace_limited(&observer->pace, asking->refused_ms, observer->last_answer_ms);
  asking->refusals = 0;
}

/* ---- answers ---- */

static void asking_free(struct asking *asking) {
  free(asking->trail);
  free(asking);
}

static void queue_asking(struct asking *asking) {
  struct dns_observer *observer = asking->observer;
  asking->next = NULL;
  if (observer->last) observer->last->next = asking;
  else observer->first = asking;
  observer->last = asking;
}

static void set_server(struct dns_answer *answer, const struct asking *asking) {
  if (!asking->channel) return;
  const char *server = dns_channel_server(asking->channel);
  answer->seen.server = asking->trail && answer->outcome == DNS_FAILED ? arena_printf(answer->seen.arena, "%s%s", asking->trail, server)
                                                                      : arena_strdup(answer->seen.arena, server);
}

static void asking_done(struct asking *asking, struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  uint64_t ticket = asking->ticket;
  answer->seen.time = clock_wall_ms();
  answer->seen.elapsed_ms = (uint32_t)(clock_monotonic_ms() - asking->asked_ms);
  set_server(answer, asking);
  asking_free(asking);
  observer->answered(observer->owner, ticket, &answer->seen);
}

static enum dns_failure failure_of(const struct asking *asking, enum dns_channel_status status) {
  bool fell_back = asking->tcp && !(asking->question.flags & DNS_ASK_TCP);
  if (fell_back) return DNS_FAILURE_TRUNCATED; /* it said that there is more than fits in a datagram, and could not be asked over TCP */
  switch (status) {
  case CHANNEL_TIMEOUT: return DNS_FAILURE_TIMEOUT;
  case CHANNEL_UNREACHABLE: return DNS_FAILURE_UNREACHABLE;
  case CHANNEL_MALFORMED: return DNS_FAILURE_MALFORMED;
  default: return DNS_FAILURE_OTHER;
  }
}

/* The same server in another way. A truncated answer is asked for again over TCP (RFC 7766 section 5); a server that does not know EDNS is asked
 * without it (RFC 6891 section 7); and what the library cut because it had lost EDNS on this channel is asked again on a fresh one. */
static bool falls_back(struct asking *asking, const struct dns_answer *answer) {
  enum dns_channel_mode mode = mode_of(asking);
  bool no_edns = (answer->failure == DNS_FAILURE_FORMERR || answer->failure == DNS_FAILURE_NOTIMP) && !answer->edns;
  bool cut = answer->failure == DNS_FAILURE_MALFORMED && answer->size == CUT_BY_LIBRARY && mode == CHANNEL_EDNS && !asking->was_cut;
  if (answer->truncated && mode != CHANNEL_TCP && !(asking->question.flags & DNS_ASK_UDP_ONLY)) asking->tcp = true;
  else if (no_edns && mode == CHANNEL_EDNS) asking->plain = true;
  else if (cut && is_retired(asking->observer, asking->channel)) asking->was_cut = true;
  else return false;
  return true;
}

/* Another resolver may know what this one could not say. What each said is kept, for the finding that nobody knew. */
static bool turns_to_next(struct asking *asking, const struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  if (*asking->question.server || asking->turn + 1 >= observer->resolver_count) return false;
  if (answer->outcome != DNS_FAILED || answer->failure == DNS_FAILURE_CNAME_LOOP || answer->failure == DNS_FAILURE_REFERRAL) return false;
  buf_clear(&observer->trail);
  buf_printf(&observer->trail, "%s%s (%s), ", asking->trail ? asking->trail : "", dns_channel_server(asking->channel), dns_failure_word(answer->failure));
  free(asking->trail);
  asking->trail = mem_strdup(buf_string(&observer->trail));
  asking->turn++;
  asking->plain = asking->question.flags & DNS_ASK_PLAIN;
  asking->tcp = asking->question.flags & DNS_ASK_TCP;
  return true;
}

static void start_over(struct asking *asking) {
  asking->turn = 0;
  free(asking->trail);
  asking->trail = NULL;
}

/* In a batch a question may be lost by our own doing, by a bad line, or to a server that limits its rate: while others are answered it is asked again
 * before it counts as one that could not be looked up. What is lost in that way is not lost alone: when no other question needed a second copy of
 * late, the silence is that of the name's own servers, and asking again would only take time. */
static bool asks_again(struct asking *asking, const struct dns_answer *answer) {
  const struct dns_observer *observer = asking->observer;
  int64_t of_late = asking->sent_us / 1000 - OF_LATE_MS; /* the last questions of a batch have few others beside them */
  bool alive = observer->last_answer_ms > of_late && observer->window.last_loss_ms > of_late;
  if (!observer->patient || !alive || answer->failure != DNS_FAILURE_TIMEOUT || *asking->question.server || ++asking->attempts >= MOST_ATTEMPTS) return false;
  start_over(asking);
  return true;
}

/* A resolver that limits its rate may say REFUSED or SERVFAIL to what is too much. Whether that was meant shows when it is asked again after a rest:
 * a few times, and many once an answer has shown that there is a limit. */
static bool rests(struct asking *asking, const struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  int64_t now = clock_monotonic_ms(), rest = (int64_t)FIRST_REST_MS << asking->refusals;
  unsigned most = dns_pace_is_limited(&observer->pace, now) ? MOST_REFUSALS : FEW_REFUSALS;
  if (!observer->patient || !is_refusal(answer) || *asking->question.server || asking->refusals + 1 >= most) return false;
  start_over(asking);
  asking->refusals++;
  asking->refused_ms = now;
  asking->due_ms = now + (rest > LONGEST_REST_MS ? LONGEST_REST_MS : rest);
  asking->next = observer->resting;
  observer->resting = asking;
  return true;
}

void dns_observer_be_patient(struct dns_observer *observer) { observer->patient = true; }

/* A resolver that is silent while the next one answers is asked last from then on. */
static void prefer(struct asking *asking, const struct dns_answer *answer) {
  struct dns_observer *observer = asking->observer;
  if (asking->turn == 0 || answer->outcome == DNS_FAILED || *asking->question.server) return;
  observer->preferred = resolver_of(asking);
}

static void send_waiting(struct dns_observer *observer);

static void on_answer(void *context, enum dns_channel_status status, unsigned repeats, const uint8_t *wire, size_t length) {
  struct asking *asking = context;
  struct dns_observer *observer = asking->observer;
  bool resolver = !*asking->question.server;
  if (status == CHANNEL_CLOSED) {
    asking_free(asking);
    return;
  }
  if (resolver) {
    observer->under_way--;
    young_remove(observer, asking);
    if (wire && mode_of(asking) == CHANNEL_EDNS) note_for_window(asking, repeats);
  }
  struct dns_answer *answer = wire ? dns_answer_from_wire(&asking->question, wire, length) : dns_answer_new(&asking->question);
  if (!wire) dns_answer_fail(answer, failure_of(asking, status));
  answer->tcp = wire && asking->tcp;
  if (wire && !answer->edns && mode_of(asking) == CHANNEL_EDNS) retire(observer, asking->channel);
  if (wire && resolver) note_for_pace(asking, answer);
  if (falls_back(asking, answer) || turns_to_next(asking, answer) || asks_again(asking, answer)) {
    observation_unref(&answer->seen);
    queue_asking(asking);
  } else if (rests(asking, answer)) {
    observation_unref(&answer->seen);
  } else {
    prefer(asking, answer);
    asking_done(asking, answer);
  }
  send_waiting(observer);
}

/* ---- asking ---- */

static uint16_t random_id(struct dns_observer *observer) {
  if (observer->random_used + 2 > sizeof observer->random) {
    if (getrandom(observer->random, sizeof observer->random, 0) != (ssize_t)sizeof observer->random) {
      uint64_t clock = uv_hrtime();
      memcpy(observer->random, &clock, sizeof clock);
    }
    observer->random_used = 0;
  }
  uint16_t id;
  memcpy(&id, observer->random + observer->random_used, sizeof id);
  observer->random_used += 2;
  return id;
}

static bool write_query(struct asking *asking) {
  struct dns_observer *observer = asking->observer;
  const struct question *question = &asking->question;
  struct dns_query query = {
    .id = random_id(observer), .name = question->name, .type = question->type,
    .recursion_desired = !*question->server || question->flags & DNS_ASK_RD,
    .checking_disabled = question->flags & DNS_ASK_CD,
    .dnssec_ok = question->flags & DNS_ASK_DO,
    .udp_size = asking->plain ? 0 : DNS_UDP_SIZE,
  };
  buf_clear(&observer->wire);
  return dns_write_query(&observer->wire, &query);
}

static void send_asking(struct asking *asking) {
  struct dns_observer *observer = asking->observer;
  asking->channel = channel_for(asking);
  if (!asking->channel || !write_query(asking)) {
    struct dns_answer *answer = dns_answer_new(&asking->question);
    dns_answer_fail(answer, asking->channel ? DNS_FAILURE_OTHER : DNS_FAILURE_UNREACHABLE);
    asking_done(asking, answer);
    return;
  }
  asking->sent_us = now_us();
  if (!*asking->question.server) {
    observer->under_way++;
    young_add(observer, asking);
  }
  dns_channel_send(asking->channel, buf_string(&observer->wire), observer->wire.length, asking);
}

static void on_tick(uv_timer_t *timer);

static void start_ticking(struct dns_observer *observer) {
  if (observer->ticking) return;
  observer->ticking = true;
  uv_timer_start(observer->tick, on_tick, TICK_MS, TICK_MS);
}

/* The library may call back from inside the sending, and an answer may make room: one filler at a time. */
static void send_waiting(struct dns_observer *observer) {
  if (observer->sending) return;
  observer->sending = true;
  int64_t now = observer->pace.rate ? clock_monotonic_ms() : 0;
  while (observer->first && has_room(observer) && dns_pace_take(&observer->pace, now)) {
    struct asking *asking = observer->first;
    observer->first = asking->next;
    if (!observer->first) observer->last = NULL;
    send_asking(asking);
  }
  observer->sending = false;
  start_ticking(observer);
}

static void on_soon(uv_timer_t *timer) { send_waiting(timer->data); }

/* The first bytes leave at the next turn of the loop, so that no answer can come from inside the asking. */
void dns_observer_ask(struct dns_observer *observer, uint64_t ticket, const struct question *question) {
  struct asking *asking = mem_zalloc(1, sizeof *asking);
  asking->observer = observer;
  asking->ticket = ticket;
  asking->question = *question;
  asking->tcp = question->flags & DNS_ASK_TCP;
  asking->plain = question->flags & DNS_ASK_PLAIN;
  asking->asked_ms = clock_monotonic_ms();
  queue_asking(asking);
  if (!observer->sending && asking == observer->first) uv_timer_start(observer->soon, on_soon, 0, 0);
}

/* ---- time ---- */

static void age(struct dns_observer *observer) {
  int64_t before = now_us() - YOUNG_MS * 1000;
  while (observer->oldest && observer->oldest->sent_us < before) young_remove(observer, observer->oldest);
}

static void end_rests(struct dns_observer *observer) {
  int64_t now = clock_monotonic_ms();
  for (struct asking **at = &observer->resting; *at;) {
    struct asking *asking = *at;
    if (asking->due_ms > now) {
      at = &asking->next;
      continue;
    }
    *at = asking->next;
    queue_asking(asking);
  }
}

static void on_tick(uv_timer_t *timer) {
  struct dns_observer *observer = timer->data;
  for (size_t i = 0; i < observer->resolver_count; i++)
    if (observer->channels[i]) dns_channel_tick(observer->channels[i]);
  for (struct other *at = observer->others; at; at = at->next) dns_channel_tick(at->channel);
  drop_idle_channels(observer);
  age(observer);
  end_rests(observer);
  send_waiting(observer);
  if (observer->under_way > 0 || observer->first || observer->resting || observer->others) return;
  uv_timer_stop(observer->tick);
  observer->ticking = false;
}

/* ---- life ---- */

static uv_timer_t *timer_new(struct dns_observer *observer) {
  uv_timer_t *timer = mem_zalloc(1, sizeof *timer);
  uv_timer_init(observer->loop, timer);
  timer->data = observer;
  return timer;
}

static void on_timer_closed(uv_handle_t *handle) { free(handle); }

struct dns_observer *dns_observer_new(uv_loop_t *loop, const struct observe_options *options, observer_answered *answered, void *owner, struct fault *fault) {
  struct dns_observer *observer = mem_zalloc(1, sizeof *observer);
  observer->loop = loop;
  observer->tick = timer_new(observer);
  observer->soon = timer_new(observer);
  observer->timeout_ms = options->timeout_ms ? options->timeout_ms : 5000;
  observer->direct_port = options->dns_port ? options->dns_port : 53;
  dns_window_init(&observer->window);
  dns_pace_init(&observer->pace);
  buf_init(&observer->wire, LONGEST_QUERY);
  buf_init(&observer->trail, LONGEST_TRAIL);
  observer->random_used = sizeof observer->random;
  observer->answered = answered;
  observer->owner = owner;
  observer->resolver_count = dns_servers_read(options->resolvers, observer->resolvers, fault);
  if (observer->resolver_count > 0 && !usual_channel(observer, 0)) fault_set(fault, _("The DNS library could not be started"));
  if (observer->resolver_count == 0 || !observer->channels[0]) dns_observer_free(&observer);
  return observer;
}

static void free_askings(struct asking *first) {
  while (first) {
    struct asking *next = first->next;
    asking_free(first);
    first = next;
  }
}

void dns_observer_free(struct dns_observer **observer) {
  struct dns_observer *old = *observer;
  if (!old) return;
  *observer = NULL;
  for (size_t i = 0; i < old->resolver_count; i++)
    if (old->channels[i]) dns_channel_free(old->channels[i]);
  while (old->others) {
    struct other *next = old->others->next;
    dns_channel_free(old->others->channel);
    free(old->others);
    old->others = next;
  }
  free_askings(old->first);
  free_askings(old->resting);
  buf_release(&old->wire);
  buf_release(&old->trail);
  uv_close((uv_handle_t *)old->tick, on_timer_closed);
  uv_close((uv_handle_t *)old->soon, on_timer_closed);
  free(old);
}

/* ---- what other observers and the program ask about the resolvers ---- */

bool dns_observer_has_room(const struct dns_observer *observer) { return !observer->first && has_room(observer); }

bool dns_observer_loopback_only(const struct dns_observer *observer) {
  for (size_t i = 0; i < observer->resolver_count; i++)
    if (!ip_is_loopback(&observer->resolvers[i].address)) return false;
  return observer->resolver_count > 0;
}
