#include "ui/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "src/base/lib.h"

enum { WAIT_MS = 1000, LARGEST_STDERR = 64 << 10, CRASH_STACK = 64 << 10 };

/* ---- writing and reading around curses ---- */

bool terminal_write(const char *text, size_t length) {
  struct pollfd terminal = { .fd = STDOUT_FILENO, .events = POLLOUT };
  while (length > 0) {
    ssize_t put = write(STDOUT_FILENO, text, length);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (put < 0 && poll(&terminal, 1, WAIT_MS) <= 0) return false;
    if (put < 0) continue;
    text += put;
    length -= (size_t)put;
  }
  return true;
}

void terminal_wait_for_enter(void) {
  struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };
  for (char c = '\0'; c != '\n' && c != '\r';) {
    if (poll(&terminal, 1, -1) < 0) return; /* also for a signal that is to end the program */
    if (terminal.revents & (POLLHUP | POLLERR)) return;
    if (read(STDIN_FILENO, &c, 1) == 0) return;
  }
}

/* ---- the clipboard ---- */

static void base64(struct buf *out, const char *text, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    unsigned left = (unsigned)(length - i), a = (unsigned char)text[i], b = left > 1 ? (unsigned char)text[i + 1] : 0, c = left > 2 ? (unsigned char)text[i + 2] : 0;
    buf_char(out, digits[a >> 2]);
    buf_char(out, digits[(a & 3) << 4 | b >> 4]);
    buf_char(out, left > 1 ? digits[(b & 15) << 2 | c >> 6] : '=');
    buf_char(out, left > 2 ? digits[c & 63] : '=');
  }
}

bool terminal_copy(const char *text, size_t length) {
  struct buf sequence = BUF_INIT(3 * TERMINAL_CLIPBOARD_MOST);
  buf_text(&sequence, "\033]52;c;");
  base64(&sequence, text, length);
  buf_text(&sequence, "\a");
  bool sent = terminal_write(buf_string(&sequence), sequence.length);
  buf_release(&sequence);
  return sent;
}

const char *terminal_copy_hint(void) {
  const char *term = getenv("TERM");
  if (getenv("TMUX")) return _("tmux passes it on only if its set-clipboard option is \"on\".");
  return term && text_starts(term, "screen") ? _("screen does not pass it on.") : "";
}

/* ---- stderr ---- */

static int caught = -1, original = -1;

void terminal_catch_stderr(void) {
  if (!isatty(STDERR_FILENO)) return;
  caught = memfd_create("mailstead-stderr", MFD_CLOEXEC);
  original = caught >= 0 ? dup(STDERR_FILENO) : -1;
  if (original >= 0) dup2(caught, STDERR_FILENO);
}

void terminal_release_stderr(void) {
  static char text[LARGEST_STDERR];
  if (original < 0) return;
  dup2(original, STDERR_FILENO);
  ssize_t length = pread(caught, text, sizeof text, 0), put = 0;
  if (length > 0) put = write(STDERR_FILENO, text, (size_t)length);
  (void)put;
  close(original);
  close(caught);
  caught = original = -1;
}

/* ---- a crash ---- */

static struct termios before;
static int input_flags, output_flags;
static bool is_guarded;
static char farewell[1400];

void terminal_restore_flags(void) {
  if (!is_guarded) return;
  fcntl(STDIN_FILENO, F_SETFL, input_flags);
  fcntl(STDOUT_FILENO, F_SETFL, output_flags);
}

/* What was caught of stderr may tell why. Only what a signal handler may call: curses may be in the middle of anything. */
static void show_caught(int to) {
  char piece[512];
  ssize_t length;
  for (off_t at = 0; caught >= 0 && at < LARGEST_STDERR && (length = pread(caught, piece, sizeof piece, at)) > 0; at += length)
    if (write(to, piece, (size_t)length) < 0) return;
}

/* The default action runs when the handler returns: the signal that it raises is held back until then. */
static void on_crash(int number) {
  static const char reset[] = "\033[?2026l\033[?2004l\033[?1000l\033[?1006l\033[?1049l\033[0m\033[?25h\r\n";
  int to = original >= 0 ? original : STDERR_FILENO;
  ssize_t put = write(STDOUT_FILENO, reset, sizeof reset - 1);
  if (is_guarded) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  terminal_restore_flags();
  if (original >= 0) show_caught(to);
  put = write(to, farewell, strnlen(farewell, sizeof farewell));
  (void)put;
  raise(number);
}

void terminal_guard(void) {
  static const int numbers[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE };
  static char stack[CRASH_STACK]; /* of its own: the other may be what ran out */
  stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
  struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK | (int)SA_RESETHAND };
  is_guarded = tcgetattr(STDIN_FILENO, &before) == 0;
  input_flags = fcntl(STDIN_FILENO, F_GETFL);
  output_flags = fcntl(STDOUT_FILENO, F_GETFL);
  terminal_guard_saved("");
  sigaltstack(&alternate, NULL);
  for (size_t i = 0; i < MEM_COUNT(numbers); i++) sigaction(numbers[i], &action, NULL);
}

void terminal_guard_saved(const char *path) {
  const char *sentence = _("mailstead stopped because of a fault of its own.");
  if (*path) snprintf(farewell, sizeof farewell, "%s %s %s\n", sentence, _("Your answers are saved in"), path);
  else snprintf(farewell, sizeof farewell, "%s\n", sentence);
}
