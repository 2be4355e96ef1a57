/* The way off the gsi family: the pairs of old and new names, and for one of them what is left and the plan in order. */
#include <stdlib.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "src/guidance/migration.h"
#include "src/guidance/options.h"
#include "src/letters/lib.h"
#include "ui/job.h"
#include "ui/plans.h"
#include "ui/refs.h"
#include "ui/wizard.h"

/* ---- an old domain that no check of a new one covers is looked at beside the keyboard ---- */

struct old_input { struct inquiry inquiry; struct plan_options options; };
struct old_result { const struct verdict *verdict; const struct plan *plan; };

static void look_at_old(struct job *job) {
  const struct old_input *input = job->input;
  struct old_result *result = ARENA_NEW(job->arena, struct old_result);
  result->verdict = examine_store(job->arena, job->store, &input->inquiry);
  result->plan = plan_make(job->arena, job->store, result->verdict, &input->inquiry, &input->options);
  job->result = result;
}

static const char *job_key(struct arena *arena, const char *old) { return arena_printf(arena, "migration %s", old); }

static void start_look(struct wizard *wizard, const char *old) {
  struct arena *arena = job_arena(wizard);
  struct old_input *input = ARENA_NEW(arena, struct old_input);
  input->inquiry = casefile_inquiry(arena, wizard->casefile, old);
  input->inquiry.facts = wizard_facts(wizard);
  input->inquiry.profile = PROFILE_PARKED;
  input->inquiry.topics = 1u << TOPIC_MX | 1u << TOPIC_SPF | 1u << TOPIC_DKIM | 1u << TOPIC_DMARC | 1u << TOPIC_GSI | 1u << TOPIC_NS;
  input->inquiry.no_smtp = true;
  input->options = guidance_plan_options(arena, wizard->casefile, old, wizard_facts(wizard), wizard->guidance_2020);
  job_start(wizard, job_key(arena, old), look_at_old, NULL, input);
}

/* ---- a pair, as far as it is known ---- */

static bool is_here(const struct wizard *wizard, const char *domain) { return strcmp(domain, wizard->domain) == 0; }

static const struct verdict *verdict_of(struct wizard *wizard, struct arena *arena, const char *domain, int64_t *out_when) {
  if (!*domain) return NULL;
  if (!is_here(wizard, domain)) return casefile_last_verdict(arena, wizard->casefile, domain, out_when);
  *out_when = live_checked_at(wizard);
  return live_verdict(wizard);
}

static struct migration *migration_of(struct wizard *wizard, struct arena *arena, struct migration_pair pair) {
  const struct job *job = job_find(wizard, job_key(arena, pair.old_name));
  const struct old_result *old = job && job->done ? job->result : NULL;
  int64_t old_at;
  struct migration_input input = { .casefile = wizard->casefile, .pair = pair, .plan_old = old ? old->plan : NULL };
  input.of_new = verdict_of(wizard, arena, pair.new_name, &input.of_new_at);
  input.of_old = old ? old->verdict : verdict_of(wizard, arena, pair.old_name, &old_at);
  if (is_here(wizard, pair.new_name)) input.plan_new = live_plan(wizard);
  return migration_make(arena, &input);
}

static bool pair_find(struct wizard *wizard, struct arena *arena, const char *old, struct migration_pair *out) {
  struct migration_pair *pairs;
  size_t count = migration_pairs(arena, wizard->casefile, &pairs);
  for (size_t i = 0; i < count; i++)
    if (strcmp(pairs[i].old_name, old) == 0) {
      *out = pairs[i];
      return true;
    }
  return false;
}

/* ---- the list ---- */

