#ifndef CHECKS_FINDING_H
#define CHECKS_FINDING_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/text.h"

enum topic { TOPIC_NS, TOPIC_MX, TOPIC_ADDRESS, TOPIC_SPF, TOPIC_DKIM, TOPIC_DMARC, TOPIC_TLSRPT, TOPIC_MTASTS, TOPIC_TLS, TOPIC_DANE, TOPIC_GSI, TOPIC_COUNT };
enum severity { SEVERITY_PASS, SEVERITY_INFO, SEVERITY_WARN, SEVERITY_UNKNOWN, SEVERITY_FAIL, SEVERITY_SKIPPED }; /* worst is the greatest below SKIPPED */

const char *topic_name(enum topic topic);       /* "spf": as in the command line and JSON */
bool topic_from_name(const char *name, enum topic *out);
const char *topic_title(enum topic topic);      /* for people, translated: "Mail servers (MX)" */
const char *severity_name(enum severity severity); /* "fail": as in JSON */
bool severity_from_name(const char *name, enum severity *out);

/* One row of the catalogue. Words are marked N_() and translated where shown; {name} stands for a finding's argument of that name and
 * {subject} for its subject. */
struct rule {
  const char *id;                 /* a promise: never changes meaning */
  enum topic topic;
  enum severity severity, other;  /* `other`: the second severity that the rule may have; the same as `severity` when there is none */
  const char *detail;             /* one sentence: what was found */
  const char *meaning;            /* why it matters: one or two sentences */
  const char *remedy;             /* what to do; "" when nothing */
  const char *reference;          /* "RFC 7208 section 4.6.4; guidance cloud-spf": standards and guidance ids */
};

const struct rule *rule_find(const char *id);   /* null: no such rule */
size_t rule_count(void);
const struct rule *rule_at(size_t index);       /* in order of id */

struct observation;

struct finding {
  const struct rule *rule;
  enum topic topic;                        /* the rule's, but for section 12's (the record's) */
  enum severity severity;
  const char *subject;                     /* domain, host, or record name */
  struct text_argument *arguments;         /* values are safe text already */
  size_t argument_count;
  const struct observation **seen;         /* what it rests on */
  size_t seen_count;
};

struct verdict {
  struct arena *arena;
  struct finding **findings;               /* by topic; within one: fail, unknown, warn, info, pass, then in the order of judging */
  size_t count;
  enum severity topics[TOPIC_COUNT];       /* worst of each; SEVERITY_SKIPPED when not judged */
  enum severity status;                    /* worst of all: pass, warn, fail or unknown */
};

/* Sentences of a finding in the chosen language, in the arena. */
const char *finding_detail(struct arena *arena, const struct finding *finding);
const char *finding_meaning(struct arena *arena, const struct finding *finding);
const char *finding_remedy(struct arena *arena, const struct finding *finding);
const char *finding_argument(const struct finding *finding, const char *name); /* null: none */
/* The same in another arena; what it rests on is borrowed still. */
struct finding *finding_copy(struct arena *arena, const struct finding *finding);
size_t finding_size(const struct finding *finding);                          /* about what its copy takes of an arena, and not less */
bool verdict_has(const struct verdict *verdict, const char *rule);
const struct finding *verdict_find(const struct verdict *verdict, const char *rule, const char *subject); /* subject null: any */
enum severity severity_worse(enum severity a, enum severity b); /* info counts as pass when a topic's worst is made */
#endif
