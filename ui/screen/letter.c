/* A message: what is filled in, the text, editing it by paragraph, saving it. "KIND" or "KIND about what": the service or the partner. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/letters/lib.h"
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

/* What was edited is kept in the case under the letter's name; it stays as it is until it is written anew. */
static const char *edit_key(struct arena *arena, const struct here *here) { return arena_printf(arena, "letter:%s%s%s", letter_id(here->kind), *here->about ? " " : "", here->about); }

static const char *text_here(struct wizard *wizard, struct arena *arena, const struct here *here, bool *out_edited) {
  const char *edited = casefile_answer(wizard->casefile, wizard->domain, edit_key(arena, here));
  *out_edited = edited != NULL;
  return edited ? arena_strdup(arena, edited) : letter_here(wizard, arena, here).text;
}

/* ---- paragraphs ---- */

static size_t paragraph_length(const char *text) {
  const char *end = strstr(text, "\n\n");
  size_t length = end ? (size_t)(end - text) : strlen(text);
  while (length && text[length - 1] == '\n') length--;
  return length;
}

static void put_paragraphs(struct page *page, const char *text) {
  size_t number = 0;
  for (const char *at = text; *at; number++) {
    size_t length = paragraph_length(at);
    const char *first = arena_strndup(page->arena, at, strcspn(at, "\n") < length ? strcspn(at, "\n") : length);
    struct block *item = page_item(page, arena_printf(page->arena, "paragraph:%zu", number), text_safe_string(page->arena, first), "", ROLE_TEXT);
    item->explain = _("Enter edits this paragraph.");
    for (const char *line = at + strlen(first); line < at + length;) {
      if (*line == '\n') line++;
      size_t size = strcspn(line, "\n");
      if (line + size > at + length) size = (size_t)(at + length - line);
      page_add(page, BLOCK_PARAGRAPH, text_safe_copy(page->arena, line, size))->indent = 4;
      line += size;
    }
    at += length;
    while (*at == '\n') at++;
    if (*at) page_blank(page);
  }
}

static const char *joined(struct arena *arena, const char *text, size_t length) {
  char *one = arena_strndup(arena, text, length);
  for (char *c = one; *c; c++)
    if (*c == '\n') *c = ' ';
  return one;
}

static bool editing(struct wizard *wizard, size_t *out) {
  const char *text = form_text(wizard, "which");
  *out = strtoul(text, NULL, 10);
  return *text != '\0';
}

static const char *paragraph_at(const char *text, size_t number, size_t *out_length) {
  for (const char *at = text; *at; number--) {
    *out_length = paragraph_length(at);
    if (number == 0) return at;
    at += *out_length;
    while (*at == '\n') at++;
  }
  return NULL;
}

/* ---- the page ---- */

static void build_edit(struct wizard *wizard, struct page *page, const struct here *here, size_t number) {
  bool edited;
  size_t length = 0;
  const char *text = text_here(wizard, page->arena, here, &edited), *paragraph = paragraph_at(text, number, &length);
  page_heading(page, _("Edit a paragraph"));
  page_paragraph(page, _("It is wrapped again when it is saved. Empty it to leave the paragraph out."));
  page_blank(page);
  form_field(wizard, page, arena_printf(page->arena, "text:%zu", number), _("Paragraph"), "", paragraph ? joined(page->arena, paragraph, length) : "");
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
  bool saved = from ? settings_save(wizard->settings, &fault) : casefile_set_answer(wizard->casefile, until ? here.about : "", until ? "old-until" : "changes-from", text, &fault);
  wizard_say_saved(wizard, saved, &fault);
  return saved;
}

/* ---- editing ---- */

static void put_wrapped_paragraph(struct buf *out, const char *text) {
  size_t room = 72;
  while (*text) {
    size_t length = text_fit(text, room, NULL), back = length;
    if (text[length]) {
      while (back > 0 && text[back] != ' ') back--;
      length = back ? back : strcspn(text, " ");
    }
    buf_printf(out, "%.*s\n", (int)length, text);
    text += length;
    while (*text == ' ') text++;
  }
}

static void take_edit(struct wizard *wizard, const struct here *here, size_t number) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  struct buf out = BUF_INIT(1 << 18);
  bool edited;
  size_t length = 0;
  const char *text = text_here(wizard, arena, here, &edited), *paragraph = paragraph_at(text, number, &length), *typed = form_text(wizard, arena_printf(arena, "text:%zu", number));
  if (paragraph) {
    buf_bytes(&out, text, (size_t)(paragraph - text));
    if (*typed) put_wrapped_paragraph(&out, text_safe_string(arena, typed));
    const char *rest = paragraph + length;
    while (*rest == '\n') rest++;
    if (*typed && *rest) buf_char(&out, '\n');
    buf_text(&out, rest);
    bool saved = casefile_set_answer(wizard->casefile, wizard->domain, edit_key(arena, here), buf_string(&out), &fault);
    form_forget(wizard);
    wizard_say_saved(wizard, saved, &fault);
  }
  buf_release(&out);
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
  else if (strcmp(focus, "anew") == 0) write_anew(wizard, &here);
  else return false;
  return true;
}

const struct screen screen_letter = { .name = "letter", .help = "communicate", .build = build, .act = act, .keep = keep };
