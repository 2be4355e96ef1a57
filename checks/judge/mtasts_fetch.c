#include <openssl/x509_vfy.h>
#include <string.h>

#include "checks/judge/mtasts.h"
#include "checks/judge/tls_private.h"
#include "checks/record/certificate.h"

/* 9.2: fetching the policy as RFC 8461 section 3.3 wants it. */

enum { DAY_MS = 86400000, SOON_DAYS = 14, SHORT_LIFE_DAYS = 15, ADDRESSES_MOST = 8 };

static struct finding *tell(struct judgement *j, const char *rule, const char *value) {
  struct finding *finding = find(j, rule, NULL);
  find_argument(j, finding, "value", "%s", value ? value : "");
  return finding;
}

static bool is_redirect(int status) { return status == 301 || status == 302 || status == 303 || status == 307 || status == 308; }

/* ---- the certificate ---- */

/* A name in the SAN, exact or by a whole left-most wildcard; the CN does not count here. */
static bool is_for_host(const struct certificate *leaf, const char *host) {
  return certificate_matches(leaf, host, NULL) <= CERTIFICATE_MATCH_WILDCARD;
}

static bool is_dated(const struct https_reply *reply) {
  const struct certificate *leaf = reply->tls.chain[0];
  return reply->seen.time <= leaf->not_after && reply->seen.time >= leaf->not_before && !reply->tls.outdated;
}

static void judge_expiry(struct judgement *j, const struct https_reply *reply) {
  const struct certificate *leaf = reply->tls.chain[0];
  int64_t left = leaf->not_after - reply->seen.time, lifetime = leaf->not_after - leaf->not_before;
  int64_t soon = lifetime <= (int64_t)SHORT_LIFE_DAYS * DAY_MS ? lifetime / 3 : (int64_t)SOON_DAYS * DAY_MS;
  if (left <= soon) find_argument(j, find(j, "mtasts-cert-expires-soon", NULL), "days", "%d", (int)(left / DAY_MS));
}

/* Senders fetch with an HTTPS library of their own: those of today refuse weak links of a chain, where this run's does not. */
static void judge_strength(struct judgement *j, const struct certificate_path *path) {
  for (size_t i = 0; i < path->length; i++) {
    const struct certificate *c = path->steps[i];
    if (i > 0 && c->self_signed) continue; /* the root is trusted as it is */
    if (!certificate_has_weak_key(c) && !certificate_has_weak_signature(c)) continue;
    const char *what = certificate_has_weak_key(c) ? certificate_key_text(j->arena, c) : c->signature;
    const struct text_argument arguments[] = { { "what", what }, { "certificate", c->subject } };
    tell(j, "mtasts-cert-untrusted", text_fill(j->arena, _("{what} in \"{certificate}\" is too weak for many senders"), arguments, MEM_COUNT(arguments)));
    return;
  }
}

static bool judge_certificate(struct judgement *j, const struct https_reply *reply) {
  if (!reply->tls.certificates) {
    tell(j, "mtasts-cert-untrusted", _("no certificate that can be read was shown"));
    return false;
  }
  bool named = is_for_host(reply->tls.chain[0], reply->seen.question.name), dated = is_dated(reply), trusted = reply->tls.verify == X509_V_OK;
  if (!named) tell(j, "mtasts-cert-name", reply->seen.question.name);
  if (!dated) {
    const struct certificate *issuer = reply->tls.outdated;
    find_argument(j, find(j, "mtasts-cert-expired", NULL), "note", "%s", issuer ? arena_printf(j->arena, _(" It is that of an issuer: %s"), issuer->subject) : "");
  }
  bool serves = tls_usage_serves(reply->tls.chain[0], &reply->tls);
  if (!trusted) tell(j, "mtasts-cert-untrusted", reply->tls.verify_text);
  else if (!serves) tell(j, "mtasts-cert-untrusted", _("its key usage is not that of a server"));
  else judge_strength(j, reply->tls.path);
  if (named && dated && trusted && serves) judge_expiry(j, reply);
  return named && dated && trusted && serves;
}

/* ---- the reply ---- */

static void judge_timeout(struct judgement *j, bool connected) {
  find_as(j, "mtasts-fetch-timeout", connected || j->inquiry->https_reachable ? SEVERITY_FAIL : SEVERITY_UNKNOWN, NULL);
}

