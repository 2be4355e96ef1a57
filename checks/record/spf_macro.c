#include <string.h>

#include "checks/record/spf.h"
#include "src/base/ctype.h"
#include "src/base/name.h"

enum { LONGEST_DOMAIN = 253, LONGEST_EXPANSION = 8192 };

struct macro {
  char letter;
  bool escape, reverse;
  unsigned keep;           /* 0: all parts */
  char delimiters[12];
  size_t length;           /* of its text */
};

/* Reads "%{…}" at `text`. */
static bool read_macro(const char *text, struct macro *out) {
  const char *at = text + 2;
  size_t delimiters = 0;
  *out = (struct macro){ .letter = to_lower(*at), .escape = is_upper(*at) };
  if (!is_alpha(*at)) return false;
  at++;
  if (is_digit(*at)) {
    unsigned keep = 0;
    while (is_digit(*at)) {
      if (keep < 1000) keep = keep * 10 + (unsigned)(*at - '0');
      at++;
    }
    if (keep == 0) return false;
    out->keep = keep;
  }
  if (to_lower(*at) == 'r') {
    out->reverse = true;
    at++;
  }
  while (*at && strchr(".-+,/_=", *at)) {
    if (delimiters + 1 < sizeof out->delimiters && !strchr(out->delimiters, *at)) out->delimiters[delimiters++] = *at;
    at++;
  }
  if (*at != '}') return false;
  out->length = (size_t)(at + 1 - text);
  return true;
}

static bool letter_allowed(char letter, enum spf_macro_use use) { return strchr(use == SPF_MACRO_EXPLANATION ? "slodiphvcrt" : "slodiphv", letter) != NULL; }

/* The text at `at` as one unit of a macro-string: its length, 0 when it is none. */
static size_t unit_length(const char *at, enum spf_macro_use use) {
  struct macro macro;
  if (*at != '%') return (*at >= 0x21 && *at <= 0x7e) || (use == SPF_MACRO_EXPLANATION && *at == ' ') ? 1 : 0;
  if (at[1] == '%' || at[1] == '_' || at[1] == '-') return 2;
  return at[1] == '{' && read_macro(at, &macro) && letter_allowed(macro.letter, use) ? macro.length : 0;
}

bool spf_macro_valid(const char *text, enum spf_macro_use use) {
  while (*text) {
    size_t length = unit_length(text, use);
    if (length == 0) return false;
    text += length;
  }
  return true;
}

bool spf_has_macro(const char *text) { return strchr(text, '%') != NULL; }

bool spf_macro_uses(const char *text, const char *letters) {
  for (struct macro macro; *text;) {
    if (text[0] != '%' || text[1] != '{' || !read_macro(text, &macro)) {
      text++;
      continue;
    }
    if (strchr(letters, macro.letter)) return true;
    text += macro.length;
  }
  return false;
}

bool spf_macro_depends_on_message(const char *text, bool *out_uses_p) {
  *out_uses_p = spf_macro_uses(text, "p");
  return spf_macro_uses(text, "slipvhcrt");
}

static bool label_valid(size_t length) { return length >= 1 && length <= 63; }

/* toplabel: letters, digits and inner hyphens, not all digits (section 7.1). */
static bool toplabel_valid(const char *label, size_t length) {
  bool digits = true;
  if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-') return false;
  for (size_t i = 0; i < length; i++) {
    if (!is_alnum(label[i]) && label[i] != '-') return false;
    digits = digits && is_digit(label[i]);
  }
  return !digits;
}

static bool plain_labels_valid(const char *text) {
  size_t length = strlen(text);
  if (length && text[length - 1] == '.') length--;
  if (length > LONGEST_DOMAIN) return false;
  for (size_t start = 0, i = 0; i <= length; i++) {
    if (i < length && text[i] != '.') continue;
    if (!label_valid(i - start)) return false;
    start = i + 1;
  }
  return true;
}

bool spf_domain_spec_valid(const char *text) {
  size_t length = strlen(text), last = 0;
  bool ends_in_macro = false;
  if (!length || !spf_macro_valid(text, SPF_MACRO_DOMAIN)) return false;
  for (size_t at = 0; at < length;) {
    size_t size = unit_length(text + at, SPF_MACRO_DOMAIN);
    ends_in_macro = size > 1 && at + size == length;
    if (size > 1) last = at + size;
    at += size;
  }
  if (ends_in_macro) return true;
  size_t end = text[length - 1] == '.' ? length - 1 : length;
  size_t start = end;
  while (start > last && text[start - 1] != '.') start--;
  if (start == 0 || text[start - 1] != '.' || !toplabel_valid(text + start, end - start)) return false;
  return spf_has_macro(text) || plain_labels_valid(text);
}

