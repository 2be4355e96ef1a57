/* What the wizard does with an action: the screen first, then what every screen has in common. */
#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/guidance/differences.h"
#include "ui/helps.h"
#include "ui/saving.h"
#include "ui/values.h"
#include "ui/wizard.h"

enum { DIGIT_WAIT_MS = 700 };

/* ---- moving ---- */

static void focus_at(struct wizard *wizard, size_t index) {
  const struct block *block = page_focus_at(wizard_page(wizard), index);
  if (block) wizard_focus(wizard, "", block->id);
  wizard->message[0] = '\0';
}

static void scroll_by(struct wizard *wizard, long by) {
  struct place *place = wizard_place(wizard);
  if (by < 0) place->scroll = place->scroll > (size_t)-by ? place->scroll - (size_t)-by : 0;
  else place->scroll += (size_t)by < wizard->below ? (size_t)by : wizard->below;
}

/* Text without focus scrolls; at its end the links get the focus, and above the first of them it scrolls again. */
static bool scrolls(struct wizard *wizard, long by) {
  struct page *page = wizard_page(wizard);
  struct place *place = wizard_place(wizard);
  size_t count = page_focus_count(page);
  bool focused = wizard_focused(wizard) != NULL;
  if (count && !page->reading) return false;
  if (!focused && (by < 0 || wizard->below || !count)) {
    scroll_by(wizard, by);
    return true;
  }
  if (focused && by < 0 && page_focus_index(page, place->focus) == 0 && place->scroll > 0) {
    place->focus[0] = '\0';
    scroll_by(wizard, by);
    return true;
  }
  return false;
}

void wizard_move(struct wizard *wizard, int by) {
  struct page *page = wizard_page(wizard);
  wizard->find.reveal = 0;
  if (scrolls(wizard, by)) return;
  long count = (long)page_focus_count(page), index = 0;
  if (wizard_focused(wizard)) index = (long)page_focus_index(page, wizard_place(wizard)->focus) + by;
  if (index < 0) index = 0;
  if (index >= count) index = count - 1;
  if (count) focus_at(wizard, (size_t)index);
}

/* Tab goes from link to link, also in text. */
static void tab(struct wizard *wizard, int by) {
  struct page *page = wizard_page(wizard);
  size_t count = page_focus_count(page), index = page_focus_index(page, wizard_place(wizard)->focus);
  if (!count) return;
  focus_at(wizard, !wizard_focused(wizard) ? (by > 0 ? 0 : count - 1) : (index + count + (size_t)(by > 0 ? 1 : count - 1)) % count);
}

bool wizard_steps(struct wizard *wizard, enum action action, size_t index, size_t count, size_t *out) {
  bool forward = action == ACTION_NEXT;
  if ((forward && index + 1 >= count) || (!forward && index == 0)) {
    wizard_say(wizard, "%s", forward ? _("This is the last") : _("This is the first"));
    return false;
  }
  *out = forward ? index + 1 : index - 1;
  return true;
}

/* ---- trees ---- */

static const char *branch_flag(struct arena *arena, const char *id) { return arena_printf(arena, "open:%s", id); }

bool wizard_branch_open(struct wizard *wizard, const char *id, bool otherwise) {
  struct arena *arena = arena_new_sized(512);
  bool open = form_flag(wizard, branch_flag(arena, id), otherwise);
  arena_free(&arena);
  return open;
}

static void set_branch(struct wizard *wizard, const char *id, bool open) {
  struct arena *arena = arena_new_sized(512);
  form_set_flag(wizard, branch_flag(arena, id), open);
  arena_free(&arena);
}

/* Right opens, Left closes or goes to the parent. False: the focus is on no such row. */
static bool act_branch(struct wizard *wizard, bool open) {
  const struct block *focus = wizard_focused(wizard);
  if (!focus || focus->kind != BLOCK_ROW || !focus->level) return false;
  if (focus->branch == (open ? BRANCH_CLOSED : BRANCH_OPEN)) {
    set_branch(wizard, focus->id, open);
    return true;
  }
  if (open) return focus->branch == BRANCH_OPEN;
  for (const struct block *above = focus; above-- > wizard->page->blocks;) {
    if (above->table != focus->table || !above->id) return false;
    if (above->level >= focus->level) continue;
    wizard_focus(wizard, "", above->id);
    return true;
  }
  return false;
}

/* All open, or all but the first level closed when they are open already. Opened branches bring rows with branches of their own. */
static void act_all_branches(struct wizard *wizard) {
  bool open = false;
  for (size_t i = 0; i < wizard->page->count; i++) open |= wizard->page->blocks[i].branch == BRANCH_CLOSED;
  for (unsigned round = 0; round < 30; round++) {
    bool changed = false;
    for (size_t i = 0; i < wizard->page->count; i++) {
      const struct block *block = &wizard->page->blocks[i];
      if (block->branch != (open ? BRANCH_CLOSED : BRANCH_OPEN) || !block->id || (!open && block->level < 2)) continue;
      set_branch(wizard, block->id, open);
      changed = true;
    }
    if (!changed) break;
    wizard_build(wizard);
  }
}

