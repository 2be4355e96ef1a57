#include "src/guidance/dmarc_route.h"

#include <string.h>

#include "checks/record/dmarc.h"
#include "src/base/lib.h"
#include "src/guidance/differences.h"

enum { DAY_MS = 86400000, REPORT_DAYS = 14, LONG_DAYS = 92 };

const char *dmarc_stage_title(enum dmarc_stage stage) {
  static const char *const titles[] = { "", N_("Watch"), N_("Fix"), N_("Quarantine"), N_("Reject") };
  return stage ? _(titles[stage]) : "";
}

/* "24 November 2026" in local time. */
static const char *date_of(struct arena *arena, int64_t wall_ms) {
  static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December") };
  struct clock_date d = clock_local(wall_ms);
  return arena_printf(arena, "%d %s %d", d.day, _(months[(d.month + 11) % 12]), d.year);
}

/* ---- where the domain stands ---- */

static bool says(const struct guidance_view *view, const char *key, const char *value) {
  const char *answer = casefile_answer(view->casefile, view->domain, key);
  return answer && strcmp(answer, value) == 0;
}

static enum dmarc_stage stage_of(const struct guidance_view *view, const struct dmarc_record *record) {
  if (!record) return DMARC_STAGE_NONE;
  switch (dmarc_effective_p(record)) {
  case DMARC_REJECT: return record->t == 'y' ? DMARC_STAGE_QUARANTINE : DMARC_STAGE_REJECT;
  case DMARC_QUARANTINE: return record->t == 'y' ? DMARC_STAGE_FIX : DMARC_STAGE_QUARANTINE;
  case DMARC_NONE: return says(view, "reports-read", "yes") ? DMARC_STAGE_FIX : DMARC_STAGE_WATCH;
  case DMARC_ABSENT:
  case DMARC_INVALID: break;
  }
  return DMARC_STAGE_NONE;
}

static enum dmarc_policy policy_of(struct arena *arena, const char *text) {
  if (!dmarc_is_record(text, strlen(text))) return DMARC_ABSENT;
  return dmarc_effective_p(dmarc_parse(arena, text, strlen(text)));
}

/* The first sighting of the policy that is there now, through changes of other tags. */
static int64_t policy_since(struct arena *arena, const struct dmarc_route *route) {
  int64_t since = 0;
  if (!route->published) return 0;
  enum dmarc_policy now = policy_of(arena, route->published);
  for (size_t i = route->history_count; i-- > 0 && policy_of(arena, route->history[i].record) == now;) since = route->history[i].since;
  return since;
}

/* ---- what has to be so first ---- */

static struct dmarc_need *need(struct dmarc_route *route, const char *id, const char *text, bool met, const char *source) {
  struct dmarc_need *one = &route->needs[route->need_count++];
  *one = (struct dmarc_need){ id, text, met, source };
  return one;
}

static const char *told(struct arena *arena, const struct guidance_view *view, const char *key) {
  const char *answer = casefile_answer(view->casefile, view->domain, key);
  int64_t when = casefile_answered_at(view->casefile, view->domain, key);
  struct text_argument argument = { "date", when ? date_of(arena, when) : _("an unknown day") };
  return answer ? text_fill(arena, _("you told us on {date}"), &argument, 1) : _("not answered");
}

static const char *checked_on(struct arena *arena, int64_t checked) {
  struct text_argument argument = { "date", date_of(arena, checked) };
  return checked ? text_fill(arena, _("checked on {date}"), &argument, 1) : _("not checked");
}

static bool has_trouble(const struct verdict *verdict, enum topic topic, const char *prefix, enum severity least) {
  for (size_t i = 0; i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    bool bad = finding->severity == SEVERITY_FAIL || (least == SEVERITY_WARN && finding->severity == SEVERITY_WARN);
    if (finding->topic == topic && bad && strncmp(finding->rule->id, prefix, strlen(prefix)) == 0) return true;
  }
  return false;
}

static void need_reports(struct arena *arena, struct dmarc_route *route, const struct guidance_view *view, int64_t checked) {
  need(route, "question:reports-read", _("Someone reads the reports"), says(view, "reports-read", "yes"), told(arena, view, "reports-read"));
  bool good = view->verdict && !has_trouble(view->verdict, TOPIC_DMARC, "dmarc-rua", SEVERITY_WARN);
  need(route, "step:dmarc-record", _("The record sends reports to a mailbox that exists"), good, checked_on(arena, checked));
}

static void need_services(struct arena *arena, struct dmarc_route *route, const struct guidance_view *view, bool only_dkim) {
  unsigned all = 0, good = 0;
  for (size_t i = 0; i < casefile_service_count(view->casefile); i++) {
    struct casefile_service service = casefile_service_at(view->casefile, i);
    if (service.state != CASEFILE_CONFIRMED || service.sends != TRI_YES || !name_is_under(*service.domain ? service.domain : view->domain, view->domain)) continue;
    all++;
    good += service.signs == TRI_YES || (!only_dkim && (*service.spf || *service.addresses));
  }
  struct text_argument arguments[] = { { "good", arena_printf(arena, "%u", good) }, { "all", arena_printf(arena, "%u", all) } };
  const char *complete = casefile_answer(view->casefile, "", "services-complete");
  bool whole = complete && strcmp(complete, "yes") == 0;
  need(route, "question:services-complete", _("Every service that sends is on your list"), whole, complete ? (whole ? _("you told us") : _("you told us that it is not")) : _("not answered"));
  need(route, "services", only_dkim ? _("Every service on your list signs with DKIM as your domain") : _("Every service on your list passes SPF or DKIM"), all && good == all,
       all ? text_fill(arena, _("{good} of {all} services"), arguments, 2) : _("no service is listed"));
}

