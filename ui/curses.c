/* The one file that knows the terminal: it copies changed cells of a canvas to curses and turns key codes into keys. */
#include <limits.h>
#include <fcntl.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "src/base/lib.h"
#include "ui/canvas.h"
#include "ui/keys.h"
#include "ui/saving.h"
#include "ui/settings.h"
#include "ui/terminal.h"
#include "ui/values.h"

enum { PASTE_BEGIN = KEY_MAX + 1, PASTE_END = KEY_MAX + 2, REPAINT_MS = 250, REPAINT_REDUCED_MS = 1000, CTRL_Z = 26, WHEEL_LINES = 3 };
static const char PASTE_ON[] = "\033[?2004h", PASTE_OFF[] = "\033[?2004l";

struct terminal {
  struct wizard *wizard;
  uv_poll_t input;
  uv_timer_t repaint;
  uv_signal_t winch, cont, stop, term, hup, quit, interrupt;
  struct canvas shown;       /* what the terminal has */
  bool colours, high, ascii, forced_ascii, mouse, pasting, leaving;
  bool may_stop;             /* Ctrl-Z does something: the shell has not switched it off */
  struct buf paste;
  int caught;
  size_t open_handles;       /* while stopping */
};

/* ---- colours: decoration only ---- */

static void set_colours(struct terminal *t) {
  const char *wish = t->wizard->options.colour ? t->wizard->options.colour : setting_value(t->wizard->settings, "colour"), *none = getenv("NO_COLOR");
  t->colours = has_colors() && strcmp(wish, "none") != 0 && !(strcmp(wish, "auto") == 0 && none && *none);
  if (!t->colours) return;
  start_color();
  use_default_colors();
  t->high = strcmp(wish, "high") == 0;
  init_pair(1, t->high ? -1 : COLOR_BLUE, -1);
  init_pair(2, t->high ? -1 : COLOR_YELLOW, -1);
  init_pair(3, COLOR_RED, -1);
  init_pair(4, COLOR_MAGENTA, -1);
  init_pair(5, COLOR_CYAN, -1);
}

static attr_t attributes(const struct terminal *t, const struct cell *cell) {
  attr_t plain = A_NORMAL, with = A_NORMAL;
  switch ((enum role)cell->role) {
  case ROLE_HEADING: plain = with = A_BOLD; break;
  case ROLE_GOOD:
  case ROLE_ADDED: with = COLOR_PAIR(1); break;
  case ROLE_WARN:
  case ROLE_REMOVED:
    plain = A_UNDERLINE;
    with = t->high ? A_UNDERLINE : COLOR_PAIR(2);
    break;
  case ROLE_FAIL:
    plain = A_REVERSE;
    with = COLOR_PAIR(3) | A_BOLD;
    break;
  case ROLE_UNKNOWN:
    plain = A_UNDERLINE;
    with = COLOR_PAIR(4);
    break;
  case ROLE_BUSY: with = COLOR_PAIR(5); break;
  case ROLE_LINK: plain = with = A_UNDERLINE; break;
  case ROLE_MATCH: plain = with = A_BOLD | A_UNDERLINE; break;
  case ROLE_BANNER: plain = with = A_REVERSE | A_BOLD; break;
  case ROLE_TEXT:
  case ROLE_RULE:
  case ROLE_NOTE:
  case ROLE_CHANGED:
  case ROLE_COUNT:
  case ROLE_FOCUS: break;
  }
  attr_t chosen = t->colours ? with : plain;
  return cell->focused ? chosen ^ A_REVERSE : chosen;
}

/* ---- painting ---- */

static bool same_cell(const struct cell *a, const struct cell *b) { return a && strcmp(a->text, b->text) == 0 && a->role == b->role && a->focused == b->focused; }

static const char *shown_text(const struct terminal *t, const char *text) {
  if (!t->ascii) return text;
  for (const char *c = text; *c; c++)
    if ((unsigned char)*c > 0x7e) return "?";
  return text;
}

