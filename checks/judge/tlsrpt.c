#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/judge/lib.h"
#include "checks/judge/tlsrpt.h"
#include "checks/record/report_uri.h"
#include "checks/record/taglist.h"

static bool is_kept(const struct dns_rr *rr) { return rr->txt.length >= 12 && memcmp(rr->txt.bytes, "v=TLSRPTv1;", 11) == 0; }
static bool is_bare(const struct dns_rr *rr) { return strcmp(rr->txt.bytes, "v=TLSRPTv1;") == 0; }

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value);
  return finding;
}

/* ---- addresses ---- */

static void judge_member(struct judgement *j, const struct report_uri *uri, bool other_valid) {
  enum severity severity = other_valid ? SEVERITY_WARN : SEVERITY_FAIL;
  if (uri->fault == REPORT_FAULT_UNESCAPED) tell(j, "tlsrpt-rua-unescaped", uri->text);
  else if (uri->fault) find_argument(j, find_as(j, "tlsrpt-rua-invalid", severity, NULL), "value", "%s", uri->text);
  else if (uri->scheme == REPORT_OTHER) find_argument(j, find_as(j, "tlsrpt-rua-scheme", severity, NULL), "value", "%s", uri->text);
}

static bool is_good(const struct report_uri *uri) { return !uri->fault && (uri->scheme == REPORT_MAILTO || uri->scheme == REPORT_HTTPS); }

static void judge_list(struct judgement *j, const struct report_uris *uris) {
  size_t good = 0;
  for (size_t i = 0; i < uris->count; i++) good += is_good(&uris->all[i]);
  for (size_t i = 0; i < uris->count; i++) {
    judge_member(j, &uris->all[i], good > 0);
    for (size_t n = 0; n < i; n++)
      if (text_equal(uris->all[n].address, uris->all[i].address)) tell(j, "tlsrpt-rua-duplicate", uris->all[i].address);
  }
  if (uris->count > 2) tell(j, "tlsrpt-rua-many", arena_printf(j->arena, "%zu", uris->count));
}

static void judge_hosts(struct judgement *j, const struct report_uris *uris) {
  size_t own = 0, mailcheck = 0, good = 0, self = 0;
  for (size_t i = 0; i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    if (!is_good(uri)) continue;
    good++;
    own += name_equal(suffix_registrable(uri->host), suffix_registrable(j->inquiry->domain));
    if (uri->scheme == REPORT_MAILTO) {
      self += name_equal(uri->host, j->inquiry->domain);
      mailcheck += mailcheck_is_tls_address(uri->address);
      if (mail_host_accepts(j, uri->host) == TRI_NO) tell(j, "tlsrpt-rua-no-mx", uri->address);
    } else {
      const struct dns_answer *a = ask_dns(j, uri->host, DNS_TYPE_A), *aaaa = ask_dns(j, uri->host, DNS_TYPE_AAAA);
      if (a && aaaa && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED && !a->count && !aaaa->count) tell(j, "tlsrpt-rua-https-not-found", uri->address);
    }
  }
  if (good && mailcheck == good) find(j, "tlsrpt-rua-mailcheck-only", NULL);
  else if (mailcheck) find(j, "tlsrpt-rua-mailcheck", NULL);
  if (good && !own && mailcheck != good) find(j, "tlsrpt-rua-own-missing", NULL);
  if (good == 1 && self == 1) find(j, "tlsrpt-rua-under-own-policy", NULL);
}

/* ---- the record ---- */

