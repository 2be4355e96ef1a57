#include "src/request/partners.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>
#include <uthash.h>

#include "src/base/lib.h"

/* ---- reading ---- */

/* What else parts entries: spaces that do not break and marks of no width, which come with what is copied from web pages and documents. */
static const char *const other_spaces[] = { "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe3\x80\x80", "\xef\xbb\xbf" };

static bool ends_line(char c) { return c == '\n' || c == '\r'; }

/* How many octets at the start of `at` part one entry from the next, without the end of the line; 0: an entry begins here. */
static size_t parting(const char *at, size_t length) {
  if ((is_space(*at) && !ends_line(*at)) || *at == ',' || *at == ';' || *at == '|') return 1;
  for (size_t i = 0; i < MEM_COUNT(other_spaces); i++)
    if (length >= strlen(other_spaces[i]) && memcmp(at, other_spaces[i], strlen(other_spaces[i])) == 0) return strlen(other_spaces[i]);
  return 0;
}

/* The names that are there already: a list may hold many thousands. */
struct known_name { UT_hash_handle hh; };

/* What has been read so far, and of the line that is read: its words that are no domains, and whether it has one. */
struct reading { struct arena *arena; struct partner_list *list; struct known_name *known; struct buf words; size_t line; bool found; };

enum { WORDS_SHOWN = 100 };

static void note(struct reading *r, const char *typed, const char *domain, const char *why) {
  struct partner_list *list = r->list;
  list->notes = arena_grow(r->arena, list->notes, list->note_count, sizeof *list->notes);
  list->notes[list->note_count++] = (struct partner_note){ .line = r->line, .typed = text_safe_string(r->arena, typed), .domain = domain, .why = why };
}

static bool add_new(struct arena *arena, struct known_name **known, const char *domain) {
  struct known_name *found = NULL;
  HASH_FIND(hh, *known, domain, strlen(domain), found);
  if (found) return false;
  found = ARENA_NEW(arena, struct known_name);
  HASH_ADD_KEYPTR(hh, *known, domain, strlen(domain), found);
  return true;
}

/* "<jo@x.example>", "'x.example'", "[mailto:jo@x.example]" and "*.x.example" as mail programs, spreadsheets and rules write them. */
static const char *bare(struct arena *arena, const char *typed) {
  size_t start = strspn(typed, "<\"'([{"), end = strlen(typed);
  while (end > start && strchr(">\"')]}", typed[end - 1])) end--;
  if (end > start + 2 && strncmp(typed + start, "*.", 2) == 0) start += 2;
  else if (end > start + 1 && typed[start] == '.' && typed[start + 1] != '.') start++;
  return arena_strndup(arena, typed + start, end - start);
}

/* Could this be meant for a domain, an address or a URL? Or is it a word, a number or a date beside one? */
static bool means_domain(const char *typed) {
  const char *mark = strpbrk(typed, ".@");
  bool letter = false, after = false;
  for (const char *c = typed; *c; c++) letter = letter || is_alpha(*c) || !is_print(*c);
  for (const char *c = mark ? mark : ""; *c; c++) after = after || is_alnum(*c) || !is_print(*c);
  return letter && after;
}

static void read_domain(struct reading *r, const char *typed) {
  struct partner_list *list = r->list;
  struct fault fault = { "" };
  const char *domain = name_from_user(r->arena, bare(r->arena, typed), &fault);
  r->found = r->found || domain;
  if (!domain) {
    note(r, typed, NULL, arena_strdup(r->arena, fault.text));
    return;
  }
  if (!add_new(r->arena, &r->known, domain)) {
    note(r, typed, domain, _("it is in the list already"));
    return;
  }
  if (!name_equal(typed, domain)) note(r, typed, domain, "");
  list->domains = arena_grow(r->arena, list->domains, list->count, sizeof *list->domains);
  list->domains[list->count++] = domain;
}

static void read_entry(struct reading *r, const char *start, size_t length) {
  const char *typed = arena_strndup(r->arena, start, length);
  if (memchr(start, '\0', length)) note(r, typed, NULL, _("A NUL stands in it: save the list as UTF-8"));
  else if (means_domain(typed)) read_domain(r, typed);
  else buf_printf(&r->words, r->words.length ? " %s" : "%s", typed);
}

