#include "ui/wizard.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"

const struct screen ui_screens[SCREEN_COUNT] = {
  [SCREEN_START] = { "start", build_start, act_start, "?q", "start" },
  [SCREEN_NEW] = { "new", build_new, act_new, "?q", "domains" },
  [SCREEN_DOMAINS] = { "domains", build_domains, act_domains, "rh?q", "domains" },
  [SCREEN_GSI] = { "gsi", build_gsi, act_gsi, "h?q", "gsi" },
  [SCREEN_HUB] = { "tasks", build_hub, act_hub, "rfed/uh?q", "start" },
  [SCREEN_STEP] = { "step", build_step, act_step, "rfhet?q", "start" },
  [SCREEN_QUESTION] = { "question", build_question, act_question, " h?q", "start" },
  [SCREEN_CHECKS] = { "checks", build_checks, act_checks, "rxft?q", "checks" },
  [SCREEN_FINDINGS] = { "findings", build_findings, act_findings, "rth?q", "checks" },
  [SCREEN_FINDING] = { "finding", build_finding, act_finding, "nNh?q", "checks" },
  [SCREEN_TREE] = { "spf", build_tree, act_none, "h?q", "spf" },
  [SCREEN_RECORDS] = { "records", build_records, act_records, "ewh?q", "change-requests" },
  [SCREEN_RECORD] = { "record", build_record, act_record, "cvnNwe?q", "change-requests" },
  [SCREEN_REQUEST] = { "request", build_request, act_request, "swh?q", "change-requests" },
  [SCREEN_PREVIEW] = { "preview", build_preview, act_preview, " bs?q", "change-requests" },
  [SCREEN_SAVED] = { "saved", build_saved, act_saved, "t?q", "change-requests" },
  [SCREEN_SERVICES] = { "services", build_services, act_services, "h?q", "services" },
  [SCREEN_HELP] = { "help", build_help, act_help, "/ b?q", "keys" },
  [SCREEN_HELP_SEARCH] = { "search", build_help_search, act_help_search, "?q", "keys" },
  [SCREEN_SETTINGS] = { "settings", build_settings, act_settings, "?q", "settings" },
  [SCREEN_MENU] = { "keys", build_menu, act_none, "hq", "keys" },
  [SCREEN_QUIT] = { "quit", build_quit, act_quit, "", "start" },
};

/* ---- life ---- */

void wizard_init(struct wizard *wizard, const struct ui_options *options) {
  memset(wizard, 0, sizeof *wizard);
  wizard->options = *options;
  uv_loop_init(&wizard->loop);
  wizard->settings = settings_load();
  wizard->guidance_2020 = options->guidance_2020;
  wizard->page_arena = arena_new();
  snprintf(wizard->format, sizeof wizard->format, "text");
  wizard->depth = 1;
  wizard->places[0].screen = SCREEN_START;
  if (options->domain) wizard_open_domain(wizard, options->domain);
}

static void drop_plan(struct wizard *wizard) {
  settle_free(&wizard->settlement);
  arena_free(&wizard->plan_arena);
  wizard->plan = NULL;
}

void wizard_release(struct wizard *wizard) {
  drop_plan(wizard);
  examination_free(&wizard->examination);
  observers_free(&wizard->observers);
  uv_run(&wizard->loop, UV_RUN_DEFAULT);
  uv_loop_close(&wizard->loop);
  casefile_close(&wizard->casefile);
  arena_free(&wizard->inquiry_arena);
  arena_free(&wizard->page_arena);
  json_decref(wizard->settings);
}

/* ---- history ---- */

struct place *wizard_place(struct wizard *wizard) { return &wizard->places[wizard->depth - 1]; }

void wizard_go(struct wizard *wizard, enum screen_id screen, const char *argument) {
  if (wizard->depth == MOST_PLACES) {
    memmove(&wizard->places[1], &wizard->places[2], (MOST_PLACES - 2) * sizeof *wizard->places);
    wizard->depth--;
  }
  struct place *place = &wizard->places[wizard->depth++];
  *place = (struct place){ .screen = screen };
  snprintf(place->argument, sizeof place->argument, "%s", argument);
  wizard->message[0] = wizard->problem[0] = '\0';
  wizard->field_active = false;
  field_set(&wizard->field, "");
}

void wizard_back(struct wizard *wizard) {
  if (wizard->depth > 1) wizard->depth--;
  wizard->message[0] = wizard->problem[0] = '\0';
  wizard->field_active = false;
  field_set(&wizard->field, "");
}

