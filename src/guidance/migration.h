#ifndef GUIDANCE_MIGRATION_H
#define GUIDANCE_MIGRATION_H
#include "src/guidance/lib.h"
#include "src/plan/lib.h"

/* The way of one old name of the gsi family to the domain that replaces it: what still answers under the old name or refers to it, and a plan
 * in order. Pure over verdicts, plans and answers. */

enum leftover_kind { LEFTOVER_MX, LEFTOVER_SPF, LEFTOVER_REPORTS, LEFTOVER_TLS_REPORTS, LEFTOVER_DKIM, LEFTOVER_PTR, LEFTOVER_ZONE /* name servers, SOA contact, MTA-STS */, LEFTOVER_ANSWERS /* DNS under the old name */, LEFTOVER_CASE };
struct leftover { enum leftover_kind kind; const char *where, *what; };
const char *leftover_title(enum leftover_kind kind); /* "Mail servers (MX)", translated */

enum migration_stage { MIGRATE_READY, MIGRATE_MAIL, MIGRATE_REFERENCES, MIGRATE_PROTECT, MIGRATE_TELL, MIGRATION_STAGES };

struct migration_step {
  enum migration_stage stage;
  const char *title, *sentence;      /* what is to be done, and why it stands as it does */
  enum step_state state;
  enum plan_contact contact;         /* who acts on its records */
  const struct plan_change **changes; size_t change_count;
};

struct migration {
  const char *old_name, *new_name;   /* new_name "": not chosen yet */
  struct leftover *leftovers; size_t leftover_count;
  struct migration_step steps[MIGRATION_STAGES];
  bool gone;                         /* the old name is not in DNS any more */
};

/* Pairs of the case: from the new domains' answers and from old domains that are in the case. */
struct migration_pair { const char *old_name, *new_name; };
size_t migration_pairs(struct arena *arena, const struct casefile *casefile, struct migration_pair **out);

struct migration_input {
  const struct casefile *casefile;
  struct migration_pair pair;
  const struct verdict *of_new, *of_old;   /* null: not checked */
  const struct plan *plan_new, *plan_old;  /* null: not made */
  int64_t now;
};
struct migration *migration_make(struct arena *arena, const struct migration_input *input);
#endif
