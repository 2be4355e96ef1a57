#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/differences.h"
#include "src/guidance/lib.h"

/* The state of a step from answers, tasks, services, and what was found. */

const char *step_state_word(enum step_state state) {
  static const char *const words[] = { N_("Not yet started"), N_("In progress"), N_("Waiting for DNS"), N_("Waiting for others"), N_("Waiting for reports"),
                                       N_("Completed"), N_("Cannot start yet"), N_("There is a problem"), N_("Not needed") };
  return _(words[state]);
}

static bool is_waiting(enum step_state state) { return state == STEP_WAITING || state == STEP_WAITING_OTHERS || state == STEP_WAITING_REPORTS; }

/* ---- what applies ---- */

static bool answered(const struct casefile *casefile, const char *domain, const char *key, const char *value) {
  const char *answer = casefile_answer(casefile, domain, key);
  return answer && strcmp(answer, value) == 0;
}

static bool lists(const struct casefile *casefile, bool filtering) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    if (service.state != CASEFILE_CONFIRMED) continue;
    if (filtering ? service.filters == TRI_YES : strcmp(service.kind, "mailboxes") != 0) return true;
  }
  return false;
}

static bool replaces_any(const struct casefile *casefile, const char *domain) {
  struct arena *arena = arena_new_sized(1024);
  const char *const *names;
  bool any = casefile_old_domains(arena, casefile, domain, &names) > 0;
  arena_free(&arena);
  return any;
}

bool guidance_applies(enum guidance_when when, const struct casefile *casefile, const char *domain) {
  switch (when) {
  case WHEN_ALWAYS: return true;
  case WHEN_PSN: return answered(casefile, "", "psn", "yes");
  case WHEN_FILTERING: return lists(casefile, true);
  case WHEN_OLD: return replaces_any(casefile, domain);
  case WHEN_GSI_NAME: return gsi_is_family(domain);
  case WHEN_NOT_GSI_NAME: return !gsi_is_family(domain);
  case WHEN_SENDS: return !answered(casefile, domain, "sends", "no");
  case WHEN_RECEIVES: return !answered(casefile, domain, "receives", "no");
  case WHEN_SILENT: return answered(casefile, domain, "sends", "no") && answered(casefile, domain, "receives", "no");
  case WHEN_NOT_NEEDED: return answered(casefile, domain, "needed", "no");
  case WHEN_SUBDOMAIN: return answered(casefile, domain, "subdomain", "yes");
  case WHEN_OTHERS: return !answered(casefile, domain, "sends", "no") && (lists(casefile, false) || !answered(casefile, "", "services-complete", "yes"));
  }
  return true;
}

/* A kind of service that is told of changes: only when there is one, or when the list is not known to be whole. */
static bool kind_listed(const struct casefile *casefile, const char *kind) {
  if (!answered(casefile, "", "services-complete", "yes")) return true;
  for (size_t i = 0; i < casefile_service_count(casefile); i++) {
    struct casefile_service service = casefile_service_at(casefile, i);
    bool cloud = strcmp(kind, "cloud") == 0 && strcmp(service.kind, "delivery") == 0, own = strcmp(kind, "own") == 0 && strcmp(service.kind, "relay") == 0;
    if (service.state == CASEFILE_CONFIRMED && (cloud || own || strcmp(service.kind, kind) == 0)) return true;
  }
  return false;
}

bool guidance_task_applies(const struct guidance_task *task, const struct casefile *casefile, const char *domain) {
  if (!guidance_applies(task->when, casefile, domain)) return false;
  return strncmp(task->id, "tell-", 5) != 0 || strcmp(task->id, "tell-everyone") == 0 || kind_listed(casefile, task->id + 5);
}

/* ---- progress ---- */

struct progress {
  unsigned asked, answered, open;      /* questions: `open` are answered "I do not know" */
  unsigned bad;                        /* answers that say that work is left */
  unsigned tasks, done;
  const char *who;                     /* someone has a task in hand; null: nobody */
  int64_t since;
  const struct finding *worst;
  bool checked, unknown;
};

