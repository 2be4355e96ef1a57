/* The settings to enter in the chosen mail system, with the exceptions list filled in: all, or those of a step, which the argument names. */
#include <string.h>

#include "src/base/lib.h"
#include "src/letters/lib.h"
#include "ui/files.h"
#include "ui/partners.h"
#include "ui/wizard.h"

static const struct mail_system_facts *system_here(struct wizard *wizard) {
  const char *id = casefile_answer(wizard->casefile, "", "mail-system");
  return id && *id ? facts_mail_system_find(wizard_facts(wizard), id) : NULL;
}

static const char *settings_text(struct wizard *wizard, struct arena *arena, const struct mail_system_facts *system) {
  struct buf out = BUF_INIT(1 << 18);
  struct settings_input input = { .purposes = wizard_argument(wizard), .system = system, .exceptions = partners_list(wizard, arena, system->id, PARTNERS_EXCEPTIONS), .certificates = partners_list(wizard, arena, system->id, PARTNERS_VALID) };
  settings_write(&out, &input);
  const char *text = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return text;
}

static void build(struct wizard *wizard, struct page *page) {
  const struct mail_system_facts *system = system_here(wizard);
  const char *answer = casefile_answer(wizard->casefile, "", "mail-system");
  page->reading = system != NULL;
  page_heading(page, _("Settings for your mail system"));
  page_item(page, "choose", _("Which system sends your email to other organisations?"), system ? text_safe_string(page->arena, system->name) : answer ? _("Another one") : _("Not answered"), ROLE_TEXT);
  page_item(page, "partners", _("Test partner domains, and the exceptions list"), "", ROLE_LINK);
  if (system && *wizard_argument(wizard)) page_item(page, "all", _("All of its settings, not only those of this step"), "", ROLE_LINK);
  page_blank(page);
  if (system) files_put_text(page, system->name, settings_text(wizard, page->arena, system), arena_printf(page->arena, "settings-%s.txt", system->id));
  else if (answer) page_paragraph(page, _("We know nothing of its own settings. It must: use TLS 1.2 or later with everyone who can; require TLS for *.gov.uk with a list of exceptions; require it of nobody who sends to you; sign with DKIM after everything that changes a message; and test incoming email against DMARC."));
  else page_paragraph(page, _("Choose it first."));
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_HELP);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  const struct mail_system_facts *system = system_here(wizard);
  if (action == ACTION_SAVE && system) {
    struct arena *arena = arena_new();
    files_save(wizard, arena_printf(arena, "settings-%s", system->id), "txt", settings_text(wizard, arena, system));
    arena_free(&arena);
    return true;
  }
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "choose") == 0) wizard_go(wizard, SCREEN_QUESTION, "mail-system");
  else if (strcmp(focus, "all") == 0) wizard_set_argument(wizard, "");
  else if (strcmp(focus, "partners") == 0) wizard_go(wizard, SCREEN_PARTNERS, "");
  else return false;
  return true;
}

const struct screen screen_system = { .name = "system", .help = "tls-rules", .build = build, .act = act };
