#include <string.h>

#include "checks/judge/dmarc.h"

static const char *const known_tags[] = { "v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "t", "psd", "pct", "rf", "ri" };

/* ---- what was meant to be a record ---- */

/* "v", "=" and "DMARC1" in any case with white space between: what stands behind it; null when the text does not begin so. */
static const char *behind_version(const char *text, bool *out_exact) {
  const char *at = text;
  if (to_lower(*at++) != 'v') return NULL;
  while (is_wsp(*at)) at++;
  if (*at++ != '=') return NULL;
  while (is_wsp(*at)) at++;
  if (!text_starts(at, "DMARC1")) return NULL;
  *out_exact = strncmp(at, "DMARC1", 6) == 0;
  return at + 6;
}

const char *dmarc_near_miss(const char *text, size_t length) {
  bool exact;
  if (dmarc_is_record(text, length)) return NULL;
  const char *at = text;
  while (is_space(*at) || *at == '"') at++;
  const char *behind = behind_version(at, &exact);
  if (behind && at == text && *text == 'v') {
    bool space = is_space(*behind);
    while (is_space(*behind)) behind++;
    if (!exact) return "dmarc-version-case";
    if (*behind == ',' || *behind == ':' || (unsigned char)*behind > 0x7e) return "dmarc-separator-wrong";
    return space ? "dmarc-separator-missing" : "dmarc-version-near-miss";
  }
  if (behind || text_starts(at, "v=DMARC") || text_starts(at, "DMARC1") || text_starts(at, "v:DMARC1")) return "dmarc-version-near-miss";
  if (strstr(text, "v=DMARC1") && (strstr(text, "p=") || strstr(text, "rua="))) return "dmarc-version-not-first";
  return NULL;
}

/* Where the slip stands, in octets from 1. */
static size_t near_miss_position(const char *rule, const char *text) {
  bool exact;
  if (strcmp(rule, "dmarc-version-not-first") == 0) return (size_t)(strstr(text, "v=DMARC1") - text) + 1;
  if (text_starts(rule, "dmarc-separator-")) return (size_t)(behind_version(text, &exact) - text) + 1;
  return 1;
}

bool dmarc_judge_near_miss(struct judgement *j, const char *text, size_t length) {
  const char *rule = dmarc_near_miss(text, length);
  if (!rule) return false;
  struct finding *finding = find(j, rule, NULL);
  find_bytes(j, finding, "value", text, length);
  find_argument(j, finding, "position", "%zu", near_miss_position(rule, text));
  return true;
}

/* ---- tags ---- */

static struct finding *tell(struct judgement *j, const char *rule, const char *subject, const char *value, size_t position) {
  struct finding *finding = find(j, rule, subject);
  find_argument(j, finding, "value", "%s", value);
  find_argument(j, finding, "position", "%zu", position + 1);
  return finding;
}

static void tell_tag(struct judgement *j, const char *rule, const char *subject, const struct tag *tag) {
  find_argument(j, tell(j, rule, subject, tag->value, tag->value_position), "tag", "%s", tag->name);
}

static size_t known_tag_length(const char *text) {
  for (size_t i = 0; i < MEM_COUNT(known_tags); i++) {
    size_t length = strlen(known_tags[i]), end = length;
    if (!text_starts(text, known_tags[i])) continue;
    while (is_wsp(text[end])) end++;
    if (text[end] == '=') return length;
  }
  return 0;
}

/* Where another tag begins inside a value: nobody reads it as one (section 4.8). What parts the two stands in *out_separator. */
static const char *next_tag(const char *value, char *out_separator) {
  for (const char *at = value; *at; at++) {
    bool parted = at > value && (is_space(at[-1]) || at[-1] == ',' || at[-1] == ':' || (unsigned char)at[-1] > 0x7e);
    if (!parted || !known_tag_length(at)) continue;
    const char *before = at - 1;
    while (before > value && is_space(*before)) before--;
    *out_separator = *before == ',' || *before == ':' || (unsigned char)*before > 0x7e ? ',' : ' ';
    return at;
  }
  return NULL;
}

static bool swallows(const struct tag *tag) {
  char separator;
  return tag && tag->has_equals && next_tag(tag->value, &separator);
}

/* The tag stands in the text, inside another's value. */
static bool is_swallowed(const struct dmarc_record *record, const char *name) {
  for (size_t i = 0; i < record->tags->count; i++) {
    char separator;
    const struct tag *tag = &record->tags->tags[i];
    for (const char *at = tag->has_equals ? next_tag(tag->value, &separator) : NULL; at; at = next_tag(at, &separator))
      if (known_tag_length(at) == strlen(name) && text_starts(at, name)) return true;
  }
  return false;
}

static bool is_known_but_for_spaces(const char *name) {
  char squeezed[16];
  size_t length = 0;
  for (const char *at = name; *at; at++) {
    if (is_space(*at) || *at & 0x80) continue; /* a no-break space too */
    if (length + 1 == sizeof squeezed) return false;
    squeezed[length++] = *at;
  }
  squeezed[length] = '\0';
  for (size_t i = 0; i < MEM_COUNT(known_tags); i++)
    if (text_equal(known_tags[i], squeezed)) return true;
  return text_equal(squeezed, "policy");
}

static void judge_unknown(struct judgement *j, const char *subject, const struct tag *tag) {
  bool near = is_known_but_for_spaces(tag->name);
  for (size_t i = 0; i < MEM_COUNT(known_tags); i++) {
    if (strcmp(known_tags[i], tag->name) == 0) return;
    near = near || (strlen(tag->name) > 1 && strlen(known_tags[i]) > 1 && text_distance(tag->name, known_tags[i], 1) <= 1);
  }
  tell(j, near ? "dmarc-tag-misspelt" : "dmarc-unknown-tag", subject, tag->name, tag->position);
}

/* A "," or ";" that was meant as part of an address, and ended it: "mailto:a,b@example.org" (RFC 6068 section 2 wants %2C and %3B). */
static bool is_cut(const char *member, const char *behind) {
  return behind && text_starts(member, "mailto:") && !strchr(member, '@') && strchr(behind, '@') && !text_starts(behind, "mailto:");
}

static const char *last_member(const struct tag *list) {
  const char *comma = strrchr(list->value, ','), *member = comma ? comma + 1 : list->value;
  while (is_space(*member)) member++;
  return member;
}

/* A part without "=": an address that a semicolon cut from its list, or nothing that belongs here. */
static void judge_part(struct judgement *j, const char *subject, const struct dmarc_record *record, size_t index) {
  const struct tag *tag = &record->tags->tags[index], *before = index ? tag - 1 : NULL;
  bool list = before && (strcmp(before->name, "rua") == 0 || strcmp(before->name, "ruf") == 0);
  if (list && is_cut(last_member(before), tag->value)) return; /* told with the list */
  bool address = (list || (before && !before->has_equals)) && text_starts(tag->value, "mailto:");
  tell(j, address ? "dmarc-rua-separator" : "dmarc-syntax-error", subject, tag->empty ? ";;" : arena_strndup(j->arena, record->text + tag->position, tag->length), tag->position);
}

static void judge_tags(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  for (size_t i = 0; i < record->tags->count; i++) {
    const struct tag *tag = &record->tags->tags[i];
    char separator;
    const char *next = tag->has_equals ? next_tag(tag->value, &separator) : NULL;
    if (next) tell(j, separator == ' ' ? "dmarc-separator-missing" : "dmarc-separator-wrong", subject, tag->value, tag->value_position + (size_t)(next - tag->value));
    else if (!tag->has_equals || !*tag->name) judge_part(j, subject, record, i);
    else if (tag->duplicate) tell(j, "dmarc-duplicate-tag", subject, tag->name, tag->position);
    else judge_unknown(j, subject, tag);
  }
}

static void judge_removed(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct tag *pct = taglist_find(record->tags, "pct"), *rf = taglist_find(record->tags, "rf"), *ri = taglist_find(record->tags, "ri");
  if (pct && !swallows(pct)) {
    if (record->pct < 0) tell_tag(j, "dmarc-pct-invalid", subject, pct);
    else if (record->pct < 100) tell_tag(j, "dmarc-pct", subject, pct);
    else tell(j, "dmarc-removed-tags", subject, "pct=100", pct->position);
  }
  if (rf) tell(j, "dmarc-removed-tags", subject, "rf", rf->position);
  if (ri) tell(j, "dmarc-removed-tags", subject, "ri", ri->position);
}

/* ---- policy ---- */

static bool is_enforced(enum dmarc_policy policy) { return policy == DMARC_QUARANTINE || policy == DMARC_REJECT; }

static void judge_p(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct tag *p = taglist_find(record->tags, "p");
  static const char *const below[] = { "sp", "np" };
  if (!p && !is_swallowed(record, "p")) find_as(j, "dmarc-policy-missing", record->rua_usable ? SEVERITY_WARN : SEVERITY_FAIL, subject);
  else if (record->p == DMARC_INVALID && !swallows(p)) tell_tag(j, "dmarc-policy-invalid", subject, p);
  for (size_t i = 0; i < MEM_COUNT(below); i++) {
    const struct tag *tag = taglist_find(record->tags, below[i]);
    if ((i ? record->np : record->sp) == DMARC_INVALID && !swallows(tag)) tell_tag(j, "dmarc-subdomain-policy-invalid", subject, tag);
  }
  bool counts = dmarc_effective_p(record) == record->p;
  if (record->p == DMARC_NONE) find(j, "dmarc-policy-none", subject);
  else if (record->p == DMARC_QUARANTINE && counts) find(j, "dmarc-policy-quarantine", subject);
  else if (record->p == DMARC_REJECT && counts) find(j, "dmarc-policy-reject", subject);
  if (p && record->tags->count > 1 && &record->tags->tags[1] != p) tell(j, "dmarc-policy-not-second", subject, p->value, p->position);
}

static void judge_subdomain_policy(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  if (!is_enforced(record->p) || record->sp == DMARC_INVALID || record->np == DMARC_INVALID) return;
  if (record->sp == DMARC_NONE) find(j, "dmarc-subdomain-policy-none", subject);
  else if (record->sp == DMARC_QUARANTINE && record->p == DMARC_REJECT)
    find_as(j, "dmarc-subdomain-policy-weaker", record->np == DMARC_REJECT ? SEVERITY_INFO : SEVERITY_WARN, subject);
  enum dmarc_policy np = dmarc_effective_np(record);
  if (np == DMARC_NONE) find_as(j, "dmarc-nonexistent-policy-weak", SEVERITY_WARN, subject);
  else if (np == DMARC_QUARANTINE) find_as(j, "dmarc-nonexistent-policy-weak", SEVERITY_INFO, subject);
}

static void judge_letters(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct { const char *tag; char read; const char *rule; } letters[] = {
    { "t", record->t, "dmarc-testing-invalid" }, { "psd", record->psd, "dmarc-psd-invalid" }, { "adkim", record->adkim, "dmarc-alignment-invalid" }, { "aspf", record->aspf, "dmarc-alignment-invalid" },
  };
  if (record->t == 'y' && is_enforced(record->p)) find(j, "dmarc-testing", subject);
  for (size_t i = 0; i < MEM_COUNT(letters); i++) {
    const struct tag *tag = taglist_find(record->tags, letters[i].tag);
    if (letters[i].read == '?' && !swallows(tag)) tell(j, letters[i].rule, subject, i < 2 ? tag->value : tag->name, tag->value_position);
  }
  if (record->adkim == 's' || record->aspf == 's') find(j, "dmarc-alignment-strict", subject);
}

/* ---- report addresses, as text ---- */

/* White space or a semicolon parts two addresses, as a comma should. */
static bool holds_two(const char *text) {
  const char *first = strchr(text, '@');
  const char *parted = first ? strpbrk(first, " \t;") : NULL;
  return parted && strchr(parted, '@');
}

/* The part that a semicolon cut from the list; null: a tag follows, or nothing. */
static const char *behind_list(const struct dmarc_record *record, const struct tag *list) {
  const struct tag *next = list + 1;
  return next < record->tags->tags + record->tags->count && !next->has_equals ? next->value : NULL;
}

/* What is wrong with a member, by the rule that names it; null: nothing, or it was told with the one before. `behind`: see behind_list(). */
static const char *uri_rule(const struct report_uris *uris, size_t index, const char *behind) {
  const struct report_uri *uri = &uris->all[index];
  if (index && is_cut(uris->all[index - 1].text, uri->text)) return NULL;
  if (is_cut(uri->text, index + 1 < uris->count ? uris->all[index + 1].text : behind)) return "dmarc-rua-unescaped";
  switch (uri->fault) {
  case REPORT_FAULT_EMPTY: return "dmarc-rua-empty";
  case REPORT_FAULT_INVALID:
  case REPORT_FAULT_SEPARATOR: return holds_two(uri->text) ? "dmarc-rua-separator" : "dmarc-rua-invalid";
  case REPORT_FAULT_UNESCAPED: return "dmarc-rua-unescaped";
  case REPORT_FAULT_NONE: break;
  }
  return uri->scheme == REPORT_OTHER && strchr(uri->text, '@') ? "dmarc-rua-invalid" : NULL; /* "mail:to:", "maito:" */
}

/* Only the host is read without regard to case (RFC 5321 section 2.4). */
static bool is_same_address(const char *a, const char *b) {
  size_t local = strcspn(a, "@");
  return strncmp(a, b, local) == 0 && text_equal(a + local, b + local);
}

static void judge_uris(struct judgement *j, const char *subject, const struct report_uris *uris, size_t position, const char *behind) {
  bool mailto = false, faulty = false;
  size_t given = 0;
  for (size_t i = 0; i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    const char *rule = uri_rule(uris, i, behind);
    given += uri->fault != REPORT_FAULT_EMPTY;
    mailto |= uri->scheme == REPORT_MAILTO;
    faulty |= rule != NULL;
    if (rule) tell(j, rule, subject, uri->text, position + uri->position);
    if (uri->has_size) tell(j, "dmarc-rua-size-suffix", subject, uri->text, position + uri->position);
    bool again = false;
    for (size_t n = 0; n < i && n < 32 && !rule && !again; n++) again = is_same_address(uris->all[n].address, uri->address);
    if (again) tell(j, "dmarc-rua-duplicate", subject, uri->address, position + uri->position);
  }
  if (!mailto && !faulty) find(j, "dmarc-rua-not-mailto", subject);
  if (given > 2) find_argument(j, find(j, "dmarc-rua-many", subject), "count", "%zu", given);
}

static void judge_reports(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct tag *rua = taglist_find(record->tags, "rua"), *ruf = taglist_find(record->tags, "ruf"), *fo = taglist_find(record->tags, "fo");
  if (!rua && !is_swallowed(record, "rua")) find(j, "dmarc-rua-missing", subject);
  if (rua && !swallows(rua)) judge_uris(j, subject, record->rua, rua->value_position, behind_list(record, rua));
  for (size_t i = 0; ruf && !swallows(ruf) && i < record->ruf->count; i++)
    if (uri_rule(record->ruf, i, behind_list(record, ruf))) tell(j, "dmarc-ruf-invalid", subject, record->ruf->all[i].text, ruf->value_position + record->ruf->all[i].position);
  if (ruf) find(j, "dmarc-ruf-privacy", subject);
  if (fo && !swallows(fo) && !dmarc_fo_valid(fo->value)) tell_tag(j, "dmarc-fo-invalid", subject, fo);
  else if (fo && !ruf && !is_swallowed(record, "ruf")) find(j, "dmarc-fo-without-ruf", subject);
}

void dmarc_judge_text(struct judgement *j, const char *subject, const struct dmarc_record *record, bool organizational) {
  judge_tags(j, subject, record);
  judge_p(j, subject, record);
  if (organizational) judge_subdomain_policy(j, subject, record);
  judge_letters(j, subject, record);
  judge_removed(j, subject, record);
  judge_reports(j, subject, record);
  if (strlen(record->text) > 450) find_argument(j, find(j, "dmarc-record-large", subject), "octets", "%zu", strlen(record->text));
}