void wizard_say(struct wizard *wizard, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(wizard->message, sizeof wizard->message, format, arguments);
  va_end(arguments);
}

/* ---- pages ---- */

static const char *where(struct wizard *wizard, struct arena *arena) {
  return *wizard->domain ? arena_printf(arena, "mailstead   %s", wizard->domain) : "mailstead";
}

struct page *wizard_build(struct wizard *wizard) {
  struct place *place = wizard_place(wizard);
  arena_clear(wizard->page_arena);
  wizard->page = page_new(wizard->page_arena, where(wizard, wizard->page_arena));
  wizard->page->practice = wizard->options.practice;
  wizard->page->has_back = wizard->depth > 1;
  wizard->page->keys = ui_screens[place->screen].keys;
  ui_screens[place->screen].build(wizard, wizard->page);
  bool reading = place->screen == SCREEN_HELP && *place->argument && strcmp(place->argument, "contents") != 0; /* text first, links by number */
  const struct block *focus = reading && !*place->focus ? NULL : page_focus_at(wizard->page, page_focus_index(wizard->page, place->focus));
  if (focus && strcmp(focus->id, place->focus) != 0) snprintf(place->focus, sizeof place->focus, "%s", focus->id);
  wizard->field_active = focus && focus->kind == BLOCK_FIELD;
  if (*wizard->message) wizard->page->message = arena_strdup(wizard->page_arena, wizard->message);
  wizard->changed = false;
  return wizard->page;
}

void wizard_move(struct wizard *wizard, int by) {
  struct place *place = wizard_place(wizard);
  size_t count = page_focus_count(wizard->page);
  if (!count) {
    if (by < 0) place->scroll = place->scroll > (size_t)-by ? place->scroll - (size_t)-by : 0;
    else place->scroll += (size_t)by;
    return;
  }
  long index = (long)page_focus_index(wizard->page, place->focus) + by;
  if (index < 0) index = 0;
  if (index >= (long)count) index = (long)count - 1;
  snprintf(place->focus, sizeof place->focus, "%s", page_focus_at(wizard->page, (size_t)index)->id);
  wizard->message[0] = '\0';
}

void wizard_choose(struct wizard *wizard, unsigned number) {
  for (size_t i = 0; i < wizard->page->count; i++) {
    const struct block *block = &wizard->page->blocks[i];
    if (!block->id || block->number != number) continue;
    struct place *place = wizard_place(wizard);
    snprintf(place->focus, sizeof place->focus, "%s", block->id);
    wizard_act(wizard, block->kind == BLOCK_OPTION || block->kind == BLOCK_TICK ? ACTION_SELECT : ACTION_OPEN);
    return;
  }
  wizard_say(wizard, _("There is no number %u here"), number);
}

/* ---- actions that work everywhere ---- */

static void ask_to_quit(struct wizard *wizard) {
  if (wizard_checking(wizard) && wizard_place(wizard)->screen != SCREEN_QUIT) wizard_go(wizard, SCREEN_QUIT, "");
  else wizard->quit = true;
}

static void undo(struct wizard *wizard) {
  struct fault fault = { "" };
  if (!wizard->casefile) return;
  if (casefile_undo(wizard->casefile, &fault)) wizard_say(wizard, "%s", _("The last answer was taken back"));
  else wizard_say(wizard, "%s", *fault.text ? fault.text : _("There is nothing to take back"));
}

static void go_to_tasks(struct wizard *wizard) {
  while (wizard->depth > 1 && wizard_place(wizard)->screen != SCREEN_HUB) wizard_back(wizard);
  if (wizard_place(wizard)->screen != SCREEN_HUB && *wizard->domain) wizard_go(wizard, SCREEN_HUB, "");
}

static void act_with_case(struct wizard *wizard, enum action action) {
  if (!wizard->casefile) {
    wizard_say(wizard, "%s", _("Choose a domain first"));
    return;
  }
  switch (action) {
  case ACTION_CHECK:
    wizard_check(wizard);
    if (wizard_place(wizard)->screen != SCREEN_CHECKS) wizard_go(wizard, SCREEN_CHECKS, "");
    break;
  case ACTION_EXPORT: wizard_go(wizard, SCREEN_REQUEST, ""); break;
  case ACTION_DOMAINS: wizard_go(wizard, SCREEN_DOMAINS, ""); break;
  case ACTION_FINDINGS: wizard_go(wizard, SCREEN_FINDINGS, ""); break;
  case ACTION_TASKS: go_to_tasks(wizard); break;
  default: break;
  }
}

