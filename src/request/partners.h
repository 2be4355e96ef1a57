#ifndef REQUEST_PARTNERS_H
#define REQUEST_PARTNERS_H
#include <stdbool.h>
#include <stddef.h>
#include "checks/facts.h"
#include "checks/finding.h"
#include "src/base/buf.h"

/* Partner domains: reading the list of them, what was found of each, and the two lists that come of it, in the form of a mail system. Pure. */

/* ---- the list that somebody typed or pasted ---- */

struct partner_note {
  size_t line;
  const char *typed;
  const char *domain;                     /* what was made of it; null: it could not be used */
  const char *why;
  bool beside;                            /* words beside a domain, or a heading: nothing is missing for want of them */
};

struct partner_list {
  const char **domains; size_t count;     /* canonical, each once, in the order in which they came */
  struct partner_note *notes; size_t note_count; /* what was changed or could not be used */
};

/* Lines, commas, semicolons, bars and spaces part the entries; "#" begins a comment; addresses, URLs and "*.x.example" are read for their
 * domain. Tables will do: words, numbers and dates are no domains, and are told once for each line. UTF-8, or UTF-16 with a byte order mark. */
void partners_read(struct arena *arena, const char *text, size_t length, struct partner_list *out);

/* ---- what was found ---- */

struct partner_result {
  const char *domain;
  bool no_mail, gsi;
  bool needs_exception;                   /* a host does not take TLS 1.2 */
  bool unknown;                           /* could not be looked at: on the exceptions list until it can */
  bool valid_certificate;
  const char *host;                       /* the one that decided; "" */
  const char *const *hosts; size_t host_count; /* all mail hosts */
  const char *reason;                     /* of the exception, for people; "" */
};

/* From the findings of partner_judge. `hosts` is borrowed. */
struct partner_result partner_result_of(struct arena *arena, const char *domain, struct finding *const *findings, size_t count, const char *const *hosts, size_t host_count);
bool partner_is_exception(const struct partner_result *result);

/* ---- lists ---- */

enum partner_list_kind {
  PARTNERS_EXCEPTIONS, PARTNERS_VALID,
  PARTNERS_REQUIRED,                      /* all that take TLS: for a rule without exceptions */
};

/* The list for one mail system (an id of the facts: "postfix", "exchange-online"); nothing when the list is empty. False: no such system. */
bool partners_write_list(struct buf *out, const char *system, enum partner_list_kind kind, const struct partner_result *results, size_t count);
/* The whole as text: a table, the exceptions with their reasons, those that could be held to valid certificates and, with a mail system, both
 * lists in its form with how well the form is known. `system` may be null. */
void partners_write_text(struct buf *out, const struct partner_result *results, size_t count, const struct mail_system_facts *system);
#endif
