#include <stdio.h>
#include <string.h>
#include <unistr.h>

#include "src/request/private.h"

/* What several formats write alike. */

void request_comment(struct buf *out, const char *mark, const char *text) {
  buf_printf(out, "%s ", mark);
  text_safe(out, text, strlen(text));
  buf_char(out, '\n');
}

void request_line(struct buf *out, const char *name, uint32_t ttl, uint16_t type, const char *data) {
  char scratch[16];
  zone_text_name(out, name);
  buf_printf(out, " %u IN %s %s\n", ttl, dns_type_name(type, scratch), data);
}

static void put_ttls(struct buf *out, struct arena *arena, const char *mark, const struct request_ttl *list, size_t count) {
  for (size_t i = 0; i < count; i++) request_comment(out, mark, arena_printf(arena, "  %s", request_ttl_line(arena, &list[i])));
}

static void put_steps(struct buf *out, struct arena *arena, const char *mark, const struct request_group *group) {
  if (group->lower_count) request_comment(out, mark, request_step_lower(arena, group));
  put_ttls(out, arena, mark, group->lower, group->lower_count);
  if (group->raise_count) request_comment(out, mark, request_step_raise(group));
  put_ttls(out, arena, mark, group->raise, group->raise_count);
}

void request_machine_head(const struct request *request, struct buf *out, const char *mark, const char *use) {
  struct arena *arena = arena_new();
  struct text_argument arguments[] = { { "domain", request->domain }, { "reference", request->reference }, { "date", request_date(arena, request->details->time) } };
  if (request->details->practice) request_comment(out, mark, request_practice_words());
  request_comment(out, mark, text_fill(arena, _("DNS change request for {domain}, reference {reference}, {date}"), arguments, 3));
  request_comment(out, mark, use);
  for (size_t i = 0; i < request->omission_count; i++) request_comment(out, mark, request->omissions[i].reason);
  for (size_t g = 0; g < request->group_count; g++) put_steps(out, arena, mark, &request->groups[g]);
  arena_free(&arena);
}

/* Above U+FFFF JavaScript wants two surrogates, YAML one escape of eight digits. */
static void put_far(struct buf *out, ucs4_t c, bool yaml) {
  if (yaml) buf_printf(out, "\\U%08X", (unsigned)c);
  else buf_printf(out, "\\u%04X\\u%04X", (unsigned)(0xd7c0 + (c >> 10)), (unsigned)(0xdc00 + (c & 0x3ff)));
}

static bool put_literal(struct buf *out, const char *text, size_t length, bool yaml) {
  const uint8_t *at = (const uint8_t *)text, *end = at + length;
  if (u8_check(at, length)) return false;
  buf_char(out, '"');
  while (at < end) {
    ucs4_t c;
    at += u8_mbtoucr(&c, at, (size_t)(end - at));
    if (c == '"' || c == '\\') buf_printf(out, "\\%c", (char)c);
    else if (c >= 0x20 && c <= 0x7e && c != '<' && c != '>' && c != '&') buf_char(out, (char)c);
    else if (c <= 0xffff) buf_printf(out, "\\u%04X", (unsigned)c);
    else put_far(out, c, yaml);
  }
  buf_char(out, '"');
  return true;
}

bool request_literal_js(struct buf *out, const char *text, size_t length) { return put_literal(out, text, length, false); }
bool request_literal_yaml(struct buf *out, const char *text, size_t length) { return put_literal(out, text, length, true); }
