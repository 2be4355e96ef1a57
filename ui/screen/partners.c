/* Partner domains, typed, pasted or from a file: tested side by side for TLS 1.2 and valid certificates; the lists that come of it. */
#include <stdlib.h>
#include <string.h>

#include "checks/judge/mail_hosts.h"
#include "src/base/lib.h"
#include "ui/files.h"
#include "ui/job.h"
#include "ui/partners.h"
#include "ui/wizard.h"

enum { MOST_FILE = 1 << 20, MOST_PARTNERS = 5000, AT_ONCE = 64 };

/* ---- the test ---- */

/* What is settled of a partner is kept and not judged again; so many of the others are under way at once. */
struct testing { struct partner_list list; struct partner_result *results; bool *settled; size_t settled_count; };

static size_t hosts_of(struct judgement *asking, const char *domain, const char *const **out) {
  struct mail_hosts *hosts = ARENA_NEW(asking->arena, struct mail_hosts);
  if (!mail_hosts_find(asking, domain, true, hosts)) return 0;
  const char **names = ARENA_ARRAY(asking->arena, const char *, hosts->count + 1);
  for (size_t i = 0; i < hosts->count; i++) names[i] = text_safe_string(asking->arena, hosts->hosts[i].name);
  *out = names;
  return hosts->count;
}

/* False: something of it is not known yet. */
static bool test_one(struct job *job, struct arena *arena, const char *domain, struct partner_result *out) {
  struct inquiry inquiry = { .domain = domain, .topics = TOPICS_ALL, .test_network = job->wizard->live.inquiry.test_network, .smtp_reachable = observers_smtp_reachable(job->wizard->live.observers) };
  struct judgement judgement = { .store = job->store, .inquiry = &inquiry, .arena = arena, .topic = TOPIC_TLS }, asking = judgement;
  const char *const *hosts = NULL;
  partner_judge(&judgement);
  size_t count = hosts_of(&asking, domain, &hosts);
  *out = partner_result_of(arena, domain, judgement.findings, judgement.count, hosts, count);
  return !judgement.waiting && !asking.waiting;
}

static void test_all(struct job *job) {
  struct testing *testing = job->input;
  size_t before = testing->settled_count;
  for (size_t i = 0, waiting = 0; i < testing->list.count && waiting < AT_ONCE; i++) {
    if (testing->settled[i]) continue;
    if (!test_one(job, job->arena, testing->list.domains[i], &testing->results[i])) waiting++;
    else testing->settled_count++, testing->settled[i] = test_one(job, job->input_arena, testing->list.domains[i], &testing->results[i]);
  }
  if (testing->settled_count != before) job->wizard->changed = true;
}

static void keep_results(struct job *job) {
  struct fault fault = { "" };
  struct wizard *wizard = job->wizard;
  const struct testing *testing = job->input;
  if (!wizard->casefile) return;
  bool saved = casefile_put_partners(wizard->casefile, partners_json(testing->results, testing->list.count, job->at), &fault);
  wizard_say(wizard, "%s", saved ? _("The partners have been tested") : fault.text);
}

/* ---- the list ---- */