/* ---- expansion ---- */

static void ip_dotted(const struct ip *ip, struct buf *out) {
  if (ip->family == 4) {
    char text[IP_TEXT];
    ip_format(ip, text);
    buf_text(out, text);
    return;
  }
  for (size_t i = 0; i < 32; i++) {
    unsigned nibble = i % 2 ? ip->bytes[i / 2] & 15u : ip->bytes[i / 2] >> 4;
    buf_printf(out, i ? ".%x" : "%x", nibble);
  }
}

static void letter_value(struct buf *out, char letter, const struct spf_macro_values *v) {
  char text[IP_TEXT];
  switch (letter) {
  case 's': buf_printf(out, "%s@%s", v->sender_local, v->sender_domain); break;
  case 'l': buf_text(out, v->sender_local); break;
  case 'o': buf_text(out, v->sender_domain); break;
  case 'd': buf_text(out, v->domain); break;
  case 'i': ip_dotted(v->ip, out); break;
  case 'p': buf_text(out, v->validated && *v->validated ? v->validated : "unknown"); break;
  case 'h': buf_text(out, v->helo); break;
  case 'v': buf_text(out, v->ip->family == 6 ? "ip6" : "in-addr"); break;
  case 'c': ip_format(v->ip, text); buf_text(out, text); break;
  case 'r': buf_text(out, v->receiver && *v->receiver ? v->receiver : "unknown"); break;
  case 't': buf_printf(out, "%lld", (long long)(v->time_ms / 1000)); break;
  default: break;
  }
}

static void put_escaped(struct buf *out, const char *text, size_t length, bool escape) {
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (!escape || is_alnum(c) || (c && strchr("-._~", c))) buf_char(out, c);
    else buf_printf(out, "%%%02X", (unsigned char)c);
  }
}

static bool parts_at(const struct macro *macro, char c) { return c && strchr(*macro->delimiters ? macro->delimiters : ".", c); }

/* The value split at the delimiters, put in reverse order if asked, the right-hand parts kept, and joined with dots (section 7.3). */
static void transformed(struct buf *out, const char *value, const struct macro *macro) {
  size_t size = strlen(value), parts = 1;
  for (size_t i = 0; i < size; i++) parts += parts_at(macro, value[i]);
  size_t keep = macro->keep && macro->keep < parts ? macro->keep : parts;
  if (!macro->reverse) {
    size_t at = 0;
    for (size_t skip = parts - keep; skip; at++) skip -= parts_at(macro, value[at]);
    for (; at < size; at++) {
      if (parts_at(macro, value[at])) buf_char(out, '.');
      else put_escaped(out, value + at, 1, macro->escape);
    }
    return;
  }
  size_t end = 0;
  for (size_t seen = 0; end < size; end++)
    if (parts_at(macro, value[end]) && ++seen == keep) break;
  for (;;) {
    size_t start = end;
    while (start && !parts_at(macro, value[start - 1])) start--;
    put_escaped(out, value + start, end - start, macro->escape);
    if (!start) return;
    buf_char(out, '.');
    end = start - 1;
  }
}

void spf_macro_expand(struct buf *out, const char *text, const struct spf_macro_values *values) {
  for (struct macro macro; *text;) {
    if (text[0] == '%' && text[1] == '{' && read_macro(text, &macro)) {
      struct buf value = BUF_INIT(LONGEST_EXPANSION);
      letter_value(&value, macro.letter, values);
      transformed(out, buf_string(&value), &macro);
      buf_release(&value);
      text += macro.length;
    } else if (text[0] == '%' && text[1]) {
      buf_text(out, text[1] == '_' ? " " : text[1] == '-' ? "%20" : "%");
      text += 2;
    } else {
      buf_char(out, *text++);
    }
  }
}

/* Without its final dot; labels fall away from the left until at most 253 octets are left. */
static const char *shortened(struct arena *arena, const char *name) {
  size_t length = strlen(name);
  if (length && name[length - 1] == '.') length--;
  while (length > LONGEST_DOMAIN) {
    const char *dot = memchr(name, '.', length);
    if (!dot || dot + 1 == name + length) break;
    length -= (size_t)(dot + 1 - name);
    name = dot + 1;
  }
  return arena_strndup(arena, name, length);
}

const char *spf_macro_domain(struct arena *arena, const char *domain_spec, const struct spf_macro_values *values) {
  if (!spf_has_macro(domain_spec)) return shortened(arena, domain_spec);
  struct buf whole = BUF_INIT(LONGEST_EXPANSION);
  spf_macro_expand(&whole, domain_spec, values);
  const char *result = shortened(arena, buf_string(&whole));
  buf_release(&whole);
  return result;
}
