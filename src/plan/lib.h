/* src/plan: findings and answers -> wanted records and tasks. Pure over the store; what it lacks becomes a question there, and the caller
 * settles it and plans again. May use: src/base, checks. Never: network, terminal, clock. */
#ifndef PLAN_LIB_H
#define PLAN_LIB_H
#include <jansson.h>
#include <stdbool.h>
#include "checks/finding.h"
#include "checks/inquiry.h"
#include "checks/store.h"

enum plan_action { PLAN_ADD, PLAN_REPLACE, PLAN_REMOVE };
enum plan_contact { CONTACT_REGISTRAR /* or DNS provider */, CONTACT_GSI, CONTACT_ADDRESS_OWNER };

/* One change of one name and type: `now` goes, `wanted` comes; other values at the name stay. Values: TXT the joined text; MX "10 host.";
 * CNAME and PTR a name with its final dot; TLSA and DS their master-file form. */
struct plan_change {
  enum plan_action action;
  const char *zone, *name;
  uint16_t type;
  const char **now; size_t now_count;
  uint32_t now_ttl;              /* of what is there now; 0 when nothing is */
  /* The whole record set as published now, in master-file form (src/base/zonetext.h) with the borders of its strings: `now_data` matches
   * `now` one to one (null: that value was not found), `kept_data` are the other values at the name and type. */
  const char **now_data, **kept_data; size_t kept_count;
  uint32_t set_ttl;              /* the greatest TTL in that set; 0 when it is empty */
  bool present_known;            /* the set could be looked up */
  const char **wanted; size_t wanted_count;
  uint32_t ttl, ttl_later;       /* while changing, and when it works */
  const char **why; size_t why_count; /* rule ids */
  const char *section;           /* guidance id: "dns-dmarc" */
  const char *sentence;          /* why, for the desk: one sentence, translated where shown */
  enum plan_contact contact;
  int order;                     /* changes with a lower number first; those of one number in any order */
  const char *order_why;         /* why it stands there: one sentence, translated where shown */
  const char *domain;            /* the domain of the case that it is for */
  const char *host;              /* `name` relative to `zone`: "_dmarc", "@" */
  bool from_wildcard;            /* a wildcard answers for the name now; the new record hides it there */
  bool left_out;                 /* the user asks for it later, or not: it is no part of what is proved, applied or requested */
};

/* A zone that changes lie in, and its name servers (none: could not be looked up). */
struct plan_zone { const char *name; const char *const *servers; size_t server_count; };

/* What has to be done elsewhere than in DNS. */
struct plan_task {
  const char *id;                /* "mtasts-host-policy" */
  const char *sentence;
  const char *text;              /* to use as it is: the policy file; "" when there is none */
  const char *section;
  const char *domain;
};

/* Why the plan, or a part of it, must not leave the program (rules plan-…). */
struct plan_problem {
  const struct rule *rule;
  enum severity severity;
  const char *subject, *detail;
};

struct plan {
  const char *domain;
  struct plan_change *changes; size_t change_count;
  struct plan_task *tasks; size_t task_count;
  struct plan_problem *problems; size_t problem_count;
  struct plan_zone *zones; size_t zone_count; /* in the order in which the changes name them */
  bool waiting;                  /* the store lacks something: settle and plan again */
};

/* A DKIM record pasted by the user: TXT or CNAME; type 0: told by the value. `domain` and `service` (an id of the facts) may be null. */
struct plan_given_key { const char *selector; uint16_t type; const char *value; const char *domain, *service; };

/* A service that the administrator says is not theirs: its terms leave the SPF record of that domain. `term`: one of them as it was seen, without
 * its qualifier; `service`: its id in the facts, by which its other terms are known. Either may be "". */
struct plan_not_ours { const char *domain, *term, *service; };

/* Values in which the guidance of 2020 and today's advice differ: a bit for each that is asked for to the letter of 2020. */
enum plan_2020 {
  PLAN_2020_DMARC_ADDRESS = 1,   /* reports go to dmarc-rua@dmarc.service.gov.uk too */
  PLAN_2020_DMARC_FO = 2,        /* fo=1, though no ruf= stands beside it */
  PLAN_2020_DMARC_PSD = 4,       /* no psd=n: it was not known then */
  PLAN_2020_TLS_ADDRESS = 8,     /* reports go to tls-rua@mailcheck.service.ncsc.gov.uk */
  PLAN_2020_NO_MTASTS = 16,      /* no policy where there is none: it is not mentioned */
  PLAN_2020_DKIM_SIZE = 32,      /* RSA keys of 1024 bits and more will do */
  PLAN_2020_DIGITAL = 64,        /* digital services have a DMARC record of their own, though they inherit a policy */
  PLAN_2020_ALL = 127,
};

struct plan_options {
  unsigned as_2020;              /* of enum plan_2020 */
  const char *dmarc_mailbox, *tls_mailbox; /* null: dmarc@ and tls-reports@ the domain */
  char spf_ending;               /* '~' or '-'; 0: keep a sound one, else '~' */
  enum { PLAN_DMARC_KEEP, PLAN_DMARC_QUARANTINE, PLAN_DMARC_REJECT } dmarc_step;
  const struct plan_given_key *keys; size_t key_count;
  const char *const *spf_terms; size_t spf_term_count; /* of the services in the inventory */
  const struct plan_not_ours *not_ours; size_t not_ours_count;
  const char *const *left_out; size_t left_out_count; /* names (plan_ref) of the changes that the user leaves out */
  const char *mtasts_id;         /* for a record that changes: letters and digits; null: made from the policy */
  bool mtasts_enforce;           /* the next policy enforces; else a served mode stays, and a new policy is for testing */
  bool mtasts_file_changed;      /* the user has put a new policy file in place: the id must follow */
  const char *const *own_domains; size_t own_domain_count; /* other domains of the organisation: records there can be asked for too */
};

/* The plan of the inquiry's domain, with the names below it, the digital services and the old domains that the inquiry lists. */
struct plan *plan_make(struct arena *arena, struct store *store, const struct verdict *verdict, const struct inquiry *inquiry, const struct plan_options *options);
bool plan_blocked(const struct plan *plan);                /* a problem of severity fail stands against it */
/* What a change is called, so that it can be named again after another look and another plan: "TXT _dmarc.example.gov.uk", of a mail server
 * "MX example.gov.uk 10 mx1.example.gov.uk.", and with " #2" for a second one of the same. In the arena. */
const char *plan_ref(struct arena *arena, const struct plan *plan, size_t index);
const struct plan_change *plan_of_ref(const struct plan *plan, const char *ref, size_t *out_index); /* null: no longer there */
size_t plan_left_out_count(const struct plan *plan);
/* The store as it will be: `overlay` (of the store that was planned on) gets the answers after the changes that are not left out. */
void plan_apply(const struct plan *plan, struct store *overlay);
json_t *plan_json(const struct plan *plan);
const struct plan_zone *plan_zone_find(const struct plan *plan, const char *name); /* null: no change lies in it */
const char *plan_action_name(enum plan_action action);
const char *plan_contact_name(enum plan_contact contact);
/* The names that `mailstead show` knows: spf, dmarc, tlsrpt, mtasts, dkim:SELECTOR, mx. Null: no such change. */
const struct plan_change *plan_find(const struct plan *plan, const char *record);
#endif
