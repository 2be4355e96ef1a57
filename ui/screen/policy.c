/* The MTA-STS policy file to host: as it is served now, as it should be, and where to put it. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/files.h"
#include "ui/wizard.h"

static const char *planned_file(const struct plan *plan) {
  for (size_t i = 0; plan && i < plan->task_count; i++)
    if (strncmp(plan->tasks[i].id, "mtasts-", 7) == 0 && *plan->tasks[i].text) return plan->tasks[i].text;
  return NULL;
}

static const char *served_file(struct wizard *wizard, struct arena *arena) {
  struct store *store = live_store(wizard);
  if (!store) return NULL;
  const struct https_reply *reply = store_https(store, name_join(arena, "mta-sts", wizard->domain), "/.well-known/mta-sts.txt");
  return reply && reply->status == 200 && reply->body ? arena_strndup(arena, reply->body, reply->body_length) : NULL;
}

static void put_lines(struct page *page, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\r\n");
    page_add(page, length ? BLOCK_VALUE : BLOCK_BLANK, text_safe_copy(page->arena, line, length));
    line += length;
    line += strspn(line, "\r\n");
  }
}

static void put_question(struct wizard *wizard, struct page *page, const char *key, const char *text, const char *explain) {
  bool yes = casefile_tri(casefile_answer(wizard->casefile, wizard->domain, key)) == TRI_YES;
  struct block *tick = page_tick(page, key, text, yes);
  tick->number = ++page->numbered;
  tick->explain = explain;
}

static void build(struct wizard *wizard, struct page *page) {
  const char *wanted = planned_file(live_plan(wizard)), *served = served_file(wizard, page->arena);
  page->reading = true;
  page->start = "mtasts-enforce";
  page_heading(page, _("The MTA-STS policy file"));
  page_paragraph(page, words_fill(page->arena, _("It is served as https://mta-sts.{domain}/.well-known/mta-sts.txt, as text/plain, with a certificate for that name, and without a redirect. Each line ends in CR and LF."), "domain", wizard->domain));
  page_blank(page);
  page_section(page, _("Served now"));
  if (served) put_lines(page, served);
  else page_paragraph(page, live_store(wizard) ? _("No policy is served.") : _("Not looked at yet: check the domain."));
  page_blank(page);
  page_section(page, _("To be served"));
  if (wanted) put_lines(page, wanted);
  else page_paragraph(page, live_plan(wizard) ? _("The file needs no change.") : _("This is worked out from a check of the domain."));
  page_blank(page);
  put_question(wizard, page, "mtasts-enforce", _("The reports show no failures: the next policy enforces"), _("Test first, for 2 weeks or more, with someone reading the TLS reports."));
  put_question(wizard, page, "mtasts-file-changed", _("I have put the new file in place: its id in DNS must follow"), _("Others fetch the file again only when the id in the record changes."));
  if (wanted) {
    page->value = (struct page_value){ .title = "mta-sts.txt", .text = wanted, .file = "mta-sts.txt" };
    page_can(page, ACTION_SAVE);
    page_can(page, ACTION_COPY_ALL);
    page_can(page, ACTION_PLAIN);
  }
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_CHECK);
  page_can(page, ACTION_EXPORT);
  page_can(page, ACTION_HELP);
}

static void toggle(struct wizard *wizard, const char *key) {
  struct fault fault = { "" };
  bool yes = casefile_tri(casefile_answer(wizard->casefile, wizard->domain, key)) == TRI_YES;
  bool saved = casefile_set_answer(wizard->casefile, wizard->domain, key, yes ? "no" : "yes", &fault);
  live_forget_plan(wizard);
  wizard_say_saved(wizard, saved, &fault);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action == ACTION_SAVE && planned_file(live_plan(wizard))) {
    struct arena *arena = arena_new_sized(512);
    files_save(wizard, arena_printf(arena, "mta-sts-%s", wizard->domain), "txt", planned_file(live_plan(wizard)));
    arena_free(&arena);
    return true;
  }
  if ((action != ACTION_OPEN && action != ACTION_SELECT) || strncmp(focus, "mtasts-", 7) != 0) return false;
  toggle(wizard, focus);
  return true;
}

const struct screen screen_policy = { .name = "policy", .help = "mta-sts", .build = build, .act = act };
