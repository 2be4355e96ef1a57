#ifndef CHECKS_RECORD_SPF_H
#define CHECKS_RECORD_SPF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"
#include "src/base/buf.h"
#include "src/base/ip.h"

/* SPF records, RFC 7208 sections 4.6.1, 5, 6, 7 and 12. */

enum spf_kind { SPF_MECHANISM, SPF_REDIRECT, SPF_EXP, SPF_UNKNOWN_MODIFIER, SPF_BROKEN };
enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS };

/* What is wrong with a term; one for each rule that names a syntax fault. */
enum spf_fault {
  SPF_FAULT_NONE, SPF_FAULT_SYNTAX, SPF_FAULT_UNKNOWN_MECHANISM, SPF_FAULT_MISSING_SPACE, SPF_FAULT_BAD_SEPARATOR, SPF_FAULT_NON_ASCII,
  SPF_FAULT_ALL_ARGUMENT, SPF_FAULT_INCLUDE_NO_DOMAIN, SPF_FAULT_ARGUMENT_SPACE, SPF_FAULT_INCLUDE_CIDR, SPF_FAULT_PTR_CIDR, SPF_FAULT_EXISTS_NO_DOMAIN,
  SPF_FAULT_IP4, SPF_FAULT_IP4_PREFIX, SPF_FAULT_IP6, SPF_FAULT_IP6_PREFIX, SPF_FAULT_FAMILY_SWAPPED, SPF_FAULT_DUAL_CIDR, SPF_FAULT_DOMAIN_SPEC,
  SPF_FAULT_REDIRECT_AS_MECHANISM, SPF_FAULT_MACRO, SPF_FAULT_DUPLICATE_REDIRECT, SPF_FAULT_DUPLICATE_EXP,
  SPF_FAULT_ARGUMENT_OF_LAST /* what follows SPF_FAULT_ARGUMENT_SPACE: no cause of its own */,
};

struct spf_term {
  enum spf_kind kind;
  enum spf_mechanism mechanism;
  char qualifier;             /* + - ? ~; '+' when none is written */
  bool qualifier_written;
  const char *text;           /* as written */
  size_t position, length;    /* octets in the record */
  const char *name;           /* of a mechanism or modifier as written */
  const char *domain;         /* domain-spec as written; null: none */
  struct ip network;          /* ip4, ip6 */
  unsigned prefix4, prefix6;  /* 32 and 128 when not written; of ip4 and ip6 the one that counts */
  bool prefix_written;
  enum spf_fault fault;
  const char *hint;           /* with SPF_FAULT_UNKNOWN_MECHANISM: the nearest name; null */
};

struct spf_record {
  const char *text;
  size_t length;
  struct spf_term *terms;
  size_t count;
  bool valid;                 /* no term has a fault */
  const struct spf_term *redirect, *exp, *all; /* the first of each; `all` also of any place */
};

/* Is this text an SPF record: begins "v=spf1" (any case), then a space or the end (RFC 7208 section 4.5)? */
bool spf_is_record(const char *text, size_t length);

/* Reads a record that spf_is_record accepts. Never fails: faults stand in the terms. */
struct spf_record *spf_parse(struct arena *arena, const char *text, size_t length);

/* Reads one term by itself (as written between spaces). */
void spf_parse_term(struct arena *arena, const char *text, size_t length, struct spf_term *out);

/* Is the term valid when it is cut in two: were a space and a second term's start lost in it? */
bool spf_term_lacks_space(struct arena *arena, const struct spf_term *term);

const char *spf_mechanism_name(enum spf_mechanism mechanism);
bool spf_term_asks_dns(const struct spf_term *term); /* counts against the ten look-ups */

/* ---- macros, section 7 ---- */

struct spf_macro_values {
  const char *sender_local, *sender_domain; /* of s, l, o */
  const char *domain, *helo, *validated;    /* d, h, p */
  const struct ip *ip;
  const char *receiver;                     /* r; c and t come from ip and time */
  int64_t time_ms;
};

enum spf_macro_use { SPF_MACRO_DOMAIN, SPF_MACRO_EXPLANATION }; /* c, r, t and spaces only in explanations */

/* Is the text a macro-string of that use? */
bool spf_macro_valid(const char *text, enum spf_macro_use use);
/* Does it hold a macro of one of these letters (written small)? */
bool spf_macro_uses(const char *text, const char *letters);
/* Does it hold any macro that depends on more than the domain (and, of a postmaster's message, on o)? Uses of %{p} in *out_uses_p. */
bool spf_macro_depends_on_message(const char *text, bool *out_uses_p);
bool spf_has_macro(const char *text);
/* Expands a valid macro-string into `out`. */
void spf_macro_expand(struct buf *out, const char *text, const struct spf_macro_values *values);
/* Expands a domain-spec to the bytes of a name: cut to 253 octets from the left, without final dot (section 7.3). What is looked up is
 * name_from_bytes() of it. */
const char *spf_macro_domain(struct arena *arena, const char *domain_spec, const struct spf_macro_values *values);
/* Is the text a domain-spec (section 7.1): a macro-string that ends in a macro or a toplabel? */
bool spf_domain_spec_valid(const char *text);
#endif
