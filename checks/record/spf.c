#include "checks/record/spf.h"

#include <string.h>

#include "src/base/ctype.h"
#include "src/base/mem.h"
#include "src/base/text.h"

static const char *const mechanism_names[] = {
  [SPF_ALL] = "all", [SPF_INCLUDE] = "include", [SPF_A] = "a", [SPF_MX] = "mx", [SPF_PTR] = "ptr", [SPF_IP4] = "ip4", [SPF_IP6] = "ip6", [SPF_EXISTS] = "exists",
};

const char *spf_mechanism_name(enum spf_mechanism mechanism) { return mechanism_names[mechanism]; }

bool spf_is_record(const char *text, size_t length) {
  return length >= 6 && text_equal_n(text, "v=spf1", 6) && (length == 6 || text[6] == ' ');
}

bool spf_term_asks_dns(const struct spf_term *term) {
  if (term->kind == SPF_REDIRECT) return true;
  if (term->kind != SPF_MECHANISM) return false;
  return term->mechanism != SPF_ALL && term->mechanism != SPF_IP4 && term->mechanism != SPF_IP6;
}

/* The first `all` in order of evaluation, null without one. */
static const struct spf_term *first_all(const struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++)
    if (record->terms[i].kind == SPF_MECHANISM && record->terms[i].mechanism == SPF_ALL) return &record->terms[i];
  return NULL;
}

/* ---- parts of terms ---- */

static bool is_name_char(char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; }

static bool find_mechanism(const char *name, size_t length, enum spf_mechanism *out) {
  for (size_t i = 0; i < MEM_COUNT(mechanism_names); i++) {
    if (strlen(mechanism_names[i]) != length || !text_equal_n(mechanism_names[i], name, length)) continue;
    *out = (enum spf_mechanism)i;
    return true;
  }
  return false;
}

/* A prefix length: digits without leading zero, at most `most`. */
static bool read_prefix(const char *text, unsigned most, unsigned *out) {
  unsigned value = 0;
  if (!is_digit(*text) || (text[0] == '0' && text[1])) return false;
  for (; is_digit(*text); text++) {
    value = value * 10 + (unsigned)(*text - '0');
    if (value > most) return false;
  }
  *out = value;
  return !*text;
}

static bool looks_like_address(const char *text, bool ipv6) {
  struct ip ip;
  size_t length = strcspn(text, "/");
  return ip_parse_n(text, length, &ip) && ip.family == (ipv6 ? 6 : 4);
}

static void read_network(struct arena *arena, struct spf_term *term, const char *argument) {
  bool six = term->mechanism == SPF_IP6;
  const char *slash = strchr(argument, '/');
  size_t length = slash ? (size_t)(slash - argument) : strlen(argument);
  (void)arena;
  if (!ip_parse_n(argument, length, &term->network) || term->network.family != (six ? 6 : 4)) {
    term->fault = looks_like_address(argument, !six) ? SPF_FAULT_FAMILY_SWAPPED : six ? SPF_FAULT_IP6 : SPF_FAULT_IP4;
    return;
  }
  if (!slash) return;
  term->prefix_written = true;
  if (!read_prefix(slash + 1, six ? 128 : 32, six ? &term->prefix6 : &term->prefix4)) term->fault = six ? SPF_FAULT_IP6_PREFIX : SPF_FAULT_IP4_PREFIX;
}

/* The first slash that stands in no macro. */
static size_t first_slash(const char *text) {
  bool inside = false;
  for (size_t i = 0; text[i]; i++) {
    if (text[i] == '%' && text[i + 1] == '{') inside = true;
    else if (text[i] == '}') inside = false;
    else if (text[i] == '/' && !inside) return i;
  }
  return strlen(text);
}

/* Where the dual-cidr-length begins in ":domain-spec/n//m". A domain-spec may hold slashes of its own (section 7.1), so lengths are the
 * digits and slashes at the very end. When what stands before them is no domain-spec, the first slash begins the length that is at fault. */
