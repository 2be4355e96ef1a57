#ifndef UI_WIZARD_H
#define UI_WIZARD_H
#include <uv.h>
#include "checks/examine.h"
#include "src/casefile/casefile.h"
#include "src/guidance/lib.h"
#include "src/plan/lib.h"
#include "src/request/lib.h"
#include "ui/actions.h"
#include "ui/lib.h"
#include "ui/page.h"

/* The state of the wizard: what the screens build their pages from and act upon. No curses here. */

enum screen_id {
  SCREEN_START, SCREEN_NEW, SCREEN_DOMAINS, SCREEN_GSI, SCREEN_HUB, SCREEN_STEP, SCREEN_QUESTION, SCREEN_CHECKS, SCREEN_FINDINGS, SCREEN_FINDING, SCREEN_TREE,
  SCREEN_RECORDS, SCREEN_RECORD, SCREEN_REQUEST, SCREEN_PREVIEW, SCREEN_SAVED, SCREEN_SERVICES, SCREEN_HELP, SCREEN_HELP_SEARCH, SCREEN_SETTINGS, SCREEN_MENU, SCREEN_QUIT, SCREEN_COUNT,
};

/* A place in the history: a screen, what it is about, and where the focus was. */
struct place {
  enum screen_id screen;
  char argument[256];
  char focus[128];
  size_t scroll;
};

enum { MOST_PLACES = 64 };

struct wizard {
  struct ui_options options;
  uv_loop_t loop;
  struct observers *observers;         /* made at the first check */
  struct casefile *casefile;
  char domain[256];                    /* the one being worked on; "" before a case is open */
  struct place places[MOST_PLACES];
  size_t depth;                        /* of the history; at least 1 */

  struct examination *examination;     /* of `examined`; kept after its end */
  struct arena *inquiry_arena;
  struct inquiry inquiry;
  char examined[256];
  int64_t examined_at;                 /* wall ms of its end; 0 while it runs */
  struct settlement *settlement;
  struct arena *plan_arena;
  struct plan *plan;                   /* null: not made yet */
  bool guidance_2020;

  struct field field;                  /* of the page being shown */
  bool field_active;                   /* keys go to the field */
  char message[768];
  char problem[768];                   /* shown at the top of the page: what was typed was not taken */
  char saved_file[768], saved_reference[300];
  char help_topic[64], search[256];
  char format[24];
  json_t *settings;
  bool quit, changed, copy_wanted, plain_wanted, redraw_wanted;
  struct arena *page_arena;
  struct page *page;
};

void wizard_init(struct wizard *wizard, const struct ui_options *options);
void wizard_release(struct wizard *wizard);
struct place *wizard_place(struct wizard *wizard);
void wizard_go(struct wizard *wizard, enum screen_id screen, const char *argument);
void wizard_back(struct wizard *wizard);
void wizard_say(struct wizard *wizard, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Builds the page of the present place again. */
struct page *wizard_build(struct wizard *wizard);
/* Does an action; of OPEN and SELECT the focused block. True: something changed. */
void wizard_act(struct wizard *wizard, enum action action);
void wizard_choose(struct wizard *wizard, unsigned number); /* by digit */
void wizard_move(struct wizard *wizard, int by);
bool wizard_open_domain(struct wizard *wizard, const char *domain);
void wizard_check(struct wizard *wizard);      /* starts an examination of the domain */
bool wizard_checking(const struct wizard *wizard);
const struct verdict *wizard_verdict(const struct wizard *wizard); /* of the domain; null: not checked, or not finished */
struct guidance_view wizard_view(struct wizard *wizard, struct arena *arena); /* answers, and what was found, now or at the last examination */
void wizard_replan(struct wizard *wizard);       /* makes the plan when there is none and the domain has been checked */
const char *wizard_value(struct wizard *wizard); /* what copy and plain view give; null: nothing here */
const char *wizard_key_line(struct wizard *wizard, struct arena *arena, size_t columns);

/* Screens: one builder and one actor each. */
typedef void screen_build(struct wizard *wizard, struct page *page);
typedef bool screen_act(struct wizard *wizard, enum action action, const char *focus); /* false: not taken */
struct screen { const char *name; screen_build *build; screen_act *act; const char *keys; const char *help; };
extern const struct screen ui_screens[SCREEN_COUNT];

screen_build build_start, build_new, build_domains, build_gsi, build_hub, build_step, build_question, build_checks, build_findings, build_finding, build_tree, build_records, build_record,
    build_request, build_preview, build_saved, build_services, build_help, build_help_search, build_settings, build_menu, build_quit;
screen_act act_start, act_new, act_domains, act_gsi, act_hub, act_step, act_question, act_checks, act_findings, act_finding, act_records, act_record, act_request, act_preview, act_saved,
    act_services, act_help, act_help_search, act_settings, act_quit, act_none;

/* Shared by screens. */
const char *severity_label(enum severity severity);
enum role severity_role(enum severity severity);
const char *ago(struct arena *arena, int64_t then);

/* Back ends. */
int curses_run(struct wizard *wizard, struct fault *fault);
int plain_run(struct wizard *wizard, struct fault *fault);
int script_run(struct wizard *wizard, struct fault *fault);
#endif
