#include "checks/examine.h"

#include <stdlib.h>
#include <string.h>

#include "checks/judge/lib.h"
#include "src/base/clock.h"
#include "src/base/mem.h"

enum { TAKE_AT_ONCE = 64, LONGEST_TURN_MS = 2, RUN_ARENA = 6000 };

/* ---- verdicts ---- */

/* What was found about one topic. */
struct found_list {
  struct finding **findings;
  size_t count;
  bool complete;
};

static enum severity topic_severity(const struct found_list *list) {
  enum severity worst = SEVERITY_SKIPPED;
  for (size_t i = 0; i < list->count; i++) worst = severity_worse(worst, list->findings[i]->severity);
  return worst;
}

static int rank(const struct finding *finding) {
  static const int ranks[] = { [SEVERITY_FAIL] = 0, [SEVERITY_UNKNOWN] = 1, [SEVERITY_WARN] = 2, [SEVERITY_INFO] = 3, [SEVERITY_PASS] = 4, [SEVERITY_SKIPPED] = 5 };
  return ranks[finding->severity];
}

/* Stable: within one severity the order of judging stays. */
static void append_sorted(struct verdict *verdict, const struct found_list *list) {
  for (int wanted = 0; wanted <= 5; wanted++) {
    for (size_t i = 0; i < list->count; i++) {
      if (rank(list->findings[i]) != wanted) continue;
      verdict->findings = arena_grow(verdict->arena, verdict->findings, verdict->count, sizeof(struct finding *));
      verdict->findings[verdict->count++] = list->findings[i];
    }
  }
}

/* A domain that is not there, or cannot be looked up, gives its severity to every topic that was to be judged. */
static void spread_domain_trouble(struct verdict *verdict, unsigned topics) {
  enum severity trouble = SEVERITY_SKIPPED;
  if (verdict_has(verdict, "ns-domain-not-found")) trouble = SEVERITY_FAIL;
  else if (verdict_has(verdict, "ns-lookup-failed")) trouble = SEVERITY_UNKNOWN;
  for (unsigned i = 0; trouble != SEVERITY_SKIPPED && i < TOPIC_COUNT; i++)
    if (topics & 1u << i) verdict->topics[i] = trouble;
}

static struct verdict *verdict_make(struct arena *arena, const struct found_list lists[TOPIC_COUNT], unsigned topics) {
  struct verdict *verdict = ARENA_NEW(arena, struct verdict);
  verdict->arena = arena;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    verdict->topics[i] = SEVERITY_SKIPPED;
    if (!lists[i].complete) continue;
    verdict->topics[i] = topic_severity(&lists[i]);
    append_sorted(verdict, &lists[i]);
  }
  spread_domain_trouble(verdict, topics);
  verdict->status = SEVERITY_SKIPPED;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) verdict->status = severity_worse(verdict->status, verdict->topics[i]);
  if (verdict->status == SEVERITY_SKIPPED) verdict->status = SEVERITY_PASS;
  return verdict;
}

struct verdict *examine_store(struct arena *arena, struct store *store, const struct inquiry *inquiry) {
  struct found_list lists[TOPIC_COUNT] = { 0 };
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    if (!(inquiry->topics & 1u << i)) continue;
    struct judgement run;
    judge_run((enum topic)i, store, inquiry, arena, &run);
    lists[i] = (struct found_list){ run.findings, run.count, !run.waiting };
  }
  return verdict_make(arena, lists, inquiry->topics);
}

/* ---- the examination ---- */

/* One judge between its runs. */
struct hearing {
  struct arena *arena;           /* holds what it found once it is done; null: nothing */
  struct finding **findings;
  size_t count;
  enum topic_progress progress;
  size_t lacking;                /* questions that its runs missed and that are still open */
  uint16_t depth;                /* of the deepest answer that it waited for */
  bool due;                      /* runs at the next turn */
  bool stirred;                  /* something has come that it waited for; it is due when all has, or when patience ends */
  bool smtp_reachable, https_reachable; /* as it was when it ran */
};

/* One question of this examination. */
struct asked {
  uint16_t waiting;              /* bit 1 << TOPIC_… for each judge that missed it */
  uint16_t depth;                /* 1 for what depends on nothing, 2 for what an answer of depth 1 led to, … */
};

struct examination {
  uv_loop_t *loop;
  struct observers *observers;
  struct store *store;
  bool own_store, finished, told, stopped;
  struct inquiry inquiry;
  struct examination_events events;
  struct hearing hearings[TOPIC_COUNT];
  struct asked *asked;           /* by question id */
  size_t asked_room;
  uv_idle_t *turn;
  uv_timer_t *patience;
  bool turning;
  struct arena *verdict_arena;
  struct verdict *verdict;
  int64_t started, ended;
  uint32_t open, questions, answered, rounds; /* open: asked of the observers and not answered */
};

