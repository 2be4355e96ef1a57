#include "checks/catalogue.h"

#include <string.h>

static const struct catalogue_section sections[] = {
    { "ns", catalogue_ns, &catalogue_ns_count },
    { "mx", catalogue_mx, &catalogue_mx_count },
    { "address", catalogue_address, &catalogue_address_count },
    { "spf", catalogue_spf, &catalogue_spf_count },
    { "dkim", catalogue_dkim, &catalogue_dkim_count },
    { "dmarc", catalogue_dmarc, &catalogue_dmarc_count },
    { "tlsrpt", catalogue_tlsrpt, &catalogue_tlsrpt_count },
    { "mtasts", catalogue_mtasts, &catalogue_mtasts_count },
    { "tls", catalogue_tls, &catalogue_tls_count },
    { "dane", catalogue_dane, &catalogue_dane_count },
    { "parked", catalogue_parked, &catalogue_parked_count },
    { "gsi", catalogue_gsi, &catalogue_gsi_count },
    { "plan", catalogue_plan, &catalogue_plan_count },
    { "verify", catalogue_verify, &catalogue_verify_count },
};

static const struct rule *find_in(const struct catalogue_section *section, const char *id) {
  size_t low = 0, high = *section->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(id, section->rules[middle].id);
    if (order == 0) return &section->rules[middle];
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return NULL;
}

/* By the first letter: the ids of a section mostly share it. */
static bool may_hold(const struct catalogue_section *section, const char *id) {
  return *section->count && *section->rules[0].id <= *id && *id <= *section->rules[*section->count - 1].id;
}

const struct rule *rule_find(const char *id) {
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
    const struct rule *rule = may_hold(&sections[i], id) ? find_in(&sections[i], id) : NULL;
    if (rule) return rule;
  }
  return NULL;
}

size_t rule_count(void) {
  size_t count = 0;
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) count += *sections[i].count;
  return count;
}

const struct rule *rule_at(size_t index) {
  for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
    if (index < *sections[i].count) return &sections[i].rules[index];
    index -= *sections[i].count;
  }
  return NULL;
}
