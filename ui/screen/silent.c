/* Domains that send nothing: which of the case they are, and the records that protect one. */
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/plans.h"
#include "ui/wizard.h"

static bool says_no(struct wizard *wizard, const char *domain, const char *key) {
  const char *answer = casefile_answer(wizard->casefile, domain, key);
  return answer && strcmp(answer, "no") == 0;
}

static bool is_silent(struct wizard *wizard, const char *domain) { return (says_no(wizard, domain, "sends") && says_no(wizard, domain, "receives")) || gsi_is_family(domain); }

static const char *state_of(const struct verdict *verdict, enum role *out) {
  *out = ROLE_NOTE;
  if (!verdict) return _("Not checked");
  if (verdict_has(verdict, "parked-ok")) {
    *out = ROLE_GOOD;
    return _("Protected");
  }
  for (size_t i = 0; i < verdict->count; i++)
    if (strncmp(verdict->findings[i]->rule->id, "parked-", 7) == 0 && verdict->findings[i]->severity == SEVERITY_FAIL) {
      *out = ROLE_FAIL;
      return _("Not protected");
    }
  *out = ROLE_WARN;
  return _("See its checks");
}

static void put_domains(struct wizard *wizard, struct page *page) {
  const struct column columns[] = { { .title = _("Domain") }, { .title = _("Sends or receives"), .whole = true }, { .title = _("State"), .whole = true } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < casefile_domain_count(wizard->casefile); i++) {
    const char *name = casefile_domain_at(wizard->casefile, i);
    enum role role;
    bool here = strcmp(name, wizard->domain) == 0;
    const char *state = state_of(here ? live_verdict(wizard) : casefile_last_verdict(page->arena, wizard->casefile, name, NULL), &role), *sends = casefile_answer(wizard->casefile, name, "sends");
    struct block *row = page_row(page, table, arena_printf(page->arena, "domain:%s", name));
    row->number = ++page->numbered;
    row->explain = here ? _("You are working on this one.") : _("Enter works on it.");
    page_cell(row, 0, text_safe_string(page->arena, name), here ? ROLE_HEADING : ROLE_TEXT);
    page_cell(row, 1, is_silent(wizard, name) ? _("No") : sends ? _("Yes") : _("Not answered"), ROLE_TEXT);
    page_cell(row, 2, is_silent(wizard, name) ? state : "", role);
  }
}

static void build(struct wizard *wizard, struct page *page) {
  const char *about = *wizard_argument(wizard) ? wizard_argument(wizard) : wizard->domain;
  page_heading(page, _("Domains that send nothing"));
  page_paragraph(page, _("A domain without email is used in forged email as readily as one with it. Four records say that it sends nothing: SPF with -all, DMARC with reject, a wildcard DKIM record with an empty key, and a null MX where the DNS host takes it."));
  page_blank(page);
  put_domains(wizard, page);
  page_blank(page);
  page_item(page, "sends", words_fill(page->arena, _("Does {domain} send email?"), "domain", wizard->domain), is_silent(wizard, wizard->domain) ? _("No") : "", ROLE_TEXT);
  page_item(page, "receives", words_fill(page->arena, _("Does {domain} receive email?"), "domain", wizard->domain), says_no(wizard, wizard->domain, "receives") ? _("No") : "", ROLE_TEXT);
  page_item(page, "domains", _("Add more domains to the case"), "", ROLE_LINK);
  if (strcmp(about, wizard->domain) != 0) page_item(page, arena_printf(page->arena, "domain:%s", about), words_fill(page->arena, _("Work on {domain}"), "domain", about), "", ROLE_LINK);
  if (is_silent(wizard, wizard->domain) && live_plan(wizard)) {
    page_blank(page);
    page_section(page, words_fill(page->arena, _("Records to ask for, for {domain}"), "domain", wizard->domain));
    plans_put_records(page, live_plan(wizard), false);
  }
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_DOMAINS);
  page_can(page, ACTION_HELP);
}

static void work_on(struct wizard *wizard, const char *name) {
  struct fault fault = { "" };
  struct arena *arena = arena_new_sized(512);
  const char *domain = arena_strdup(arena, name);
  if (!casefile_add_domain(wizard->casefile, domain, &fault)) wizard_say(wizard, "%s", fault.text);
  wizard_work_on(wizard, domain);
  wizard_set_argument(wizard, "");
  wizard_say(wizard, "%s", _("You are working on it now. Press r to check it."));
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "domain:", 7) == 0) work_on(wizard, focus + 7);
  else if (strncmp(focus, "record:", 7) == 0) wizard_go(wizard, SCREEN_RECORD, focus + 7);
  else if (strcmp(focus, "domains") == 0) wizard_go(wizard, SCREEN_DOMAINS, "");
  else if (strcmp(focus, "sends") == 0 || strcmp(focus, "receives") == 0) wizard_go(wizard, SCREEN_QUESTION, focus);
  else return false;
  return true;
}

const struct screen screen_silent = { .name = "silent", .help = "parked", .build = build, .act = act };