_Static_assert(TOPIC_COUNT <= 16, "a set of topics fits in the bits of struct asked");

static void schedule(struct examination *examination);

/* What was asked together is mostly answered together, and a judge starts from the top each time: so it is given the rest of a burst before it runs
 * again. One that never comes holds up nothing for longer than this. */
enum { PATIENCE_MS = 1 };

static void on_patience(uv_timer_t *timer) {
  struct examination *examination = timer->data;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    struct hearing *hearing = &examination->hearings[i];
    hearing->due = hearing->due || hearing->stirred;
  }
  schedule(examination);
}

static void stir(struct examination *examination, struct hearing *hearing, uint16_t depth) {
  hearing->stirred = true;
  if (depth > hearing->depth) hearing->depth = depth;
  if (--hearing->lacking == 0) {
    hearing->due = true;
    schedule(examination);
  } else if (!uv_is_active((uv_handle_t *)examination->patience)) {
    uv_timer_start(examination->patience, on_patience, PATIENCE_MS, 0);
  }
}

static void on_observed(struct observation *observation, void *context) {
  struct examination *examination = context;
  uint32_t id = store_put(examination->store, observation);
  examination->answered++;
  examination->open--;
  if (id < examination->asked_room) {
    struct asked *asked = &examination->asked[id];
    for (unsigned i = 0; asked->waiting; i++, asked->waiting >>= 1)
      if (asked->waiting & 1) stir(examination, &examination->hearings[i], asked->depth);
  }
  if (examination->events.progress) schedule(examination);
}

static struct asked *asked_at(struct examination *examination, size_t id) {
  if (id >= examination->asked_room) {
    size_t room = examination->asked_room ? examination->asked_room : 64;
    while (room <= id) room *= 2;
    examination->asked = mem_realloc(examination->asked, room, sizeof *examination->asked);
    memset(examination->asked + examination->asked_room, 0, (room - examination->asked_room) * sizeof *examination->asked);
    examination->asked_room = room;
  }
  return &examination->asked[id];
}

/* A question that a judge still waits for from an earlier run counts once. */
static void remember_misses(struct examination *examination, enum topic topic) {
  struct hearing *hearing = &examination->hearings[topic];
  const uint32_t *ids;
  size_t count = store_missed(examination->store, &ids);
  uint16_t bit = (uint16_t)(1u << topic);
  for (size_t i = 0; i < count; i++) {
    struct asked *asked = asked_at(examination, ids[i]);
    if (asked->waiting & bit) continue;
    asked->waiting |= bit;
    hearing->lacking++;
    if (asked->depth == 0) asked->depth = (uint16_t)(hearing->depth + 1);
    if (asked->depth > examination->rounds) examination->rounds = asked->depth;
  }
}

/* A run that lacked something leaves nothing behind but its misses, one that is whole only its findings: hundreds of domains wait at once in a batch, and
 * what a judge makes on its way is many times what it finds. */
static void keep_findings(struct hearing *hearing, const struct judgement *run) {
  arena_free(&hearing->arena);
  hearing->findings = NULL;
  hearing->count = run->waiting ? 0 : run->count;
  if (hearing->count == 0) return;
  size_t size = 0;
  for (size_t i = 0; i < run->count; i++) size += finding_size(run->findings[i]);
  hearing->arena = arena_new_sized(size + run->count * sizeof(struct finding *));
  hearing->findings = ARENA_ARRAY(hearing->arena, struct finding *, run->count);
  for (size_t i = 0; i < run->count; i++) hearing->findings[i] = finding_copy(hearing->arena, run->findings[i]);
}

static void hear(struct examination *examination, enum topic topic) {
  struct hearing *hearing = &examination->hearings[topic];
  hearing->due = hearing->stirred = false;
  hearing->smtp_reachable = examination->inquiry.smtp_reachable;
  hearing->https_reachable = examination->inquiry.https_reachable;
  struct arena *arena = arena_new_sized(RUN_ARENA);
  struct judgement run;
  store_mark_misses(examination->store);
  judge_run(topic, examination->store, &examination->inquiry, arena, &run);
  remember_misses(examination, topic);
  keep_findings(hearing, &run);
  arena_free(&arena);
  hearing->progress = run.waiting ? TOPIC_RUNNING : TOPIC_DONE;
}