/* ---- opening ---- */

/* A choice is taken at once; Enter goes on to what stands below the options. */
static void choose_option(struct wizard *wizard, const struct block *block, bool go_on) {
  const struct page *page = wizard->page;
  const struct block *next = block, *end = page->blocks + page->count;
  while (next < end && (!next->id || next->kind == BLOCK_OPTION)) next++;
  form_choose(wizard, block->group, block->id + strlen(block->group) + 1);
  if (go_on && next < end) wizard_focus(wizard, "", next->id);
  struct arena *arena = arena_new_sized(512);
  form_keep(wizard, arena_strdup(arena, block->group)); /* may build the page anew: nothing of it is used afterwards */
  arena_free(&arena);
}

/* What opening means for any screen that does not say otherwise. */
static void open_focused(struct wizard *wizard, bool select) {
  const struct block *focus = wizard_focused(wizard);
  const char *argument;
  enum screen_id to;
  if (!focus) return;
  if (strncmp(focus->id, "error:", 6) == 0) wizard_focus(wizard, "", focus->id + 6);
  else if (strcmp(focus->id, "go:back") == 0) wizard_back(wizard);
  else if (strcmp(focus->id, "go:tasks") == 0) wizard_go_to_tasks(wizard);
  else if (!select && wizard_leads(wizard, focus->id, &to, &argument)) wizard_go(wizard, to, argument);
  else if (focus->kind == BLOCK_OPTION) choose_option(wizard, focus, !select);
  else if (focus->kind == BLOCK_FIELD) wizard_move(wizard, 1);
  else if (focus->kind == BLOCK_ROW && focus->branch != BRANCH_LEAF) act_branch(wizard, focus->branch == BRANCH_CLOSED);
}

static bool is_choice(const struct block *block) { return block && (block->kind == BLOCK_OPTION || block->kind == BLOCK_TICK); }

/* `id` may belong to the page, which is built anew on the way. */
void wizard_open_id(struct wizard *wizard, const char *id) {
  char kept[sizeof wizard->places[0].focus];
  snprintf(kept, sizeof kept, "%s", id);
  const struct block *block = page_find_id(wizard_page(wizard), kept);
  if (!block) return;
  enum block_kind kind = block->kind;
  wizard_focus(wizard, "", kept);
  if (kind != BLOCK_FIELD) wizard_act(wizard, kind == BLOCK_TICK ? ACTION_SELECT : ACTION_OPEN);
}

static void choose_block(struct wizard *wizard, unsigned number) {
  struct page *page = wizard_page(wizard);
  wizard->digits = 0;
  uv_timer_stop(&wizard->digits_timer);
  wizard->changed = true;
  for (size_t i = 0; i < page->count; i++) {
    const struct block *block = &page->blocks[i];
    if (!block->id || block->number != number) continue;
    wizard_open_id(wizard, block->id);
    return;
  }
  wizard_say(wizard, _("There is no number %u here"), number);
}

static void on_digits_end(uv_timer_t *timer) {
  struct wizard *wizard = timer->data;
  if (wizard->digits) choose_block(wizard, wizard->digits);
}

void wizard_digit(struct wizard *wizard, unsigned digit) {
  struct page *page = wizard_page(wizard);
  unsigned number = wizard->digits * 10 + digit;
  if (!number) return;
  if (number * 10 > page->numbered) {
    choose_block(wizard, number);
    return;
  }
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].id && page->blocks[i].number == number) {
      wizard_focus(wizard, "", page->blocks[i].id);
      break;
    }
  wizard->digits = number;
  wizard->changed = true;
  uv_timer_start(&wizard->digits_timer, on_digits_end, DIGIT_WAIT_MS, 0);
}

/* ---- what every screen has in common ---- */

static void ask_to_quit(struct wizard *wizard) {
  wizard_leave(wizard);
  bool asks = !saving_try(wizard) || live_running(wizard);
  if (asks && wizard_place(wizard)->screen != SCREEN_QUIT) wizard_go(wizard, SCREEN_QUIT, "");
  else wizard->wishes.quit = true;
}