static void switch_language(struct wizard *wizard) {
  intl_set_language(strcmp(intl_language(), "cy") == 0 ? "en" : "cy");
  wizard->redraw_wanted = true;
}

static void act_anywhere(struct wizard *wizard, enum action action) {
  switch (action) {
  case ACTION_UP: wizard_move(wizard, -1); break;
  case ACTION_DOWN: wizard_move(wizard, 1); break;
  case ACTION_PAGE_UP: wizard_move(wizard, -10); break;
  case ACTION_PAGE_DOWN:
  case ACTION_SELECT: wizard_move(wizard, 10); break;
  case ACTION_HOME: wizard_move(wizard, -100000); break;
  case ACTION_END: wizard_move(wizard, 100000); break;
  case ACTION_BACK: wizard_back(wizard); break;
  case ACTION_MENU: wizard_go(wizard, SCREEN_MENU, ""); break;
  case ACTION_HELP: wizard_go(wizard, SCREEN_HELP, ui_screens[wizard_place(wizard)->screen].help); break;
  case ACTION_FIND: wizard_go(wizard, SCREEN_HELP_SEARCH, ""); break;
  case ACTION_COPY: wizard->copy_wanted = true; break;
  case ACTION_PLAIN: wizard->plain_wanted = true; break;
  case ACTION_REDRAW: wizard->redraw_wanted = true; break;
  case ACTION_LANGUAGE: switch_language(wizard); break;
  case ACTION_UNDO: undo(wizard); break;
  case ACTION_QUIT: ask_to_quit(wizard); break;
  case ACTION_GUIDANCE:
    wizard->guidance_2020 = !wizard->guidance_2020;
    drop_plan(wizard);
    wizard_say(wizard, "%s", wizard->guidance_2020 ? _("Values of the guidance of 27 April 2020") : _("Today's advice"));
    break;
  default: act_with_case(wizard, action); break;
  }
}

void wizard_act(struct wizard *wizard, enum action action) {
  struct place *place = wizard_place(wizard);
  char focus[sizeof place->focus];
  snprintf(focus, sizeof focus, "%s", place->focus);
  wizard->changed = true;
  if (action != ACTION_UP && action != ACTION_DOWN) wizard->message[0] = '\0';
  if (ui_screens[place->screen].act(wizard, action, focus)) return;
  act_anywhere(wizard, action);
}

const char *wizard_key_line(struct wizard *wizard, struct arena *arena, size_t columns) {
  struct buf out = BUF_INIT(1024);
  if (wizard->field_active) {
    buf_printf(&out, "%s", _("Enter Continue   Tab Next   Esc Back   Ctrl-C Quit"));
  } else {
    buf_printf(&out, wizard->depth > 1 ? "%s" : "%s", page_focus_count(wizard->page) ? _("Enter Open") : _("Space Page"));
    for (const char *key = wizard->page->keys; *key; key++) {
      const struct action_row *row = action_of_letter(*key);
      const char *one = row ? arena_printf(arena, "   %s %s", row->key, _(row->name)) : "";
      if (text_width(buf_string(&out)) + text_width(one) + 16 < columns) buf_text(&out, one);
    }
    if (wizard->depth > 1) buf_printf(&out, "   %s", _("Esc Back"));
  }
  const char *line = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return line;
}

/* ---- the domain and its examination ---- */

bool wizard_open_domain(struct wizard *wizard, const char *domain) {
  struct fault fault = { "" };
  struct casefile *opened = casefile_open_domain(domain, &fault);
  if (!opened) {
    snprintf(wizard->problem, sizeof wizard->problem, "%s", fault.text);
    return false;
  }
  casefile_close(&wizard->casefile);
  wizard->casefile = opened;
  snprintf(wizard->domain, sizeof wizard->domain, "%s", casefile_domain_at(opened, 0));
  wizard_go(wizard, SCREEN_HUB, "");
  return true;
}

bool wizard_checking(const struct wizard *wizard) { return wizard->examination && !examination_finished(wizard->examination); }

const struct verdict *wizard_verdict(const struct wizard *wizard) {
  if (!wizard->examination || !examination_finished(wizard->examination) || strcmp(wizard->examined, wizard->domain) != 0) return NULL;
  return examination_verdict(wizard->examination);
}

