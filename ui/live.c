#include "ui/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/key_book.h"
#include "src/base/lib.h"
#include "src/guidance/options.h"
#include "ui/again.h"
#include "ui/settings.h"
#include "ui/wizard.h"

/* ---- life ---- */

void live_forget_plan(struct wizard *wizard) {
  struct live *live = &wizard->live;
  settle_free(&live->settlement);
  arena_free(&live->plan_arena);
  live->plan = NULL;
  live->planned = false;
}

void live_forget_kept(struct wizard *wizard) {
  arena_free(&wizard->live.kept_arena);
  wizard->live.kept = NULL;
  wizard->live.kept_domain[0] = '\0';
}

void live_release(struct wizard *wizard) {
  struct live *live = &wizard->live;
  live_forget_plan(wizard);
  live_forget_kept(wizard);
  again_free(&live->again);
  examination_free(&live->examination);
  store_free(&live->joined);
  observers_free(&live->observers);
  key_book_free(&live->keys);
  arena_free(&live->arena);
}

/* ---- what is known ---- */

bool live_running(const struct wizard *wizard) { return wizard->round.on || wizard->live.again || (wizard->live.examination && !examination_finished(wizard->live.examination)); }
bool live_is_of_domain(const struct wizard *wizard) { return wizard->live.examination && strcmp(wizard->live.domain, wizard->domain) == 0; }

static bool is_finished_here(const struct wizard *wizard) { return live_is_of_domain(wizard) && examination_finished(wizard->live.examination); }

static void load_kept(struct wizard *wizard) {
  struct live *live = &wizard->live;
  if (!wizard->casefile || strcmp(live->kept_domain, wizard->domain) == 0) return;
  live_forget_kept(wizard);
  live->kept_arena = arena_new();
  live->kept = casefile_last_verdict(live->kept_arena, wizard->casefile, wizard->domain, &live->kept_at);
  memcpy(live->kept_domain, wizard->domain, sizeof live->kept_domain);
}

const struct verdict *live_verdict(struct wizard *wizard) {
  if (is_finished_here(wizard)) return examination_verdict(wizard->live.examination);
  load_kept(wizard);
  return wizard->live.kept;
}

int64_t live_checked_at(struct wizard *wizard) {
  if (is_finished_here(wizard)) return wizard->live.finished_at;
  load_kept(wizard);
  return wizard->live.kept ? wizard->live.kept_at : 0;
}

const struct verdict *live_verdict_so_far(struct wizard *wizard) { return live_is_of_domain(wizard) ? examination_verdict(wizard->live.examination) : NULL; }
struct store *live_store(struct wizard *wizard) { return is_finished_here(wizard) ? examination_store(wizard->live.examination) : NULL; }

/* ---- observers ---- */

/* What the command line says goes before the settings. */
static void read_settings(struct wizard *wizard) {
  struct live *live = &wizard->live;
  live->observe = *wizard->options.observe;
  snprintf(live->resolvers, sizeof live->resolvers, "%s", setting_value(wizard->settings, "resolvers"));
  if (!live->observe.resolvers && *live->resolvers) live->observe.resolvers = live->resolvers;
  if (!live->observe.timeout_ms) live->observe.timeout_ms = 1000 * (uint32_t)strtoul(setting_value(wizard->settings, "timeout"), NULL, 10);
  if (strcmp(setting_value(wizard->settings, "mail"), "no") == 0) live->observe.no_smtp = true;
}

/* What runs keeps its observers; a plan or a finished examination does not need them. */
void live_forget_observers(struct wizard *wizard) {
  struct live *live = &wizard->live;
  if (live_running(wizard)) return;
  live_forget_plan(wizard);
  observers_free(&live->observers);
}

static bool have_observers(struct wizard *wizard) {
  struct fault fault = { "" };
  struct live *live = &wizard->live;
  if (live->observers || wizard->options.evidence) return true;
  read_settings(wizard);
  live->observers = observers_new(&wizard->loop, &live->observe, &fault);
  if (!live->observers) wizard_say(wizard, "%s", fault.text);
  return live->observers != NULL;
}

bool live_ready(struct wizard *wizard) { return have_observers(wizard); }
struct observers *live_observers(struct wizard *wizard) { return have_observers(wizard) ? wizard->live.observers : NULL; }

/* ---- the plan ---- */

/* The answers as they stand now, which may be newer than the check, over what that run knew of the network. */
static const struct inquiry *inquiry_now(struct wizard *wizard, struct arena *arena) {
  const struct inquiry *then = &wizard->live.inquiry;
  struct inquiry *now = ARENA_NEW(arena, struct inquiry);
  *now = casefile_inquiry(arena, wizard->casefile, wizard->live.domain);
  now->facts = then->facts;
  now->test_network = then->test_network;
  now->ask_registry = then->ask_registry;
  now->smtp_reachable = then->smtp_reachable;
  now->https_reachable = then->https_reachable;
  return now;
}