static const char *typed(struct wizard *wizard) {
  const char *answer = casefile_answer(wizard->casefile, "", "partners");
  return answer ? answer : "";
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct fault fault = { "" };
  if (strcmp(id, "list") != 0) return false;
  bool saved = casefile_set_answer(wizard->casefile, "", "partners", text, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

/* What could not be used, or stood there twice, is told with the first of its kind. */
static const char *read_words(struct arena *arena, const struct partner_list *list) {
  const struct partner_note *unusable = NULL;
  size_t unused = 0, twice = 0;
  for (size_t i = 0; i < list->note_count; i++) {
    const struct partner_note *note = &list->notes[i];
    bool unused_one = !note->domain && !note->beside;
    if (unused_one && !unusable) unusable = note;
    unused += unused_one;
    twice += note->domain && *note->why;
  }
  struct text_argument arguments[] = { { "n", arena_printf(arena, "%zu", list->count) }, { "twice", arena_printf(arena, "%zu", twice) }, { "unused", arena_printf(arena, "%zu", unused) },
                                       { "first", unusable ? unusable->typed : "" }, { "line", arena_printf(arena, "%zu", unusable ? unusable->line : 0) } };
  const char *words = unused ? _("Domains: {n}. Listed twice: {twice}. Not a domain: {unused}, the first \"{first}\" in line {line}.") : twice ? _("Domains: {n}. Listed twice: {twice}.") : _("Domains: {n}.");
  return text_fill(arena, words, arguments, MEM_COUNT(arguments));
}

/* What may be tested is kept as the list; else the field says why not. */
static void take_list(struct wizard *wizard, const char *field, const struct partner_list *list) {
  struct fault fault = { "" };
  struct buf all = BUF_INIT(2 << 20);
  if (list->count > MOST_PARTNERS) {
    form_error(wizard, field, _("There are %zu domains in it, and at most %d are tested here. mailstead partners tests longer lists"), list->count, (int)MOST_PARTNERS);
    return;
  }
  for (size_t i = 0; i < list->count; i++) buf_printf(&all, i ? " %s" : "%s", list->domains[i]);
  bool saved = casefile_set_answer(wizard->casefile, "", "partners", buf_string(&all), &fault);
  form_forget(wizard);
  struct arena *arena = arena_new();
  wizard_say(wizard, "%s", saved ? read_words(arena, list) : fault.text);
  arena_free(&arena);
  buf_release(&all);
}

static void read_file_list(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  size_t length = 0;
  const char *path = form_text(wizard, "file"), *home = file_home();
  if (strncmp(path, "~/", 2) == 0 && home) path = arena_printf(arena, "%s%s", home, path + 1);
  char *text = *path ? file_read_regular(path, MOST_FILE, &length, &fault) : NULL;
  struct partner_list list = { 0 };
  if (text) partners_read(arena, text, length, &list);
  form_clear_errors(wizard);
  if (!*path) form_error(wizard, "file", "%s", _("Enter the path of a file with one domain a line"));
  else if (!text) form_error(wizard, "file", "%s", fault.text);
  else if (!list.count) form_error(wizard, "file", "%s", _("There is no domain in this file"));
  else take_list(wizard, "file", &list);
  free(text);
  arena_free(&arena);
}

static void start(struct wizard *wizard) {
  wizard_leave(wizard);
  struct arena *arena = job_arena(wizard);
  struct testing *testing = ARENA_NEW(arena, struct testing);
  partners_read(arena, typed(wizard), strlen(typed(wizard)), &testing->list);
  testing->results = ARENA_ARRAY(arena, struct partner_result, testing->list.count + 1);
  testing->settled = ARENA_ARRAY(arena, bool, testing->list.count + 1);
  form_clear_errors(wizard);
  if (!testing->list.count) form_error(wizard, "list", "%s", _("Enter at least one partner domain"));
  else if (job_start(wizard, "partners", test_all, keep_results, testing)) wizard_say(wizard, "%s", read_words(arena, &testing->list));
}

/* "Tested 312 of 1000. You can leave this page." */
static void put_progress(struct wizard *wizard, struct page *page) {
  const struct job *job = job_find(wizard, "partners");
  const struct testing *testing = job ? job->input : NULL;
  if (!job || job->done) return;
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%zu", testing->settled_count) }, { "all", arena_printf(page->arena, "%zu", testing->list.count) } };
  page_paragraph(page, text_fill(page->arena, _("Testing: {n} of {all} done. You can leave this page."), counts, 2));
}

/* ---- the page ---- */

static void put_result(struct page *page, const struct table *table, const struct partner_result *one) {
  bool exception = partner_is_exception(one);
  struct block *row = page_row(page, table, arena_printf(page->arena, "partner:%s", one->domain));
  row->number = ++page->numbered;
  row->explain = *one->reason ? one->reason : one->no_mail ? _("It takes no email.") : _("It takes TLS 1.2 or later.");
  page_cell(row, 0, one->domain, ROLE_TEXT);
  page_cell(row, 1, one->no_mail ? _("No email") : one->unknown ? _("Could not check") : one->needs_exception ? _("No") : _("Yes"), one->unknown ? ROLE_UNKNOWN : one->needs_exception ? ROLE_FAIL : ROLE_TEXT);
  page_cell(row, 2, one->no_mail || exception ? "" : one->valid_certificate ? _("Yes") : _("No"), ROLE_TEXT);
  page_cell(row, 3, exception ? _("Exception") : one->gsi ? _("gsi family") : "", exception ? ROLE_WARN : ROLE_TEXT);
}

static void put_results(struct wizard *wizard, struct page *page) {
  struct partner_result *results;
  size_t count = partners_results(wizard, page->arena, &results);
  if (!count) return;
  page_blank(page);
  page_section(page, words_fill(page->arena, _("Tested {when}"), "when", words_time(page->arena, partners_tested_at(wizard), wizard_now(wizard))));
  const struct column columns[] = { { .title = _("Partner") }, { .title = _("TLS 1.2+"), .whole = true }, { .title = _("Valid certificate"), .whole = true, .drop = 1 }, { .title = _("List"), .whole = true } };
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < count; i++) put_result(page, table, &results[i]);
}

/* What the test saw of one partner. */
static void beside(struct wizard *wizard, const char *id, struct page *page) {
  struct partner_result *results;
  size_t count = text_starts(id, "partner:") ? partners_results(wizard, page->arena, &results) : 0, at = 0;
  while (at < count && strcmp(results[at].domain, id + strlen("partner:")) != 0) at++;
  if (at == count) return;
  const struct partner_result *one = &results[at];
  page_heading(page, one->domain);
  page_paragraph(page, *one->reason ? one->reason : one->no_mail ? _("It takes no email.") : _("It takes TLS 1.2 or later."));
  page_blank(page);
  if (one->host_count) page_section(page, _("Its mail servers"));
  for (size_t i = 0; i < one->host_count; i++) page_bullet(page, arena_printf(page->arena, "- %s", one->hosts[i]));
  if (!partner_is_exception(one)) return;
  page_blank(page);
  page_paragraph(page, _("It stands on the exceptions list. m drafts a message to it."));
}

static const char *report(struct wizard *wizard, struct arena *arena) {
  struct buf out = BUF_INIT(1 << 20);
  struct partner_result *results;
  size_t count = partners_results(wizard, arena, &results);
  const char *system = casefile_answer(wizard->casefile, "", "mail-system");
  if (count) partners_write_text(&out, results, count, system ? facts_mail_system_find(wizard_facts(wizard), system) : NULL);
  const char *text = count ? arena_strndup(arena, buf_string(&out), out.length) : NULL;
  buf_release(&out);
  return text;
}

static void put_lists(struct wizard *wizard, struct page *page) {
  const char *text = report(wizard, page->arena), *system = casefile_answer(wizard->casefile, "", "mail-system");
  if (!text) return;
  page_blank(page);
  page_section(page, _("The lists, in the form of your mail system"));
  if (!system) page_item(page, "system", _("Which system sends your email to other organisations?"), _("Not answered"), ROLE_TEXT);
  files_put_text(page, _("Partner domains"), text, "partners.txt");
}

/* A list of thousands has no room in a field. */
static bool is_long(struct wizard *wizard) { return strlen(typed(wizard)) > FIELD_MOST; }

static void put_list(struct wizard *wizard, struct page *page) {
  struct partner_list list;
  if (!is_long(wizard)) {
    form_field(wizard, page, "list", _("Partner domains"), _("With spaces between. A list can be pasted"), typed(wizard));
    return;
  }
  partners_read(page->arena, typed(wizard), strlen(typed(wizard)), &list);
  page_item(page, "empty", _("Partner domains"), words_count(page->arena, _("{n} domains"), "n", list.count), ROLE_TEXT)->explain = _("Too many to edit here. Enter empties the list, so that you can begin another. u takes that back.");
}

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, _("Which partners can be sent to with TLS 1.2?"));
  page_paragraph(page, _("List the domains that you send email to: other councils, departments, health bodies, police. Those without TLS 1.2 go on the exceptions list of your rule."));
  page_blank(page);
  put_list(wizard, page);
  form_field(wizard, page, "file", _("Or a file to read them from"), _("One a line, or a table saved as CSV; addresses will do"), "");
  put_progress(wizard, page);
  page_button(page, "test", _("Test them"));
  page_button(page, "read", _("Read the file"));
  put_results(wizard, page);
  put_lists(wizard, page);
  page_can(page, ACTION_MESSAGE);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_HELP);
}

