/* Mail servers besides the MX, checked by name. */
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/secondary.h"
#include "ui/job.h"
#include "ui/names.h"
#include "ui/wizard.h"

struct hosts { const char **all; size_t count; struct inquiry inquiry; };

static void look(struct job *job) {
  const struct hosts *hosts = job->input;
  struct secondary_host *seen = ARENA_ARRAY(job->arena, struct secondary_host, hosts->count + 1);
  for (size_t i = 0; i < hosts->count; i++) {
    struct judgement judgement = { .store = job->store, .inquiry = &hosts->inquiry, .arena = job->arena, .topic = TOPIC_TLS };
    (void)secondary_look(&judgement, hosts->all[i], &seen[i]);
  }
  job->result = seen;
}

static size_t hosts_here(struct wizard *wizard, struct arena *arena, const char ***out) {
  const char *answer = casefile_answer(wizard->casefile, wizard->domain, "secondary-hosts");
  size_t count = names_words(arena, answer ? answer : "", out);
  for (size_t i = 0; i < count; i++) (*out)[i] = name_lower(arena, (*out)[i]);
  return count;
}

static const char *job_key(struct wizard *wizard, struct arena *arena) { return arena_printf(arena, "secondary %s", wizard->domain); }

static void start(struct wizard *wizard) {
  struct arena *arena = job_arena(wizard);
  struct hosts *hosts = ARENA_NEW(arena, struct hosts);
  hosts->count = hosts_here(wizard, arena, &hosts->all);
  hosts->inquiry = (struct inquiry){ .domain = arena_strdup(arena, wizard->domain), .topics = TOPICS_ALL, .smtp_reachable = wizard->live.inquiry.smtp_reachable };
  job_start(wizard, job_key(wizard, arena), look, NULL, hosts);
}

static void put_hosts(struct page *page, const struct job *job, const char **names, size_t count) {
  const struct hosts *of_job = job ? job->input : NULL;
  const struct secondary_host *seen = job && job->done ? job->result : NULL;
  const struct column columns[] = { { .title = _("Server") }, { .title = _("State"), .whole = true }, { .title = "TLS", .whole = true, .drop = 1 }, { .title = _("What we saw"), .wrap = true } };
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) {
    const struct secondary_host *one = seen && i < of_job->count && strcmp(of_job->all[i], names[i]) == 0 ? &seen[i] : NULL;
    struct block *row = page_row(page, table, NULL);
    page_cell(row, 0, text_safe_string(page->arena, names[i]), ROLE_TEXT);
    page_cell(row, 1, one ? severity_label(one->severity) : _("Not checked"), one ? severity_role(one->severity) : ROLE_NOTE);
    page_cell(row, 2, one ? one->version : "", ROLE_TEXT);
    page_cell(row, 3, one ? one->words : "", ROLE_TEXT);
  }
  if (!count) page_paragraph(page, _("None is listed."));
}

static void build(struct wizard *wizard, struct page *page) {
  const char **names;
  size_t count = hosts_here(wizard, page->arena, &names);
  const struct job *job = job_find(wizard, job_key(wizard, page->arena));
  page_heading(page, _("Other mail servers"));
  page_paragraph(page, _("Standby servers, relays and gateways that no MX record names must use TLS 1.2 or later too. List them, and they are checked by name."));
  page_blank(page);
  put_hosts(page, job, names, count);
  page_blank(page);
  if (job && !job->done) page_paragraph(page, _("Looking."));
  else if (count) page_item(page, "look", _("Check them now"), "", ROLE_LINK);
  page_item(page, "list", _("Which other mail servers does this domain use, besides its MX?"), "", ROLE_TEXT);
  page_item(page, "task", _("Say that secondary services have been checked"), "", ROLE_LINK);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "look") == 0) start(wizard);
  else if (strcmp(focus, "list") == 0) wizard_go(wizard, SCREEN_QUESTION, "secondary-hosts");
  else if (strcmp(focus, "task") == 0) wizard_go(wizard, SCREEN_TASK, "check-secondary");
  else return false;
  return true;
}

const struct screen screen_secondary = { .name = "secondary", .help = "logs", .build = build, .act = act };
