#include <string.h>

#include "checks/judge/ns_private.h"

/* ---- what the files of this topic share ---- */

struct finding *ns_tell_as(struct judgement *j, const char *rule, enum severity severity, const char *subject, const struct dns_answer *seen) {
  struct finding *finding = find_as(j, rule, severity, subject);
  if (seen) find_seen(j, finding, &seen->seen);
  return finding;
}

struct finding *ns_tell(struct judgement *j, const char *rule, const char *subject, const struct dns_answer *seen) {
  return ns_tell_as(j, rule, rule_find(rule)->severity, subject, seen);
}

static void add_name(struct judgement *j, struct ns_name *out, size_t *count, const char *name, uint16_t type) {
  if (*count == NS_NAMES_MOST) return;
  out[*count] = (struct ns_name){ .name = name, .type = type, .answer = ask_dns(j, name, type) };
  ++*count;
}

size_t ns_names(struct judgement *j, struct ns_name out[NS_NAMES_MOST]) {
  static const struct { const char *prefix; uint16_t type; } names[] = {
    { "", DNS_TYPE_MX }, { "", DNS_TYPE_TXT }, { "_dmarc", DNS_TYPE_TXT }, { "_smtp._tls", DNS_TYPE_TXT }, { "_mta-sts", DNS_TYPE_TXT }, { "mta-sts", DNS_TYPE_A },
  };
  size_t count = 0;
  for (size_t i = 0; i < MEM_COUNT(names); i++) add_name(j, out, &count, ask_name(j, names[i].prefix), names[i].type);
  for (size_t i = 0; i < j->inquiry->selector_count; i++)
    add_name(j, out, &count, ask_name(j, arena_printf(j->arena, "%s._domainkey", j->inquiry->selectors[i])), DNS_TYPE_TXT);
  return count;
}

bool ns_is_wildcard(struct judgement *j, const struct dns_answer *answer) {
  const struct dns_answer *any = ask_dns(j, ask_name(j, unused_label(j->arena, j->inquiry->domain)), answer->seen.question.type);
  return any && (any->count || any->links) && answers_same(j->arena, any, answer);
}

const char *ns_zone_of(const struct dns_answer *answer) {
  if (answer->outcome == DNS_ANSWER && answer->records[0].type == DNS_TYPE_SOA) return answer->records[0].owner;
  for (size_t i = 0; i < answer->authorities; i++)
    if (answer->authority[i].type == DNS_TYPE_SOA) return answer->authority[i].owner;
  return NULL;
}

bool ns_holds(const struct dns_answer *answer, const char *version) {
  for (size_t i = 0; i < answer->count; i++)
    if (text_starts(answer->records[i].txt.bytes, version)) return true;
  return false;
}

/* ---- the topic ---- */

void judge_ns(struct judgement *j) {
  struct ns_view view = { .soa = ask_dns(j, j->inquiry->domain, DNS_TYPE_SOA), .ns = ask_dns(j, j->inquiry->domain, DNS_TYPE_NS) };
  struct ns_name names[NS_NAMES_MOST];
  if (!judge_domain_exists(j)) {
    ns_explain_failure(j);
    return;
  }
  ns_names(j, names); /* all that needs nothing else is asked in the first round */
  ask_dns(j, name_parent(j->inquiry->domain), DNS_TYPE_NS);
  ask_dns(j, "", DNS_TYPE_SOA);
  ns_judge_misplaced(j);
  ns_judge_wildcard(j);
  ns_judge_caa(j);
  if (view.soa) view.zone = view.soa->links ? NULL : ns_zone_of(view.soa);
  if (view.zone && strcmp(view.zone, j->inquiry->domain) != 0) view.ns = ask_dns(j, view.zone, DNS_TYPE_NS);
  if (view.zone && view.ns && view.ns->count) ns_judge_servers(j, &view);
  ns_judge_registry(j, &view);
  ns_judge_cnames(j, &view);
  ns_judge_texts(j);
  if (view.zone) ns_judge_zone(j, &view);
  ns_judge_dnssec(j, &view);
}
