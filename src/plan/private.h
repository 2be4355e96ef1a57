#ifndef PLAN_PRIVATE_H
#define PLAN_PRIVATE_H
#include "checks/judge/lib.h"
#include "src/plan/lib.h"

/* One run of the planner for one name. `j` serves for asking: its findings are not used. */
struct planning {
  struct judgement j;
  struct plan *plan;
  const struct verdict *verdict;
  const struct inquiry *inquiry;
  const struct plan_options *options;
  enum profile profile;
  bool digital;            /* what is planned is a digital service of the domain */
};

/* What the changes of one kind have in common. */
struct plan_kind {
  const char *section;     /* guidance id */
  int order;
  const char *sentence;    /* why, for the desk */
  const char *order_why;   /* why at this place */
  const char *why;         /* beginnings of the rule ids that are reasons, parted by spaces */
};

/* Places in the order of a request. New keys and senders come first, since nothing relies on them yet; policies come when what they judge
 * by is there; what nobody uses any more goes last. */
enum plan_order {
  ORDER_DS = 5, ORDER_DKIM_REMOVE = 9, ORDER_DKIM = 10, ORDER_ADDRESS = 12, ORDER_SPF_SUBDOMAIN = 15, ORDER_SPF = 20, ORDER_TLSA = 25, ORDER_MX = 30, ORDER_DMARC_PERMISSION = 38, ORDER_DMARC = 40,
  ORDER_TLSRPT = 50, ORDER_MTASTS = 60, ORDER_NULL_MX = 70, ORDER_PTR = 80, ORDER_STRAY = 90,
};

/* ---- change.c: building ---- */

struct plan_change *plan_change_new(struct planning *p, enum plan_action action, const char *name, uint16_t type, const struct plan_kind *kind);
void plan_change_now(struct planning *p, struct plan_change *change, const struct dns_rr *rr);
void plan_change_wanted(struct planning *p, struct plan_change *change, const char *value);
/* `arguments`: "name", value, "name", value, NULL fill the {holes} of the sentence. */
void plan_task(struct planning *p, const char *id, const char *section, const char *text, const char *sentence, ...) __attribute__((sentinel));
void plan_problem(struct planning *p, const char *rule, const char *subject, const char *sentence, ...) __attribute__((sentinel));
void plan_unknown(struct planning *p, const char *name, const char *sentence); /* plan-present-unknown */

/* One name, one TXT record: from what is there now (all of `now` go) to `wanted`. Nothing when the one record there says so already.
 * `now_count` 0: an addition. Null when nothing changes. */
struct plan_change *plan_txt(struct planning *p, const char *name, const struct dns_rr *const *now, size_t now_count, const char *wanted, const struct plan_kind *kind);
/* Takes the alias away at which the answer's chain begins, just before the changes of `kind`. */
void plan_remove_alias(struct planning *p, const struct dns_answer *answer, const struct plan_kind *kind);
/* Does the record stand at the name itself? False when a wildcard answers for it, or an alias leads elsewhere: nothing to take away there. */
bool plan_is_own(struct planning *p, const struct dns_answer *answer);

/* ---- zone.c ---- */

const char *plan_zone_of(struct planning *p, const char *name);
bool plan_own_name(struct planning *p, const char *name); /* lies under a domain that is the user's, as far as is known */

/* ---- present.c ---- */

/* A record as the text of struct plan_change; in the arena. Of types that have no form of their own there: master-file form. */
const char *plan_value_of(struct arena *arena, const struct dns_rr *rr);
void plan_fill_present(struct planning *p); /* what is published beside the changes, and the zones */

/* ---- clean.c: text as it was meant ---- */

/* Without quotation marks around or between strings, blanks before and after, backslashes of a zone file, and with plain quotes, hyphens and
 * spaces for typographic ones. The same pointer when nothing is to be done. */
const char *plan_clean(struct arena *arena, const char *text);
/* A value of that version that stands at a wrong name (the verdict tells), cleaned; null: none. */
const char *plan_misplaced(struct planning *p, const char *version);

/* ---- one file per topic ---- */

void plan_spf(struct planning *p);
void plan_dmarc(struct planning *p);
void plan_tlsrpt(struct planning *p);
void plan_mtasts(struct planning *p);
void plan_mx(struct planning *p);
void plan_dkim(struct planning *p);
void plan_pointers(struct planning *p);
void plan_gsi(struct planning *p);
void plan_secure(struct planning *p);              /* TLSA and DS */
void plan_stray(struct planning *p);               /* records at misspelt and doubled names */

/* ---- choose.c ---- */

void plan_choose(struct planning *p);              /* marks what the user leaves out, and lets go what was said of it alone */
/* What is left, as a plan of its own whose changes are copies; and what the proof made of it back to where it came from. */
struct plan plan_chosen(struct arena *arena, const struct plan *plan);
void plan_take_back(struct plan *plan, const struct plan *chosen);

/* ---- prove.c ---- */

void plan_prove(struct planning *p);

#define PLAN_TEXT(answer, i) ((answer)->records[i].txt.bytes)
#endif
