#include "ui/plans.h"

#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/differences.h"
#include "src/guidance/options.h"
#include "ui/details.h"
#include "ui/values.h"

bool plans_not_ready(struct wizard *wizard, struct page *page) {
  if (live_plan(wizard)) return false;
  if (live_running(wizard) || live_store(wizard)) {
    page_heading(page, _("The records are being worked out"));
    page_paragraph(page, _("This takes a moment: the checks are not finished. The page fills by itself."));
    return true;
  }
  page_heading(page, _("Check the domain first"));
  page_paragraph(page, _("What to ask for depends on what is published now."));
  page_blank(page);
  page_item(page, "check", _("Check the domain now"), "", ROLE_TEXT);
  return true;
}

/* ---- words ---- */

const char *plans_action(enum plan_action action) { return action == PLAN_ADD ? _("add") : action == PLAN_REPLACE ? _("change") : _("remove"); }

const char *plans_contact(const struct plan_change *change) {
  switch (change->contact) {
  case CONTACT_GSI: return _("the gsi contact");
  case CONTACT_ADDRESS_OWNER: return _("the owner of the address");
  case CONTACT_REGISTRAR: break;
  }
  return _("registrar or DNS provider");
}

static bool begins(const struct plan_change *change, const char *prefix) {
  return (change->wanted_count && text_starts(change->wanted[0], prefix)) || (change->now_count && text_starts(change->now[0], prefix));
}

const char *plans_subject(struct arena *arena, const struct plan_change *change) {
  const char *key = strstr(change->name, "._domainkey");
  char scratch[16];
  if (key) return words_fill(arena, _("DKIM, {selector}"), "selector", arena_strndup(arena, change->name, (size_t)(key - change->name)));
  if (text_starts(change->name, "_dmarc.")) return "DMARC";
  if (text_starts(change->name, "_smtp._tls.")) return _("TLS reporting");
  if (text_starts(change->name, "_mta-sts.") || text_starts(change->name, "mta-sts.")) return "MTA-STS";
  if (begins(change, "v=spf1")) return "SPF";
  if (change->type == DNS_TYPE_MX) return _("Mail servers");
  if (change->type == DNS_TYPE_PTR) return _("Reverse DNS");
  return dns_type_name(change->type, scratch)[0] ? arena_strdup(arena, dns_type_name(change->type, scratch)) : "";
}

/* ---- the table of records ---- */

void plans_put_records(struct page *page, const struct plan *plan, bool boxes) {
  char scratch[16];
  if (!plan->change_count) {
    page_paragraph(page, _("No DNS change is needed."));
    return;
  }
  const struct column columns[] = {
    { .title = "", .whole = true }, { .title = _("Type"), .whole = true, .drop = 2 }, { .title = _("Name") },
    { .title = _("Change"), .whole = true }, { .title = _("For"), .whole = true, .drop = 1 },
  };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    const char *ref = plan_ref(page->arena, plan, i);
    struct block *row = page_row(page, table, arena_printf(page->arena, "record:%s", ref));
    row->number = ++page->numbered;
    row->explain = _(change->sentence);
    page_cell(row, 0, boxes ? (change->left_out ? "[ ]" : "[x]") : "", ROLE_TEXT);
    page_cell(row, 1, arena_strdup(page->arena, dns_type_name(change->type, scratch)), ROLE_TEXT);
    page_cell(row, 2, text_safe_string(page->arena, change->name), ROLE_TEXT);
    page_cell(row, 3, change->left_out ? _("left out") : plans_action(change->action), change->left_out ? ROLE_NOTE : change->action == PLAN_REMOVE ? ROLE_REMOVED : change->action == PLAN_ADD ? ROLE_ADDED : ROLE_CHANGED);
    page_cell(row, 4, plans_subject(page->arena, change), ROLE_TEXT);
  }
}

/* ---- what is left out ---- */

static const char *named(struct arena *arena, const struct plan_change *change) {
  char scratch[16];
  return arena_printf(arena, "%s %s", dns_type_name(change->type, scratch), text_safe_string(arena, change->name));
}

void plans_put_left_out(struct page *page, const struct plan *plan) {
  size_t left_out = plan_left_out_count(plan), count;
  struct request_need *needs = request_needs(page->arena, plan, &count);
  if (!left_out) return;
  page_blank(page);
  page_said(page, words_count(page->arena, ngettext("{n} record is left out: it is not asked for, and stays in your list.", "{n} records are left out: they are not asked for, and stay in your list.", (unsigned long)left_out), "n", left_out), ROLE_NOTE);
  for (size_t i = 0; i < count; i++) {
    struct text_argument said[] = { { "record", named(page->arena, needs[i].change) }, { "other", named(page->arena, needs[i].needs) }, { "why", needs[i].sentence } };
    page_add(page, BLOCK_BULLET, text_fill(page->arena, _("- {record} rests on {other}, which is left out. {why}"), said, MEM_COUNT(said)))->role = ROLE_WARN;
  }
}

