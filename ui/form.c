#include "ui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/drafts.h"
#include "ui/wizard.h"

/* One field, choice or flag of one place. */
struct entry {
  char *key, *id;
  struct field field;
  char *label, *kept;     /* kept: the text when it was last saved */
  char *draft;            /* as it stands in the file of drafts; null: not there */
  char error[400];
  bool typed;             /* a text field, not a choice or a flag */
  bool undrafted;         /* the file of drafts could not be written */
  bool ahead;             /* of a page that nobody has gone to: it goes with the page */
  bool taken;             /* the screen has saved it: the case knows better from now on */
};

struct form {
  struct entry **entries;
  size_t count;
};

struct form *form_new(void) { return mem_zalloc(1, sizeof(struct form)); }

static void entry_free(struct entry *entry) {
  free(entry->key);
  free(entry->id);
  free(entry->label);
  free(entry->kept);
  free(entry->draft);
  free(entry);
}

void form_free(struct form **form) {
  if (!*form) return;
  for (size_t i = 0; i < (*form)->count; i++) entry_free((*form)->entries[i]);
  free((*form)->entries);
  free(*form);
  *form = NULL;
}

/* ---- places ---- */

static char *place_key(struct wizard *wizard, const char *id) {
  const struct place *place = wizard_place(wizard);
  return mem_printf("%s|%s|%s|%s", wizard->domain, ui_screen(place->screen)->name, place->argument, id);
}

static struct entry *find(struct wizard *wizard, const char *id) {
  char *key = place_key(wizard, id);
  struct entry *found = NULL;
  for (size_t i = 0; i < wizard->form->count && !found; i++)
    if (strcmp(wizard->form->entries[i]->key, key) == 0) found = wizard->form->entries[i];
  free(key);
  return found;
}

static struct entry *make(struct wizard *wizard, const char *id) {
  struct form *form = wizard->form;
  struct entry *entry = find(wizard, id);
  if (entry) return entry;
  form->entries = mem_realloc(form->entries, form->count + 1, sizeof *form->entries);
  entry = form->entries[form->count++] = mem_zalloc(1, sizeof *entry);
  entry->key = place_key(wizard, id);
  entry->id = mem_strdup(id);
  entry->ahead = wizard->ahead;
  entry->label = mem_strdup("");
  entry->kept = mem_strdup("");
  return entry;
}

static void set_kept(struct entry *entry) {
  free(entry->kept);
  entry->kept = mem_strdup(entry->field.text);
}

/* ---- pages ---- */

struct block *form_field(struct wizard *wizard, struct page *page, const char *id, const char *label, const char *hint, const char *initial) {
  struct entry *entry = find(wizard, id);
  if (!entry) {
    entry = make(wizard, id);
    entry->draft = drafts_get(entry->key);
    field_set(&entry->field, entry->draft ? entry->draft : initial);
    set_kept(entry);
  }
  entry->typed = true;
  free(entry->label);
  entry->label = mem_strdup(label);
  struct block *block = page_add(page, BLOCK_FIELD, label);
  block->id = arena_strdup(page->arena, id);
  block->hint = hint;
  block->error = arena_strdup(page->arena, entry->error);
  block->field = &entry->field;
  return block;
}

struct block *form_option(struct wizard *wizard, struct page *page, const char *group, const char *value, const char *text, const char *consequence) {
  const char *chosen = form_choice(wizard, group);
  struct block *block = page_add(page, BLOCK_OPTION, text);
  block->id = arena_printf(page->arena, "%s=%s", group, value);
  block->group = arena_strdup(page->arena, group);
  block->detail = consequence;
  block->number = ++page->numbered;
  block->chosen = chosen && strcmp(chosen, value) == 0;
  return block;
}

static bool is_here(struct wizard *wizard, const struct entry *entry) {
  char *prefix = place_key(wizard, "");
  bool here = strncmp(entry->key, prefix, strlen(prefix)) == 0;
  free(prefix);
  return here;
}

void form_summary(struct wizard *wizard, struct page *page) {
  if (!form_error_count(wizard)) return;
  page_add(page, BLOCK_SECTION, _("There is a problem"))->role = ROLE_FAIL;
  for (size_t i = 0; i < wizard->form->count; i++) {
    const struct entry *entry = wizard->form->entries[i];
    if (!*entry->error || !is_here(wizard, entry)) continue;
    struct block *block = page_item(page, arena_printf(page->arena, "error:%s", entry->id), arena_strdup(page->arena, entry->error), "", ROLE_FAIL);
    block->role = ROLE_FAIL;
    block->explain = _("Press Enter to go to it.");
  }
  page_blank(page);
}

/* ---- values ---- */

const char *form_text(struct wizard *wizard, const char *id) {
  const struct entry *entry = find(wizard, id);
  return entry ? entry->field.text : "";
}

void form_set(struct wizard *wizard, const char *id, const char *text) { field_set(&make(wizard, id)->field, text); }