static void count_answer(struct progress *progress, const char *answer) {
  progress->asked++;
  if (answer) progress->answered++;
  if (answer && strcmp(answer, "unknown") == 0) progress->open++;
}

static void look_at_questions(const struct guidance_step *step, const struct guidance_view *view, struct progress *progress) {
  struct arena *arena = arena_new_sized(4096);
  struct guidance_asked *asked;
  size_t count = guidance_asked(arena, step, view->casefile, view->domain, &asked);
  for (size_t i = 0; i < count; i++) count_answer(progress, asked[i].answer);
  arena_free(&arena);
}

static const char *service_answer(const struct guidance_service_question *question, const struct casefile_service *service) {
  const struct { const char *key; enum tri value; } known[] = { { "tls12", service->tls12 }, { "signs", service->signs }, { "can-sign", service->can_sign }, { "inbound-dmarc", service->inbound_dmarc }, { "footers", service->footers } };
  if (strcmp(question->key, "changes") == 0) return *service->changes ? service->changes : NULL;
  if (strcmp(question->key, "selectors") == 0) return *service->selectors ? service->selectors : NULL;
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (strcmp(known[i].key, question->key) == 0 && known[i].value != TRI_UNKNOWN) return casefile_tri_word(known[i].value);
  return NULL;
}

static bool any_service(const struct casefile *casefile) {
  for (size_t i = 0; i < casefile_service_count(casefile); i++)
    if (casefile_service_at(casefile, i).state == CASEFILE_CONFIRMED) return true;
  return false;
}

/* With no service on the list, and the list not said to be whole, what is asked of each is not answered. */
static void look_at_services(const struct guidance_step *step, const struct guidance_view *view, struct progress *progress) {
  if (step->services[0] && !any_service(view->casefile) && !answered(view->casefile, "", "services-complete", "yes")) count_answer(progress, NULL);
  for (size_t i = 0; i < MEM_COUNT(step->services) && step->services[i]; i++) {
    const struct guidance_service_question *question = guidance_service_question_find(step->services[i]);
    for (size_t n = 0; n < casefile_service_count(view->casefile); n++) {
      struct casefile_service service = casefile_service_at(view->casefile, n);
      if (!guidance_concerns(question, &service)) continue;
      const char *answer = service_answer(question, &service);
      count_answer(progress, answer ? answer : casefile_service_answered(view->casefile, n, question->key) ? "unknown" : NULL);
      if (answer && !question->free_text && strcmp(question->key, "signs") != 0 && strcmp(answer, question->bad_yes ? "yes" : "no") == 0) progress->bad++;
    }
  }
}

bool guidance_todo_done(const struct guidance_todo *todo, const struct guidance_view *view, bool *out_by_check) {
  struct casefile_task kept = casefile_task(view->casefile, view->domain, todo->id);
  bool proved = todo->task->proof && view->verdict && verdict_has(view->verdict, todo->task->proof);
  if (out_by_check) *out_by_check = proved;
  return proved || kept.done;
}

static void look_at_tasks(struct arena *arena, const struct guidance_step *step, const struct guidance_view *view, struct progress *progress) {
  struct guidance_todo *todos;
  size_t count = guidance_todos(arena, step, view->casefile, view->domain, &todos);
  for (size_t i = 0; i < count; i++) {
    struct casefile_task kept = casefile_task(view->casefile, view->domain, todos[i].id);
    bool done = guidance_todo_done(&todos[i], view, NULL);
    progress->tasks++;
    progress->done += done;
    if (done || !*kept.who) continue;
    progress->who = kept.who;
    progress->since = kept.when;
  }
}

bool guidance_finding_counts(const struct guidance_step *step, const struct finding *finding) {
  if (finding->topic >= TOPIC_COUNT || !(step->topics & 1u << finding->topic)) return false;
  return !step->rules || text_starts_with_one(finding->rule->id, step->rules);
}

