#ifndef CHECKS_CATALOGUE_H
#define CHECKS_CATALOGUE_H
#include <stddef.h>
#include "checks/finding.h"
#include "src/base/intl.h"

/* Every rule, one row each, by section; within a section in order of id (a test sees to it). A section of the catalogue is one file in
 * checks/catalogue/. */
struct catalogue_section {
  const char *name;
  const struct rule *rules;
  const size_t *count;
};

/* One row. xgettext takes the words from arguments 5 to 7 (see po/local.mk). */
#define RULE(ID, TOPIC, SEVERITY, OTHER, DETAIL, MEANING, REMEDY, REFERENCE) \
  { .id = ID, .topic = TOPIC_##TOPIC, .severity = SEVERITY_##SEVERITY, .other = SEVERITY_##OTHER, .detail = DETAIL, .meaning = MEANING, .remedy = REMEDY, .reference = REFERENCE }

extern const struct rule catalogue_ns[], catalogue_mx[], catalogue_address[], catalogue_spf[], catalogue_dkim[], catalogue_dmarc[],
    catalogue_tlsrpt[], catalogue_mtasts[], catalogue_tls[], catalogue_dane[], catalogue_parked[], catalogue_gsi[], catalogue_plan[], catalogue_verify[];
extern const size_t catalogue_ns_count, catalogue_mx_count, catalogue_address_count, catalogue_spf_count, catalogue_dkim_count,
    catalogue_dmarc_count, catalogue_tlsrpt_count, catalogue_mtasts_count, catalogue_tls_count, catalogue_dane_count,
    catalogue_parked_count, catalogue_gsi_count, catalogue_plan_count, catalogue_verify_count;
#endif
