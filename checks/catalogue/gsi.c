#include "checks/catalogue.h"

const struct rule catalogue_gsi[] = {
  { .id = "gsi-unwritten", .topic = TOPIC_GSI, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_gsi_count = sizeof catalogue_gsi / sizeof *catalogue_gsi;
