/* Which domains to set up: a field for each, or a list pasted into any of them. */
#include <stdlib.h>
#include <string.h>

#include "checks/judge/gsi.h"
#include "src/base/lib.h"
#include "ui/names.h"
#include "ui/wizard.h"

enum { FIRST_FIELDS = 3, MOST_FIELDS = 40 };

static const char *field_id(struct arena *arena, unsigned index) { return arena_printf(arena, "domain%u", index + 1); }

static unsigned field_count(struct wizard *wizard) {
  unsigned long count = strtoul(form_text(wizard, "fields"), NULL, 10);
  return count < FIRST_FIELDS ? FIRST_FIELDS : count > MOST_FIELDS ? MOST_FIELDS : (unsigned)count;
}

static void set_field_count(struct wizard *wizard, unsigned count) {
  struct arena *arena = arena_new_sized(64);
  form_set(wizard, "fields", arena_printf(arena, "%u", count));
  arena_free(&arena);
}

static void build(struct wizard *wizard, struct page *page) {
  form_summary(wizard, page);
  page_heading(page, _("Which domains do you want to set up?"));
  page_paragraph(page, _("Include domains that only receive email and domains that never send any. You can paste a whole list into a field."));
  page_blank(page);
  for (unsigned i = 0; i < field_count(wizard); i++) {
    const char *label = words_count(page->arena, i == 0 ? _("Domain {n}") : _("Domain {n} (optional)"), "n", i + 1);
    form_field(wizard, page, field_id(page->arena, i), label, "", "");
  }
  page_blank(page);
  page_button(page, "continue", _("Continue"));
  page_link(page, "more", _("Add another"));
  page->message = wizard->options.practice ? _("On the practice estate try exampleshire.gov.uk") : _("Type a domain, for example example.gov.uk, then press Enter.");
}

/* What was typed in all fields, in their order; a field that holds what cannot be a domain gets an error. */
static size_t read_fields(struct wizard *wizard, struct arena *arena, const char ***out, const char **out_changed) {
  size_t count = 0;
  *out = NULL;
  *out_changed = "";
  form_clear_errors(wizard);
  for (unsigned i = 0; i < field_count(wizard); i++) {
    struct fault fault = { "" };
    const char **names, *changed;
    size_t added;
    if (!names_read(arena, form_text(wizard, field_id(arena, i)), &names, &added, &changed, &fault)) {
      form_error(wizard, field_id(arena, i), "%s", fault.text);
      continue;
    }
    if (*changed) *out_changed = changed;
    for (size_t n = 0; n < added; n++) {
      *out = arena_grow(arena, (void *)*out, count, sizeof **out);
      (*out)[count++] = names[n];
    }
  }
  if (!count && !form_error_count(wizard)) form_error(wizard, "domain1", "%s", _("Enter a domain, for example example.gov.uk"));
  return form_error_count(wizard) ? 0 : count;
}

/* The page is left before the case is opened: where that fails it comes back with all that was typed. */
static bool leave_for_case(struct wizard *wizard, const char *domain, struct fault *fault) {
  struct arena *arena = arena_new();
  unsigned count = field_count(wizard);
  const char **typed = ARENA_ARRAY(arena, const char *, count);
  for (unsigned i = 0; i < count; i++) typed[i] = arena_strdup(arena, form_text(wizard, field_id(arena, i)));
  form_forget(wizard);
  wizard_back(wizard);
  bool opened = wizard_open_domain(wizard, domain, fault);
  if (!opened) {
    wizard_go(wizard, SCREEN_NEW, "");
    set_field_count(wizard, count);
    for (unsigned i = 0; i < count; i++) form_set(wizard, field_id(arena, i), typed[i]);
    form_error(wizard, field_id(arena, 0), "%s", fault->text);
  }
  arena_free(&arena);
  return opened;
}

static void open_all(struct wizard *wizard, const char *const *names, size_t count, const char *changed) {
  struct fault fault = { "" };
  const char *old = NULL;
  if (!leave_for_case(wizard, names[0], &fault)) return;
  for (size_t i = 0; i < count; i++) {
    if (!casefile_add_domain(wizard->casefile, names[i], &fault)) wizard_say(wizard, "%s", fault.text);
    if (!old && gsi_is_family(names[i])) old = names[i];
  }
  if (old) wizard_go(wizard, SCREEN_GSI, old);
  if (!*fault.text) wizard_say(wizard, *changed ? "%s %s" : "%s%s", changed, _("Saved. Press r to check the domain, or open a step."));
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  if (action != ACTION_OPEN) return false;
  if (strcmp(focus, "more") == 0) {
    unsigned count = field_count(wizard) + 1;
    struct arena *arena = arena_new_sized(64);
    set_field_count(wizard, count);
    wizard_focus(wizard, "", field_id(arena, field_count(wizard) - 1));
    arena_free(&arena);
    return true;
  }
  struct arena *arena = arena_new();
  const char **names, *changed;
  size_t count = read_fields(wizard, arena, &names, &changed);
  if (count) open_all(wizard, names, count, changed);
  arena_free(&arena);
  return true;
}

/* The last field takes all that is left of a long list: null, it has not the room. */
static const char *rest_of(struct arena *arena, const char *const *lines, size_t count) {
  struct buf rest = BUF_INIT(FIELD_MOST);
  for (size_t i = 0; i < count; i++) buf_printf(&rest, i ? " %s" : "%s", lines[i]);
  const char *text = rest.overflowed ? NULL : arena_strdup(arena, buf_string(&rest));
  buf_release(&rest);
  return text;
}

/* Each line goes to a field of its own, from the focused one on. */
static bool paste(struct wizard *wizard, const char *id, const char *const *lines, size_t count) {
  struct arena *arena = arena_new();
  unsigned first = (unsigned)strtoul(id + strlen("domain"), NULL, 10) - 1;
  size_t own = MOST_FIELDS - 1 - first; /* lines that get a field of their own */
  const char *rest = count > own ? rest_of(arena, lines + own, count - own) : "";
  if (!rest) {
    wizard_say_full(wizard);
    arena_free(&arena);
    return true;
  }
  if (first + count > field_count(wizard)) set_field_count(wizard, first + (unsigned)count);
  for (size_t i = 0; i < count && i < own; i++) form_set(wizard, field_id(arena, first + (unsigned)i), lines[i]);
  if (*rest) form_set(wizard, field_id(arena, MOST_FIELDS - 1), rest);
  wizard_say(wizard, "%s", words_count(arena, _("{n} lines pasted"), "n", count));
  arena_free(&arena);
  return true;
}

const struct screen screen_new = { .name = "new", .help = "domains", .build = build, .act = act, .paste = paste };
