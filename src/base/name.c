#include "src/base/name.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/buf.h"
#include "src/base/ctype.h"
#include "src/base/intl.h"
#include "src/base/ip.h"
#include "src/base/text.h"

/* The end of the label that starts at `at`: its dot or the final NUL. "\." and "\DDD" belong to the label. */
static const char *label_end(const char *at) {
  while (*at && *at != '.') at += at[0] == '\\' && at[1] ? 2 : 1;
  return at;
}

static size_t label_octets(const char *at, const char *end) {
  size_t octets = 0;
  for (; at < end; octets++) {
    if (*at != '\\') at++;
    else if (end - at >= 4 && is_digit(at[1]) && is_digit(at[2]) && is_digit(at[3])) at += 4;
    else at += 2;
  }
  return octets;
}

char *name_lower(struct arena *arena, const char *name) {
  size_t length = strlen(name);
  if (length && name[length - 1] == '.' && (length < 2 || name[length - 2] != '\\')) length--;
  char *lower = arena_strndup(arena, name, length);
  for (size_t i = 0; i < length; i++) lower[i] = to_lower(lower[i]);
  return lower;
}

const char *name_from_bytes(struct arena *arena, const char *bytes) {
  size_t length = strlen(bytes), odd = 0;
  if (length && bytes[length - 1] == '.') length--;
  for (size_t i = 0; i < length; i++) odd += !is_print(bytes[i]) || strchr(" \\\"", bytes[i]) != NULL;
  char *name = arena_alloc(arena, length + odd * 3 + 1), *put = name;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c > 0x20 && c < 0x7f) {
      if (c == '\\' || c == '"') *put++ = '\\';
      *put++ = to_lower((char)c);
      continue;
    }
    *put++ = '\\';
    *put++ = (char)('0' + c / 100);
    *put++ = (char)('0' + c / 10 % 10);
    *put++ = (char)('0' + c % 10);
  }
  *put = '\0';
  return name;
}

bool name_is_valid(const char *name) {
  size_t total = 0;
  if (!*name) return true;
  for (;;) {
    const char *end = label_end(name);
    size_t octets = label_octets(name, end);
    if (octets == 0 || octets > 63) return false;
    total += octets + 1;
    if (!*end) break;
    name = end + 1;
  }
  return total - 1 <= 253;
}

static bool label_is_host(const char *at, const char *end, bool *out_digits) {
  *out_digits = true;
  if (at == end || *at == '-' || end[-1] == '-') return false;
  for (; at < end; at++) {
    if (!is_alnum(*at) && *at != '-') return false;
    if (!is_digit(*at)) *out_digits = false;
  }
  return true;
}

bool name_is_host(const char *name) {
  if (!*name || !name_is_valid(name)) return false;
  for (;;) {
    const char *end = label_end(name);
    bool digits;
    if (!label_is_host(name, end, &digits)) return false;
    if (!*end) return !digits;
    name = end + 1;
  }
}

size_t name_labels(const char *name) {
  size_t count = 0;
  while (*name) {
    count++;
    name = label_end(name);
    if (*name) name++;
  }
  return count;
}

const char *name_parent(const char *name) {
  const char *end = label_end(name);
  return *end ? end + 1 : end;
}

const char *name_without_star(const char *name) { return name[0] == '*' && name[1] == '.' ? name + 2 : name; }

const char *name_last_labels(const char *name, size_t count) {
  for (size_t labels = name_labels(name); labels > count; labels--) name = name_parent(name);
  return name;
}

bool name_is_under(const char *name, const char *ancestor) {
  if (!*ancestor) return true;
  size_t length = strlen(name), tail = strlen(ancestor);
  if (length < tail || strcmp(name + length - tail, ancestor) != 0) return false;
  if (length == tail) return true;
  while (*name && strlen(name) > tail) name = name_parent(name);
  return strcmp(name, ancestor) == 0;
}

bool name_is_below(const char *name, const char *ancestor) { return strcmp(name, ancestor) != 0 && name_is_under(name, ancestor); }

static size_t length_without_dot(const char *name) {
  size_t length = strlen(name);
  return length && name[length - 1] == '.' ? length - 1 : length;
}

bool name_equal(const char *a, const char *b) {
  size_t length = length_without_dot(a);
  return length == length_without_dot(b) && text_equal_n(a, b, length);
}

