#include <string.h>

#include "checks/judge/mtasts.h"
#include "checks/judge/tls_private.h"

bool tls_sts_find(struct judgement *judgement, const char *domain, struct sts *out) {
  const struct mtasts_policy *policy;
  memset(out, 0, sizeof *out);
  if (!mtasts_policy_find(judgement, domain, &policy)) return false;
  if (!policy) return true;
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
