/* The way off the gsi family: the pairs of old and new names, and for one of them what is left and the plan in order. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/migration.h"
#include "src/guidance/options.h"
#include "ui/job.h"
#include "ui/wizard.h"

/* ---- the old domain is looked at beside the keyboard ---- */

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
  input->options = guidance_plan_options(arena, wizard->casefile, old, wizard_facts(wizard), wizard->guidance_2020);
  job_start(wizard, job_key(arena, old), look_at_old, NULL, input);
}

/* ---- the page ---- */

static const struct verdict *verdict_of(struct wizard *wizard, struct arena *arena, const char *domain) {
  if (!*domain) return NULL;
  return strcmp(domain, wizard->domain) == 0 ? live_verdict(wizard) : casefile_last_verdict(arena, wizard->casefile, domain, NULL);
}

static struct migration *migration_here(struct wizard *wizard, struct page *page, struct migration_pair pair) {
  const struct job *job = job_find(wizard, job_key(page->arena, pair.old_name));
  const struct old_result *old = job && job->done ? job->result : NULL;
  struct migration_input input = { .casefile = wizard->casefile, .pair = pair, .of_new = verdict_of(wizard, page->arena, pair.new_name), .now = wizard_now(wizard),
                                   .of_old = old ? old->verdict : verdict_of(wizard, page->arena, pair.old_name), .plan_old = old ? old->plan : NULL };
  if (strcmp(pair.new_name, wizard->domain) == 0) input.plan_new = live_plan(wizard);
  return migration_make(page->arena, &input);
}

static void put_pairs(struct page *page, const struct migration_pair *pairs, size_t count) {
  const struct column columns[] = { { .title = _("Old name") }, { .title = _("Replaced by") } };
  page_heading(page, _("The way off the gsi family"));
  page_paragraph(page, _("Names under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk must be replaced. For each old name: what is left of it, and what to do in which order."));
  page_blank(page);
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) {
    struct block *row = page_row(page, table, arena_printf(page->arena, "pair:%s", pairs[i].old_name));
    row->number = ++page->numbered;
    row->explain = _("Enter shows what is left and the plan.");
    page_cell(row, 0, text_safe_string(page->arena, pairs[i].old_name), ROLE_TEXT);
    page_cell(row, 1, *pairs[i].new_name ? text_safe_string(page->arena, pairs[i].new_name) : _("not chosen yet"), *pairs[i].new_name ? ROLE_TEXT : ROLE_WARN);
  }
  if (!count) page_paragraph(page, _("No old name is listed for any domain of this case."));
  page_blank(page);
  page_item(page, "names", _("Old names that this domain replaces"), "", ROLE_LINK);
}

static void put_leftovers(struct page *page, const struct migration *m, bool checked) {
  page_section(page, _("What is left"));
  const struct column columns[] = { { .title = _("Where"), .whole = true }, { .title = _("Name"), .drop = 1 }, { .title = _("What") } };
  const struct table *table = m->leftover_count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < m->leftover_count; i++) {
    struct block *row = page_row(page, table, NULL);
    page_cell(row, 0, leftover_title(m->leftovers[i].kind), ROLE_TEXT);
    page_cell(row, 1, text_safe_string(page->arena, m->leftovers[i].where), ROLE_TEXT);
    page_cell(row, 2, text_safe_string(page->arena, m->leftovers[i].what), ROLE_TEXT);
  }
  if (!m->leftover_count) page_paragraph(page, checked ? _("Nothing that we can see refers to it.") : _("Check the new domain to see."));
}

static void put_step(struct page *page, const struct migration_step *step) {
  struct block *item = page_item(page, arena_printf(page->arena, "stage:%d", (int)step->stage), step->title, step_state_word(step->state), step_state_role(step->state));
  item->explain = step->sentence;
  page_add(page, BLOCK_PARAGRAPH, step->sentence)->indent = 4;
  for (size_t i = 0; i < step->change_count; i++) {
    char scratch[16];
    const struct plan_change *change = step->changes[i];
    const char *contact = change->contact == CONTACT_GSI ? _("the gsi contact") : change->contact == CONTACT_ADDRESS_OWNER ? _("the owner of the address") : _("registrar or DNS provider");
    page_add(page, BLOCK_BULLET, arena_printf(page->arena, "%s %s: %s", dns_type_name(change->type, scratch), text_safe_string(page->arena, change->name), contact))->indent = 4;
    if (change->wanted_count) page_add(page, BLOCK_VALUE, text_safe_string(page->arena, change->wanted[0]))->indent = 6;
  }
}

