/* One detail of the change request: who gets it, its format, its file. The argument is its id. */
#include <string.h>

#include "src/base/lib.h"
#include "ui/details.h"
#include "ui/plans.h"
#include "ui/wizard.h"

#define VALUE "value"

static const struct detail *detail_here(struct wizard *wizard) { return detail_find(wizard_argument(wizard)); }

static void put_choices(struct wizard *wizard, struct page *page, const struct detail *detail) {
  size_t count;
  struct detail_choice *choices = detail_choices(wizard, page->arena, detail, &count);
  if (!form_choice(wizard, VALUE)) form_choose(wizard, VALUE, detail_value(wizard, detail->id));
  for (size_t i = 0; i < count; i++) form_option(wizard, page, VALUE, choices[i].value, choices[i].words, choices[i].consequence);
}

static void build(struct wizard *wizard, struct page *page) {
  const struct detail *detail = detail_here(wizard);
  if (!detail) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("A change request has no detail by the name of {name}"), "name", wizard_argument(wizard)));
    return;
  }
  form_summary(wizard, page);
  page_heading(page, words_fill(page->arena, _("Change request: {detail}"), "detail", _(detail->title)));
  page_paragraph(page, *detail->hint ? _(detail->hint) : "");
  page_blank(page);
  if (detail->is_text) form_field(wizard, page, VALUE, _(detail->title), "", detail_value(wizard, detail->id));
  else put_choices(wizard, page, detail);
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  page_can(page, ACTION_SELECT);
  page_can(page, ACTION_FIND);
  page_can(page, ACTION_HELP);
}

/* The name of a file, not of a place. */
static bool fits(struct wizard *wizard, const struct detail *detail, const char *text) {
  form_clear_errors(wizard);
  if (strcmp(detail->id, "name") != 0 || (!strpbrk(text, "/\\") && *text != '.')) return true;
  form_error(wizard, VALUE, "%s", _("The file name must not hold a folder or begin with a dot"));
  return false;
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  const struct detail *detail = detail_here(wizard);
  struct fault fault = { "" };
  if (!detail || strcmp(id, VALUE) != 0 || !fits(wizard, detail, text)) return false;
  if (strcmp(detail_value(wizard, detail->id), text) == 0) return true;
  bool saved = detail_set(wizard, detail, text, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN || strcmp(focus, "continue") != 0) return false;
  form_leave_all(wizard);
  if (!form_error_count(wizard)) wizard_back(wizard);
  return true;
}

const struct screen screen_detail = { .name = "detail", .help = "change-requests", .build = build, .act = act, .keep = keep };
