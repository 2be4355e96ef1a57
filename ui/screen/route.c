/* The way of DMARC from watching to reject: four stages, what stands before the next, and its record. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/dmarc_route.h"
#include "ui/differs.h"
#include "ui/wizard.h"

/* The record as last seen: live, else from the case. */
static const char *record_here(struct wizard *wizard, struct arena *arena) {
  struct casefile_dmarc *history;
  const struct dns_answer *answer = live_store(wizard) ? store_peek_dns(live_store(wizard), name_join(arena, "_dmarc", wizard->domain), DNS_TYPE_TXT) : NULL;
  if (answer && answer->outcome == DNS_FAILED) return NULL;
  for (size_t i = 0; answer && i < answer->count; i++)
    if (text_starts(answer->records[i].txt.bytes, "v=DMARC1")) return answer->records[i].txt.bytes;
  if (answer) return "";
  size_t count = casefile_dmarc_history(arena, wizard->casefile, wizard->domain, &history);
  return count ? history[count - 1].record : NULL;
}

/* The record that is asked for, if one is: its mended tags go with the next policy too. Null: none. */
static const char *wanted_here(struct wizard *wizard, struct arena *arena) {
  const struct plan *plan = live_plan(wizard);
  const char *name = name_join(arena, "_dmarc", wizard->domain);
  for (size_t i = 0; plan && i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (change->type == DNS_TYPE_TXT && change->wanted_count && name_equal(change->name, name)) return change->wanted[0];
  }
  return NULL;
}

static struct dmarc_route *route_here(struct wizard *wizard, struct arena *arena) {
  struct guidance_view view = wizard_view(wizard);
  return dmarc_route_make(arena, &view, record_here(wizard, arena), wanted_here(wizard, arena), live_checked_at(wizard));
}

static void put_stages(struct page *page, const struct dmarc_route *route) {
  static const char *const policies[] = { "p=none", "p=none", "p=quarantine", "p=reject" };
  struct stage stages[4];
  for (unsigned i = 0; i < 4; i++) {
    unsigned number = i + 1;
    stages[i] = (struct stage){ .title = dmarc_stage_title((enum dmarc_stage)number), .detail = policies[i], .date = "" };
    stages[i].state = number < route->stage ? STAGE_DONE : number == route->stage ? STAGE_HERE : STAGE_LATER;
    if (stages[i].state == STAGE_HERE && route->since) stages[i].date = words_date(page->arena, route->since);
  }
  page_timeline(page, stages, 4);
}

static const char *where_words(struct wizard *wizard, struct page *page, const struct dmarc_route *route) {
  if (!route->published) return _("What is published now is not known: check the domain.");
  if (!*route->published) return _("Nothing is published now. The first record is for watching only.");
  struct text_argument arguments[] = { { "when", route->since ? words_ago(page->arena, route->since, wizard_now(wizard)) : _("an unknown day") }, { "n", arena_printf(page->arena, "%d", (int)route->stage) } };
  return text_fill(page->arena, _("This policy was first seen {when}. Stage {n} of 4."), arguments, 2);
}

static void put_needs(struct page *page, const struct dmarc_route *route) {
  if (!route->need_count) return;
  page_blank(page);
  page_section(page, words_fill(page->arena, _("Before p={policy}"), "policy", route->next_policy));
  for (size_t i = 0; i < route->need_count; i++) {
    const struct dmarc_need *need = &route->needs[i];
    struct block *tick = page_tick(page, arena_printf(page->arena, "need:%s", need->id), need->text, need->met);
    tick->number = ++page->numbered;
    tick->detail = need->source;
    tick->explain = _("Enter goes to where it is answered.");
  }
}

