#ifndef UI_LIVE_H
#define UI_LIVE_H
#include <uv.h>
#include "checks/examine.h"
#include "src/plan/lib.h"
#include "ui/lib.h"

/* What is seen live of one domain: its examination and the plan made from it. They run beside the keyboard on the wizard's loop. */
struct wizard;

struct live {
  struct observers *observers;         /* made at the first check, with the settings of then */
  struct observe_options observe;
  char resolvers[512];
  struct examination *examination;     /* of `domain`; kept after its end */
  struct key_book *keys;               /* DKIM keys of the domains that this run has checked */
  struct arena *arena;                 /* of the inquiry */
  struct inquiry inquiry;
  char domain[256];
  int64_t started_at, finished_at;     /* wall ms; finished 0 while it runs */
  struct settlement *settlement;
  struct arena *plan_arena;
  struct plan *plan;                   /* null: not made yet */
  bool planned;                        /* it lacks nothing more that could be asked for */
  const struct verdict *kept;          /* from the case: the last check of `kept_domain`, when this run has made none */
  struct arena *kept_arena;
  char kept_domain[256];
  int64_t kept_at;
  struct again *again;                 /* a part of the domain that is looked at anew, see ui/again.c; null: none */
  int64_t resumed_at;                  /* monotonic ms, see live_resumed */
  struct store *joined;                /* the store of the examination, when it was joined from two looks; null: its own */
};

struct observers *live_observers(struct wizard *wizard);      /* made at first use; null and a message when they cannot be */
bool live_ready(struct wizard *wizard);                       /* they are there, or evidence is; false: a message says why not */
void live_release(struct wizard *wizard);
void live_check(struct wizard *wizard);                     /* starts an examination of the wizard's domain */
/* Looks only at these topics (bits 1 << TOPIC_…) anew; what else is known of the domain stays. Everything when nothing is known yet. */
void live_check_again(struct wizard *wizard, unsigned topics);
bool live_checks_again(const struct wizard *wizard, enum topic topic); /* just now */
void live_stop(struct wizard *wizard);
/* The program was stopped (Ctrl-Z) and goes on: what was under way is asked again from its start, by new observers, so that the pause is not taken
 * for silence of the servers. */
void live_resumed(struct wizard *wizard);
bool live_running(const struct wizard *wizard);             /* of whatever domain */
bool live_is_of_domain(const struct wizard *wizard);        /* the examination is of the wizard's domain, running or finished */

/* What is known of the domain: the finished examination of this run, else the one kept in the case. Null: never checked. */
const struct verdict *live_verdict(struct wizard *wizard);
int64_t live_checked_at(struct wizard *wizard);             /* wall ms of that verdict; 0: none */
/* As it stands, also while it runs; null: no examination of this run. */
const struct verdict *live_verdict_so_far(struct wizard *wizard);
struct store *live_store(struct wizard *wizard);            /* null: no finished examination of this run */

/* The plan for the domain; null while there is none or it is being worked out. Starts working it out. */
const struct plan *live_plan(struct wizard *wizard);
void live_forget_observers(struct wizard *wizard);          /* settings of the network have changed: the next check makes new ones */
/* The plan with these values of 2020 (bits of enum plan_2020), from what was seen: null while there is no plan. In the arena. */
const struct plan *live_plan_as(struct wizard *wizard, struct arena *arena, unsigned as_2020);
void live_forget_plan(struct wizard *wizard);               /* an answer or the choice of values has changed */
/* For ui/again.c: the inquiry of a domain as its examination makes it, in the arena; and an examination of the whole domain over a store, which is
 * taken over (null: one of its own). */
struct inquiry live_inquiry(struct wizard *wizard, struct arena *arena, const char *domain);
void live_begin(struct wizard *wizard, const char *domain, struct store *store);
void live_forget_kept(struct wizard *wizard);               /* another domain, another case */
#endif
