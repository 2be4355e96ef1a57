/* src/guidance: the GOV.UK guidance of 27 April 2020 as the wizard walks it: sections, steps, questions, tasks, as const tables, and the
 * dated notes on what has changed since; the state of each step, and what to do next; what the wizard proposes from what is seen (services,
 * the way off the gsi family, the way of DMARC to reject, what changed since last time). Pure but for the help pages, which are files.
 * May use: src/base, checks, src/casefile, src/plan. */
#ifndef GUIDANCE_LIB_H
#define GUIDANCE_LIB_H
#include <jansson.h>
#include <stdbool.h>
#include "checks/finding.h"
#include "src/casefile/casefile.h"

#define GUIDANCE_DATE "27 April 2020"
enum { GUIDANCE_SECTIONS = 7 };

enum guidance_kind { ASK_CHOICE, ASK_TEXT, ASK_NAMES /* domains, parted by spaces */, ASK_OLD_NAMES /* of the gsi family, likewise */, ASK_ADDRESSES, ASK_MAIL_SYSTEM /* one of the facts, "other" or "unknown" */ };
enum guidance_when { /* of a step or a question: when it applies to a domain */
  WHEN_ALWAYS, WHEN_PSN /* the case says that it uses the PSN */, WHEN_FILTERING /* a filtering service is listed */, WHEN_OLD /* the domain replaces old names */,
  WHEN_GSI_NAME /* the domain is itself of the gsi family */, WHEN_NOT_GSI_NAME, WHEN_SENDS, WHEN_RECEIVES, WHEN_SILENT /* neither sends nor receives */,
  WHEN_NOT_NEEDED /* the answer says that the domain is no longer needed */, WHEN_SUBDOMAIN /* services of others send from subdomains */, WHEN_OTHERS /* a service other than mailboxes is listed */,
};

struct guidance_option { const char *value, *text, *consequence; };

struct guidance_question {
  const char *key;                 /* in the case */
  const char *text, *hint;
  enum guidance_kind kind;
  bool whole_case;                 /* one answer for all domains */
  bool of_old;                     /* asked of each old name that the domain replaces, or of the domain where it is one; `text` has {old} */
  enum guidance_when when;
  struct guidance_option options[5];
};

/* A question as it is asked of one domain: of a question about an old name, that name. */
struct guidance_asked {
  const struct guidance_question *question;
  const char *domain;              /* for which the answer is kept; "": the whole case */
  const char *text;                /* translated, with the name filled in */
  const char *answer;              /* borrowed of the case; null: none */
};
struct guidance_asked guidance_ask(struct arena *arena, const struct guidance_question *question, const struct casefile *casefile, const char *domain);

/* A question asked of each service on the list that it concerns. */
enum guidance_which { ABOUT_ALL, ABOUT_SENDING, ABOUT_RECEIVING, ABOUT_FILTERING, ABOUT_UNSIGNED /* sends and does not sign */ };
struct guidance_service_question {
  const char *key;                 /* member of the service in the case: "tls12" */
  const char *text;                /* with {service} */
  const char *hint;
  enum guidance_which which;
  bool free_text;                  /* else yes, no, unknown */
  const char *yes, *no;            /* consequences */
  bool bad_yes;                    /* yes is the answer that needs work, not no */
};

/* Something done elsewhere and ticked off. Its id is the key in the case. */
struct guidance_task {
  const char *id, *text;
  const char *ids;                 /* instructions that it serves */
  enum guidance_when when;
  const char *proof;               /* a rule of severity pass that completes it by a check; null: only the user can say */
  bool of_old;                     /* done for each old name that the domain replaces: `text` has {old}, and the key in the case ends in the name */
};

/* A task as it stands for one domain: of a task about old names, one for each. */
struct guidance_todo {
  const struct guidance_task *task;
  const char *id;                  /* key in the case: "gsi-told council.gsi.gov.uk" */
  const char *text;                /* translated, with the name filled in */
};

