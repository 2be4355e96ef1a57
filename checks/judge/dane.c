#include <string.h>

#include "checks/judge/mail_hosts.h"
#include "checks/record/mtasts_policy.h"
#include "checks/judge/dane.h"
#include "checks/judge/tls_private.h"

/* 11: TLSA records of the hosts (RFC 7672). */

struct dane_host {
  const struct mail_host *host;
  const struct dns_answer *answer;       /* TLSA */
  const char *base;                      /* the TLSA base domain: the host, or where its alias leads (RFC 7672 section 2.2.3) */
  bool alias_validated;                  /* the alias by itself, where its addresses are not (RFC 7672 section 2.2.2) */
  bool validated;                        /* TLSA answer and addresses */
  size_t usable;
  bool matched;
};

struct dane {
  struct mail_hosts hosts;
  struct dane_host each[MAIL_HOSTS_MOST];
  size_t with, absent, absent_validated;
};

static struct tlsa tlsa_of(const struct dns_rr *rr) {
  return (struct tlsa){ .usage = rr->tlsa.usage, .selector = rr->tlsa.selector, .matching = rr->tlsa.matching, .data = rr->tlsa.data, .length = rr->tlsa.length };
}

static struct finding *note(struct judgement *judgement, const char *rule, const struct dane_host *at) {
  struct finding *finding = find(judgement, rule, at->host->name);
  find_seen(judgement, finding, &at->answer->seen);
  return finding;
}

/* ---- the records by themselves ---- */

static void judge_records(struct judgement *judgement, struct dane_host *at) {
  const char *told[3] = { NULL };
  size_t told_count = 0;
  bool full = false, sha256 = false, sha512 = false, whole = false;
  for (size_t i = 0; i < at->answer->count; i++) {
    struct tlsa tlsa = tlsa_of(&at->answer->records[i]);
    const char *rule = dane_unusable_rule(&tlsa);
    for (size_t n = 0; rule && n < told_count; n++)
      if (strcmp(rule, told[n]) == 0) rule = NULL;
    if (rule) dane_say_record(judgement, note(judgement, rule, at), &tlsa), told[told_count++] = rule;
    if (!tlsa_usable(&tlsa)) continue;
    at->usable++;
    sha256 = sha256 || tlsa.matching == TLSA_SHA256;
    sha512 = sha512 || tlsa.matching == TLSA_SHA512;
    if (tlsa.matching == TLSA_FULL && !full) dane_say_record(judgement, note(judgement, "dane-full-data", at), &tlsa), full = true;
    if (tlsa.usage == TLSA_DANE_EE && tlsa.selector == TLSA_CERTIFICATE && !whole) dane_say_record(judgement, note(judgement, "dane-selector-certificate", at), &tlsa), whole = true;
  }
  if (sha512 && !sha256) note(judgement, "dane-sha512-only", at);
  if (at->usable == 1 && at->answer->count == 1) note(judgement, "dane-single-record", at);
  if (at->answer->links > 0) note(judgement, "dane-cname", at);
}

/* ---- against what the host sends ---- */

struct matching { size_t matched, ee, ta, ta_with_name, ta_with_dates, not_sent; };

static bool dates_good(const struct certificate_path *path, size_t last, int64_t now) {
  for (size_t i = 0; i <= last && i < path->length; i++)
    if (now < path->steps[i]->not_before || now > path->steps[i]->not_after) return false;
  return true;
}

/* With usage 2 the names are the TLSA base domain and, since a signed MX led there, the domain itself and what it is an alias of (RFC 7672
 * section 3.2.2). */
static bool fits_name(const struct judgement *judgement, const struct dns_answer *mx, const struct dane_host *at, const struct certificate *leaf) {
  const char *const names[] = { at->base, judgement->inquiry->domain, mx->links ? mx->final_name : at->base };
  for (size_t i = 0; i < MEM_COUNT(names); i++)
    if (certificate_match_holds(certificate_matches(leaf, names[i], NULL))) return true;
  return false;
}

static struct matching match_session(struct judgement *judgement, const struct dns_answer *mx, const struct dane_host *at, const struct smtp_session *session, bool *record_matched) {
  struct certificate_state state;
  struct matching m = { 0 };
  certificate_judge(session, at->host->name, &state);
  for (size_t i = 0; i < at->answer->count; i++) {
    struct tlsa tlsa = tlsa_of(&at->answer->records[i]);
    size_t step = 0;
    enum tlsa_outcome outcome = tlsa_match_path(judgement->arena, &tlsa, &state.path, &step);
    m.not_sent += outcome == TLSA_ANCHOR_NOT_SENT;
    if (outcome != TLSA_MATCH) continue;
    record_matched[i] = true;
    m.matched++;
    m.ee += tlsa.usage == TLSA_DANE_EE;
    if (tlsa.usage != TLSA_DANE_TA) continue;
    m.ta++;
    m.ta_with_name += fits_name(judgement, mx, at, state.leaf);
    m.ta_with_dates += dates_good(&state.path, step, session->seen.time);
  }
  return m;
}

