#include "ui/wizard.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "ui/beside.h"
#include "ui/drafts.h"
#include "ui/saving.h"

/* ---- life ---- */

static void note_progress(struct wizard *wizard);

void wizard_init(struct wizard *wizard, const struct ui_options *options) {
  struct fault fault = { "" }, damaged = { "" };
  memset(wizard, 0, sizeof *wizard);
  wizard->options = *options;
  if (options->script) wizard->options.plain = false; /* it draws pages, though no terminal is there */
  uv_loop_init(&wizard->loop);
  uv_timer_init(&wizard->loop, &wizard->digits_timer);
  wizard->digits_timer.data = wizard;
  round_init(wizard);
  saving_start(wizard);
  wizard->settings = settings_load(&damaged);
  wizard->guidance_2020 = options->guidance_2020;
  wizard->page_arena = arena_new();
  wizard->draw_arena = arena_new();
  wizard->form = form_new();
  wizard->body_rows = 19;
  wizard->depth = 1;
  wizard->places[0].screen = SCREEN_START;
  if (options->domain && !wizard_open_domain(wizard, options->domain, &fault)) wizard_say(wizard, "%s", fault.text);
  else if (*damaged.text) wizard_say(wizard, "%s", damaged.text);
}

void wizard_release(struct wizard *wizard) {
  note_progress(wizard);
  job_end(wizard);
  round_release(wizard);
  live_release(wizard);
  uv_close((uv_handle_t *)&wizard->digits_timer, NULL);
  saving_stop(wizard);
  uv_run(&wizard->loop, UV_RUN_DEFAULT);
  uv_loop_close(&wizard->loop);
  casefile_close(&wizard->casefile);
  form_free(&wizard->form);
  overview_free(&wizard->overview);
  arena_free(&wizard->page_arena);
  arena_free(&wizard->draw_arena);
  arena_free(&wizard->facts_arena);
  json_decref(wizard->settings);
}

const struct facts *wizard_facts(struct wizard *wizard) {
  struct fault fault = { "" };
  if (wizard->facts) return wizard->facts;
  wizard->facts_arena = arena_new();
  wizard->facts = facts_load(wizard->facts_arena, &fault);
  if (*fault.text) wizard_say(wizard, "%s", fault.text);
  return wizard->facts;
}

int64_t wizard_now(const struct wizard *wizard) {
  (void)wizard;
  return clock_wall_ms();
}

/* ---- places ---- */

struct place *wizard_place(struct wizard *wizard) { return &wizard->places[wizard->depth - 1]; }
const char *wizard_argument(struct wizard *wizard) { return wizard_place(wizard)->argument; }

/* What is typed on the page is kept before it is left. */
void wizard_leave(struct wizard *wizard) { form_leave_all(wizard); }

static void arrive(struct wizard *wizard) {
  wizard->message[0] = '\0';
  wizard->page = NULL;
  find_clear(wizard);
  form_refresh(wizard);
}

void wizard_go(struct wizard *wizard, enum screen_id screen, const char *argument) {
  struct place next = { .screen = screen };
  snprintf(next.argument, sizeof next.argument, "%s", argument);
  wizard_leave(wizard);
  if (wizard->depth == MOST_PLACES) {
    memmove(&wizard->places[1], &wizard->places[2], (MOST_PLACES - 2) * sizeof *wizard->places);
    wizard->depth--;
  }
  wizard->places[wizard->depth++] = next;
  arrive(wizard);
}

void wizard_back(struct wizard *wizard) {
  wizard_leave(wizard);
  if (wizard->depth > 1) wizard->depth--;
  arrive(wizard);
}

void wizard_set_argument(struct wizard *wizard, const char *argument) {
  struct place next = { .screen = wizard_place(wizard)->screen };
  snprintf(next.argument, sizeof next.argument, "%s", argument);
  wizard_leave(wizard);
  *wizard_place(wizard) = next;
  arrive(wizard);
}

void wizard_go_to_tasks(struct wizard *wizard) {
  while (wizard->depth > 1 && wizard_place(wizard)->screen != SCREEN_TASKS) wizard_back(wizard);
  if (wizard_place(wizard)->screen != SCREEN_TASKS && wizard->casefile) wizard_go(wizard, SCREEN_TASKS, "");
}