const struct plan *live_plan_as(struct wizard *wizard, struct arena *arena, unsigned as_2020) {
  struct live *live = &wizard->live;
  if (!live_plan(wizard)) return NULL;
  struct plan_options options = guidance_plan_options(arena, wizard->casefile, live->domain, wizard_facts(wizard), false);
  options.as_2020 = as_2020;
  return plan_make(arena, examination_store(live->examination), examination_verdict(live->examination), inquiry_now(wizard, arena), &options);
}

static void run_plan(struct store *store, void *context) {
  struct wizard *wizard = context;
  struct live *live = &wizard->live;
  arena_clear(live->plan_arena);
  struct plan_options options = guidance_plan_options(live->plan_arena, wizard->casefile, live->domain, wizard_facts(wizard), wizard->guidance_2020);
  live->plan = plan_make(live->plan_arena, store, examination_verdict(live->examination), inquiry_now(wizard, live->plan_arena), &options);
}

static void on_planned(void *context) {
  struct wizard *wizard = context;
  wizard->live.planned = true;
  wizard->changed = true;
}

/* Made from what was seen, at once where that is enough, as it is after another answer; questions that it adds are asked beside the keyboard. */
static void start_plan(struct wizard *wizard) {
  struct live *live = &wizard->live;
  if (live->settlement || live->planned || !is_finished_here(wizard) || !have_observers(wizard)) return;
  live->plan_arena = arena_new();
  run_plan(examination_store(live->examination), wizard);
  live->planned = !live->plan->waiting;
  if (live->planned) return;
  live->settlement = settle_start(&wizard->loop, live->observers, examination_store(live->examination), run_plan, on_planned, wizard);
}

const struct plan *live_plan(struct wizard *wizard) {
  if (!is_finished_here(wizard)) return NULL;
  start_plan(wizard);
  return wizard->live.planned ? wizard->live.plan : NULL;
}

/* ---- the examination ---- */

static void on_progress(struct examination *examination, void *context) {
  (void)examination;
  ((struct wizard *)context)->changed = true;
}

/* The DMARC record as published, "" for none, null when it could not be looked at: its history is kept in the case. */
static const char *published_dmarc(struct arena *arena, struct store *store, const char *domain) {
  const struct dns_answer *answer = store_peek_dns(store, name_join(arena, "_dmarc", domain), DNS_TYPE_TXT);
  if (!answer || answer->outcome == DNS_FAILED) return NULL;
  for (size_t i = 0; i < answer->count; i++)
    if (answer->records[i].type == DNS_TYPE_TXT && answer->records[i].txt.length >= 8 && memcmp(answer->records[i].txt.bytes, "v=DMARC1", 8) == 0)
      return text_safe_copy(arena, answer->records[i].txt.bytes, answer->records[i].txt.length);
  return "";
}

static void note_in_case(struct wizard *wizard, const struct verdict *verdict) {
  struct fault fault = { "" };
  struct live *live = &wizard->live;
  struct arena *arena = arena_new();
  const char *dmarc = published_dmarc(arena, examination_store(live->examination), live->domain);
  bool ours = wizard->casefile && casefile_has_domain(wizard->casefile, live->domain);
  if (ours && !casefile_note_examination(wizard->casefile, live->domain, verdict, dmarc, live->finished_at, &fault)) wizard_say(wizard, "%s", fault.text);
  arena_free(&arena);
  live_forget_kept(wizard);
}

/* What was reachable from here decides whose fault a silence is, also in what is planned. */
static void note_reachable(struct wizard *wizard) {
  const struct ui_evidence *evidence = wizard->options.evidence;
  struct live *live = &wizard->live;
  live->inquiry.smtp_reachable = evidence ? evidence->smtp_reachable : observers_smtp_reachable(live->observers);
  live->inquiry.https_reachable = evidence ? evidence->https_reachable : observers_https_reachable(live->observers);
  live->inquiry.test_network = evidence ? evidence->test_network : observers_test_network(live->observers);
}

/* With the worst of what was found, which may be cut in the table. */
static void say_finished(struct wizard *wizard, const struct verdict *verdict) {
  struct arena *arena = arena_new_sized(4096);
  const struct finding *worst = NULL;
  for (size_t i = 0; i < verdict->count; i++)
    if (!worst || severity_worse(verdict->findings[i]->severity, worst->severity) != worst->severity) worst = verdict->findings[i];
  struct text_argument arguments[] = { { "state", severity_label(verdict->status) }, { "topic", worst ? topic_title(worst->topic) : "" }, { "detail", worst ? finding_detail(arena, worst) : "" } };
  bool bad = worst && worst->severity > SEVERITY_INFO;
  wizard_say(wizard, "%s", text_fill(arena, bad ? _("The checks have finished: {state}. {topic}: {detail}") : _("The checks have finished: {state}"), arguments, 3));
  arena_free(&arena);
}

static bool was_stopped(const struct examination *examination) {
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (examination_topic(examination, (enum topic)i) == TOPIC_STOPPED) return true;
  return false;
}