static void judge_match(struct judgement *judgement, const struct dane_host *at, const struct smtp_session *session, const struct matching *m) {
  struct certificate_state state;
  certificate_judge(session, at->host->name, &state);
  if (m->ee) {
    if (!state.date_good) tls_note(judgement, "dane-ee-expired", SEVERITY_INFO, at->host->name, session);
  } else if (m->ta) {
    if (m->ta_with_name == 0) tls_note(judgement, "dane-ta-name-mismatch", SEVERITY_FAIL, at->host->name, session);
    if (m->ta_with_dates == 0) tls_note(judgement, "dane-ta-expired", SEVERITY_FAIL, at->host->name, session);
  } else {
    tls_note(judgement, m->not_sent ? "dane-ta-not-in-chain" : "dane-no-match", SEVERITY_FAIL, at->host->name, session);
  }
}

/* Records that are there, usable or not, make TLS a condition of delivery (RFC 7672 section 2.2). */
static void judge_starttls(struct judgement *judgement, const struct dane_host *at) {
  for (size_t i = 0; i < at->host->address_count; i++) {
    const struct smtp_session *session = at->host->addresses[i].session;
    bool none = session_lacks_starttls(session) || session_refuses_starttls(session) || session_refused_handshake(session);
    if (none) tls_note(judgement, "dane-no-starttls", SEVERITY_FAIL, at->host->name, session);
  }
}

static void judge_sessions(struct judgement *judgement, const struct dns_answer *mx, struct dane_host *at) {
  bool *record_matched = ARENA_ARRAY(judgement->arena, bool, at->answer->count + 1);
  for (size_t i = 0; i < at->host->address_count; i++) {
    const struct smtp_session *session = at->host->addresses[i].session;
    if (session->tls.certificates == 0) {
      bool anonymous = session_encrypted(session); /* nothing that could match */
      if (anonymous) tls_note(judgement, "dane-no-match", SEVERITY_FAIL, at->host->name, session);
      continue;
    }
    struct matching m = match_session(judgement, mx, at, session, record_matched);
    at->matched = at->matched || (m.matched && session_tls12(session)); /* of older versions few senders have any still (RFC 8996) */
    judge_match(judgement, at, session, &m);
  }
  for (size_t i = 0; at->matched && i < at->answer->count; i++) {
    struct tlsa tlsa = tlsa_of(&at->answer->records[i]);
    if (record_matched[i] || !tlsa_usable(&tlsa)) continue;
    dane_say_record(judgement, note(judgement, "dane-stale-record", at), &tlsa);
    break;
  }
}

/* ---- all hosts ---- */

/* Signed, and no resolver can validate it: senders that use DANE defer the mail (RFC 7672 section 2.1.1). */
static void judge_failed_lookup(struct judgement *judgement, const struct dane_host *at) {
  bool is_signed = at->host->a->authenticated || at->host->aaaa->authenticated;
  bool defers = at->answer->failure == DNS_FAILURE_SERVFAIL && is_signed;
  struct finding *finding = find_lookup_failed(judgement, "dane-lookup-failed", at->host->name, at->answer);
  finding->severity = defers ? SEVERITY_FAIL : SEVERITY_UNKNOWN;
}

static bool addresses_validated(const struct mail_host *host) {
  return (host->a->count == 0 || host->a->authenticated) && (host->aaaa->count == 0 || host->aaaa->authenticated);
}

/* Where the host is an alias, the records at the name that it leads to go before those at its own (RFC 7672 section 2.2.3). Where it leads out of what
 * is signed, those at its own name hold as long as the alias itself is validated (section 2.2.2). */
static void find_records(struct judgement *judgement, struct dane_host *at) {
  const struct dns_answer *a = at->host->a, *aaaa = at->host->aaaa, *alias = a && a->links ? a : aaaa && aaaa->links ? aaaa : NULL;
  at->base = at->host->name;
  at->answer = ask_dns(judgement, name_join(judgement->arena, "_25._tcp", at->base), DNS_TYPE_TLSA);
  if (!alias || !at->answer) return;
  if (at->answer->count > 0 && at->answer->authenticated && a && aaaa && !addresses_validated(at->host)) {
    const struct dns_answer *cname = ask_dns(judgement, at->base, DNS_TYPE_CNAME);
    at->alias_validated = cname && cname->authenticated;
    if (!cname || at->alias_validated) {
      at->answer = cname ? at->answer : NULL;
      return;
    }
  }
  const struct dns_answer *beyond = ask_dns(judgement, name_join(judgement->arena, "_25._tcp", alias->final_name), DNS_TYPE_TLSA);
  if (beyond && beyond->outcome != DNS_FAILED && beyond->count == 0) return;
  at->base = alias->final_name;
  at->answer = beyond;
}

static bool gather(struct judgement *judgement, struct dane *dane) {
  bool whole = mail_hosts_find(judgement, judgement->inquiry->domain, false, &dane->hosts);
  for (size_t i = 0; i < dane->hosts.count; i++) {
    struct dane_host *at = &dane->each[i];
    at->host = &dane->hosts.hosts[i];
    find_records(judgement, at);
    whole = whole && at->answer;
  }
  return whole;
}

