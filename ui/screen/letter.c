/* A message: what is filled in, the text, editing it by paragraph, saving it. "KIND" or "KIND about what": the service or the partner. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/letters/lib.h"
#include "src/letters/parts.h"
#include "ui/files.h"
#include "ui/partners.h"
#include "ui/verifies.h"
#include "ui/wizard.h"

struct here { enum letter_kind kind; const char *about; };

static bool look(struct wizard *wizard, struct here *out) {
  char id[64];
  const char *argument = wizard_argument(wizard), *space = strchr(argument, ' ');
  snprintf(id, sizeof id, "%.*s", (int)(space ? space - argument : (long)strlen(argument)), argument);
  out->about = space ? space + 1 : "";
  return letter_from_id(id, &out->kind);
}

static const char *policy_asked(struct wizard *wizard) {
  const char *step = casefile_answer(wizard->casefile, wizard->domain, "dmarc-step");
  return step ? step : "none";
}

/* Until when email to an old name arrives is kept with what else is told of that name. */
static const char *until_of(struct wizard *wizard, const struct here *here) {
  const char *until = letter_is_of_old_name(here->kind) ? casefile_answer(wizard->casefile, here->about, "old-until") : NULL;
  return until ? until : "";
}

/* About an old name: the one that replaces it, whichever is worked on. */
static const char *domain_of(struct wizard *wizard, struct arena *arena, const struct here *here) {
  const char *new = letter_is_of_old_name(here->kind) ? casefile_replacement(arena, wizard->casefile, here->about) : NULL;
  return new ? new : wizard->domain;
}

static struct letter letter_here(struct wizard *wizard, struct arena *arena, const struct here *here) {
  struct casefile_request request = { .reference = "" };
  const char *when = casefile_answer(wizard->casefile, "", "changes-from");
  bool asked = casefile_last_request(wizard->casefile, wizard->domain, &request);
  struct letter_input input = {
    .casefile = wizard->casefile, .domain = domain_of(wizard, arena, here), .from = json_text(wizard->settings, "requester", ""), .when = when ? when : "", .now = wizard_now(wizard), .plan = live_plan(wizard),
    .dmarc = policy_asked(wizard), .service = here->about, .facts = wizard_facts(wizard), .partner = here->about, .reason = partners_reason(wizard, arena, here->about),
    .old_name = here->about, .until = until_of(wizard, here), .reference = request.reference, .asked = asked ? words_date(arena, request.when) : "",
  };
  if (here->kind == LETTER_DNS_PROVIDER) input.results = verifies_results(wizard, arena, &input.result_count);
  return letter_write(arena, here->kind, &input);
}

/* What was edited is kept in the case under the letter's name; it stays as it is until it is written anew. Behind a form feed, which no text of
 * people holds, stands what mailstead wrote when the editing began. */
static const char *edit_key(struct arena *arena, const struct here *here) { return arena_printf(arena, "letter:%s%s%s", letter_id(here->kind), *here->about ? " " : "", here->about); }

enum { BEHIND = '\f' };

static const char *text_here(struct wizard *wizard, struct arena *arena, const struct here *here, bool *out_edited) {
  const char *edited = casefile_answer(wizard->casefile, wizard->domain, edit_key(arena, here)), *end = edited ? strchr(edited, BEHIND) : NULL;
  *out_edited = edited != NULL;
  return !edited ? letter_here(wizard, arena, here).text : end ? arena_strndup(arena, edited, (size_t)(end - edited)) : arena_strdup(arena, edited);
}

/* As mailstead wrote it when the editing began; null: it was not edited, or by a version that did not keep this. */
static const char *edited_from(struct wizard *wizard, struct arena *arena, const struct here *here) {
  const char *edited = casefile_answer(wizard->casefile, wizard->domain, edit_key(arena, here)), *end = edited ? strchr(edited, BEHIND) : NULL;
  return end ? end + 1 : NULL;
}