/* The words of a line are told once, whatever they are. Beside a domain they are a name; before the first domain of a longer list, a heading. */
static void end_line(struct reading *r, bool last) {
  const char *words = buf_string(&r->words);
  size_t shown = text_fit(words, WORDS_SHOWN, NULL);
  bool heading = !r->list->count && !r->list->note_count && !last;
  if (r->words.length) {
    note(r, arena_printf(r->arena, words[shown] ? "%.*s..." : "%.*s", (int)shown, words), NULL, _("No domain stands in it"));
    r->list->notes[r->list->note_count - 1].beside = r->found || heading;
  }
  buf_clear(&r->words);
  r->found = false;
  r->line++;
}

/* Spreadsheets save "Unicode text" as UTF-16 with a byte order mark: here in UTF-8. Null: it is none. */
static const char *from_utf16(struct arena *arena, const char *text, size_t length, size_t *out_length) {
  bool little = length >= 2 && memcmp(text, "\xff\xfe", 2) == 0, big = length >= 2 && memcmp(text, "\xfe\xff", 2) == 0;
  if (!little && !big) return NULL;
  size_t units = length / 2 - 1;
  uint16_t *wide = ARENA_ARRAY(arena, uint16_t, units + 1);
  const unsigned char *bytes = (const unsigned char *)text + 2;
  for (size_t i = 0; i < units; i++) wide[i] = (uint16_t)(bytes[i * 2 + (little ? 1 : 0)] << 8 | bytes[i * 2 + (little ? 0 : 1)]);
  uint8_t *utf8 = u16_to_u8(wide, units, NULL, out_length);
  const char *copy = utf8 ? arena_memdup(arena, utf8, *out_length) : NULL;
  free(utf8);
  return copy;
}

/* One line, or what is left of the text; how many octets it took. */
static size_t read_line(struct reading *r, const char *text, size_t length) {
  size_t at = 0, parted;
  while (at < length && !ends_line(text[at]) && text[at] != '#') {
    size_t start = at;
    if ((parted = parting(text + at, length - at))) {
      at += parted;
      continue;
    }
    while (at < length && !ends_line(text[at]) && !parting(text + at, length - at)) at++;
    read_entry(r, text + start, at - start);
  }
  while (at < length && !ends_line(text[at])) at++; /* a comment */
  if (at < length) at += text[at] == '\r' && at + 1 < length && text[at + 1] == '\n' ? 2 : 1;
  end_line(r, at == length);
  return at;
}

void partners_read(struct arena *arena, const char *text, size_t length, struct partner_list *out) {
  struct reading reading = { .arena = arena, .list = out, .words = BUF_INIT(1 << 16), .line = 1 };
  *out = (struct partner_list){ .count = 0 };
  const char *wide = from_utf16(arena, text, length, &length);
  if (wide) text = wide;
  while (length) {
    size_t took = read_line(&reading, text, length);
    text += took, length -= took;
  }
  buf_release(&reading.words);
  HASH_CLEAR(hh, reading.known);
}

/* ---- results ---- */

static const struct finding *find_rule(struct finding *const *findings, size_t count, const char *rule) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(findings[i]->rule->id, rule) == 0) return findings[i];
  return NULL;
}

struct partner_result partner_result_of(struct arena *arena, const char *domain, struct finding *const *findings, size_t count, const char *const *hosts, size_t host_count) {
  const struct finding *exception = find_rule(findings, count, "partner-needs-exception"), *unknown = find_rule(findings, count, "partner-unknown");
  const struct finding *invalid = find_rule(findings, count, "partner-certificate-invalid"), *why = exception ? exception : unknown;
  const struct finding *decided = why ? why : invalid;
  const char *host = decided ? finding_argument(decided, "host") : NULL;
  return (struct partner_result){
    .domain = domain, .hosts = hosts, .host_count = host_count, .needs_exception = exception != NULL, .unknown = unknown != NULL,
    .no_mail = find_rule(findings, count, "partner-no-mail") != NULL, .gsi = find_rule(findings, count, "partner-gsi") != NULL,
    .valid_certificate = find_rule(findings, count, "partner-valid-certificate") != NULL, .host = host ? arena_strdup(arena, host) : "",
    .reason = why ? finding_detail(arena, why) : "",
  };
}

bool partner_is_exception(const struct partner_result *result) { return result->needs_exception || result->unknown; }

/* ---- lists ---- */

static bool belongs(const struct partner_result *result, enum partner_list_kind kind) {
  switch (kind) {
  case PARTNERS_EXCEPTIONS: return partner_is_exception(result);
  case PARTNERS_VALID: return result->valid_certificate;
  case PARTNERS_REQUIRED: return !result->no_mail && !partner_is_exception(result);
  }
  return false;
}

