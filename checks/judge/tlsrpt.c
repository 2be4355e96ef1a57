#include "checks/judge/tlsrpt.h"

#include <string.h>

#include "checks/judge/dmarc.h"
#include "checks/record/mtasts_policy.h"
#include "checks/record/taglist.h"

#define VERSION "v=TLSRPTv1"
enum { VERSION_LENGTH = sizeof VERSION - 1, NAME_MOST = 32, HOSTS_MOST = 32 /* that are asked for */ };

static bool is_kept(const struct dns_rr *rr) { return strncmp(rr->txt.bytes, VERSION ";", VERSION_LENGTH + 1) == 0; }

static struct finding *tell_value(struct judgement *j, const char *rule, enum severity severity, const char *value) {
  struct finding *finding = find_as(j, rule, severity, NULL);
  find_argument(j, finding, "value", "%s", value);
  return finding;
}

/* About a part of the text: people count its position from 1. */
static struct finding *tell(struct judgement *j, const char *rule, enum severity severity, const char *value, size_t position) {
  struct finding *finding = tell_value(j, rule, severity, value);
  find_argument(j, finding, "position", "%zu", position + 1);
  return finding;
}

/* ---- addresses ---- */

static bool is_good(const struct report_uri *uri) {
  return (!uri->fault || uri->fault == REPORT_FAULT_UNESCAPED) && (uri->scheme == REPORT_MAILTO || uri->scheme == REPORT_HTTPS);
}

/* "mailto:smith,jo@x.example" and "https://x.example/a,b": a comma that belongs to the address cuts it in two. */
static bool is_cut_by_comma(const struct report_uri *uri, const struct report_uri *rest) {
  if (rest->scheme != REPORT_NONE || rest->fault == REPORT_FAULT_EMPTY) return false;
  return uri->scheme == REPORT_HTTPS || (uri->scheme == REPORT_MAILTO && !strchr(uri->text, '@') && strchr(rest->text, '@'));
}

static void judge_member(struct judgement *j, const struct report_uri *uri, bool other_valid, size_t at) {
  enum severity severity = other_valid ? SEVERITY_WARN : SEVERITY_FAIL;
  /* RFC 8460 section 3 knows no "!10m": an exclamation mark must be encoded. */
  if (uri->fault == REPORT_FAULT_UNESCAPED || (!uri->fault && strchr(uri->text, '!'))) tell(j, "tlsrpt-rua-unescaped", SEVERITY_WARN, uri->text, at + uri->position);
  else if (uri->fault) tell(j, "tlsrpt-rua-invalid", severity, uri->text, at + uri->position);
  else if (uri->scheme == REPORT_OTHER) tell(j, "tlsrpt-rua-scheme", severity, uri->text, at + uri->position);
}

static void judge_list(struct judgement *j, const struct report_uris *uris, size_t at) {
  size_t good = 0, addresses = uris->count;
  for (size_t i = 0; i < uris->count; i++) good += is_good(&uris->all[i]);
  for (size_t i = 0; i < uris->count; i++) {
    const struct report_uri *uri = &uris->all[i];
    if (i + 1 < uris->count && is_cut_by_comma(uri, uri + 1)) {
      tell(j, "tlsrpt-rua-unescaped", SEVERITY_WARN, arena_printf(j->arena, "%s,%s", uri->text, uri[1].text), at + uri->position);
      i++;
      addresses--;
      continue;
    }
    judge_member(j, uri, good > 0, at);
    for (size_t n = 0; n < i; n++)
      if (*uri->address && text_equal(uris->all[n].address, uri->address)) tell(j, "tlsrpt-rua-duplicate", SEVERITY_INFO, uri->address, at + uri->position);
  }
  if (addresses > 2) tell(j, "tlsrpt-rua-many", SEVERITY_INFO, arena_printf(j->arena, "%zu", addresses), at);
}

static bool has_no_address(struct judgement *j, const char *host) {
  const struct dns_answer *a = ask_dns(j, host, DNS_TYPE_A), *aaaa = ask_dns(j, host, DNS_TYPE_AAAA);
  return a && aaaa && a->outcome != DNS_FAILED && aaaa->outcome != DNS_FAILED && !a->count && !aaaa->count;
}

struct destinations { size_t good, own, mailcheck, self; };

static void judge_destinations(struct judgement *j, const struct destinations *to) {
  if (to->good && to->mailcheck == to->good) find(j, "tlsrpt-rua-mailcheck-only", NULL);
  else if (to->mailcheck) find(j, "tlsrpt-rua-mailcheck", NULL);
  if (to->good && !to->own && to->mailcheck != to->good) find(j, "tlsrpt-rua-own-missing", NULL);
  if (to->good && to->self == to->good) find(j, "tlsrpt-rua-under-own-policy", NULL);
}