static void look_at_findings(const struct guidance_step *step, const struct guidance_view *view, struct progress *progress) {
  const struct verdict *verdict = view->verdict;
  progress->checked = verdict != NULL;
  for (size_t i = 0; verdict && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (!guidance_finding_counts(step, finding)) continue;
    if (finding->severity == SEVERITY_UNKNOWN) progress->unknown = true;
    if (finding->severity != SEVERITY_WARN && finding->severity != SEVERITY_FAIL) continue;
    if (!progress->worst || finding->severity > progress->worst->severity) progress->worst = finding;
  }
}

/* ---- sentences ---- */

static const char *count_days(struct arena *arena, int64_t since, int64_t now, int64_t *out_days) {
  *out_days = clock_days_between(since, now);
  return arena_printf(arena, "%lld", (long long)*out_days);
}

const char *step_status_words(struct arena *arena, const struct step_status *status, int64_t now) {
  int64_t days = 0;
  struct text_argument arguments[] = { { "state", step_state_word(status->state) }, { "days", status->since ? count_days(arena, status->since, now, &days) : "" } };
  if (!is_waiting(status->state) || days == 0) return arguments[0].value;
  return text_fill(arena, ngettext("{state}, {days} day", "{state}, {days} days", (unsigned long)days), arguments, MEM_COUNT(arguments));
}

static const char *days_waiting(struct arena *arena, int64_t since, int64_t now) {
  int64_t days;
  struct text_argument argument = { "days", count_days(arena, since, now, &days) };
  if (days == 0) return _("Asked for today. Check again to see whether it is live.");
  return text_fill(arena, days == 1 ? _("Asked for 1 day ago. Check again to see whether it is live.") : _("Asked for {days} days ago. Check again to see whether it is live."), &argument, 1);
}

static const char *with_whom(struct arena *arena, const char *who, int64_t since, int64_t now, const char *what) {
  int64_t days;
  struct text_argument arguments[] = { { "who", text_safe_string(arena, who) }, { "days", count_days(arena, since, now, &days) }, { "what", what } };
  return text_fill(arena, days == 0 ? _("With {who} since today. {what}") : days == 1 ? _("With {who} for 1 day. {what}") : _("With {who} for {days} days. {what}"), arguments, MEM_COUNT(arguments));
}

/* ---- requests ---- */

/* Does the newest request ask for a record of one of these kinds? */
static bool request_asks(const struct guidance_view *view, const char *records, int64_t *out_when) {
  static const struct { const char *word, *section; } sections[] = { { "spf", "dns-spf" }, { "dmarc", "dns-dmarc" }, { "tlsrpt", "cloud-tlsrpt" }, { "mtasts", "mtasts" }, { "mx", "check-mx" } };
  struct casefile_request request;
  if (!records || !casefile_last_request(view->casefile, view->domain, &request)) return false;
  *out_when = request.when;
  const json_t *changes = json_object_get(casefile_last_changes(view->casefile, view->domain), "changes");
  for (size_t i = 0; i < json_array_size(changes); i++) {
    const json_t *one = json_array_get(changes, i);
    const char *section = json_text(one, "section", ""), *word = NULL;
    for (size_t n = 0; n < MEM_COUNT(sections); n++)
      if (strcmp(section, sections[n].section) == 0) word = sections[n].word;
    if (strcmp(json_text(one, "type", ""), "PTR") == 0) word = "ptr";
    if (strstr(json_text(one, "name", ""), "._domainkey.")) word = "dkim";
    if (word && text_starts_with_one(word, records)) return true;
  }
  return false;
}

/* A task of that id, or one whose id goes on after a blank: of one mail server of several. */
static bool task_done_of(const struct guidance_view *view, const char *id, int64_t *out_when) {
  const json_t *own = json_object_get(json_object_get(casefile_root(view->casefile), "tasks"), view->domain);
  size_t length = strlen(id);
  const char *key;
  json_t *task;
  json_object_foreach((json_t *)(uintptr_t)own, key, task) {
    if (strncmp(key, id, length) != 0 || (key[length] && key[length] != ' ') || !json_flag(task, "done", false)) continue;
    *out_when = json_number(task, "when", 0);
    return true;
  }
  return false;
}

