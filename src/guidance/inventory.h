#ifndef GUIDANCE_INVENTORY_H
#define GUIDANCE_INVENTORY_H
#include "checks/facts.h"
#include "checks/store.h"
#include "src/casefile/casefile.h"

/* The list of services for a domain: those of the case, and proposals from what an examination saw (MX, SPF terms, DKIM selectors). A
 * proposal counts for nothing until the administrator confirms it. Pure; over a store that was examined it asks nothing new. */

enum inventory_state { INVENTORY_CONFIRMED, INVENTORY_FOUND, INVENTORY_NOT_OURS };

struct inventory_entry {
  struct casefile_service service;   /* of a proposal: as it would be put into the case */
  enum inventory_state state;
  size_t index;                      /* in the case; SIZE_MAX: a proposal */
  const char *seen;                  /* where, for people: "MX, include:spf.protection.outlook.com, selector1"; "": not seen live */
  bool known;                        /* recognised by the facts */
};

struct inventory { struct inventory_entry *entries; size_t count; size_t found; /* proposals among them */ };

/* `store` null: only the case's own. `facts` null: nothing is recognised. Everything in the arena, but texts of the case, which are borrowed. */
struct inventory *inventory_make(struct arena *arena, struct store *store, const struct casefile *casefile, const struct inquiry *inquiry);
#endif
