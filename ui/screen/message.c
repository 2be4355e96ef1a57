/* A message that the administrator opens or pastes: does each DKIM signature on it hold, and does one count for the domain in From? */
#include <stdlib.h>
#include <string.h>

#include "checks/judge/dkim.h"
#include "checks/record/dkim_message.h"
#include "src/base/lib.h"
#include "ui/job.h"
#include "ui/wizard.h"

struct looked_at { struct inquiry inquiry; const char *from; };
struct results { struct dkim_told all[DKIM_MOST_TOLD]; size_t count; };

static const char *job_key(struct wizard *wizard, struct arena *arena) { return arena_printf(arena, "message %s", wizard->domain); }

static void look(struct job *job) {
  const struct looked_at *input = job->input;
  struct results *results = ARENA_NEW(job->arena, struct results);
  struct judgement judgement = { .store = job->store, .inquiry = &input->inquiry, .arena = job->arena, .topic = TOPIC_DKIM };
  results->count = dkim_message_tell(&judgement, results->all);
  job->result = results;
}

/* ---- starting ---- */

/* Takes the octets over into the job. */
static void verify(struct wizard *wizard, const char *bytes, size_t length) {
  struct fault fault = { "" };
  struct arena *arena = job_arena(wizard);
  struct looked_at *input = ARENA_NEW(arena, struct looked_at);
  const char *kept = arena_memdup(arena, bytes, length);
  const struct message *message = message_parse(arena, kept, length, &fault);
  const char *from = message ? message_sender(arena, message, &fault) : NULL;
  form_clear_errors(wizard);
  if (!from) {
    form_error(wizard, "path", "%s", fault.text);
    return;
  }
  if (!suffix_same(from, wizard->domain)) {
    struct text_argument names[] = { { "from", from }, { "domain", wizard->domain } };
    form_error(wizard, "path", "%s", text_fill(arena, _("The message is from {from}, not from {domain}"), names, 2));
    return;
  }
  input->from = from;
  input->inquiry = (struct inquiry){ .domain = from, .topics = TOPICS_ALL, .message = message, .facts = wizard_facts(wizard) };
  if (job_start(wizard, job_key(wizard, arena), look, NULL, input)) wizard_focus(wizard, "", "verify");
}

static void open_file(struct wizard *wizard) {
  struct fault fault = { "" };
  size_t length;
  const char *path = form_text(wizard, "path");
  form_clear_errors(wizard);
  char *bytes = *path ? file_read_regular(path, MESSAGE_MOST_OCTETS, &length, &fault) : NULL;
  if (bytes) verify(wizard, bytes, length);
  else form_error(wizard, "path", "%s", *path ? fault.text : _("Enter the path of the file, or paste the whole message"));
  free(bytes);
}

/* ---- the page ---- */

static void put_result(struct page *page, const struct table *table, const struct dkim_told *told) {
  struct block *row = page_row(page, table, NULL);
  page_cell(row, 0, told->signer, ROLE_TEXT);
  page_cell(row, 1, told->selector, ROLE_TEXT);
  page_cell(row, 2, severity_label(told->severity), severity_role(told->severity));
  page_cell(row, 3, told->words, ROLE_TEXT);
}

static bool one_counts(const struct results *results) {
  for (size_t i = 0; i < results->count; i++)
    if (results->all[i].holds && results->all[i].counts) return true;
  return false;
}

static bool one_is_unknown(const struct results *results) {
  for (size_t i = 0; i < results->count; i++)
    if (results->all[i].severity == SEVERITY_UNKNOWN) return true;
  return false;
}

static void put_results(struct page *page, const struct looked_at *input, const struct results *results) {
  const struct column columns[] = { { .title = _("Signed by"), .whole = true }, { .title = _("Selector"), .drop = 1 }, { .title = _("State"), .whole = true }, { .title = _("What we found"), .wrap = true } };
  bool good = one_counts(results), unknown = !good && one_is_unknown(results);
  page_blank(page);
  page_section(page, words_fill(page->arena, _("The message from {domain}"), "domain", input->from));
  if (good) page_said(page, _("Good: a signature holds, and it counts for the domain in From. DMARC passes by it."), ROLE_GOOD);
  else if (unknown) page_said(page, _("Could not check: a key could not be looked up. Try again later."), ROLE_UNKNOWN);
  else page_said(page, results->count ? _("Problem: no signature that counts for the domain in From holds.") : _("Problem: the message has no DKIM signature."), ROLE_FAIL);
  if (!results->count) return;
  page_blank(page);
  const struct table *table = page_table(page, columns, MEM_COUNT(columns));
  for (size_t i = 0; i < results->count; i++) put_result(page, table, &results->all[i]);
}

static void build(struct wizard *wizard, struct page *page) {
  const struct job *job = job_find(wizard, job_key(wizard, page->arena));
  form_summary(wizard, page);
  page_heading(page, _("Verify the DKIM signatures of a message"));
  page_paragraph(page, _("Send a message from the service to a mailbox elsewhere. Save it there as it came (\"Show original\", or as an .eml file) and open it here. A file is surer than pasting, which can change blanks. The message does not leave this computer: only the keys that it names are looked up."));
  page_blank(page);
  form_field(wizard, page, "path", _("File with the message"), _("A path, or paste the whole message here, header and body"), "");
  page_button(page, "verify", _("Verify"));
  if (job && !job->done) page_paragraph(page, _("Looking its keys up."));
  if (job && job->done) {
    put_results(page, job->input, job->result);
    page_blank(page);
    page_item(page, "task", _("Say that messages to outside mailboxes show a valid signature"), "", ROLE_LINK);
  }
  page_can(page, ACTION_HELP);
}

/* Terminals paste line ends as CR. */
static bool paste_text(struct wizard *wizard, const char *id, const char *text, size_t length) {
  struct buf lines = BUF_INIT(MESSAGE_MOST_OCTETS);
  if (strcmp(id, "path") != 0) return false;
  for (size_t i = 0; i < length; i++) {
    bool pair = text[i] == '\r' && i + 1 < length && text[i + 1] == '\n';
    if (!pair) buf_char(&lines, text[i] == '\r' ? '\n' : text[i]);
  }
  bool several = strchr(buf_string(&lines), '\n') != NULL;
  if (several) verify(wizard, buf_string(&lines), lines.length);
  buf_release(&lines);
  return several;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "verify") == 0 || strcmp(focus, "path") == 0) open_file(wizard);
  else if (strcmp(focus, "task") == 0) wizard_go(wizard, SCREEN_TASK, "cloud-dkim-sign");
  else return false;
  return true;
}

const struct screen screen_message = { .name = "message", .help = "dkim", .build = build, .act = act, .paste_text = paste_text };
