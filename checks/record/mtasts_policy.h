#ifndef CHECKS_RECORD_MTASTS_POLICY_H
#define CHECKS_RECORD_MTASTS_POLICY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "checks/record/taglist.h"
#include "src/base/arena.h"

/* The MTA-STS policy file, RFC 8461 section 3.2, and the text record, section 3.1. */

enum mtasts_mode { MTASTS_MODE_MISSING, MTASTS_NONE, MTASTS_TESTING, MTASTS_ENFORCE, MTASTS_MODE_INVALID };

enum mtasts_fault {
  MTASTS_FAULT_EMPTY = 1, MTASTS_FAULT_VERSION = 2, MTASTS_FAULT_MAX_AGE_MISSING = 4, MTASTS_FAULT_MAX_AGE_INVALID = 8, MTASTS_FAULT_MX_MISSING = 16, MTASTS_FAULT_MODE_MISSING = 32,
  MTASTS_FAULT_KEY_CASE = 64, MTASTS_FAULT_LINE = 128, MTASTS_FAULT_BARE_CR = 256, MTASTS_FAULT_BOM = 512,
  MTASTS_NOTE_BLANK_LINE = 1024, MTASTS_NOTE_NON_ASCII = 2048, MTASTS_NOTE_DUPLICATE = 4096, MTASTS_NOTE_UNKNOWN = 8192, MTASTS_FAULT_MX_INVALID = 16384,
};

struct mtasts_note {
  enum mtasts_fault fault;
  size_t line;              /* from 1; 0: of the policy as a whole */
  const char *text;         /* the key or value that is meant; "" */
};

struct mtasts_policy {
  enum mtasts_mode mode; size_t mode_line; /* lines count from 1; 0: the key is missing */
  uint32_t max_age; size_t max_age_line;
  const char **mx;          /* patterns as written, lower case */
  size_t *mx_lines;
  size_t mx_count;
  unsigned faults;          /* all of enum mtasts_fault that hold */
  struct mtasts_note *notes; size_t note_count; /* what there is to tell of them: a key that is merely misspelt is not told as missing too */
  bool any_known_key;       /* it is meant to be a policy */
};

struct mtasts_policy *mtasts_policy_parse(struct arena *arena, const char *body, size_t length);
bool mtasts_policy_sound(const struct mtasts_policy *policy);           /* a sender can use it */
bool mtasts_pattern_matches(const char *pattern, const char *host);     /* section 4.1 */
bool mtasts_pattern_valid(const char *pattern);

struct mtasts_record {
  const char *id;           /* null: none; may be "" */
  size_t id_position;       /* octets from the start of the text */
  bool id_valid;
  const struct tag **bad_fields; size_t bad_count;
  const struct tag **duplicates; size_t duplicate_count;
};
bool mtasts_is_record(const char *text, size_t length);                 /* begins exactly "v=STSv1;" */
struct mtasts_record mtasts_parse(struct arena *arena, const char *text, size_t length);
#endif
