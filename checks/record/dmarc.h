#ifndef CHECKS_RECORD_DMARC_H
#define CHECKS_RECORD_DMARC_H
#include <stdbool.h>
#include "checks/record/report_uri.h"
#include "checks/record/taglist.h"
#include "src/base/buf.h"

/* DMARC records, RFC 9989 sections 4.5 to 4.8 (and RFC 7489 section 6.3, whose tags it dropped). */

enum dmarc_policy { DMARC_ABSENT, DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT, DMARC_INVALID };

struct dmarc_record {
  const char *text;
  const struct taglist *tags;
  enum dmarc_policy p, sp, np;
  const struct report_uris *rua, *ruf; /* null: the tag is absent */
  bool rua_usable;                     /* at least one mailto member without fault */
  char adkim, aspf;                    /* 'r', 's', or '?' for another value */
  char psd;                            /* 'y', 'n', 'u', or '?' */
  char t;                              /* 'y', 'n', or '?' */
  int pct;                             /* 0 to 100 (100 when absent); -1: no such number */
};

bool dmarc_is_record(const char *text, size_t length); /* kept by a receiver: v=DMARC1 first, exact case */
struct dmarc_record *dmarc_parse(struct arena *arena, const char *text, size_t length);
const char *dmarc_policy_name(enum dmarc_policy policy);
/* Policies as receivers act: `p` with the fall-backs of section 4.10.1; DMARC_ABSENT: the record is discarded. */
enum dmarc_policy dmarc_effective_p(const struct dmarc_record *record);
enum dmarc_policy dmarc_effective_sp(const struct dmarc_record *record);
enum dmarc_policy dmarc_effective_np(const struct dmarc_record *record);
/* The policy, or one step below it where the record asks receivers for that: t=y (RFC 9989 section 4.7). */
enum dmarc_policy dmarc_in_force(const struct dmarc_record *record, enum dmarc_policy policy);
enum dmarc_policy dmarc_step_below(enum dmarc_policy policy);
/* Is it a value of fo=: 0, 1, d, s parted by colons, none twice, and not both 0 and 1? */
bool dmarc_fo_valid(const char *value);
#endif