static void put_pair(struct wizard *wizard, struct page *page, const struct table *table, const struct migration_pair *pair) {
  const struct migration *m = migration_of(wizard, page->arena, *pair);
  const struct migration_step *next = migration_next(m);
  struct block *row = page_row(page, table, arena_printf(page->arena, "pair:%s", pair->old_name));
  row->number = ++page->numbered;
  row->explain = next ? words_fill(page->arena, _("Next: {stage}. Enter shows the plan."), "stage", next->title) : _("Enter shows what was done.");
  page_cell(row, 0, text_safe_string(page->arena, pair->old_name), ROLE_TEXT);
  page_cell(row, 1, *pair->new_name ? text_safe_string(page->arena, pair->new_name) : _("not chosen yet"), *pair->new_name ? ROLE_TEXT : ROLE_WARN);
  page_cell(row, 2, next ? step_state_word(next->state) : _("Completed"), next ? step_state_role(next->state) : ROLE_TEXT);
}

/* Proposed from what was seen; nothing of it is an answer before the user takes it. */
static bool put_seen(struct wizard *wizard, struct page *page) {
  const char **names;
  size_t count = gsi_is_family(wizard->domain) ? 0 : migration_seen(page->arena, wizard->casefile, live_verdict(wizard), &names);
  if (!count) return false;
  page_section(page, words_fill(page->arena, _("Seen in the records of {domain}: is it an old name of yours?"), "domain", wizard->domain));
  for (size_t i = 0; i < count; i++)
    page_item(page, arena_printf(page->arena, "seen:%s", names[i]), text_safe_string(page->arena, names[i]), _("Add it"), ROLE_LINK)->explain =
      words_fill(page->arena, _("Enter lists it as replaced by {domain}."), "domain", wizard->domain);
  return true;
}

static void put_pairs(struct wizard *wizard, struct page *page) {
  struct migration_pair *pairs;
  size_t count = migration_pairs(page->arena, wizard->casefile, &pairs);
  const struct column columns[] = { { .title = _("Old name") }, { .title = _("Replaced by") }, { .title = _("State"), .whole = true } };
  page_heading(page, _("The way off the gsi family"));
  page_paragraph(page, _("Names under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk must be replaced. For each old name: what is left of it, and what to do in which order."));
  page_blank(page);
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) put_pair(wizard, page, table, &pairs[i]);
  if (count) page_blank(page);
  if (!put_seen(wizard, page) && !count) page_paragraph(page, _("No old name is listed in this case. If you have none, there is nothing to do here."));
  page_blank(page);
  page_item(page, "add", _("Add an old name, and the domain that replaces it"), "", ROLE_LINK);
  page_can(page, ACTION_ADD);
}

/* ---- what is left ---- */

/* What a row of the table opens: the finding, the service or the question behind it; null: nothing. */
static const char *target_of(struct wizard *wizard, struct arena *arena, const struct migration *m, const struct leftover *left) {
  const struct verdict *verdict = live_verdict(wizard);
  for (size_t i = 0; left->finding && verdict && i < verdict->count; i++)
    if (verdict->findings[i] == left->finding) return arena_printf(arena, "finding:%s", finding_ref(arena, verdict, i));
  if (left->kind != LEFTOVER_CASE) return NULL;
  if (!left->question) return arena_printf(arena, "service:%zu", left->service);
  return guidance_question_find(left->question) && is_here(wizard, m->new_name) ? arena_printf(arena, "question:%s", left->question) : NULL;
}

static void put_leftovers(struct wizard *wizard, struct page *page, const struct migration *m) {
  const struct column columns[] = { { .title = _("Where"), .whole = true }, { .title = _("Name"), .drop = 1 }, { .title = _("What") } };
  page_section(page, _("What is left of the old name"));
  const struct table *table = m->leftover_count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < m->leftover_count; i++) {
    const struct leftover *left = &m->leftovers[i];
    struct block *row = page_row(page, table, target_of(wizard, page->arena, m, left));
    row->explain = left->harmless ? _("It does no harm. Enter shows more.") : _("Enter shows why it matters and what to do.");
    page_cell(row, 0, leftover_title(left->kind), left->harmless ? ROLE_NOTE : ROLE_TEXT);
    page_cell(row, 1, left->where, ROLE_TEXT);
    page_cell(row, 2, left->what, ROLE_TEXT);
  }
  if (!m->leftover_count) page_paragraph(page, m->looked ? _("Nothing that we can see refers to it.") : _("That shows when the new domain has been checked."));
}

