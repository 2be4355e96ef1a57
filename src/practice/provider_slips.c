#include <stdlib.h>
#include <string.h>

#include "src/base/lib.h"
#include "src/practice/provider.h"
#include "src/request/slips.h"

/* The mistakes of DNS desks, made on demand. */

enum { MOST_VALUE = 65536, STRING = 255 };
static const char left_out[] = "left-out";

struct provider_slip provider_slip_at(size_t index) {
  enum slip slip = (enum slip)(SLIP_NONE + 1 + index);
  if (slip < SLIP_COUNT) return (struct provider_slip){ slip_name(slip), slip_sentence(slip) };
  return index == SLIP_COUNT - 1 ? (struct provider_slip){ left_out, _("the last change is forgotten") } : (struct provider_slip){ NULL, NULL };
}

bool provider_knows_slip(const char *name) {
  enum slip slip;
  return strcmp(name, left_out) == 0 || slip_from_name(name, &slip);
}

/* ---- values ---- */

static bool has_capitals(const struct buf *text) {
  for (size_t i = 0; i < text->length; i++)
    if (text->data[i] >= 'A' && text->data[i] <= 'Z') return true;
  return false;
}

static char other_case(char c, bool lower) {
  if (lower) return to_lower(c);
  return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static void spoil_octets(struct buf *out, const struct buf *text, enum slip slip) {
  bool lower = has_capitals(text), lost = false;
  for (size_t i = 0; i < text->length; i++) {
    char c = text->data[i];
    if (slip == SLIP_BACKSLASHES && c == ';') buf_char(out, '\\');
    if (slip == SLIP_SPLIT && i && i % STRING == 0) buf_char(out, ' ');
    if (slip == SLIP_LINE_BREAK && i == text->length / 2) buf_char(out, '\n');
    if (slip == SLIP_SEMICOLON && c == ';' && !lost) {
      lost = true;
      continue;
    }
    buf_char(out, slip == SLIP_CASE ? other_case(c, lower) : c);
  }
}

static void spoil_text(struct buf *out, const struct buf *text, enum slip slip) {
  switch (slip) {
  case SLIP_QUOTES: buf_printf(out, "\"%s\"", buf_string(text)); break;
  case SLIP_TYPOGRAPHIC: buf_printf(out, "\xe2\x80\x9c%s\xe2\x80\x9d", buf_string(text)); break;
  case SLIP_SPACES: buf_printf(out, " %s ", buf_string(text)); break;
  case SLIP_CUT: buf_bytes(out, buf_string(text), text->length > STRING ? STRING : text->length / 2); break;
  default: spoil_octets(out, text, slip);
  }
}

static void spoil_target(struct buf *out, const struct buf *text, const char *zone, enum slip slip) {
  if (slip == SLIP_TARGET_ZONE && text->length > 2) buf_printf(out, "%s%s.", buf_string(text), zone);
  else buf_bytes(out, buf_string(text), text->length);
}

static void spoil_values(json_t *change, enum slip slip) {
  json_t *wanted = json_object_get(change, "wanted");
  bool is_text = strcmp(json_text(change, "type", ""), "TXT") == 0;
  for (size_t i = 0; i < json_array_size(wanted); i++) {
    struct buf text = BUF_INIT(MOST_VALUE), out = BUF_INIT(3 * MOST_VALUE);
    if (json_get_bytes(json_array_get(wanted, i), &text)) {
      if (is_text) spoil_text(&out, &text, slip);
      else spoil_target(&out, &text, json_text(change, "zone", ""), slip);
      json_array_set_new(wanted, i, json_bytes(buf_string(&out), out.length));
    }
    buf_release(&text);
    buf_release(&out);
  }
}

/* ---- types and names ---- */

static void keep_old(json_t *change) { json_object_set_new(change, "now", json_array()); }

/* Text goes out under the old type SPF, other data as text. */
static void spoil_type(json_t *change, enum slip slip) {
  const char *type = json_text(change, "type", "");
  bool is_text = strcmp(type, "TXT") == 0, is_alias = strcmp(type, "CNAME") == 0;
  if (!json_array_size(json_object_get(change, "wanted")) || (slip == SLIP_ALIAS_AS_TEXT && !is_alias)) return;
  json_object_set_new(change, "type", json_string(is_text ? "SPF" : "TXT"));
  keep_old(change);
}

/* Null: this mistake cannot be made with the name. */
static const char *wrong_name(struct arena *arena, const char *name, const char *zone, enum slip slip) {
  const char *relative = name_relative(arena, name, zone), *parent = name_parent(zone);
  bool apex = relative && strcmp(relative, "@") == 0;
  if (!relative) return NULL;
  if (slip == SLIP_NAME_DOUBLED) return apex ? NULL : name_join(arena, name, zone);
  if (slip == SLIP_AT_LABEL) return apex ? name_join(arena, "@", zone) : NULL;
  if (slip == SLIP_PARENT_ZONE) return !*parent ? NULL : apex ? parent : name_join(arena, relative, parent);
  enum slip found;
  for (size_t i = 0;; i++) {
    const char *wrong = slip_misspelling(arena, relative, i, &found);
    if (!wrong || found == slip) return wrong ? name_join(arena, wrong, zone) : NULL;
  }
}

static void spoil_name(json_t *change, enum slip slip) {
  struct arena *arena = arena_new();
  const char *wrong = wrong_name(arena, name_lower(arena, json_text(change, "name", "")), name_lower(arena, json_text(change, "zone", "")), slip);
  if (wrong && json_array_size(json_object_get(change, "wanted"))) {
    json_object_set_new(change, "name", json_string(wrong));
    keep_old(change);
  }
  arena_free(&arena);
}

static void spoil(json_t *change, enum slip slip) {
  if (slip >= SLIP_NAME_DOUBLED) spoil_name(change, slip);
  else if (slip == SLIP_SECOND_RECORD) keep_old(change);
  else if (slip == SLIP_WRONG_TYPE || slip == SLIP_ALIAS_AS_TEXT) spoil_type(change, slip);
  else spoil_values(change, slip);
}

void provider_spoil(json_t *changes, const char *name) {
  enum slip slip;
  if (slip_from_name(name, &slip))
    for (size_t i = 0; i < json_array_size(changes); i++) spoil(json_array_get(changes, i), slip);
  else if (json_array_size(changes)) json_array_remove(changes, json_array_size(changes) - 1);
}
