#ifndef GUIDANCE_TABLES_H
#define GUIDANCE_TABLES_H
#include "src/base/lib.h"
#include "src/guidance/lib.h"

/* The tables, one file for each part of the guidance. */
#define T(topic) (1u << TOPIC_##topic)
extern const struct guidance_step steps_prepare[], steps_cloud[], steps_psn[], steps_dns[], steps_check[];
extern const size_t steps_prepare_count, steps_cloud_count, steps_psn_count, steps_dns_count, steps_check_count;
#endif
