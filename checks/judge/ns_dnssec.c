#include <string.h>

#include "checks/judge/ns_private.h"
#include "checks/record/dnssec.h"

/* 2: DNSSEC, as a validating resolver shows it, and the keys and signatures behind it. */

enum { ANSWERS_MOST = NS_NAMES_MOST + 8, TLSA_HOSTS = 4, HOUR_MS = 3600 * 1000, SOON_HOURS = 48, MANY_ITERATIONS = 50 };

struct asked { const struct dns_answer *all[ANSWERS_MOST]; size_t count; };

static void add(struct asked *list, const struct dns_answer *answer) {
  if (answer && list->count < ANSWERS_MOST) list->all[list->count++] = answer;
}

static void collect(struct judgement *j, const struct ns_view *view, struct asked *out) {
  struct ns_name names[NS_NAMES_MOST];
  size_t count = ns_names(j, names);
  out->count = 0;
  add(out, view->soa);
  for (size_t i = 0; i < count; i++) add(out, names[i].answer);
  const struct dns_answer *mx = ask_dns(j, j->inquiry->domain, DNS_TYPE_MX);
  for (size_t i = 0; mx && i < mx->count && i < TLSA_HOSTS; i++)
    if (name_is_under(mx->records[i].mx.host, j->inquiry->domain)) add(out, ask_dns(j, name_join(j->arena, "_25._tcp", mx->records[i].mx.host), DNS_TYPE_TLSA));
}

/* ---- is anybody checking? ---- */

/* The root is signed, so a resolver that checks says so of it. */
static enum tri is_validating(struct judgement *j, const struct asked *asked, const struct dns_answer **out_root) {
  *out_root = ask_dns(j, "", DNS_TYPE_SOA);
  for (size_t i = 0; i < asked->count; i++)
    if (asked->all[i]->authenticated) return TRI_YES;
  if (!*out_root) return TRI_UNKNOWN;
  return (*out_root)->authenticated ? TRI_YES : TRI_NO;
}

/* ---- answers that are kept back ---- */

static const struct dns_answer *unchecked(struct judgement *j, const struct dns_answer *answer) {
  return ask_dns_with(j, "", answer->seen.question.name, answer->seen.question.type, DNS_ASK_CD);
}

struct kept_back { struct buf names; const struct dns_answer *seen[ANSWERS_MOST * 2]; size_t count; };

static void note_kept_back(struct judgement *j, struct kept_back *list, const struct dns_answer *answer, const struct dns_answer *open) {
  char scratch[16];
  const char *word = arena_printf(j->arena, "%s %s", answer->seen.question.name, dns_type_name(answer->seen.question.type, scratch));
  buf_printf(&list->names, list->names.length ? ", %s" : "%s", word);
  list->seen[list->count++] = answer;
  list->seen[list->count++] = open;
}

static void tell_kept_back(struct judgement *j, const char *rule, struct kept_back *list) {
  if (list->count) {
    struct finding *finding = find(j, rule, NULL);
    find_argument(j, finding, "name", "%s", buf_string(&list->names));
    for (size_t i = 0; i < list->count; i++) find_seen(j, finding, &list->seen[i]->seen);
  }
  buf_release(&list->names);
}

/* What an answer that was refused says without checking, when the resolver, asked once more, refuses it still: a server that stumbled once
 * is no broken signature. Null: not yet, or it is no matter of signatures. */
static const struct dns_answer *kept_back_answer(struct judgement *j, const struct dns_answer *answer) {
  if (answer->outcome != DNS_FAILED || answer->failure != DNS_FAILURE_SERVFAIL) return NULL;
  const struct dns_answer *open = unchecked(j, answer);
  if (answer_failed(open)) return NULL;
  const struct dns_answer *again = ask_dns_with(j, "", answer->seen.question.name, answer->seen.question.type, DNS_ASK_DO);
  return again && again->outcome == DNS_FAILED && again->failure == DNS_FAILURE_SERVFAIL ? open : NULL;
}

/* SERVFAIL that becomes an answer without checking (RFC 4035 section 5.5); one finding for all names, since the cause is one: where records that are
 * there are kept back too, it is not the proof of absence that is broken (section 5.4) but the zone. */
static void judge_bogus(struct judgement *j, const struct ns_view *view, const struct asked *asked) {
  struct kept_back kept_back = { .names = BUF_INIT(4096) };
  const struct dns_answer *open[ANSWERS_MOST];
  bool zone_bogus = view->soa && view->soa->failure == DNS_FAILURE_SERVFAIL;
  for (size_t i = 0; i < asked->count; i++) {
    open[i] = kept_back_answer(j, asked->all[i]);
    zone_bogus = zone_bogus || (open[i] && open[i]->outcome == DNS_ANSWER);
  }
  for (size_t i = 0; i < asked->count; i++)
    if (open[i]) note_kept_back(j, &kept_back, asked->all[i], open[i]);
  tell_kept_back(j, zone_bogus ? "ns-dnssec-bogus" : "ns-dnssec-denial-broken", &kept_back);
}