/* False: the terminal has all of it already. */
static bool copy_cells(struct terminal *t, const struct canvas *canvas) {
  bool resized = canvas->rows != t->shown.rows || canvas->columns != t->shown.columns, changed = resized;
  if (resized) erase();
  for (size_t row = 0; row < canvas->rows; row++) {
    for (size_t column = 0; column < canvas->columns; column++) {
      const struct cell *cell = canvas_cell(canvas, row, column);
      if (!cell || !*cell->text || (row + 1 == canvas->rows && column + 1 == canvas->columns)) continue; /* the last cell would scroll */
      if (!resized && same_cell(canvas_cell(&t->shown, row, column), cell)) continue;
      changed = true;
      attr_set(attributes(t, cell), (short)PAIR_NUMBER(attributes(t, cell)), NULL);
      mvaddstr((int)row, (int)column, shown_text(t, cell->text));
    }
  }
  attr_set(A_NORMAL, 0, NULL);
  changed |= canvas->cursor_row != t->shown.cursor_row || canvas->cursor_column != t->shown.cursor_column;
  move((int)canvas->cursor_row, (int)canvas->cursor_column);
  return changed;
}

/* Terminals that know synchronised output (DEC private mode 2026) show the frame at once; others pass over it. */
static const char FRAME_BEGIN[] = "\033[?2026h", FRAME_END[] = "\033[?2026l";

/* ncurses has Ctrl-Z ignored while it writes, and would lose it: held back it comes when the handler is there again. */
static void put_out(void) {
  sigset_t stop, then;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  sigprocmask(SIG_BLOCK, &stop, &then);
  terminal_write(FRAME_BEGIN, sizeof FRAME_BEGIN - 1);
  refresh();
  terminal_write(FRAME_END, sizeof FRAME_END - 1);
  sigprocmask(SIG_SETMASK, &then, NULL);
}

static void paint(struct terminal *t) {
  struct canvas canvas;
  int rows, columns;
  getmaxyx(stdscr, rows, columns);
  if (rows < 1 || columns < 1) return;
  canvas_init(&canvas, (size_t)rows, (size_t)columns);
  wizard_draw(t->wizard, &canvas, t->ascii);
  bool changed = copy_cells(t, &canvas);
  canvas_release(&t->shown);
  t->shown = canvas;
  terminal_guard_saved(t->wizard->casefile ? casefile_path(t->wizard->casefile) : "");
  if (changed) put_out();
}

static void redraw(struct terminal *t) {
  canvas_release(&t->shown);
  clear();
  paint(t);
}

/* ---- copying ---- */

static void copy_value(struct terminal *t, bool all) {
  struct wizard *wizard = t->wizard;
  const char *value = values_to_copy(wizard, all);
  if (!value) return;
  size_t length = strlen(value);
  if (strcmp(setting_value(wizard->settings, "clipboard"), "never") == 0) wizard_say(wizard, "%s", _("Copying is switched off in the settings. Press v to see the value plain."));
  else if (length > TERMINAL_CLIPBOARD_MOST) wizard_say(wizard, "%s", _("The value is too long for the clipboard. Press v to see it plain."));
  else if (!terminal_copy(value, length)) wizard_say(wizard, "%s", _("The terminal did not take it. Press v to see the value plain."));
  else wizard_say(wizard, _("Sent to your terminal's clipboard, %zu characters. If nothing pastes, press v. %s"), length, terminal_copy_hint());
}

/* ---- settings ---- */

static bool locale_is_utf8(void) {
  const char *name = setlocale(LC_CTYPE, NULL);
  return name && (strstr(name, "UTF-8") || strstr(name, "utf8"));
}

static unsigned repaint_ms(const struct terminal *t) {
  const char *movement = setting_value(t->wizard->settings, "movement");
  bool reduced = strcmp(movement, "reduced") == 0 || (strcmp(movement, "auto") == 0 && getenv("SSH_CONNECTION"));
  return reduced ? REPAINT_REDUCED_MS : REPAINT_MS;
}

/* What we believe of the terminal, for the settings page and for reports of faults. */
static void describe(struct terminal *t) {
  snprintf(t->wizard->terminal, sizeof t->wizard->terminal, "%dx%d, %s, %d %s%s", COLS, LINES, locale_is_utf8() ? "UTF-8" : _("no UTF-8"), t->colours ? COLORS : 0, _("colours"),
           getenv("TMUX") ? _(", inside tmux") : getenv("SSH_CONNECTION") ? _(", over ssh") : "");
}

