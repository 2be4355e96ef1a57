#include "checks/catalogue.h"

const struct rule catalogue_dane[] = {
  { .id = "dane-unwritten", .topic = TOPIC_DANE, .detail = "", .meaning = "", .remedy = "", .reference = "" },
};
const size_t catalogue_dane_count = sizeof catalogue_dane / sizeof *catalogue_dane;