/* ---- keys ---- */

static bool algorithm_supported(uint8_t algorithm) {
  static const uint8_t known[] = { 5, 7, 8, 10, 13, 14, 15, 16 };
  return memchr(known, algorithm, sizeof known) != NULL;
}

static void judge_ds(struct judgement *j, const char *zone, const struct dns_answer *ds, const struct dns_answer *keys) {
  size_t supported = 0;
  const struct dns_rr *last = NULL;
  for (size_t i = 0; i < ds->count; i++) {
    const struct dns_rr *rr = &ds->records[i];
    if (!ds_digest_supported(rr->ds.digest_type) || !algorithm_supported(rr->ds.algorithm)) continue;
    supported++;
    last = rr;
    for (size_t n = 0; n < keys->count; n++)
      if (ds_matches(zone, rr, &keys->records[n])) return;
  }
  if (!supported) return; /* treated as unsigned: RFC 4035 section 5.2 */
  struct finding *finding = ns_tell(j, "ns-dnssec-ds-without-dnskey", NULL, ds);
  find_seen(j, finding, &keys->seen);
  find_argument(j, finding, "tag", "%u", last->ds.key_tag);
  find_argument(j, finding, "keys", "%zu", keys->count);
}

static bool only_sha1(const struct dns_answer *ds) {
  for (size_t i = 0; i < ds->count; i++)
    if (ds->records[i].ds.digest_type != DNSSEC_DIGEST_SHA1) return false;
  return ds->count > 0;
}

static void judge_algorithms(struct judgement *j, const struct dns_answer *ds, const struct dns_answer *keys) {
  enum dnssec_strength best = DNSSEC_BROKEN;
  struct buf algorithms = BUF_INIT(256);
  bool told[256] = { false };
  size_t read = 0;
  for (size_t i = 0; keys && i < keys->count; i++) {
    struct dnskey key;
    if (!dnskey_read(&keys->records[i], &key) || !(key.flags & DNSKEY_ZONE) || key.flags & DNSKEY_REVOKED) continue;
    enum dnssec_strength strength = dnssec_algorithm_strength(key.algorithm);
    if (strength > best) best = strength;
    bool again = told[key.algorithm];
    told[key.algorithm] = true;
    read++;
    if (!again) buf_printf(&algorithms, algorithms.length ? ", %u" : "%u", key.algorithm);
  }
  bool weak_digest = ds && only_sha1(ds), weak_keys = read > 0 && best < DNSSEC_SOUND;
  if (weak_keys || weak_digest) {
    struct finding *finding = ns_tell_as(j, "ns-dnssec-algorithm-weak", weak_keys && best == DNSSEC_BROKEN ? SEVERITY_FAIL : SEVERITY_WARN, NULL, weak_keys ? keys : ds);
    if (weak_keys) find_argument(j, finding, "what", _("signs only with algorithm %s"), buf_string(&algorithms));
    else find_argument(j, finding, "what", "%s", _("has a DS record with digest type 1 only"));
  }
  buf_release(&algorithms);
}

/* ---- signatures ---- */

static void judge_signatures(struct judgement *j, const struct ns_view *view) {
  const struct { const char *name; uint16_t type; } covered[] = { { view->zone, DNS_TYPE_SOA }, { j->inquiry->domain, DNS_TYPE_MX }, { view->zone, DNS_TYPE_DNSKEY } };
  const struct dns_answer *where = NULL;
  int64_t earliest = 0;
  uint16_t type = 0;
  for (size_t i = 0; i < MEM_COUNT(covered); i++) {
    const struct dns_answer *answer = ask_dns_with(j, "", covered[i].name, covered[i].type, DNS_ASK_CD | DNS_ASK_DO);
    for (size_t n = 0; answer && n < answer->alls; n++) {
      struct rrsig signature;
      if (!rrsig_read(&answer->all[n], &signature) || signature.covered != covered[i].type || !name_equal(answer->all[n].owner, covered[i].name)) continue;
      int64_t ends = rrsig_time(signature.expiration, answer->seen.time);
      if (where && ends >= earliest) continue;
      where = answer;
      earliest = ends;
      type = covered[i].type;
    }
  }
  if (!where || earliest - where->seen.time > (int64_t)SOON_HOURS * HOUR_MS) return;
  char scratch[16], when[32];
  clock_format_utc(earliest, when);
  struct finding *finding = ns_tell_as(j, "ns-dnssec-signature-expiring", earliest <= where->seen.time ? SEVERITY_FAIL : SEVERITY_WARN, NULL, where);
  find_argument(j, finding, "type", "%s", dns_type_name(type, scratch));
  find_argument(j, finding, "time", "%s", when);
}

