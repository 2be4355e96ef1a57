#include <stdio.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

/* ---- shared words ---- */

const char *severity_label(enum severity severity) {
  switch (severity) {
  case SEVERITY_PASS: return _("Good");
  case SEVERITY_INFO: return _("Note");
  case SEVERITY_WARN: return _("Warning");
  case SEVERITY_UNKNOWN: return _("Could not check");
  case SEVERITY_FAIL: return _("Problem");
  case SEVERITY_SKIPPED: break;
  }
  return _("Not checked");
}

enum role severity_role(enum severity severity) {
  switch (severity) {
  case SEVERITY_PASS: return ROLE_GOOD;
  case SEVERITY_INFO: return ROLE_NOTE;
  case SEVERITY_WARN: return ROLE_WARN;
  case SEVERITY_UNKNOWN: return ROLE_UNKNOWN;
  case SEVERITY_FAIL: return ROLE_FAIL;
  case SEVERITY_SKIPPED: break;
  }
  return ROLE_BUSY;
}

const char *ago(struct arena *arena, int64_t then) {
  int64_t minutes = (clock_wall_ms() - then) / 60000;
  struct text_argument argument = { "n", arena_printf(arena, "%lld", (long long)(minutes < 120 ? minutes : minutes < 2880 ? minutes / 60 : minutes / 1440)) };
  if (minutes < 1) return _("just now");
  return text_fill(arena, minutes < 120 ? _("{n} minutes ago") : minutes < 2880 ? _("{n} hours ago") : _("{n} days ago"), &argument, 1);
}

bool act_none(struct wizard *wizard, enum action action, const char *focus) {
  (void)wizard;
  (void)focus;
  return action == ACTION_OPEN;
}

/* ---- start ---- */

void build_start(struct wizard *wizard, struct page *page) {
  size_t count;
  struct casefile_summary *cases = casefile_list(page->arena, &count);
  page_heading(page, _("Set up government email securely"));
  page_blank(page);
  page_paragraph(page, _("Follow the GOV.UK guidance for your email domains, one step at a time. See what is published now and get the exact DNS records to ask for. This program never changes your DNS or your mail servers."));
  page_blank(page);
  if (*wizard->problem) page_add(page, BLOCK_PARAGRAPH, arena_strdup(page->arena, wizard->problem))->role = ROLE_FAIL;
  page_item(page, "new", _("Start with a new domain"), "", ROLE_TEXT);
  for (size_t i = 0; i < count && i < 9; i++) {
    struct text_argument argument = { "name", cases[i].name };
    page_item(page, arena_printf(page->arena, "case:%s", cases[i].path), text_fill(page->arena, _("Carry on with {name}"), &argument, 1), ago(page->arena, cases[i].changed), ROLE_TEXT);
  }
  page_item(page, "help:contents", _("Read the guidance first"), "", ROLE_TEXT);
  page_item(page, "settings", _("Settings"), "", ROLE_TEXT);
  page_blank(page);
  page_paragraph(page, _("You will need admin access to every service that sends or receives your email, and someone who can change the public DNS records of each domain."));
  page_blank(page);
  page_paragraph(page, _("Checks look up public DNS and connect to your public mail servers (port 25). Nothing else leaves this computer. Guidance last updated 27 April 2020."));
  page->message = _("Your work is saved on this computer as you go.");
}

static void open_case(struct wizard *wizard, const char *path) {
  struct fault fault = { "" };
  struct casefile *opened = casefile_open(path, &fault);
  if (!opened) {
    snprintf(wizard->problem, sizeof wizard->problem, "%s", fault.text);
    return;
  }
  casefile_close(&wizard->casefile);
  wizard->casefile = opened;
  snprintf(wizard->domain, sizeof wizard->domain, "%s", casefile_domain_at(opened, 0));
  wizard_go(wizard, SCREEN_HUB, "");
}

bool act_start(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "new") == 0) wizard_go(wizard, SCREEN_NEW, "");
  else if (strncmp(focus, "case:", 5) == 0) open_case(wizard, focus + 5);
  else if (strncmp(focus, "help:", 5) == 0) wizard_go(wizard, SCREEN_HELP, focus + 5);
  else if (strcmp(focus, "settings") == 0) wizard_go(wizard, SCREEN_SETTINGS, "");
  return true;
}

/* ---- domains ---- */

static void put_problem(struct wizard *wizard, struct page *page) {
  if (!*wizard->problem) return;
  page_add(page, BLOCK_SECTION, _("There is a problem"))->role = ROLE_FAIL;
  page_add(page, BLOCK_PARAGRAPH, arena_strdup(page->arena, wizard->problem))->role = ROLE_FAIL;
  page_blank(page);
}

static void put_field(struct wizard *wizard, struct page *page, const char *label) {
  struct block *block = page_add(page, BLOCK_FIELD, label);
  block->id = "field";
  block->field = &wizard->field;
}

