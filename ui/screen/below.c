/* Names beside the domain: subdomains that services send from, or digital services, each with the DMARC policy that applies to it. */
#include <string.h>

#include "checks/judge/dmarc.h"
#include "src/base/lib.h"
#include "ui/job.h"
#include "ui/names.h"
#include "ui/wizard.h"

/* ---- looking ---- */

struct names { const char **all; size_t count; struct inquiry inquiry; };
struct seen_name { bool known, failed, own; enum dmarc_policy policy; const char *from; bool has_spf; };

static void look(struct job *job) {
  const struct names *names = job->input;
  struct seen_name *seen = ARENA_ARRAY(job->arena, struct seen_name, names->count + 1);
  for (size_t i = 0; i < names->count; i++) {
    struct judgement judgement = { .store = job->store, .inquiry = &names->inquiry, .arena = job->arena, .topic = TOPIC_DMARC };
    struct dmarc_policy_found policy;
    const struct dns_answer *txt = ask_dns(&judgement, names->all[i], DNS_TYPE_TXT);
    seen[i].known = dmarc_policy_for(&judgement, names->all[i], &policy) && txt;
    if (!seen[i].known) continue;
    seen[i].failed = policy.failed != NULL;
    seen[i].own = policy.own != NULL;
    seen[i].policy = policy.effective;
    seen[i].from = policy.from;
    for (size_t n = 0; n < txt->count; n++) seen[i].has_spf |= text_starts(txt->records[n].txt.bytes, "v=spf1");
  }
  job->result = seen;
}

static bool is_digital(struct wizard *wizard) { return strcmp(wizard_argument(wizard), "digital-services") == 0; }

static size_t names_here(struct wizard *wizard, struct arena *arena, const char ***out) {
  struct inquiry inquiry = casefile_inquiry(arena, wizard->casefile, wizard->domain);
  bool digital = is_digital(wizard);
  size_t count = digital ? inquiry.digital_service_count : inquiry.subdomain_count;
  const char *const *list = digital ? inquiry.digital_services : inquiry.subdomains;
  *out = ARENA_ARRAY(arena, const char *, count + 1);
  for (size_t i = 0; i < count; i++) (*out)[i] = name_lower(arena, list[i]);
  return count;
}

static const char *job_key(struct wizard *wizard, struct arena *arena) { return arena_printf(arena, "below %s %s", wizard_argument(wizard), wizard->domain); }

static void start(struct wizard *wizard) {
  struct arena *arena = job_arena(wizard);
  struct names *names = ARENA_NEW(arena, struct names);
  names->count = names_here(wizard, arena, &names->all);
  names->inquiry = (struct inquiry){ .domain = arena_strdup(arena, wizard->domain), .topics = TOPICS_ALL };
  job_start(wizard, job_key(wizard, arena), look, NULL, names);
}

/* ---- the page ---- */

static const char *policy_words(struct arena *arena, const struct seen_name *seen, enum role *out) {
  *out = ROLE_NOTE;
  if (!seen || !seen->known) return _("Not looked at");
  *out = ROLE_UNKNOWN;
  if (seen->failed) return _("Could not check");
  *out = ROLE_FAIL;
  if (!seen->from) return _("No policy");
  *out = seen->policy == DMARC_REJECT || seen->policy == DMARC_QUARANTINE ? ROLE_GOOD : ROLE_WARN;
  return seen->own ? arena_printf(arena, _("p=%s, its own record"), dmarc_policy_name(seen->policy)) : arena_printf(arena, _("%s, from %s"), dmarc_policy_name(seen->policy), text_safe_string(arena, seen->from));
}

static void put_names(struct wizard *wizard, struct page *page, const char **names, size_t count) {
  const struct job *job = job_find(wizard, job_key(wizard, page->arena));
  const struct seen_name *seen = job && job->done ? job->result : NULL;
  const struct names *of_job = job ? job->input : NULL;
  const struct column columns[] = { { .title = _("Name") }, { .title = "DMARC", .whole = true }, { .title = "SPF", .whole = true, .drop = 1 }, { .title = _("In this case"), .whole = true } };
  const struct table *table = count ? page_table(page, columns, MEM_COUNT(columns)) : NULL;
  for (size_t i = 0; i < count; i++) {
    enum role role;
    bool same = of_job && i < of_job->count && strcmp(of_job->all[i], names[i]) == 0;
    const struct seen_name *one = seen && same ? &seen[i] : NULL;
    struct block *row = page_row(page, table, arena_printf(page->arena, "name:%s", names[i]));
    row->number = ++page->numbered;
    row->explain = _("Enter adds it to the case, with checks and a change request of its own.");
    page_cell(row, 0, text_safe_string(page->arena, names[i]), ROLE_TEXT);
    const char *words = policy_words(page->arena, one, &role);
    page_cell(row, 1, words, role);
    page_cell(row, 2, one && one->known ? (one->has_spf ? _("Yes") : _("No")) : "", ROLE_TEXT);
    page_cell(row, 3, casefile_has_domain(wizard->casefile, names[i]) ? _("Yes") : _("No"), ROLE_TEXT);
  }
  if (!count) page_paragraph(page, _("None is listed."));
  page_blank(page);
  if (job && !job->done) page_paragraph(page, _("Looking."));
  else if (count) page_item(page, "look", _("Look at their records now"), "", ROLE_LINK);
}

static void build(struct wizard *wizard, struct page *page) {
  const char **names;
  bool digital = is_digital(wizard);
  size_t count = names_here(wizard, page->arena, &names);
  page_heading(page, digital ? _("Digital services and their DMARC") : _("Subdomains for services of others"));
  page_paragraph(page, digital ? _("Each digital service needs a DMARC policy: its own record, or that of the domain above it.")
                               : _("A subdomain has its own SPF record with its own 10 look-ups, and its own DKIM keys. DMARC is inherited from the domain above unless it has a record."));
  page_blank(page);
  put_names(wizard, page, names, count);
  page_item(page, "list", digital ? _("Which digital services have domains of their own?") : _("Which subdomains send email?"), "", ROLE_TEXT);
  if (!digital) page_item(page, "services", _("The list of services, with the domain that each sends as"), "", ROLE_LINK);
  page_can(page, ACTION_DOMAINS);
  page_can(page, ACTION_HELP);
}

static void add(struct wizard *wizard, const char *name) {
  struct fault fault = { "" };
  bool there = casefile_has_domain(wizard->casefile, name), saved = casefile_add_domain(wizard->casefile, name, &fault);
  wizard_say(wizard, "%s", !saved ? fault.text : there ? _("It is in this case already: d lists the domains.") : _("Added to the case: d lists the domains."));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "name:", 5) == 0) add(wizard, focus + 5);
  else if (strcmp(focus, "look") == 0) start(wizard);
  else if (strcmp(focus, "list") == 0) wizard_go(wizard, SCREEN_QUESTION, is_digital(wizard) ? "digital-services" : "subdomains");
  else if (strcmp(focus, "services") == 0) wizard_go(wizard, SCREEN_SERVICES, "");
  else return false;
  return true;
}

const struct screen screen_below = { .name = "below", .help = "subdomains", .build = build, .act = act };