static void keep_edit(struct wizard *wizard, struct arena *arena, const struct here *here, const char *text, const char *from) {
  struct fault fault = { "" };
  const char *whole = from ? arena_printf(arena, "%s%c%s", text, BEHIND, from) : text;
  bool saved = casefile_set_answer(wizard->casefile, wizard->domain, edit_key(arena, here), whole, &fault);
  wizard_say_saved(wizard, saved, &fault);
}

/* ---- paragraphs ---- */

static void put_part(struct page *page, const struct letter_part *part, size_t number) {
  size_t first = strcspn(part->start, "\n");
  if (first > part->length) first = part->length;
  struct block *item = page_item(page, arena_printf(page->arena, "paragraph:%zu", number), text_safe_copy(page->arena, part->start, first), "", ROLE_TEXT);
  item->explain = _("Enter edits this paragraph.");
  for (const char *line = part->start + first; line < part->start + part->length;) {
    if (*line == '\n') line++;
    size_t size = strcspn(line, "\n");
    if (line + size > part->start + part->length) size = (size_t)(part->start + part->length - line);
    page_add(page, BLOCK_PARAGRAPH, text_safe_copy(page->arena, line, size))->indent = 4;
    line += size;
  }
}

static void put_paragraphs(struct page *page, const char *text) {
  struct letter_part *parts;
  size_t count = letter_parts(page->arena, text, &parts);
  for (size_t i = 0; i < count; i++) {
    put_part(page, &parts[i], i);
    if (parts[i].ends_paragraph && i + 1 < count) page_blank(page);
  }
}

static bool editing(struct wizard *wizard, size_t *out) {
  const char *text = form_text(wizard, "which");
  *out = strtoul(text, NULL, 10);
  return *text != '\0';
}

/* What the user wrote is kept; what mailstead would write otherwise by now is told beside it. */
static void put_changes(struct wizard *wizard, struct page *page, const struct here *here) {
  struct letter_change *changes;
  const char *from = edited_from(wizard, page->arena, here);
  size_t count = from ? letter_changes(page->arena, from, letter_here(wizard, page->arena, here).text, &changes) : 0;
  if (!count) return;
  page_section(page, _("Since you edited it, what mailstead would write has changed"));
  for (size_t i = 0; i < count; i++) {
    const char *words = changes[i].gone ? _("No longer: {words}") : _("New: {words}");
    page_paragraph(page, words_fill(page->arena, words, "words", changes[i].words));
  }
  page_link(page, "seen", _("I have taken it over: do not tell it again"));
  page_blank(page);
}

/* ---- the page ---- */

static void build_edit(struct wizard *wizard, struct page *page, const struct here *here, size_t number) {
  bool edited;
  struct letter_part *parts;
  size_t count = letter_parts(page->arena, text_here(wizard, page->arena, here, &edited), &parts);
  page_heading(page, _("Edit a paragraph"));
  page_paragraph(page, _("It is wrapped again when it is saved. Empty it to leave the paragraph out."));
  page_blank(page);
  form_field(wizard, page, arena_printf(page->arena, "text:%zu", number), _("Paragraph"), "", number < count ? parts[number].words : "");
  page_button(page, "take", _("Save the paragraph"));
  page_link(page, "leave", _("Leave it as it was"));
}

static void build(struct wizard *wizard, struct page *page) {
  struct here here;
  size_t number;
  bool edited;
  if (!look(wizard, &here)) {
    wizard_put_lost(wizard, page, words_fill(page->arena, _("There is no message by the name of {name}"), "name", wizard_argument(wizard)));
    return;
  }
  if (editing(wizard, &number)) {
    build_edit(wizard, page, &here, number);
    return;
  }
  const char *text = text_here(wizard, page->arena, &here, &edited), *when = casefile_answer(wizard->casefile, "", "changes-from");
  page_heading(page, letter_title(here.kind));
  page_paragraph(page, _("mailstead sends nothing: save the text, or copy it into your own email."));
  page_blank(page);
  form_field(wizard, page, "from", _("Signed by"), _("Your name and team"), json_text(wizard->settings, "requester", ""));
  if (letter_has_date(here.kind) || (here.kind == LETTER_PARTNER && !*here.about)) form_field(wizard, page, "when", _("From when the changes hold"), _("A date, as you would write it"), when ? when : "");
  if (letter_is_of_old_name(here.kind)) form_field(wizard, page, "until", words_fill(page->arena, _("Until when email to {old} arrives"), "old", text_safe_string(page->arena, here.about)), _("A date, as you would write it"), until_of(wizard, &here));
  page_blank(page);
  put_changes(wizard, page, &here);
  put_paragraphs(page, text);
  page_blank(page);
  page_button(page, "save", _("Save as a file"));
  if (edited) page_link(page, "anew", _("Write it anew, without my edits"));
  page->value = (struct page_value){ .title = letter_title(here.kind), .text = text, .file = arena_printf(page->arena, "message-%s.txt", letter_id(here.kind)) };
  page_can(page, ACTION_SAVE);
  page_can(page, ACTION_COPY_ALL);
  page_can(page, ACTION_PLAIN);
  page_can(page, ACTION_UNDO);
  page_can(page, ACTION_HELP);
}

