#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H
#include <stdbool.h>
#include <stddef.h>

/* What the curses back end does with the terminal beside curses: the clipboard, the plain view, stderr while the screen is up, and giving the
 * terminal back when the program dies. */

enum { TERMINAL_CLIPBOARD_MOST = 8192 };

/* The loop keeps the terminal non-blocking, so both ways are waited for. False: it did not take all. */
bool terminal_write(const char *text, size_t length);
void terminal_wait_for_enter(void);         /* or for a signal that has a handler */

/* Sends the text to the terminal's clipboard (OSC 52). No answer ever comes. */
bool terminal_copy(const char *text, size_t length);
const char *terminal_copy_hint(void);       /* why a copy may not arrive, inside tmux or screen, as a sentence; "" */

/* Libraries that write to stderr must not write over the screen: it is caught until terminal_release_stderr, which prints it. */
void terminal_catch_stderr(void);
void terminal_release_stderr(void);

/* Gives the terminal back as it was now when the program crashes, and says where the work is. Call before curses starts. */
void terminal_guard(void);
void terminal_restore_flags(void);          /* of the terminal, which the shell shares: blocking, as they were before */
void terminal_guard_saved(const char *path); /* where the work is: the open case */
#endif
