#ifndef CHECKS_EXAMINE_H
#define CHECKS_EXAMINE_H
#include <uv.h>
#include "checks/finding.h"
#include "checks/inquiry.h"
#include "checks/observe/lib.h"
#include "checks/store.h"

/* The examination: sends every open question of the store to the observers at once, runs the judges that waited again as answers
 * arrive, until nobody asks anything new. */

struct examination;

enum topic_progress { TOPIC_WAITING, TOPIC_RUNNING, TOPIC_DONE, TOPIC_STOPPED };

struct examination_events {
  void (*progress)(struct examination *examination, void *context); /* something came in; called at most once per turn of the loop */
  void (*done)(struct examination *examination, void *context);     /* once, from the loop, never from inside examination_start */
  void *context;
};

/* Begins to examine. The inquiry and observers are borrowed until the end. */
struct examination *examination_start(uv_loop_t *loop, struct observers *observers, const struct inquiry *inquiry, const struct examination_events *events);
/* The same from a given store (kept by the caller): a closed one asks nothing. */
struct examination *examination_start_with(uv_loop_t *loop, struct observers *observers, struct store *store, const struct inquiry *inquiry,
                                           const struct examination_events *events);
void examination_stop(struct examination *examination);  /* the rest is given up: topics not judged yet are skipped; `done` follows */
bool examination_is_stopped(const struct examination *examination); /* `done` may still be to come */
void examination_free(struct examination **examination); /* also while it runs */

struct store *examination_store(struct examination *examination);
/* The verdict as it stands: complete topics only while running. Owned by the examination. */
const struct verdict *examination_verdict(struct examination *examination);
enum topic_progress examination_topic(const struct examination *examination, enum topic topic);
bool examination_finished(const struct examination *examination);
const struct inquiry *examination_inquiry(const struct examination *examination); /* as completed while running: what is reachable from here */

struct examination_figures { uint32_t elapsed_ms; uint32_t questions, answered, rounds; };
struct examination_figures examination_figures(const struct examination *examination);

/* Runs any pure function over a store until it no longer misses anything, asking the network in between: the plan, the SPF evaluator.
 * `run` is called again after answers have come; `done` once, with the last run. What `run` missed before it called store_mark_misses is
 * asked, and not waited for. Borrowed arguments must live until then. */
struct settlement;
struct settlement *settle_start(uv_loop_t *loop, struct observers *observers, struct store *store,
                                void (*run)(struct store *store, void *context), void (*done)(void *context), void *context);
void settle_free(struct settlement **settlement);

/* The judges over a store, without loop or network: what is missing stays open. For evidence, tests and plans. */
struct verdict *examine_store(struct arena *arena, struct store *store, const struct inquiry *inquiry);
#endif