/* Signs of other scripts show as "?" where the terminal cannot have them: without UTF-8, on the Linux console, by wish. */
static void apply_settings(struct terminal *t) {
  const json_t *settings = t->wizard->settings;
  const char *term = getenv("TERM");
  bool mouse = strcmp(setting_value(settings, "mouse"), "on") == 0;
  set_colours(t);
  t->ascii = t->forced_ascii || !locale_is_utf8() || strcmp(setting_value(settings, "symbols"), "ascii") == 0 || (term && strcmp(term, "linux") == 0);
  t->wizard->options.ascii = t->ascii;
  curs_set(strcmp(setting_value(settings, "cursor"), "hide") == 0 ? 0 : 1);
  if (mouse != t->mouse) mousemask(mouse ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL); /* off: the terminal is never asked */
  mouseinterval(0);
  t->mouse = mouse;
  if (t->repaint.data) uv_timer_set_repeat(&t->repaint, repaint_ms(t));
  describe(t);
}

/* ---- keys ---- */

static bool is_gap(const struct terminal *t, size_t row, size_t column) {
  const struct cell *one = canvas_cell(&t->shown, row, column), *two = canvas_cell(&t->shown, row, column + 1);
  return !one || !two || (strcmp(one->text, " ") == 0 && strcmp(two->text, " ") == 0);
}

/* A press on an item of the key line is a press of its key, the word that it begins with. */
static void press_key_line(struct terminal *t, size_t row, size_t column) {
  char label[64] = "";
  size_t length = 0;
  enum key key;
  const struct cell *cell;
  if (is_gap(t, row, column)) return;
  while (column > 0 && !is_gap(t, row, column - 1)) column--;
  if ((cell = canvas_cell(&t->shown, row, column)) && strcmp(cell->text, " ") == 0) column++;
  for (; (cell = canvas_cell(&t->shown, row, column)) && strcmp(cell->text, " ") != 0 && length + sizeof cell->text < sizeof label; column++) length += (size_t)snprintf(label + length, sizeof label - length, "%s", cell->text);
  if (keys_by_label(label, &key)) keys_press(t->wizard, key, "", 0);
  else if (strcmp(label, _("Space")) == 0) keys_press(t->wizard, KEY_IS_TEXT, " ", 1);
  else if (length == 1) keys_press(t->wizard, KEY_IS_TEXT, label, 1);
}

/* Text goes by as many lines as elsewhere; of a list each row is stopped at. */
static int wheel_step(struct wizard *wizard) { return wizard_page(wizard)->reading ? WHEEL_LINES : 1; }

/* A press on a line that can be chosen opens it; the wheel moves. */
static void take_mouse(struct terminal *t) {
  MEVENT event;
  if (getmouse(&event) != OK) return;
  const struct cell *cell = event.y >= 0 && event.x >= 0 ? canvas_cell(&t->shown, (size_t)event.y, (size_t)event.x) : NULL;
  if (event.bstate & BUTTON4_PRESSED) wizard_move(t->wizard, -wheel_step(t->wizard));
  else if (event.bstate & BUTTON5_PRESSED) wizard_move(t->wizard, wheel_step(t->wizard));
  else if (cell && (size_t)event.y + 1 == t->shown.rows) press_key_line(t, (size_t)event.y, (size_t)event.x);
  else if (cell && cell->owner && strcmp(cell->owner, LAYOUT_BACK) == 0) wizard_act(t->wizard, ACTION_BACK);
  else if (cell && cell->owner) wizard_open_id(t->wizard, cell->owner);
  t->wizard->changed = true;
}

