#include "checks/catalogue.h"

const struct rule catalogue_parked[] = {
  { .id = "parked-unwritten", .topic = TOPIC_SPF, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_parked_count = sizeof catalogue_parked / sizeof *catalogue_parked;
