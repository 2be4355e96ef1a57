#ifndef GUIDANCE_DMARC_ROUTE_H
#define GUIDANCE_DMARC_ROUTE_H
#include "src/guidance/lib.h"

/* The way of a domain from no DMARC policy to reject, in four stages: watch, fix, quarantine, reject. What stands before the next stage is a
 * list, partly of checks and partly of answers, each with its source and date. Nothing advances by itself. Pure. */

enum dmarc_stage { DMARC_STAGE_NONE /* no record */, DMARC_STAGE_WATCH, DMARC_STAGE_FIX, DMARC_STAGE_QUARANTINE, DMARC_STAGE_REJECT };

struct dmarc_need {
  const char *id;                /* where it is answered: "question:reports-read", "step:spf-record", "services", "task:tell-cloud" */
  const char *text;
  bool met;
  const char *source;            /* "checked on 24 November 2026", "you told us on 10 March 2026", "4 of 6 services", "not answered" */
};

struct dmarc_route {
  enum dmarc_stage stage;
  const char *published;         /* the record; "" for none; null: not known */
  int64_t since;                 /* wall ms at which the present policy was first seen; 0: not known */
  bool ends_at_quarantine;       /* the user chose so, as the guidance of 2020 allows */
  bool long_here;                /* more than three months at this stage */
  struct dmarc_need needs[8]; size_t need_count;
  bool ready;                    /* all are met */
  const char *next_policy;       /* "quarantine"; null: none comes */
  const char *next_record;       /* as it would be; null with no next policy */
  const struct casefile_dmarc *history; size_t history_count; /* oldest first */
};

/* `record`: what is published, "" for none, null when it could not be looked at. `wanted`: what is asked for in its place, whose tags go with the
 * next policy; null: nothing. `checked`: when. */
struct dmarc_route *dmarc_route_make(struct arena *arena, const struct guidance_view *view, const char *record, const char *wanted, int64_t checked);
const char *dmarc_stage_title(enum dmarc_stage stage); /* "Watch", translated; of 1 to 4 */
#endif