static void judge_nsec3(struct judgement *j, const char *zone) {
  const struct dns_answer *answer = ask_dns(j, zone, DNS_TYPE_NSEC3PARAM);
  unsigned most = 0;
  for (size_t i = 0; answer && i < answer->count; i++) {
    struct nsec3param parameters;
    if (nsec3param_read(&answer->records[i], &parameters) && parameters.iterations > most) most = parameters.iterations;
  }
  if (most) find_argument(j, ns_tell_as(j, "ns-dnssec-nsec3-iterations", most > MANY_ITERATIONS ? SEVERITY_WARN : SEVERITY_INFO, NULL, answer), "count", "%u", most);
}

/* ---- the whole ---- */

/* AD=1 for SOA, MX and the TXT names that exist. */
static bool all_authentic(const struct ns_view *view, const struct asked *asked) {
  if (!view->soa->authenticated) return false;
  for (size_t i = 0; i < asked->count; i++) {
    const struct dns_answer *answer = asked->all[i];
    uint16_t type = answer->seen.question.type;
    bool counts = type == DNS_TYPE_SOA || type == DNS_TYPE_MX || type == DNS_TYPE_TXT;
    if (counts && (answer->outcome == DNS_FAILED || (answer->outcome == DNS_ANSWER && !answer->authenticated))) return false;
  }
  return true;
}

static void judge_chain(struct judgement *j, const struct ns_view *view) {
  const struct dns_answer *ds = ask_dns(j, view->zone, DNS_TYPE_DS), *keys = ask_dns_with(j, "", view->zone, DNS_TYPE_DNSKEY, DNS_ASK_CD | DNS_ASK_DO);
  if (ds && ds->outcome == DNS_FAILED && ds->failure == DNS_FAILURE_SERVFAIL) ds = ask_dns_with(j, "", view->zone, DNS_TYPE_DS, DNS_ASK_CD);
  judge_signatures(j, view);
  judge_nsec3(j, view->zone);
  if (!ds || !keys) return;
  bool no_ds = ds->outcome == DNS_NODATA || ds->outcome == DNS_NXDOMAIN;
  if (no_ds && keys->count) find_seen(j, ns_tell(j, "ns-dnssec-not-delegated", NULL, keys), &ds->seen);
  else if (no_ds) ns_tell(j, "ns-dnssec-absent", NULL, ds);
  else if (ds->count && keys->outcome != DNS_FAILED) judge_ds(j, view->zone, ds, keys);
  judge_algorithms(j, ds->outcome == DNS_FAILED ? NULL : ds, keys->outcome == DNS_FAILED ? NULL : keys);
}

static bool above_info_since(const struct judgement *j, size_t first) {
  for (size_t i = first; i < j->count; i++)
    if (j->findings[i]->severity > SEVERITY_INFO) return true;
  return false;
}

/* A zone that is bogus shows its own name only where nobody checks. */
static const char *zone_unchecked(struct judgement *j, const struct ns_view *view) {
  if (view->zone) return view->zone;
  if (!view->soa || view->soa->failure != DNS_FAILURE_SERVFAIL) return NULL;
  const struct dns_answer *open = unchecked(j, view->soa);
  return answer_failed(open) || open->links ? NULL : ns_zone_of(open);
}

void ns_judge_dnssec(struct judgement *j, const struct ns_view *view) {
  struct asked asked;
  struct ns_view zone = *view;
  const struct dns_answer *root;
  size_t before = j->count;
  if (!view->soa) return;
  collect(j, view, &asked);
  zone.zone = zone_unchecked(j, view);
  judge_bogus(j, view, &asked);
  if (zone.zone) judge_chain(j, &zone);
  enum tri validating = is_validating(j, &asked, &root);
  if (found(j, "ns-dnssec-bogus") || found(j, "ns-dnssec-denial-broken")) validating = TRI_YES;
  if (validating == TRI_NO) { /* then nothing else can be said */
    j->count = before;
    ns_tell(j, "ns-dnssec-resolver-not-validating", NULL, root);
  } else if (validating == TRI_YES && !j->waiting && !above_info_since(j, before) && all_authentic(view, &asked)) {
    ns_tell(j, "ns-dnssec-ok", NULL, view->soa);
  }
}
