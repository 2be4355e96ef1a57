#ifndef UI_BESIDE_H
#define UI_BESIDE_H
#include "ui/wizard.h"

/* The page that stands beside the present one where the window has room: what opening the focused block leads to (screen->leads), or what the
 * screen says of it (screen->beside). Nothing on it takes focus: whatever it shows is reached by opening the block. Empty where the block
 * leads nowhere: a page of which some other block leads somewhere keeps its second pane. Null: it has none. In the arena. */
const struct page *beside_make(struct wizard *wizard, struct arena *arena);
#endif