/* ---- the plan ---- */

static const char *stage_explains(enum migration_stage stage, bool chosen) {
  static const char *const words[] = { N_("Enter shows the checks of the new domain."), N_("Enter asks what happens to email to the old addresses."), N_("Enter opens the change request."),
                                       N_("Enter shows its records, or looks at the old domain."), N_("Enter says who tells them, and when it is done.") };
  return chosen || stage == MIGRATE_PROTECT ? _(words[stage]) : _("Enter asks which domain replaces the old one.");
}

static void put_records(struct wizard *wizard, struct page *page, const struct migration_step *step) {
  const struct plan *plan = live_plan(wizard);
  const struct column columns[] = { { .title = "", .whole = true }, { .title = "" }, { .title = "", .whole = true }, { .title = "", .whole = true, .drop = 1 } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < step->change_count; i++) {
    char scratch[16];
    const struct plan_change *change = step->changes[i];
    bool live = plan && change >= plan->changes && change < plan->changes + plan->change_count;
    struct block *row = page_row(page, table, live ? arena_printf(page->arena, "record:%s", plan_ref(page->arena, plan, (size_t)(change - plan->changes))) : NULL);
    row->explain = _(change->sentence);
    row->indent = 4;
    page_cell(row, 0, arena_strdup(page->arena, dns_type_name(change->type, scratch)), ROLE_TEXT);
    page_cell(row, 1, text_safe_string(page->arena, change->name), ROLE_TEXT);
    page_cell(row, 2, plans_action(change->action), ROLE_TEXT);
    page_cell(row, 3, plans_contact(change), ROLE_TEXT);
  }
}

static void put_step(struct wizard *wizard, struct page *page, const struct migration_step *step, bool chosen) {
  struct block *item = page_item(page, arena_printf(page->arena, "stage:%d", (int)step->stage), step->title, step_state_word(step->state), step_state_role(step->state));
  item->explain = stage_explains(step->stage, chosen);
  page_add(page, BLOCK_PARAGRAPH, step->sentence)->indent = 4;
  if (step->state == STEP_COMPLETED || (step->state == STEP_CANNOT_START && !step->change_count)) return;
  page_add(page, BLOCK_PARAGRAPH, words_fill(page->arena, _("Who acts: {who}."), "who", step->contact))->indent = 4;
  if (!step->change_count) return;
  if (step->stage != MIGRATE_READY) put_records(wizard, page, step);
  else page_add(page, BLOCK_PARAGRAPH, words_count(page->arena, ngettext("{n} record to ask for: see the change request (e).", "{n} records to ask for: see the change request (e).", (unsigned long)step->change_count), "n", step->change_count))->indent = 4;
}

/* ---- a pair ---- */

static void put_questions(struct wizard *wizard, struct page *page, const char *old) {
  static const char *const keys[] = { "forwards", "old-sends" };
  for (size_t i = 0; i < MEM_COUNT(keys); i++) {
    struct guidance_asked asked = guidance_ask(page->arena, guidance_question_find(keys[i]), wizard->casefile, old);
    page_item(page, arena_printf(page->arena, "question:%s %s", keys[i], old), asked.text, words_answer(page->arena, &asked), ROLE_TEXT);
  }
}

static void put_letters(struct page *page, const struct migration *m) {
  static const enum letter_kind kinds[] = { LETTER_ADDRESSES, LETTER_COLLEAGUES };
  for (size_t i = 0; i < MEM_COUNT(kinds); i++) page_item(page, arena_printf(page->arena, "letter:%s %s", letter_id(kinds[i]), m->old_name), letter_title(kinds[i]), "", ROLE_LINK);
}

