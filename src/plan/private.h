#ifndef PLAN_PRIVATE_H
#define PLAN_PRIVATE_H
#include "checks/judge/lib.h"
#include "src/plan/lib.h"

/* One run of the planner. `j` serves for asking: its findings are not used. */
struct planning {
  struct judgement j;
  struct plan *plan;
  const struct verdict *verdict;
  const struct inquiry *inquiry;
  const struct plan_options *options;
  enum profile profile;
};

/* Adds a change of TXT at a name: from `now` (null: none) to `wanted`. Null when they are the same. */
struct plan_change *plan_txt(struct planning *p, const char *name, const struct dns_rr *now, const char *wanted);
struct plan_change *plan_change_new(struct planning *p, enum plan_action action, const char *name, uint16_t type);
void plan_change_now(struct planning *p, struct plan_change *change, const char *value, uint32_t ttl);
void plan_change_wanted(struct planning *p, struct plan_change *change, const char *value);
/* Notes every finding of the verdict whose rule id begins with one of the prefixes (separated by spaces) as a reason. */
void plan_why(struct planning *p, struct plan_change *change, const char *prefixes);
void plan_add_task(struct planning *p, const char *id, const char *section, const char *sentence, const char *text);
void plan_problem(struct planning *p, const char *rule, const char *subject, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A record's value in the form of struct plan_change; "" for types that are not planned. */
const char *plan_value_of(struct arena *arena, const struct dns_rr *rr);
/* Last: what the record sets hold besides, and the zones' servers. */
void plan_fill_present(struct planning *p);
const char *plan_zone_of(struct planning *p, const char *name);

void plan_spf(struct planning *p);
void plan_dmarc(struct planning *p);
void plan_tlsrpt(struct planning *p);
void plan_mtasts(struct planning *p);
void plan_mx(struct planning *p);
void plan_dkim(struct planning *p);
void plan_pointers(struct planning *p);
#endif
