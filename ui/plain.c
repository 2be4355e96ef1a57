/* The wizard line by line, for screen readers, pipes and simple terminals: the same pages in the same order and the same words. */
#include <fcntl.h>
#include <signal.h>
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
  char field[sizeof ((struct place *)0)->focus]; /* id of the one chosen by its number: the next line is its answer; "" */
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
  size_t start = out->length;
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
  if (block->closed && *block->explain && !strstr(buf_string(out) + start, block->explain)) buf_printf(out, ". %s", block->explain);
  buf_char(out, '\n');
}

static const struct block *only_field(const struct page *page) {
  const struct block *found = NULL;
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].kind == BLOCK_FIELD && !found) found = &page->blocks[i];
  return found;
}

static const struct block *chosen_field(const struct plain *plain, const struct page *page) {
  const struct block *block = *plain->field ? page_find_id(page, plain->field) : NULL;
  return block && block->kind == BLOCK_FIELD ? block : NULL;
}

/* What can be typed now, as one line: the letters of this page and those that work everywhere. */
static void put_prompt(struct plain *plain, struct buf *out, const struct page *page) {
  const struct block *field = only_field(page), *focus = wizard_focused(plain->wizard);
  bool in_field = focus && focus->kind == BLOCK_FIELD;
  const struct block *chosen = chosen_field(plain, page);
  if (chosen) {
    buf_text(out, words_fill(page->arena, _("Type the answer for \"{label}\". Enter alone keeps it, a full stop alone empties it, b back, ? all keys, q quit: "), "label", chosen->text));
    return;
  }
  if (in_field || field) buf_printf(out, "%s", words_fill(page->arena, _("Type the answer for \"{label}\", or a number"), "label", in_field ? focus->text : field->text));
  else if (plain->choice_count) buf_printf(out, "%s", words_count(page->arena, _("Type a number (1 to {n})"), "n", plain->choice_count));
  else buf_text(out, _("Type a letter"));
  for (size_t i = 0; i < page->action_count && i < 6; i++) {
    const struct action_row *row = action_find(page->actions[i].action);
    if (row->letter && row->letter != ' ' && !page->actions[i].reason) buf_printf(out, ", %s %s", row->key, _(row->name));
  }
  buf_printf(out, _(", b back, ? all keys, q quit: "));
}

static void put_body(struct plain *plain, struct buf *out, const struct page *page) {
  plain->choices = ARENA_ARRAY(page->arena, const char *, MOST_CHOICES);
  plain->choice_count = page->numbered;
  if (page->practice) buf_printf(out, "%s\n", _("PRACTICE ESTATE: nothing here is about a real domain."));
  if (*page->warning) buf_printf(out, "%s\n", page->warning);
  buf_printf(out, "%s\n", page->where);
  for (size_t i = 0; i < page->count; i++) put_block(plain, out, page, &page->blocks[i]);
}

void plain_read(struct wizard *wizard, struct buf *out) {
  struct plain plain = { .wizard = wizard };
  put_body(&plain, out, wizard_page(wizard));
}

/* A page that reads as it did before is not read again: only what is new is said. */
static void put_page(struct plain *plain) {
  struct page *page = wizard_build(plain->wizard);
  struct buf body = BUF_INIT(4 << 20), end = BUF_INIT(1 << 16);
  put_body(plain, &body, page);
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
  else if (block->kind == BLOCK_FIELD) {
    snprintf(plain->field, sizeof plain->field, "%s", block->id);
    wizard_focus(wizard, "", plain->field);
  }
  else wizard_open_id(wizard, block->id);
}

/* What the message line of a screen would say of a row that has the focus; letters act on it from then on. */
static void tell_more(struct plain *plain, size_t number) {
  struct wizard *wizard = plain->wizard;
  const char *id = number < MOST_CHOICES && number <= plain->choice_count ? plain->choices[number] : NULL;
  const struct block *block = id ? page_find_id(wizard_page(wizard), id) : NULL;
  if (!block) {
    wizard_say(wizard, "%s", words_count(wizard->page_arena, _("There is no number {n} here"), "n", number));
    return;
  }
  char text[sizeof wizard->message];
  snprintf(text, sizeof text, "%s. %s", page_block_text(wizard->page_arena, block), *block->explain ? block->explain : _("There is no more to say of it."));
  wizard_focus(wizard, "", block->id);
  wizard_say(wizard, "%s", text);
}

/* An answer that would be read as a letter or a number is begun with "=". */
static const char *literal(const char *text) { return *text == '=' && text[1] ? text + 1 : text; }

static size_t fields_of(const struct page *page) {
  size_t count = 0;
  for (size_t i = 0; i < page->count; i++) count += page->blocks[i].kind == BLOCK_FIELD;
  return count;
}

/* For the field that was chosen. Where there are several, the others may still be filled in before the page goes on. */
static void answer_chosen(struct plain *plain, const char *text) {
  struct wizard *wizard = plain->wizard;
  char id[sizeof plain->field];
  memcpy(id, plain->field, sizeof id);
  plain->field[0] = '\0';
  if (!*text) {
    wizard_say(wizard, "%s", _("Kept as it was"));
    return;
  }
  bool only = fields_of(wizard_page(wizard)) == 1;
  wizard_focus(wizard, "", id);
  form_set(wizard, id, strcmp(text, ".") == 0 ? "" : literal(text));
  if (only) {
    wizard_act(wizard, ACTION_OPEN);
    return;
  }
  form_leave(wizard, id);
  wizard->changed = true;
  if (!*wizard->message) wizard_say(wizard, "%s", _("Taken. Choose the last step of the page when all is filled in."));
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
  form_set(wizard, field->id, literal(text));
  wizard_act(wizard, ACTION_OPEN);
}

