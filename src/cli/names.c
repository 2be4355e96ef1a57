#include "src/cli/names.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/base/mem.h"

enum { ROOM = 1 << 16, LONGEST_LINE = 4096 };

struct names {
  const char **words;
  size_t count, next;
  uv_poll_t *poll;             /* on a pipe or terminal; null for a file, which is always ready */
  void (*more)(void *context);
  void *context;
  bool from_input, over, skipping /* the rest of a line that was too long */;
  size_t number;               /* of the line given last */
  int error;
  size_t start, end;           /* what of `bytes` is still to be given */
  char bytes[ROOM];
  char line[LONGEST_LINE + 1];
};

struct names *names_of_words(const char **words, size_t count) {
  struct names *names = mem_zalloc(1, sizeof *names);
  names->words = words;
  names->count = count;
  return names;
}

static void on_poll_closed(uv_handle_t *handle) { free(handle); }

static void on_readable(uv_poll_t *poll, int status, int events) {
  struct names *names = poll->data;
  (void)status;
  (void)events;
  uv_poll_stop(poll);
  names->more(names->context);
}

struct names *names_of_input(uv_loop_t *loop, void (*more)(void *context), void *context) {
  struct names *names = names_of_words(NULL, 0);
  names->from_input = true;
  names->more = more;
  names->context = context;
  names->poll = mem_zalloc(1, sizeof *names->poll);
  names->poll->data = names;
  if (uv_poll_init(loop, names->poll, STDIN_FILENO) != 0) {
    free(names->poll);
    names->poll = NULL;
  }
  return names;
}

void names_stop(struct names *names) {
  names->over = true;
  if (names->poll) uv_close((uv_handle_t *)names->poll, on_poll_closed);
  names->poll = NULL;
}

void names_free(struct names **names) {
  if (*names) names_stop(*names);
  free(*names);
  *names = NULL;
}

/* Editors of other systems put it before the first line. */
static void skip_mark(struct names *names, size_t stop) {
  static const char mark[] = "\xEF\xBB\xBF";
  size_t length = sizeof mark - 1;
  if (stop - names->start >= length && memcmp(names->bytes + names->start, mark, length) == 0) names->start += length;
}

/* Gives the bytes from `start` up to `stop` as a line. */
static void take(struct names *names, size_t stop, size_t next, const char **out) {
  if (names->number++ == 0) skip_mark(names, stop);
  size_t length = stop - names->start;
  if (length > LONGEST_LINE) length = LONGEST_LINE;
  memcpy(names->line, names->bytes + names->start, length);
  while (length && names->line[length - 1] == '\r') length--;
  names->line[length] = '\0';
  for (char *nul; (nul = memchr(names->line, '\0', length));) *nul = '\x1A';
  names->start = next;
  *out = names->line;
}

/* False: the line at `start` has not ended yet. */
static bool take_line(struct names *names, const char **out) {
  while (names->start < names->end) {
    size_t left = names->end - names->start;
    const char *newline = memchr(names->bytes + names->start, '\n', left);
    size_t stop = newline ? (size_t)(newline - names->bytes) : names->end, next = newline ? stop + 1 : stop;
    bool rest = names->skipping;
    if (!newline && left < LONGEST_LINE && !rest) return false;
    names->skipping = !newline;
    if (!rest) {
      take(names, stop, next, out);
      return true;
    }
    names->start = next;
  }
  return false;
}

static void read_more(struct names *names) {
  memmove(names->bytes, names->bytes + names->start, names->end - names->start);
  names->end -= names->start;
  names->start = 0;
  ssize_t got = read(STDIN_FILENO, names->bytes + names->end, ROOM - names->end);
  if (got > 0) names->end += (size_t)got;
  else if (got == 0 || (errno != EAGAIN && errno != EINTR)) names->over = true;
  if (got < 0 && names->over) names->error = errno;
}

/* A pipe is read when the loop says that it has something, so that the read cannot wait. */
static enum names_state wait_for_more(struct names *names) {
  uv_poll_start(names->poll, UV_READABLE | UV_DISCONNECT, on_readable);
  return NAMES_WAIT;
}

static bool is_ready(void) {
  struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
  return poll(&input, 1, 0) > 0;
}

enum names_state names_next(struct names *names, const char **out) {
  if (!names->from_input) {
    if (names->over || names->next >= names->count) return NAMES_OVER;
    *out = names->words[names->next++];
    return NAMES_LINE;
  }
  while (!take_line(names, out)) {
    if (names->over) {
      if (names->start == names->end || names->skipping) return NAMES_OVER;
      take(names, names->end, names->end, out);
      return NAMES_LINE;
    }
    if (names->poll && !is_ready()) return wait_for_more(names);
    read_more(names);
  }
  return NAMES_LINE;
}

size_t names_line_number(const struct names *names) { return names->number; }
int names_error(const struct names *names) { return names->error; }
