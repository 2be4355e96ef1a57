/* A name of the gsi family must be replaced: by which domain? With an argument of that name; else both are asked for. */
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  const char *old = wizard_argument(wizard), *known = *old ? casefile_replacement(page->arena, wizard->casefile, old) : NULL;
  form_summary(wizard, page);
  page_heading(page, *old ? words_fill(page->arena, _("Which domain replaces {name}?"), "name", old) : _("Which old name is replaced, and by which domain?"));
  page_paragraph(page, _("Names under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk belong to networks that have closed, so the name must be replaced. The new domain ends in gov.uk, gov.scot, gov.wales or llyw.cymru."));
  page_blank(page);
  if (!*old) form_field(wizard, page, "old", _("Old name"), _("Such as council.gsi.gov.uk"), "");
  const char *here = *old || gsi_is_family(wizard->domain) ? "" : wizard->domain;
  form_field(wizard, page, "new", _("New domain"), *old ? "" : _("Leave it empty if it is not chosen yet"), known ? known : here);
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  if (*old) page_link(page, "later", _("I do not know yet"));
}

/* What was typed as an old name; null: an error stands at the field. */
static const char *read_old(struct wizard *wizard, struct arena *arena) {
  struct fault fault = { "" };
  if (*wizard_argument(wizard)) return arena_strdup(arena, wizard_argument(wizard));
  const char *old = name_from_user(arena, form_text(wizard, "old"), &fault);
  if (!old) form_error(wizard, "old", "%s", *form_text(wizard, "old") ? fault.text : _("Enter the old name, such as council.gsi.gov.uk"));
  else if (!gsi_is_family(old)) form_error(wizard, "old", "%s", _("The old name must be under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk or gsx.gov.uk. Another domain that sends nothing any more is added to the domains of the case."));
  else return old;
  return NULL;
}

/* Null: an error stands at the field. "": not chosen yet, which only a new pair may say. */
static const char *read_new(struct wizard *wizard, struct arena *arena) {
  struct fault fault = { "" };
  const char *typed = form_text(wizard, "new");
  if (!*typed && !*wizard_argument(wizard)) return "";
  const char *new = name_from_user(arena, typed, &fault);
  if (!new) form_error(wizard, "new", "%s", *typed ? fault.text : _("Enter the domain that replaces it, or choose \"I do not know yet\""));
  else if (gsi_is_family(new)) form_error(wizard, "new", "%s", _("The new domain must not be of the gsi family itself"));
  else return new;
  return NULL;
}

/* Whoever stood on the old name goes on with the new one. */
static void save(struct wizard *wizard, const char *old, const char *new) {
  struct fault fault = { "" };
  bool moves = *new && strcmp(wizard->domain, old) == 0;
  bool saved = casefile_add_domain(wizard->casefile, *new ? new : old, &fault) && casefile_set_pair(wizard->casefile, old, new, &fault);
  form_forget(wizard);
  live_forget_plan(wizard);
  if (saved && moves) wizard_work_on(wizard, new);
  wizard_back(wizard);
  if (!saved) wizard_say(wizard, "%s", fault.text);
  else if (*new && !gsi_is_replacement(new)) wizard_say(wizard, "%s", _("Saved. It does not end in gov.uk, gov.scot, gov.wales or llyw.cymru, as the guidance asks."));
  else wizard_say(wizard, "%s", moves ? _("Saved. You are now working on the new domain.") : _("Saved"));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "later") == 0) {
    form_forget(wizard);
    wizard_back(wizard);
    return true;
  }
  struct arena *arena = arena_new();
  form_clear_errors(wizard);
  const char *old = read_old(wizard, arena), *new = read_new(wizard, arena);
  if (old && new) save(wizard, old, new);
  arena_free(&arena);
  return true;
}

const struct screen screen_gsi = { .name = "gsi", .help = "gsi", .build = build, .act = act };
