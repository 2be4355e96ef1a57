#include "checks/catalogue.h"

const struct rule catalogue_tlsrpt[] = {
  { .id = "tlsrpt-unwritten", .topic = TOPIC_TLSRPT, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_tlsrpt_count = sizeof catalogue_tlsrpt / sizeof *catalogue_tlsrpt;