void build_new(struct wizard *wizard, struct page *page) {
  put_problem(wizard, page);
  page_heading(page, _("Which domains do you want to set up?"));
  page_paragraph(page, _("Include domains that only receive email and domains that never send any. Type or paste them with spaces between."));
  page_blank(page);
  put_field(wizard, page, _("Domains"));
  page_blank(page);
  page_item(page, "continue", _("Continue"), "", ROLE_TEXT)->number = 0;
  page->message = wizard->options.practice ? _("On the practice estate try exampleshire.gov.uk") : "";
}

/* Takes each word as a domain; the first that is none stops with a reason, and what was typed stays. */
static size_t read_domains(struct wizard *wizard, const char **out, size_t room, struct arena *arena) {
  struct fault fault = { "" };
  size_t count = 0;
  const char *at = wizard->field.text;
  while (*(at += strspn(at, " ,;")) && count < room) {
    size_t length = strcspn(at, " ,;");
    const char *domain = name_from_user(arena, arena_strndup(arena, at, length), &fault);
    if (!domain) {
      snprintf(wizard->problem, sizeof wizard->problem, "%s", fault.text);
      return 0;
    }
    out[count++] = domain;
    at += length;
  }
  if (!count) snprintf(wizard->problem, sizeof wizard->problem, "%s", _("Enter a domain, for example example.gov.uk"));
  return count;
}

static void add_domains(struct wizard *wizard, const char **domains, size_t count) {
  struct fault fault = { "" };
  for (size_t i = 0; i < count; i++)
    if (!casefile_add_domain(wizard->casefile, domains[i], &fault)) wizard_say(wizard, "%s", fault.text);
}

bool act_new(struct wizard *wizard, enum action action, const char *focus) {
  const char *domains[50];
  (void)focus;
  if (action != ACTION_OPEN) return false;
  struct arena *arena = arena_new();
  size_t count = read_domains(wizard, domains, MEM_COUNT(domains), arena);
  if (count) {
    wizard->problem[0] = '\0';
    wizard_back(wizard);
    if (wizard_open_domain(wizard, domains[0])) {
      add_domains(wizard, domains, count);
      for (size_t i = 0; i < count; i++)
        if (gsi_is_family(domains[i])) {
          wizard_go(wizard, SCREEN_GSI, domains[i]);
          break;
        }
      wizard_say(wizard, "%s", _("Saved. Press r to check the domain, or open a step."));
    }
  }
  arena_free(&arena);
  return true;
}

void build_domains(struct wizard *wizard, struct page *page) {
  put_problem(wizard, page);
  page_heading(page, _("Domains of this case"));
  for (size_t i = 0; i < casefile_domain_count(wizard->casefile); i++) {
    const char *name = casefile_domain_at(wizard->casefile, i);
    const char *state = strcmp(name, wizard->domain) == 0 ? _("you are here") : gsi_is_family(name) ? _("gsi family: must be replaced") : "";
    page_item(page, arena_printf(page->arena, "domain:%s", name), text_safe_string(page->arena, name), state, ROLE_TEXT);
  }
  page_blank(page);
  put_field(wizard, page, _("Add domains"));
}

bool act_domains(struct wizard *wizard, enum action action, const char *focus) {
  const char *domains[50];
  if (action != ACTION_OPEN) return false;
  if (strncmp(focus, "domain:", 7) == 0) {
    snprintf(wizard->domain, sizeof wizard->domain, "%s", focus + 7);
    wizard_back(wizard);
    if (wizard_place(wizard)->screen != SCREEN_HUB) wizard_go(wizard, SCREEN_HUB, "");
    if (gsi_is_family(wizard->domain) && !casefile_answer(wizard->casefile, wizard->domain, "replacement")) wizard_go(wizard, SCREEN_GSI, wizard->domain);
    return true;
  }
  struct arena *arena = arena_new();
  size_t count = read_domains(wizard, domains, MEM_COUNT(domains), arena);
  if (count) {
    add_domains(wizard, domains, count);
    wizard->problem[0] = '\0';
    field_set(&wizard->field, "");
    wizard_say(wizard, "%s", _("Saved"));
  }
  arena_free(&arena);
  return true;
}

/* ---- a name of the gsi family ---- */

void build_gsi(struct wizard *wizard, struct page *page) {
  const char *name = wizard_place(wizard)->argument;
  put_problem(wizard, page);
  struct text_argument argument = { "name", text_safe_string(page->arena, name) };
  page_heading(page, text_fill(page->arena, _("{name} must be replaced"), &argument, 1));
  page_paragraph(page, _("Names under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk belong to networks that have closed. Which domain replaces it? It ends in gov.uk, gov.scot, gov.wales or llyw.cymru."));
  page_blank(page);
  put_field(wizard, page, _("New domain"));
  page_blank(page);
  page_item(page, "later", _("I do not know yet"), "", ROLE_TEXT)->number = 0;
}