static void send_open(struct examination *examination) {
  const struct question *open[TAKE_AT_ONCE];
  size_t count;
  while ((count = store_take_open(examination->store, open, TAKE_AT_ONCE)) > 0) {
    for (size_t i = 0; i < count; i++) examination->questions += observers_ask(examination->observers, open[i], on_observed, examination);
    examination->open += (uint32_t)count;
  }
}

static bool hear_all_due(struct examination *examination) {
  bool any = false;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    if (!examination->hearings[i].due || examination->stopped) continue;
    hear(examination, (enum topic)i);
    any = true;
  }
  return any;
}

/* That a port is reachable from here may turn out late: what was judged without knowing it is judged again. */
static bool renew_reach(struct examination *examination) {
  bool again = false;
  if (!examination->observers) return false;
  examination->inquiry.smtp_reachable |= observers_smtp_reachable(examination->observers);
  examination->inquiry.https_reachable |= observers_https_reachable(examination->observers);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    struct hearing *hearing = &examination->hearings[i];
    if (hearing->progress != TOPIC_DONE) continue;
    if (hearing->smtp_reachable == examination->inquiry.smtp_reachable && hearing->https_reachable == examination->inquiry.https_reachable) continue;
    hearing->due = again = true;
  }
  return again;
}

static bool all_done(const struct examination *examination) {
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (examination->inquiry.topics & 1u << i && examination->hearings[i].progress != TOPIC_DONE) return false;
  return true;
}

static void finish(struct examination *examination) {
  examination->finished = true;
  examination->ended = clock_monotonic_ms();
}

/* One turn: what is due is heard, what is open is sent, until both are quiet or answers are awaited. */
static void take_turn(struct examination *examination) {
  while (hear_all_due(examination)) send_open(examination);
  if (!examination->finished && (examination->stopped || (all_done(examination) && !renew_reach(examination)))) finish(examination);
}

static void forget_verdict(struct examination *examination) { examination->verdict = NULL; }

/* In a batch many examinations have their turn at once: the network is looked at in between, before its buffers overflow. */
static bool is_late(const struct examination *examination) { return clock_monotonic_ms() - (int64_t)uv_now(examination->loop) > LONGEST_TURN_MS; }

static void on_turn(uv_idle_t *idle) {
  struct examination *examination = idle->data;
  if (is_late(examination)) return;
  uv_idle_stop(idle);
  examination->turning = false;
  if (examination->told) return;
  forget_verdict(examination);
  take_turn(examination);
  if (!examination->finished) {
    if (all_done(examination)) schedule(examination);
    if (examination->events.progress) examination->events.progress(examination, examination->events.context);
    return;
  }
  examination->told = true;
  if (examination->observers && examination->open > 0) observers_forget(examination->observers, examination);
  if (examination->events.done) examination->events.done(examination, examination->events.context);
}

static void schedule(struct examination *examination) {
  if (examination->turning || examination->told) return;
  examination->turning = true;
  uv_idle_start(examination->turn, on_turn);
}

/* ---- life ---- */

struct examination *examination_start(uv_loop_t *loop, struct observers *observers, const struct inquiry *inquiry, const struct examination_events *events) {
  struct examination *examination = examination_start_with(loop, observers, store_new(), inquiry, events);
  examination->own_store = true;
  return examination;
}

struct examination *examination_start_with(uv_loop_t *loop, struct observers *observers, struct store *store, const struct inquiry *inquiry,
                                           const struct examination_events *events) {
  struct examination *examination = mem_zalloc(1, sizeof *examination);
  examination->loop = loop;
  examination->observers = observers;
  examination->store = store;
  examination->inquiry = *inquiry;
  examination->events = *events;
  examination->started = clock_monotonic_ms();
  examination->turn = mem_zalloc(1, sizeof *examination->turn);
  examination->patience = mem_zalloc(1, sizeof *examination->patience);
  uv_idle_init(loop, examination->turn);
  uv_timer_init(loop, examination->patience);
  examination->turn->data = examination->patience->data = examination;
  for (unsigned i = 0; i < TOPIC_COUNT; i++) examination->hearings[i].due = inquiry->topics & 1u << i;
  schedule(examination);
  return examination;
}

void examination_stop(struct examination *examination) {
  examination->stopped = true;
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (examination->hearings[i].progress != TOPIC_DONE) examination->hearings[i].progress = TOPIC_STOPPED;
  schedule(examination);
}

bool examination_is_stopped(const struct examination *examination) { return examination->stopped; }

static void on_handle_closed(uv_handle_t *handle) { free(handle); }

