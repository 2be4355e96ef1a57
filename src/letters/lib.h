/* src/letters: what mailstead writes for people: messages to those who run services, to providers, partners and colleagues, and the settings to
 * enter in a mail system. Plain text of 72 columns, from answers, plans and results; the administrator edits and sends it. Pure.
 * May use: src/base, checks, src/casefile, src/guidance, src/plan. */
#ifndef LETTERS_LIB_H
#define LETTERS_LIB_H
#include "checks/facts.h"
#include "src/base/buf.h"
#include "src/casefile/casefile.h"
#include "src/plan/lib.h"

enum letter_kind {
  LETTER_FILTERING, LETTER_OWN, LETTER_CLOUD, LETTER_BUSINESS, /* to those who run services of one kind */
  LETTER_EVERYONE,       /* a notice to the organisation */
  LETTER_PROVIDER,       /* a question to the provider of one service: DKIM and SPF */
  LETTER_PARTNER,        /* to a partner whose domain has no TLS, or about one's own that has none */
  LETTER_DNS_PROVIDER,   /* about a request that is not, or not rightly, published */
  LETTER_PROCUREMENT,    /* wording for a purchase */
  LETTER_ADDRESSES,      /* to those who write to addresses at an old name of the gsi family: the new ones */
  LETTER_COLLEAGUES,     /* the same to our own people */
  LETTER_COUNT,
};

const char *letter_id(enum letter_kind kind);     /* "filtering": in steps, files and cases */
bool letter_from_id(const char *id, enum letter_kind *out);
const char *letter_title(enum letter_kind kind);  /* for people, translated */
bool letter_is_of_old_name(enum letter_kind kind); /* one for each old name that the domain replaces */
bool letter_has_date(enum letter_kind kind);      /* says from when the changes hold */

/* One record of a request as a server gives it: for the message to a DNS provider. */
struct letter_result { const char *record, *server, *says; };

struct letter_input {
  const struct casefile *casefile;
  const char *domain;
  const char *from;               /* who signs; "" */
  const char *when;               /* from when the changes hold, as typed; "": not known yet */
  int64_t now;
  const struct plan *plan;        /* of the domain; null: not made */
  const char *dmarc;              /* the policy asked for: "none", "quarantine", "reject"; "": not known */
  const char *service;            /* LETTER_PROVIDER: name of the service in the case */
  const struct facts *facts;      /* may be null */
  const char *partner;            /* LETTER_PARTNER: the partner's domain; "": a message to all about our own domain without TLS */
  const char *reason;             /* LETTER_PARTNER: what was seen */
  const char *old_name;           /* LETTER_ADDRESSES, LETTER_COLLEAGUES: the name that is given up */
  const char *until;              /* of these: until when email to it arrives, as typed; "": not known yet */
  const char *reference, *asked;  /* LETTER_DNS_PROVIDER: of the request, and the day */
  const struct letter_result *results; size_t result_count;
};

struct letter { const char *subject, *text; size_t services; /* how many of that kind are named */ };

/* In the arena. Everything from outside in it is safe text. */
struct letter letter_write(struct arena *arena, enum letter_kind kind, const struct letter_input *input);

/* ---- settings of a mail system ---- */

struct settings_input {
  const char *purposes;       /* only these, parted by spaces ("inbound certificates"); null or "": all */
  const struct mail_system_facts *system;
  const char *exceptions;         /* the exceptions list in the form of this system; null: partners were not tested yet */
  const char *certificates;       /* those that can be held to valid certificates, likewise */
};
/* The settings in the order in which they are entered, each with how well it is known. */
void settings_write(struct buf *out, const struct settings_input *input);
const char *setting_title(const char *purpose);   /* of a row of the facts: "Require TLS to *.gov.uk"; the purpose itself when unknown */
#endif
