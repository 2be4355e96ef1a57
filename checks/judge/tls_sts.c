#include <openssl/x509_vfy.h>
#include <string.h>

#include "checks/judge/tls_private.h"
#include "checks/record/mtasts_policy.h"

/* A sender believes a policy only when it came whole, with a certificate that holds (RFC 8461 section 3.3). */
static bool believed(const struct https_reply *reply) {
  if (reply->ending != HTTPS_DONE || reply->status != 200 || reply->tls.verify != X509_V_OK || reply->tls.certificates == 0) return false;
  const struct certificate *leaf = reply->tls.chain[0];
  enum certificate_match match = certificate_matches(leaf, reply->seen.question.name, NULL);
  return match <= CERTIFICATE_MATCH_WILDCARD && reply->seen.time >= leaf->not_before && reply->seen.time <= leaf->not_after;
}

bool tls_sts_find(struct judgement *judgement, const char *domain, struct sts *out) {
  memset(out, 0, sizeof *out);
  const struct dns_answer *answer = ask_dns(judgement, name_join(judgement->arena, "_mta-sts", domain), DNS_TYPE_TXT);
  if (!answer) return false;
  size_t records = 0;
  for (size_t i = 0; i < answer->count; i++) records += mtasts_is_record(answer->records[i].txt.bytes, answer->records[i].txt.length);
  if (records != 1) return true;
  const struct https_reply *reply = ask_https(judgement, name_join(judgement->arena, "mta-sts", domain), "/.well-known/mta-sts.txt");
  if (!reply) return false;
  if (!believed(reply)) return true;
  const struct mtasts_policy *policy = mtasts_policy_parse(judgement->arena, reply->body, reply->body_length);
  if (!mtasts_policy_sound(policy)) return true;
  out->mode = policy->mode == MTASTS_ENFORCE ? STS_ENFORCE : policy->mode == MTASTS_TESTING ? STS_TESTING : STS_NONE;
  out->patterns = (const char *const *)policy->mx;
  out->pattern_count = policy->mx_count;
  return true;
}

bool tls_sts_lists(const struct sts *sts, const char *host) {
  if (sts->mode == STS_NONE) return false;
  for (size_t i = 0; i < sts->pattern_count; i++)
    if (mtasts_pattern_matches(sts->patterns[i], host)) return true;
  return false;
}