struct guidance_step {
  const char *id;
  unsigned section;                /* 1 to 7 */
  const char *title;               /* begins with a verb */
  const char *ids;                 /* instructions served, parted by spaces */
  unsigned topics;                 /* bit 1 << TOPIC_…: what is examined live */
  const char *rules;               /* only findings whose rule begins with one of these count, parted by spaces; null: all of the topics */
  const char *records;             /* of the change request: "spf dmarc"; null: none */
  const char *questions[6];        /* keys */
  const char *services[4];         /* keys of questions asked of each service */
  struct guidance_task tasks[6];
  const char *letters;             /* messages to write, parted by spaces: see src/letters/lib.h; null: none */
  const char *settings;            /* purposes of the mail system's settings that belong to it: "inbound certificates"; null: none */
  const char *screens;             /* further pages: "services partners"; null: none */
  enum guidance_when when;
  const char *says;                /* what the guidance of 2020 asks, in our words */
  const char *help;                /* topic of the help page */
};

const char *guidance_section_title(unsigned section);
size_t guidance_step_count(void);
const struct guidance_step *guidance_step_at(size_t index);
const struct guidance_step *guidance_step_find(const char *id);
const struct guidance_question *guidance_question_find(const char *key);
size_t guidance_question_count(void);
const struct guidance_question *guidance_question_at(size_t index);
const struct guidance_service_question *guidance_service_question_find(const char *key);
size_t guidance_service_question_count(void);
const struct guidance_service_question *guidance_service_question_at(size_t index);
/* The step that a task belongs to, and the task itself; false: no such id. */
bool guidance_task_find(const char *id, const struct guidance_step **out_step, const struct guidance_task **out_task);
bool guidance_concerns(const struct guidance_service_question *question, const struct casefile_service *service);

/* ---- state ---- */

enum step_state {
  STEP_NOT_STARTED, STEP_IN_PROGRESS, STEP_WAITING /* for DNS */, STEP_WAITING_OTHERS /* someone has it in hand */, STEP_WAITING_REPORTS /* DMARC reports are being collected */,
  STEP_COMPLETED, STEP_CANNOT_START, STEP_PROBLEM, STEP_NOT_NEEDED,
};
const char *step_state_word(enum step_state state); /* "Not yet started" */

/* What states are worked out from: the answers, and what was found, live or at the last examination (null: never checked). */
struct guidance_view { const struct casefile *casefile; const char *domain; const struct verdict *verdict; int64_t now, checked /* wall ms of the verdict; 0: not known */; };

/* State of a step for one domain, with the reason as one sentence, and since when it waits. */
struct step_status { enum step_state state; const char *reason; int64_t since; /* wall ms; 0: it does not wait, or that is not known */ };
const char *step_status_words(struct arena *arena, const struct step_status *status, int64_t now); /* "Waiting for DNS, 3 days" */
struct step_status guidance_status(struct arena *arena, const struct guidance_step *step, const struct guidance_view *view);
/* All questions of a step that apply to the domain, in their order. */
size_t guidance_asked(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, struct guidance_asked **out);
bool guidance_applies(enum guidance_when when, const struct casefile *casefile, const char *domain);
/* Does a finding count for the step? */
bool guidance_finding_counts(const struct guidance_step *step, const struct finding *finding);
bool guidance_task_applies(const struct guidance_task *task, const struct casefile *casefile, const char *domain);
/* All tasks of a step that apply to the domain, in their order. */
size_t guidance_todos(struct arena *arena, const struct guidance_step *step, const struct casefile *casefile, const char *domain, struct guidance_todo **out);
/* The task of a key in the case, with the step that it belongs to. False: there is none. */
bool guidance_todo_find(struct arena *arena, const char *id, const struct guidance_step **out_step, struct guidance_todo *out);
/* Is it done, by the user or by a check? *out_by_check (may be null) says which. */
bool guidance_todo_done(const struct guidance_todo *todo, const struct guidance_view *view, bool *out_by_check);

/* Of a section, or of all (section 0): how many steps apply, how many are completed and how many wait; the state of the whole. */
struct section_status { unsigned all, completed, waiting, problems; enum step_state state; };
struct section_status guidance_section(struct arena *arena, unsigned section, const struct guidance_view *view);

/* What to do next: the first step in order that is neither completed nor waiting; null and a sentence when there is none left. Before the
 * first check: the check. */
struct guidance_next { const struct guidance_step *step; bool check; const char *sentence; };
struct guidance_next guidance_next(struct arena *arena, const struct guidance_view *view);

json_t *guidance_json(void);
#endif