bool act_gsi(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "later") == 0) {
    wizard_back(wizard);
    return true;
  }
  struct arena *arena = arena_new();
  const char *old = arena_strdup(arena, wizard_place(wizard)->argument), *new = name_from_user(arena, wizard->field.text, &fault);
  if (!new) {
    snprintf(wizard->problem, sizeof wizard->problem, "%s", fault.text);
  } else if (!gsi_is_replacement_suffix(new)) {
    snprintf(wizard->problem, sizeof wizard->problem, "%s", _("The new domain must end in gov.uk, gov.scot, gov.wales or llyw.cymru"));
  } else {
    casefile_set_answer(wizard->casefile, old, "replacement", new, &fault);
    casefile_add_domain(wizard->casefile, new, &fault);
    casefile_set_answer(wizard->casefile, new, "old-domains", old, &fault);
    snprintf(wizard->domain, sizeof wizard->domain, "%s", new);
    wizard_back(wizard);
    wizard_say(wizard, "%s", _("Saved. You are now working on the new domain."));
  }
  arena_free(&arena);
  return true;
}

/* ---- settings, keys, quit ---- */

void build_settings(struct wizard *wizard, struct page *page) {
  page_heading(page, _("Settings"));
  page_item(page, "language", _("Language"), strcmp(intl_language(), "cy") == 0 ? "Cymraeg" : "English", ROLE_TEXT);
  page_item(page, "colour", _("Colour"), json_text(wizard->settings, "colour", "auto"), ROLE_TEXT);
  page_item(page, "symbols", _("Symbols"), json_flag(wizard->settings, "ascii", false) ? _("ASCII only") : _("Automatic"), ROLE_TEXT);
  page_item(page, "guidance", _("Values to ask for"), wizard->guidance_2020 ? _("the guidance of 2020") : _("today's advice"), ROLE_TEXT);
  page_item(page, "smtp", _("Connect to mail servers (port 25)"), json_flag(wizard->settings, "no-smtp", false) ? _("No, DNS only") : _("Yes"), ROLE_TEXT);
  page_blank(page);
  page_pair(page, _("DNS servers"), wizard->options.observe->resolvers ? wizard->options.observe->resolvers : _("this computer's"));
  struct fault ignored;
  page_pair(page, _("Work is in"), casefile_folder(page->arena, &ignored));
  page->message = _("Changes of colour and symbols apply at the next start.");
}

static void toggle(struct wizard *wizard, const char *key) { json_object_set_new(wizard->settings, key, json_boolean(!json_flag(wizard->settings, key, false))); }

bool act_settings(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "language") == 0) {
    intl_set_language(strcmp(intl_language(), "cy") == 0 ? "en" : "cy");
    json_object_set_new(wizard->settings, "language", json_string(intl_language()));
    wizard->redraw_wanted = true;
  } else if (strcmp(focus, "colour") == 0) {
    const char *now = json_text(wizard->settings, "colour", "auto");
    json_object_set_new(wizard->settings, "colour", json_string(strcmp(now, "auto") == 0 ? "none" : strcmp(now, "none") == 0 ? "high" : "auto"));
  } else if (strcmp(focus, "symbols") == 0) {
    toggle(wizard, "ascii");
  } else if (strcmp(focus, "smtp") == 0) {
    toggle(wizard, "no-smtp");
  } else if (strcmp(focus, "guidance") == 0) {
    wizard_act(wizard, ACTION_GUIDANCE);
    return true;
  }
  if (settings_save(wizard->settings, &fault)) wizard_say(wizard, "%s", _("Saved"));
  else wizard_say(wizard, "%s", fault.text);
  return true;
}

void build_menu(struct wizard *wizard, struct page *page) {
  (void)wizard;
  page_heading(page, _("Keys"));
  page_paragraph(page, _("A letter means the same on every screen. Letters do not work while a text field has focus. Digits choose the row of that number."));
  page_blank(page);
  for (size_t i = 0; action_at(i); i++) page_pair(page, action_at(i)->key, _(action_at(i)->sentence));
}

void build_quit(struct wizard *wizard, struct page *page) {
  struct examination_figures figures = examination_figures(wizard->examination);
  page_heading(page, _("Checks are still running"));
  page_paragraph(page, arena_printf(page->arena, _("%u of %u questions have been answered. Everything you have entered is saved."), figures.answered, figures.questions));
  page_blank(page);
  page_item(page, "wait", _("Go back to what I was doing"), "", ROLE_TEXT);
  page_item(page, "quit", _("Stop the checks and quit"), "", ROLE_TEXT);
  page->message = _("Nothing has been lost");
}

bool act_quit(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "quit") == 0) wizard->quit = true;
  else wizard_back(wizard);
  return true;
}
