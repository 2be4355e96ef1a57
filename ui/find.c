/* Looking for words in the page of the present place. */
#include <stdio.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/wizard.h"

void find_begin(struct wizard *wizard) {
  wizard->find.typing = true;
  field_set(&wizard->find.field, wizard->find.words);
}

void find_clear(struct wizard *wizard) { wizard->find = (struct find){ .typing = false }; }
bool find_active(const struct wizard *wizard) { return wizard->find.words[0] != '\0'; }

/* Where to look on from: the focused block, or the last match that takes no focus. */
static size_t start_of(struct wizard *wizard, const struct page *page) {
  const struct block *focus = wizard_focused(wizard);
  if (wizard->find.reveal) return wizard->find.reveal - 1;
  return focus ? (size_t)(focus - page->blocks) : 0;
}

static void show(struct wizard *wizard, const struct block *block, size_t index) {
  struct place *place = wizard_place(wizard);
  if (block->id) {
    wizard_focus(wizard, "", block->id);
    return;
  }
  if (wizard_page(wizard)->reading) place->focus[0] = '\0';
  wizard->find.reveal = index + 1;
}

/* The next match after the place (or at it, when `here`), around the end. */
static void look(struct wizard *wizard, int by, bool here) {
  struct page *page = wizard_page(wizard);
  size_t start = start_of(wizard, page), count = page->count;
  for (size_t i = here ? 0 : 1; i <= count; i++) {
    size_t index = by > 0 ? (start + i) % count : (start + count - i % count) % count;
    if (!text_find(page_block_text(page->arena, &page->blocks[index]), wizard->find.words, NULL)) continue;
    show(wizard, &page->blocks[index], index);
    wizard_say(wizard, _("Found \"%s\". n goes to the next, N back, Esc ends the search."), wizard->find.words);
    return;
  }
  wizard_say(wizard, _("\"%s\" is not on this screen"), wizard->find.words);
  wizard->find.words[0] = '\0';
}

void find_end(struct wizard *wizard, bool take) {
  wizard->find.typing = false;
  wizard->changed = true;
  if (!take) return;
  snprintf(wizard->find.words, sizeof wizard->find.words, "%.100s", wizard->find.field.text);
  wizard->find.reveal = 0;
  if (find_active(wizard)) look(wizard, 1, true);
}

void find_step(struct wizard *wizard, int by) { look(wizard, by, false); }