const char *form_choice(struct wizard *wizard, const char *group) {
  const struct entry *entry = find(wizard, group);
  return entry && entry->field.length ? entry->field.text : NULL;
}

void form_choose(struct wizard *wizard, const char *group, const char *value) { form_set(wizard, group, value); }

bool form_flag(struct wizard *wizard, const char *id, bool otherwise) {
  const struct entry *entry = find(wizard, id);
  return entry ? strcmp(entry->field.text, "yes") == 0 : otherwise;
}

void form_set_flag(struct wizard *wizard, const char *id, bool value) { form_set(wizard, id, value ? "yes" : "no"); }

/* ---- errors ---- */

void form_error(struct wizard *wizard, const char *id, const char *format, ...) {
  va_list arguments;
  struct entry *entry = make(wizard, id);
  bool first = form_error_count(wizard) == 0;
  va_start(arguments, format);
  vsnprintf(entry->error, sizeof entry->error, format, arguments);
  va_end(arguments);
  if (first) wizard_focus(wizard, "error:", id);
}

void form_clear_errors(struct wizard *wizard) {
  for (size_t i = 0; i < wizard->form->count; i++)
    if (is_here(wizard, wizard->form->entries[i])) wizard->form->entries[i]->error[0] = '\0';
}

size_t form_error_count(struct wizard *wizard) {
  size_t count = 0;
  for (size_t i = 0; i < wizard->form->count; i++) count += *wizard->form->entries[i]->error && is_here(wizard, wizard->form->entries[i]);
  return count;
}

/* ---- keeping ---- */

/* Null: out of the file. What stands there already is not written again. */
static void set_draft(struct entry *entry, const char *text) {
  if (!entry->typed || (text ? entry->draft && strcmp(entry->draft, text) == 0 : !entry->draft)) return;
  entry->undrafted = !drafts_set(entry->key, text);
  if (entry->undrafted) return;
  char *draft = text ? mem_strdup(text) : NULL;
  free(entry->draft);
  entry->draft = draft;
}

/* The page points into what goes: the next build makes it anew. */
static void drop(struct wizard *wizard, bool (*which)(struct wizard *wizard, const struct entry *entry), bool drafts_too) {
  struct form *form = wizard->form;
  size_t kept = 0;
  for (size_t i = 0; i < form->count; i++) {
    struct entry *entry = form->entries[i];
    if (!which(wizard, entry)) {
      form->entries[kept++] = entry;
      continue;
    }
    if (drafts_too) set_draft(entry, NULL);
    entry_free(entry);
  }
  form->count = kept;
  wizard->page = NULL;
}

void form_forget(struct wizard *wizard) { drop(wizard, is_here, true); }

struct field *form_edit(struct wizard *wizard, const char *id) {
  struct entry *entry = find(wizard, id);
  return entry && entry->typed ? &entry->field : NULL;
}

static void keep(struct wizard *wizard, struct entry *entry) {
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  set_kept(entry); /* first: what follows may move the focus, which leaves the field again */
  entry->taken = screen->keep && screen->keep(wizard, entry->id, entry->field.text);
  set_draft(entry, entry->taken ? NULL : entry->field.text);
}

void form_leave(struct wizard *wizard, const char *id) {
  struct entry *entry = find(wizard, id);
  if (!entry || !entry->typed || strcmp(entry->field.text, entry->kept) == 0) return;
  keep(wizard, entry);
  wizard->changed = true;
}

void form_leave_all(struct wizard *wizard) {
  for (size_t i = 0; i < wizard->form->count; i++)
    if (is_here(wizard, wizard->form->entries[i])) form_leave(wizard, wizard->form->entries[i]->id);
}

void form_keep(struct wizard *wizard, const char *id) {
  struct entry *entry = find(wizard, id);
  if (entry) keep(wizard, entry);
}

static bool is_taken(struct wizard *wizard, const struct entry *entry) {
  (void)wizard;
  return entry->taken && !*entry->error;
}

void form_draft(struct wizard *wizard) {
  for (size_t i = 0; i < wizard->form->count; i++) {
    struct entry *entry = wizard->form->entries[i];
    bool half_typed = strcmp(entry->field.text, entry->kept) != 0, waits = !entry->taken && (entry->draft || entry->undrafted);
    set_draft(entry, half_typed || waits ? entry->field.text : NULL);
  }
}

bool form_undrafted(const struct wizard *wizard) {
  for (size_t i = 0; i < wizard->form->count; i++)
    if (wizard->form->entries[i]->undrafted) return true;
  return false;
}

void form_drop_ahead(struct wizard *wizard) {
  struct form *form = wizard->form;
  size_t kept = 0;
  for (size_t i = 0; i < form->count; i++)
    if (form->entries[i]->ahead) entry_free(form->entries[i]);
    else form->entries[kept++] = form->entries[i];
  form->count = kept;
}

void form_refresh(struct wizard *wizard) { drop(wizard, is_taken, false); }