/* Our own look-up has its addresses: the one for fetching could not be made a moment later, or was answered otherwise. */
static void judge_no_address(struct judgement *j, const struct https_reply *reply) {
  struct finding *finding = find(j, "mtasts-lookup-failed", reply->seen.question.name);
  find_argument(j, finding, "server", "%s", _("the name servers that were asked"));
  find_argument(j, finding, "reason", "%s", reply->connect == CONNECT_OTHER ? _("no answer") : _("no address, where there had been one"));
  find_seen(j, finding, &reply->seen);
}

/* No reply, or no whole one. */
static void judge_ending(struct judgement *j, const struct https_reply *reply) {
  switch (reply->ending) {
  case HTTPS_DONE: case HTTPS_TOO_LARGE: break;
  case HTTPS_NO_ADDRESS: judge_no_address(j, reply); break;
  case HTTPS_CONNECT_FAILED:
    if (reply->connect == CONNECT_REFUSED) find(j, "mtasts-fetch-refused", NULL);
    else if (reply->connect == CONNECT_TIMEOUT) judge_timeout(j, false);
    else tell(j, "mtasts-fetch-unreachable", reply->error);
    break;
  case HTTPS_TLS_FAILED: tell(j, "mtasts-tls-failed", reply->tls.alert && *reply->tls.alert ? reply->tls.alert : reply->error); break;
  case HTTPS_TIMED_OUT: judge_timeout(j, reply->connect == CONNECT_OK); break;
  case HTTPS_BROKEN: tell(j, "mtasts-fetch-status", reply->error); break;
  }
}

static bool is_type(const char *content_type, const char *type) {
  size_t length = strlen(type);
  return text_starts(content_type, type) && (!content_type[length] || content_type[length] == ';' || is_space(content_type[length]));
}

/* The first fault in fetching hides all of the policy. */
static const struct mtasts_policy *judge_reply(struct judgement *j, const struct https_reply *reply) {
  if (reply->ending != HTTPS_DONE && reply->ending != HTTPS_TOO_LARGE) {
    judge_ending(j, reply);
    return NULL;
  }
  if (!judge_certificate(j, reply)) return NULL;
  if (is_redirect(reply->status)) {
    tell(j, "mtasts-fetch-redirect", reply->location);
    return NULL;
  }
  if (reply->status != 200) {
    tell(j, "mtasts-fetch-status", arena_printf(j->arena, "%d", reply->status));
    return NULL;
  }
  const struct mtasts_policy *policy = mtasts_policy_parse(j->arena, reply->body, reply->body_length);
  if (reply->ending == HTTPS_TOO_LARGE && (policy->any_known_key || !is_type(reply->content_type, "text/html"))) {
    find(j, "mtasts-policy-too-large", NULL);
    return NULL;
  }
  if (is_type(reply->content_type, "text/html") && !policy->any_known_key) {
    tell(j, "mtasts-content-type", reply->content_type);
    return NULL;
  }
  if (!is_type(reply->content_type, "text/plain") && mtasts_policy_sound(policy))
    find_argument(j, find_as(j, "mtasts-content-type", SEVERITY_WARN, NULL), "value", "%s", *reply->content_type ? reply->content_type : _("no type at all"));
  return policy;
}

/* ---- beside the one fetch ---- */

static bool serves_policy(const struct https_reply *reply) {
  return reply->ending == HTTPS_DONE && reply->status == 200 && mtasts_policy_parse(reply->seen.arena, reply->body, reply->body_length)->any_known_key;
}

/* Port 80 where 443 does not serve it: one more request, made only then. */
static void judge_plain(struct judgement *j, const char *host) {
  const struct https_reply *plain = ask_https_at(j, host, "", MTASTS_PATH, HTTPS_ASK_PLAIN);
  if (plain && serves_policy(plain)) find_seen(j, find(j, "mtasts-http-only", NULL), &plain->seen);
}

static size_t add_addresses(struct judgement *j, const struct dns_answer *answer, const char **out, size_t count) {
  for (size_t i = 0; i < answer->count && count < ADDRESSES_MOST; i++) {
    char text[IP_TEXT];
    ip_format(&answer->records[i].address, text);
    out[count++] = arena_strdup(j->arena, text);
  }
  return count;
}

