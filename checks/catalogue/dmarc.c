#include "checks/catalogue.h"

const struct rule catalogue_dmarc[] = {
  { .id = "dmarc-unwritten", .topic = TOPIC_DMARC, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_dmarc_count = sizeof catalogue_dmarc / sizeof *catalogue_dmarc;
