#include "src/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one piece of program-wide state: a way to give the terminal back before giving up. */
static void (*failure_hook)(void);

void mem_on_failure(void (*hook)(void)) { failure_hook = hook; }

static void give_up(void) {
  static const char words[] = "mailstead: this computer has no memory left; your work up to the last answer is saved\n";
  if (failure_hook) failure_hook();
  ssize_t ignored = write(STDERR_FILENO, words, sizeof words - 1);
  (void)ignored;
  _exit(70);
}

void *mem_alloc(size_t size) {
  void *memory = malloc(size ? size : 1);
  if (!memory) give_up();
  return memory;
}

void *mem_zalloc(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size ? size : 1);
  if (!memory) give_up();
  return memory;
}

void *mem_realloc(void *old, size_t count, size_t size) {
  if (size && count > SIZE_MAX / size) give_up();
  void *memory = realloc(old, count && size ? count * size : 1);
  if (!memory) give_up();
  return memory;
}

char *mem_strdup(const char *text) { return mem_strndup(text, strlen(text)); }

char *mem_strndup(const char *text, size_t length) {
  char *copy = mem_alloc(length + 1);
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

char *mem_printf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *text = NULL;
  int length = vasprintf(&text, format, arguments);
  va_end(arguments);
  if (length < 0) give_up();
  return text;
}