static bool same_body(const struct https_reply *a, const struct https_reply *b) {
  return a->body_length == b->body_length && memcmp(a->body, b->body, a->body_length) == 0;
}

/* With deep looking, every address is asked by itself: a sender meets any of them. Those that cannot be reached say nothing here. */
static void judge_addresses(struct judgement *j, const char *host, const struct dns_answer *a, const struct dns_answer *aaaa) {
  const char *addresses[ADDRESSES_MOST];
  size_t count = add_addresses(j, aaaa, addresses, add_addresses(j, a, addresses, 0));
  const struct https_reply *first = NULL, *without = NULL, *other = NULL;
  for (size_t i = 0; i < count && count > 1; i++) {
    const struct https_reply *reply = ask_https_at(j, host, addresses[i], MTASTS_PATH, 0);
    if (!reply || reply->ending == HTTPS_CONNECT_FAILED || reply->ending == HTTPS_TIMED_OUT) continue;
    if (!serves_policy(reply)) without = reply;
    else if (!first) first = reply;
    else if (!same_body(first, reply)) other = reply;
  }
  if (!first || (!without && !other)) return;
  struct finding *finding = find(j, "mtasts-address-differs", NULL);
  find_argument(j, finding, "one", "%s", first->seen.question.server);
  find_argument(j, finding, "other", "%s", (other ? other : without)->seen.question.server);
  find_seen(j, finding, &first->seen);
  find_seen(j, finding, &(other ? other : without)->seen);
}

const struct mtasts_policy *mtasts_judge_fetch(struct judgement *j, const struct dns_answer *a, const struct dns_answer *aaaa) {
  const char *host = ask_name(j, "mta-sts");
  const struct https_reply *reply = ask_https(j, host, MTASTS_PATH);
  if (!reply) return NULL;
  size_t before = j->count;
  const struct mtasts_policy *policy = judge_reply(j, reply);
  for (size_t i = before; i < j->count; i++)
    if (!j->findings[i]->seen_count) find_seen(j, j->findings[i], &reply->seen);
  bool served = reply->ending == HTTPS_DONE && reply->status == 200;
  if (!policy && !served && reply->ending != HTTPS_NO_ADDRESS) judge_plain(j, host);
  if (j->inquiry->deep && a && aaaa) judge_addresses(j, host, a, aaaa);
  return policy;
}

/* ---- as senders see it ---- */

/* A record with a fault counts as none (RFC 8461 section 3.1). */
static bool announces(struct judgement *j, const struct dns_rr *record) {
  struct mtasts_record read = mtasts_parse(j->arena, record->txt.bytes, record->txt.length);
  return !read.bad_count && read.id && read.id_valid;
}

bool mtasts_policy_find(struct judgement *j, const char *domain, const struct mtasts_policy **out) {
  *out = NULL;
  const struct dns_answer *answer = ask_dns(j, name_join(j->arena, "_mta-sts", domain), DNS_TYPE_TXT);
  if (!answer) return false;
  size_t kept = 0;
  const struct dns_rr *record = NULL;
  for (size_t i = 0; i < answer->count; i++) {
    if (!mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length)) continue;
    record = &answer->records[i];
    kept++;
  }
  if (kept != 1 || !announces(j, record)) return true;
  const struct https_reply *reply = ask_https(j, name_join(j->arena, "mta-sts", domain), MTASTS_PATH);
  if (!reply) return false;
  if (reply->ending != HTTPS_DONE || reply->status != 200 || reply->tls.verify != X509_V_OK || !reply->tls.certificates) return true;
  if (!is_for_host(reply->tls.chain[0], reply->seen.question.name) || !is_dated(reply) || !tls_usage_serves(reply->tls.chain[0], &reply->tls)) return true;
  const struct mtasts_policy *policy = mtasts_policy_parse(j->arena, reply->body, reply->body_length);
  if (mtasts_policy_sound(policy)) *out = policy;
  return true;
}

const struct mtasts_policy *mtasts_policy_of(struct judgement *j, const char *domain) {
  const struct mtasts_policy *policy;
  return mtasts_policy_find(j, domain, &policy) ? policy : NULL;
}
