/* src/request: the change request made from a plan, one file per export format, and the proof that it was done (verify.h). Pure. Output is
 * safe against what is in the data, and never replaces a whole zone. May use: src/base, checks, src/plan. */
#ifndef REQUEST_LIB_H
#define REQUEST_LIB_H
#include "checks/facts.h"
#include "src/base/buf.h"
#include "src/plan/lib.h"

/* How long after its date a request asks to be done, and how long a TTL may be before it should be lowered first. */
enum { REQUEST_DAYS = 7, REQUEST_TTL_LONG = 3600 };

struct request_details {
  const char *requester;   /* "": left for the user to fill in */
  const char *recipient;   /* who is asked; null or "": not known */
  int64_t time;            /* wall ms */
  unsigned number;         /* of the day, for the reference */
  unsigned as_2020;        /* of enum plan_2020: values that are asked for as in 2020 */
  bool practice;           /* made on the practice estate: say so at the top */
  const struct facts *facts;              /* to recognise the DNS host by; null: not recognised */
  const struct dns_host_facts *provider;  /* the user's choice; null: the one recognised */
  const char *zone;        /* only the changes of this zone; null: of all */
  const struct verdict *verdict;          /* what was wrong when it was made, for telling afterwards what became worse; may be null */
  bool no_undo;            /* leave the way back out of the texts for people; what is there now is in them in any case */
};

/* One value in every form that a desk may need. */
struct request_value {
  const char *text;        /* its octets: "v=spf1 -all", "10 mx1.example.gov.uk.", "target.example." */
  const char *data;        /* master-file form: character-strings in quotation marks, names with final dots */
  const char *entered;     /* as the DNS host's form takes it; safe to show */
  size_t length, strings;  /* octets; character-strings of a TXT value */
  bool shown_exactly;      /* `entered` shows each octet as it is; false: only `data` does */
};

struct request_item {
  const struct plan_change *change;
  size_t number;           /* 1… in its group */
  const char *host;        /* as the DNS host's form takes it */
  const char *relative;    /* "@" for the zone itself */
  const char *full, *full_dot;
  uint32_t ttl, ttl_later; /* not below the DNS host's lowest */
  struct request_value *now, *wanted; /* counts as in the change */
  const char *why, *place; /* one sentence each: what for, and why at this place in the order */
  const char *how;         /* what to do with what is there, one or two sentences */
  const char *check, *expect; /* a command, and what it must show */
  const char *undo;
  const char **notes; size_t note_count; /* of this host's form */
};

/* A change of the TTL of a whole record set, before or after the changes. */
struct request_ttl { const char *zone, *name; uint16_t type; uint32_t from, to; };

/* The changes of one zone, by whoever must act there. */
struct request_group {
  const char *zone;
  enum plan_contact contact;
  const char *heading;
  const char *const *servers; size_t server_count;
  const struct dns_host_facts *host; /* null: not known */
  bool host_chosen;        /* by the user, not recognised from the servers */
  struct request_item *items; size_t item_count;
  const char **notes; size_t note_count; /* how this host's form wants things */
  struct request_ttl *lower, *raise; size_t lower_count, raise_count; /* to be set before and after the changes */
};

/* A change that is left out because the DNS host does not take it. */
struct request_omission { const struct plan_change *change; const char *reason; };

struct request {
  const struct plan *plan;
  const struct request_details *details;
  const char *domain;      /* the plan's, safe to show */
  const char *reference;   /* "example.gov.uk-2026-11-23-1" */
  int64_t due;             /* wall ms: when it should be done */
  struct request_group *groups; size_t group_count;
  size_t item_count;
  struct request_omission *omissions; size_t omission_count;
  const struct plan_change **left_out; size_t left_out_count; /* by the user's choice: the writers tell the requester, not the desk */
  struct plan_problem *problems; size_t problem_count; /* of the request itself; the plan has its own */
};

/* Everything lives in the arena or is borrowed from plan and details. */
struct request request_make(struct arena *arena, const struct plan *plan, const struct request_details *details);
bool request_blocked(const struct request *request); /* a problem of severity fail: it must not leave the program */

/* What is asked for and rests on another change that is left out. */
struct request_need { const struct plan_change *change, *needs; const char *sentence; };
/* Those of a plan, in its order; in the arena. */
struct request_need *request_needs(struct arena *arena, const struct plan *plan, size_t *out_count);
/* The zones that the chosen changes lie in, in the order of their first change: for a file for each. */
const char **request_zones(struct arena *arena, const struct plan *plan, size_t *out_count);

typedef void request_writer(const struct request *request, struct buf *out);
request_writer request_text, request_json, request_zone, request_nsupdate, request_csv, request_markdown, request_html, request_route53, request_octodns, request_dnscontrol;

struct request_format { const char *name, *suffix; request_writer *write; };
const struct request_format *request_format_find(const char *name); /* null: no such format */
const struct request_format *request_format_at(size_t index);       /* null past the end */

/* The request as JSON, as it is kept in a case and read again by requested_read (src/request/requested.h). */
json_t *request_to_json(const struct request *request);
#endif