const char *name_join(struct arena *arena, const char *prefix, const char *name) {
  if (!*prefix) return arena_strdup(arena, name);
  if (!*name) return arena_strdup(arena, prefix);
  size_t first = strlen(prefix), second = strlen(name);
  char *joined = arena_alloc(arena, first + second + 2);
  memcpy(joined, prefix, first);
  joined[first] = '.';
  memcpy(joined + first + 1, name, second + 1);
  return joined;
}

const char *name_relative(struct arena *arena, const char *name, const char *zone) {
  if (!name_is_under(name, zone)) return NULL;
  size_t length = strlen(name), tail = strlen(zone);
  if (length == tail) return "@";
  return arena_strndup(arena, name, length - tail - (tail ? 1 : 0));
}

/* Strips what people paste around a domain: a scheme, user@, a path, a port, a final dot. */
static char *trimmed(struct arena *arena, const char *typed) {
  while (is_space(*typed)) typed++;
  const char *scheme = strstr(typed, "://");
  if (scheme) typed = scheme + 3;
  else if (text_starts(typed, "mailto:")) typed += 7;
  const char *at = strrchr(typed, '@');
  if (at) typed = at + 1;
  size_t length = strcspn(typed, "/?# \t\r\n:,;>");
  while (length && typed[length - 1] == '.') length--;
  return arena_strndup(arena, typed, length);
}

char *name_to_ascii(struct arena *arena, const char *name) {
  char *ascii = NULL;
  if (!text_is_utf8(name, strlen(name)) || idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return NULL;
  char *copy = arena_strdup(arena, ascii);
  free(ascii);
  return copy;
}

/* 192.0.2.1, [192.0.2.1], [IPv6:2001:db8::1] of RFC 5321 section 4.1.3: an address, whatever stands before an @. */
static bool is_address(const char *typed) {
  struct ip ip;
  const char *at = strrchr(typed, '@');
  typed = at ? at + 1 : typed + strspn(typed, " \t");
  bool bracket = *typed == '[';
  if (bracket && text_starts(++typed, "IPv6:")) typed += 5;
  return ip_parse_n(typed, strcspn(typed, bracket ? "]" : " \t\r\n/"), &ip);
}

/* "_dmarc.example.gov.uk", "s1._domainkey.example.gov.uk": names of records (RFC 8552), not of domains that take or send email. What they are
 * about stands behind them; null: no label begins so. */
static const char *behind_underscores(const char *name) {
  const char *behind = NULL;
  for (const char *label = name; *label; label = name_parent(label))
    if (*label == '_') behind = name_parent(label);
  return behind;
}

const char *name_from_user(struct arena *arena, const char *typed, struct fault *fault) {
  const char *shown = text_safe_string(arena, strlen(typed) > 80 ? arena_strndup(arena, typed, 80) : typed);
  char *name = trimmed(arena, typed);
  if (is_address(typed)) {
    fault_set(fault, _("\"%s\" is an address. Enter a domain, for example example.gov.uk"), shown);
    return NULL;
  }
  if (!*name) {
    fault_set(fault, _("Enter a domain, for example example.gov.uk"));
    return NULL;
  }
  const char *ascii = name_to_ascii(arena, name);
  if (!ascii) {
    bool plain = true;
    for (const char *c = name; *c; c++) plain = plain && is_print(*c);
    if (!plain || strlen(name) > 253) {
      fault_set(fault, _("Domain \"%s\" cannot be a domain name. Check for a typing error"), shown);
      return NULL;
    }
  }
  char *canonical = name_lower(arena, ascii ? ascii : name);
  if (name_labels(canonical) < 2) {
    fault_set(fault, _("Domain \"%s\" must have at least 2 parts separated by a dot"), shown);
    return NULL;
  }
  bool host = name_is_valid(canonical);
  for (const char *c = canonical; *c; c++) host = host && (is_alnum(*c) || *c == '-' || *c == '_' || *c == '.');
  if (!host || name_is_host(name_last_labels(canonical, 1)) == false) {
    fault_set(fault, _("Domain \"%s\" must be made of letters, digits and hyphens, with dots between its parts"), shown);
    return NULL;
  }
  const char *behind = behind_underscores(canonical);
  if (!behind || name_labels(behind) > 1) return behind ? behind : canonical;
  fault_set(fault, _("\"%s\" is the name of a record. Enter the domain that it is about, for example example.gov.uk"), shown);
  return NULL;
}
