#include "src/request/slips.h"

#include <string.h>

#include "src/base/lib.h"

static const struct { const char *name, *sentence, *remedy; } words[SLIP_COUNT] = {
  [SLIP_NONE] = { "", "", "" },
  [SLIP_QUOTES] = { "literal-quotes", N_("quotation marks were entered as part of the value"), N_("Enter the value again without quotation marks.") },
  [SLIP_BACKSLASHES] = { "backslashes", N_("backslashes were entered as part of the value"), N_("Enter the value again without backslashes.") },
  [SLIP_SPLIT] = { "split", N_("a space was put where the long value is split into strings"), N_("Enter the value whole, or as quoted strings with nothing added inside them.") },
  [SLIP_CUT] = { "cut", N_("the value was cut off before its end"), N_("Enter the whole value; split it into quoted strings if the form cuts it.") },
  [SLIP_TYPOGRAPHIC] = { "smart-quotes", N_("the value holds typographic quotes, dashes or invisible characters, as a word processor makes them"), N_("Enter the value again as plain text.") },
  [SLIP_SPACES] = { "spaces", N_("spaces were added to the value or lost from it"), N_("Enter the value again exactly as it was sent.") },
  [SLIP_LINE_BREAK] = { "line-break", N_("a line break was entered as part of the value"), N_("Enter the value again on one line.") },
  [SLIP_CASE] = { "key-case", N_("capital and small letters were changed"), N_("Enter the value again exactly as it was sent: capitals matter.") },
  [SLIP_SEMICOLON] = { "lost-semicolon", N_("a semicolon was lost or added"), N_("Enter the value again with every semicolon.") },
  [SLIP_TARGET_ZONE] = { "appended-target", N_("the zone's own name was appended to the target"), N_("Enter the target with a final dot.") },
  [SLIP_SECOND_RECORD] = { "second-record", N_("the new record was added, and the old one is still there"), N_("Take the old record out: only the new one may be there.") },
  [SLIP_WRONG_TYPE] = { "wrong-type", N_("the value was published as a record of another type"), N_("Take that record out and enter the value under the right type.") },
  [SLIP_ALIAS_AS_TEXT] = { "alias-as-text", N_("the target of an alias (CNAME) was entered as text (TXT)"), N_("Take the TXT record out and enter a CNAME record.") },
  [SLIP_NAME_DOUBLED] = { "doubled-name", N_("the domain was entered twice in the name"), N_("Enter only the host, without the domain.") },
  [SLIP_NAME_MISSPELT] = { "misspelt-name", N_("the name was misspelt"), N_("Enter the name exactly as it was sent.") },
  [SLIP_UNDERSCORE_LOST] = { "lost-underscore", N_("an underscore was lost from the name"), N_("Enter the name with its underscores.") },
  [SLIP_AT_LABEL] = { "at-label", N_("the sign @ became a part of the name"), N_("Leave the host empty.") },
  [SLIP_PARENT_ZONE] = { "parent-zone", N_("the record was put into the zone above"), N_("Ask whoever runs the zone itself, not the one above it.") },
};

const char *slip_name(enum slip slip) { return words[slip].name; }
const char *slip_sentence(enum slip slip) { return *words[slip].sentence ? _(words[slip].sentence) : ""; }
const char *slip_remedy(enum slip slip) { return *words[slip].remedy ? _(words[slip].remedy) : ""; }

bool slip_from_name(const char *name, enum slip *out) {
  for (enum slip slip = SLIP_NONE + 1; slip < SLIP_COUNT; slip++) {
    if (strcmp(words[slip].name, name) != 0) continue;
    *out = slip;
    return true;
  }
  return false;
}

size_t text_difference(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t at = 0;
  while (at < a_length && at < b_length && a[at] == b[at]) at++;
  return at;
}

/* ---- values ---- */

struct bytes { const char *at; size_t length; };

/* Equal once every octet of `dropped` is taken out of both. */
static bool same_without(struct bytes a, struct bytes b, const char *dropped) {
  size_t i = 0, n = 0;
  for (;;) {
    while (i < a.length && a.at[i] && strchr(dropped, a.at[i])) i++;
    while (n < b.length && b.at[n] && strchr(dropped, b.at[n])) n++;
    if (i == a.length || n == b.length) return i == a.length && n == b.length;
    if (a.at[i++] != b.at[n++]) return false;
  }
}

static bool has(struct bytes text, const char *octets) {
  for (size_t i = 0; i < text.length; i++)
    if (text.at[i] && strchr(octets, text.at[i])) return true;
  return false;
}

/* One space after every 255 octets and nothing else: strings that were joined by a space. */
static bool spaced_at_borders(struct bytes seen, struct bytes wanted) {
  size_t at = 0;
  for (size_t i = 0; i < wanted.length; i++) {
    if (i && i % 255 == 0) {
      if (at >= seen.length || seen.at[at++] != ' ') return false;
    }
    if (at >= seen.length || seen.at[at++] != wanted.at[i]) return false;
  }
  return wanted.length > 255 && at == seen.length;
}