static size_t cidr_start(struct arena *arena, const char *text) {
  size_t end = strlen(text), start = end;
  if (*text != ':') return first_slash(text);
  while (start > 1 && (is_digit(text[start - 1]) || text[start - 1] == '/')) start--;
  while (text[start] && text[start] != '/') start++;
  return spf_domain_spec_valid(arena_strndup(arena, text + 1, start - 1)) ? start : first_slash(text);
}

static bool read_dual_cidr(const char *text, struct spf_term *term) {
  if (!*text) return true;
  term->prefix_written = true;
  const char *second = strstr(text, "//");
  if (second && !read_prefix(second + 2, 128, &term->prefix6)) return false;
  if (second == text) return true;
  char first[8];
  size_t length = second ? (size_t)(second - text) : strlen(text);
  if (length < 2 || length >= sizeof first) return false;
  memcpy(first, text + 1, length - 1);
  first[length - 1] = '\0';
  return read_prefix(first, 32, &term->prefix4);
}

static void read_domain(struct spf_term *term, const char *domain) {
  term->domain = domain;
  if (spf_domain_spec_valid(domain)) return;
  term->fault = spf_macro_valid(domain, SPF_MACRO_DOMAIN) || !strchr(domain, '%') ? SPF_FAULT_DOMAIN_SPEC : SPF_FAULT_MACRO;
}

/* ---- mechanisms ---- */

static void read_a_or_mx(struct arena *arena, struct spf_term *term, const char *rest) {
  size_t cidr = cidr_start(arena, rest);
  if (!read_dual_cidr(rest + cidr, term)) term->fault = SPF_FAULT_DUAL_CIDR;
  if (*rest == ':') {
    const char *domain = arena_strndup(arena, rest + 1, cidr ? cidr - 1 : 0);
    if (!*domain) term->fault = SPF_FAULT_DOMAIN_SPEC;
    else if (!term->fault) read_domain(term, domain);
  }
}

static bool is_length(const char *text) {
  size_t digits = strspn(text, "0123456789");
  return digits > 0 && !text[digits];
}

static void read_include_exists_ptr(struct arena *arena, struct spf_term *term, const char *rest) {
  bool needs = term->mechanism != SPF_PTR;
  enum spf_fault missing = term->mechanism == SPF_INCLUDE ? SPF_FAULT_INCLUDE_NO_DOMAIN : SPF_FAULT_EXISTS_NO_DOMAIN;
  size_t cidr = cidr_start(arena, rest);
  if (rest[cidr] && !is_length(rest + cidr + 1)) { /* a path or a URL */
    term->fault = *rest == ':' || !needs ? SPF_FAULT_DOMAIN_SPEC : missing;
    return;
  }
  if (rest[cidr]) {
    term->fault = term->mechanism == SPF_INCLUDE ? SPF_FAULT_INCLUDE_CIDR : term->mechanism == SPF_PTR ? SPF_FAULT_PTR_CIDR : SPF_FAULT_EXISTS_NO_DOMAIN;
    return;
  }
  if (*rest != ':') {
    if (needs) term->fault = missing;
    return;
  }
  const char *domain = arena_strndup(arena, rest + 1, strlen(rest + 1));
  if (!*domain) term->fault = needs ? missing : SPF_FAULT_DOMAIN_SPEC;
  else read_domain(term, domain);
}

static void read_mechanism(struct arena *arena, struct spf_term *term, const char *rest) {
  term->kind = SPF_MECHANISM;
  switch (term->mechanism) {
  case SPF_ALL:
    if (*rest) term->fault = SPF_FAULT_ALL_ARGUMENT;
    break;
  case SPF_IP4:
  case SPF_IP6:
    if (*rest != ':') term->fault = term->mechanism == SPF_IP4 ? SPF_FAULT_IP4 : SPF_FAULT_IP6;
    else read_network(arena, term, rest + 1);
    break;
  case SPF_A:
  case SPF_MX: read_a_or_mx(arena, term, rest); break;
  case SPF_INCLUDE:
  case SPF_EXISTS:
  case SPF_PTR: read_include_exists_ptr(arena, term, rest); break;
  }
}

