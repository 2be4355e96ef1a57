#include "checks/record/taglist.h"

#include <string.h>

#include "src/base/ctype.h"

static void read_part(struct arena *arena, struct taglist *list, const char *text, size_t start, size_t end) {
  while (start < end && is_space(text[start])) start++;
  while (end > start && is_space(text[end - 1])) end--;
  list->tags = arena_grow(arena, list->tags, list->count, sizeof *list->tags);
  struct tag *tag = &list->tags[list->count++];
  const char *equals = memchr(text + start, '=', end - start);
  size_t name_end = equals ? (size_t)(equals - text) : start, value = equals ? name_end + 1 : start;
  *tag = (struct tag){ .position = start, .length = end - start, .has_equals = equals != NULL, .empty = start == end };
  while (name_end > start && is_space(text[name_end - 1])) name_end--, tag->space_at_equals = true;
  while (equals && value < end && is_space(text[value])) value++, tag->space_at_equals = true;
  tag->value_position = value;
  tag->name = arena_strndup(arena, text + start, name_end - start);
  tag->value = arena_strndup(arena, text + value, end - value);
  enum { MOST_COMPARED = 64 }; /* of a list that long nobody asks which tag stands twice */
  for (size_t i = 0; equals && i + 1 < list->count && i < MOST_COMPARED; i++) tag->duplicate = tag->duplicate || strcmp(list->tags[i].name, tag->name) == 0;
}

struct taglist *taglist_parse(struct arena *arena, const char *text, size_t length) {
  struct taglist *list = ARENA_NEW(arena, struct taglist);
  for (size_t start = 0, at; start <= length; start = at + 1) {
    const char *semicolon = start < length ? memchr(text + start, ';', length - start) : NULL;
    at = semicolon ? (size_t)(semicolon - text) : length;
    if (at < length && at > start && is_space(text[at - 1])) list->space_before_separator = true;
    bool trailing = at == length;
    for (size_t i = start; trailing && i < at; i++) trailing = is_space(text[i]);
    if (!trailing) read_part(arena, list, text, start, at);
  }
  return list;
}

bool tag_holds_nul(const struct tag *tag) {
  if (strlen(tag->value) != tag->position + tag->length - tag->value_position) return true;
  return tag->has_equals && !tag->space_at_equals && strlen(tag->name) != tag->value_position - 1 - tag->position;
}

const struct tag *taglist_find(const struct taglist *list, const char *name) {
  for (size_t i = 0; i < list->count; i++)
    if (list->tags[i].has_equals && strcmp(list->tags[i].name, name) == 0) return &list->tags[i];
  return NULL;
}

bool tag_name_is_good(const char *name) {
  if (!is_alpha(*name)) return false;
  for (; *name; name++)
    if (!is_alnum(*name) && *name != '_') return false;
  return true;
}
