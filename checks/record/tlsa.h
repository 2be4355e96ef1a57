#ifndef RECORD_TLSA_H
#define RECORD_TLSA_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "checks/record/certificate.h"
#include "src/base/arena.h"

/* TLSA records for SMTP: RFC 6698, RFC 7671, RFC 7672. */

enum { TLSA_PKIX_TA = 0, TLSA_PKIX_EE = 1, TLSA_DANE_TA = 2, TLSA_DANE_EE = 3 };
enum { TLSA_CERTIFICATE = 0, TLSA_SPKI = 1 };
enum { TLSA_FULL = 0, TLSA_SHA256 = 1, TLSA_SHA512 = 2 };

struct tlsa {
  uint8_t usage, selector, matching;
  const uint8_t *data;
  size_t length;
};

enum tlsa_fault { TLSA_FAULT_FIELD_MISSING, TLSA_FAULT_NOT_A_NUMBER, TLSA_FAULT_NUMBER_TOO_LARGE, TLSA_FAULT_NO_DATA, TLSA_FAULT_NOT_HEX, TLSA_FAULT_ODD_DIGITS };

/* A record read from text ("3 1 1 8d02…", white space inside the data and brackets of a zone file allowed): all that could be read, and each fault
 * with its position. */
#define TLSA_FAULTS_MOST 8u
struct tlsa_text {
  struct tlsa tlsa;
  struct { enum tlsa_fault fault; size_t position; } faults[TLSA_FAULTS_MOST];
  size_t fault_count;
};
bool tlsa_read(struct arena *arena, const char *text, size_t length, struct tlsa_text *out); /* true: no fault */
char *tlsa_format(struct arena *arena, const struct tlsa *tlsa); /* presentation form, RFC 6698 section 2.2 */

bool tlsa_parameters_known(const struct tlsa *tlsa); /* usage up to 3, selector up to 1, matching type up to 2 */
bool tlsa_length_right(const struct tlsa *tlsa);     /* 32 or 64 octets for a digest; some for full data */
bool tlsa_usable(const struct tlsa *tlsa);           /* by SMTP: usage 2 or 3 and the above (RFC 7672 section 3.1) */

bool tlsa_matches(const struct tlsa *tlsa, const struct certificate *certificate);

enum tlsa_outcome {
  TLSA_NO_MATCH,
  TLSA_MATCH,           /* usage 3: the leaf. Usage 2: an issuer in the path, or the anchor that the record itself holds */
  TLSA_ANCHOR_NOT_SENT, /* usage 2: nothing in the path matches, and the path does not end in a root: the anchor may be missing from it */
};
/* Against the path that was sent. `out_step` (may be null) is the step that matched; path->length when the anchor is in the record. Names
 * and dates are left to the caller. */
enum tlsa_outcome tlsa_match_path(struct arena *arena, const struct tlsa *tlsa, const struct certificate_path *path, size_t *out_step);
#endif
