#include <string.h>

#include "checks/judge/dmarc.h"

enum { MOST_QUESTIONS = 8 };

/* The single record kept at _dmarc.<name>; several count as none. */
static const struct dmarc_record *record_at(struct judgement *j, const char *name, const struct dns_answer **out_answer, size_t *out_count) {
  const struct dns_answer *answer = ask_dns(j, name_join(j->arena, "_dmarc", name), DNS_TYPE_TXT);
  const struct dns_rr *kept = NULL;
  size_t count = 0;
  if (out_answer) *out_answer = answer;
  for (size_t i = 0; answer && i < answer->count; i++) {
    if (!dmarc_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    kept = &answer->records[i];
    count++;
  }
  if (out_count) *out_count = count;
  return count == 1 ? dmarc_parse(j->arena, kept->txt.bytes, kept->txt.length) : NULL;
}

struct walk {
  const char *org;
  const struct dmarc_record *org_record;
  const struct dns_answer *failed;
};

/* The tree walk of RFC 9989 section 4.10: all questions go out together, since none depends on another's answer. */
static void tree_walk(struct judgement *j, const char *name, struct walk *out) {
  const char *at = name;
  const char *below = name; /* the name one label below `at` */
  size_t asked = 0;
  bool stopped = false;
  *out = (struct walk){ .org = name };
  while (*at && asked < MOST_QUESTIONS) {
    const struct dns_answer *answer;
    const struct dmarc_record *record = record_at(j, at, &answer, NULL);
    asked++;
    if (!stopped && answer && answer->outcome == DNS_FAILED && !out->failed) out->failed = answer;
    if (!stopped && record) {
      if (record->psd == 'y' && at != name) {
        out->org = below;
        out->org_record = record_at(j, below, NULL, NULL);
        stopped = true;
      } else {
        out->org = at;
        out->org_record = record;
        stopped = record->psd == 'n' || record->psd == 'y';
      }
    }
    below = at;
    at = asked == 1 && name_labels(name) >= 8 ? name_last_labels(name, 7) : name_parent(at);
  }
}

bool dmarc_policy_for(struct judgement *j, const char *name, struct dmarc_policy_found *out) {
  struct walk walk;
  *out = (struct dmarc_policy_found){ .effective = DMARC_ABSENT };
  out->own = record_at(j, name, &out->own_answer, &out->own_count);
  out->org_by_list = suffix_registrable(name);
  const struct dns_answer *list_answer;
  const struct dmarc_record *by_list = record_at(j, out->org_by_list, &list_answer, NULL);
  const char *suffix = suffix_of(name);
  out->suffix = *suffix && strcmp(suffix, name) != 0 ? record_at(j, suffix, NULL, NULL) : NULL;
  tree_walk(j, name, &walk);
  out->org_by_walk = walk.org;
  if (!out->own_answer || !list_answer || j->waiting) return false;
  if (out->own_answer->outcome == DNS_FAILED) out->failed = out->own_answer;
  else if (!out->own && list_answer->outcome == DNS_FAILED) out->failed = list_answer;
  if (out->own) {
    out->applies = out->own;
    out->from = name;
    out->effective = dmarc_effective_p(out->own);
  } else if (by_list && strcmp(out->org_by_list, name) != 0) {
    out->applies = by_list;
    out->from = out->org_by_list;
    out->effective = dmarc_effective_sp(by_list);
  }
  return true;
}

/* ---- report destinations ---- */

bool dmarc_report_permission(struct judgement *j, const char *record_domain, const char *host, enum report_permission *out, const char **out_name) {
  *out = REPORT_OWN;
  *out_name = "";
  if (suffix_same(record_domain, host)) return true;
  const char *name = arena_printf(j->arena, "%s._report._dmarc.%s", record_domain, host);
  *out_name = name;
  *out = REPORT_UNAUTHORISED;
  if (!name_is_valid(name)) return true;
  const struct dns_answer *answer = ask_dns(j, name, DNS_TYPE_TXT);
  if (!answer) return false;
  if (answer->outcome == DNS_FAILED) *out = REPORT_UNKNOWN;
  for (size_t i = 0; i < answer->count; i++)
    if (strncmp(answer->records[i].txt.bytes, "v=DMARC1", 8) == 0) *out = REPORT_AUTHORISED;
  return true;
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
