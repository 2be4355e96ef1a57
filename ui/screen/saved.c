/* The change request has been saved: where it is, what happens next, and how long it has been waited for. */
#include <string.h>

#include "src/base/lib.h"
#include "src/request/requested.h"
#include "ui/plans.h"
#include "ui/values.h"
#include "ui/verifies.h"
#include "ui/wizard.h"

/* The change whose old value stays in use longest, by what was saved: the plan may have changed since. Null: nothing old is replaced. */
static const struct plan_change *slowest(const struct requested *requested) {
  const struct plan_change *slow = NULL;
  for (size_t i = 0; i < requested->count; i++)
    if (requested->changes[i].now_ttl && (!slow || requested->changes[i].now_ttl > slow->now_ttl)) slow = &requested->changes[i];
  return slow;
}

static void put_files(struct page *page, const char *files) {
  for (const char *at = files; *at;) {
    size_t length = strcspn(at, "\n");
    page_pair(page, at == files ? _("File") : "", values_short_path(page->arena, arena_strndup(page->arena, at, length)));
    at += length + (at[length] == '\n');
  }
}

static void put_request(struct page *page, const struct casefile_request *request, const struct requested *requested) {
  page_pair(page, _("Reference"), text_safe_string(page->arena, request->reference));
  put_files(page, request->file);
  struct text_argument counts[] = { { "n", arena_printf(page->arena, "%u", request->records) }, { "left", arena_printf(page->arena, "%zu", requested->left_out) } };
  page_pair(page, _("Records"), requested->left_out ? text_fill(page->arena, _("{n}, and {left} left out"), counts, MEM_COUNT(counts)) : counts[0].value);
  page_blank(page);
}

static void put_steps(struct page *page, const struct requested *requested) {
  const struct plan_change *slow = slowest(requested);
  page_section(page, _("What happens next"));
  page_step(page, 1, *requested->recipient ? words_fill(page->arena, _("Send the file to {who}."), "who", requested->recipient) : _("Send the file to whoever changes your DNS."));
  if (slow) {
    struct text_argument said[] = { { "ttl", arena_printf(page->arena, "%u", slow->now_ttl) }, { "record", plans_subject(page->arena, slow) }, { "time", words_span(page->arena, slow->now_ttl) } };
    page_step(page, 2, text_fill(page->arena, _("They publish the records. With a TTL of {ttl} the old value ({record}) can stay in use for up to {time} after that."), said, MEM_COUNT(said)));
  } else {
    page_step(page, 2, _("They publish the records."));
  }
  page_step(page, 3, _("Come back here and press r. We compare what is published with what you asked for, letter by letter."));
}

/* "Waiting for DNS" with its days, and what the last look showed. */
static void put_waiting(struct wizard *wizard, struct page *page, const struct casefile_request *request) {
  struct casefile_verification seen = { .asked = 0 };
  int64_t now = wizard_now(wizard);
  bool looked = casefile_last_verification(wizard->casefile, wizard->domain, &seen) && strcmp(seen.reference, request->reference) == 0;
  if (casefile_task(wizard->casefile, wizard->domain, "ask-for-changes").done) {
    page_said(page, _("Everything that was asked for is live."), ROLE_GOOD);
    page_blank(page);
    return;
  }
  struct step_status waiting = { .state = STEP_WAITING, .reason = "", .since = request->when };
  page_said(page, words_fill(page->arena, _("The steps of these records now say: {state}."), "state", step_status_words(page->arena, &waiting, now)), ROLE_BUSY);
  if (looked) {
    page_paragraph(page, verifies_last_look(page->arena, &seen, now));
  }
  page_blank(page);
}

/* The next domain of the case for which nothing has been asked yet; null: none. */
static const char *next_domain(struct wizard *wizard) {
  size_t count = casefile_domain_count(wizard->casefile), here = 0;
  struct casefile_request ignored;
  while (here < count && strcmp(casefile_domain_at(wizard->casefile, here), wizard->domain) != 0) here++;
  for (size_t i = 1; i < count; i++) {
    const char *name = casefile_domain_at(wizard->casefile, (here + i) % count);
    if (strcmp(name, wizard->domain) != 0 && !casefile_last_request(wizard->casefile, name, &ignored)) return name;
  }
  return NULL;
}

static void put_links(struct wizard *wizard, struct page *page) {
  const char *next = next_domain(wizard);
  page_item(page, "tasks", _("Go back to your tasks"), "", ROLE_TEXT);
  page_item(page, "verify", _("Are your changes live?"), "", ROLE_TEXT);
  if (wizard->options.provider) page_item(page, "provider", _("Play the DNS provider: carry it out (practice only)"), "", ROLE_TEXT);
  page_item(page, "letter", _("Draft the message to your organisation"), "", ROLE_TEXT);
  if (next) page_item(page, arena_printf(page->arena, "next:%s", next), words_fill(page->arena, _("Set up the next domain ({domain})"), "domain", next), "", ROLE_TEXT);
  page_item(page, "domains", _("Work on another domain"), "", ROLE_TEXT);
  page_item(page, "quit", _("Quit"), "", ROLE_TEXT);
}

static void build(struct wizard *wizard, struct page *page) {
  struct casefile_request request;
  struct requested requested = { .recipient = "" };
  struct fault ignored;
  if (!casefile_last_request(wizard->casefile, wizard->domain, &request)) {
    page_heading(page, _("No change request has been saved yet"));
    page_link(page, "tasks", _("Go back to your tasks"));
    return;
  }
  if (!requested_read(page->arena, casefile_last_changes(wizard->casefile, wizard->domain), &requested, &ignored)) requested = (struct requested){ .recipient = "" };
  page_heading(page, _("Change request saved"));
  put_request(page, &request, &requested);
  put_steps(page, &requested);
  put_waiting(wizard, page, &request);
  put_links(wizard, page);
  page->value = (struct page_value){ .title = _("File"), .text = arena_strdup(page->arena, request.file), .file = "file-name" };
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_COPY);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_BACK || action == ACTION_LEFT) {
    wizard_go_to_tasks(wizard);
    return true;
  }
  if (action == ACTION_CHECK || (action == ACTION_OPEN && strcmp(focus, "verify") == 0)) {
    wizard_go(wizard, SCREEN_VERIFY, "");
    if (action == ACTION_CHECK) verifies_start(wizard);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  bool next = strncmp(focus, "next:", 5) == 0;
  if (next) wizard_work_on(wizard, focus + 5);
  if (next) wizard_go_to_tasks(wizard);
  else if (strcmp(focus, "letter") == 0) wizard_go(wizard, SCREEN_LETTER, "everyone");
  else if (strcmp(focus, "provider") == 0) wizard_go(wizard, SCREEN_PROVIDER, "");
  else if (strcmp(focus, "domains") == 0) wizard_go(wizard, SCREEN_DOMAINS, "");
  else wizard_act(wizard, strcmp(focus, "quit") == 0 ? ACTION_QUIT : ACTION_TASKS);
  return true;
}

const struct screen screen_saved = { .name = "saved", .help = "change-requests", .build = build, .act = act };
