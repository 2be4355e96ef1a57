#include <string.h>

#include "src/request/private.h"

static bool drop(const char **list, size_t *count, const char *data) {
  for (size_t i = 0; i < *count; i++) {
    if (strcmp(list[i], data) != 0) continue;
    memmove(list + i, list + i + 1, (*count - i - 1) * sizeof *list);
    --*count;
    return true;
  }
  return false;
}

static void put(struct arena *arena, const char ***list, size_t *count, const char *data) {
  for (size_t i = 0; i < *count; i++)
    if (strcmp((*list)[i], data) == 0) return;
  *list = arena_grow(arena, *list, *count, sizeof **list);
  (*list)[(*count)++] = data;
}

/* What one change takes from a set, another of the same name and type sees as kept: the set before is what either of them knows. */
static void read_before(struct arena *arena, struct request_set *set, const struct plan_change *change) {
  set->known &= change->present_known;
  if (change->set_ttl > set->ttl_before) set->ttl_before = change->set_ttl;
  for (size_t i = 0; i < change->now_count; i++)
    if (change->now_data && change->now_data[i]) put(arena, &set->before, &set->before_count, change->now_data[i]);
  for (size_t i = 0; i < change->kept_count; i++) put(arena, &set->before, &set->before_count, change->kept_data[i]);
}

static struct request_set *set_for(struct arena *arena, struct request_set **sets, size_t *count, const struct request_item *item) {
  const struct plan_change *change = item->change;
  for (size_t i = 0; i < *count; i++)
    if ((*sets)[i].type == change->type && strcmp((*sets)[i].name, change->name) == 0) return &(*sets)[i];
  *sets = arena_grow(arena, *sets, *count, sizeof **sets);
  struct request_set *set = &(*sets)[(*count)++];
  *set = (struct request_set){ .zone = change->zone, .name = change->name, .type = change->type, .contact = change->contact, .known = true, .ttl = item->ttl };
  return set;
}

static void apply(struct arena *arena, struct request_set *set, const struct request_item *item) {
  const struct plan_change *change = item->change;
  for (size_t i = 0; i < change->now_count; i++)
    if (change->now_data && change->now_data[i]) drop(set->after, &set->after_count, change->now_data[i]);
  for (size_t i = 0; i < change->wanted_count; i++) put(arena, &set->after, &set->after_count, item->wanted[i].data);
}

struct request_set *request_sets(struct arena *arena, const struct request *request, size_t *out_count) {
  struct request_set *sets = NULL;
  *out_count = 0;
  for (int pass = 0; pass < 3; pass++) {
    for (size_t g = 0; g < request->group_count; g++)
      for (size_t i = 0; i < request->groups[g].item_count; i++) {
        const struct request_item *item = &request->groups[g].items[i];
        struct request_set *set = set_for(arena, &sets, out_count, item);
        if (pass == 0) read_before(arena, set, item->change);
        if (pass == 2) apply(arena, set, item);
      }
    for (size_t i = 0; pass == 1 && i < *out_count; i++)
      for (size_t n = 0; n < sets[i].before_count; n++) put(arena, &sets[i].after, &sets[i].after_count, sets[i].before[n]);
  }
  return sets;
}

const char *request_unquoted(struct arena *arena, const char *data, size_t *out_length) {
  char *text = arena_alloc(arena, strlen(data) + 1);
  size_t length = 0;
  bool inside = false;
  for (; *data; data++) {
    if (*data == '"') inside = !inside;
    else if (*data == '\\' && is_digit(data[1]) && is_digit(data[2]) && is_digit(data[3])) {
      text[length++] = (char)((data[1] - '0') * 100 + (data[2] - '0') * 10 + (data[3] - '0'));
      data += 3;
    } else if (*data == '\\' && data[1]) text[length++] = *++data;
    else if (inside) text[length++] = *data;
  }
  text[length] = '\0';
  *out_length = length;
  return text;
}