void plans_toggle(struct wizard *wizard, const char *ref) {
  struct fault fault = { "" };
  size_t index;
  struct arena *arena = arena_new_sized(1024);
  const struct plan_change *change = plan_of_ref(live_plan(wizard), ref, &index);
  if (change) {
    bool leave = !change->left_out;
    bool saved = casefile_set_answer(wizard->casefile, wizard->domain, arena_printf(arena, GUIDANCE_LEFT_OUT "%s", ref), leave ? "yes" : NULL, &fault);
    live_forget_plan(wizard);
    wizard_say(wizard, "%s", !saved ? fault.text : leave ? _("Left out of the change request") : _("In the change request"));
  }
  arena_free(&arena);
}

void plans_put_problems(struct page *page, const struct plan_problem *problems, size_t count, bool first) {
  if (!count) return;
  if (first) page_blank(page), page_section(page, _("What stands against it"));
  for (size_t i = 0; i < count; i++) page_add(page, BLOCK_BULLET, arena_printf(page->arena, "- %s", text_safe_string(page->arena, problems[i].detail)))->role = severity_role(problems[i].severity);
}

void plans_put_tasks(struct page *page, const struct plan *plan) {
  if (!plan->task_count) return;
  page_blank(page);
  page_section(page, _("To do elsewhere"));
  for (size_t i = 0; i < plan->task_count; i++) page_bullet(page, arena_printf(page->arena, "- %s", _(plan->tasks[i].sentence)));
}

/* ---- the request ---- */

/* Whom a file goes to: of names and addresses that others run, those; else whoever changes the records of the zone's domain. */
static const char *recipient_of(struct wizard *wizard, struct arena *arena, const struct plan *plan, const char *zone) {
  for (size_t i = 0; zone && i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    if (strcmp(change->zone, zone) != 0) continue;
    if (change->contact != CONTACT_REGISTRAR) return plans_contact(change);
    const char *own = casefile_known_answer(wizard->casefile, change->zone, "dns-contact");
    if (own) return arena_strdup(arena, own);
  }
  return arena_strdup(arena, detail_value(wizard, "recipient"));
}

static void make(struct wizard *wizard, struct arena *arena, const struct plan *plan, const char *zone, struct request *out) {
  struct request_details *details = ARENA_NEW(arena, struct request_details);
  int64_t now = wizard_now(wizard);
  const struct facts *facts = wizard_facts(wizard);
  *details = (struct request_details){ .requester = arena_strdup(arena, detail_value(wizard, "requester")), .recipient = recipient_of(wizard, arena, plan, zone), .time = now,
                                       .number = casefile_requests_on(wizard->casefile, wizard->domain, now) + 1, .as_2020 = guidance_values_of_2020(wizard->casefile, wizard->domain, wizard->guidance_2020), .practice = wizard->options.practice,
                                       .facts = facts, .provider = facts ? facts_dns_host_find(facts, detail_value(wizard, "host")) : NULL, .zone = zone, .verdict = live_verdict(wizard),
                                       .no_undo = strcmp(detail_value(wizard, "undo"), "no") == 0 };
  *out = request_make(arena, plan, details);
}

/* Does something while the words are those of the request's language. */
static const char *speak(struct wizard *wizard, struct arena *arena) {
  const char *before = arena_strdup(arena, intl_language()), *wanted = detail_value(wizard, "language");
  if (strcmp(before, wanted) != 0) intl_set_language(wanted);
  return before;
}

static void speak_again(const char *before) {
  if (strcmp(before, intl_language()) != 0) intl_set_language(before);
}

bool plans_request(struct wizard *wizard, struct arena *arena, const char *zone, struct request *out) {
  const struct plan *plan = live_plan(wizard);
  if (plan) make(wizard, arena, plan, zone, out);
  return plan != NULL;
}

static const char *write_text(struct wizard *wizard, struct arena *arena, const struct request_format *format, const char *zone) {
  struct buf text = BUF_INIT(64 << 20);
  struct request request;
  const char *before = speak(wizard, arena);
  make(wizard, arena, live_plan(wizard), zone, &request);
  format->write(&request, &text);
  speak_again(before);
  const char *copy = arena_strndup(arena, buf_string(&text), text.length);
  buf_release(&text);
  return copy;
}

/* Never overwrites: the number goes up until the name is free. */
struct plans_file *plans_files(struct wizard *wizard, struct arena *arena, size_t *out_count) {
  struct request request;
  const struct request_format *format = request_format_find(detail_value(wizard, "format"));
  *out_count = 0;
  if (!plans_request(wizard, arena, NULL, &request)) return NULL;
  const char *name = detail_value(wizard, "name"), **zones = request_zones(arena, request.plan, out_count);
  bool each = strcmp(detail_value(wizard, "files"), "each") == 0 && *out_count > 1;
  struct plans_file *list = ARENA_ARRAY(arena, struct plans_file, *out_count + 1);
  if (!*name) name = request.reference;
  if (!each) *out_count = 1;
  for (size_t i = 0; i < *out_count; i++) {
    const char *own = each ? arena_printf(arena, "%s-%s", name, text_safe_string(arena, zones[i])) : name;
    list[i] = (struct plans_file){ .path = values_free_path(arena, own, format->suffix), .zone = each ? zones[i] : NULL };
    list[i].text = write_text(wizard, arena, format, list[i].zone);
  }
  return list;
}
