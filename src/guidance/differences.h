#ifndef GUIDANCE_DIFFERENCES_H
#define GUIDANCE_DIFFERENCES_H
#include "src/guidance/lib.h"
#include "src/plan/lib.h"

/* Where the guidance of 2020 and today's advice differ: what each says, where it is shown, and how the user chooses between the two. */

enum guidance_choice {
  CHOICE_NONE,     /* the world has changed: `why` says so */
  CHOICE_VALUE,    /* one of the two is asked for or worked by; kept in the case as "as-2020:ID" */
  CHOICE_QUESTION, /* by the answer to a question of the wizard */
  CHOICE_TASK,     /* by what the user ticks off or leaves out: `why` says how */
};

struct guidance_difference {
  const char *id, *title;      /* the title names what differs, and is understood alone */
  const char *then, *now;      /* what the guidance of 2020 says; today's advice. Facts that are not verified are marked */
  const char *why;             /* of the choice, or why there is none; "" */
  enum guidance_choice choice;
  unsigned value;              /* of enum plan_2020: what the choice means for planning; 0: nothing */
  const char *question;        /* the key of the question; null: none */
  const char *steps;           /* on whose pages it stands, parted by spaces */
  const char *records;         /* on whose record pages, as guidance_record_of names them; "" */
};

size_t guidance_difference_count(void);
const struct guidance_difference *guidance_difference_at(size_t index);
const struct guidance_difference *guidance_difference_find(const char *id); /* null: none of that id */
bool guidance_difference_of_step(const struct guidance_difference *difference, const struct guidance_step *step);
bool guidance_difference_of_record(const struct guidance_difference *difference, const char *record);
/* The kind of record that a name and type hold: "dmarc", "spf", "dkim", "tlsrpt", "mtasts"; "" for others. */
const char *guidance_record_of(const char *name, uint16_t type);

/* Is it to be as in 2020? By the user's choice for the domain; `otherwise` where there is none. */
bool guidance_as_2020(const struct casefile *casefile, const char *domain, const char *id, bool otherwise);
/* Chooses for one or several differences, as one step of undo, which is called by "as-2020:" and the id, of several by that alone. */
bool guidance_choose_2020(struct casefile *casefile, const char *domain, const char *const *ids, size_t count, bool as_2020, struct fault *fault);
#define GUIDANCE_CHOICE "as-2020:"
/* The choices of a domain for planning: bits of enum plan_2020. */
unsigned guidance_values_of_2020(const struct casefile *casefile, const char *domain, bool otherwise);
/* What has changed for a step, in one text; "" for nothing. In the arena. */
const char *guidance_changed(struct arena *arena, const struct guidance_step *step);
#endif
