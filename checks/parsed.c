#include "checks/parsed.h"

#include "checks/store_private.h"

const struct spf_record *parsed_spf(const struct dns_answer *answer, const struct dns_rr *rr) {
  struct parsed *parsed = answer->parsed;
  if (!parsed->spf) parsed->spf = ARENA_ARRAY(parsed->arena, const struct spf_record *, answer->count);
  const struct spf_record **kept = &parsed->spf[rr - answer->records];
  if (!*kept) *kept = spf_parse(parsed->arena, rr->txt.bytes, rr->txt.length);
  return *kept;
}

const struct dmarc_record *parsed_dmarc(const struct dns_answer *answer, const struct dns_rr *rr) {
  struct parsed *parsed = answer->parsed;
  if (!parsed->dmarc) parsed->dmarc = ARENA_ARRAY(parsed->arena, const struct dmarc_record *, answer->count);
  const struct dmarc_record **kept = &parsed->dmarc[rr - answer->records];
  if (!*kept) *kept = dmarc_parse(parsed->arena, rr->txt.bytes, rr->txt.length);
  return *kept;
}
