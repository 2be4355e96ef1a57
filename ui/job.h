#ifndef UI_JOB_H
#define UI_JOB_H
#include <uv.h>
#include "checks/examine.h"
#include "src/base/arena.h"

/* One look at the network beside the examination: partners, other mail servers, the servers that should give what was asked for, the records of an
 * old domain. A pure function is run over a store until it misses nothing; meanwhile the keyboard answers. One at a time: another takes its
 * place. */
struct wizard;

struct job {
  struct wizard *wizard;
  struct settlement *settlement;
  struct store *store;               /* its own: looked at afresh each time */
  struct arena *arena, *input_arena; /* of the results, cleared before each run; of what it was given */
  void (*run)(struct job *job);      /* fills `result` from `store`, again and again */
  void (*finish)(struct job *job);   /* once, with the last result; may be null */
  void *input, *result;
  char key[400];                     /* what it is about: the screen's name and argument */
  bool done;
  int64_t at;                        /* wall ms of its end */
};

/* Begins anew; `finish` may be null. `input` is made by the caller in job_arena(). False: a message says why. */
bool job_start(struct wizard *wizard, const char *key, void (*run)(struct job *job), void (*finish)(struct job *job), void *input);
struct arena *job_arena(struct wizard *wizard);  /* for the input of the job that is about to start: ends the one before */
const struct job *job_find(struct wizard *wizard, const char *key); /* running or done; null: none of that key */
/* When its observers are replaced: asks no more; and begins anew with what it was started with, if it had not ended. */
void job_pause(struct wizard *wizard);
void job_go_on(struct wizard *wizard);
bool job_running(const struct wizard *wizard);
void job_end(struct wizard *wizard);
#endif
