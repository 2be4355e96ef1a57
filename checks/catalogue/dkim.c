#include "checks/catalogue.h"

const struct rule catalogue_dkim[] = {
  { .id = "dkim-unwritten", .topic = TOPIC_DKIM, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_dkim_count = sizeof catalogue_dkim / sizeof *catalogue_dkim;
