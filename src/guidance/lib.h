/* src/guidance: the GOV.UK guidance of 27 April 2020 as the wizard walks it: sections, steps, questions, tasks, as const tables, and the
 * dated notes on what has changed since. May use: src/base, checks, src/casefile. */
#ifndef GUIDANCE_LIB_H
#define GUIDANCE_LIB_H
#include <jansson.h>
#include <stdbool.h>
#include "checks/finding.h"
#include "src/casefile/casefile.h"

#define GUIDANCE_DATE "27 April 2020"
enum { GUIDANCE_SECTIONS = 7 };

enum guidance_kind { ASK_CHOICE, ASK_TEXT, ASK_NAMES /* domains, parted by spaces */, ASK_ADDRESSES };
enum guidance_when { WHEN_ALWAYS, WHEN_PSN /* when the case says that it uses the PSN */, WHEN_FILTERING, WHEN_GSI, WHEN_SENDS, WHEN_RECEIVES };

struct guidance_option { const char *value, *text, *consequence; };

struct guidance_question {
  const char *key;                 /* in the case */
  const char *text, *hint;
  enum guidance_kind kind;
  bool whole_case;                 /* one answer for all domains */
  struct guidance_option options[5];
};

struct guidance_step {
  const char *id;
  unsigned section;                /* 1 to 7 */
  const char *title;               /* begins with a verb */
  const char *ids;                 /* instructions served, parted by spaces */
  unsigned topics;                 /* bit 1 << TOPIC_…: what is examined live */
  const char *records;             /* of the change request: "spf dmarc"; "" */
  const char *questions[4];        /* keys */
  const char *task;                /* what is done elsewhere and ticked off; "" */
  enum guidance_when when;
  const char *says;                /* what the guidance of 2020 asks, in our words */
  const char *changed;             /* what has changed since, dated; "" */
  const char *help;                /* topic of the help page */
};

const char *guidance_section_title(unsigned section);
size_t guidance_step_count(void);
const struct guidance_step *guidance_step_at(size_t index);
const struct guidance_step *guidance_step_find(const char *id);
const struct guidance_question *guidance_question_find(const char *key);
size_t guidance_question_count(void);
const struct guidance_question *guidance_question_at(size_t index);

/* ---- state ---- */

enum step_state { STEP_NOT_STARTED, STEP_IN_PROGRESS, STEP_WAITING, STEP_COMPLETED, STEP_CANNOT_START, STEP_PROBLEM, STEP_NOT_NEEDED };
const char *step_state_word(enum step_state state); /* "Not yet started" */

/* State of a step for one domain, with the reason as one sentence. `verdict` null: not checked yet. */
struct step_status { enum step_state state; const char *reason; };
struct step_status guidance_status(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, const struct verdict *verdict);
bool guidance_applies(const struct guidance_step *step, const struct casefile *casefile, const char *domain);

json_t *guidance_json(void);
#endif