/* Ticked off on the page of a record: asked for by other means than a saved request. */
static bool said_asked(struct arena *arena, const struct guidance_view *view, const char *records, int64_t *out_when) {
  static const struct { const char *word, *type, *prefix; } names[] = { { "spf", "TXT", "" }, { "dmarc", "TXT", "_dmarc" }, { "tlsrpt", "TXT", "_smtp._tls" }, { "mtasts", "TXT", "_mta-sts" }, { "mx", "MX", "" } };
  for (size_t i = 0; records && i < MEM_COUNT(names); i++) {
    const char *id = arena_printf(arena, "asked:%s %s", names[i].type, name_join(arena, names[i].prefix, view->domain));
    if (text_starts_with_one(names[i].word, records) && task_done_of(view, id, out_when)) return true;
  }
  return false;
}

/* Every server gives what the newest request asks for: what is wrong now was not asked for. */
static bool is_live(const struct guidance_view *view) { return casefile_task(view->casefile, view->domain, "ask-for-changes").done; }

/* Was the domain examined before that was seen? Then what was found is of before. */
static bool seen_before(const struct guidance_view *view) { return view->checked && view->checked < casefile_task(view->casefile, view->domain, "ask-for-changes").when; }

static const char *wrongly_published(struct arena *arena, const struct casefile_verification *look) {
  struct text_argument arguments[] = { { "n", arena_printf(arena, "%u", look->wrong) }, { "all", arena_printf(arena, "%u", look->asked) } };
  return text_fill(arena, ngettext("1 of {all} records was published otherwise than asked for. Send your DNS provider the message about it.", "{n} of {all} records were published otherwise than asked for. Send your DNS provider the message about it.", look->wrong), arguments, MEM_COUNT(arguments));
}

static struct step_status request_status(struct arena *arena, const struct guidance_view *view) {
  struct casefile_request request;
  struct casefile_verification look;
  if (!view->verdict) return (struct step_status){ STEP_CANNOT_START, _("Check the domain first: nothing is known to ask for yet."), 0 };
  if (casefile_last_request(view->casefile, view->domain, &request)) {
    if (is_live(view)) return (struct step_status){ STEP_COMPLETED, _("Completed: every server gives what was asked for."), 0 };
    bool looked = casefile_last_verification(view->casefile, view->domain, &look) && strcmp(look.reference, request.reference) == 0;
    if (looked && look.wrong) return (struct step_status){ STEP_PROBLEM, wrongly_published(arena, &look), 0 };
    return (struct step_status){ STEP_WAITING, days_waiting(arena, request.when, view->now), request.when };
  }
  if (is_live(view)) return (struct step_status){ STEP_COMPLETED, _("Completed: no DNS change is needed."), 0 };
  return (struct step_status){ STEP_NOT_STARTED, _("The change request has not been saved yet."), 0 };
}

/* ---- states ---- */

/* p=none is a stage, not a fault, while someone reads the reports. */
static bool collects_reports(const struct guidance_view *view, const struct progress *progress) {
  const char *read = casefile_answer(view->casefile, view->domain, "reports-read"), *clean = casefile_answer(view->casefile, view->domain, "reports-clean");
  bool policy = strcmp(progress->worst->rule->id, "dmarc-policy-none") == 0;
  return policy && progress->worst->severity == SEVERITY_WARN && read && strcmp(read, "yes") == 0 && (!clean || strcmp(clean, "yes") != 0);
}