void wizard_say(struct wizard *wizard, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(wizard->message, sizeof wizard->message, format, arguments);
  va_end(arguments);
  wizard->changed = true;
}

void wizard_say_saved(struct wizard *wizard, bool saved, const struct fault *fault) { wizard_say(wizard, "%s", saved ? _("Saved") : fault->text); }

void wizard_say_full(struct wizard *wizard) { wizard_say(wizard, _("A field holds %d characters. That was too much for it, so nothing of it was taken"), FIELD_MOST); }

void wizard_focus(struct wizard *wizard, const char *prefix, const char *id) {
  struct place *place = wizard_place(wizard);
  form_leave(wizard, place->focus);
  snprintf(place->focus, sizeof place->focus, "%s%s", prefix, id);
  wizard->find.reveal = 0;
  wizard->changed |= !wizard->page || wizard->page->follows_focus || !page_find_id(wizard->page, place->focus);
}

/* ---- cases ---- */

static char *progress_key(const char *path) { return mem_printf("progress|%s", path); }

/* For the first screen, which does not open the cases it lists. */
static void note_progress(struct wizard *wizard) {
  if (!wizard->casefile || !*wizard->domain) return;
  struct arena *arena = arena_new();
  struct guidance_view view = wizard_view(wizard);
  struct section_status all = guidance_section(arena, 0, &view);
  char *key = progress_key(casefile_path(wizard->casefile));
  drafts_set(key, arena_printf(arena, "%u/%u", all.completed, all.all));
  free(key);
  arena_free(&arena);
}

bool wizard_progress(const char *path, unsigned *out_completed, unsigned *out_all) {
  char *key = progress_key(path), *text = drafts_get(key), *slash = text ? strchr(text, '/') : NULL;
  if (slash) {
    *out_completed = (unsigned)strtoul(text, NULL, 10);
    *out_all = (unsigned)strtoul(slash + 1, NULL, 10);
  }
  free(text);
  free(key);
  return slash != NULL;
}

/* A practice estate begins anew each time: what was published for this case is there again. */
static void practise_again(struct wizard *wizard) {
  const struct ui_provider *provider = wizard->options.provider;
  struct fault fault = { "" };
  for (size_t i = 0; provider && i < casefile_practice_count(wizard->casefile) && !*fault.text; i++) provider->again(provider->context, casefile_practice_at(wizard->casefile, i).order, &fault);
  if (*fault.text) wizard_say(wizard, "%s", fault.text);
}

static bool use_case(struct wizard *wizard, struct casefile *opened) {
  if (!opened) return false;
  note_progress(wizard);
  round_stop(wizard);
  casefile_close(&wizard->casefile);
  overview_free(&wizard->overview);
  wizard->casefile = opened;
  wizard_work_on(wizard, casefile_domain_at(opened, 0));
  wizard_go(wizard, SCREEN_TASKS, "");
  practise_again(wizard);
  return true;
}

/* Does the open case hold the domain? It does too where the domain was taken out of the case that bears its name. */
static bool holds(const struct wizard *wizard, const char *domain) {
  char *file = mem_printf("/%s.json", domain);
  bool found = wizard->casefile && (casefile_has_domain(wizard->casefile, domain) || text_ends(casefile_path(wizard->casefile), file));
  free(file);
  return found;
}

/* A case that is open already is not opened a second time: its lock is ours. */
bool wizard_open_domain(struct wizard *wizard, const char *domain, struct fault *fault) {
  bool open = holds(wizard, domain);
  if (open ? !casefile_add_domain(wizard->casefile, domain, fault) : !use_case(wizard, casefile_open_domain(domain, fault))) return false;
  wizard_work_on(wizard, domain);
  if (open) wizard_go(wizard, SCREEN_TASKS, "");
  return true;
}

bool wizard_open_case(struct wizard *wizard, const char *path, struct fault *fault) {
  if (!wizard->casefile || strcmp(casefile_path(wizard->casefile), path) != 0) return use_case(wizard, casefile_open(path, fault));
  wizard_go(wizard, SCREEN_TASKS, "");
  return true;
}

void wizard_close_case(struct wizard *wizard) {
  live_stop(wizard);
  note_progress(wizard);
  casefile_close(&wizard->casefile);
  overview_free(&wizard->overview);
  wizard->domain[0] = '\0';
  live_forget_plan(wizard);
  live_forget_kept(wizard);
  wizard->page = NULL;
}

