#include "checks/catalogue.h"

const struct rule catalogue_mx[] = {
  { .id = "mx-unwritten", .topic = TOPIC_MX, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_mx_count = sizeof catalogue_mx / sizeof *catalogue_mx;
