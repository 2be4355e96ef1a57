#ifndef PLAN_SPF_H
#define PLAN_SPF_H
#include "checks/record/spf.h"
#include "src/plan/private.h"

enum { SPF_MOST_TERMS = 200, SPF_MOST_RECORDS = 40 };

struct spf_terms {
  const char *text[SPF_MOST_TERMS];
  size_t count;
};

/* One SPF record in the making. */
struct spf_making {
  struct planning *p;
  struct spf_terms terms;      /* mechanisms but `all`, in their order */
  struct spf_terms modifiers;  /* all but `redirect` */
  struct spf_terms fresh;      /* of `terms`: those that the present record does not have */
  char ending;                 /* qualifier of `all`; 0: none */
  const char *redirect;        /* its domain-spec; null: none */
  bool disowned;               /* a term of a service that is not theirs was left out */
  bool keeps;                  /* the present record could not be followed to its end */
};

/* ---- spf_terms.c ---- */

/* Adds a term unless one that says the same is there. */
void spf_terms_add(struct arena *arena, struct spf_terms *terms, const char *text, const char *domain);
/* Takes what still works of a record over, in its order; tells of the rest (plan-spf-drops-unlisted), but not of the terms of services that the
 * administrator has said are not theirs. `text`: cleaned. */
void spf_merge(struct spf_making *making, const char *text);
bool spf_service_is_ours(struct planning *p, const struct service_facts *service); /* false: the administrator has said that it is not */
bool spf_term_works(struct planning *p, const char *text); /* it leads somewhere, and breaks nothing; also where that could not be looked up */
/* "v=spf1 …" as it stands now in `making`. */
const char *spf_write(struct spf_making *making);
/* Do the two records authorise in the same way by the same terms: only case, blanks, or the places of modifiers differ? */
bool spf_same(struct arena *arena, const char *a, const char *b, const char *domain);

/* ---- spf_senders.c ---- */

void spf_add_services(struct spf_making *making);
/* The listed addresses that the record does not pass, by evaluating it. */
void spf_add_addresses(struct spf_making *making);
/* With no record at all: what the mail servers tell. */
void spf_add_mail_servers(struct spf_making *making);
/* Does this address send as the domain, and not only as another name of the list? */
bool spf_sends_here(const struct inquiry *inquiry, const struct ip *ip);

/* ---- spf_limits.c ---- */

/* Brings the record within 10 look-ups and 2 void ones (RFC 7208 section 4.6.4), and plans the subdomains of the senders that must move.
 * False: it cannot be done without a sender that is there now. */
bool spf_fit(struct spf_making *making);
/* Does the record include the target, at any depth and always with "+"? */
bool spf_reaches(struct planning *p, const char *record, const char *target);
#endif