static void message(struct wizard *wizard, const char *focus) {
  if (strncmp(focus, "partner:", 8) != 0 && !partners_have_to_be_told(wizard)) {
    wizard_say(wizard, "%s", _("Go to a partner in the list to write to it. The check saw no mail server of yours without TLS 1.2, so there is nothing to tell them all."));
    return;
  }
  struct arena *arena = arena_new_sized(512);
  wizard_go(wizard, SCREEN_LETTER, strncmp(focus, "partner:", 8) == 0 ? arena_printf(arena, "partner %s", focus + 8) : "partner");
  arena_free(&arena);
}

static void save(struct wizard *wizard) {
  struct arena *arena = arena_new();
  const char *text = report(wizard, arena);
  if (text) files_save(wizard, "partners", "txt", text);
  else wizard_say(wizard, "%s", _("Test the partners first"));
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  bool partner = strncmp(focus, "partner:", 8) == 0;
  if (action == ACTION_SAVE) save(wizard);
  else if (action == ACTION_MESSAGE || (action == ACTION_OPEN && partner)) message(wizard, focus);
  else if (action != ACTION_OPEN) return false;
  else if (strcmp(focus, "test") == 0 || strcmp(focus, "list") == 0) start(wizard);
  else if (strcmp(focus, "empty") == 0) keep(wizard, "list", "");
  else if (strcmp(focus, "read") == 0 || strcmp(focus, "file") == 0) read_file_list(wizard);
  else if (strcmp(focus, "system") == 0) wizard_go(wizard, SCREEN_QUESTION, "mail-system");
  else return false;
  return true;
}

/* Several lines are read like a file, after what stands in the field. */
static bool paste_text(struct wizard *wizard, const char *id, const char *text, size_t length) {
  struct buf all = BUF_INIT(2 << 20);
  struct partner_list list;
  if (strcmp(id, "list") != 0 || !(memchr(text, '\n', length) || memchr(text, '\r', length))) return false;
  struct arena *arena = arena_new();
  if (*form_text(wizard, "list")) buf_printf(&all, "%s\n", form_text(wizard, "list"));
  buf_bytes(&all, text, length);
  partners_read(arena, buf_string(&all), all.length, &list);
  form_clear_errors(wizard);
  if (list.count) take_list(wizard, "list", &list);
  else form_error(wizard, "list", "%s", _("There is no domain in what was pasted"));
  arena_free(&arena);
  buf_release(&all);
  return true;
}

const struct screen screen_partners = { .name = "partners", .help = "tls-rules", .build = build, .act = act, .keep = keep, .paste_text = paste_text, .beside = beside };
