#include "checks/record/report_uri.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/ip.h"
#include "src/base/name.h"

/* "!" digits and an optional unit at the end, as RFC 7489 had it. */
static size_t size_suffix(const char *text) {
  const char *mark = strrchr(text, '!');
  if (!mark || !is_digit(mark[1])) return 0;
  const char *at = mark + 1;
  while (is_digit(*at)) at++;
  if (*at && strchr("kKmMgGtT", *at)) at++;
  return *at ? 0 : strlen(mark);
}

static const char *percent_decoded(struct arena *arena, const char *text) {
  char *out = arena_strdup(arena, text), *put = out;
  for (; *text; text++) {
    int high = *text == '%' ? hex_value(text[1]) : -1, low = high >= 0 ? hex_value(text[2]) : -1;
    if (low >= 0 && (high || low)) {
      *put++ = (char)(high << 4 | low);
      text += 2;
    } else {
      *put++ = *text;
    }
  }
  *put = '\0';
  return out;
}

/* A comma or semicolon is here only percent-encoded, as RFC 9989 section 4.8 and RFC 8460 section 3 want it: it would have ended the address. */
static bool local_part_valid(const char *text, size_t length) {
  if (length == 0 || length > 64 || text[0] == '.' || text[length - 1] == '.') return false;
  for (size_t i = 0; i < length; i++)
    if (!is_alnum(text[i]) && !strchr("!#$%&'*+-/=?^_`{|}~.,;", text[i])) return false;
  return true;
}

/* RFC 3986 section 2: what may stand in a URI at all. */
static bool has_uri_signs_only(const char *text) {
  for (; *text; text++)
    if (!is_alnum(*text) && !strchr("-._~:/?#[]@!$&'()*+,;=%", *text)) return false;
  return true;
}

/* A quoted-string: printable characters, of which a backslash takes the next as it is (RFC 5321 section 4.1.2). */
static bool quoted_part_valid(const char *text, size_t length) {
  if (length < 2 || length > 64 || text[0] != '"' || text[length - 1] != '"') return false;
  for (size_t i = 1; i + 1 < length; i++) {
    if (text[i] == '\\' && i + 2 < length) i++;
    else if (text[i] == '"' || text[i] == '\\') return false;
    if (!is_print(text[i])) return false;
  }
  return true;
}

/* The "@" before the host: a quoted local part may hold others. */
static const char *host_sign(const char *address) {
  const char *at = *address == '"' ? strrchr(address, '@') : strchr(address, '@');
  return at && !strchr(at + 1, '@') ? at : NULL;
}

/* "mailto://" is a slip: what follows would be a local part that begins with two slashes. */
static void read_mailbox(struct arena *arena, struct report_uri *uri, const char *written) {
  size_t query = strcspn(written, "?");
  const char *address = percent_decoded(arena, arena_strndup(arena, written, query));
  const char *at = host_sign(address);
  uri->address = address;
  uri->host = at ? name_lower(arena, at + 1) : "";
  size_t length = at ? (size_t)(at - address) : 0;
  bool local = local_part_valid(address, length) ? strncmp(written, "//", 2) != 0 : quoted_part_valid(address, length);
  if (!local || !name_is_host(uri->host) || name_labels(uri->host) < 2) uri->fault = strpbrk(address, " \t") ? REPORT_FAULT_SEPARATOR : REPORT_FAULT_INVALID;
  else if (!has_uri_signs_only(written)) uri->fault = REPORT_FAULT_INVALID;
}

/* After the scheme: "//", perhaps a user, and a host, which may be an address (RFC 3986 section 3.2). */
static void read_web_address(struct arena *arena, struct report_uri *uri, const char *rest) {
  bool good = rest[0] == '/' && rest[1] == '/' && has_uri_signs_only(rest);
  const char *authority = good ? arena_strndup(arena, rest + 2, strcspn(rest + 2, "/?#")) : "";
  const char *user = strrchr(authority, '@'), *host = user ? user + 1 : authority;
  struct ip ip;
  if (*host == '[') {
    size_t length = strcspn(host, "]");
    uri->host_is_address = host[length] && ip_parse_n(host + 1, length - 1, &ip);
  } else {
    uri->host = name_lower(arena, arena_strndup(arena, host, strcspn(host, ":")));
    uri->host_is_address = ip_parse(uri->host, &ip);
  }
  if (!uri->host_is_address && !name_is_host(uri->host)) uri->fault = REPORT_FAULT_INVALID;
}

static void read_one(struct arena *arena, struct report_uri *uri, const char *text) {
  size_t suffix = size_suffix(text);
  const char *bare = arena_strndup(arena, text, strlen(text) - suffix);
  *uri = (struct report_uri){ .text = text, .scheme = REPORT_NONE, .address = bare, .host = "", .has_size = suffix > 0 };
  size_t scheme = 0;
  while (is_alnum(bare[scheme]) || (scheme && strchr("+-.", bare[scheme]) && bare[scheme])) scheme++;
  if (!*bare) {
    uri->fault = REPORT_FAULT_EMPTY;
  } else if (text_starts(bare, "mailto:")) {
    uri->scheme = REPORT_MAILTO;
    read_mailbox(arena, uri, bare + 7);
    if (!uri->fault && strchr(bare, '!')) uri->fault = REPORT_FAULT_UNESCAPED;
  } else if (text_starts(bare, "https:")) {
    uri->scheme = REPORT_HTTPS;
    read_web_address(arena, uri, bare + 6);
  } else if (bare[scheme] == ':' && scheme) {
    uri->scheme = REPORT_OTHER;
  } else {
    uri->fault = REPORT_FAULT_INVALID;
  }
}

struct report_uris *report_uris_parse(struct arena *arena, const char *whole) {
  struct report_uris *uris = ARENA_NEW(arena, struct report_uris);
  const char *value = whole;
  for (;;) {
    size_t length = strcspn(value, ",");
    size_t start = 0, end = length;
    while (start < end && is_space(value[start])) start++;
    while (end > start && is_space(value[end - 1])) end--;
    uris->all = arena_grow(arena, uris->all, uris->count, sizeof *uris->all);
    read_one(arena, &uris->all[uris->count], arena_strndup(arena, value + start, end - start));
    uris->all[uris->count++].position = (size_t)(value - whole) + start;
    if (!value[length]) return uris;
    value += length + 1;
  }
}