void examination_free(struct examination **examination) {
  struct examination *old = *examination;
  if (!old) return;
  *examination = NULL;
  if (old->observers && !old->told) observers_forget(old->observers, old);
  uv_close((uv_handle_t *)old->turn, on_handle_closed);
  uv_close((uv_handle_t *)old->patience, on_handle_closed);
  for (unsigned i = 0; i < TOPIC_COUNT; i++) arena_free(&old->hearings[i].arena);
  free(old->asked);
  arena_free(&old->verdict_arena);
  if (old->own_store) store_free(&old->store);
  free(old);
}

/* ---- reading ---- */

struct store *examination_store(struct examination *examination) { return examination->store; }

const struct verdict *examination_verdict(struct examination *examination) {
  if (examination->verdict) return examination->verdict;
  struct found_list lists[TOPIC_COUNT];
  for (unsigned i = 0; i < TOPIC_COUNT; i++) {
    const struct hearing *hearing = &examination->hearings[i];
    lists[i] = (struct found_list){ hearing->findings, hearing->count, hearing->progress == TOPIC_DONE };
  }
  arena_free(&examination->verdict_arena);
  examination->verdict_arena = arena_new();
  examination->verdict = verdict_make(examination->verdict_arena, lists, examination->inquiry.topics);
  if (examination->stopped && !all_done(examination)) examination->verdict->status = severity_worse(examination->verdict->status, SEVERITY_UNKNOWN); /* what nobody saw is not good */
  return examination->verdict;
}

enum topic_progress examination_topic(const struct examination *examination, enum topic topic) { return examination->hearings[topic].progress; }
bool examination_finished(const struct examination *examination) { return examination->finished; }
const struct inquiry *examination_inquiry(const struct examination *examination) { return &examination->inquiry; }

struct examination_figures examination_figures(const struct examination *examination) {
  int64_t until = examination->finished ? examination->ended : clock_monotonic_ms();
  return (struct examination_figures){ .elapsed_ms = (uint32_t)(until - examination->started), .questions = examination->questions,
                                       .answered = examination->answered, .rounds = examination->rounds };
}

/* ---- settling a pure function ---- */

struct settlement {
  struct observers *observers;
  struct store *store;
  void (*run)(struct store *, void *);
  void (*done)(void *);
  void *context;
  uv_idle_t *turn;
  size_t outstanding;
  bool turning, over;
};

static void settle_schedule(struct settlement *settlement);

static void on_settled(struct observation *observation, void *context) {
  struct settlement *settlement = context;
  store_put(settlement->store, observation);
  settlement->outstanding--;
  settle_schedule(settlement);
}

static void on_settle_turn(uv_idle_t *idle) {
  struct settlement *settlement = idle->data;
  const struct question *open[TAKE_AT_ONCE];
  size_t count;
  uv_idle_stop(idle);
  settlement->turning = false;
  if (settlement->over) return;
  store_mark_misses(settlement->store);
  settlement->run(settlement->store, settlement->context);
  const uint32_t *ids;
  size_t missed = store_missed(settlement->store, &ids);
  while (missed && (count = store_take_open(settlement->store, open, TAKE_AT_ONCE)) > 0) {
    for (size_t i = 0; i < count && settlement->observers; i++) observers_ask(settlement->observers, open[i], on_settled, settlement);
    settlement->outstanding += settlement->observers ? count : 0;
  }
  if (settlement->outstanding > 0 && missed > 0) return; /* what was asked on the chance that it would be needed is not waited for */
  settlement->over = true;
  settlement->done(settlement->context);
}

static void settle_schedule(struct settlement *settlement) {
  if (settlement->turning || settlement->over) return;
  settlement->turning = true;
  uv_idle_start(settlement->turn, on_settle_turn);
}

struct settlement *settle_start(uv_loop_t *loop, struct observers *observers, struct store *store,
                                void (*run)(struct store *, void *), void (*done)(void *), void *context) {
  struct settlement *settlement = mem_zalloc(1, sizeof *settlement);
  *settlement = (struct settlement){ .observers = observers, .store = store, .run = run, .done = done, .context = context };
  settlement->turn = mem_zalloc(1, sizeof *settlement->turn);
  uv_idle_init(loop, settlement->turn);
  settlement->turn->data = settlement;
  settle_schedule(settlement);
  return settlement;
}

void settle_free(struct settlement **settlement) {
  struct settlement *old = *settlement;
  if (!old) return;
  *settlement = NULL;
  if (old->observers) observers_forget(old->observers, old);
  uv_idle_stop(old->turn);
  uv_close((uv_handle_t *)old->turn, on_handle_closed);
  free(old);
}
