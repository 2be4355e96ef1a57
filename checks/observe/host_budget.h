#ifndef OBSERVE_HOST_BUDGET_H
#define OBSERVE_HOST_BUDGET_H
#include <stdint.h>

/* The time that slow conversations with one host have taken, so that a host that drags each of them out is given up on in the end. Quick
 * ones cost nothing, and what was spent is forgotten after half a minute of peace. Times in ms of one clock. */
struct host_budget;

struct host_budget *host_budget_new(void);
void host_budget_free(struct host_budget **budget);
uint64_t host_budget_left(const struct host_budget *budget, const char *host, uint64_t now, uint64_t whole);
void host_budget_spend(struct host_budget *budget, const char *host, uint64_t now, uint64_t took);
#endif