/* ---- terms ---- */

static void nearest_mechanism(struct spf_term *term, const char *name) {
  unsigned best = 3;
  for (size_t i = 0; i < MEM_COUNT(mechanism_names); i++) {
    unsigned distance = text_distance(name, mechanism_names[i], 2);
    if (distance >= best || distance >= strlen(mechanism_names[i])) continue;
    best = distance;
    term->hint = mechanism_names[i];
  }
  term->fault = SPF_FAULT_UNKNOWN_MECHANISM;
}

static void read_modifier(struct arena *arena, struct spf_term *term, const char *text, size_t name_length) {
  const char *value = text + name_length + 1;
  term->name = arena_strndup(arena, text, name_length);
  term->domain = value;
  if (text_equal(term->name, "redirect") || text_equal(term->name, "exp")) {
    term->kind = text_equal(term->name, "redirect") ? SPF_REDIRECT : SPF_EXP;
    read_domain(term, value);
    return;
  }
  term->kind = SPF_UNKNOWN_MODIFIER;
  if (!spf_macro_valid(value, SPF_MACRO_DOMAIN)) term->fault = SPF_FAULT_MACRO;
}

static bool all_ascii(const char *text) {
  for (; *text; text++)
    if (!is_print(*text)) return false;
  return true;
}

static enum spf_fault plain_fault(const char *text) {
  if (strchr(text, '\t') || strchr(text, '\r') || strchr(text, '\n')) return SPF_FAULT_BAD_SEPARATOR;
  return all_ascii(text) ? SPF_FAULT_NONE : SPF_FAULT_NON_ASCII;
}

static void read_term(struct arena *arena, struct spf_term *term) {
  const char *text = term->text;
  size_t name = 0;
  term->qualifier = '+';
  term->prefix4 = 32;
  term->prefix6 = 128;
  term->kind = SPF_BROKEN;
  term->fault = plain_fault(text);
  if (term->fault) return;
  while (is_name_char(text[name])) name++;
  if (is_alpha(text[0]) && text[name] == '=') {
    read_modifier(arena, term, text, name);
    return;
  }
  if (*text && strchr("+-?~", *text)) {
    term->qualifier = *text++;
    term->qualifier_written = true;
  }
  for (name = 0; is_alnum(text[name]) || text[name] == '-' || text[name] == '_'; name++) {}
  term->name = arena_strndup(arena, text, name);
  if (find_mechanism(text, name, &term->mechanism)) {
    const char *rest = text + name;
    if (*rest && *rest != ':' && *rest != '/') term->fault = *rest == ';' || *rest == ',' ? SPF_FAULT_BAD_SEPARATOR : SPF_FAULT_SYNTAX;
    else read_mechanism(arena, term, rest);
    return;
  }
  if ((text_equal(term->name, "redirect") || text_equal(term->name, "exp")) && (text[name] == ':' || text[name] == '=' || !text[name]))
    term->fault = SPF_FAULT_REDIRECT_AS_MECHANISM;
  else if (name && is_alpha(*text) && (!text[name] || text[name] == ':' || text[name] == '/')) nearest_mechanism(term, term->name);
  else term->fault = SPF_FAULT_SYNTAX;
}

void spf_parse_term(struct arena *arena, const char *text, size_t length, struct spf_term *out) {
  *out = (struct spf_term){ .text = arena_strndup(arena, text, length), .length = length };
  if (memchr(text, '\0', length)) {
    out->kind = SPF_BROKEN;
    out->qualifier = '+';
    out->fault = SPF_FAULT_NON_ASCII;
    return;
  }
  read_term(arena, out);
  if (out->fault) out->kind = SPF_BROKEN;
}

/* ---- finer names for faults ---- */

static bool parses(struct arena *arena, const char *text, size_t length) {
  struct spf_term term;
  if (length == 0) return false;
  spf_parse_term(arena, text, length, &term);
  return term.fault == SPF_FAULT_NONE && (term.kind == SPF_MECHANISM || term.kind == SPF_REDIRECT);
}