static void put_ways_on(struct wizard *wizard, struct page *page, const struct migration *m) {
  const struct job *job = job_find(wizard, job_key(page->arena, m->old_name));
  page_blank(page);
  page_section(page, _("More"));
  if (*m->new_name && !is_here(wizard, m->new_name)) page_item(page, "work-new", words_fill(page->arena, _("Work on {domain}: its checks and records"), "domain", m->new_name), "", ROLE_LINK);
  if (job && !job->done) page_paragraph(page, _("Looking at the old domain."));
  else page_item(page, "look", job ? _("Look at the old domain again") : _("Look at the old domain now, and work out the records that protect it"), "", ROLE_LINK);
  page_item(page, "work", words_fill(page->arena, _("Work on {domain}: its checks and records"), "domain", m->old_name), "", ROLE_LINK);
  page_item(page, "change", *m->new_name ? _("Change the domain that replaces it") : _("Choose the domain that replaces it"), "", ROLE_LINK);
  if (*m->new_name) put_letters(page, m);
  bool listed = casefile_has_domain(wizard->casefile, m->old_name), alone = listed && casefile_domain_count(wizard->casefile) == 1;
  if (*m->new_name || (listed && !alone)) page_item(page, "remove", !listed || alone ? _("Take this pair off the list") : _("Take the old name off the list and out of this case"), "", ROLE_LINK);
}

static void put_migration(struct wizard *wizard, struct page *page, struct migration_pair pair) {
  const struct migration *m = migration_of(wizard, page->arena, pair);
  struct text_argument names[] = { { "old", text_safe_string(page->arena, m->old_name) }, { "new", *m->new_name ? text_safe_string(page->arena, m->new_name) : _("a domain not chosen yet") } };
  page_heading(page, text_fill(page->arena, _("From {old} to {new}"), names, 2));
  page_blank(page);
  page_section(page, _("The plan, in order"));
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) put_step(wizard, page, &m->steps[i], *m->new_name);
  page_blank(page);
  put_leftovers(wizard, page, m);
  page_blank(page);
  page_section(page, _("Asked about the old name"));
  put_questions(wizard, page, m->old_name);
  put_ways_on(wizard, page, m);
}

