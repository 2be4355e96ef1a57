#include <string.h>

#include "src/request/private.h"

/* YAML for octoDNS, one document for each zone's file: every value of each name and type that changes. */

static bool put_text(struct buf *out, struct arena *arena, const char *data) {
  struct buf escaped = BUF_INIT(1 << 20);
  size_t length;
  const char *text = request_unquoted(arena, data, &length);
  for (size_t i = 0; i < length; i++) {
    if (text[i] == ';') buf_char(&escaped, '\\'); /* octoDNS reads "\;" in TXT values as ";" */
    buf_char(&escaped, text[i]);
  }
  bool good = request_literal_yaml(out, buf_string(&escaped), escaped.length);
  buf_release(&escaped);
  return good;
}

/* "3 1 1 8d02…" with octoDNS's names for its parts. */
static void put_fields(struct buf *out, uint16_t type, const char *data) {
  static const char *const names[2][4] = { { "certificate_usage", "selector", "matching_type", "certificate_association_data" }, { "key_tag", "algorithm", "digest_type", "digest" } };
  const char *at = data;
  for (size_t i = 0; i < 4; i++) {
    size_t length = i < 3 ? strcspn(at, " ") : strlen(at);
    buf_printf(out, "%s%s: ", i ? ", " : "{", names[type == DNS_TYPE_DS][i]);
    if (i < 3) buf_printf(out, "%.*s", (int)length, at);
    else request_literal_yaml(out, at, length);
    at += length;
    at += strspn(at, " ");
  }
  buf_char(out, '}');
}

static void put_value(struct buf *out, struct arena *arena, const struct request_set *set, const char *before, const char *data) {
  const char *space = strchr(data, ' ');
  struct buf line = BUF_INIT(1 << 20);
  bool good = true;
  if (set->type == DNS_TYPE_TXT) {
    good = put_text(&line, arena, data);
  } else if (set->type == DNS_TYPE_MX && space) {
    buf_printf(&line, "{preference: %.*s, exchange: ", (int)(space - data), data);
    request_literal_yaml(&line, space + 1, strlen(space + 1));
    buf_char(&line, '}');
  } else if (set->type == DNS_TYPE_TLSA || set->type == DNS_TYPE_DS) {
    put_fields(&line, set->type, data);
  } else {
    request_literal_yaml(&line, data, strlen(data));
  }
  if (good) buf_printf(out, "%s%s\n", before, buf_string(&line));
  else request_comment(out, "#", arena_printf(arena, _("a value that is no UTF-8 cannot be written here: keep it by hand: %s"), data));
  buf_release(&line);
}

/* At a name with several types each is one entry of a list. An alias has a value, everything else values. */
static void put_set(struct buf *out, struct arena *arena, const struct request_set *set, bool in_list) {
  char scratch[16];
  const char *indent = in_list ? "    " : "  ";
  buf_printf(out, "%stype: %s\n%sttl: %u\n", in_list ? "  - " : indent, dns_type_name(set->type, scratch), indent, set->ttl);
  if (set->type == DNS_TYPE_CNAME) {
    put_value(out, arena, set, arena_printf(arena, "%svalue: ", indent), set->after[0]);
    return;
  }
  buf_printf(out, "%svalues:\n", indent);
  for (size_t i = 0; i < set->after_count; i++) put_value(out, arena, set, arena_printf(arena, "%s  - ", indent), set->after[i]);
}

static void put_gone(struct buf *out, struct arena *arena, const struct request_set *set) {
  char scratch[16];
  for (size_t i = 0; i < set->before_count; i++) {
    bool stays = false;
    for (size_t n = 0; n < set->after_count; n++) stays = stays || strcmp(set->before[i], set->after[n]) == 0;
    if (!stays) request_comment(out, "# remove:", arena_printf(arena, "%s %s %s", set->name, dns_type_name(set->type, scratch), set->before[i]));
  }
}

static void put_name(struct buf *out, struct arena *arena, const struct request_set *sets, size_t count, size_t first) {
  const char *relative = name_relative(arena, sets[first].name, sets[first].zone);
  size_t types = 0;
  for (size_t i = first; i < count; i++)
    if (strcmp(sets[i].name, sets[first].name) == 0) {
      put_gone(out, arena, &sets[i]);
      types += sets[i].after_count > 0;
    }
  if (!types) return;
  const char *key = !relative || strcmp(relative, "@") == 0 ? "" : relative;
  request_literal_yaml(out, key, strlen(key));
  buf_text(out, ":\n");
  for (size_t i = first; i < count; i++)
    if (strcmp(sets[i].name, sets[first].name) == 0 && sets[i].after_count) put_set(out, arena, &sets[i], types > 1);
}

static bool seen_before(const struct request_set *sets, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (strcmp(sets[i].name, sets[index].name) == 0) return true;
  return false;
}

void request_octodns(const struct request *request, struct buf *out) {
  struct arena *arena = arena_new();
  size_t count;
  const struct request_set *sets = request_sets(arena, request, &count);
  request_machine_head(request, out, "#", _("Merge these into the zones' files: each entry holds all values of its name and type, and other types and names stay."));
  for (size_t g = 0; g < request->group_count; g++) {
    const struct request_group *group = &request->groups[g];
    if (group->contact != CONTACT_REGISTRAR) continue;
    buf_text(out, "---\n");
    request_comment(out, "#", arena_printf(arena, "%s.yaml", group->zone));
    for (size_t i = 0; i < count; i++)
      if (strcmp(sets[i].zone, group->zone) == 0 && !seen_before(sets, i)) put_name(out, arena, sets, count, i);
  }
  arena_free(&arena);
}