void wizard_work_on(struct wizard *wizard, const char *domain) {
  char name[sizeof wizard->domain];
  snprintf(name, sizeof name, "%s", domain);
  memcpy(wizard->domain, name, sizeof name);
  live_forget_plan(wizard);
  live_forget_kept(wizard);
  wizard->page = NULL;
}

struct guidance_view wizard_view(struct wizard *wizard) {
  return (struct guidance_view){ .casefile = wizard->casefile, .domain = wizard->domain, .verdict = live_verdict(wizard), .now = wizard_now(wizard), .checked = live_checked_at(wizard) };
}

/* ---- pages ---- */

static const char *where(struct wizard *wizard, struct arena *arena) {
  if (!wizard->casefile) return "mailstead";
  size_t count = casefile_domain_count(wizard->casefile), at = 0;
  const char *domain = text_safe_string(arena, wizard->domain);
  while (at < count && strcmp(casefile_domain_at(wizard->casefile, at), wizard->domain) != 0) at++;
  struct text_argument arguments[] = { { "domain", domain }, { "n", arena_printf(arena, "%zu", at + 1) }, { "all", arena_printf(arena, "%zu", count) } };
  return arena_printf(arena, "mailstead   %s", count > 1 && at < count ? text_fill(arena, _("{domain} ({n} of {all})"), arguments, 3) : domain);
}

void wizard_put_lost(struct wizard *wizard, struct page *page, const char *sentence) {
  page_heading(page, sentence);
  page_paragraph(page, _("It may have been renamed or taken off a list. Nothing of yours is lost."));
  page_blank(page);
  page_item(page, "go:back", _("Go back to where you were"), "", ROLE_LINK);
  if (wizard->casefile) page_item(page, "go:tasks", _("Go to the list of all steps"), "", ROLE_LINK);
}

static struct page *build_at(struct wizard *wizard, struct arena *arena) {
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  struct page *page = page_new(arena, where(wizard, arena));
  page->practice = wizard->options.practice;
  page->has_back = wizard->depth > 1;
  screen->build(wizard, page);
  if (saving_trouble(wizard)) {
    page->warning = _(" NOT SAVED: your answers are kept here, and saving is tried again by itself. ");
    page->message = ""; /* it may speak of what is saved */
  }
  return page;
}

/* Focus is kept by id. Where that is gone the first block gets it; text to read has none until asked for. */
static void settle_focus(struct wizard *wizard) {
  struct place *place = wizard_place(wizard);
  if (page_find_id(wizard->page, place->focus)) return;
  const struct block *first = wizard->page->start && !wizard->page->reading ? page_find_id(wizard->page, wizard->page->start) : NULL;
  if (!first && !wizard->page->reading) first = page_focus_at(wizard->page, 0);
  snprintf(place->focus, sizeof place->focus, "%s", first ? first->id : "");
}

/* What was said last goes before what the focused block says of itself, and that before what the page says. */
static void settle_message(struct wizard *wizard) {
  const struct block *focus = wizard_focused(wizard);
  bool explained = focus && *focus->explain && !wizard->options.plain;
  wizard->page->message = *wizard->message ? wizard->message : explained ? focus->explain : wizard->page->own_message;
}

struct page *wizard_build(struct wizard *wizard) {
  arena_clear(wizard->page_arena);
  wizard->page = build_at(wizard, wizard->page_arena);
  wizard->page->own_message = wizard->page->message;
  settle_focus(wizard);
  settle_message(wizard);
  wizard->changed = false;
  return wizard->page;
}

struct page *wizard_page(struct wizard *wizard) { return wizard->page && !wizard->changed ? wizard->page : wizard_build(wizard); }

struct page *wizard_page_below(struct wizard *wizard, struct arena *arena) {
  if (wizard->depth < 2) return NULL;
  wizard->depth--;
  struct page *page = build_at(wizard, arena);
  wizard->depth++;
  return page;
}

