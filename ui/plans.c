#include "ui/plans.h"

#include <string.h>

#include "src/base/lib.h"
#include "ui/refs.h"
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

void plans_put_records(struct wizard *wizard, struct page *page, const struct plan *plan, bool (*chosen)(struct wizard *wizard, const char *ref)) {
  char scratch[16];
  if (!plan->change_count) {
    page_paragraph(page, _("No DNS change is needed."));
    return;
  }
  const struct column columns[] = {
    { .title = chosen ? " " : "", .whole = true }, { .title = _("Type"), .whole = true, .drop = 2 }, { .title = _("Name") },
    { .title = _("Change"), .whole = true }, { .title = _("For"), .whole = true, .drop = 1 },
  };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < plan->change_count; i++) {
    const struct plan_change *change = &plan->changes[i];
    const char *ref = change_ref(page->arena, plan, i);
    struct block *row = page_row(page, table, arena_printf(page->arena, "record:%s", ref));
    row->number = ++page->numbered;
    row->explain = _(change->sentence);
    page_cell(row, 0, chosen ? (chosen(wizard, ref) ? "[x]" : "[ ]") : arena_printf(page->arena, "%zu", i + 1), ROLE_TEXT);
    page_cell(row, 1, arena_strdup(page->arena, dns_type_name(change->type, scratch)), ROLE_TEXT);
    page_cell(row, 2, text_safe_string(page->arena, change->name), ROLE_TEXT);
    page_cell(row, 3, plans_action(change->action), change->action == PLAN_REMOVE ? ROLE_REMOVED : change->action == PLAN_ADD ? ROLE_ADDED : ROLE_CHANGED);
    page_cell(row, 4, plans_subject(page->arena, change), ROLE_TEXT);
  }
}

void plans_put_rest(struct page *page, const struct plan *plan) {
  if (plan->problem_count) {
    page_blank(page);
    page_section(page, _("What stands against it"));
    for (size_t i = 0; i < plan->problem_count; i++) {
      const struct plan_problem *problem = &plan->problems[i];
      page_add(page, BLOCK_BULLET, arena_printf(page->arena, "- %s", text_safe_string(page->arena, problem->detail)))->role = severity_role(problem->severity);
    }
  }
  if (plan->task_count) {
    page_blank(page);
    page_section(page, _("To do elsewhere"));
    for (size_t i = 0; i < plan->task_count; i++) page_bullet(page, arena_printf(page->arena, "- %s", _(plan->tasks[i].sentence)));
  }
}

/* ---- the request ---- */

const char *plans_format(struct wizard *wizard) {
  const char *name = json_text(wizard->settings, "format", "text");
  return request_format_find(name) ? name : "text";
}

bool plans_request(struct wizard *wizard, struct arena *arena, struct request *out) {
  const struct plan *plan = live_plan(wizard);
  if (!plan) return false;
  int64_t now = wizard_now(wizard);
  const char *contact = casefile_answer(wizard->casefile, wizard->domain, "dns-contact");
  struct request_details *details = ARENA_NEW(arena, struct request_details);
  *details = (struct request_details){ .requester = arena_strdup(arena, json_text(wizard->settings, "requester", "")), .recipient = contact && strcmp(contact, "unknown") != 0 ? arena_strdup(arena, contact) : "", .time = now,
                                       .number = casefile_requests_on(wizard->casefile, wizard->domain, now) + 1, .guidance_2020 = wizard->guidance_2020, .practice = wizard->options.practice,
                                       .facts = wizard_facts(wizard), .verdict = live_verdict(wizard) };
  *out = request_make(arena, plan, details);
  return true;
}

/* Never overwrites: the number goes up until the name is free. */
const char *plans_proposed_file(struct wizard *wizard, struct arena *arena, const char *reference) { return values_free_path(arena, reference, request_format_find(plans_format(wizard))->suffix); }