static void need_clean(struct arena *arena, struct dmarc_route *route, const struct guidance_view *view) {
  bool fresh = casefile_answered_at(view->casefile, view->domain, "reports-clean") >= route->since + (int64_t)REPORT_DAYS * DAY_MS;
  bool met = says(view, "reports-clean", "yes") && route->since && fresh;
  const char *source = says(view, "reports-clean", "yes") && !met ? _("you told us, but this policy has not been seen for 2 weeks") : told(arena, view, "reports-clean");
  need(route, "question:reports-clean", _("2 weeks of reports with no genuine email failing"), met, source);
}

static void need_told(struct arena *arena, struct dmarc_route *route, const struct guidance_view *view) {
  const struct guidance_step *step = guidance_step_find("tell-operators");
  struct step_status status = guidance_status(arena, step, view);
  need(route, "step:tell-operators", _("You have told the people who run other services"), status.state == STEP_COMPLETED, step_state_word(status.state));
}

static void list_needs(struct arena *arena, struct dmarc_route *route, const struct guidance_view *view, int64_t checked) {
  switch (route->stage) {
  case DMARC_STAGE_NONE:
  case DMARC_STAGE_REJECT: return;
  case DMARC_STAGE_WATCH:
  case DMARC_STAGE_FIX:
    need_reports(arena, route, view, checked);
    need(route, "step:spf-record", _("SPF has no problems"), view->verdict && !has_trouble(view->verdict, TOPIC_SPF, "", SEVERITY_FAIL), checked_on(arena, checked));
    need_services(arena, route, view, false);
    need_clean(arena, route, view);
    need_told(arena, route, view);
    break;
  case DMARC_STAGE_QUARANTINE:
    need_reports(arena, route, view, checked);
    need_services(arena, route, view, true);
    need_clean(arena, route, view);
    break;
  }
  route->ready = true;
  for (size_t i = 0; i < route->need_count; i++) route->ready &= route->needs[i].met;
}

/* ---- the next record ---- */

static const char *next_policy_of(enum dmarc_stage stage, bool ends_at_quarantine) {
  if (ends_at_quarantine && stage == DMARC_STAGE_QUARANTINE) return NULL;
  return stage == DMARC_STAGE_NONE ? "none" : stage == DMARC_STAGE_REJECT ? NULL : stage == DMARC_STAGE_QUARANTINE ? "reject" : "quarantine";
}

/* The tags as they are, with the next policy; pct and t go, for they weaken it (pct has left the standard, RFC 9989). */
static const char *next_record_of(struct arena *arena, const char *domain, const char *text_now, const char *policy) {
  struct buf out = BUF_INIT(8192);
  const struct dmarc_record *record = dmarc_is_record(text_now, strlen(text_now)) ? dmarc_parse(arena, text_now, strlen(text_now)) : NULL;
  if (!record) return arena_printf(arena, "v=DMARC1; p=%s; rua=mailto:dmarc@%s", policy, domain);
  buf_printf(&out, "v=DMARC1; p=%s", policy);
  for (size_t i = 0; i < record->tags->count; i++) {
    const struct tag *tag = &record->tags->tags[i];
    static const char *const left_out[] = { "v", "p", "pct", "t", "" };
    bool skip = !tag->has_equals || tag->duplicate;
    for (size_t n = 0; n < MEM_COUNT(left_out); n++) skip |= strcmp(tag->name, left_out[n]) == 0;
    if (!skip) buf_printf(&out, "; %s=%s", tag->name, tag->value);
  }
  const char *text = text_safe_copy(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

struct dmarc_route *dmarc_route_make(struct arena *arena, const struct guidance_view *view, const char *record, const char *wanted, int64_t checked) {
  struct dmarc_route *route = ARENA_NEW(arena, struct dmarc_route);
  struct casefile_dmarc *history;
  bool is_record = record && dmarc_is_record(record, strlen(record));
  const struct dmarc_record *parsed = is_record ? dmarc_parse(arena, record, strlen(record)) : NULL;
  route->history_count = casefile_dmarc_history(arena, view->casefile, view->domain, &history);
  route->history = history;
  route->published = record ? text_safe_string(arena, record) : NULL;
  route->stage = stage_of(view, parsed);
  route->since = policy_since(arena, route);
  route->long_here = route->since && view->now - route->since > (int64_t)LONG_DAYS * DAY_MS && route->stage != DMARC_STAGE_REJECT;
  route->ends_at_quarantine = guidance_as_2020(view->casefile, view->domain, "dmarc-aim", false);
  if (!route->ends_at_quarantine || route->stage != DMARC_STAGE_QUARANTINE) list_needs(arena, route, view, checked);
  if (!record) return route; /* what is not known is not taken for missing: nothing comes next */
  route->next_policy = next_policy_of(route->stage, route->ends_at_quarantine);
  if (route->next_policy) route->next_record = next_record_of(arena, view->domain, wanted ? wanted : record, route->next_policy);
  if (route->stage == DMARC_STAGE_NONE) route->ready = true;
  return route;
}
