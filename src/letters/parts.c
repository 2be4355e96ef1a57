#include "src/letters/parts.h"

#include <string.h>

#include "src/letters/private.h"

static size_t part_length(const char *text) {
  const char *empty = strstr(text, "\n\n"), *point = strstr(text, "\n- ");
  const char *end = !empty || (point && point < empty) ? point : empty;
  size_t length = end ? (size_t)(end - text) : strlen(text);
  while (length && text[length - 1] == '\n') length--;
  return length;
}

/* Lines of one part are parted by a line end and the indent of a point. */
static const char *on_one_line(struct arena *arena, const char *text, size_t length) {
  char *words = arena_alloc(arena, length + 1), *put = words;
  for (size_t i = 0; i < length; i++) {
    *put++ = text[i] == '\n' ? ' ' : text[i];
    if (text[i] == '\n')
      while (i + 1 < length && text[i + 1] == ' ') i++;
  }
  *put = '\0';
  return words;
}

size_t letter_parts(struct arena *arena, const char *text, struct letter_part **out) {
  size_t count = 0;
  *out = NULL;
  while (*text == '\n') text++;
  while (*text) {
    size_t length = part_length(text), gap = strspn(text + length, "\n");
    *out = arena_grow(arena, *out, count, sizeof **out);
    (*out)[count++] = (struct letter_part){ .start = text, .length = length, .words = on_one_line(arena, text, length), .ends_paragraph = gap != 1 };
    text += length + gap;
  }
  return count;
}

/* A subject stays on its line. */
static void put_part(struct buf *out, const char *words) {
  const char *subject = _("Subject: %s\n\n");
  if (strncmp(words, subject, strcspn(subject, "%")) == 0) buf_printf(out, "%s\n", words);
  else if (strncmp(words, "- ", 2) == 0) put_wrapped(out, "- ", "  ", words + 2);
  else put_wrapped(out, "", "", words);
}

const char *letter_with_part(struct arena *arena, const char *text, size_t index, const char *words) {
  struct buf out = BUF_INIT(1 << 18);
  struct letter_part *parts;
  size_t count = letter_parts(arena, text, &parts);
  bool gap = false;
  for (size_t i = 0; i < count; i++) {
    bool other = i == index;
    if (!other || *words) {
      if (gap) buf_char(&out, '\n');
      gap = false;
      if (other) put_part(&out, words);
      else buf_printf(&out, "%.*s\n", (int)parts[i].length, parts[i].start);
    }
    gap = (gap || parts[i].ends_paragraph) && out.length;
  }
  const char *whole = arena_strndup(arena, buf_string(&out), out.length);
  buf_release(&out);
  return whole;
}

static bool has_part(const struct letter_part *parts, size_t count, const char *words) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(parts[i].words, words) == 0) return true;
  return false;
}

static size_t add_missing(struct arena *arena, const struct letter_part *from, size_t from_count, const struct letter_part *in, size_t in_count, bool gone, struct letter_change **out, size_t count) {
  for (size_t i = 0; i < from_count; i++) {
    if (has_part(in, in_count, from[i].words)) continue;
    *out = arena_grow(arena, *out, count, sizeof **out);
    (*out)[count++] = (struct letter_change){ .gone = gone, .words = from[i].words };
  }
  return count;
}

size_t letter_changes(struct arena *arena, const char *before, const char *now, struct letter_change **out) {
  struct letter_part *old, *new;
  size_t old_count = letter_parts(arena, before, &old), new_count = letter_parts(arena, now, &new);
  *out = NULL;
  size_t count = add_missing(arena, old, old_count, new, new_count, true, out, 0);
  return add_missing(arena, new, new_count, old, old_count, false, out, count);
}
