#ifndef UI_DETAILS_H
#define UI_DETAILS_H
#include "ui/wizard.h"

/* What the user chooses for a change request besides its records: whom it goes to, its form, its file. What belongs to the domain is kept in
 * the case, what belongs to the user in the settings. */
struct detail {
  const char *id;              /* what a page is about: "format" */
  const char *title, *hint;    /* translated where they are shown */
  const char *key;             /* of the answer or setting */
  bool of_case, is_text;       /* kept in the case; typed, not chosen */
};

struct detail_choice { const char *value, *words, *consequence; };

const struct detail *detail_at(size_t index);                                    /* in the order of the page; null past the end */
const struct detail *detail_find(const char *id);
const char *detail_value(struct wizard *wizard, const char *id);                 /* never null; the first choice when none is made */
const char *detail_words(struct wizard *wizard, struct arena *arena, const struct detail *detail); /* of its value, for people */
bool detail_set(struct wizard *wizard, const struct detail *detail, const char *value, struct fault *fault);
/* The choices of one that is not typed; in the arena. */
struct detail_choice *detail_choices(struct wizard *wizard, struct arena *arena, const struct detail *detail, size_t *out_count);
#endif
