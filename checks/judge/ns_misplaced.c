#include <string.h>

#include "checks/judge/answers.h"
#include "checks/judge/ns_private.h"

/* 1.4: a record at a name beside the right one. These explain why the record is missing where it belongs; beside a right one they are strays. */

static const struct { const char *right, *wrong, *version, *rule; } slips[] = {
  { "_dmarc", "dmarc", "v=DMARC1", "ns-name-underscore-lost" },
  { "_smtp._tls", "smtp._tls", "v=TLSRPTv1", "ns-name-underscore-lost" },
  { "_smtp._tls", "_smtp.tls", "v=TLSRPTv1", "ns-name-underscore-lost" },
  { "_smtp._tls", "smtp.tls", "v=TLSRPTv1", "ns-name-underscore-lost" },
  { "_mta-sts", "mta-sts", "v=STSv1", "ns-name-underscore-lost" },
  { "_dmarc", "_damrc", "v=DMARC1", "ns-name-misspelt" },
  { "_dmarc", "_dmrac", "v=DMARC1", "ns-name-misspelt" },
  { "_dmarc", "_dmar", "v=DMARC1", "ns-name-misspelt" },
  { "_dmarc", "_demarc", "v=DMARC1", "ns-name-misspelt" },
  { "_dmarc", "_dmark", "v=DMARC1", "ns-name-misspelt" },
  { "_smtp._tls", "_stmp._tls", "v=TLSRPTv1", "ns-name-misspelt" },
  { "_smtp._tls", "_smtp._tlsrpt", "v=TLSRPTv1", "ns-name-misspelt" },
  { "_smtp._tls", "_smtp_tls", "v=TLSRPTv1", "ns-name-misspelt" },
  { "_mta-sts", "_mtasts", "v=STSv1", "ns-name-misspelt" },
  { "_mta-sts", "_mta_sts", "v=STSv1", "ns-name-misspelt" },
  { "_mta-sts", "_mta-sts-policy", "v=STSv1", "ns-name-misspelt" },
};

/* With the right one in place it is a stray, and harmless; while that could not be looked at, nothing is said. */
static void judge_slip(struct judgement *j, const char *right, const char *wrong, const char *version, const char *rule) {
  const struct dns_answer *there = ask_dns(j, right, DNS_TYPE_TXT), *stray = ask_dns(j, wrong, DNS_TYPE_TXT);
  if (answer_failed(there) || answer_failed(stray) || !ns_holds(stray, version) || ns_is_wildcard(j, stray)) return;
  struct finding *finding = ns_tell_as(j, rule, ns_holds(there, version) ? SEVERITY_INFO : SEVERITY_FAIL, wrong, stray);
  find_seen(j, finding, &there->seen);
  find_argument(j, finding, "name", "%s", wrong);
  find_argument(j, finding, "right", "%s", right);
}

/* "_dmarc.example.gov.uk" entered into a form that adds the domain. The doubled domain's own name tells whether anything lies below it. */
static void judge_doubled(struct judgement *j) {
  static const struct { const char *prefix, *version; } names[] = { { "", "v=spf1" }, { "_dmarc", "v=DMARC1" }, { "_smtp._tls", "v=TLSRPTv1" }, { "_mta-sts", "v=STSv1" } };
  const char *domain = j->inquiry->domain, *twice = name_join(j->arena, domain, domain);
  const struct dns_answer *below = ask_dns(j, twice, DNS_TYPE_TXT);
  if (!below || answer_nothing_below(below)) return;
  for (size_t i = 0; i < MEM_COUNT(names); i++) judge_slip(j, ask_name(j, names[i].prefix), name_join(j->arena, names[i].prefix, twice), names[i].version, "ns-name-doubled");
  for (size_t i = 0; i < j->inquiry->selector_count; i++) {
    const char *prefix = arena_printf(j->arena, "%s._domainkey", j->inquiry->selectors[i]);
    judge_slip(j, ask_name(j, prefix), name_join(j->arena, prefix, twice), "v=DKIM1", "ns-name-doubled");
  }
}

static void judge_selector_slips(struct judgement *j, const char *wrong, const char *rule) {
  const char *parent = ask_name(j, wrong);
  const struct dns_answer *below = j->inquiry->selector_count ? ask_dns(j, parent, DNS_TYPE_TXT) : NULL;
  if (!below || answer_nothing_below(below)) return;
  for (size_t i = 0; i < j->inquiry->selector_count; i++) {
    const char *selector = j->inquiry->selectors[i];
    judge_slip(j, ask_name(j, arena_printf(j->arena, "%s._domainkey", selector)), name_join(j->arena, selector, parent), "v=DKIM1", rule);
  }
}

void ns_judge_misplaced(struct judgement *j) {
  for (size_t i = 0; i < MEM_COUNT(slips); i++) judge_slip(j, ask_name(j, slips[i].right), ask_name(j, slips[i].wrong), slips[i].version, slips[i].rule);
  judge_doubled(j);
  judge_selector_slips(j, "domainkey", "ns-name-underscore-lost");
  judge_selector_slips(j, "_domainkeys", "ns-name-misspelt");
}