/* A second record behind the first: "-allv=spf1". */
static bool is_version(const char *text, size_t length) { return length == 6 && text_equal_n(text, "v=spf1", 6); }

/* "-allinclude:x" and "ip4:192.0.2.1ip4:…": valid when cut in two. Every cut is tried, so that a term which nobody wrote by hand is let be. */
bool spf_term_lacks_space(struct arena *arena, const struct spf_term *term) {
  enum { LONGEST = 300 };
  if (term->length > LONGEST) return false;
  for (size_t at = 2; at + 1 < term->length; at++)
    if ((is_version(term->text + at, term->length - at) || parses(arena, term->text + at, term->length - at)) && parses(arena, term->text, at)) return true;
  return false;
}

static bool has_bad_separator(const struct spf_term *term) {
  size_t length = term->length;
  return strchr(term->text, ';') || (length && term->text[length - 1] == ',') || (strchr(term->text, ',') && !strchr(term->text, '%'));
}

static bool argument_is_missing(const struct spf_term *term) {
  char last = term->length ? term->text[term->length - 1] : '\0';
  return last == ':' || last == '=' || term->fault == SPF_FAULT_INCLUDE_NO_DOMAIN;
}

/* A name or an address, and no term with a fault of its own. */
static bool looks_like_argument(const char *text) {
  struct ip ip;
  if (ip_parse_n(text, strcspn(text, "/"), &ip)) return true;
  return strchr(text, '.') && !strpbrk(text, ":=") && (is_alnum(*text) || *text == '_' || *text == '%');
}

static void refine(struct arena *arena, struct spf_record *record, size_t index) {
  struct spf_term *term = &record->terms[index];
  if (!term->fault || term->fault == SPF_FAULT_NON_ASCII || term->fault == SPF_FAULT_BAD_SEPARATOR || term->fault == SPF_FAULT_ARGUMENT_OF_LAST) return;
  if (argument_is_missing(term) && index + 1 < record->count && record->terms[index + 1].fault && looks_like_argument(record->terms[index + 1].text)) {
    term->fault = SPF_FAULT_ARGUMENT_SPACE;
    record->terms[index + 1].fault = SPF_FAULT_ARGUMENT_OF_LAST;
    return;
  }
  if (has_bad_separator(term)) term->fault = SPF_FAULT_BAD_SEPARATOR;
  else if (spf_term_lacks_space(arena, term)) term->fault = SPF_FAULT_MISSING_SPACE;
}

/* ---- records ---- */

static void note_modifiers(struct spf_record *record) {
  for (size_t i = 0; i < record->count; i++) {
    struct spf_term *term = &record->terms[i];
    if (term->kind == SPF_REDIRECT) {
      if (record->redirect) term->fault = SPF_FAULT_DUPLICATE_REDIRECT;
      else record->redirect = term;
    } else if (term->kind == SPF_EXP) {
      if (record->exp) term->fault = SPF_FAULT_DUPLICATE_EXP;
      else record->exp = term;
    }
  }
  record->all = first_all(record);
}

struct spf_record *spf_parse(struct arena *arena, const char *text, size_t length) {
  struct spf_record *record = ARENA_NEW(arena, struct spf_record);
  record->text = arena_strndup(arena, text, length);
  record->length = length;
  size_t at = length < 6 ? length : 6;
  while (at < length) {
    while (at < length && text[at] == ' ') at++;
    size_t start = at;
    while (at < length && text[at] != ' ') at++;
    if (at == start) break;
    record->terms = arena_grow(arena, record->terms, record->count, sizeof *record->terms);
    struct spf_term *term = &record->terms[record->count++];
    spf_parse_term(arena, text + start, at - start, term);
    term->position = start;
  }
  for (size_t i = 0; i < record->count; i++) refine(arena, record, i);
  note_modifiers(record);
  record->valid = true;
  for (size_t i = 0; i < record->count; i++) record->valid = record->valid && !record->terms[i].fault;
  return record;
}
