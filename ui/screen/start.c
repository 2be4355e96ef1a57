/* The first screen: begin, or carry on with a case. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/values.h"
#include "ui/wizard.h"

enum { MOST_CASES = 9, DAY_MS = 86400000 };

static void put_cases(struct wizard *wizard, struct page *page) {
  size_t count;
  struct casefile_summary *cases = casefile_list(page->arena, &count);
  for (size_t i = 0; i < count && i < MOST_CASES; i++) {
    const char *label = words_fill(page->arena, _("Carry on with {name}"), "name", cases[i].name), *age = words_ago(page->arena, cases[i].changed, wizard_now(wizard));
    unsigned done, all;
    bool known = wizard_progress(cases[i].path, &done, &all);
    struct text_argument arguments[] = { { "n", known ? arena_printf(page->arena, "%u", done) : "" }, { "all", known ? arena_printf(page->arena, "%u", all) : "" }, { "age", age } };
    struct block *item = page_item(page, arena_printf(page->arena, "case:%s", cases[i].path), label, known ? text_fill(page->arena, _("{n} of {all} steps, {age}"), arguments, 3) : age, ROLE_TEXT);
    if (i == 0) page_can(page, ACTION_REMOVE);
    item->explain = wizard_now(wizard) - cases[i].changed > DAY_MS ? _("Its last check may be out of date: press r there to check again.") : "";
  }
}

static void build(struct wizard *wizard, struct page *page) {
  page_heading(page, _("Set up government email securely"));
  page_blank(page);
  page_paragraph(page, _("Follow the GOV.UK guidance for your email domains, one step at a time. See what is published now and get the exact DNS records to ask for. This program never changes your DNS or your mail servers."));
  page_blank(page);
  page_item(page, "new", _("Start with a new domain"), "", ROLE_TEXT);
  put_cases(wizard, page);
  page_item(page, "help:contents", _("Read the guidance first"), "", ROLE_TEXT);
  page_item(page, "settings", _("Settings"), "", ROLE_TEXT);
  page_blank(page);
  page_paragraph(page, _("You will need:"));
  page_bullet(page, _("- admin access to every service that sends or receives your email"));
  page_bullet(page, _("- someone who can change the public DNS records of each domain"));
  page_blank(page);
  page_paragraph(page, _("Checks look up public DNS, connect to your public mail servers (port 25), and read your MTA-STS policy and the public register of domains. Nothing else leaves this computer. Guidance last updated 27 April 2020."));
  page->message = _("Your work is saved on this computer as you go.");
  page_can(page, ACTION_HELP);
}

/* A case that was begun by mistake need not stay on the list. */
static bool put_aside(struct wizard *wizard, const char *path) {
  struct fault fault = { "" };
  struct arena *arena = arena_new_sized(4096);
  bool open = wizard->casefile && strcmp(casefile_path(wizard->casefile), path) == 0;
  if (open) wizard_close_case(wizard);
  const char *aside = casefile_put_aside(arena, path, &fault);
  wizard_say(wizard, "%s", aside ? words_fill(arena, _("Off the list. Its file is kept as {path}; take \".aside\" off its name to have it back."), "path", values_short_path(arena, aside)) : fault.text);
  arena_free(&arena);
  return true;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action == ACTION_REMOVE && strncmp(focus, "case:", 5) == 0) return put_aside(wizard, focus + 5);
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "new") == 0) wizard_go(wizard, SCREEN_NEW, "");
  else if (strncmp(focus, "help:", 5) == 0) wizard_go(wizard, SCREEN_HELP, focus + 5);
  else if (strcmp(focus, "settings") == 0) wizard_go(wizard, SCREEN_SETTINGS, "");
  else if (strncmp(focus, "case:", 5) == 0 && !wizard_open_case(wizard, focus + 5, &fault)) wizard_say(wizard, "%s", fault.text);
  return true;
}

const struct screen screen_start = { .name = "start", .help = "start", .build = build, .act = act };
