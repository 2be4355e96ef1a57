#include <stdlib.h>
#include <string.h>

#include "checks/judge/dmarc.h"

static const char *const known_tags[] = { "v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "t", "psd", "pct", "rf", "ri" };

/* ---- what was meant to be a record ---- */

const char *dmarc_near_miss(const char *text, size_t length) {
  if (dmarc_is_record(text, length)) return NULL;
  const char *at = text;
  while (is_space(*at) || *at == '"') at++;
  if (text_starts(at, "v=DMARC1") && at == text) {
    char next = at[8];
    if (strncmp(at, "v=DMARC1", 8) != 0) return at[0] == 'V' ? "dmarc-version-near-miss" : "dmarc-version-case";
    if (is_space(next)) return "dmarc-separator-missing";
    if (next == ',' || next == ':' || (unsigned char)next > 0x7e) return "dmarc-separator-wrong";
    return "dmarc-version-near-miss";
  }
  if (text_starts(at, "v=DMARC") || text_starts(at, "DMARC1") || text_starts(at, "v:DMARC1") || text_starts(at, "v=DMARC1")) return "dmarc-version-near-miss";
  if (strstr(text, "v=DMARC1") && (strstr(text, "p=") || strstr(text, "rua="))) return "dmarc-version-not-first";
  return NULL;
}

/* ---- tags ---- */

static struct finding *tell(struct judgement *j, const char *rule, const char *subject, const char *value) {
  struct finding *finding = find(j, rule, subject);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

static bool holds_next_tag(const char *value) {
  static const char *const next[] = { " p=", " sp=", " rua=", " ruf=", " adkim=", " aspf=", " fo=", " pct=" };
  for (size_t i = 0; i < MEM_COUNT(next); i++)
    if (strstr(value, next[i])) return true;
  return false;
}

static void judge_unknown(struct judgement *j, const char *subject, const char *name) {
  const char *bare = name;
  for (size_t i = 0; i < MEM_COUNT(known_tags); i++) {
    if (strcmp(known_tags[i], name) == 0) return;
    if (text_equal(known_tags[i], bare) || (strlen(name) > 1 && strlen(known_tags[i]) > 1 && text_distance(name, known_tags[i], 1) <= 1) || text_equal(name, "policy") || strchr(name, ' ')) {
      tell(j, "dmarc-tag-misspelt", subject, name);
      return;
    }
  }
  tell(j, "dmarc-unknown-tag", subject, name);
}

static void judge_tags(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  for (size_t i = 0; i < record->tags->count; i++) {
    const struct tag *tag = &record->tags->tags[i];
    if (tag->has_equals && holds_next_tag(tag->value)) tell(j, "dmarc-separator-missing", subject, tag->value);
    else if (!tag->has_equals || !*tag->name) tell(j, "dmarc-syntax-error", subject, tag->empty ? ";;" : tag->value);
    else if (tag->duplicate) tell(j, "dmarc-duplicate-tag", subject, tag->name);
    else judge_unknown(j, subject, tag->name);
  }
}

static void judge_removed(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct tag *pct = taglist_find(record->tags, "pct"), *rf = taglist_find(record->tags, "rf"), *ri = taglist_find(record->tags, "ri");
  if (pct) {
    size_t digits = strspn(pct->value, "0123456789");
    int percent = digits && digits <= 3 && !pct->value[digits] ? (int)strtol(pct->value, NULL, 10) : -1;
    if (percent < 0 || percent > 100) tell(j, "dmarc-pct-invalid", subject, pct->value);
    else if (percent < 100) tell(j, "dmarc-pct", subject, pct->value);
  }
  if (rf || ri || (pct && strcmp(pct->value, "100") == 0)) tell(j, "dmarc-removed-tags", subject, rf ? "rf" : ri ? "ri" : "pct=100");
}

/* ---- policy ---- */

static void judge_p(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  const struct tag *p = taglist_find(record->tags, "p");
  if (record->p == DMARC_ABSENT) find_as(j, "dmarc-policy-missing", record->rua_usable ? SEVERITY_WARN : SEVERITY_FAIL, subject);
  else if (record->p == DMARC_INVALID) tell(j, "dmarc-policy-invalid", subject, p->value);
  if (record->sp == DMARC_INVALID) tell(j, "dmarc-subdomain-policy-invalid", subject, taglist_find(record->tags, "sp")->value);
  else if (record->np == DMARC_INVALID) tell(j, "dmarc-subdomain-policy-invalid", subject, taglist_find(record->tags, "np")->value);
  if (record->p == DMARC_NONE) find(j, "dmarc-policy-none", subject);
  else if (record->p == DMARC_QUARANTINE) find(j, "dmarc-policy-quarantine", subject);
  else if (record->p == DMARC_REJECT) find(j, "dmarc-policy-reject", subject);
  if (p && record->tags->count > 1 && &record->tags->tags[1] != p) find(j, "dmarc-policy-not-second", subject);
}

static void judge_subdomain_policy(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  bool enforced = record->p == DMARC_QUARANTINE || record->p == DMARC_REJECT;
  if (!enforced) return;
  if (record->sp == DMARC_NONE) find(j, "dmarc-subdomain-policy-none", subject);
  else if (record->sp == DMARC_QUARANTINE && record->p == DMARC_REJECT)
    find_as(j, "dmarc-subdomain-policy-weaker", record->np == DMARC_REJECT ? SEVERITY_INFO : SEVERITY_WARN, subject);
  enum dmarc_policy np = dmarc_effective_np(record);
  if (np == DMARC_NONE && record->sp != DMARC_NONE) find_as(j, "dmarc-nonexistent-policy-weak", SEVERITY_WARN, subject);
  else if (np == DMARC_QUARANTINE) find_as(j, "dmarc-nonexistent-policy-weak", SEVERITY_INFO, subject);
}

static void judge_letters(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  bool enforced = record->p == DMARC_QUARANTINE || record->p == DMARC_REJECT;
  if (record->t == 'y' && enforced) find(j, "dmarc-testing", subject);
  if (record->t == '?') tell(j, "dmarc-testing-invalid", subject, taglist_find(record->tags, "t")->value);
  if (record->psd == '?') tell(j, "dmarc-psd-invalid", subject, taglist_find(record->tags, "psd")->value);
  if (record->adkim == '?') tell(j, "dmarc-alignment-invalid", subject, "adkim");
  if (record->aspf == '?') tell(j, "dmarc-alignment-invalid", subject, "aspf");
  if (record->adkim == 's' || record->aspf == 's') find(j, "dmarc-alignment-strict", subject);
}

/* ---- report addresses, as text ---- */

static void judge_uris(struct judgement *j, const char *subject, const struct report_uris *uris) {
  bool mailto = false;
  for (size_t i = 0; i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    mailto |= uri->scheme == REPORT_MAILTO;
    switch (uri->fault) {
    case REPORT_FAULT_EMPTY: find(j, "dmarc-rua-empty", subject); break;
    case REPORT_FAULT_INVALID: tell(j, strpbrk(uri->text, "; ") ? "dmarc-rua-separator" : "dmarc-rua-invalid", subject, uri->text); break;
    case REPORT_FAULT_SEPARATOR: tell(j, "dmarc-rua-separator", subject, uri->text); break;
    case REPORT_FAULT_UNESCAPED: tell(j, "dmarc-rua-unescaped", subject, uri->text); break;
    case REPORT_FAULT_NONE: break;
    }
    if (uri->has_size) tell(j, "dmarc-rua-size-suffix", subject, uri->text);
    for (size_t n = 0; n < i; n++)
      if (!uri->fault && text_equal(uris->all[n].address, uri->address)) tell(j, "dmarc-rua-duplicate", subject, uri->address);
  }
  if (!mailto && !found(j, "dmarc-rua-empty") && !found(j, "dmarc-rua-invalid")) find(j, "dmarc-rua-not-mailto", subject);
  if (uris->count > 2) find_argument(j, find(j, "dmarc-rua-many", subject), "count", "%zu", uris->count);
}

void dmarc_judge_text(struct judgement *j, const char *subject, const struct dmarc_record *record) {
  judge_tags(j, subject, record);
  judge_p(j, subject, record);
  judge_subdomain_policy(j, subject, record);
  judge_letters(j, subject, record);
  judge_removed(j, subject, record);
  if (!record->rua) find(j, "dmarc-rua-missing", subject);
  else judge_uris(j, subject, record->rua);
  for (size_t i = 0; record->ruf && i < record->ruf->count; i++)
    if (record->ruf->all[i].fault) tell(j, "dmarc-ruf-invalid", subject, record->ruf->all[i].text);
  if (record->ruf) find(j, "dmarc-ruf-privacy", subject);
  const struct tag *fo = taglist_find(record->tags, "fo");
  if (fo && !dmarc_fo_valid(fo->value)) tell(j, "dmarc-fo-invalid", subject, fo->value);
  else if (fo && !record->ruf) find(j, "dmarc-fo-without-ruf", subject);
  if (strlen(record->text) > 450) find_argument(j, find(j, "dmarc-record-large", subject), "octets", "%zu", strlen(record->text));
}
