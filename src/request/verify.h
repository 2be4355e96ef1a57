#ifndef REQUEST_VERIFY_H
#define REQUEST_VERIFY_H
#include "checks/judge/lib.h"
#include "src/request/requested.h"
#include "src/request/slips.h"

/* Is a requested change published, on every authoritative server of its zone and for the resolver? Pure over the store, as a judge is: what
 * is missing there becomes a question, and the function is run again from its start. */

enum verify_state { VERIFY_LIVE, VERIFY_PARTLY, VERIFY_NOT_YET, VERIFY_WRONG, VERIFY_UNKNOWN };
enum verify_says { SAYS_NEW, SAYS_OLD, SAYS_BOTH, SAYS_NEITHER, SAYS_NOTHING };

/* What one answer shows of a change. */
struct verify_view {
  enum verify_says says;
  bool equivalent;               /* new, though not octet for octet: split, order or white space without meaning */
  bool changed_since;            /* neither, and nothing that looks like the new one: what the request rests on is gone */
  enum slip slip;                /* the usual mistake that explains it */
  const char *seen; size_t seen_length; /* the value that is there in place of the wanted one; null: none */
  const char *wanted;            /* the wanted value that it is compared with */
  const char *failure;           /* of SAYS_NOTHING: "timeout", "SERVFAIL" */
  bool delegated;                /* of SAYS_NOTHING: the server says that the name belongs to a zone below */
  uint32_t old_ttl;              /* of what it gives in place of the new; 0 otherwise */
  int64_t time;                  /* wall ms of the answer */
  const char *source;            /* who said it, as observed: "192.0.2.53"; "" when nobody answered */
};

enum { VERIFY_SERVERS = 24 };
struct verify_server {
  const char *name, *address;
  struct verify_view view;
  bool has_serial;               /* it gave the SOA record of the zone */
  uint32_t serial;
};
/* RFC 1982 section 3.2: serials go round. */
bool verify_serial_newer(uint32_t serial, uint32_t than);

struct verify_result {
  const struct plan_change *change;
  enum verify_state state;
  struct verify_server servers[VERIFY_SERVERS];
  size_t server_count;
  struct verify_view resolver;
  int64_t cached_until;          /* wall ms until which the resolver may give what was there before; 0: it does not */
  enum slip slip;                /* the mistake that explains it; none */
  const char *found_at;          /* the name at which the record was found instead; null: nowhere */
  struct finding **findings; size_t finding_count; /* rules verify-… and plan-changed-since */
};

/* `due`: wall ms when it should be done; 0: not said. False: not yet (questions are open). The result lives in the judgement's arena. */
bool verify_change(struct judgement *judgement, const struct plan_change *change, int64_t due, struct verify_result *out);

const char *verify_state_name(enum verify_state state);    /* "live": in JSON */
const char *verify_state_words(enum verify_state state);   /* for people, translated */
const char *verify_says_name(enum verify_says says);       /* "new": in JSON */
const char *verify_says_words(enum verify_says says);      /* for people, translated */

/* The topics that the changes of a request touch: what is examined afterwards. */
unsigned verify_topics(const struct requested *requested);
/* Findings verify-made-worse: what fails in `verdict` and did not when the request was made. Nothing when the request does not say. */
void verify_made_worse(struct judgement *judgement, const struct requested *requested, const struct verdict *verdict);
#endif
