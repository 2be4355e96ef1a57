#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/parsed.h"

enum { MOST_QUESTIONS = 8 };

/* One name of the tree walk: the single record kept at _dmarc.<name>; several count as none. */
struct step {
  const char *name;
  const struct dns_answer *answer; /* null: not yet */
  const struct dmarc_record *record;
  size_t count;
};

static struct step look_at(struct judgement *j, const char *name) {
  struct step step = { .name = name, .answer = ask_dns(j, name_join(j->arena, "_dmarc", name), DNS_TYPE_TXT) };
  const struct dns_rr *kept = NULL;
  for (size_t i = 0; step.answer && i < step.answer->count; i++) {
    if (!dmarc_is_record(step.answer->records[i].txt.bytes, step.answer->records[i].txt.length)) continue;
    kept = &step.answer->records[i];
    step.count++;
  }
  if (step.count == 1) step.record = parsed_dmarc(step.answer, kept);
  return step;
}

/* All questions of the walk (RFC 9989 section 4.10) go out together, since none depends on another's answer. */
static size_t climb(struct judgement *j, const char *name, struct step steps[MOST_QUESTIONS]) {
  size_t count = 0;
  for (const char *at = name; *at && count < MOST_QUESTIONS;) {
    steps[count++] = look_at(j, at);
    at = count == 1 && name_labels(name) >= MOST_QUESTIONS ? name_last_labels(name, MOST_QUESTIONS - 1) : name_parent(at);
  }
  return count;
}

struct walk {
  const char *org;                       /* organizational domain, section 4.10.2 */
  const char *suffix_from;
  const struct dmarc_record *org_record, *suffix_record; /* `suffix_record`: with psd=y, above the organizational domain */
  const struct step *failed;             /* the lowest that could not be looked up before the walk stopped */
};

static struct walk walk_of(const struct step *steps, size_t count) {
  struct walk walk = { .org = steps[0].name };
  for (size_t i = 0; i < count; i++) {
    const struct step *step = &steps[i];
    if (step->answer && step->answer->outcome == DNS_FAILED && !walk.failed) walk.failed = step;
    if (!step->record) continue;
    if (step->record->psd == 'y' && i > 0) { /* one label below it, which a walk over a long name may have jumped over */
      walk.org = name_last_labels(steps[0].name, name_labels(step->name) + 1);
      walk.org_record = name_equal(walk.org, steps[i - 1].name) ? steps[i - 1].record : NULL;
      walk.suffix_record = step->record;
      walk.suffix_from = step->name;
      break;
    }
    walk.org = step->name;
    walk.org_record = step->record;
    if (step->record->psd == 'n' || step->record->psd == 'y') break;
  }
  return walk;
}

/* What an ancestor's record asks for a name that exists; none where receivers of one method find nothing. */
static enum dmarc_policy inherited(const struct dmarc_record *record) {
  enum dmarc_policy policy = record ? dmarc_in_force(record, dmarc_effective_sp(record)) : DMARC_ABSENT;
  return policy == DMARC_ABSENT ? DMARC_NONE : policy;
}

static const struct dmarc_record *usable(const struct dmarc_record *record) { return record && dmarc_effective_p(record) != DMARC_ABSENT ? record : NULL; }

static void inherit(struct dmarc_policy_found *out, const struct walk *walk, const struct dmarc_record *list_record) {
  bool walk_above = !name_equal(walk->org, out->name), to_suffix = walk_above && suffix_is_public(walk->org);
  const struct dmarc_record *by_walk = walk_above ? usable(walk->org_record) : NULL, *by_list = usable(list_record);
  if (!by_list && (!by_walk || to_suffix)) {
    out->suffix = by_walk ? by_walk : usable(walk->suffix_record);
    out->suffix_from = by_walk ? walk->org : walk->suffix_from;
    return;
  }
  /* Receivers of both kinds exist: the worse counts. */
  bool walk_is_worse = by_walk && (!by_list || inherited(by_walk) < inherited(by_list));
  out->applies = walk_is_worse ? by_walk : by_list;
  out->from = walk_is_worse ? walk->org : out->org_by_list;
  out->effective = by_list ? inherited(out->applies) : DMARC_NONE;
}

/* Could the name's policy hang on an answer that did not come? Above the organizational domain by the list it does not: receivers that go
 * by the list never ask there. */
static const struct dns_answer *failure_of(const struct step *own, const struct step *list, const struct walk *walk) {
  if (own->answer->outcome == DNS_FAILED) return own->answer;
  if (own->record) return NULL;
  if (list->answer->outcome == DNS_FAILED) return list->answer;
  return walk->failed && name_is_below(walk->failed->name, list->name) ? walk->failed->answer : NULL;
}

