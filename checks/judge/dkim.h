#ifndef CHECKS_JUDGE_DKIM_H
#define CHECKS_JUDGE_DKIM_H
#include "checks/judge/lib.h"
#include "checks/record/dkim.h"

/* ---- selectors ---- */

enum { DKIM_SELECTORS_MOST = 128, DKIM_LIKELIEST = 3 };

enum dkim_source {
  DKIM_SOURCE_GIVEN,      /* by the user, as in use */
  DKIM_SOURCE_SERVICE,    /* fixed by a service that the user lists */
  DKIM_SOURCE_SEEN,       /* fixed by a service that shows in MX or SPF */
  DKIM_SOURCE_LIKELIEST,  /* the first of the well-known list: asked for even where nothing should be below _domainkey */
  DKIM_SOURCE_WELL_KNOWN,
};

struct dkim_selector {
  const char *name;
  enum dkim_source source;
  const struct dns_answer *answer;   /* null: not asked */
  bool found;                        /* something of its own is there: not a wildcard's answer */
};

struct dkim_selector_list { struct dkim_selector all[DKIM_SELECTORS_MOST]; size_t count; };

/* The selectors that are looked up, by source, without doubles. Asks for MX and SPF where services are to be recognised. */
void dkim_selectors_find(struct judgement *judgement, struct dkim_selector_list *out);
/* Asks for them, of the well-known ones only for what can be there when `apex`, the answer for _domainkey itself, says so. */
void dkim_selectors_ask(struct judgement *judgement, struct dkim_selector_list *list, const struct dns_answer *apex);
bool dkim_selector_is_fixed(const struct fact_dkim *row);  /* the same for every customer, and in use today */
bool dkim_service_is_here(const struct inquiry *inquiry, const struct inquiry_service *service); /* it sends as the domain itself */
const struct service_facts *dkim_service_facts(const struct inquiry *inquiry, const struct inquiry_service *service); /* null: nothing known */
/* What a wildcard below _domainkey answers, as a selector that nobody uses shows it (unused_label); null: not yet. */
const struct dns_answer *dkim_ask_unused(struct judgement *judgement);

/* ---- rules ---- */

/* What the services are known or said to do (6.1, 6.3), against the selectors that were found. */
void dkim_judge_services(struct judgement *judgement, const struct dkim_selector_list *selectors);
/* Key records beside the place where they belong; looked for where a selector, or every one, is missing. `wildcard` may be null. */
void dkim_judge_misplaced(struct judgement *judgement, const struct dkim_selector_list *selectors, bool any_found, const struct dns_answer *wildcard);
/* The message of the inquiry: who signed it, and for those signatures that count for its From the keys, which are asked for. Null: there is none. */
struct dkim_pasted;
struct dkim_pasted *dkim_message_look(struct judgement *judgement);
/* Verifies them; only when nothing is waited for any more, since a message may be large. */
void dkim_judge_message(struct judgement *judgement, const struct dkim_pasted *pasted);
/* The same signature by signature, for people: all of the message's, from the top, those too that do not count for From. How many; judgement->waiting
 * says that keys or policies are yet to come. Words are the arena's, and safe. */
enum { DKIM_MOST_TOLD = 16 };
struct dkim_told { const char *signer, *selector, *words; enum severity severity; bool holds, counts; };
size_t dkim_message_tell(struct judgement *judgement, struct dkim_told out[DKIM_MOST_TOLD]);
/* Judges the text of one key record by itself, as far as a verifier would read; asks nothing. False: a fault makes it unusable. */
bool dkim_judge_record(struct judgement *judgement, const char *subject, const struct dkim_record *record);
/* Every fault of a record that somebody is about to publish, also behind one that makes verifiers discard it; asks nothing. */
void dkim_lint_text(struct judgement *judgement, const char *subject, const char *text, size_t length);
#endif