static struct step_status trouble_status(struct arena *arena, const struct guidance_step *step, const struct guidance_view *view, const struct progress *progress) {
  int64_t asked;
  const char *detail = finding_detail(arena, progress->worst);
  struct casefile_task fix = casefile_task(view->casefile, view->domain, arena_printf(arena, "fix:%s", step->id));
  bool fail = progress->worst->severity == SEVERITY_FAIL;
  bool live = is_live(view), requested = request_asks(view, step->records, &asked);
  if (live && requested && seen_before(view)) return (struct step_status){ STEP_IN_PROGRESS, _("What you asked for is live. Check again to complete it."), 0 };
  if ((requested && !live) || said_asked(arena, view, step->records, &asked)) return (struct step_status){ STEP_WAITING, days_waiting(arena, asked, view->now), asked };
  if (fix.done && !fail) return (struct step_status){ STEP_COMPLETED, *fix.note ? arena_printf(arena, _("You accepted this: %s"), text_safe_string(arena, fix.note)) : _("You accepted this."), 0 };
  if (fix.done) return (struct step_status){ STEP_IN_PROGRESS, _("You said that it is mended. Check again to see whether it is."), 0 };
  if (!fail && collects_reports(view, progress)) return (struct step_status){ STEP_WAITING_REPORTS, _("Nothing is tightened before reports show for 2 weeks that your own email passes."), 0 };
  if (*fix.who) return (struct step_status){ STEP_WAITING_OTHERS, with_whom(arena, fix.who, fix.when, view->now, detail), fix.when };
  return (struct step_status){ fail ? STEP_PROBLEM : STEP_IN_PROGRESS, detail, 0 };
}

static const char *completed_by(struct arena *arena, const struct guidance_step *step, const struct guidance_view *view) {
  bool by_check = step->topics != 0;
  const char *who = "";
  struct guidance_todo *todos;
  size_t count = guidance_todos(arena, step, view->casefile, view->domain, &todos);
  for (size_t i = 0; i < count; i++) {
    bool proved;
    struct casefile_task kept = casefile_task(view->casefile, view->domain, todos[i].id);
    if (guidance_todo_done(&todos[i], view, &proved) && !proved) by_check = false, who = kept.who;
  }
  if (by_check) return _("Completed, by the checks.");
  return *who ? arena_printf(arena, _("Completed, by %s."), text_safe_string(arena, who)) : _("Completed, by you.");
}

static const char *so_many_left(struct arena *arena, unsigned count, const char *one, const char *several) {
  struct text_argument argument = { "n", arena_printf(arena, "%u", count) };
  return count == 1 ? one : text_fill(arena, several, &argument, 1);
}

static const char *left_to_do(struct arena *arena, const struct progress *progress) {
  unsigned questions = progress->asked - progress->answered + progress->open, tasks = progress->tasks - progress->done;
  if (questions) return so_many_left(arena, questions, _("1 question is left to answer."), _("{n} questions are left to answer."));
  if (progress->bad) return _("One of your answers says that a service has to be changed.");
  if (tasks) return so_many_left(arena, tasks, _("1 task is left to tick off."), _("{n} tasks are left to tick off."));
  return _("Check the domain to complete it.");
}

/* Why a step is not shown in the list, by what it applies to. */
static const char *not_needed(enum guidance_when when) {
  switch (when) {
  case WHEN_PSN: return _("You have not said that anything of yours uses the PSN.");
  case WHEN_FILTERING: return _("No filtering service is on your list.");
  case WHEN_SENDS: return _("You said that the domain sends no email.");
  case WHEN_RECEIVES: return _("You said that the domain receives no email.");
  case WHEN_OTHERS: return _("No service of others sends for the domain.");
  case WHEN_ALWAYS:
  case WHEN_OLD:
  case WHEN_GSI_NAME:
  case WHEN_NOT_GSI_NAME:
  case WHEN_SILENT:
  case WHEN_NOT_NEEDED:
  case WHEN_SUBDOMAIN: break;
  }
  return _("By your answers.");
}

/* p=quarantine is the third stage of four, unless the user ends there as the guidance of 2020 allows. */
static bool rises_further(const struct guidance_step *step, const struct guidance_view *view) {
  return strcmp(step->id, "dmarc-record") == 0 && verdict_has(view->verdict, "dmarc-policy-quarantine") && !guidance_as_2020(view->casefile, view->domain, "dmarc-aim", false);
}