static void run_plan(struct store *store, void *context) {
  struct wizard *wizard = context;
  struct plan_options options = { .guidance_2020 = wizard->guidance_2020 };
  const char *ending = casefile_answer(wizard->casefile, wizard->domain, "spf-ending");
  if (ending && strcmp(ending, "softfail") == 0) options.spf_ending = '~';
  if (ending && strcmp(ending, "fail") == 0) options.spf_ending = '-';
  arena_clear(wizard->plan_arena);
  wizard->plan = plan_make(wizard->plan_arena, store, examination_verdict(wizard->examination), &wizard->inquiry, &options);
}

static void on_planned(void *context) {
  struct wizard *wizard = context;
  wizard->changed = true;
}

/* The plan is made from what was seen; the few questions that it adds are asked beside the keyboard. */
static void start_plan(struct wizard *wizard) {
  if (wizard->settlement || !wizard_verdict(wizard)) return;
  wizard->plan_arena = arena_new();
  wizard->settlement = settle_start(&wizard->loop, wizard->observers, examination_store(wizard->examination), run_plan, on_planned, wizard);
}

static void on_progress(struct examination *examination, void *context) {
  (void)examination;
  ((struct wizard *)context)->changed = true;
}

/* Kept in the case, so that a later session can go on from it and compare. */
static void note_examination(struct wizard *wizard, const struct verdict *verdict) {
  struct fault fault = { "" };
  struct arena *arena = arena_new();
  const struct dns_answer *answer = store_peek_dns(examination_store(wizard->examination), name_join(arena, "_dmarc", wizard->examined), DNS_TYPE_TXT);
  const char *record = answer && answer->outcome != DNS_FAILED ? "" : NULL;
  for (size_t i = 0; answer && i < answer->count; i++)
    if (text_starts(answer->records[i].txt.bytes, "v=DMARC1")) record = answer->records[i].txt.bytes;
  if (casefile_has_domain(wizard->casefile, wizard->examined) && !casefile_note_examination(wizard->casefile, wizard->examined, verdict, record, wizard->examined_at, &fault)) wizard_say(wizard, "%s", fault.text);
  arena_free(&arena);
}

static void on_done(struct examination *examination, void *context) {
  struct wizard *wizard = context;
  (void)examination;
  wizard->changed = true;
  wizard->examined_at = clock_wall_ms();
  wizard->inquiry.smtp_reachable = observers_smtp_reachable(wizard->observers);
  wizard->inquiry.https_reachable = observers_https_reachable(wizard->observers);
  const struct verdict *verdict = examination_verdict(wizard->examination);
  wizard_say(wizard, _("The checks have finished: %s"), severity_label(verdict->status));
  note_examination(wizard, verdict);
  start_plan(wizard);
}

void wizard_check(struct wizard *wizard) {
  struct fault fault = { "" };
  if (wizard_checking(wizard)) {
    wizard_say(wizard, "%s", _("The checks are running already"));
    return;
  }
  if (!wizard->observers) wizard->observers = observers_new(&wizard->loop, wizard->options.observe, &fault);
  if (!wizard->observers) {
    wizard_say(wizard, "%s", fault.text);
    return;
  }
  drop_plan(wizard);
  examination_free(&wizard->examination);
  arena_free(&wizard->inquiry_arena);
  wizard->inquiry_arena = arena_new();
  wizard->inquiry = casefile_inquiry(wizard->inquiry_arena, wizard->casefile, wizard->domain);
  wizard->inquiry.test_network = observers_test_network(wizard->observers);
  wizard->inquiry.ask_registry = observers_ask_registry(wizard->observers);
  snprintf(wizard->examined, sizeof wizard->examined, "%s", wizard->domain);
  wizard->examined_at = 0;
  struct examination_events events = { .progress = on_progress, .done = on_done, .context = wizard };
  wizard->examination = examination_start(&wizard->loop, wizard->observers, &wizard->inquiry, &events);
}

void wizard_replan(struct wizard *wizard) {
  if (!wizard->plan && !wizard->settlement) start_plan(wizard);
}

int ui_run(const struct ui_options *options, struct fault *fault) {
  struct wizard wizard;
  wizard_init(&wizard, options);
  int status = options->script ? script_run(&wizard, fault) : options->plain ? plain_run(&wizard, fault) : curses_run(&wizard, fault);
  wizard_release(&wizard);
  return status;
}
