#include "checks/catalogue.h"

const struct rule catalogue_plan[] = {
  { .id = "plan-unwritten", .topic = TOPIC_COUNT, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_plan_count = sizeof catalogue_plan / sizeof *catalogue_plan;