struct step_status guidance_status(struct arena *arena, const struct guidance_step *step, const struct guidance_view *view) {
  struct progress progress = { 0 };
  if (!guidance_applies(step->when, view->casefile, view->domain)) return (struct step_status){ STEP_NOT_NEEDED, not_needed(step->when), 0 };
  if (strcmp(step->id, "ask-for-changes") == 0) return request_status(arena, view);
  look_at_questions(step, view, &progress);
  look_at_services(step, view, &progress);
  look_at_tasks(arena, step, view, &progress);
  look_at_findings(step, view, &progress);
  if (progress.worst) return trouble_status(arena, step, view, &progress);
  struct casefile_task fix = casefile_task(view->casefile, view->domain, arena_printf(arena, "fix:%s", step->id));
  bool unknown = progress.unknown && !fix.done;
  bool questions_done = progress.answered == progress.asked && !progress.open && (!progress.bad || fix.done);
  bool checks_done = !step->topics || (progress.checked && !unknown);
  if (questions_done && checks_done && progress.done == progress.tasks && rises_further(step, view))
    return (struct step_status){ STEP_WAITING_REPORTS, _("p=quarantine is live. p=reject is the aim: ask for it when the reports have been clean for 2 weeks."), 0 };
  if (questions_done && checks_done && progress.done == progress.tasks) return (struct step_status){ STEP_COMPLETED, completed_by(arena, step, view), 0 };
  if (*fix.who && !fix.done && (unknown || progress.bad)) return (struct step_status){ STEP_WAITING_OTHERS, with_whom(arena, fix.who, fix.when, view->now, ""), fix.when };
  if (unknown) return (struct step_status){ STEP_IN_PROGRESS, _("A part of it could not be checked from here."), 0 };
  if (questions_done && checks_done && progress.who) return (struct step_status){ STEP_WAITING_OTHERS, with_whom(arena, progress.who, progress.since, view->now, ""), progress.since };
  if (progress.answered || progress.done || progress.who || (progress.checked && step->topics)) return (struct step_status){ STEP_IN_PROGRESS, left_to_do(arena, &progress), 0 };
  return (struct step_status){ STEP_NOT_STARTED, left_to_do(arena, &progress), 0 };
}

/* ---- sections, and what is next ---- */

static enum step_state whole_state(const struct section_status *status, unsigned started) {
  if (!status->all) return STEP_NOT_NEEDED;
  if (status->completed == status->all) return STEP_COMPLETED;
  if (status->completed + status->waiting == status->all) return STEP_WAITING_OTHERS;
  if (status->problems) return STEP_PROBLEM;
  return started ? STEP_IN_PROGRESS : STEP_NOT_STARTED;
}

struct section_status guidance_section(struct arena *arena, unsigned section, const struct guidance_view *view) {
  struct section_status status = { 0 };
  unsigned started = 0, dns = 0;
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    if (section && step->section != section) continue;
    enum step_state state = guidance_status(arena, step, view).state;
    if (state == STEP_NOT_NEEDED) continue;
    status.all++;
    status.completed += state == STEP_COMPLETED;
    status.waiting += is_waiting(state);
    status.problems += state == STEP_PROBLEM;
    dns += state == STEP_WAITING;
    started += state != STEP_NOT_STARTED && state != STEP_CANNOT_START;
  }
  status.state = whole_state(&status, started);
  if (status.state == STEP_WAITING_OTHERS && dns) status.state = STEP_WAITING;
  return status;
}

struct guidance_next guidance_next(struct arena *arena, const struct guidance_view *view) {
  bool waits = false;
  if (!view->verdict) return (struct guidance_next){ .check = true, .sentence = _("Check the domain: much is answered by looking.") };
  for (size_t i = 0; i < guidance_step_count(); i++) {
    const struct guidance_step *step = guidance_step_at(i);
    struct step_status status = guidance_status(arena, step, view);
    waits |= is_waiting(status.state);
    if (status.state == STEP_COMPLETED || status.state == STEP_NOT_NEEDED || is_waiting(status.state)) continue;
    struct text_argument argument = { "step", _(step->title) };
    return (struct guidance_next){ .step = step, .sentence = text_fill(arena, _("Next: {step}."), &argument, 1) };
  }
  return (struct guidance_next){ .sentence = waits ? _("Nothing is left for you to do until what you wait for has come. Then check again.") : _("Everything that the guidance asks for is done. Check again from time to time.") };
}