static bool special(int code, enum key *out) {
  static const struct { int code; enum key key; } keys[] = {
    { KEY_UP, KEY_IS_UP }, { KEY_DOWN, KEY_IS_DOWN }, { KEY_LEFT, KEY_IS_LEFT }, { KEY_RIGHT, KEY_IS_RIGHT }, { KEY_PPAGE, KEY_IS_PAGE_UP }, { KEY_NPAGE, KEY_IS_PAGE_DOWN },
    { KEY_HOME, KEY_IS_HOME }, { KEY_END, KEY_IS_END }, { KEY_BACKSPACE, KEY_IS_BACKSPACE }, { KEY_DC, KEY_IS_DELETE }, { KEY_BTAB, KEY_IS_SHIFT_TAB }, { KEY_F(1), KEY_IS_F1 }, { KEY_ENTER, KEY_IS_ENTER },
  };
  for (size_t i = 0; i < MEM_COUNT(keys); i++)
    if (keys[i].code == code) {
      *out = keys[i].key;
      return true;
    }
  return false;
}

static bool control(wint_t c, enum key *out) {
  switch (c) {
  case '\r':
  case '\n': *out = KEY_IS_ENTER; return true;
  case 27: *out = KEY_IS_ESCAPE; return true;
  case 127:
  case 8: *out = KEY_IS_BACKSPACE; return true;
  case '\t': *out = KEY_IS_TAB; return true;
  case 3: *out = KEY_IS_CTRL_C; return true;
  case 12: *out = KEY_IS_CTRL_L; return true;
  case 21: *out = KEY_IS_CTRL_U; return true;
  case 7: *out = KEY_IS_CTRL_G; return true;
  default: return false;
  }
}

static size_t encode(wint_t c, char out[8]) {
  mbstate_t state;
  memset(&state, 0, sizeof state);
  size_t length = wcrtomb(out, (wchar_t)c, &state);
  return length == (size_t)-1 ? 0 : length;
}

/* Half of a list or of a message is worse than none. */
static void take_paste(struct terminal *t) {
  if (!t->paste.overflowed) wizard_paste(t->wizard, buf_string(&t->paste), t->paste.length);
  else wizard_say(t->wizard, _("More than %d KiB were pasted, so nothing of it was taken. Save it as a file, and give its path where a page asks for a file"), (int)(t->paste.cap / 1024));
}

static void take_key(struct terminal *t, int kind, wint_t code) {
  enum key key;
  char bytes[MB_LEN_MAX + 8];
  if (kind == KEY_CODE_YES) {
    if (code == PASTE_BEGIN || code == PASTE_END) {
      if (code == PASTE_END) take_paste(t);
      buf_clear(&t->paste);
      t->pasting = code == PASTE_BEGIN;
    } else if (code == KEY_MOUSE) {
      take_mouse(t);
    } else if (special((int)code, &key)) {
      keys_press(t->wizard, key, "", 0);
    }
    return;
  }
  size_t length = encode(code, bytes);
  if (t->pasting) buf_bytes(&t->paste, bytes, length);
  else if (code == CTRL_Z) t->wizard->wishes.suspend = true;
  else if (control(code, &key)) keys_press(t->wizard, key, "", 0);
  else if (length && code >= 32) keys_press(t->wizard, KEY_IS_TEXT, bytes, length);
}

/* ---- the screen given away and taken back ---- */

static void on_winch(uv_signal_t *signal, int number) {
  struct terminal *t = signal->data;
  struct winsize size;
  (void)number;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) resizeterm(size.ws_row, size.ws_col);
  redraw(t);
}

/* Whoever had the terminal meanwhile left it in modes of his own. */
static void on_cont(uv_signal_t *signal, int number) {
  struct terminal *t = signal->data;
  reset_prog_mode();
  keypad(stdscr, TRUE);
  terminal_write(PASTE_ON, sizeof PASTE_ON - 1);
  live_resumed(t->wizard);
  on_winch(&t->winch, number);
}

/* The shell gets its terminal as it was. The default action stops the program, unless no shell is there that could wake it up again. */
static void on_stop(uv_signal_t *signal, int number) {
  struct terminal *t = signal->data;
  int flags = fcntl(STDIN_FILENO, F_GETFL);
  move(LINES - 1, 0);
  refresh();
  terminal_write(PASTE_OFF, sizeof PASTE_OFF - 1);
  def_prog_mode();
  endwin();
  terminal_restore_flags();
  uv_signal_stop(signal);
  raise(number);
  fcntl(STDIN_FILENO, F_SETFL, flags);
  uv_signal_start(signal, on_stop, number);
  on_cont(&t->cont, number);
}