bool dmarc_policy_for(struct judgement *j, const char *name, struct dmarc_policy_found *out) {
  struct step steps[MOST_QUESTIONS], list = { .name = suffix_registrable(name) };
  size_t count = climb(j, name, steps);
  for (size_t i = 0; i < count; i++)
    if (strcmp(steps[i].name, list.name) == 0) list = steps[i];
  if (!list.answer) list = look_at(j, list.name);
  struct walk walk = walk_of(steps, count);
  *out = (struct dmarc_policy_found){ .name = name, .effective = DMARC_ABSENT, .own = steps[0].record, .own_answer = steps[0].answer, .own_count = steps[0].count,
                                      .org_by_list = list.name, .org_by_walk = walk.org, .walk_known = !walk.failed };
  for (size_t i = 0; i < count; i++)
    if (!steps[i].answer) return false;
  if (!list.answer) return false;
  out->failed = failure_of(&steps[0], &list, &walk);
  if (out->own) {
    out->applies = out->own;
    out->from = name;
    out->effective = dmarc_in_force(out->own, dmarc_effective_p(out->own));
  } else if (!out->failed) {
    inherit(out, &walk, strcmp(list.name, name) != 0 ? list.record : NULL);
  }
  return true;
}

/* ---- report destinations ---- */

/* The organizational domain by the walk; null where a failure could hide it. False: not yet. */
static bool org_by_walk(struct judgement *j, const char *name, const char **out) {
  struct step steps[MOST_QUESTIONS];
  size_t count = climb(j, name, steps);
  for (size_t i = 0; i < count; i++)
    if (!steps[i].answer) return false;
  struct walk walk = walk_of(steps, count);
  *out = walk.failed ? NULL : walk.org;
  return true;
}

/* One organisation by the list, two by the walk: receivers of RFC 9990 look for a permission, older ones do not. False: not yet. */
static bool read_walk(struct judgement *j, const char *record_domain, const char *host, struct dmarc_destination *out) {
  const char *own = NULL, *other = NULL;
  bool known = org_by_walk(j, record_domain, &own) & org_by_walk(j, host, &other); /* both are asked for at once */
  if (known && own && other && !name_equal(own, other)) out->org_by_walk = other;
  return known;
}

static void read_override(const struct dmarc_record *record, const char *host, struct dmarc_destination *out) {
  for (size_t i = 0; record->rua && i < record->rua->count; i++) {
    const struct report_uri *uri = &record->rua->all[i];
    if (uri->scheme != REPORT_MAILTO || uri->fault) continue;
    if (name_equal(uri->host, host)) out->override = uri->address;
    else out->refused = uri->address;
  }
}

bool dmarc_destination_look(struct judgement *j, const char *record_domain, const char *host, struct dmarc_destination *out) {
  *out = (struct dmarc_destination){ .permission = REPORT_OWN, .name = "" };
  if (name_equal(record_domain, host)) return true;
  if (suffix_same(record_domain, host)) {
    if (!read_walk(j, record_domain, host, out)) return false;
    if (!out->org_by_walk) return true;
  }
  out->name = arena_printf(j->arena, "%s._report._dmarc.%s", record_domain, host);
  out->permission = REPORT_UNAUTHORISED;
  if (!name_is_valid(out->name)) return true;
  out->answer = ask_dns(j, out->name, DNS_TYPE_TXT);
  if (!out->answer) return false;
  if (out->answer->outcome == DNS_FAILED) out->permission = REPORT_UNKNOWN;
  for (size_t i = 0; i < out->answer->count; i++) {
    if (!dmarc_is_record(out->answer->records[i].txt.bytes, out->answer->records[i].txt.length)) continue;
    out->permission = REPORT_AUTHORISED;
    read_override(parsed_dmarc(out->answer, &out->answer->records[i]), host, out);
  }
  return true;
}

bool dmarc_report_permission(struct judgement *j, const char *record_domain, const char *host, enum report_permission *out, const char **out_name) {
  struct dmarc_destination destination;
  bool known = dmarc_destination_look(j, record_domain, host, &destination);
  *out = destination.permission;
  *out_name = destination.name;
  return known;
}

enum tri mail_host_accepts(struct judgement *j, const char *host) {
  const struct dns_answer *mx = ask_dns(j, host, DNS_TYPE_MX);
  if (!mx || mx->outcome == DNS_FAILED) return TRI_UNKNOWN;
  if (mx->outcome == DNS_NXDOMAIN) return TRI_NO;
  if (mx->count) return mx->count == 1 && !*mx->records[0].mx.host ? TRI_NO : TRI_YES;
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  if (!a || !aaaa || (a->outcome == DNS_FAILED && aaaa->outcome == DNS_FAILED)) return TRI_UNKNOWN;
  return a->count || aaaa->count ? TRI_YES : a->outcome == DNS_FAILED || aaaa->outcome == DNS_FAILED ? TRI_UNKNOWN : TRI_NO;
}

/* ---- Mail Check, closed on 31 March 2026 (date from secondary sources) ---- */

bool mailcheck_is_dmarc_address(const char *address) {
  static const char *const known[] = { "dmarc-rua@dmarc.service.gov.uk", "govuk-rua@dmarc.service.gov.uk", "dmarc-rua@dmarc.service.ncsc.gov.uk", "dmarc-ruf@dmarc.service.gov.uk" };
  for (size_t i = 0; i < MEM_COUNT(known); i++)
    if (text_equal(address, known[i])) return true;
  return text_ends(address, "@dmarc-rua.mailcheck.service.ncsc.gov.uk");
}

bool mailcheck_is_tls_address(const char *address) {
  return text_equal(address, "tls-rua@mailcheck.service.ncsc.gov.uk") || text_ends(address, "@tls-rua.mailcheck.service.ncsc.gov.uk");
}
