/* The wizard line by line, for screen readers, pipes and simple terminals: the same pages in the same order and the same words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "ui/keys.h"
#include "ui/saving.h"
#include "ui/values.h"

enum { PROGRESS_EVERY = 50, MOST_CHOICES = 5000 };

struct plain {
  struct wizard *wizard;
  const char **choices;      /* ids by number, from 1; in the page's arena */
  char *said;                /* the page as last read out */
  size_t choice_count;
  char input[FIELD_MOST + 2];
};

static void say(const char *text) {
  for (size_t length = strlen(text); length > 0;) {
    ssize_t put = write(STDOUT_FILENO, text, length);
    if (put <= 0) return;
    text += put;
    length -= (size_t)put;
  }
}

/* ---- the page ---- */

/* The number by which a block is chosen: its own, or the next free one after those of the page. */
static size_t number_of(struct plain *plain, const struct block *block) {
  size_t number = block->number ? block->number : plain->choice_count + 1;
  if (number >= MOST_CHOICES) return 0;
  plain->choices[number] = block->id;
  if (number > plain->choice_count) plain->choice_count = number;
  return number;
}

static void put_field(struct buf *out, const struct block *block) {
  buf_printf(out, "%s", block->text);
  if (*block->hint) buf_printf(out, " (%s)", block->hint);
  buf_printf(out, ": %s", block->field && block->field->length ? block->field->text : _("empty"));
  if (*block->error) {
    buf_text(out, ". ");
    buf_printf(out, _("Error: %s"), block->error);
  }
}

static void put_block(struct plain *plain, struct buf *out, const struct page *page, const struct block *block) {
  if (block->kind == BLOCK_BLANK || block->kind == BLOCK_TITLES) return;
  if (block->id) buf_printf(out, "%zu. ", number_of(plain, block));
  switch (block->kind) {
  case BLOCK_FIELD: put_field(out, block); break;
  case BLOCK_OPTION:
  case BLOCK_TICK:
    buf_printf(out, "%s%s", block->text, block->chosen ? _(", selected") : "");
    if (*block->detail) buf_printf(out, ". %s", block->detail);
    break;
  case BLOCK_ITEM:
    if (*block->detail) buf_printf(out, "%s: ", block->detail);
    buf_text(out, block->text);
    break;
  case BLOCK_SUMMARY: buf_printf(out, "%s: %s. %s", block->text, block->detail, block->closed ? "" : _("Change")); break;
  default: buf_text(out, page_block_text(page->arena, block)); break;
  }
  if (block->closed && *block->explain) buf_printf(out, ". %s", block->explain);
  buf_char(out, '\n');
}

static const struct block *only_field(const struct page *page) {
  const struct block *found = NULL;
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].kind == BLOCK_FIELD && !found) found = &page->blocks[i];
  return found;
}

/* What can be typed now, as one line: the letters of this page and those that work everywhere. */
static void put_prompt(struct plain *plain, struct buf *out, const struct page *page) {
  const struct block *field = only_field(page), *focus = wizard_focused(plain->wizard);
  bool in_field = focus && focus->kind == BLOCK_FIELD;
  if (in_field || field) buf_printf(out, "%s", words_fill(page->arena, _("Type the answer for \"{label}\", or a number"), "label", in_field ? focus->text : field->text));
  else if (plain->choice_count) buf_printf(out, "%s", words_count(page->arena, _("Type a number (1 to {n})"), "n", plain->choice_count));
  else buf_text(out, _("Type a letter"));
  for (size_t i = 0; i < page->action_count && i < 6; i++) {
    const struct action_row *row = action_find(page->actions[i].action);
    if (row->letter && row->letter != ' ' && !page->actions[i].reason) buf_printf(out, ", %s %s", row->key, _(row->name));
  }
  buf_printf(out, _(", b back, ? all keys, q quit: "));
}

/* A page that reads as it did before is not read again: only what is new is said. */
static void put_page(struct plain *plain) {
  struct page *page = wizard_build(plain->wizard);
  struct buf body = BUF_INIT(4 << 20), end = BUF_INIT(1 << 16);
  plain->choices = ARENA_ARRAY(page->arena, const char *, MOST_CHOICES);
  plain->choice_count = page->numbered;
  if (page->practice) buf_printf(&body, "%s\n", _("PRACTICE ESTATE: nothing here is about a real domain."));
  if (*page->warning) buf_printf(&body, "%s\n", page->warning);
  buf_printf(&body, "%s\n", page->where);
  for (size_t i = 0; i < page->count; i++) put_block(plain, &body, page, &page->blocks[i]);
  bool same = plain->said && strcmp(plain->said, buf_string(&body)) == 0;
  if (!same) {
    say("\n");
    say(buf_string(&body));
  }
  free(plain->said);
  plain->said = buf_take(&body);
  if (*page->message) buf_printf(&end, "%s\n", page->message);
  put_prompt(plain, &end, page);
  if (!isatty(STDIN_FILENO)) buf_char(&end, '\n'); /* nobody presses Enter there */
  say(buf_string(&end));
  buf_release(&end);
}

