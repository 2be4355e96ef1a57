#include "checks/record/caa.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/cursor.h"
#include "src/base/name.h"

enum { CRITICAL = 0x80 };

static const char *skip_space(const char *at) {
  while (is_wsp(*at)) at++;
  return at;
}

/* parameter = tag *WSP "=" *WSP value, and a value holds neither space nor ";". Null: not so. */
static const char *skip_parameter(const char *at) {
  const char *tag = at;
  while (is_alnum(*at) || (*at == '-' && at > tag && is_alnum(at[1]))) at++;
  if (at == tag) return NULL;
  at = skip_space(at);
  if (*at++ != '=') return NULL;
  for (at = skip_space(at); *at > ' ' && *at <= '~' && *at != ';';) at++;
  return at;
}

static bool parameters_good(const char *at) {
  at = skip_space(at);
  while (*at) {
    at = skip_parameter(at);
    if (!at) return false;
    at = skip_space(at);
    if (*at && *at != ';') return false;
    if (*at == ';') {
      at = skip_space(at + 1);
      if (!*at) return false;
    }
  }
  return true;
}

/* issue-value = *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]: RFC 8659 section 4.2. What is not in this form counts as one that names no
 * issuer. */
static const char *issuer_of(struct arena *arena, const char *value) {
  value = skip_space(value);
  size_t length = strcspn(value, "; \t");
  const char *issuer = name_lower(arena, arena_strndup(arena, value, length)), *rest = skip_space(value + length);
  bool good = (!*issuer || name_is_host(issuer)) && (!*rest || *rest == ';') && parameters_good(*rest ? rest + 1 : rest);
  return good ? issuer : "";
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
  if (strcmp(out->tag, "issue") == 0 || strcmp(out->tag, "issuewild") == 0) out->issuer = strlen(out->value) == length ? issuer_of(arena, out->value) : "";
  return true;
}
