#ifndef UI_SCREENS_H
#define UI_SCREENS_H
#include "ui/page.h"

/* Every screen: one row here and one file in ui/screen/ that defines `const struct screen screen_NAME`. Screens do not know each other: they
 * ask the wizard to go to one by its id (wizard_go). */
#define UI_SCREENS(row) \
  row(START, start) row(NEW, new) row(DOMAINS, domains) row(GSI, gsi) row(TASKS, tasks) row(STEP, step) row(QUESTION, question) row(CHECKS, checks) row(FINDINGS, findings) \
  row(FINDING, finding) row(SPF, spf) row(RECORDS, records) row(RECORD, record) row(REQUEST, request) row(DETAIL, detail) row(PREVIEW, preview) row(SAVED, saved) row(SERVICES, services) row(SERVICE, service) row(ANSWER, answer) \
  row(TASK, task) row(HOSTS, hosts) row(MIGRATION, migration) row(SYSTEM, system) row(ROUTE, route) row(POLICY, policy) row(SILENT, silent) row(BELOW, below) row(CHANGED, changed) \
  row(LETTER, letter) row(SECONDARY, secondary) row(PARTNERS, partners) row(VERIFY, verify) row(PROVIDER, provider) row(DIFFERENCE, difference) row(DIFFERENCES, differences) row(MESSAGE, message) \
  row(HELP, help) row(INDEX, index) row(SEARCH, search) row(SETTINGS, settings) row(MENU, menu) row(QUIT, quit)

#define UI_SCREEN_ID(id, name) SCREEN_##id,
enum screen_id { UI_SCREENS(UI_SCREEN_ID) SCREEN_COUNT };

struct wizard;
struct screen {
  const char *name;   /* in scripts, tests and keys of forms */
  const char *help;   /* topic of its help page */
  /* The topic where it depends on what the page is about. Null, or a null answer: the one above. */
  const char *(*about)(struct wizard *wizard);
  /* Says what there is to see and what may be done. Pure: no network, nothing printed. */
  void (*build)(struct wizard *wizard, struct page *page);
  /* Does an action, of OPEN, SELECT and the like with the focused block. False: not taken, the usual happens. Null: nothing of its own. */
  bool (*act)(struct wizard *wizard, enum action action, const char *focus);
  /* What opening the block leads to, where that is another page: wide and tall windows show it beside. False: it does something else. Null: never.
   * The argument is borrowed from the id, or the page's. */
  bool (*leads)(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument);
  /* Says more of the block, for the second pane, where `leads` would not do. Pure, as build. Null: nothing. */
  void (*beside)(struct wizard *wizard, const char *id, struct page *page);
  /* Saves what was typed or chosen in a field that is left. False: not taken; it stays as a draft. Null: never. */
  bool (*keep)(struct wizard *wizard, const char *id, const char *text);
  /* Takes several pasted lines as a list. False: they become one line in the field. Null: never. */
  bool (*paste)(struct wizard *wizard, const char *id, const char *const *lines, size_t count);
  /* Takes what was pasted as it came, empty lines too, before it is taken for a list. False: not taken. Null: never. */
  bool (*paste_text)(struct wizard *wizard, const char *id, const char *text, size_t length);
};

const struct screen *ui_screen(enum screen_id id);
#define UI_SCREEN_DECLARED(id, name) extern const struct screen screen_##name;
UI_SCREENS(UI_SCREEN_DECLARED)
#endif
