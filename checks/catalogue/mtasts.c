#include "checks/catalogue.h"

const struct rule catalogue_mtasts[] = {
  { .id = "mtasts-unwritten", .topic = TOPIC_MTASTS, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_mtasts_count = sizeof catalogue_mtasts / sizeof *catalogue_mtasts;
