/* A name of the gsi family must be replaced: by which domain? */
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/wizard.h"

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, words_fill(page->arena, _("Which domain replaces {name}?"), "name", wizard_argument(wizard)));
  page_paragraph(page, _("Names under gsi.gov.uk, gse.gov.uk, gcsx.gov.uk and gsx.gov.uk belong to networks that have closed, so the name must be replaced. The new domain ends in gov.uk, gov.scot, gov.wales or llyw.cymru."));
  page_blank(page);
  const char *known = casefile_answer(wizard->casefile, wizard_argument(wizard), "replacement");
  form_field(wizard, page, "new", _("New domain"), "", known ? known : "");
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  page_link(page, "later", _("I do not know yet"));
}

static void save(struct wizard *wizard, const char *old, const char *new) {
  struct fault fault = { "" };
  bool saved = casefile_set_answer(wizard->casefile, old, "replacement", new, &fault) && casefile_add_domain(wizard->casefile, new, &fault) &&
               casefile_set_answer(wizard->casefile, new, "old-domains", old, &fault);
  form_forget(wizard);
  if (saved) wizard_work_on(wizard, new);
  wizard_back(wizard);
  wizard_say(wizard, "%s", saved ? _("Saved. You are now working on the new domain.") : fault.text);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct fault fault = { "" };
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "later") == 0) {
    wizard_back(wizard);
    return true;
  }
  struct arena *arena = arena_new();
  const char *old = arena_strdup(arena, wizard_argument(wizard)), *new = name_from_user(arena, form_text(wizard, "new"), &fault);
  form_clear_errors(wizard);
  if (!new) form_error(wizard, "new", "%s", fault.text);
  else if (!gsi_is_replacement(new)) form_error(wizard, "new", "%s", _("The new domain must end in gov.uk, gov.scot, gov.wales or llyw.cymru"));
  else save(wizard, old, new);
  arena_free(&arena);
  return true;
}

const struct screen screen_gsi = { .name = "gsi", .help = "gsi", .build = build, .act = act };