static bool works_everywhere(const char *line) { return (*line == 'b' || *line == '?' || *line == 'q') && !line[1]; }

static void take(struct plain *plain, const char *line) {
  struct wizard *wizard = plain->wizard;
  size_t digits = strspn(line, "0123456789");
  wizard->message[0] = '\0';
  if (chosen_field(plain, wizard_page(wizard)) && !works_everywhere(line)) {
    answer_chosen(plain, line);
    return;
  }
  plain->field[0] = '\0';
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
  } else if (digits && digits < 5 && (!line[digits] || strcmp(line + digits, "?") == 0)) {
    (line[digits] ? tell_more : choose)(plain, strtoul(line, NULL, 10));
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

/* ---- waiting ---- */

/* Enter ends the wait: a person should not have to kill the program for that. Lines from a file or a pipe are answers, and wait. */
struct waiting { uv_poll_t keyboard; uv_signal_t cont; struct wizard *wizard; int flags; bool watched; unsigned closed; };

static void on_enter(uv_poll_t *keyboard, int status, int events) {
  struct waiting *waiting = keyboard->data;
  char line[256];
  (void)status, (void)events;
  uv_poll_stop(keyboard);
  if (read(STDIN_FILENO, line, sizeof line) < 0) return;
  if (live_running(waiting->wizard)) live_stop(waiting->wizard);
  else job_end(waiting->wizard);
}

static void on_closed(uv_handle_t *handle) { ((struct waiting *)handle->data)->closed++; }

static void on_cont(uv_signal_t *cont, int number) {
  struct waiting *waiting = cont->data;
  (void)number;
  live_resumed(waiting->wizard);
}

static void begin_waiting(struct waiting *waiting, const char *sentence) {
  say(sentence);
  waiting->watched = isatty(STDIN_FILENO);
  if (!waiting->watched) return;
  say(_("Enter stops it.\n"));
  waiting->flags = fcntl(STDIN_FILENO, F_GETFL);
  waiting->keyboard.data = waiting;
  uv_poll_init(&waiting->wizard->loop, &waiting->keyboard, STDIN_FILENO);
  uv_poll_start(&waiting->keyboard, UV_READABLE, on_enter);
  waiting->cont.data = waiting;
  uv_signal_init(&waiting->wizard->loop, &waiting->cont);
  uv_signal_start(&waiting->cont, on_cont, SIGCONT);
}

/* The loop made the terminal non-blocking, which reading lines is not meant for. */
static void end_waiting(struct waiting *waiting) {
  if (!waiting->watched) return;
  uv_close((uv_handle_t *)&waiting->keyboard, on_closed);
  uv_close((uv_handle_t *)&waiting->cont, on_closed);
  while (waiting->closed < 2) uv_run(&waiting->wizard->loop, UV_RUN_NOWAIT);
  fcntl(STDIN_FILENO, F_SETFL, waiting->flags);
}

static void say_progress(const struct examination_figures *figures) {
  struct arena *arena = arena_new_sized(1024);
  struct text_argument counts[] = { { "answered", arena_printf(arena, "%u", figures->answered) }, { "questions", arena_printf(arena, "%u", figures->questions) } };
  say(text_fill(arena, _("{answered} of {questions} questions answered.\n"), counts, 2));
  arena_free(&arena);
}

/* Of several domains, which. */
static void say_turn(const struct wizard *wizard) {
  struct arena *arena = arena_new_sized(1024);
  if (wizard->round.on) say(arena_printf(arena, "%s\n", round_words(wizard, arena)));
  arena_free(&arena);
}

static void wait_for_checks(struct wizard *wizard) {
  struct waiting waiting = { .wizard = wizard };
  unsigned last = 0;
  size_t told = 0;
  if (live_running(wizard)) begin_waiting(&waiting, _("Checking. This can take some seconds.\n"));
  else if (job_running(wizard)) begin_waiting(&waiting, _("Looking. This can take some seconds.\n"));
  while (live_running(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {
    if (wizard->round.next != told) say_turn(wizard), last = 0;
    told = wizard->round.next;
    struct examination_figures figures = examination_figures(wizard->live.examination);
    if (figures.answered < last + PROGRESS_EVERY || !live_running(wizard)) continue;
    say_progress(&figures);
    last = figures.answered;
  }
  while (job_running(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {}
  end_waiting(&waiting);
  while (live_store(wizard) && !live_plan(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {}
}

/* A line that is longer than a field is read to its end and not taken: its rest would be a command. */
static void take_line(struct plain *plain) {
  size_t length = strcspn(plain->input, "\r\n");
  bool whole = plain->input[length] || length + 1 < sizeof plain->input;
  for (int c = 0; !whole && c != '\n' && c != EOF;) c = getc(stdin);
  plain->input[length] = '\0';
  if (whole) take(plain, plain->input);
  else wizard_say_full(plain->wizard);
}

int plain_run(struct wizard *wizard, struct fault *fault) {
  struct plain plain = { .wizard = wizard };
  (void)fault;
  say(_("mailstead, line by line. Type a number or an answer, then Enter.\nType ? for all keys, b to go back, t for your tasks, q to quit. Enter alone reads the page again.\nA number with ?, as 3?, tells more of that row, and letters act on it then.\nAn answer that is itself a letter or a number: begin it with =, as in =s.\n"));
  while (!wizard->wishes.quit) {
    wait_for_checks(wizard);
    grant_wishes(&plain);
    uv_run(&wizard->loop, UV_RUN_NOWAIT);
    put_page(&plain);
    if (!fgets(plain.input, sizeof plain.input, stdin)) break;
    take_line(&plain);
  }
  struct arena *arena = arena_new();
  say("\n");
  say(saving_goodbye(wizard, arena));
  arena_free(&arena);
  free(plain.said);
  return 0;
}
