#include "checks/catalogue.h"

const struct rule catalogue_tls[] = {
  { .id = "tls-unwritten", .topic = TOPIC_TLS, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_tls_count = sizeof catalogue_tls / sizeof *catalogue_tls;