static void put_each(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count, const char *before, const char *after) {
  for (size_t i = 0; i < count; i++)
    if (belongs(&results[i], kind)) buf_printf(out, "%s%s%s\n", before, results[i].domain, after);
}

/* "a","b": a list of PowerShell. Names are letters, digits, hyphens and dots. */
static void put_quoted(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count, const char *before, const char *after) {
  bool first = true;
  for (size_t i = 0; i < count; i++) {
    if (!belongs(&results[i], kind)) continue;
    buf_printf(out, "%s\"%s%s%s\"", first ? "" : ",", before, results[i].domain, after);
    first = false;
  }
}

/* The names that are compared with the certificate are those of the hosts: "secure" alone would look for the partner's domain in it. */
static void put_postfix_valid(struct buf *out, const struct partner_result *results, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!results[i].valid_certificate) continue;
    buf_printf(out, "%s secure match=", results[i].domain);
    for (size_t n = 0; n < results[i].host_count; n++) buf_printf(out, "%s%s", n ? ":" : "", results[i].hosts[n]);
    buf_text(out, " protocols=>=TLSv1.2\n");
  }
}

static void put_postfix(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  if (kind == PARTNERS_VALID) put_postfix_valid(out, results, count);
  else put_each(out, kind, results, count, "", " may");
}

static void put_lines(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) { put_each(out, kind, results, count, "", ""); }

static void put_sendmail(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  put_each(out, kind, results, count, "TLS_Rcpt:", kind == PARTNERS_VALID ? "\tVERIFY:112" : "\tOK");
}

static void put_exchange_online(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  buf_text(out, kind == PARTNERS_VALID ? "New-OutboundConnector -Name \"TLS with valid certificates\" -ConnectorType Partner -UseMXRecord $true -TlsSettings CertificateValidation -RecipientDomains "
                                       : "Set-TransportRule -Identity \"Require TLS to gov.uk\" -ExceptIfRecipientDomainIs ");
  put_quoted(out, kind, results, count, "", "");
  buf_char(out, '\n');
}

static void put_exchange(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  buf_printf(out, "New-SendConnector -Name %s -DNSRoutingEnabled $true ", kind == PARTNERS_VALID ? "gov-tls-valid" : "gov-tls-exceptions");
  buf_text(out, kind == PARTNERS_VALID ? "-RequireTLS $true -TlsAuthLevel CertificateValidation -AddressSpaces " : "-RequireTLS $false -AddressSpaces ");
  put_quoted(out, kind, results, count, "SMTP:", ";1");
  buf_char(out, '\n');
}

static void put_proofpoint(struct buf *out, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  put_each(out, kind, results, count, "", kind == PARTNERS_VALID ? "\tAlways" : "\tIf available");
}

static const struct { const char *system; void (*put)(struct buf *, enum partner_list_kind, const struct partner_result *, size_t); } forms[] = {
  { "postfix", put_postfix }, { "exim", put_lines }, { "sendmail", put_sendmail }, { "exchange-online", put_exchange_online }, { "exchange", put_exchange },
  { "google", put_lines }, { "mimecast", put_lines }, { "proofpoint-essentials", put_lines }, { "proofpoint", put_proofpoint },
};

bool partners_write_list(struct buf *out, const char *system, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  bool any = false;
  for (size_t i = 0; i < count; i++) any = any || belongs(&results[i], kind);
  for (size_t i = 0; i < MEM_COUNT(forms); i++) {
    if (strcmp(forms[i].system, system) != 0) continue;
    if (any) forms[i].put(out, kind, results, count);
    return true;
  }
  return false;
}

/* A message to a partner without TLS 1.2, for its postmaster; one text for all of them, so that none learns of another. */
static void write_message(struct buf *out) {
  buf_text(out, _("To: postmaster at each domain without TLS 1.2\n"
                  "Subject: TLS on your mail servers\n"
                  "\n"
                  "We exchange email with you. Government guidance asks us to require TLS 1.2 or\n"
                  "later when we send to public bodies. When we looked at the mail servers that\n"
                  "your domain's MX records name, at least one did not take it.\n"
                  "\n"
                  "Until it does, our email to you travels in plain text, and you stand on our\n"
                  "list of exceptions. Please switch on STARTTLS with TLS 1.2 or TLS 1.3, and tell\n"
                  "us when it is done. We will look again and take you off the list.\n"));
}