static void watch_screen(struct terminal *t, bool on) {
  if (on) {
    uv_signal_start(&t->winch, on_winch, SIGWINCH);
    uv_signal_start(&t->cont, on_cont, SIGCONT);
    if (t->may_stop) uv_signal_start(&t->stop, on_stop, SIGTSTP);
  } else {
    uv_signal_stop(&t->winch);
    uv_signal_stop(&t->cont);
    uv_signal_stop(&t->stop);
  }
}

/* Outside curses a value printed in one go stays one line, however the terminal wraps it. A resize and Ctrl-Z mean there what they mean to any
 * program; a signal to end is taken when the loop runs again. */
static void plain_view(struct terminal *t) {
  const char *value = values_plain(t->wizard);
  if (!value) return;
  struct buf out = BUF_INIT(1 << 22);
  buf_printf(&out, "\n%s\n%s\n%s ", value, _("Select the line with your mouse or terminal, then copy it."), _("Press Enter to go back to mailstead:"));
  terminal_write(PASTE_OFF, sizeof PASTE_OFF - 1);
  def_prog_mode();
  endwin();
  watch_screen(t, false);
  terminal_write(buf_string(&out), out.length);
  terminal_wait_for_enter();
  watch_screen(t, true);
  buf_release(&out);
  on_cont(&t->cont, 0);
}

static void grant_wishes(struct terminal *t) {
  struct wishes wishes = t->wizard->wishes;
  t->wizard->wishes = (struct wishes){ .quit = wishes.quit };
  if (wishes.copy || wishes.copy_all) copy_value(t, wishes.copy_all);
  if (wishes.plain) plain_view(t);
  if (wishes.terminal) apply_settings(t);
  if (wishes.suspend && t->may_stop) kill(0, SIGTSTP); /* the whole job, as Ctrl-Z does */
  if (wishes.redraw || wishes.terminal) redraw(t);
  if (wishes.quit) uv_stop(&t->wizard->loop);
  else paint(t);
}

static bool poll_now(struct pollfd *descriptor) { return poll(descriptor, 1, 0) > 0; }

static void on_input(uv_poll_t *watch, int status, int events) {
  struct terminal *t = watch->data;
  wint_t code;
  int kind;
  (void)events;
  struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };
  bool hung_up = status < 0 || (poll_now(&terminal) && terminal.revents & (POLLHUP | POLLERR | POLLNVAL));
  if (hung_up) {
    t->leaving = true;
    uv_stop(&t->wizard->loop);
    return;
  }
  while ((kind = get_wch(&code)) != ERR && !t->wizard->wishes.quit) {
    take_key(t, kind, code);
  }
  grant_wishes(t);
}

/* ---- signals and time ---- */

static void on_leave(uv_signal_t *signal, int number) {
  struct terminal *t = signal->data;
  t->caught = number;
  t->leaving = true;
  uv_stop(&t->wizard->loop);
}

/* From elsewhere, as Ctrl-C is here. */
static void on_interrupt(uv_signal_t *signal, int number) {
  struct terminal *t = signal->data;
  (void)number;
  keys_press(t->wizard, KEY_IS_CTRL_C, "", 0);
  grant_wishes(t);
}

/* Results are painted at most four times a second, once over a slow line, however fast they come. */
static void on_repaint(uv_timer_t *timer) {
  struct terminal *t = timer->data;
  if (t->wizard->changed) paint(t);
}

static void give_terminal_back(void) { endwin(); }

/* ---- start and stop ---- */

static void start_screen(struct terminal *t) {
  set_escdelay(25);
  raw(); /* Ctrl-C, Ctrl-Z and their like come in their turn, as keys: within a paste they are no commands */
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  define_key("\033[200~", PASTE_BEGIN);
  define_key("\033[201~", PASTE_END);
  apply_settings(t);
  terminal_write(PASTE_ON, sizeof PASTE_ON - 1);
}