/* What an undo takes back, in the words of the page that it was said on. */
static const char *undo_words(struct arena *arena, const char *what) {
  const struct guidance_step *step;
  struct guidance_todo todo;
  const struct guidance_question *question = guidance_question_find(what);
  const struct guidance_difference *difference = text_starts(what, GUIDANCE_CHOICE) ? guidance_difference_find(what + strlen(GUIDANCE_CHOICE)) : NULL;
  const char *words;
  if (difference) words = _(difference->title);
  else if (text_starts(what, GUIDANCE_CHOICE)) words = _("The choice between 2020 and today's advice");
  else if (question && !question->of_old) words = _(question->text);
  else if (guidance_todo_find(arena, what, &step, &todo)) words = todo.text;
  else if (strcmp(what, "domains") == 0) words = _("The list of domains");
  else if (strcmp(what, "services") == 0) words = _("The list of services");
  else return _("The last answer was taken back");
  return words_fill(arena, _("Taken back: {what}"), "what", words);
}

static void undo(struct wizard *wizard) {
  struct fault fault = { "" };
  struct arena *arena = arena_new_sized(1024);
  const char *what = undo_words(arena, casefile_undo_what(wizard->casefile));
  bool done = casefile_undo(wizard->casefile, &fault);
  if (!casefile_has_domain(wizard->casefile, wizard->domain)) wizard_work_on(wizard, casefile_domain_at(wizard->casefile, 0));
  live_forget_plan(wizard);
  form_refresh(wizard);
  if (done) wizard_say(wizard, "%s", what);
  else wizard_say(wizard, "%s", *fault.text ? fault.text : _("There is nothing to take back"));
  arena_free(&arena);
}

static void switch_language(struct wizard *wizard) {
  intl_set_language(strcmp(intl_language(), "cy") == 0 ? "en" : "cy");
  wizard->wishes.redraw = true;
}

static void check(struct wizard *wizard) {
  live_check(wizard);
  if (wizard_place(wizard)->screen == SCREEN_CHECKS) return;
  char said[sizeof wizard->message];
  snprintf(said, sizeof said, "%s", wizard->message);
  wizard_go(wizard, SCREEN_CHECKS, "");
  if (*said) wizard_say(wizard, "%s", said);
}

static void page_by(struct wizard *wizard, int direction) {
  int rows = wizard->body_rows > 2 ? (int)wizard->body_rows - 2 : 1;
  if (wizard_page(wizard)->reading) wizard_place(wizard)->focus[0] = '\0';
  wizard_move(wizard, direction * rows);
}

static void act_in_case(struct wizard *wizard, enum action action) {
  switch (action) {
  case ACTION_CHECK: check(wizard); break;
  case ACTION_EXPORT: wizard_go(wizard, SCREEN_REQUEST, ""); break;
  case ACTION_DOMAINS: wizard_go(wizard, SCREEN_DOMAINS, ""); break;
  case ACTION_FINDINGS: wizard_go(wizard, SCREEN_FINDINGS, ""); break;
  case ACTION_TASKS: wizard_go_to_tasks(wizard); break;
  case ACTION_UNDO: undo(wizard); break;
  case ACTION_YEAR: wizard_go(wizard, SCREEN_DIFFERENCES, ""); break;
  default: break;
  }
}

static void move_far(struct wizard *wizard, int direction) {
  struct place *place = wizard_place(wizard);
  if (wizard_page(wizard)->reading) place->focus[0] = '\0';
  if (direction < 0) place->scroll = 0; /* the heading comes into sight too */
  wizard_move(wizard, direction * 1000000);
}

static void act_anywhere(struct wizard *wizard, enum action action) {
  switch (action) {
  case ACTION_OPEN:
  case ACTION_RIGHT: open_focused(wizard, false); break;
  case ACTION_SELECT:
    if (is_choice(wizard_focused(wizard))) open_focused(wizard, true);
    else page_by(wizard, 1);
    break;
  case ACTION_UP: wizard_move(wizard, -1); break;
  case ACTION_DOWN: wizard_move(wizard, 1); break;
  case ACTION_NEXT_FIELD: tab(wizard, 1); break;
  case ACTION_PREVIOUS_FIELD: tab(wizard, -1); break;
  case ACTION_PAGE_UP: page_by(wizard, -1); break;
  case ACTION_PAGE_DOWN: page_by(wizard, 1); break;
  case ACTION_HOME: move_far(wizard, -1); break;
  case ACTION_END: move_far(wizard, 1); break;
  case ACTION_LEFT:
  case ACTION_BEFORE:
  case ACTION_BACK: wizard_back(wizard); break;
  case ACTION_ALL: act_all_branches(wizard); break;
  case ACTION_MENU: wizard_go(wizard, SCREEN_MENU, ""); break;
  case ACTION_HELP: wizard_go(wizard, SCREEN_HELP, helps_topic(wizard)); break;
  case ACTION_FIND: find_begin(wizard); break;
  case ACTION_COPY: wizard->wishes.copy = true; break;
  case ACTION_COPY_ALL: wizard->wishes.copy_all = true; break;
  case ACTION_SAVE: values_save(wizard); break;
  case ACTION_PLAIN: wizard->wishes.plain = true; break;
  case ACTION_REDRAW: wizard->wishes.redraw = true; break;
  case ACTION_SUSPEND: wizard->wishes.suspend = true; break;
  case ACTION_LANGUAGE: switch_language(wizard); break;
  case ACTION_QUIT: ask_to_quit(wizard); break;
  default: act_in_case(wizard, action); break;
  }
}

