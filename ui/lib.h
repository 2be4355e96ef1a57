/* ui: pages as data, canvas, the curses back end, the plain back end, the action table, one file per group of screens. A screen never draws:
 * it builds a page from the state. May use: src/base, checks, src/guidance, src/casefile, src/plan, src/request. Never the network itself:
 * the examination runs beside the keyboard on the same loop. Only ui/curses.c includes curses. */
#ifndef UI_LIB_H
#define UI_LIB_H
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "checks/observe/lib.h"
#include "src/base/fault.h"

/* What was seen earlier, in place of the network: borrowed. */
struct ui_evidence { struct store *store; bool smtp_reachable, https_reachable, test_network, ask_registry; uint32_t questions, elapsed_ms; };

/* The practice provider, in place of a real one: publishes a request on the practice estate. */
struct ui_provider {
  void *context;
  /* The changes of a request, with a mistake (null: none), after `before` (null: none) has been taken back. What the estate took, for the caller to
   * give back; null and a fault. */
  json_t *(*carry_out)(void *context, const json_t *request, const char *slip, const json_t *before, struct fault *fault);
  bool (*again)(void *context, const json_t *order, struct fault *fault); /* what it took on an earlier day */
};

struct ui_options {
  const char *domain;              /* opens its case; null: the start screen */
  bool plain, ascii, practice, guidance_2020;
  const char *colour;              /* "auto", "none", "high"; null: the setting */
  const char *script;              /* drives the wizard from a file; null: a person does */
  const struct observe_options *observe;
  const struct ui_provider *provider; /* null: this is not the practice estate */
  const struct ui_evidence *evidence; /* null: the network is asked */
};

/* "ncurses 6.4.20221231", for --version. */
const char *ui_curses_version(void);

/* Runs the wizard until the user leaves it. Exit status; a fault when it could not start. */
int ui_run(const struct ui_options *options, struct fault *fault);
#endif
