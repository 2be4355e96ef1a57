/* The wizard line by line, for screen readers, pipes and simple terminals: the same pages in the same order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/lib.h"
#include "ui/keys.h"

struct plain {
  struct wizard *wizard;
  char input[FIELD_MOST + 2];
};

static void say(const char *text) {
  ssize_t put = write(STDOUT_FILENO, text, strlen(text));
  (void)put;
}

static void put_block(struct buf *out, const struct block *block, unsigned *number) {
  if (block->id && block->kind != BLOCK_FIELD) buf_printf(out, "%u. ", ++*number);
  switch (block->kind) {
  case BLOCK_BLANK: return;
  case BLOCK_FIELD:
    if (*block->text) buf_printf(out, "%s: ", block->text);
    buf_text(out, block->field && block->field->length ? block->field->text : _("(empty)"));
    break;
  case BLOCK_OPTION:
  case BLOCK_TICK:
    buf_printf(out, "%s%s", block->text, block->chosen ? _(", selected") : "");
    if (*block->detail) buf_printf(out, ". %s", block->detail);
    break;
  case BLOCK_PAIR: buf_printf(out, "%s: %s", block->text, block->detail); break;
  case BLOCK_ITEM:
    if (*block->detail) buf_printf(out, "%s: ", block->detail);
    buf_text(out, block->text);
    break;
  case BLOCK_HEADING:
  case BLOCK_SECTION:
  case BLOCK_PARAGRAPH:
  case BLOCK_BULLET:
  case BLOCK_VALUE: buf_text(out, block->text); break;
  }
  buf_char(out, '\n');
}

static bool has_field(const struct page *page) {
  for (size_t i = 0; i < page->count; i++)
    if (page->blocks[i].kind == BLOCK_FIELD) return true;
  return false;
}

static void put_page(struct plain *plain) {
  struct page *page = wizard_build(plain->wizard);
  struct buf out = BUF_INIT(4 << 20);
  unsigned number = 0;
  if (page->practice) buf_printf(&out, "%s\n", _("PRACTICE ESTATE: nothing here is about a real domain."));
  buf_printf(&out, "\n%s\n", page->where);
  for (size_t i = 0; i < page->count; i++) put_block(&out, &page->blocks[i], &number);
  if (*page->message) buf_printf(&out, "%s\n", page->message);
  buf_printf(&out, "%s ", has_field(page) ? _("Your answer:") : number ? _("Type a number:") : _("Type b to go back:"));
  say(buf_string(&out));
  buf_release(&out);
}

/* Focus the nth thing that can be chosen, and open it. */
static bool choose(struct wizard *wizard, unsigned wanted) {
  unsigned number = 0;
  for (size_t i = 0; i < wizard->page->count; i++) {
    const struct block *block = &wizard->page->blocks[i];
    if (!block->id || block->kind == BLOCK_FIELD || ++number != wanted) continue;
    snprintf(wizard_place(wizard)->focus, sizeof wizard_place(wizard)->focus, "%s", block->id);
    wizard_act(wizard, ACTION_OPEN);
    return true;
  }
  return false;
}

static void answer_field(struct wizard *wizard, const char *text) {
  snprintf(wizard_place(wizard)->focus, sizeof wizard_place(wizard)->focus, "field");
  field_set(&wizard->field, text);
  wizard->field_active = true;
  wizard_act(wizard, ACTION_OPEN);
}

static void wait_for_checks(struct wizard *wizard) {
  unsigned last = 0;
  if (!wizard_checking(wizard)) return;
  say(_("Checking. This can take some seconds.\n"));
  while (wizard_checking(wizard) && uv_run(&wizard->loop, UV_RUN_ONCE)) {
    struct examination_figures figures = examination_figures(wizard->examination);
    if (figures.answered < last + 50) continue;
    char line[96];
    snprintf(line, sizeof line, _("%u of %u questions answered.\n"), figures.answered, figures.questions);
    say(line);
    last = figures.answered;
  }
  while (wizard->settlement && (!wizard->plan || wizard->plan->waiting) && uv_run(&wizard->loop, UV_RUN_ONCE)) {}
}

static bool take(struct plain *plain, const char *line) {
  struct wizard *wizard = plain->wizard;
  size_t digits = strspn(line, "0123456789");
  bool field = has_field(wizard->page);
  if (line[0] && !line[1] && !is_digit(line[0])) {
    const struct action_row *row = action_of_letter(line[0]);
    if (line[0] == 'b') wizard_act(wizard, ACTION_BACK);
    else if (row) wizard_act(wizard, row->action);
    return true;
  }
  if (!line[0]) {
    if (field && page_focus_index(wizard->page, "continue")) wizard_say(wizard, "%s", _("Type an answer, a number, or b to go back"));
    return true;
  }
  if (digits && !line[digits] && digits < 4) {
    if (!choose(wizard, (unsigned)strtoul(line, NULL, 10))) wizard_say(wizard, "%s", _("There is no such number here"));
    return true;
  }
  if (field) answer_field(wizard, line);
  else wizard_say(wizard, "%s", _("Type a number, b to go back, t for your tasks, r to check, e for the change request, h for help, q to quit"));
  return true;
}

int plain_run(struct wizard *wizard, struct fault *fault) {
  struct plain plain = { .wizard = wizard };
  (void)fault;
  say(_("mailstead, line by line. Type a number or an answer, then Enter.\nType ? for the keys, b to go back, t for your tasks, q to quit.\n"));
  while (!wizard->quit) {
    wait_for_checks(wizard);
    wizard->copy_wanted = false;
    if (wizard->plain_wanted && wizard_value(wizard)) {
      say(wizard_value(wizard));
      say("\n");
    }
    wizard->plain_wanted = false;
    uv_run(&wizard->loop, UV_RUN_NOWAIT);
    put_page(&plain);
    if (!fgets(plain.input, sizeof plain.input, stdin)) break;
    plain.input[strcspn(plain.input, "\r\n")] = '\0';
    take(&plain, plain.input);
  }
  say("\n");
  return 0;
}
