#ifndef RECORD_RDAP_H
#define RECORD_RDAP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "src/base/arena.h"

/* What a registry says of a domain by RDAP: responses as RFC 9083 has them, and the list by which IANA tells where to ask (RFC 9224).
 * Pure; of each list at most RDAP_MOST members are kept. Texts are as they came: not safe to show as they are. */
enum { RDAP_MOST = 64 };

struct rdap_domain {
  const char *name;                  /* ldhName in canonical form; "" when there is none */
  int64_t registration, expiration;  /* wall ms; 0: not told */
  const char *const *statuses; size_t status_count;       /* in lower case: "client hold" */
  const char *const *name_servers; size_t name_server_count; /* canonical names */
  const char *const *contacts; size_t contact_count;      /* e-mail addresses of every entity */
  const char *registrar, *registrant; /* names of the entities with those roles, of the registrant its organisation; "" when not told */
  enum rdap_delegation { RDAP_DELEGATION_NOT_TOLD, RDAP_DELEGATION_UNSIGNED, RDAP_DELEGATION_SIGNED } delegation; /* RFC 9083 section 5.3: whether DS records stand above */
};

/* Null: no JSON, or no RDAP answer about a domain. Memory is the arena's. */
const struct rdap_domain *rdap_domain_parse(struct arena *arena, const char *text, size_t length);

/* The base address for a name from the list of IANA: of the entry with the longest match by whole labels, the first address with https.
 * Null: none. */
const char *rdap_base_of(struct arena *arena, const char *list, size_t length, const char *name);

/* Takes "https://host/path" apart; the host in canonical form, the path with its first slash. False: no such address, or one with a port
 * or user name of its own. */
bool rdap_split_address(struct arena *arena, const char *address, const char **out_host, const char **out_path);

/* A date and time as RFC 3339 writes it, in wall ms; 0 when it is none. */
int64_t rdap_time(const char *text);
#endif
