#ifndef UI_FORM_H
#define UI_FORM_H
#include "ui/page.h"

/* What is typed and chosen on pages, kept by place (screen, what it is about, domain), so that nothing is lost on the way back and forth.
 * A field that is left goes to the screen's `keep` (which may save it in the case); what no screen takes is kept as a draft in
 * $XDG_STATE_HOME/mailstead/drafts.json until the form is done with (form_forget), also over a hang-up. */
struct wizard;
struct form;

struct form *form_new(void);
void form_free(struct form **form);

/* In a page: a field with its text so far; the first time the draft, or else `initial`. */
struct block *form_field(struct wizard *wizard, struct page *page, const char *id, const char *label, const char *hint, const char *initial);
/* One option of the choice `group`. Nothing is chosen before the user does, or form_choose. */
struct block *form_option(struct wizard *wizard, struct page *page, const char *group, const char *value, const char *text, const char *consequence);
/* "There is a problem", with a link to each field that has an error. Nothing when there is none. */
void form_summary(struct wizard *wizard, struct page *page);

const char *form_text(struct wizard *wizard, const char *id);             /* "" when nothing was typed; borrowed until the next key */
void form_set(struct wizard *wizard, const char *id, const char *text);
const char *form_choice(struct wizard *wizard, const char *group);        /* null: none yet */
void form_choose(struct wizard *wizard, const char *group, const char *value);
bool form_flag(struct wizard *wizard, const char *id, bool otherwise);    /* of the place, in memory: a branch is open, good ones are hidden */
void form_set_flag(struct wizard *wizard, const char *id, bool value);

/* An error stands at its field and in the summary until the next form_clear_errors; the first moves the focus to the summary. */
void form_error(struct wizard *wizard, const char *id, const char *format, ...) __attribute__((format(printf, 3, 4)));
void form_clear_errors(struct wizard *wizard);
size_t form_error_count(struct wizard *wizard);
void form_forget(struct wizard *wizard);                                  /* all of this place: it has been saved */

/* For the wizard. */
struct field *form_edit(struct wizard *wizard, const char *id);           /* null: no such field here */
void form_leave(struct wizard *wizard, const char *id);                   /* keeps a changed field */
void form_keep(struct wizard *wizard, const char *id);                    /* at once: a choice */
void form_draft(struct wizard *wizard);                                   /* what is half typed goes to the drafts as it stands */
bool form_undrafted(const struct wizard *wizard);                         /* the drafts could not be written */
void form_leave_all(struct wizard *wizard);
void form_drop_ahead(struct wizard *wizard);                              /* what only a page ahead has made; its fields point nowhere then */
void form_refresh(struct wizard *wizard);                                 /* what the screen has saved is read from the case again */
#endif