static void put_next(struct wizard *wizard, struct page *page, const struct dmarc_route *route) {
  const char *asked = casefile_answer(wizard->casefile, wizard->domain, "dmarc-step");
  page_blank(page);
  if (!route->published) {
    page_item(page, "check", _("Check the domain now"), "", ROLE_LINK);
    return;
  }
  if (!route->next_policy) {
    page_paragraph(page, _("This is the last stage. Keep reading the reports: new services appear."));
    if (route->stage == DMARC_STAGE_QUARANTINE) page_paragraph(page, _("You chose to end at quarantine, as in the guidance of 2020."));
    return;
  }
  page_section(page, _("Next record, when ready"));
  page_value(page, route->next_record);
  if (route->stage == DMARC_STAGE_NONE) page_button(page, "records", _("See the record to ask for"));
  else if (asked && strcmp(asked, route->next_policy) == 0) page_button(page, "withdraw", _("Do not ask for it yet"));
  else page_button(page, "ask", route->ready ? _("Ask for it") : _("Ask for it although not all is ticked"));
  if (asked && strcmp(asked, route->next_policy) == 0) page_paragraph(page, _("It is in your change request (e)."));
}

static void put_history(struct page *page, const struct dmarc_route *route) {
  if (!route->history_count) return;
  page_blank(page);
  page_section(page, _("What was published, as mailstead saw it"));
  for (size_t i = 0; i < route->history_count; i++)
    page_pair(page, words_date(page->arena, route->history[i].since), *route->history[i].record ? route->history[i].record : _("no record"));
}

static void build(struct wizard *wizard, struct page *page) {
  struct dmarc_route *route = route_here(wizard, page->arena);
  page_heading(page, _("DMARC: your route to stopping forged email"));
  page_paragraph(page, where_words(wizard, page, route));
  page_blank(page);
  put_stages(page, route);
  put_needs(page, route);
  put_next(wizard, page, route);
  page_blank(page);
  differs_put_one(wizard, page, guidance_difference_find("dmarc-aim"));
  put_history(page, route);
  if (route->long_here) page->message = _("You have been at this stage for more than 3 months. Nothing advances by itself.");
  page->value = (struct page_value){ .title = _("Next DMARC record"), .text = route->next_record, .file = "dmarc.txt" };
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_COPY);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

static void choose_step(struct wizard *wizard, const char *policy) {
  struct fault fault = { "" };
  bool saved = casefile_set_answer(wizard->casefile, wizard->domain, "dmarc-step", policy, &fault);
  live_forget_plan(wizard);
  wizard_say(wizard, "%s", !saved ? fault.text : policy ? _("Saved: it goes into the change request") : _("Saved: the policy stays as it is"));
}

/* What is still missing leads to where it is answered. */
static bool leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  const char *need = text_starts(id, "need:") ? id + strlen("need:") : NULL;
  bool question = need && text_starts(need, "question:"), step = need && text_starts(need, "step:"), records = strcmp(id, "records") == 0;
  if (differs_leads(wizard, id, out_screen, out_argument)) return true;
  *out_screen = question ? SCREEN_QUESTION : step ? SCREEN_STEP : records ? SCREEN_RECORDS : SCREEN_SERVICES;
  *out_argument = question ? need + strlen("question:") : step ? need + strlen("step:") : records ? "dmarc" : "";
  return need || records;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  enum screen_id to;
  const char *argument = "";
  if (action == ACTION_SELECT && text_starts(focus, "need:") && leads(wizard, focus, &to, &argument)) {
    wizard_go(wizard, to, argument);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  struct arena *arena = arena_new();
  bool ask = strcmp(focus, "ask") == 0, withdraw = strcmp(focus, "withdraw") == 0, check = strcmp(focus, "check") == 0;
  if (ask) choose_step(wizard, route_here(wizard, arena)->next_policy);
  else if (withdraw) choose_step(wizard, NULL);
  else if (check) wizard_act(wizard, ACTION_CHECK);
  arena_free(&arena);
  return ask || withdraw || check;
}

const struct screen screen_route = { .name = "route", .help = "dmarc", .build = build, .act = act, .leads = leads };