static void build(struct wizard *wizard, struct page *page) {
  struct migration_pair pair;
  if (*wizard_argument(wizard) && pair_find(wizard, page->arena, wizard_argument(wizard), &pair)) put_migration(wizard, page, pair);
  else put_pairs(wizard, page);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

/* ---- what is done ---- */

static bool work_on(struct wizard *wizard, const char *domain) {
  struct fault fault = { "" };
  if (is_here(wizard, domain)) return true;
  if (!casefile_add_domain(wizard->casefile, domain, &fault)) {
    wizard_say(wizard, "%s", fault.text);
    return false;
  }
  wizard_work_on(wizard, domain);
  return true;
}

static bool has_old_records(struct wizard *wizard, struct arena *arena, const struct migration_pair *pair) {
  return is_here(wizard, pair->new_name) && live_plan(wizard) && migration_of(wizard, arena, *pair)->steps[MIGRATE_PROTECT].change_count;
}

/* All stages are those of the new domain, which is then worked on. */
static void open_stage(struct wizard *wizard, struct arena *arena, enum migration_stage stage, const struct migration_pair *pair) {
  const char *question = arena_printf(arena, "forwards %s", pair->old_name);
  if (!*pair->new_name && stage != MIGRATE_PROTECT) {
    wizard_go(wizard, SCREEN_GSI, pair->old_name);
    return;
  }
  if (stage != MIGRATE_MAIL && stage != MIGRATE_PROTECT && !work_on(wizard, pair->new_name)) return;
  switch (stage) {
  case MIGRATE_READY: wizard_go(wizard, SCREEN_CHECKS, ""); break;
  case MIGRATE_MAIL: wizard_go(wizard, SCREEN_QUESTION, question); break;
  case MIGRATE_REFERENCES: wizard_go(wizard, SCREEN_REQUEST, ""); break;
  case MIGRATE_PROTECT:
    if (has_old_records(wizard, arena, pair)) wizard_go(wizard, SCREEN_REQUEST, "");
    else start_look(wizard, pair->old_name);
    break;
  case MIGRATE_TELL: wizard_go(wizard, SCREEN_TASK, migration_told_task(arena, pair->old_name)); break;
  case MIGRATION_STAGES: break;
  }
}

/* An old name that is a domain of the case goes with its pair, unless it is the only one. */
static void remove_pair(struct wizard *wizard, const char *old, const char *new) {
  struct fault fault = { "" };
  bool listed = casefile_has_domain(wizard->casefile, old), alone = listed && casefile_domain_count(wizard->casefile) == 1;
  bool saved = (!*new || casefile_set_pair(wizard->casefile, old, "", &fault)) && (!listed || alone || casefile_remove_domain(wizard->casefile, old, &fault));
  live_forget_plan(wizard);
  wizard_set_argument(wizard, "");
  if (saved && !casefile_has_domain(wizard->casefile, wizard->domain)) wizard_work_on(wizard, *new && casefile_has_domain(wizard->casefile, new) ? new : casefile_domain_at(wizard->casefile, 0));
  const char *said = alone ? _("It has no replacement any more. It stays: a case has at least one domain") : listed && *new ? _("Taken off the list and out of this case. u brings back the one, u again the other") : _("Taken off the list. u brings it back");
  wizard_say(wizard, "%s", saved ? said : fault.text);
}

static bool act_on_pair(struct wizard *wizard, struct arena *arena, const struct migration_pair *pair, const char *focus) {
  if (strncmp(focus, "stage:", 6) == 0) open_stage(wizard, arena, (enum migration_stage)(focus[6] - '0'), pair);
  else if (strcmp(focus, "look") == 0) start_look(wizard, pair->old_name);
  else if (strcmp(focus, "work") == 0 && work_on(wizard, pair->old_name)) wizard_go_to_tasks(wizard);
  else if (strcmp(focus, "work-new") == 0 && work_on(wizard, pair->new_name)) wizard_say(wizard, "%s", _("You are working on it now. Press r to check it."));
  else if (strcmp(focus, "change") == 0) wizard_go(wizard, SCREEN_GSI, pair->old_name);
  else if (strcmp(focus, "remove") == 0) remove_pair(wizard, pair->old_name, pair->new_name);
  else return false;
  return true;
}

static void add_seen(struct wizard *wizard, const char *old) {
  struct fault fault = { "" };
  bool saved = casefile_set_pair(wizard->casefile, old, wizard->domain, &fault);
  live_forget_plan(wizard);
  wizard_say(wizard, "%s", saved ? _("Saved. Check again (r), and what is left of it shows. u takes it back") : fault.text);
}

static bool act_on_row(struct wizard *wizard, const char *focus) {
  static const struct { const char *prefix; enum screen_id screen; } rows[] = {
    { "pair:", SCREEN_MIGRATION }, { "question:", SCREEN_QUESTION }, { "finding:", SCREEN_FINDING }, { "record:", SCREEN_RECORD }, { "service:", SCREEN_SERVICE }, { "letter:", SCREEN_LETTER },
  };
  for (size_t i = 0; i < MEM_COUNT(rows); i++) {
    size_t length = strlen(rows[i].prefix);
    if (strncmp(focus, rows[i].prefix, length) != 0) continue;
    wizard_go(wizard, rows[i].screen, focus + length);
    return true;
  }
  return false;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct arena *arena = arena_new();
  struct migration_pair pair;
  bool taken = true;
  if (action == ACTION_ADD || (action == ACTION_OPEN && strcmp(focus, "add") == 0)) wizard_go(wizard, SCREEN_GSI, "");
  else if (action != ACTION_OPEN) taken = false;
  else if (strncmp(focus, "seen:", 5) == 0) add_seen(wizard, focus + 5);
  else taken = act_on_row(wizard, focus) || (pair_find(wizard, arena, wizard_argument(wizard), &pair) && act_on_pair(wizard, arena, &pair, focus));
  arena_free(&arena);
  return taken;
}

const struct screen screen_migration = { .name = "migration", .help = "gsi", .build = build, .act = act };
