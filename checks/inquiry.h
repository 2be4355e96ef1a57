#ifndef CHECKS_INQUIRY_H
#define CHECKS_INQUIRY_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "checks/facts.h"
#include "checks/finding.h"
#include "src/base/ip.h"

/* What is examined, and what is known beforehand: with the store, the whole input of every judge. Strings are borrowed. */

enum profile { PROFILE_INFERRED, PROFILE_MAIL, PROFILE_SEND_ONLY, PROFILE_RECEIVE_ONLY, PROFILE_PARKED };
enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };

/* One service that sends or receives for the organisation, as the administrator told. */
struct inquiry_service {
  const char *id;                /* of the provider in the facts (checks/facts.h); "" for one of no known provider */
  const char *name;
  const char *domain;            /* the domain or subdomain that it sends as */
  const struct ip *addresses; size_t address_count;
  const char *const *selectors; size_t selector_count;
  bool sends, receives, filters, footers;
  enum tri signs, can_sign, tls12;
};

/* An old name, and what the administrator told of the mail to its addresses. */
struct inquiry_old_domain {
  const char *name;              /* canonical */
  bool forwards;                 /* it is forwarded to the new addresses */
  bool aliases;                  /* old addresses live on as aliases in the new mail system */
  bool switch_planned;           /* it still goes to the old domain, and is about to move */
  enum tri sends;                /* something still sends as it; not answered counts as no: the networks behind these names are closed */
};

struct store;
struct key_book;
struct message; /* checks/record/dkim_message.h */
struct inquiry_record { const char *name; uint16_t type; };

struct inquiry {
  const char *domain;            /* canonical */
  enum profile profile;          /* the user's answer; INFERRED: from what is seen */
  unsigned topics;               /* bit 1 << TOPIC_… for each topic to judge */
  const char *const *selectors; size_t selector_count;          /* DKIM selectors given by the user */
  const struct inquiry_service *services; size_t service_count;
  bool services_complete;        /* the user says that the list is whole: only then does "not listed" mean anything */
  const struct ip *sending; size_t sending_count;               /* addresses that the user lists as sending */
  const char *const *subdomains; size_t subdomain_count;        /* names below the domain that the user lists */
  const char *const *digital_services; size_t digital_service_count;
  const struct inquiry_old_domain *old_domains; size_t old_domain_count; /* gsi-family names that this domain replaces */
  const char *replacement;       /* of a gsi-family domain: the new one; null: none given */
  struct inquiry_old_domain old_itself; /* of a gsi-family domain: the answers about itself; its name is not read */
  const char *const *partner_names; size_t partner_name_count;  /* in the lists of forced TLS and of exceptions of the mail system */
  const struct inquiry_record *changing; size_t changing_count; /* records that are to be changed */
  int64_t serials_differ_since;  /* wall ms since when an earlier examination has seen servers with different serials; 0: not known */
  bool ask_registry;             /* look the registration up by RDAP: not in batches, nor on a test network that does not lead there */
  enum tri require_tls_govuk, opportunistic_tls, inbound_tls_required, inbound_dmarc, inbound_spf; /* answers */
  int64_t reports_reviewed_since; /* wall ms of "reports reviewed"; 0: not done */
  bool test_network;             /* private and loopback addresses are expected: see is_test_network in examine.h */
  bool smtp_reachable;           /* some SMTP host of this run sent a byte: a time-out is then the host's */
  bool https_reachable;
  bool no_smtp;                  /* topics that are not about mail servers make no conversation with them for a side of their own */
  bool deep;                     /* extra handshakes are wanted */
  struct store *earlier;         /* what an earlier look saw (a closed store), for rules about change; null: none */
  const struct key_book *keys;   /* DKIM keys of other domains of the same run; null: none */
  const struct message *message; /* one that the domain sent, to verify its signatures; null: none */
  const struct facts *facts;     /* what is known of services and DNS hosts; null: nothing */
};

#define TOPICS_ALL ((1u << TOPIC_COUNT) - 1)
#endif
