#include <string.h>

#include "src/request/verify.h"

/* What the change did to the rest: the rules that a request touches, before and after. */

static unsigned topics_of(const struct plan_change *change) {
  static const struct { const char *labels; enum topic topic; } names[] = { { "_dmarc.", TOPIC_DMARC }, { "_smtp._tls.", TOPIC_TLSRPT }, { "_mta-sts.", TOPIC_MTASTS } };
  if (change->type == DNS_TYPE_MX) return 1u << TOPIC_MX;
  if (change->type == DNS_TYPE_PTR || change->type == DNS_TYPE_A || change->type == DNS_TYPE_AAAA) return 1u << TOPIC_ADDRESS;
  if (strstr(change->name, "._domainkey.")) return 1u << TOPIC_DKIM;
  for (size_t i = 0; i < MEM_COUNT(names); i++)
    if (text_starts(change->name, names[i].labels)) return 1u << names[i].topic;
  return 1u << TOPIC_SPF;
}

unsigned verify_topics(const struct requested *requested) {
  unsigned topics = 0;
  for (size_t i = 0; i < requested->count; i++) topics |= topics_of(&requested->changes[i]);
  return topics;
}

static bool failed_before(const struct requested *requested, const struct finding *finding) {
  for (size_t i = 0; i < requested->before_count; i++)
    if (strcmp(requested->before[i].rule, finding->rule->id) == 0 && strcmp(requested->before[i].subject, finding->subject) == 0) return true;
  return false;
}

void verify_made_worse(struct judgement *judgement, const struct requested *requested, const struct verdict *verdict) {
  for (size_t i = 0; requested->has_before && i < verdict->count; i++) {
    const struct finding *finding = verdict->findings[i];
    if (finding->severity != SEVERITY_FAIL || failed_before(requested, finding)) continue;
    struct finding *worse = find(judgement, "verify-made-worse", finding->subject);
    find_argument(judgement, worse, "rule", "%s", finding->rule->id);
    find_argument(judgement, worse, "detail", "%s", finding_detail(judgement->arena, finding));
  }
}