static bool keep(struct wizard *wizard, const char *id, const char *text) {
  struct fault fault = { "" };
  struct here here;
  bool from = strcmp(id, "from") == 0, until = strcmp(id, "until") == 0;
  if (!look(wizard, &here)) return false;
  if (from) json_object_set_new(wizard->settings, "requester", json_string(text));
  else if (!until && strcmp(id, "when") != 0) return false;
  bool saved = from ? settings_put(wizard->settings, "requester", &fault) : casefile_set_answer(wizard->casefile, until ? here.about : "", until ? "old-until" : "changes-from", text, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

/* ---- editing ---- */

static void take_edit(struct wizard *wizard, const struct here *here, size_t number) {
  struct arena *arena = arena_new();
  bool edited;
  const char *text = text_here(wizard, arena, here, &edited), *typed = text_safe_string(arena, form_text(wizard, arena_printf(arena, "text:%zu", number)));
  const char *from = edited ? edited_from(wizard, arena, here) : text;
  form_forget(wizard);
  keep_edit(wizard, arena, here, letter_with_part(arena, text, number, typed), from);
  arena_free(&arena);
}

/* From now on what is different from today is told. */
static void take_over(struct wizard *wizard, const struct here *here) {
  struct arena *arena = arena_new();
  bool edited;
  const char *text = text_here(wizard, arena, here, &edited);
  keep_edit(wizard, arena, here, text, letter_here(wizard, arena, here).text);
  arena_free(&arena);
}

static void save(struct wizard *wizard, const struct here *here) {
  struct arena *arena = arena_new();
  bool edited;
  wizard_leave(wizard);
  const char *stem = arena_printf(arena, "message-%s-%s", wizard->domain, letter_id(here->kind));
  files_save(wizard, stem, "txt", text_here(wizard, arena, here, &edited));
  arena_free(&arena);
}

static void write_anew(struct wizard *wizard, const struct here *here) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  wizard_say_saved(wizard, casefile_set_answer(wizard->casefile, wizard->domain, edit_key(arena, here), NULL, &fault), &fault);
  arena_free(&arena);
}

static bool act(struct wizard *wizard, enum action action, const char *focus) {
  struct here here;
  size_t number;
  if (!look(wizard, &here)) return false;
  bool edits = editing(wizard, &number);
  if (edits && action == ACTION_BACK) form_set(wizard, "which", "");
  else if (action == ACTION_SAVE && !edits) save(wizard, &here);
  else if (action != ACTION_OPEN) return false;
  else if (strncmp(focus, "paragraph:", 10) == 0) form_set(wizard, "which", focus + 10);
  else if (strcmp(focus, "take") == 0) take_edit(wizard, &here, number);
  else if (strcmp(focus, "leave") == 0) form_forget(wizard);
  else if (strcmp(focus, "save") == 0) save(wizard, &here);
  else if (strcmp(focus, "seen") == 0) take_over(wizard, &here);
  else if (strcmp(focus, "anew") == 0) write_anew(wizard, &here);
  else return false;
  return true;
}

const struct screen screen_letter = { .name = "letter", .help = "communicate", .build = build, .act = act, .keep = keep };