/* ---- text ---- */

static const char *tls_word(const struct partner_result *result) {
  if (result->no_mail) return _("no mail");
  return result->needs_exception ? _("no") : result->unknown ? _("not known") : _("yes");
}

static const char *certificate_word(const struct partner_result *result) {
  if (result->no_mail || partner_is_exception(result)) return "-";
  return result->valid_certificate ? _("valid") : _("not valid");
}

static void put_cell(struct buf *out, const char *text, size_t width) {
  buf_text(out, text);
  for (size_t used = text_width(text); used < width; used++) buf_char(out, ' ');
  buf_text(out, "  ");
}

static void put_table(struct buf *out, const struct partner_result *results, size_t count) {
  size_t width = text_width(_("Partner"));
  for (size_t i = 0; i < count; i++)
    if (strlen(results[i].domain) > width) width = strlen(results[i].domain);
  put_cell(out, _("Partner"), width);
  put_cell(out, _("TLS 1.2"), 9);
  buf_printf(out, "%s\n", _("Certificate"));
  for (size_t i = 0; i < count; i++) {
    put_cell(out, results[i].domain, width);
    put_cell(out, tls_word(&results[i]), 9);
    buf_printf(out, "%s%s\n", certificate_word(&results[i]), results[i].gsi ? _("  (a name of the gsi family: ask for the present address)") : "");
  }
}

static void put_exceptions(struct buf *out, const struct partner_result *results, size_t count) {
  size_t found = 0;
  buf_printf(out, "\n%s\n", _("Exceptions: do not require TLS of these"));
  for (size_t i = 0; i < count; i++) {
    if (!partner_is_exception(&results[i])) continue;
    buf_printf(out, "  %s: %s%s%s\n", results[i].domain, results[i].reason, results[i].unknown ? " " : "", results[i].unknown ? _("Until it can be looked at, it stays here.") : "");
    found++;
  }
  if (!found) buf_printf(out, "  %s\n", _("none"));
}

static void put_valid(struct buf *out, const struct partner_result *results, size_t count) {
  size_t found = 0;
  buf_printf(out, "\n%s\n", _("Could be held to valid certificates"));
  for (size_t i = 0; i < count; i++) {
    if (!results[i].valid_certificate) continue;
    buf_printf(out, "  %s\n", results[i].domain);
    found++;
  }
  if (!found) buf_printf(out, "  %s\n", _("none"));
}

static const char *form_title(enum partner_list_kind kind) {
  switch (kind) {
  case PARTNERS_EXCEPTIONS: return _("exceptions");
  case PARTNERS_VALID: return _("valid certificates required");
  case PARTNERS_REQUIRED: return _("the list of those that TLS is required of, since it has none of exceptions");
  }
  return "";
}

static void put_form(struct buf *out, const struct mail_system_facts *system, enum partner_list_kind kind, const struct partner_result *results, size_t count) {
  struct buf list = BUF_INIT(1 << 22);
  const char *mark = "", *purpose = kind == PARTNERS_VALID ? "valid-certificates" : "exceptions";
  for (size_t i = system->setting_count; i-- > 0;)
    if (strcmp(system->settings[i].purpose, purpose) == 0) mark = fact_mark_words(system->settings[i].mark);
  if (partners_write_list(&list, system->id, kind, results, count) && list.length) {
    buf_printf(out, "\n%s: %s%s%s%s\n", system->name, form_title(kind), *mark ? " (" : "", mark, *mark ? ")" : "");
    buf_bytes(out, buf_string(&list), list.length);
  }
  buf_release(&list);
}

/* Where a rule names all whom it requires TLS of, the others are its exceptions. */
static void put_forms(struct buf *out, const struct mail_system_facts *system, const struct partner_result *results, size_t count) {
  put_form(out, system, strcmp(system->id, "google") == 0 ? PARTNERS_REQUIRED : PARTNERS_EXCEPTIONS, results, count);
  put_form(out, system, PARTNERS_VALID, results, count);
}

void partners_write_text(struct buf *out, const struct partner_result *results, size_t count, const struct mail_system_facts *system) {
  bool without = false;
  put_table(out, results, count);
  put_exceptions(out, results, count);
  put_valid(out, results, count);
  if (system) put_forms(out, system, results, count);
  for (size_t i = 0; i < count; i++) without = without || results[i].needs_exception;
  if (!without) return;
  buf_printf(out, "\n%s\n", _("A message to partners without TLS 1.2"));
  write_message(out);
}
