/* The second pane of a list: what opening the focused row would show, to be read while one moves along the list. */
#include "ui/beside.h"

#include <stdio.h>
#include <string.h>

/* What leads elsewhere stays on the page itself: here nothing takes focus, and a row has no number to be chosen by. */
static void take_over(struct page *page, const struct page *ahead) {
  for (size_t i = 0; i < ahead->count; i++) {
    const struct block *block = &ahead->blocks[i];
    if (block->kind == BLOCK_LINK || block->kind == BLOCK_BUTTON || block->kind == BLOCK_FIELD) continue;
    struct block *copy = page_add(page, block->kind, block->text);
    *copy = *block;
    copy->id = NULL;
    copy->number = 0;
    copy->side = false;
    if (copy->role == ROLE_LINK) copy->role = ROLE_TEXT;
  }
}

static void put_ahead(struct wizard *wizard, struct page *page, const char *focus) {
  enum screen_id to;
  const char *argument;
  if (!wizard_leads(wizard, focus, &to, &argument)) return;
  const struct page *ahead = wizard_page_ahead(wizard, page->arena, to, argument);
  if (ahead) take_over(page, ahead);
}

static bool leads_anywhere(struct wizard *wizard) {
  enum screen_id to;
  const char *argument;
  for (size_t i = 0; i < wizard->page->count; i++)
    if (wizard->page->blocks[i].id && wizard_leads(wizard, wizard->page->blocks[i].id, &to, &argument)) return true;
  return false;
}

const struct page *beside_make(struct wizard *wizard, struct arena *arena) {
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  const struct block *focus = wizard_focused(wizard);
  if (!screen->beside && !leads_anywhere(wizard)) return NULL;
  struct page *page = page_new(arena, "");
  if (!focus || focus->closed) return page;
  if (screen->beside) screen->beside(wizard, focus->id, page);
  for (size_t i = 0; i < page->count; i++) page->blocks[i].id = NULL;
  if (!page->count) put_ahead(wizard, page, focus->id);
  return page;
}
