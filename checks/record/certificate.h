#ifndef RECORD_CERTIFICATE_H
#define RECORD_CERTIFICATE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"

/* X.509 certificates (RFC 5280), the names they are good for (RFC 9525), and the chain that a server sends. Pure: no clock, no trust
 * store, no network. */

enum certificate_key { CERTIFICATE_KEY_OTHER, CERTIFICATE_KEY_RSA, CERTIFICATE_KEY_EC, CERTIFICATE_KEY_ED25519, CERTIFICATE_KEY_ED448, CERTIFICATE_KEY_DSA };

enum { /* bits of key_usage, as in RFC 5280 section 4.2.1.3 */
  CERTIFICATE_DIGITAL_SIGNATURE = 0x80, CERTIFICATE_KEY_ENCIPHERMENT = 0x20, CERTIFICATE_KEY_AGREEMENT = 0x08, CERTIFICATE_KEY_CERT_SIGN = 0x04,
};

#define CERTIFICATE_DER_MOST 65536u /* octets of one certificate that is read */
#define CERTIFICATE_CHAIN_MOST 16u  /* certificates of one chain that are kept */

/* All strings are safe to show: in names, every octet that is no printable ASCII, and the backslash, stands as \DDD, so that a name with a
 * NUL in it ("mail.example\000.test") never equals another and never matches a host. */
struct certificate {
  const uint8_t *der;
  size_t der_length;
  const char *subject, *issuer;            /* one line for people */
  const char *common_name;                 /* the last CN of the subject; "" none */
  const char *const *names; size_t name_count; /* dNSNames of the subjectAltName, in lower case, in their order */
  bool has_san;                            /* the extension is there, whatever kinds of names it holds */
  const char *serial;                      /* hexadecimal */
  int64_t not_before, not_after;           /* wall ms */
  enum certificate_key key;
  unsigned key_bits;
  const char *curve;                       /* "P-256"; "" when there is none */
  const char *signature;                   /* "sha256WithRSAEncryption" */
  const char *signature_hash;              /* "SHA256"; "" where the algorithm has none of its own */
  uint8_t sha256[32], sha512[64];          /* of the whole certificate */
  const uint8_t *spki; size_t spki_length; /* SubjectPublicKeyInfo, DER */
  uint8_t spki_sha256[32], spki_sha512[64];
  bool self_signed;                        /* issuer is subject, and its own key verifies the signature */
  bool is_ca;                              /* basicConstraints CA:TRUE, and keyUsage, if there, has keyCertSign */
  int path_length;                         /* of basicConstraints; -1: no limit */
  bool has_key_usage, has_extended_usage;
  unsigned key_usage;
  bool server_auth;                        /* extended key usage has serverAuth or anyExtendedKeyUsage */
  bool must_staple;                        /* RFC 7633 */
  bool unknown_critical;                   /* a critical extension that nobody here understands */
};

/* Reads one certificate; null: not one. All memory is the arena's, the DER is copied. */
const struct certificate *certificate_read(struct arena *arena, const void *der, size_t length);

const char *certificate_key_text(struct arena *arena, const struct certificate *certificate); /* "RSA 2048", "EC P-256" */

/* How a certificate speaks for a host (RFC 9525 section 6). Those from WILDCARD_DEEP on do not. */
enum certificate_match {
  CERTIFICATE_MATCH_NAME,            /* a dNSName is the host */
  CERTIFICATE_MATCH_WILDCARD,        /* "*." and the rest of the host after its first label */
  CERTIFICATE_MATCH_COMMON_NAME,     /* there is no dNSName, and the CN would do: old software only */
  CERTIFICATE_MATCH_WILDCARD_DEEP,   /* "*.example.org" for "a.b.example.org" */
  CERTIFICATE_MATCH_WILDCARD_PARTIAL, /* "m*.example.org": a wildcard that is not the whole left-most label */
  CERTIFICATE_MATCH_WILDCARD_SUFFIX, /* "*.gov.uk": before a public suffix */
  CERTIFICATE_MATCH_NONE,
};
/* The best of all names. `host` in canonical form. */
enum certificate_match certificate_matches(const struct certificate *certificate, const char *host, const char **out_name /* may be null */);
static inline bool certificate_match_holds(enum certificate_match match) { return match <= CERTIFICATE_MATCH_COMMON_NAME; }

/* Weaker than RFC 9325 section 4.5 and RFC 9155 allow: RSA below 2048 bits, EC below 256, DSA; signed with SHA-1, MD5 or older. */
bool certificate_has_weak_key(const struct certificate *certificate);
bool certificate_has_weak_signature(const struct certificate *certificate);

bool certificate_same(const struct certificate *a, const struct certificate *b);
/* Does the issuer's key, or this one, verify the signature of `child`? */
bool certificate_signed_by(const struct certificate *child, const struct certificate *issuer);
bool certificate_signed_by_key(const struct certificate *child, const uint8_t *spki, size_t length);

/* What can be chained from the leaf with what was sent. */
struct certificate_path {
  const struct certificate *steps[CERTIFICATE_CHAIN_MOST]; /* the leaf first */
  size_t length;
  bool ends_self_signed;             /* a root is there, or the leaf is its own */
  bool in_order;                     /* as sent: each one followed by its issuer */
  size_t unneeded;                   /* sent, and not part of the path */
  bool signatures_good;
  size_t bad_signature_at;           /* the step whose signature the next one's key does not verify */
};
void certificate_path(const struct certificate *const *chain, size_t count, struct certificate_path *out);
/* May the one at `step`, above the leaf, issue what lies below it: is it an authority, and is its path length kept (RFC 5280 section 4.2.1.9)? */
bool certificate_path_may_issue(const struct certificate_path *path, size_t step);
#endif
