#ifndef GUIDANCE_MIGRATION_H
#define GUIDANCE_MIGRATION_H
#include "src/guidance/lib.h"
#include "src/plan/lib.h"

/* The way of one old name of the gsi family to the domain that replaces it: what still answers under the old name or refers to it, and a plan
 * in order. Pure over verdicts, plans and answers. */

enum leftover_kind {
  LEFTOVER_MX, LEFTOVER_SPF, LEFTOVER_REPORTS, LEFTOVER_TLS_REPORTS, LEFTOVER_DKIM, LEFTOVER_PTR, LEFTOVER_HOST /* certificate, greeting */,
  LEFTOVER_ZONE /* name servers, SOA contact, MTA-STS */, LEFTOVER_REGISTRATION, LEFTOVER_PARTNERS, LEFTOVER_ANSWERS /* DNS under the old name */, LEFTOVER_CASE,
};
struct leftover {
  enum leftover_kind kind;
  const char *where, *what;          /* safe text */
  bool harmless;                     /* a fact: nothing has to change */
  const struct finding *finding;     /* that tells it; null: of LEFTOVER_CASE */
  const char *question;              /* of LEFTOVER_CASE: key of the answer; null: a service */
  size_t service;                    /* its index in the case */
};
const char *leftover_title(enum leftover_kind kind); /* "Mail servers (MX)", translated */

enum migration_stage { MIGRATE_READY, MIGRATE_MAIL, MIGRATE_REFERENCES, MIGRATE_PROTECT, MIGRATE_TELL, MIGRATION_STAGES };

struct migration_step {
  enum migration_stage stage;
  const char *title, *sentence;      /* what is to be done, and why it stands as it does */
  enum step_state state;
  const char *contact;               /* who acts: a name that was answered, or a role */
  const struct plan_change **changes; size_t change_count;
};

struct migration {
  const char *old_name, *new_name;   /* new_name "": not chosen yet */
  struct leftover *leftovers; size_t leftover_count;
  struct migration_step steps[MIGRATION_STAGES];
  bool looked;                       /* either examination looked at the old name */
  bool gone;                         /* the old name is not in DNS any more */
  bool unknown;                      /* something under the old name could not be looked up */
};

/* Pairs of the case: from the new domains' answers and from old domains that are in the case. */
struct migration_pair { const char *old_name, *new_name; };
size_t migration_pairs(struct arena *arena, const struct casefile *casefile, struct migration_pair **out);

/* Old names of a body that show in what an examination found, and that no pair of the case has: to be proposed. */
size_t migration_seen(struct arena *arena, const struct casefile *casefile, const struct verdict *verdict, const char ***out);

struct migration_input {
  const struct casefile *casefile;
  struct migration_pair pair;
  const struct verdict *of_new, *of_old;   /* null: not checked */
  int64_t of_new_at;                       /* wall ms: before the pair was made, nothing of the old name was looked at */
  const struct plan *plan_new, *plan_old;  /* null: not made */
};
struct migration *migration_make(struct arena *arena, const struct migration_input *input);
/* The task of telling those who write to an old name: its key in the case of the new domain. */
const char *migration_told_task(struct arena *arena, const char *old);
/* The first stage that is not completed; null: all are. */
const struct migration_step *migration_next(const struct migration *migration);
#endif
