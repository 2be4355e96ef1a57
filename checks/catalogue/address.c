#include "checks/catalogue.h"

const struct rule catalogue_address[] = {
  { .id = "address-unwritten", .topic = TOPIC_ADDRESS, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_address_count = sizeof catalogue_address / sizeof *catalogue_address;
