#ifndef UI_WIZARD_H
#define UI_WIZARD_H
#include "src/casefile/casefile.h"
#include "ui/form.h"
#include "ui/job.h"
#include "ui/layout.h"
#include "ui/live.h"
#include "ui/overview.h"
#include "ui/round.h"
#include "ui/screens.h"
#include "ui/words.h"

/* The state of the wizard, and what screens ask of it: going to places, saying things, opening a case. No curses here. */

/* A place in the history: a screen, what it is about, and where the focus was. */
struct place {
  enum screen_id screen;
  char argument[256];
  char focus[300];
  size_t scroll;
};

enum { MOST_PLACES = 64 };

/* Looking for words in a page: typed in the message line, then n and N. */
struct find { bool typing; struct field field; char words[128]; size_t reveal /* 1 + index of a block without focus; 0: none */; };

/* What the back end is asked to do after an action. */
struct wishes { bool copy, copy_all, plain, redraw, suspend, terminal /* settings of the terminal have changed */, quit; };

struct wizard {
  struct ui_options options;
  uv_loop_t loop;
  uv_timer_t digits_timer, saving_timer;
  unsigned digits;                     /* typed so far of a number of two digits */
  struct casefile *casefile;           /* null: none is open */
  char domain[256];                    /* the one being worked on; "" before a case is open */
  bool guidance_2020;
  struct live live;
  struct round round;                  /* all domains of the case, one after the other */
  struct job job;                      /* a look at the network for one screen */
  struct place places[MOST_PLACES];
  size_t depth;                        /* of the history; at least 1 */
  struct form *form;
  struct find find;
  json_t *settings;
  char message[768], terminal[200];    /* terminal: what the back end believes of it, in words */
  char copy[600];                      /* of the case, where it could not be saved in its place; "" */
  struct wishes wishes;
  bool changed;                        /* the page is to be built again */
  size_t body_rows, below;             /* as last drawn: of the window, and lines hidden below, for paging */
  struct arena *facts_arena;
  const struct facts *facts;           /* of services, DNS hosts and mail systems; see wizard_facts */
  struct arena *page_arena, *draw_arena; /* of the page; of what is made each time that it is drawn */
  struct page *page;                   /* null: to be built */
  struct overview *overview;           /* of the domains of the case; null: not asked for yet */
  bool ahead;                          /* while a page is built that nobody has gone to: it stays as pure as it says */
};

void wizard_init(struct wizard *wizard, const struct ui_options *options);
void wizard_release(struct wizard *wizard);

/* ---- for screens ---- */

struct place *wizard_place(struct wizard *wizard);
const char *wizard_argument(struct wizard *wizard);           /* what the present place is about */
void wizard_set_argument(struct wizard *wizard, const char *argument); /* the same screen about another thing: the next record */
void wizard_go(struct wizard *wizard, enum screen_id screen, const char *argument);
void wizard_back(struct wizard *wizard);
void wizard_go_to_tasks(struct wizard *wizard);               /* back to the hub, wherever it is in the history */
/* A page about something that is not there, with a way on: what is missing, as a sentence. */
void wizard_put_lost(struct wizard *wizard, struct page *page, const char *sentence);
void wizard_say(struct wizard *wizard, const char *format, ...) __attribute__((format(printf, 2, 3)));
void wizard_say_saved(struct wizard *wizard, bool saved, const struct fault *fault); /* "Saved", or why not */
void wizard_say_full(struct wizard *wizard);                  /* what was typed or pasted had no room in the field, and was not taken */
void wizard_focus(struct wizard *wizard, const char *prefix, const char *id);
bool wizard_open_domain(struct wizard *wizard, const char *domain, struct fault *fault); /* its case, new or there already, and the hub */
bool wizard_progress(const char *path, unsigned *out_completed, unsigned *out_all); /* of a case that is not open; false: not known */
void wizard_close_case(struct wizard *wizard);                /* on the first screen: none is open then */
bool wizard_open_case(struct wizard *wizard, const char *path, struct fault *fault);
void wizard_work_on(struct wizard *wizard, const char *domain); /* of the open case */
struct guidance_view wizard_view(struct wizard *wizard);      /* answers, and what was found, now or at the last check */
const struct facts *wizard_facts(struct wizard *wizard);      /* read at first use */
int64_t wizard_now(const struct wizard *wizard);              /* wall ms */
bool wizard_steps(struct wizard *wizard, enum action action, size_t index, size_t count, size_t *out); /* n and N over a list: false and a message at its ends */
bool wizard_branch_open(struct wizard *wizard, const char *id, bool otherwise); /* of a tree row, as Left and Right left it */

/* ---- for the back ends ---- */

struct page *wizard_build(struct wizard *wizard);             /* the page of the present place, anew */
struct page *wizard_page(struct wizard *wizard);              /* built when there is none */
struct page *wizard_page_below(struct wizard *wizard, struct arena *arena); /* of the place before this one; null: none */
struct page *wizard_page_ahead(struct wizard *wizard, struct arena *arena, enum screen_id screen, const char *argument); /* as it would be after wizard_go */
bool wizard_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument); /* does opening a block of the present screen lead to another page (screen->leads)? "" where that takes no argument */
const struct block *wizard_focused(struct wizard *wizard);    /* null: nothing has focus */
bool wizard_typing(struct wizard *wizard);                    /* keys go to a text field */
void wizard_draw(struct wizard *wizard, struct canvas *canvas, bool ascii); /* an initialised canvas of the window's size */
void wizard_act(struct wizard *wizard, enum action action);   /* of OPEN and SELECT the focused block */
void wizard_digit(struct wizard *wizard, unsigned digit);     /* waits shortly for a second one where there are ten or more */
void wizard_move(struct wizard *wizard, int by);
void wizard_open_id(struct wizard *wizard, const char *id);   /* focus and open: a click, or a number in the plain dialogue */
void wizard_paste(struct wizard *wizard, const char *text, size_t length);
void wizard_leave(struct wizard *wizard);                     /* before an end of any kind: keeps what was typed */
const char *wizard_key_line(struct wizard *wizard, struct arena *arena, size_t columns);

/* Finding words in the page. */
void find_begin(struct wizard *wizard);
void find_end(struct wizard *wizard, bool take);              /* of typing */
void find_step(struct wizard *wizard, int by);
void find_clear(struct wizard *wizard);
bool find_active(const struct wizard *wizard);

int curses_run(struct wizard *wizard, struct fault *fault);
void plain_read(struct wizard *wizard, struct buf *out);      /* the present page as the line dialogue reads it out */
int plain_run(struct wizard *wizard, struct fault *fault);
int script_run(struct wizard *wizard, struct fault *fault);
#endif