static void put_migration(struct wizard *wizard, struct page *page, struct migration_pair pair) {
  struct migration *m = migration_here(wizard, page, pair);
  const struct job *job = job_find(wizard, job_key(page->arena, pair.old_name));
  struct text_argument names[] = { { "old", text_safe_string(page->arena, m->old_name) }, { "new", *m->new_name ? text_safe_string(page->arena, m->new_name) : _("a domain not chosen yet") } };
  page_heading(page, text_fill(page->arena, _("From {old} to {new}"), names, 2));
  page_blank(page);
  put_leftovers(page, m, verdict_of(wizard, page->arena, pair.new_name) != NULL);
  page_blank(page);
  page_section(page, _("The plan, in order"));
  for (unsigned i = 0; i < MIGRATION_STAGES; i++) put_step(page, &m->steps[i]);
  page_blank(page);
  if (job && !job->done) page_paragraph(page, _("Looking at the old domain."));
  else page_item(page, "look", job ? _("Look at the old domain again") : _("Look at the old domain, and work out the records that protect it"), "", ROLE_LINK);
  page_item(page, "work", words_fill(page->arena, _("Work on {domain}: its own checks and change request"), "domain", m->old_name), "", ROLE_LINK);
}

static bool pair_here(struct wizard *wizard, struct arena *arena, struct migration_pair *out) {
  struct migration_pair *pairs;
  size_t count = migration_pairs(arena, wizard->casefile, &pairs);
  for (size_t i = 0; i < count; i++)
    if (strcmp(pairs[i].old_name, wizard_argument(wizard)) == 0) {
      *out = pairs[i];
      return true;
    }
  return false;
}

static void build(struct wizard *wizard, struct page *page) {
  struct migration_pair *pairs, pair;
  if (*wizard_argument(wizard) && pair_here(wizard, page->arena, &pair)) put_migration(wizard, page, pair);
  else put_pairs(page, pairs, migration_pairs(page->arena, wizard->casefile, &pairs));
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_HELP);
}

static void open_stage(struct wizard *wizard, enum migration_stage stage, const struct migration_pair *pair) {
  switch (stage) {
  case MIGRATE_READY:
    if (*pair->new_name) wizard_go(wizard, SCREEN_CHECKS, "");
    else wizard_go(wizard, SCREEN_GSI, pair->old_name);
    break;
  case MIGRATE_MAIL: wizard_go(wizard, SCREEN_QUESTION, "forwards"); break;
  case MIGRATE_REFERENCES: wizard_go(wizard, SCREEN_REQUEST, ""); break;
  case MIGRATE_PROTECT: wizard_go(wizard, SCREEN_SILENT, pair->old_name); break;
  case MIGRATE_TELL: wizard_go(wizard, SCREEN_TASK, "gsi-told"); break;
  case MIGRATION_STAGES: break;
  }
}

static void work_on(struct wizard *wizard, const char *old) {
  struct fault fault = { "" };
  if (!casefile_add_domain(wizard->casefile, old, &fault)) wizard_say(wizard, "%s", fault.text);
  wizard_work_on(wizard, old);
  wizard_go_to_tasks(wizard);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct arena *arena = arena_new();
  struct migration_pair pair;
  bool here = pair_here(wizard, arena, &pair), taken = action == ACTION_OPEN;
  if (!taken) taken = false;
  else if (strncmp(focus, "pair:", 5) == 0) wizard_go(wizard, SCREEN_MIGRATION, focus + 5);
  else if (strcmp(focus, "names") == 0) wizard_go(wizard, SCREEN_QUESTION, "old-domains");
  else if (here && strcmp(focus, "look") == 0) start_look(wizard, pair.old_name);
  else if (here && strcmp(focus, "work") == 0) work_on(wizard, pair.old_name);
  else if (here && strncmp(focus, "stage:", 6) == 0) open_stage(wizard, (enum migration_stage)(focus[6] - '0'), &pair);
  else taken = false;
  arena_free(&arena);
  return taken;
}

const struct screen screen_migration = { .name = "migration", .help = "gsi", .build = build, .act = act };