static const struct report_uris *judge_fields(struct judgement *j, const char *text, size_t length) {
  const struct taglist *tags = taglist_parse(j->arena, text, length);
  const struct tag *rua = NULL;
  bool repeated = false;
  for (size_t i = 1; i < tags->count; i++) {
    const struct tag *tag = &tags->tags[i];
    if (tag->has_equals && strcmp(tag->name, "rua") == 0) {
      repeated |= rua != NULL;
      if (!rua) rua = tag;
    } else if (!tag->has_equals || !*tag->name) {
      tell(j, "tlsrpt-field-syntax", tag->empty ? ";;" : tag->value);
    } else {
      tell(j, "tlsrpt-unknown-field", tag->name);
    }
    if (tag->space_at_equals) tell(j, "tlsrpt-space-around-equals", tag->name);
    if (tag->has_equals && strstr(tag->value, " rua=")) tell(j, "tlsrpt-separator-missing", tag->value);
  }
  if (repeated) find(j, "tlsrpt-rua-repeated", NULL);
  if (!rua || !*rua->value) {
    find(j, "tlsrpt-rua-missing", NULL);
    return NULL;
  }
  return report_uris_parse(j->arena, rua->value);
}

const struct report_uris *tlsrpt_judge_text(struct judgement *j, const char *text, size_t length) {
  const struct report_uris *uris = judge_fields(j, text, length);
  if (uris) judge_list(j, uris);
  return uris;
}

const char *tlsrpt_near_miss(const char *text) {
  while (is_space(*text) || *text == '"') text++;
  if (strncmp(text, "v=TLSRPTv1", 10) == 0 && text[10] == ' ' && text[11] == ';') return "tlsrpt-space-before-separator";
  if (strncmp(text, "v=TLSRPTv1", 10) == 0 && is_space(text[10])) return "tlsrpt-separator-missing";
  if (text_starts(text, "v=TLSRPT") || text_starts(text, "TLSRPT") || text_starts(text, "v=TLS-RPT") || text_starts(text, "v=TLS")) return "tlsrpt-version-invalid";
  return strstr(text, "v=TLSRPTv1") ? "tlsrpt-version-invalid" : NULL;
}

static bool judge_near_misses(struct judgement *j, const struct dns_answer *answer) {
  bool any = false;
  for (size_t i = 0; i < answer->count; i++) {
    const char *rule = tlsrpt_near_miss(answer->records[i].txt.bytes);
    if (!rule) continue;
    tell(j, rule, answer->records[i].txt.bytes);
    any = true;
  }
  return any;
}

static void judge_kept(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  if (answer->links) tell(j, "tlsrpt-cname", answer->final_name);
  const struct report_uris *uris = tlsrpt_judge_text(j, rr->txt.bytes, rr->txt.length);
  if (uris) judge_hosts(j, uris);
  const struct dns_answer *sts = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT);
  if (sts && (sts->outcome == DNS_NXDOMAIN || sts->outcome == DNS_NODATA)) find(j, "tlsrpt-without-policy", NULL);
  if (!found_above_info(j)) find_bytes(j, find(j, "tlsrpt-ok", NULL), "value", rr->txt.bytes, rr->txt.length);
}

void judge_tlsrpt(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *answer = ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT);
  bool known = judge_profile(j, &profile);
  if (!answer || !known) return;
  const struct dns_rr *kept = NULL;
  size_t count = 0;
  for (size_t i = 0; i < answer->count; i++) {
    if (!is_kept(&answer->records[i]) && !is_bare(&answer->records[i])) continue;
    if (!kept) kept = &answer->records[i];
    count++;
  }
  bool no_mail = profile == PROFILE_PARKED || profile == PROFILE_SEND_ONLY;
  if (answer->outcome == DNS_FAILED) find_lookup_failed(j, "tlsrpt-lookup-failed", NULL, answer);
  else if (no_mail && profile == PROFILE_PARKED && count) find(j, "parked-tlsrpt-unneeded", NULL);
  else if (no_mail) find(j, count ? "tlsrpt-present-without-mail" : "tlsrpt-not-needed", NULL);
  else if (count > 1) find_argument(j, find(j, "tlsrpt-multiple", NULL), "count", "%zu", count);
  else if (count == 1) judge_kept(j, answer, kept);
  else if (!judge_near_misses(j, answer)) find(j, "tlsrpt-missing", NULL);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}
