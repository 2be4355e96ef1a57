#include "checks/observe/host_budget.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include "src/base/mem.h"

enum { QUICK_MS = 2000, PEACE_MS = 30000, MOST_HOSTS = 4096 };

struct spent {
  uint64_t ms, last;
  UT_hash_handle hh;
  char host[];
};

struct host_budget { struct spent *hosts; };

struct host_budget *host_budget_new(void) { return mem_zalloc(1, sizeof(struct host_budget)); }

static void forget(struct host_budget *budget, struct spent *spent) {
  HASH_DEL(budget->hosts, spent);
  free(spent);
}

void host_budget_free(struct host_budget **handle) {
  struct host_budget *budget = *handle;
  if (!budget) return;
  *handle = NULL;
  while (budget->hosts) forget(budget, budget->hosts);
  free(budget);
}

static struct spent *find(const struct host_budget *budget, const char *host) {
  struct spent *spent = NULL;
  HASH_FIND_STR(budget->hosts, host, spent);
  return spent;
}

uint64_t host_budget_left(const struct host_budget *budget, const char *host, uint64_t now, uint64_t whole) {
  const struct spent *spent = find(budget, host);
  if (!spent || now - spent->last > PEACE_MS) return whole;
  return spent->ms < whole ? whole - spent->ms : 0;
}

void host_budget_spend(struct host_budget *budget, const char *host, uint64_t now, uint64_t took) {
  if (took < QUICK_MS) return;
  struct spent *spent = find(budget, host);
  if (!spent) {
    if (HASH_COUNT(budget->hosts) >= MOST_HOSTS) forget(budget, budget->hosts); /* the oldest */
    size_t length = strlen(host);
    spent = mem_zalloc(1, sizeof *spent + length + 1);
    memcpy(spent->host, host, length + 1);
    HASH_ADD_STR(budget->hosts, host, spent);
  }
  if (now - spent->last > PEACE_MS) spent->ms = 0;
  spent->ms += took;
  spent->last = now;
}
