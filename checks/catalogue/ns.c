#include "checks/catalogue.h"

const struct rule catalogue_ns[] = {
  { .id = "ns-unwritten", .topic = TOPIC_NS, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_ns_count = sizeof catalogue_ns / sizeof *catalogue_ns;