static void start_handles(struct terminal *t) {
  uv_loop_t *loop = &t->wizard->loop;
  uv_poll_init(loop, &t->input, STDIN_FILENO);
  uv_timer_init(loop, &t->repaint);
  uv_signal_init(loop, &t->winch);
  uv_signal_init(loop, &t->cont);
  uv_signal_init(loop, &t->stop);
  uv_signal_init(loop, &t->term);
  uv_signal_init(loop, &t->hup);
  uv_signal_init(loop, &t->quit);
  uv_signal_init(loop, &t->interrupt);
  t->input.data = t->repaint.data = t->winch.data = t->cont.data = t->stop.data = t->term.data = t->hup.data = t->quit.data = t->interrupt.data = t;
  uv_poll_start(&t->input, UV_READABLE | UV_DISCONNECT, on_input);
  uv_timer_start(&t->repaint, on_repaint, repaint_ms(t), repaint_ms(t));
  watch_screen(t, true);
  uv_signal_start(&t->term, on_leave, SIGTERM);
  uv_signal_start(&t->hup, on_leave, SIGHUP);
  uv_signal_start(&t->quit, on_leave, SIGQUIT);
  uv_signal_start(&t->interrupt, on_interrupt, SIGINT);
}

static void on_closed(uv_handle_t *handle) { ((struct terminal *)handle->data)->open_handles--; }

/* The handles live in the caller's frame: they must be closed to the end before it returns. */
static void stop_handles(struct terminal *t) {
  uv_handle_t *handles[] = { (uv_handle_t *)&t->input, (uv_handle_t *)&t->repaint, (uv_handle_t *)&t->winch, (uv_handle_t *)&t->cont,
                             (uv_handle_t *)&t->stop,  (uv_handle_t *)&t->term,    (uv_handle_t *)&t->hup,   (uv_handle_t *)&t->quit,  (uv_handle_t *)&t->interrupt };
  t->open_handles = MEM_COUNT(handles);
  for (size_t i = 0; i < MEM_COUNT(handles); i++) uv_close(handles[i], on_closed);
  while (t->open_handles) uv_run(&t->wizard->loop, UV_RUN_NOWAIT);
}

/* Where the work is, on the screen that the shell has again. Whoever ended the program by a signal cannot be asked about a copy. */
static void say_goodbye(const struct terminal *t) {
  struct fault ignored;
  struct arena *arena = arena_new();
  if (t->caught && !saving_try(t->wizard)) saving_copy(t->wizard, &ignored);
  const char *words = saving_goodbye(t->wizard, arena);
  if (!t->caught || saving_trouble(t->wizard)) terminal_write(words, strlen(words));
  arena_free(&arena);
}

static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* A terminal that nobody described still takes lines. */
static int run_without_screen(struct wizard *wizard, struct fault *fault) {
  const char *term = getenv("TERM");
  struct arena *arena = arena_new_sized(1024);
  const char *words = words_fill(arena, _("This terminal (TERM={name}) is not known, so mailstead works line by line.\n\n"), "name", term ? term : "");
  terminal_write(words, strlen(words));
  arena_free(&arena);
  wizard->options.plain = true;
  return plain_run(wizard, fault);
}

int curses_run(struct wizard *wizard, struct fault *fault) {
  struct terminal t = { .wizard = wizard, .paste = BUF_INIT(1 << 20), .forced_ascii = wizard->options.ascii, .may_stop = !is_ignored(SIGTSTP) };
  terminal_guard();
  SCREEN *screen = newterm(NULL, stdout, stdin);
  if (!screen) return run_without_screen(wizard, fault);
  mem_on_failure(give_terminal_back);
  terminal_catch_stderr();
  start_screen(&t);
  start_handles(&t);
  paint(&t);
  while (!wizard->wishes.quit && !t.leaving) uv_run(&wizard->loop, UV_RUN_DEFAULT);
  stop_handles(&t);
  move(LINES - 1, 0); /* a console without an alternate screen keeps what was there */
  refresh();
  terminal_write(PASTE_OFF, sizeof PASTE_OFF - 1);
  endwin();
  delscreen(screen);
  terminal_release_stderr();
  canvas_release(&t.shown);
  buf_release(&t.paste);
  terminal_restore_flags();
  say_goodbye(&t);
  return t.caught ? 128 + t.caught : 0;
}

const char *ui_curses_version(void) { return curses_version(); }
