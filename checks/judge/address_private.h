#ifndef JUDGE_ADDRESS_PRIVATE_H
#define JUDGE_ADDRESS_PRIVATE_H
#include "checks/judge/lib.h"

enum { ADDRESSES_MOST = 24 };

/* An address that sends, or is held to. */
struct sending_address {
  struct ip ip;
  char text[IP_TEXT];
  const char *as;                   /* the domain that it sends as: this one, or a name below it */
  const char *host;                 /* the MX host that it belongs to; null: none */
  const struct service_facts *service; /* of that host, or that the user named; null: none is known */
};

struct sending_list {
  struct sending_address all[ADDRESSES_MOST];
  size_t count;
  bool listed;                      /* by the administrator, not taken from the mail servers */
  bool unknown;                     /* some of those could not be looked up: there may be more */
};

struct finding *address_tell(struct judgement *judgement, const char *rule, const char *address, const char *name, const struct observation *seen);
/* Some PTR name of the address has the address. False and *out_unknown: could not be looked up, or not yet. Asks for all of it. */
bool address_confirmed(struct judgement *judgement, const struct ip *ip, const struct dns_answer *pointers, const char **out_name, bool *out_unknown);
void address_judge_pointers(struct judgement *judgement, const struct sending_address *address);
/* What the hosts that also send call themselves. */
void address_judge_helo(struct judgement *judgement, const struct sending_list *sending);
#endif