/* UTF-8 of the quotes, dashes, spaces and invisible characters that word processors and web pages put in. */
static bool is_typographic(struct bytes text) {
  static const char *const signs[] = { "\xe2\x80", "\xe2\x88\x92", "\xe2\x81\xa0", "\xc2\xa0", "\xc2\xad", "\xc2\xab", "\xc2\xbb", "\xef\xbb\xbf" };
  for (size_t i = 0; i < text.length; i++)
    for (size_t n = 0; n < MEM_COUNT(signs); n++)
      if (text.length - i >= strlen(signs[n]) && memcmp(text.at + i, signs[n], strlen(signs[n])) == 0) return true;
  return false;
}

static bool same_without_case(struct bytes a, struct bytes b) {
  for (size_t i = 0; a.length == b.length && i < a.length; i++)
    if (to_lower(a.at[i]) != to_lower(b.at[i])) return false;
  return a.length == b.length;
}

enum slip slip_in_text(const char *seen_text, size_t seen_length, const char *wanted_text, size_t wanted_length) {
  struct bytes seen = { seen_text, seen_length }, wanted = { wanted_text, wanted_length };
  if (seen.length == wanted.length && memcmp(seen.at, wanted.at, seen.length) == 0) return SLIP_NONE;
  if (is_typographic(seen) && !is_typographic(wanted)) return SLIP_TYPOGRAPHIC;
  if (has(seen, "\"") && !has(wanted, "\"") && same_without(seen, wanted, "\"\\ \t")) return SLIP_QUOTES;
  if (has(seen, "\\") && same_without(seen, wanted, "\\")) return SLIP_BACKSLASHES;
  if (has(seen, "\r\n") && same_without(seen, wanted, "\r\n\t ")) return SLIP_LINE_BREAK;
  if (seen.length >= 8 && seen.length < wanted.length && memcmp(seen.at, wanted.at, seen.length) == 0 && !same_without(seen, wanted, " ;")) return SLIP_CUT;
  if (spaced_at_borders(seen, wanted)) return SLIP_SPLIT;
  if (same_without(seen, wanted, " \t")) return SLIP_SPACES;
  if (same_without(seen, wanted, "; \t")) return SLIP_SEMICOLON;
  if (same_without_case(seen, wanted)) return SLIP_CASE;
  return SLIP_NONE;
}

enum slip slip_in_target(const char *seen, const char *wanted, const char *zone) {
  size_t length = strlen(wanted);
  bool begins = strlen(seen) > length && strncasecmp(seen, wanted, length) == 0 && seen[length] == '.';
  return begins && name_equal(seen + length + 1, zone) ? SLIP_TARGET_ZONE : SLIP_NONE;
}

/* ---- names ---- */

static const struct { const char *right, *wrong; enum slip slip; } spellings[] = {
  { "_dmarc", "dmarc", SLIP_UNDERSCORE_LOST },          { "_dmarc", "_damrc", SLIP_NAME_MISSPELT },      { "_dmarc", "_dmrac", SLIP_NAME_MISSPELT },
  { "_dmarc", "_dmar", SLIP_NAME_MISSPELT },            { "_dmarc", "_demarc", SLIP_NAME_MISSPELT },     { "_dmarc", "_dmark", SLIP_NAME_MISSPELT },
  { "_dmarc", "_dmarcs", SLIP_NAME_MISSPELT },          { "_smtp._tls", "_stmp._tls", SLIP_NAME_MISSPELT }, { "_smtp._tls", "_smtp._tlsrpt", SLIP_NAME_MISSPELT },
  { "_smtp._tls", "_smtp_tls", SLIP_NAME_MISSPELT },    { "_smtp._tls", "_tls._smtp", SLIP_NAME_MISSPELT }, { "_smtp._tls", "smtp._tls", SLIP_UNDERSCORE_LOST },
  { "_smtp._tls", "_smtp.tls", SLIP_UNDERSCORE_LOST },  { "_smtp._tls", "smtp.tls", SLIP_UNDERSCORE_LOST }, { "_mta-sts", "_mtasts", SLIP_NAME_MISSPELT },
  { "_mta-sts", "_mta_sts", SLIP_NAME_MISSPELT },       { "_mta-sts", "_mta-sts-policy", SLIP_NAME_MISSPELT }, { "_mta-sts", "mta-sts", SLIP_UNDERSCORE_LOST },
  { "_domainkey", "domainkey", SLIP_UNDERSCORE_LOST },  { "_domainkey", "_domainkeys", SLIP_NAME_MISSPELT }, { "_domainkey", "_domain-key", SLIP_NAME_MISSPELT },
};

/* Where the labels of `right` stand in a relative name, by whole labels; null: nowhere. */
static const char *labels_in(const char *relative, const char *right) {
  size_t length = strlen(right);
  for (const char *at = relative; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL)
    if (strncmp(at, right, length) == 0 && (at[length] == '.' || !at[length])) return at;
  return NULL;
}

const char *slip_misspelling(struct arena *arena, const char *relative, size_t index, enum slip *out) {
  for (size_t i = 0; i < MEM_COUNT(spellings); i++) {
    const char *at = labels_in(relative, spellings[i].right);
    if (!at || index-- > 0) continue;
    *out = spellings[i].slip;
    return arena_printf(arena, "%.*s%s%s", (int)(at - relative), relative, spellings[i].wrong, at + strlen(spellings[i].right));
  }
  return NULL;
}