/* ---- answers ---- */

static void choose(struct plain *plain, size_t number) {
  struct wizard *wizard = plain->wizard;
  const char *id = number < MOST_CHOICES && number <= plain->choice_count ? plain->choices[number] : NULL;
  const struct block *block = id ? page_find_id(wizard_page(wizard), id) : NULL;
  if (!block) wizard_say(wizard, "%s", words_count(wizard->page_arena, _("There is no number {n} here"), "n", number));
  else if (block->kind == BLOCK_FIELD) wizard_focus(wizard, "", block->id);
  else wizard_open_id(wizard, block->id);
}

/* The text goes to the focused field, else to the first; Enter is pressed in it. */
static void answer(struct plain *plain, const char *text) {
  struct wizard *wizard = plain->wizard;
  const struct page *page = wizard_page(wizard);
  const struct block *focus = wizard_focused(wizard), *field = focus && focus->kind == BLOCK_FIELD ? focus : only_field(page);
  if (!field) {
    wizard_say(wizard, "%s", _("Type a number, or b to go back, t for your tasks, r to check, e for the change request, h for help, q to quit"));
    return;
  }
  wizard_focus(wizard, "", field->id);
  form_set(wizard, field->id, text);
  wizard_act(wizard, ACTION_OPEN);
}

static void take(struct plain *plain, const char *line) {
  struct wizard *wizard = plain->wizard;
  size_t digits = strspn(line, "0123456789");
  wizard->message[0] = '\0';
  if (!line[0]) {
    free(plain->said);
    plain->said = NULL; /* Enter alone: the page once more */
  } else if (!line[1] && !is_digit(line[0])) {
    const struct action_row *row = action_of_letter(line[0]);
    if (line[0] == 'b') wizard_act(wizard, ACTION_BACK);
    else if (row) wizard_act(wizard, row->action);
    else wizard_say(wizard, "%s", _("That letter does nothing here. Type ? to see all keys."));
  } else if (line[0] == '/' ) {
    find_begin(wizard);
    field_set(&wizard->find.field, line + 1);
    find_end(wizard, true);
  } else if (digits && !line[digits] && digits < 5) {
    choose(plain, strtoul(line, NULL, 10));
  } else {
    answer(plain, line);
  }
}

/* Words are typed after the slash, on the same line. */
static void grant_wishes(struct plain *plain) {
  struct wizard *wizard = plain->wizard;
  bool shows = wizard->wishes.plain || wizard->wishes.copy || wizard->wishes.copy_all;
  if (wizard->find.typing) {
    find_end(wizard, false);
    wizard_say(wizard, "%s", _("Type / and the words, on one line: /spf"));
  }
  const char *text = shows ? values_plain(wizard) : NULL;
  if (text) say(arena_printf(wizard->page_arena, "\n%s\n", text));
  bool quit = wizard->wishes.quit;
  wizard->wishes = (struct wishes){ .quit = quit };
}

static void wait_for_checks(struct wizard *wizard) {
  unsigned last = 0;
  if (live_running(wizard)) say(_("Checking. This can take some seconds.\n"));
  while (live_running(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {
    struct examination_figures figures = examination_figures(wizard->live.examination);
    if (figures.answered < last + PROGRESS_EVERY || !live_running(wizard)) continue;
    struct arena *arena = arena_new_sized(1024);
    struct text_argument counts[] = { { "answered", arena_printf(arena, "%u", figures.answered) }, { "questions", arena_printf(arena, "%u", figures.questions) } };
    say(text_fill(arena, _("{answered} of {questions} questions answered.\n"), counts, 2));
    arena_free(&arena);
    last = figures.answered;
  }
  while (live_store(wizard) && !live_plan(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {}
  if (job_running(wizard)) say(_("Looking. This can take some seconds.\n"));
  while (job_running(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {}
}

int plain_run(struct wizard *wizard, struct fault *fault) {
  struct plain plain = { .wizard = wizard };
  (void)fault;
  say(_("mailstead, line by line. Type a number or an answer, then Enter.\nType ? for all keys, b to go back, t for your tasks, q to quit. Enter alone reads the page again.\n"));
  while (!wizard->wishes.quit) {
    wait_for_checks(wizard);
    grant_wishes(&plain);
    uv_run(&wizard->loop, UV_RUN_NOWAIT);
    put_page(&plain);
    if (!fgets(plain.input, sizeof plain.input, stdin)) break;
    plain.input[strcspn(plain.input, "\r\n")] = '\0';
    take(&plain, plain.input);
  }
  struct arena *arena = arena_new();
  say("\n");
  say(saving_goodbye(wizard, arena));
  arena_free(&arena);
  free(plain.said);
  return 0;
}