struct page *wizard_page_ahead(struct wizard *wizard, struct arena *arena, enum screen_id screen, const char *argument) {
  if (wizard->depth == MOST_PLACES) return NULL;
  struct place *place = &wizard->places[wizard->depth++];
  *place = (struct place){ .screen = screen };
  snprintf(place->argument, sizeof place->argument, "%s", argument);
  wizard->ahead = true;
  struct page *page = build_at(wizard, arena);
  wizard->ahead = false;
  form_drop_ahead(wizard);
  wizard->depth--;
  return page;
}

bool wizard_leads(struct wizard *wizard, const char *id, enum screen_id *out_screen, const char **out_argument) {
  const struct screen *screen = ui_screen(wizard_place(wizard)->screen);
  *out_argument = "";
  return screen->leads && screen->leads(wizard, id, out_screen, out_argument);
}

const struct block *wizard_focused(struct wizard *wizard) {
  const char *focus = wizard_place(wizard)->focus;
  return wizard->page && *focus ? page_find_id(wizard->page, focus) : NULL;
}

bool wizard_typing(struct wizard *wizard) {
  wizard_page(wizard);
  const struct block *focus = wizard_focused(wizard);
  return wizard->find.typing || (focus && focus->kind == BLOCK_FIELD);
}

/* Once on the canvas; what is hidden below is known afterwards. */
static void draw_once(struct wizard *wizard, struct page *page, struct canvas *canvas, bool ascii) {
  struct place *place = wizard_place(wizard);
  settle_message(wizard);
  struct layout_view view = { .focus = place->focus, .scroll = &place->scroll, .find = wizard->find.words, .prompt = wizard->find.typing ? &wizard->find.field : NULL,
                              .reveal = wizard->find.reveal && wizard->find.reveal <= page->count ? &page->blocks[wizard->find.reveal - 1] : NULL, .below = &wizard->below, .ascii = ascii,
                              .language = !intl_has("cy") ? "" : strcmp(intl_language(), "cy") == 0 ? "English (L)" : "Cymraeg (L)" };
  arena_clear(wizard->draw_arena);
  view.beside = layout_shows_beside(canvas->rows, canvas->columns) ? beside_make(wizard, wizard->draw_arena) : NULL;
  view.key_line = wizard_key_line(wizard, wizard->draw_arena, layout_key_columns(canvas->columns));
  canvas_clear(canvas);
  wizard->below = 0;
  layout_page(canvas, page, &view);
}

/* At the top of a page to read, where it is to start has the focus at once, as long as the heading stays in sight with it. */
static void try_start(struct wizard *wizard, struct page *page, struct canvas *canvas, bool ascii) {
  struct place *place = wizard_place(wizard);
  if (!page->reading || !page->start || *place->focus || place->scroll || !page_find_id(page, page->start)) return;
  snprintf(place->focus, sizeof place->focus, "%s", page->start);
  draw_once(wizard, page, canvas, ascii);
  if (!place->scroll) return;
  place->focus[0] = '\0';
  place->scroll = 0;
}

/* Text that fits needs no paging: its first link has the focus at once. And the key line speaks of paging only where something is hidden, which
 * is known after the first time. */
void wizard_draw(struct wizard *wizard, struct canvas *canvas, bool ascii) {
  struct place *place = wizard_place(wizard);
  wizard->changed |= wizard->body_rows != layout_body_rows(canvas->rows); /* short windows have what is to be done first */
  wizard->body_rows = layout_body_rows(canvas->rows);
  struct page *page = wizard_page(wizard);
  try_start(wizard, page, canvas, ascii);
  for (int round = 0; round < 3; round++) {
    bool hidden = wizard->below > 0, scrolled = place->scroll > 0;
    draw_once(wizard, page, canvas, ascii);
    const struct block *first = page->reading && !*place->focus && !wizard->below && !place->scroll ? page_focus_at(page, 0) : NULL;
    if (!first && hidden == (wizard->below > 0) && scrolled == (place->scroll > 0)) return;
    if (!first) continue;
    snprintf(place->focus, sizeof place->focus, "%s", first->id);
  }
}

int ui_run(const struct ui_options *options, struct fault *fault) {
  struct wizard wizard;
  wizard_init(&wizard, options);
  int status = options->script ? script_run(&wizard, fault) : options->plain ? plain_run(&wizard, fault) : curses_run(&wizard, fault);
  wizard_leave(&wizard);
  wizard_release(&wizard);
  return status;
}
