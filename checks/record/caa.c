#include "checks/record/caa.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/cursor.h"
#include "src/base/name.h"

enum { CRITICAL = 0x80 };

/* issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]: RFC 8659 section 4.2. */
static const char *issuer_of(struct arena *arena, const char *value) {
  while (is_wsp(*value)) value++;
  size_t length = strcspn(value, "; \t");
  return name_lower(arena, arena_strndup(arena, value, length));
}

bool caa_read(struct arena *arena, const struct dns_rr *rr, struct caa *out) {
  struct cursor cursor;
  if (rr->type != DNS_TYPE_CAA) return false;
  cursor_init(&cursor, rr->data, rr->data_length);
  uint8_t flags = cursor_u8(&cursor), size = cursor_u8(&cursor);
  const uint8_t *tag = cursor_bytes(&cursor, size);
  size_t length = cursor_left(&cursor);
  const uint8_t *value = cursor_bytes(&cursor, length);
  if (cursor.failed || size == 0) return false;
  *out = (struct caa){ .critical = flags & CRITICAL, .tag = name_lower(arena, arena_strndup(arena, (const char *)tag, size)),
                       .value = arena_strndup(arena, (const char *)value, length), .length = length, .issuer = "" };
  if (strcmp(out->tag, "issue") == 0 || strcmp(out->tag, "issuewild") == 0) out->issuer = issuer_of(arena, out->value);
  return true;
}