/* May it be done here? Null: yes. Else the reason as a sentence. */
static const char *refusal_of(struct wizard *wizard, enum action action) {
  const struct action_row *row = action_find(action);
  const struct page_action *listed = page_action(wizard_page(wizard), action);
  if (!row) return _("That key does nothing here. Press ? to see the keys.");
  if (listed) return listed->reason;
  if (action == ACTION_LANGUAGE && !intl_has("cy")) return _("There is no other language on this computer");
  if (row->scope == SCOPE_CASE && !wizard->casefile) return _("Choose a domain first");
  if (action == ACTION_SAVE) return _("Nothing on this page is saved as a file. What you answer is saved as you go.");
  return row->scope == SCOPE_LISTED ? _("That key does nothing here. Press ? to see the keys.") : NULL;
}

/* While words are looked for, n and N step through the matches and Esc ends it. */
static bool act_find(struct wizard *wizard, enum action action) {
  if (!find_active(wizard)) return false;
  if (action == ACTION_NEXT || action == ACTION_PREVIOUS) find_step(wizard, action == ACTION_NEXT ? 1 : -1);
  else if (action == ACTION_BACK) find_clear(wizard);
  else return false;
  return true;
}

static bool tree_moves(struct wizard *wizard, enum action action) {
  return (action == ACTION_LEFT && act_branch(wizard, false)) || (action == ACTION_RIGHT && act_branch(wizard, true));
}

static bool opens(enum action action) { return action == ACTION_OPEN || action == ACTION_SELECT || action == ACTION_RIGHT; }

/* Moving about shows the same page. */
static bool only_moves(enum action action) { return action_moves(action) && action != ACTION_LEFT && !opens(action); }

void wizard_act(struct wizard *wizard, enum action action) {
  char focus[sizeof wizard->places[0].focus];
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  if (wizard->digits && action == ACTION_OPEN) {
    choose_block(wizard, wizard->digits);
    return;
  }
  wizard->digits = 0;
  wizard_page(wizard);
  const char *refusal = refusal_of(wizard, action);
  wizard->message[0] = '\0';
  wizard->changed |= !only_moves(action);
  if (act_find(wizard, action)) return;
  const struct block *block = wizard_focused(wizard);
  if (!refusal && block && block->closed && opens(action)) refusal = block->explain;
  if (refusal) {
    wizard_say(wizard, "%s", refusal);
    return;
  }
  if (tree_moves(wizard, action)) return;
  snprintf(focus, sizeof focus, "%s", block ? block->id : "");
  bool generic = block && (block->kind == BLOCK_OPTION || text_starts(focus, "error:") || text_starts(focus, "go:")) && opens(action);
  if (!generic && screen->act && screen->act(wizard, action == ACTION_RIGHT ? ACTION_OPEN : action, focus)) return;
  act_anywhere(wizard, action);
}

/* ---- pasting ---- */

/* Empty lines are left out. */
static size_t split_lines(struct arena *arena, const char *text, size_t length, const char *const **out) {
  const char **lines = NULL;
  size_t count = 0;
  for (size_t at = 0; at < length;) {
    size_t end = at;
    while (end < length && text[end] != '\n' && text[end] != '\r') end++;
    if (end > at) {
      lines = arena_grow(arena, lines, count, sizeof *lines);
      lines[count++] = arena_strndup(arena, text + at, end - at);
    }
    at = end + 1;
  }
  *out = lines;
  return count;
}

void wizard_paste(struct wizard *wizard, const char *text, size_t length) {
  const char *focus = wizard_place(wizard)->focus;
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  struct field *field = wizard->find.typing ? &wizard->find.field : wizard_typing(wizard) ? form_edit(wizard, focus) : NULL;
  wizard->changed = true;
  if (field && !wizard->find.typing && screen->paste_text && screen->paste_text(wizard, focus, text, length)) return;
  struct arena *arena = arena_new();
  const char *const *lines;
  size_t count = split_lines(arena, text, length, &lines);
  if (!field) wizard_say(wizard, "%s", _("There is no text field here to paste into"));
  else if (count < 2 || wizard->find.typing || !screen->paste || !screen->paste(wizard, focus, lines, count)) {
    if (!field_insert(field, text, length)) wizard_say_full(wizard);
  }
  arena_free(&arena);
}