/* A check that was stopped is none that the case could be compared with later. */
static void on_done(struct examination *examination, void *context) {
  struct wizard *wizard = context;
  struct live *live = &wizard->live;
  const struct verdict *verdict = examination_verdict(examination);
  wizard->changed = true;
  live->finished_at = clock_wall_ms();
  note_reachable(wizard);
  (void)key_book_note(live->keys, examination_store(examination), live->domain, NULL, NULL);
  if (was_stopped(examination)) {
    wizard_say(wizard, "%s", _("The checks were stopped. What was not finished is marked Not checked."));
    return;
  }
  if (!wizard->round.on) say_finished(wizard, verdict);
  note_in_case(wizard, verdict);
  start_plan(wizard);
  round_go_on(wizard);
}

struct inquiry live_inquiry(struct wizard *wizard, struct arena *arena, const char *domain) {
  struct live *live = &wizard->live;
  const struct ui_evidence *evidence = wizard->options.evidence;
  struct inquiry inquiry = casefile_inquiry(arena, wizard->casefile, domain);
  inquiry.facts = wizard_facts(wizard);
  if (!live->keys) live->keys = key_book_new();
  inquiry.keys = live->keys;
  inquiry.smtp_reachable = evidence && evidence->smtp_reachable;
  inquiry.https_reachable = evidence && evidence->https_reachable;
  inquiry.test_network = evidence ? evidence->test_network : observers_test_network(live->observers);
  inquiry.ask_registry = evidence ? evidence->ask_registry : observers_ask_registry(live->observers);
  return inquiry;
}

void live_begin(struct wizard *wizard, const char *domain, struct store *store) {
  struct live *live = &wizard->live;
  char name[sizeof live->domain];
  snprintf(name, sizeof name, "%s", domain);
  live_forget_plan(wizard);
  examination_free(&live->examination);
  store_free(&live->joined);
  arena_free(&live->arena);
  live->arena = arena_new();
  live->inquiry = live_inquiry(wizard, live->arena, name);
  memcpy(live->domain, name, sizeof live->domain);
  live->started_at = clock_wall_ms();
  live->finished_at = 0;
  live->joined = store;
  struct examination_events events = { .progress = on_progress, .done = on_done, .context = wizard };
  struct store *given = wizard->options.evidence ? wizard->options.evidence->store : store;
  live->examination = given ? examination_start_with(&wizard->loop, wizard->options.evidence ? NULL : live->observers, given, &live->inquiry, &events)
                            : examination_start(&wizard->loop, live->observers, &live->inquiry, &events);
}

void live_check(struct wizard *wizard) {
  if (live_running(wizard) && !live_is_of_domain(wizard)) wizard_say(wizard, "%s", words_fill(wizard->page_arena, _("The checks of {domain} are still running"), "domain", text_safe_string(wizard->page_arena, wizard->live.domain)));
  else if (live_running(wizard)) wizard_say(wizard, "%s", _("The checks are running already"));
  else if (have_observers(wizard)) live_begin(wizard, wizard->domain, NULL);
}

static const char *topic_names(struct wizard *wizard, unsigned topics) {
  const char *list = "";
  for (unsigned i = 0; i < TOPIC_COUNT; i++)
    if (topics & 1u << i) list = *list ? arena_printf(wizard->page_arena, "%s, %s", list, topic_title((enum topic)i)) : topic_title((enum topic)i);
  return list;
}

void live_check_again(struct wizard *wizard, unsigned topics) {
  if (live_running(wizard)) wizard_say(wizard, "%s", _("The checks are running already"));
  else if (!topics) wizard_say(wizard, "%s", _("Choose a topic first: the whole domain is checked by r"));
  else if (is_finished_here(wizard) && !wizard->options.evidence && have_observers(wizard)) {
    again_start(wizard, topics);
    wizard_say(wizard, _("Checking again: %s"), topic_names(wizard, topics));
  } else {
    live_check(wizard);
    wizard_say(wizard, "%s", _("Everything is checked: the last check was not made just now, and its evidence is not here."));
  }
}

void live_stop(struct wizard *wizard) {
  round_stop(wizard);
  if (wizard->live.again) again_stop(wizard->live.again);
  else if (live_running(wizard)) examination_stop(wizard->live.examination);
}

/* It was told to stop, and has not said yet that it did. */
static bool is_stopping(const struct live *live) {
  return live->again ? again_is_stopped(live->again) : live->examination && examination_is_stopped(live->examination);
}

void live_resumed(struct wizard *wizard) {
  enum { SAME_MS = 1000 };
  struct live *live = &wizard->live;
  bool checks = live_running(wizard) && !is_stopping(live) && wizard->casefile && casefile_has_domain(wizard->casefile, live->domain), looks = job_running(wizard);
  unsigned topics = again_topics(live->again);
  if (wizard->options.evidence || (!checks && !looks) || clock_monotonic_ms() - live->resumed_at < SAME_MS) return;
  live->resumed_at = clock_monotonic_ms();
  live_forget_plan(wizard);
  again_free(&live->again);
  if (checks && !topics) examination_free(&live->examination);
  job_pause(wizard);
  observers_free(&live->observers);
  if (!have_observers(wizard)) return;
  if (checks && topics) again_start(wizard, topics);
  else if (checks) live_begin(wizard, live->domain, NULL);
  job_go_on(wizard);
  wizard_say(wizard, "%s", _("mailstead was stopped while it looked, so it asks everything again"));
}
