#include "checks/catalogue.h"

const struct rule catalogue_spf[] = {
  { .id = "spf-unwritten", .topic = TOPIC_SPF, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_spf_count = sizeof catalogue_spf / sizeof *catalogue_spf;