static void judge_hosts(struct judgement *j, const struct report_uris *uris) {
  struct destinations to = { 0 };
  for (size_t i = 0; i < uris->count && i < HOSTS_MOST; i++) {
    const struct report_uri *uri = &uris->all[i];
    if (!is_good(uri)) continue;
    to.good++;
    to.own += suffix_same(uri->host, j->inquiry->domain);
    if (uri->scheme == REPORT_MAILTO) {
      to.self += name_equal(uri->host, j->inquiry->domain);
      to.mailcheck += mailcheck_is_tls_address(uri->address);
      if (mail_host_accepts(j, uri->host) == TRI_NO) tell_value(j, "tlsrpt-rua-no-mx", SEVERITY_WARN, uri->address);
    } else if (!uri->host_is_address && has_no_address(j, uri->host)) tell_value(j, "tlsrpt-rua-https-not-found", SEVERITY_WARN, uri->address);
  }
  judge_destinations(j, &to);
}

/* ---- the record's text ---- */

/* tlsrpt-ext-name: a letter or digit, then up to 31 letters, digits and "_-."; the value is not empty and has no "=" (RFC 8460 section 3). */
static bool is_extension(const struct tag *tag) {
  size_t length = strlen(tag->name);
  if (!is_alnum(tag->name[0]) || length > NAME_MOST || !*tag->value) return false;
  for (size_t i = 1; i < length; i++)
    if (!is_alnum(tag->name[i]) && !strchr("_-.", tag->name[i])) return false;
  for (const char *at = tag->value; *at; at++)
    if (!is_print(*at) || *at == ' ' || *at == '=') return false;
  return true;
}

