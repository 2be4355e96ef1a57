#ifndef SUPPORT_DOMAINS_H
#define SUPPORT_DOMAINS_H
#include <stdint.h>
#include "src/plan/lib.h"

/* Domains by number: good, bad and ugly ones, the same for the same seed. What they publish is given as lines of a master file whose names are
 * absolute and lack their final dot ("NAME TYPE DATA…"), so that a test's world and a real zone can be made of them. */

enum { DOMAIN_MOST_LINES = 64 };

struct generated_domain {
  const char *name;                       /* below gov.uk */
  const char *lines[DOMAIN_MOST_LINES];   /* at the name and below it; without SOA and NS */
  size_t line_count;
  const char *address;                    /* of its mail server: 198.18.x.y, one for each number */
  const char *pointer;                    /* what the address's reverse name says; null: nothing */
  struct inquiry inquiry;                 /* topics are the caller's */
  struct plan_options options;
};

/* `number` gives name and address, `seed` all else. Memory is the arena's. */
void domain_generate(struct arena *arena, uint32_t seed, unsigned number, struct generated_domain *out);
/* What the generated domains rely on, outside of them: lines of zones of their own ("good.example", "elsewhere.example", "gov.uk"). Null past the end. */
const char *domain_outside(size_t index);
/* A line as a master file takes it: final dots where names stand. In the arena. */
const char *domain_master_line(struct arena *arena, const char *line);
#endif