/* The records, and what leads to the host. */
static bool is_validated(const struct dane_host *at) { return at->answer->authenticated && (at->alias_validated || addresses_validated(at->host)); }

bool dane_in_force(struct judgement *judgement, const struct mail_hosts *hosts, const struct mail_host *host, bool *out) {
  struct dane_host at = { .host = host };
  *out = false;
  find_records(judgement, &at);
  if (!at.answer) return false;
  for (size_t i = 0; i < at.answer->count; i++) {
    struct tlsa tlsa = tlsa_of(&at.answer->records[i]);
    *out = *out || (tlsa_usable(&tlsa) && hosts->mx->authenticated && is_validated(&at));
  }
  return true;
}

static void count_hosts(struct dane *dane) {
  for (size_t i = 0; i < dane->hosts.count; i++) {
    struct dane_host *at = &dane->each[i];
    at->validated = is_validated(at);
    if (at->answer->outcome != DNS_FAILED && at->answer->count == 0) {
      dane->absent++;
      dane->absent_validated += at->answer->authenticated;
    }
    dane->with += at->answer->count > 0;
  }
}

static void judge_host(struct judgement *judgement, const struct dane *dane, struct dane_host *at) {
  if (at->answer->outcome == DNS_FAILED) {
    judge_failed_lookup(judgement, at);
    return;
  }
  if (at->answer->count == 0) return;
  judge_records(judgement, at);
  if (!at->validated) note(judgement, "dane-not-signed", at);
  else if (!dane->hosts.mx->authenticated) note(judgement, "dane-mx-unsigned", at);
  else {
    judge_starttls(judgement, at);
    if (at->usable > 0) judge_sessions(judgement, dane->hosts.mx, at);
  }
}

/* Senders go down to what is old or anonymous where there is nothing better: what the host shows then is what the records are compared with. */
static const struct smtp_session *ask_session(struct judgement *judgement, const struct mail_host *host, const struct mail_address *address) {
  const struct smtp_session *session = ask_smtp(judgement, host->name, address->text, 0);
  if (!session || session->connect != CONNECT_OK || !session_ended_in_handshake(session)) return session;
  const struct smtp_session *everything = ask_smtp(judgement, host->name, address->text, SMTP_ASK_ALL);
  return !everything || session_encrypted(everything) ? everything : session;
}

static bool ask_sessions(struct judgement *judgement, struct dane *dane) {
  bool whole = true;
  for (size_t i = 0; i < dane->hosts.count; i++) {
    if (dane->each[i].answer->count == 0) continue;
    for (size_t k = 0; k < dane->hosts.hosts[i].address_count; k++) {
      struct mail_address *address = &dane->hosts.hosts[i].addresses[k];
      address->session = ask_session(judgement, &dane->hosts.hosts[i], address);
      whole = whole && address->session;
    }
  }
  return whole;
}

static void judge_all(struct judgement *judgement, struct dane *dane, const struct sts *sts) {
  size_t matched = 0, usable = 0;
  for (size_t i = 0; i < dane->hosts.count; i++) {
    judge_host(judgement, dane, &dane->each[i]);
    matched += dane->each[i].matched;
    usable += dane->each[i].usable > 0 && dane->each[i].validated && dane->hosts.mx->authenticated;
  }
  if (dane->with && dane->absent) find(judgement, "dane-some-hosts", NULL);
  if (!dane->with && dane->hosts.count && dane->absent_validated == dane->hosts.count) find(judgement, "dane-absent", NULL);
  if (usable && sts->mode == STS_ENFORCE) find(judgement, "dane-conflict-mta-sts", NULL);
  if (dane->hosts.count && matched == dane->hosts.count && !found_above_info(judgement)) find(judgement, "dane-ok", NULL);
}

static bool judge_at_domain(struct judgement *judgement, const struct mail_hosts *hosts) {
  const char *domain = judgement->inquiry->domain;
  for (size_t i = 0; i < hosts->count; i++)
    if (name_equal(hosts->hosts[i].name, domain)) return true;
  const struct dns_answer *answer = ask_dns(judgement, ask_name(judgement, "_25._tcp"), DNS_TYPE_TLSA);
  if (answer && answer->count > 0) find_seen(judgement, find(judgement, "dane-at-domain", NULL), &answer->seen);
  return answer != NULL;
}

void judge_dane(struct judgement *judgement) {
  enum profile profile;
  if (!judge_domain_exists(judgement)) return;
  bool known = judge_profile(judgement, &profile);
  if (known && (profile == PROFILE_PARKED || profile == PROFILE_SEND_ONLY)) return;
  struct dane *dane = ARENA_NEW(judgement->arena, struct dane);
  struct sts sts = { .mode = STS_NONE };
  if (!gather(judgement, dane) || !known || dane->hosts.failed || dane->hosts.null_mx) return;
  count_hosts(dane);
  bool whole = judge_at_domain(judgement, &dane->hosts);
  if (dane->with) whole = tls_sts_find(judgement, judgement->inquiry->domain, &sts) && whole;
  if (ask_sessions(judgement, dane) && whole) judge_all(judgement, dane, &sts);
}