/* A ";" that is missing before rua, or before another field, leaves a space and a "=" inside a value. */
static const char *swallowed_field(const struct tag *tag) {
  for (const char *space = strpbrk(tag->value, " \t"); space; space = strpbrk(space + 1, " \t")) {
    size_t name = strspn(space + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
    if (name && space[1 + name] == '=') return space + 1;
  }
  return NULL;
}

static void judge_field(struct judgement *j, const struct tag *tag, const struct tag *before) {
  bool rua = tag->has_equals && strcmp(tag->name, "rua") == 0;
  bool after_rua = before && before->has_equals && strcmp(before->name, "rua") == 0;
  if (tag->space_at_equals) tell(j, "tlsrpt-space-around-equals", SEVERITY_WARN, tag->name, tag->position);
  if (tag_holds_nul(tag)) tell(j, "tlsrpt-field-syntax", SEVERITY_FAIL, tag->name, tag->position);
  else if (tag->has_equals && swallowed_field(tag)) tell(j, "tlsrpt-separator-missing", SEVERITY_FAIL, swallowed_field(tag), tag->position);
  else if (rua) return;
  else if (!tag->has_equals && !tag->empty && after_rua) tell(j, "tlsrpt-rua-unescaped", SEVERITY_WARN, arena_printf(j->arena, "%s;%s", before->value, tag->value), before->position);
  else if (!tag->has_equals || !is_extension(tag)) tell(j, "tlsrpt-field-syntax", SEVERITY_FAIL, tag->empty ? ";;" : tag->has_equals ? tag->name : tag->value, tag->position);
  else tell(j, "tlsrpt-unknown-field", SEVERITY_INFO, tag->name, tag->position);
}

const struct report_uris *tlsrpt_judge_text(struct judgement *j, const char *text, size_t length) {
  const struct taglist *tags = taglist_parse(j->arena, text, length);
  const struct tag *rua = NULL;
  for (size_t i = 1; i < tags->count; i++) {
    const struct tag *tag = &tags->tags[i];
    judge_field(j, tag, i > 1 ? tag - 1 : NULL);
    if (!tag->has_equals || strcmp(tag->name, "rua") != 0) continue;
    if (rua) tell(j, "tlsrpt-rua-repeated", SEVERITY_FAIL, tag->value, tag->position);
    if (!rua) rua = tag;
  }
  if (!rua || !*rua->value) {
    find(j, "tlsrpt-rua-missing", NULL);
    return NULL;
  }
  size_t value = strcspn(rua->value, " \t"); /* what follows a space belongs to a field that was swallowed */
  const char *addresses = swallowed_field(rua) ? arena_strndup(j->arena, rua->value, value) : rua->value;
  const struct report_uris *uris = report_uris_parse(j->arena, addresses);
  judge_list(j, uris, rua->value_position);
  return uris;
}

const char *tlsrpt_near_miss(const char *text) {
  while (is_space(*text) || *text == '"') text++;
  if (strncmp(text, VERSION, VERSION_LENGTH) == 0) {
    const char *rest = text + VERSION_LENGTH;
    while (is_space(*rest)) rest++;
    if (*rest == ';' && rest > text + VERSION_LENGTH) return "tlsrpt-space-before-separator";
    if (rest > text + VERSION_LENGTH || !*rest) return "tlsrpt-separator-missing";
  }
  bool like = text_starts(text, "v=TLSRPT") || text_starts(text, "TLSRPT") || text_starts(text, "v=TLS-RPT") || text_starts(text, "v=TLS_RPT") || text_starts(text, "v =");
  return like || strstr(text, VERSION) || text_starts(text, "rua=") ? "tlsrpt-version-invalid" : NULL;
}

/* ---- the record ---- */

static bool has_mtasts(const struct dns_answer *answer) {
  for (size_t i = 0; i < answer->count; i++)
    if (mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) return true;
  return false;
}

/* Neither MTA-STS nor TLSA at any MX host: nothing says that encryption is required. */
static void judge_without_policy(struct judgement *j) {
  const struct dns_answer *sts = ask_dns(j, ask_name(j, "_mta-sts"), DNS_TYPE_TXT), *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  if (!sts || !mx || sts->outcome == DNS_FAILED || mx->outcome == DNS_FAILED || has_mtasts(sts)) return;
  bool known = true, any = false;
  size_t hosts = mx->count ? mx->count : 1; /* without MX the domain is its own host (RFC 5321 section 5.1) */
  for (size_t i = 0; i < hosts; i++) {
    const struct dns_answer *tlsa = ask_dns(j, name_join(j->arena, "_25._tcp", mx->count ? mx->records[i].mx.host : j->inquiry->domain), DNS_TYPE_TLSA);
    known = known && tlsa && tlsa->outcome != DNS_FAILED;
    any = any || (tlsa && tlsa->count);
  }
  if (known && !any) find_seen(j, find(j, "tlsrpt-without-policy", NULL), &sts->seen);
}

static void judge_text(struct judgement *j, const struct dns_answer *answer, const struct dns_rr *rr) {
  if (answer->links) tell_value(j, "tlsrpt-cname", SEVERITY_INFO, answer->final_name);
  const struct report_uris *uris = tlsrpt_judge_text(j, rr->txt.bytes, rr->txt.length);
  if (uris) judge_hosts(j, uris);
  judge_without_policy(j);
  if (!found_above_info(j)) find_bytes(j, find(j, "tlsrpt-ok", NULL), "value", rr->txt.bytes, rr->txt.length);
}

/* Nothing is kept. A record whose one slip is the space before its semicolon is read by lenient senders, and so is judged further. */
static void judge_near_misses(struct judgement *j, const struct dns_answer *answer) {
  const struct dns_rr *spaced = NULL;
  size_t near = 0;
  for (size_t i = 0; i < answer->count; i++) {
    const struct dns_rr *rr = &answer->records[i];
    const char *rule = tlsrpt_near_miss(rr->txt.bytes);
    if (!rule) continue;
    near++;
    tell(j, rule, rule_find(rule)->severity, rr->txt.bytes, 0);
    if (strcmp(rule, "tlsrpt-space-before-separator") == 0) spaced = rr;
  }
  if (near == 0) find(j, "tlsrpt-missing", NULL);
  else if (near == 1 && spaced) judge_text(j, answer, spaced);
}

/* Of a domain that takes no mail. */
static void judge_needless(struct judgement *j, bool has_record, bool null_mx, bool parked) {
  if (!has_record) find(j, "tlsrpt-not-needed", NULL);
  else if (parked) find(j, "parked-tlsrpt-unneeded", NULL);
  else if (null_mx) find(j, "tlsrpt-present-without-mail", NULL);
}

void judge_tlsrpt(struct judgement *j) {
  enum profile profile;
  if (!judge_domain_exists(j)) return;
  const struct dns_answer *answer = ask_dns(j, ask_name(j, "_smtp._tls"), DNS_TYPE_TXT), *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  bool known = judge_profile(j, &profile);
  if (!answer || !mx || !known) return;
  const struct dns_rr *kept = NULL;
  size_t count = 0;
  for (size_t i = 0; i < answer->count; i++) {
    if (!is_kept(&answer->records[i])) continue;
    kept = &answer->records[i];
    count++;
  }
  bool null_mx = mx->count == 1 && !*mx->records[0].mx.host, parked = profile == PROFILE_PARKED;
  if (answer->outcome == DNS_FAILED) find_lookup_failed(j, "tlsrpt-lookup-failed", NULL, answer);
  else if (null_mx || parked || profile == PROFILE_SEND_ONLY) judge_needless(j, count > 0, null_mx, parked);
  else if (count > 1) find_argument(j, find(j, "tlsrpt-multiple", NULL), "count", "%zu", count);
  else if (count == 1) judge_text(j, answer, kept);
  else judge_near_misses(j, answer);
  for (size_t i = 0; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &answer->seen);
}
